"""Clients that ask while things break, and that write down each record they were given."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any, Final

import httpx

from gateway.demo.development import DevelopmentKey
from schema.access_record import ANSWERED, DESCRIBED
from tests.conftest import run
from tests.gateway.test_pipeline import Asked, drawn

CLIENTS: Final = 12
REQUESTS: Final = 2_000
"""Requests that are drawn; they are asked again and again."""

PAUSE: Final = 0.05
"""Seconds until a client asks again that was not answered."""

_AT_ONCE: Final = 10_000

_RECORDED = """
    select id::text, outcome, coalesce(refusals, 1) from veil.access_record where id = any ($1::text[]::uuid[])"""


@dataclass(slots=True)
class Clients:
    """Clients in threads of their own, from `start` until `stop`."""

    address: str
    key: DevelopmentKey
    received: Path
    """A line for each answer and each refusal that came: its record and its outcome."""
    without: Counter[str] = field(default_factory=Counter[str])
    """Requests that got neither, by status."""
    _ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list[threading.Thread])

    def start(self) -> None:
        asked = drawn(REQUESTS)
        for number in range(CLIENTS):
            share = asked[number::CLIENTS]
            self._threads.append(threading.Thread(target=self._ask, args=(cycle(share),), daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(60)

    def _ask(self, requests: Iterator[Asked]) -> None:
        with httpx.Client(base_url=self.address, timeout=30, trust_env=False) as client:
            for asked in requests:
                if self._ended.is_set():
                    return
                headers = {**asked.by.headers(self.key), "content-type": "application/json"}
                try:
                    response = client.post("/graphql", content=asked.body, headers=headers)
                except httpx.TransportError:
                    self._note_without("no response")
                    continue
                if record := response.headers.get("access-record"):
                    self._write(record, _outcome(response.json()))
                else:
                    self._note_without(str(response.status_code))

    def _write(self, record: str, outcome: str) -> None:
        with self._lock, self.received.open("a") as file:
            file.write(f"{record} {outcome}\n")

    def _note_without(self, status: str) -> None:
        with self._lock:
            self.without[status] += 1
        time.sleep(PAUSE)


def _outcome(answer: Mapping[str, Any]) -> str:
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else ANSWERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What was received, beside what was recorded."""

    answers: int
    refusals: int
    missing: Sequence[str]
    """What was received without such a record."""


def compared(received: Path, url: str) -> Compared:
    """Each answer has a record of its own; a record of refusals counts at least as many as were received of it."""
    lines = Counter(tuple(line.split()) for line in received.read_text().splitlines())
    recorded: dict[str, tuple[str, int]] = {}
    for ids in _chunks([record for record, _ in lines]):
        rows = run(url, lambda connection, ids=ids: connection.fetch(_RECORDED, ids))
        # An answer does not say whether it read data, and its record does.
        recorded.update({row[0]: (ANSWERED if row[1] == DESCRIBED else row[1], row[2]) for row in rows})
    missing = [
        json.dumps({"record": record, "outcome": outcome, "received": count, "recorded": recorded.get(record)})
        for (record, outcome), count in lines.items()
        if recorded.get(record, ("", 0))[0] != outcome or recorded[record][1] < count
    ]
    answers = sum(count for (_, outcome), count in lines.items() if outcome == ANSWERED)
    return Compared(answers=answers, refusals=lines.total() - answers, missing=missing)


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
