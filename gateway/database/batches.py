"""The calls that wait for a lane: those of one statement together, the statement that has waited longest first.

A lane takes a ride's worth of them. So much fills a ride: a number of calls, or of rows they are reckoned to return;
what takes longer than its rows do counts as more of them.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from resolvers.cache import LRUCache
from resolvers.sql.render import Statement
from schema.refusals import Failed

_ROW = 4e-6
"""Seconds a row takes, as a rule."""

_LEARNED = 500
"""Statements of the usual size whose time is kept in mind."""

_FORGETTING = 1.02
"""By how much a time grows at each ride, so that one that is never met again does not hold for ever."""


class PendingCall(msgspec.Struct, eq=False):
    """One call that waits."""

    values: Sequence[Any]
    cost: int
    """Rows it is reckoned to return, or those that would take as long."""
    since: float
    """By the loop's clock."""
    answer: "asyncio.Future[bytes]"

    def __repr__(self) -> str:
        """Its values hold the requester's key, which is never printed."""
        return "PendingCall(…)"

    def fail(self, failed: Failed) -> None:
        if not self.answer.done():
            self.answer.set_exception(failed)


class _Seconds(msgspec.Struct):
    """How long a call of a statement takes, in seconds."""

    seconds: float


@dataclass(slots=True)
class _Calls:
    """The calls of one statement; each counts for so many rows at least, by the time such calls took."""

    min_cost: int
    calls: list[PendingCall]


class BatchQueue:
    """All calls of a worker that wait."""

    def __init__(self, *, calls: int, rows: int) -> None:
        self._calls = calls
        self._rows = rows
        self._waiting: OrderedDict[Statement, _Calls] = OrderedDict()
        self._seconds: LRUCache[Statement, _Seconds] = LRUCache(_LEARNED)
        """What a call took when nothing kept it: where a ride took long because the database was busy, that may pass."""
        self._count = 0
        self._cost = 0

    def __len__(self) -> int:
        return self._count

    @property
    def is_full(self) -> bool:
        """Whether to gather more gains nothing: they fill a ride, or some cannot ride together anyhow."""
        return self._cost >= self._rows or self._count >= self._calls or len(self._waiting) > 1

    def add(self, statement: Statement, call: PendingCall) -> None:
        gathered = self._waiting.get(statement)
        if gathered is None:
            pace = self._seconds.get(statement)
            gathered = _Calls(min_cost=int(pace.seconds / _ROW) if pace else 0, calls=[])
            self._waiting[statement] = gathered
        call.cost = max(call.cost, gathered.min_cost)
        gathered.calls.append(call)
        self._count += 1
        self._cost += call.cost

    def take(self) -> tuple[Statement, list[PendingCall]]:
        """A ride's worth of the calls of the statement whose turn it is; what is left waits for another turn."""
        statement, gathered = self._waiting.popitem(last=False)
        weight = seats = 0
        for call in gathered.calls:
            if weight >= self._rows or seats == self._calls:
                self._waiting[statement] = _Calls(min_cost=gathered.min_cost, calls=gathered.calls[seats:])
                break
            seats += 1
            weight += call.cost
        self._count -= seats
        self._cost -= weight
        return statement, gathered.calls[:seats]

    def record_seconds(self, statement: Statement, took: float) -> None:
        """Takes note of the seconds a call took."""
        if pace := self._seconds.get(statement):
            pace.seconds = min(took, _FORGETTING * pace.seconds)
        else:
            self._seconds.put(statement, _Seconds(took), size=statement.size)

    def remove_before(self, before: float) -> list[PendingCall]:
        """Those who came before a time wait no longer."""
        late: list[PendingCall] = []
        for statement, gathered in list(self._waiting.items()):
            late += (call for call in gathered.calls if call.since < before)
            gathered.calls = [call for call in gathered.calls if call.since >= before]
            if not gathered.calls:
                del self._waiting[statement]
        self._count -= len(late)
        self._cost -= sum(call.cost for call in late)
        return late
