"""Counts: the numbers of one worker, in memory that another process may read.

A worker writes its numbers into a file of its own that is mapped into memory, and the names of their places into a
second file. So writing costs no system call, and the numbers of a worker that was killed stay. What is added gathers in
a dictionary until `flush`, because that is quicker. A third file holds what the worker says of its state.
"""

import json
import mmap
import os
import time
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PLACES: Final = 16_384
"""Numbers of one worker: more than the roles, purposes, outcomes and buckets together can name."""

_WIDTH: Final = 8

Key = tuple[str, ...]
"""A family of numbers, and the values of its labels."""


class Counts:
    """The numbers of one worker. Without a directory nobody else reads them."""

    def __init__(self, directory: Path | None = None) -> None:
        self._places: dict[Key, int] = {}
        self._added: dict[Key, float] = {}
        self._stem = directory / f"{os.getpid()}-{time.time_ns()}" if directory else None
        # Only this worker makes the files, and they outlive it.
        memory = _shared(self._stem.with_suffix(".counts")) if self._stem else array("d", bytes(PLACES * _WIDTH))
        self._values = memoryview(memory).cast("B").cast("d")
        self._names = self._stem.with_suffix(".names") if self._stem else None
        if self._names:
            self._names.touch()

    def add(self, key: Key, number: float = 1.0) -> None:
        """Adds to a number, once `flush` is called."""
        self._added[key] = self._added.get(key, 0.0) + number

    def flush(self) -> None:
        for key, number in self._added.items():
            self.set(key, self._value(key) + number)
        self._added.clear()

    def set(self, key: Key, number: float) -> None:
        place = self._places.get(key)
        if place is None:
            place = self._new_place(key)
        self._values[place] = number

    def _value(self, key: Key) -> float:
        place = self._places.get(key)
        return 0.0 if place is None else self._values[place]

    def snapshot(self) -> Mapping[Key, float]:
        """The numbers that were flushed. Another thread may ask."""
        return {key: self._values[place] for key, place in list(self._places.items())}

    def say(self, state: "WorkerState") -> None:
        """Writes the state of this worker for readers of its files."""
        if self._stem is None:
            return
        draft = self._stem.with_suffix(".draft")
        draft.write_text(json.dumps({"at": state.at, "lacking": state.lacking}), "utf-8")
        draft.replace(self._stem.with_suffix(".state"))

    def _new_place(self, key: Key) -> int:
        place = len(self._places)
        if place == PLACES:
            # Invariant: labels are members of enumerations, so this is never reached.
            raise AssertionError(key)
        if self._names:
            with self._names.open("ab", buffering=0) as names:
                names.write(json.dumps(key).encode() + b"\n")
        self._places[key] = place
        return place


def _shared(file: Path) -> mmap.mmap:
    with file.open("xb+") as opened:
        opened.truncate(PLACES * _WIDTH)
        return mmap.mmap(opened.fileno(), PLACES * _WIDTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """What a worker says of itself: when, in seconds since 1970, and what it lacks to be ready, if anything."""

    at: float
    lacking: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerCounts:
    """The numbers of one worker as another process reads them."""

    is_running: bool
    numbers: Mapping[Key, float]
    state: WorkerState | None


def read_counts(directory: Path) -> Iterator[WorkerCounts]:
    """The numbers of every worker that ever counted in this directory."""
    for names in sorted(directory.glob("*.names")):
        keys = [tuple(json.loads(line)) for line in names.read_bytes().split(b"\n")[:-1]]
        values = array("d", names.with_suffix(".counts").read_bytes())
        yield WorkerCounts(
            is_running=_is_running(int(names.stem.partition("-")[0])),
            numbers=dict(zip(keys, values, strict=False)),
            state=_state(names.with_suffix(".state")),
        )


def _state(file: Path) -> WorkerState | None:
    try:
        return WorkerState(**json.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        return None


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
