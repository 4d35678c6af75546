"""Counts: what a worker adds is what another process reads, whatever becomes of the worker."""

import os
import subprocess
import sys
from pathlib import Path

from gateway.telemetry.counts import Counts, WorkerState, read_counts


def test_what_was_flushed_is_read(tmp_path: Path) -> None:
    counts = Counts(tmp_path)
    counts.add(("one", "a"))
    counts.add(("one", "a"), 2)
    counts.set(("other",), 7)
    counts.flush()
    counts.say(WorkerState(at=5.0, lacking="a key set"))
    counts.add(("one", "a"), 100)
    (worker,) = read_counts(tmp_path)
    assert worker.is_running
    assert worker.numbers == {("one", "a"): 3, ("other",): 7} == counts.snapshot()
    assert worker.state == WorkerState(at=5.0, lacking="a key set")


def test_the_numbers_of_a_killed_worker_stay(tmp_path: Path) -> None:
    program = (
        "import os, signal, pathlib\n"
        "from gateway.telemetry.counts import Counts\n"
        f"counts = Counts(pathlib.Path({str(tmp_path)!r}))\n"
        "counts.add(('one',), 5); counts.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=False)
    (worker,) = read_counts(tmp_path)
    assert (worker.is_running, worker.numbers, worker.state) == (False, {("one",): 5}, None)


def test_counts_without_a_directory_leave_no_file(tmp_path: Path) -> None:
    os.chdir(tmp_path)
    counts = Counts()
    counts.add(("one",))
    counts.flush()
    counts.say(WorkerState(at=0.0, lacking=None))
    assert counts.snapshot() == {("one",): 1}
    assert list(tmp_path.iterdir()) == []
