"""The queue of pending calls: whose turn it is, and which calls make a batch.

A batch is the calls of one statement that a session runs together. It is full at a number of calls, or of rows they
are expected to return. A statement that takes longer than its rows do counts as more rows.

Waiting is fair among requesters (start-time fair queueing): the requester who was served least leads the next batch,
with the statement of theirs that has waited longest. Others who wait with that statement share the batch, one call
each in turn. A requester keeps no more sessions busy than their share.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush, heapreplace
from itertools import count, islice, takewhile
from math import inf
from sys import maxsize
from typing import Any, Final

import msgspec

from resolvers.cache import LRUCache
from resolvers.sql.render import PlanRecord, Statement

_SECONDS_PER_ROW = 4e-6

_TIMED_STATEMENTS = 500
"""Statements of the usual size whose time the queue remembers."""

_GROWTH = 1.02
"""How much a remembered time may grow with each batch, so that a time that never recurs is forgotten."""

CALL_COST: Final = 10
"""What any call costs besides its rows, in rows."""


class Waiter(msgspec.Struct, frozen=True):
    """Who waits for a call."""

    requester: str
    sessions: int
    """How many sessions their calls may keep busy."""


GATEWAY: Final = Waiter("", maxsize)
"""The gateway itself."""


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
    waiter: Waiter = GATEWAY
    plan: PlanRecord | None = None
    """To be stored before it runs."""

    def __repr__(self) -> str:
        """Its values hold the requester's key, which is never printed."""
        return "PendingCall(…)"


def work_of(calls: Iterable[PendingCall]) -> int:
    """What calls cost together."""
    return sum([call.cost + CALL_COST for call in calls])


class _Seconds(msgspec.Struct):
    """How long a call of a statement takes, in seconds."""

    seconds: float


_Flow = dict[PendingCall, None]
"""The calls of one requester and one statement, in the order in which they came."""


@dataclass(slots=True, eq=False)
class _Requester:
    """One who has calls that wait or run."""

    served: float
    """The cost of all that was served to them, as if they had always asked as much as others."""
    sessions: int
    flows: OrderedDict[Statement, _Flow] = field(default_factory=OrderedDict[Statement, _Flow])
    work: int = 0
    """The cost of their calls that wait."""
    busy: int = 0
    """Sessions that run calls of theirs."""
    has_turn: bool = False
    """Whether they stand among those who wait for a turn."""


@dataclass(slots=True)
class _Calls:
    """The calls of one statement. Each costs at least as many rows as take the time that such calls took."""

    min_cost: int
    flows: OrderedDict[_Requester, _Flow] = field(default_factory=OrderedDict[_Requester, _Flow])


