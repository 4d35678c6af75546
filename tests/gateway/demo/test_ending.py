"""A process that a signal ends does so in order: tests, benchmarks and `make proof` leave no PostgreSQL behind."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

STARTED = """
import runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.{hangup})
module, *sys.argv[1:] = sys.argv[1:]
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""
"""Runs a module as `python -m` does, with the signals of a terminal however these tests were started."""

SLOW = """
import time

def test_a_slow_one(postgresql):
    time.sleep(60)
"""

PROGRAMS = {
    "tests": ("pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "slow_test.py"),
    "benchmarks": ("benchmarks", "profile", "--members", "2000"),
    "proof": ("tests.opinion",),
}


def started(program: str, directory: Path, hangup: str = "SIG_DFL") -> "subprocess.Popen[bytes]":
    """A program that works in the directory, once its PostgreSQL is ready."""
    (directory / "slow_test.py").write_text(SLOW)
    command = [sys.executable, "-c", STARTED.format(hangup=hangup), *PROGRAMS[program]]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(directory)}
    process = subprocess.Popen(
        command, cwd=directory, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 60
    try:
        while not servers(directory):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
    except BaseException:
        process.terminate()
        process.wait(60)
        raise
    return process


def servers(directory: Path) -> list[int]:
    """The processes of PostgreSQL that say in their data that they are ready."""
    ready: list[int] = []
    # `os.walk` passes over a directory that `initdb` renames meanwhile. `Path.rglob` fails at it.
    for place in [Path(place) for place, _, files in os.walk(directory) if "postmaster.pid" in files]:
        with suppress(FileNotFoundError):
            lines = (place / "postmaster.pid").read_text().splitlines()
            if len(lines) > 7 and lines[7].strip() == "ready":
                ready.append(int(lines[0]))
    return ready


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("program", "end"),
    [
        ("tests", signal.SIGHUP),
        ("benchmarks", signal.SIGTERM),
        ("proof", signal.SIGTERM),
    ],
)
def test_a_program_that_a_signal_ends_leaves_no_postgresql_behind(
    program: str, end: signal.Signals, tmp_path: Path
) -> None:
    process = started(program, tmp_path)
    (server,) = servers(tmp_path)
    process.send_signal(end)
    process.wait(60)
    assert not alive(server)


def test_a_program_under_nohup_outlives_its_terminal(tmp_path: Path) -> None:
    process = started("tests", tmp_path, hangup="SIG_IGN")
    (server,) = servers(tmp_path)
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    assert alive(server)
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    assert not alive(server)
