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

from resolvers.memory import Memory
from resolvers.render import Statement
from schema.refusals import Failed

_ROW = 4e-6
"""Seconds a row takes, as a rule."""

_LEARNED = 500
"""Statements of the usual size whose time is kept in mind."""

_FORGETTING = 1.02
"""By how much a time grows at each ride, so that one that is never met again does not hold for ever."""


class Waiting(msgspec.Struct, eq=False):
    """One call that waits."""

    values: Sequence[Any]
    weight: int
    """Rows it is reckoned to return, or those that would take as long."""
    since: float
    """By the loop's clock."""
    answer: "asyncio.Future[bytes]"

    def fail(self, failed: Failed) -> None:
        if not self.answer.done():
            self.answer.set_exception(failed)


class _Pace(msgspec.Struct):
    """How long a call of a statement takes, in seconds."""

    seconds: float


@dataclass(slots=True)
class _Gathered:
    """The calls of one statement; each counts for so many rows at least, by the time such calls took."""

    least: int
    calls: list[Waiting]


class Gathering:
    """All calls of a worker that wait."""

    def __init__(self, *, calls: int, rows: int) -> None:
        self._calls = calls
        self._rows = rows
        self._waiting: OrderedDict[Statement, _Gathered] = OrderedDict()
        self._paces: Memory[Statement, _Pace] = Memory(_LEARNED)
        """What a call took when nothing kept it: where a ride took long because the database was busy, that may pass."""
        self._count = 0
        self._weight = 0

    def __len__(self) -> int:
        return self._count

    @property
    def is_enough(self) -> bool:
        """Whether to gather more gains nothing: they fill a ride, or some cannot ride together anyhow."""
        return self._weight >= self._rows or self._count >= self._calls or len(self._waiting) > 1

    def add(self, statement: Statement, call: Waiting) -> None:
        gathered = self._waiting.get(statement)
        if gathered is None:
            pace = self._paces.recall(statement)
            gathered = _Gathered(least=int(pace.seconds / _ROW) if pace else 0, calls=[])
            self._waiting[statement] = gathered
        call.weight = max(call.weight, gathered.least)
        gathered.calls.append(call)
        self._count += 1
        self._weight += call.weight

    def board(self) -> tuple[Statement, list[Waiting]]:
        """A ride's worth of the calls of the statement whose turn it is; what is left waits for another turn."""
        statement, gathered = self._waiting.popitem(last=False)
        weight = seats = 0
        for call in gathered.calls:
            if weight >= self._rows or seats == self._calls:
                self._waiting[statement] = _Gathered(least=gathered.least, calls=gathered.calls[seats:])
                break
            seats += 1
            weight += call.weight
        self._count -= seats
        self._weight -= weight
        return statement, gathered.calls[:seats]

    def learn(self, statement: Statement, took: float) -> None:
        """Takes note of the seconds a call took."""
        if pace := self._paces.recall(statement):
            pace.seconds = min(took, _FORGETTING * pace.seconds)
        else:
            self._paces.keep(statement, _Pace(took), weight=statement.weight)

    def leave(self, before: float) -> list[Waiting]:
        """Those who came before a time wait no longer."""
        late: list[Waiting] = []
        for statement, gathered in list(self._waiting.items()):
            late += (call for call in gathered.calls if call.since < before)
            gathered.calls = [call for call in gathered.calls if call.since >= before]
            if not gathered.calls:
                del self._waiting[statement]
        self._count -= len(late)
        self._weight -= sum(call.weight for call in late)
        return late
