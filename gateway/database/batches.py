"""The queue of pending calls: a list for each statement, served in turn, the statement that has waited longest first.

A batch is the calls of one statement that a session runs together. It is full at a number of calls, or of rows they
are expected to return. A statement that takes longer than its rows do counts as more rows.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from resolvers.cache import LRUCache
from resolvers.sql.render import Statement

_SECONDS_PER_ROW = 4e-6

_TIMED_STATEMENTS = 500
"""Statements of the usual size whose time the queue remembers."""

_GROWTH = 1.02
"""How much a remembered time may grow with each batch, so that a time that never recurs is forgotten."""


class PendingCall(msgspec.Struct, eq=False):
    """One call, until it is answered or fails."""

    statement: Statement
    values: Sequence[Any]
    cost: int
    """The rows it is expected to return, or those that would take as long."""
    since: float
    """When it arrived."""
    is_second_try: bool = False
    """Whether a session was lost that ran it."""
    on_sent: Callable[[str, int], None] | None = None
    """Called with the kind of statement and the calls of the batch when a session runs it."""
    cause: str | None = None
    """The kind of error that made it fail."""

    def __repr__(self) -> str:
        """Its values hold the requester's key, which is never printed."""
        return "PendingCall(…)"


class _Seconds(msgspec.Struct):
    """How long a call of a statement takes, in seconds."""

    seconds: float


@dataclass(slots=True)
class _Calls:
    """The calls of one statement. Each costs at least as many rows as take the time that such calls took."""

    min_cost: int
    calls: list[PendingCall]


class BatchQueue:
    """All calls of a worker that wait for a session."""

    def __init__(self, *, calls: int, rows: int) -> None:
        self._calls = calls
        self._rows = rows
        self._waiting: OrderedDict[Statement, _Calls] = OrderedDict()
        self._seconds: LRUCache[Statement, _Seconds] = LRUCache(_TIMED_STATEMENTS)
        """The shortest time a call took lately: a longer one may be due to a busy database."""
        self._count = 0
        self._cost = 0

    def __len__(self) -> int:
        return self._count

    @property
    def is_full(self) -> bool:
        """Whether waiting for more calls gains nothing: a batch is full, or two statements cannot share one anyhow."""
        return self._cost >= self._rows or self._count >= self._calls or len(self._waiting) > 1

    def add(self, call: PendingCall) -> None:
        same = self._waiting.get(call.statement)
        if same is None:
            took = self._seconds.get(call.statement)
            same = _Calls(min_cost=int(took.seconds / _SECONDS_PER_ROW) if took else 0, calls=[])
            self._waiting[call.statement] = same
        call.cost = max(call.cost, same.min_cost)
        same.calls.append(call)
        self._count += 1
        self._cost += call.cost

    def take(self) -> list[PendingCall]:
        """A batch of the statement whose turn it is. Its other calls wait for another turn."""
        statement, same = self._waiting.popitem(last=False)
        cost = size = 0
        for call in same.calls:
            if cost >= self._rows or size == self._calls:
                self._waiting[statement] = _Calls(min_cost=same.min_cost, calls=same.calls[size:])
                break
            size += 1
            cost += call.cost
        self._count -= size
        self._cost -= cost
        return same.calls[:size]

    def remove(self, call: PendingCall) -> None:
        """A call that is not in the queue is ignored."""
        same = self._waiting.get(call.statement)
        if same is None or call not in same.calls:
            return
        same.calls.remove(call)
        if not same.calls:
            del self._waiting[call.statement]
        self._count -= 1
        self._cost -= call.cost

    def remove_before(self, before: float) -> list[PendingCall]:
        """The calls that arrived before a time; they wait no longer."""
        late: list[PendingCall] = []
        for statement, same in list(self._waiting.items()):
            late += (call for call in same.calls if call.since < before)
            same.calls = [call for call in same.calls if call.since >= before]
            if not same.calls:
                del self._waiting[statement]
        self._count -= len(late)
        self._cost -= sum(call.cost for call in late)
        return late

    def record_seconds(self, statement: Statement, took: float) -> None:
        """Remembers the seconds that a call took."""
        if known := self._seconds.get(statement):
            known.seconds = min(took, _GROWTH * known.seconds)
        else:
            self._seconds.put(statement, _Seconds(took), size=statement.size)
