"""`veil serve` and `veil demo`: what stops them before they start, and how a demo ends."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx

from gateway.demo.sample.people import FEWEST
from schema.marketplace.words import Roles
from tests.conftest import run
from tests.gateway.cli.conftest import Ended, Veil

SECRET = "not-to-be-printed"


# Refused.


def test_missing_and_unusable_settings_are_listed(veil: Veil) -> None:
    unusable = {
        "DATABASE": f"{SECRET}@nowhere",
        "AUDIENCE": "",
        "POOL_SIZE": "0",
        "BATCH_WAIT": "inf",
        "TIMEOUT": "3601",
    }
    ended = veil("serve", VEIL_SECRET=SECRET, **{f"VEIL_{name}": value for name, value in unusable.items()})
    assert ended.code == 1
    assert ended.err.splitlines() == [
        "veil: VEIL_DATABASE: give a URL like postgresql://login:password@host/database",
        "VEIL_KEYS: this setting is required",
        "VEIL_ISSUER: this setting is required",
        "VEIL_AUDIENCE: give a value that is not empty",
        "VEIL_SECRET: give at least 32 characters, kept secret and never changed",
        "VEIL_POOL_SIZE: input should be greater than 0",
        "VEIL_BATCH_WAIT: input should be a finite number",
        "VEIL_TIMEOUT: input should be less than or equal to 3600",
    ]
    assert SECRET not in ended.err


# A demo, from its start to its end.

READY = "serves GraphiQL at"

IN_A_TERMINAL = """
import signal
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from gateway.cli.main import main
main()
"""
"""A demo that a closed terminal ends, though these tests themselves may run under `nohup`, which it would inherit."""


@contextmanager
def demo(directory: Path, port: int, *options: str) -> Generator[subprocess.Popen[str]]:
    """A demo of few members in a process of its own, once it serves."""
    with started(directory, port, *options) as (process, _):
        yield process


@contextmanager
def started(directory: Path, port: int, *options: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    """The same, with what it said until it served."""
    command = [sys.executable, "-c", IN_A_TERMINAL, "demo", "--members", str(FEWEST)]
    command += ["--directory", str(directory), "--port", str(port), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if READY in line:
                break
        else:
            raise AssertionError(process.stderr and process.stderr.read())
        serving(port)
        yield process, "".join(said)
    finally:
        # Whatever went wrong, it ends in order: killed, it would leave its PostgreSQL behind.
        process.terminate()
        process.communicate()


def serving(port: int) -> None:
    transport = httpx.HTTPTransport(retries=30)
    with httpx.Client(transport=transport) as client:
        assert client.get(f"http://127.0.0.1:{port}/health/ready").status_code == 200


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def members_of(url: str) -> int:
    return run(url, lambda connection: connection.fetchval("select count(*) from member"))


def test_a_demo_stops_on_signals_and_takes_over_from_a_killed_one(veil: Veil, tmp_path: Path) -> None:
    """Interrupted or hung up, it ends with 0 and leaves nothing running; killed, the next one takes over its data."""
    directory, port = tmp_path / "demo", free_port()
    with demo(directory, port) as process:
        process.kill()
    with demo(directory, port) as process:
        found = veil("database", "--directory", str(directory))
        assert found.code == 0
        assert members_of(found.out.strip()) == FEWEST
        second = veil("demo", "--directory", str(directory), "--port", str(port))
        assert second.code == 1
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=30)
        assert (process.returncode, out.endswith("stopped\n")) == (0, True), errors
    assert veil("database", "--directory", str(directory)).code == 1
    with demo(directory, port) as process:
        process.send_signal(signal.SIGHUP)  # As when its terminal is closed.
        out, errors = process.communicate(timeout=30)
        assert (process.returncode, out.endswith("stopped\n")) == (0, True), errors
    assert veil("database", "--directory", str(directory)).code == 1


def test_a_demo_says_what_to_try_and_prints_one_token(tmp_path: Path) -> None:
    """The request that it prints is answered. With `--tokens` it prints a token for each persona."""
    directory, port = tmp_path / "demo", free_port()
    with started(directory, port) as (_, said):
        assert said.startswith("Three things to try:\n  1. Open http://127.0.0.1:")
        assert said.count("Bearer") == 1
        asked = re.search(r"-d '(.*)' \\\n.*'Authorization: (.*)'", said)
        assert asked
        headers = {"Authorization": asked[2], "Access-Purpose": "account_service", "Content-Type": "application/json"}
        answer = httpx.post(f"http://127.0.0.1:{port}/graphql", content=asked[1], headers=headers).json()
        assert "members" in answer["data"]
    with started(directory, port, "--tokens") as (_, said):
        assert len(re.findall(r"^  ey", said, re.MULTILINE)) > len(Roles) - 2


def test_an_unusable_key_set_is_reported_by_its_setting(veil: Veil, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("no JSON")
    known = {"DATABASE": "postgresql://nowhere/veil", "KEYS": str(tmp_path / "keys"), "ISSUER": "i", "SECRET": "x" * 32}
    ended = veil("serve", **{f"VEIL_{name}": value for name, value in known.items()})
    assert ended == Ended(1, "", "veil: VEIL_KEYS: it is not well-formed JSON\n")


def test_a_demo_that_cannot_serve_says_why(veil: Veil, tmp_path: Path) -> None:
    """Before it makes anything."""
    directory = tmp_path / "demo"
    nowhere = veil("demo", "--directory", str(directory), "--host", "192.0.2.1")
    assert nowhere.err == "veil: this machine has no address 192.0.2.1; choose another with `--host` or VEIL_HOST\n"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        other = veil("demo", "--directory", str(directory), "--port", str(port))
    assert other.err == f"veil: port {port} of 127.0.0.1 is taken; choose another with `--port` or VEIL_PORT\n"
    assert not directory.exists()
