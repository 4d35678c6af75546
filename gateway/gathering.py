"""The calls that wait for a lane: those of one statement together, the statement that has waited longest first.

A lane takes a ride's worth of them. So much fills a ride: a number of calls, or of rows they are reckoned to return.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resolvers.render import Statement
from schema.refusals import Failed


@dataclass(slots=True, eq=False)
class Waiting:
    """One call that waits."""

    values: Sequence[Any]
    weight: int
    """Rows it is reckoned to return."""
    since: float
    """By the loop's clock."""
    answer: "asyncio.Future[bytes]"

    def fail(self, failed: Failed) -> None:
        if not self.answer.done():
            self.answer.set_exception(failed)


class Gathering:
    """All calls of a worker that wait."""

    def __init__(self, *, calls: int, rows: int) -> None:
        self._calls = calls
        self._rows = rows
        self._waiting: OrderedDict[Statement, list[Waiting]] = OrderedDict()
        self._count = 0
        self._weight = 0

    def __len__(self) -> int:
        return self._count

    @property
    def is_enough(self) -> bool:
        """Whether to gather more gains nothing: they fill a ride, or some cannot ride together anyhow."""
        return self._weight >= self._rows or self._count >= self._calls or len(self._waiting) > 1

    def add(self, statement: Statement, call: Waiting) -> None:
        self._count += 1
        self._weight += call.weight
        gathered = self._waiting.get(statement)
        if gathered is None:
            self._waiting[statement] = [call]
        else:
            gathered.append(call)

    def board(self) -> tuple[Statement, list[Waiting]]:
        """A ride's worth of the calls of the statement whose turn it is; what is left waits for another turn."""
        statement, gathered = self._waiting.popitem(last=False)
        weight = seats = 0
        for call in gathered:
            if weight >= self._rows or seats == self._calls:
                self._waiting[statement] = gathered[seats:]
                break
            seats += 1
            weight += call.weight
        self._count -= seats
        self._weight -= weight
        return statement, gathered[:seats]

    def leave(self, before: float) -> list[Waiting]:
        """Those who came before a time wait no longer."""
        late: list[Waiting] = []
        for statement, gathered in list(self._waiting.items()):
            kept = [call for call in gathered if call.since >= before]
            late += (call for call in gathered if call.since < before)
            if kept:
                self._waiting[statement] = kept
            else:
                del self._waiting[statement]
        self._count -= len(late)
        self._weight -= sum(call.weight for call in late)
        return late