class BatchQueue:
    """All calls of a worker that wait for a session."""

    def __init__(self, *, calls: int, rows: int) -> None:
        self._calls = calls
        self._rows = rows
        self._waiting: dict[PendingCall, None] = {}
        """All calls, in the order in which they came."""
        self._statements: dict[Statement, _Calls] = {}
        self._requesters: dict[str, _Requester] = {}
        self._turns: list[tuple[float, int, _Requester]] = []
        """Who waits, those who were served least first. Who was served meanwhile moves back when their turn comes."""
        self._numbers = count()
        self._served = 0.0
        """What those whose turn it is were served."""
        self._waiting_requesters = 0
        self._seconds: LRUCache[Statement, _Seconds] = LRUCache(_TIMED_STATEMENTS)
        """The shortest time a call took lately: a longer one may be due to a busy database."""
        self._cost = 0
        self._work = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether waiting for more calls gains nothing: a batch is full, or two statements cannot share one anyhow."""
        return self._cost >= self._rows or len(self._waiting) >= self._calls or len(self._statements) > 1

    @property
    def oldest_since(self) -> float:
        """When the call arrived that has waited longest; never, if none waits."""
        return next(iter(self._waiting)).since if self._waiting else inf

    def work_before(self, requester: str) -> int:
        """The cost of what would be served before another call of this requester."""
        known = self._requesters.get(requester)
        return min(self._work, known.work * self._waiting_requesters) if known else 0

    # Calls come.

    def add(self, call: PendingCall) -> None:
        same = self._statements.get(call.statement)
        if same is None:
            took = self._seconds.get(call.statement)
            same = _Calls(min_cost=int(took.seconds / _SECONDS_PER_ROW) if took else 0)
            self._statements[call.statement] = same
        call.cost = max(call.cost, same.min_cost)
        requester = self._requester(call.waiter)
        if not requester.flows:
            self._waiting_requesters += 1
        flow = requester.flows.get(call.statement)
        if flow is None:
            flow = requester.flows[call.statement] = same.flows[requester] = {}
        flow[call] = self._waiting[call] = None
        requester.work += call.cost + CALL_COST
        self._work += call.cost + CALL_COST
        self._cost += call.cost

    def _requester(self, waiter: Waiter) -> _Requester:
        known = self._requesters.get(waiter.requester)
        if known is None:
            known = self._requesters[waiter.requester] = _Requester(self._served, waiter.sessions)
        if not known.flows:
            # Who asked for nothing in a while saves nothing up.
            known.served = max(known.served, self._served)
        if not known.has_turn:
            known.has_turn = True
            heappush(self._turns, (known.served, next(self._numbers), known))
        return known

    # Calls leave.

    def take(self, *, newest_first: bool = False) -> list[PendingCall]:
        """A batch; none if everybody who waits keeps as many sessions busy as they may.

        The sessions that its requesters keep busy are counted until `batch_ended`.
        """
        leader = self._leader()
        if leader is None:
            return []
        self._served = max(self._served, leader.served)
        statement = next(iter(leader.flows))
        same = self._statements[statement]
        if self._is_one_batch(same):
            return self._take_all(statement, same, newest_first=newest_first)
        others = (each for each in same.flows if each is not leader and each.busy < each.sessions)
        sharing = deque([leader, *islice(others, self._calls)])
        batch: list[PendingCall] = []
        served: dict[_Requester, None] = {}
        cost = 0
        while sharing and cost < self._rows and len(batch) < self._calls:
            requester = sharing.popleft()
            if requester not in served:
                served[requester] = None
                requester.busy += 1
            call = self._next(requester, same.flows[requester], newest_first=newest_first)
            batch.append(call)
            cost += call.cost
            if statement in requester.flows:
                sharing.append(requester)
        for requester in served:
            if statement in requester.flows:
                # The other calls wait for another turn.
                requester.flows.move_to_end(statement)
                same.flows.move_to_end(requester)
        return batch

    def _is_one_batch(self, same: _Calls) -> bool:
        """Whether all that wait fit into a batch together, and may."""
        return (
            len(self._statements) == 1
            and len(self._waiting) <= self._calls
            and self._cost < self._rows
            and all(each.busy < each.sessions for each in same.flows)
        )

    def _take_all(self, statement: Statement, same: _Calls, *, newest_first: bool) -> list[PendingCall]:
        """As if one call after the other were taken, in half the time."""
        batch = list(reversed(self._waiting) if newest_first else self._waiting)
        for requester in same.flows:
            requester.served += requester.work
            requester.work = 0
            requester.busy += 1
            requester.flows.clear()
        del self._statements[statement]
        self._waiting.clear()
        self._waiting_requesters = self._cost = self._work = 0
        return batch

    def _next(self, requester: _Requester, flow: _Flow, *, newest_first: bool) -> PendingCall:
        call = next(reversed(flow) if newest_first else iter(flow))
        requester.served += call.cost + CALL_COST
        self.remove(call)
        return call

    def batch_ended(self, calls: Iterable[PendingCall]) -> None:
        for name in {call.waiter.requester for call in calls}:
            self._requesters[name].busy -= 1
            self._forget(name)

    def _leader(self) -> _Requester | None:
        """Who was served least, of those who may use another session."""
        leader, passed = None, list[tuple[float, int, _Requester]]()
        while self._turns and leader is None:
            served, number, requester = self._turns[0]
            if not requester.flows:
                heappop(self._turns)
                requester.has_turn = False
            elif served < requester.served:
                heapreplace(self._turns, (requester.served, number, requester))
            elif requester.busy >= requester.sessions:
                passed.append(heappop(self._turns))
            else:
                leader = requester
        for each in passed:
            heappush(self._turns, each)
        return leader

    def remove(self, call: PendingCall) -> None:
        """A call that is not in the queue is ignored."""
        if call not in self._waiting:
            return
        del self._waiting[call]
        requester, same = self._requesters[call.waiter.requester], self._statements[call.statement]
        flow = requester.flows[call.statement]
        del flow[call]
        requester.work -= call.cost + CALL_COST
        self._work -= call.cost + CALL_COST
        self._cost -= call.cost
        if not flow:
            del requester.flows[call.statement], same.flows[requester]
            if not same.flows:
                del self._statements[call.statement]
            if not requester.flows:
                self._waiting_requesters -= 1
                self._forget(call.waiter.requester)

    def _forget(self, name: str) -> None:
        known = self._requesters[name]
        if not known.flows and not known.busy:
            del self._requesters[name]

    def remove_before(self, before: float) -> list[PendingCall]:
        """The calls that arrived before a time; they wait no longer."""
        late = [call for call in self._waiting if call.since < before]
        for call in late:
            self.remove(call)
        return late

    def remove_stale(self, before: float) -> list[PendingCall]:
        """The same, but no more than two batches of them, for each must be answered; and none that ran already."""
        waiting = (call for call in self._waiting if not call.is_second_try)
        stale = list(islice(takewhile(lambda call: call.since < before, waiting), 2 * self._calls))
        for call in stale:
            self.remove(call)
        return stale

    def make_room(self, call: PendingCall) -> PendingCall:
        """The call to refuse in a full queue: this one, or the oldest of who has most, if this requester has less."""
        own = self._requesters.get(call.waiter.requester)
        if own is not None and own.work * self._waiting_requesters >= self._work:
            return call
        most = max(self._requesters.values(), key=lambda each: each.work)
        dropped = next(iter(next(iter(most.flows.values()))))
        self.remove(dropped)
        return dropped

    def record_seconds(self, statement: Statement, took: float) -> None:
        """Remembers the seconds that a call took."""
        if known := self._seconds.get(statement):
            known.seconds = min(took, _GROWTH * known.seconds)
        else:
            self._seconds.put(statement, _Seconds(took), size=statement.size)
