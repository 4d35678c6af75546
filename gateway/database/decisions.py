"""What the pool decides: events and a time come in, decisions come out. No clock, no socket, no task.

A batch waits a moment for a busy session, because calls that share a statement share its cost and its commit.
It leaves on another session at once if it is full, and after `VEIL_BATCH_WAIT` in any case: a slow batch never blocks
others. Idle sessions are reused last-in, first-out, because the most recent one has the warmest cache.

If at each batch for `VEIL_OVERLOAD_WAIT` the oldest call has waited for as long, the worker is overloaded: more is asked
than the sessions can do. Until nothing waits any more, the newest calls go first, because those who sent the
oldest may have given up; and a call that has waited for half of that time, or would have to, is refused. That is
adaptive LIFO and CoDel, as in "Fail at Scale" (ACM Queue 13/8), and FQ-CoDel (RFC 8290).
`BatchQueue` keeps the wait fair among requesters.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

import msgspec

from gateway.database.address import Pooler
from gateway.database.batches import BatchQueue, PendingCall, work_of
from gateway.database.opening import Use
from schema.refusals import Code

FIRST_PAUSE = 0.1
"""Seconds until a session that was lost or could not be opened is tried again; each time twice as long."""

LONGEST_PAUSE = 2.0

_SHORT = 0.5
"""The part of `overload_wait` that a call may wait under overload."""

_RECENT = 0.1
"""What the latest batch counts for among those before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """Which database the sessions lead to, how many there are, and how much each may do."""

    database: str
    size: int
    timeout: float
    """Seconds a call may wait, and then as many may run."""
    queue: int
    """Calls that may wait."""
    overload_wait: float = inf
    """Seconds after which calls that wait are a sign of overload."""
    batch_wait: float
    """Seconds that calls wait for a busy session before they use another."""
    batch_calls: int
    """Calls that fill a batch."""
    batch_rows: int
    """Expected rows that fill a batch."""
    required_migrations: tuple[str, ...]
    """The migrations that must have been applied."""
    schema: str
    """That of the tables that the marketplace names without one."""
    pooler: Pooler = Pooler.SESSION
    use: Use = Use.READ
    needs_standby: bool = False
    """Whether what is committed must reach a synchronous standby."""


class SendBatch(msgspec.Struct, frozen=True):
    """Run these calls, all of one statement, on this session."""

    session: int
    calls: Sequence[PendingCall]


class SetTimer(msgspec.Struct, frozen=True):
    """Report `timer_fired` at this time. Replaces the timer set before."""

    at: float


class FailCalls(msgspec.Struct, frozen=True):
    """Answer these calls with this code."""

    calls: Sequence[PendingCall]
    code: Code


class OpenSession(msgspec.Struct, frozen=True):
    """Open this session after so many seconds."""

    session: int
    after: float


Decision = SendBatch | SetTimer | FailCalls | OpenSession


@dataclass(slots=True)
class _Session:
    """What the pool knows of one session."""

    busy_since: float = -inf
    calls: Sequence[PendingCall] = ()
    """Those that run."""
    batch: Sequence[PendingCall] = ()
    """All that it took from the queue together."""
    alone: deque[PendingCall] = field(default_factory=deque)
    """Those that failed together, and are each to be tried alone."""
    pause: float = FIRST_PAUSE

    def empty(self) -> Sequence[PendingCall]:
        """The calls that ran or were to be tried alone; it has none any more."""
        calls = [*self.calls, *self.alone]
        self.calls = self.batch = ()
        self.alone.clear()
        self.busy_since = -inf
        return calls

    def next_pause(self) -> float:
        pause, self.pause = self.pause, min(2 * self.pause, LONGEST_PAUSE)
        return pause


class PoolState:
    """The sessions of one worker and the calls that wait for them.

    Every call that arrives is sent, and then answered or failed, or it is failed; neither happens twice.
    """

    def __init__(self, settings: PoolSettings) -> None:
        self._settings = settings
        self._queue = BatchQueue(calls=settings.batch_calls, rows=settings.batch_rows)
        self._sessions = [_Session() for _ in range(settings.size)]
        self._open = 0
        self._idle: list[int] = []
        self._behind_since = inf
        """Since when each batch left a call behind that had waited long. That calls wait for one slow batch is normal."""
        self._is_overloaded = False
        self._batch_seconds = 0.0
        """Seconds of a batch, lately."""
        self._between = 0.0
        """Seconds between the ends of two batches while calls wait, lately."""
        self._work = 0.0
        """What such a batch costs, lately."""
        self._last_end = -inf
        """When a batch ended and left calls waiting."""
        self._batch_until = -inf
        """Until when calls wait for a busy session."""
        self._timer_at = inf
        """Invariant: while a call waits and a session is idle, the timer is set, for `_batch_until` or earlier."""

    @property
    def is_ready(self) -> bool:
        """Whether any session is open."""
        return self._open > 0

    @property
    def waiting_calls(self) -> int:
        return len(self._queue)

    @property
    def open_sessions(self) -> int:
        return self._open

    @property
    def busy_sessions(self) -> int:
        return self._open - len(self._idle)

    # Overload.

    def would_be_late(self, requester: str) -> bool:
        """Whether a call of this requester that came now would wait too long."""
        if len(self._queue) < self._settings.size * self._settings.batch_calls:
            # With less to choose from, the sessions would run smaller batches, and do less.
            return False
        # What is let in beyond that would soon be refused, after it was compiled.
        longest = self._longest_wait() / (2 if self._is_overloaded else 1)
        return self._queue.work_before(requester) * self._between > longest * self._work

    def _longest_wait(self) -> float:
        if not self._is_overloaded:
            return self._settings.timeout
        # What waits for less than two batches is what keeps the sessions busy.
        return min(max(_SHORT * self._settings.overload_wait, 2 * self._batch_seconds), self._settings.timeout)

    def _note_wait(self, now: float) -> None:
        """Learns from the call that has waited longest whether there is overload."""
        waited = now - self._queue.oldest_since
        if self._is_overloaded:
            self._is_overloaded = len(self._queue) > 0
        elif waited < self._settings.overload_wait:
            self._behind_since = inf
        else:
            self._behind_since = min(self._behind_since, now)
            self._is_overloaded = now - self._behind_since >= self._settings.overload_wait

    def _note_pace(self, session: _Session, now: float) -> None:
        """Learns from a batch that has ended what the sessions can do."""
        self._batch_seconds += _RECENT * (now - session.busy_since - self._batch_seconds)
        if self._last_end > -inf:
            self._between += _RECENT * (now - self._last_end - self._between)
            self._work += _RECENT * (work_of(session.calls) - self._work)
        self._last_end = now if len(self._queue) else -inf

    # Calls.

    def call_arrived(self, call: PendingCall, now: float) -> Sequence[Decision]:
        """A batch that is due is left to the timer, so that calls that arrive in the same moment share it."""
        if not self.is_ready:
            return (FailCalls((call,), Code.UNAVAILABLE),)
        if self.would_be_late(call.waiter.requester):
            return (FailCalls((call,), Code.OVERLOADED),)
        dropped: Sequence[FailCalls] = ()
        if len(self._queue) >= self._settings.queue:
            refused = self._queue.make_room(call)
            dropped = (FailCalls((refused,), Code.OVERLOADED),)
            if refused is call:
                return dropped
        self._queue.add(call)
        if not self._idle or self._timer_at <= now:
            return dropped
        return (*dropped, *self._timer(now))

    def call_cancelled(self, call: PendingCall) -> None:
        """Nobody waits for its answer any more. A call that runs already is left to its batch."""
        self._queue.remove(call)

    # Time.

    def timer_fired(self, now: float) -> Sequence[Decision]:
        # A clock may fire a little early.
        now = max(now, self._timer_at)
        self._timer_at = inf
        return self._send_due(now)

    def time_passed(self, now: float) -> Sequence[Decision]:
        """To be reported from time to time: no session may come free."""
        late = self._queue.remove_before(now - self._settings.timeout)
        return (FailCalls(late, Code.TIMED_OUT),) if late else ()

    # Batches.

    def batch_answered(self, number: int, seconds: float | None, now: float) -> Sequence[Decision]:
        """`seconds` is what the batch took, unless its statement had to be prepared first."""
        session = self._sessions[number]
        if seconds:
            self._queue.record_seconds(session.calls[0].statement, seconds / len(session.calls))
        self._note_pace(session, now)
        session.pause = FIRST_PAUSE
        return self._continue(number, now)

    def batch_failed(self, number: int, code: Code, now: float) -> Sequence[Decision]:
        """The session can still be used."""
        session = self._sessions[number]
        if len(session.calls) > 1 and self._may_be_one_s_fault(session.calls, code):
            session.alone.extend(session.calls)
            return self._continue(number, now)
        return [FailCalls(session.calls, code), *self._continue(number, now)]

    def _may_be_one_s_fault(self, calls: Sequence[PendingCall], code: Code) -> bool:
        """Which one's cannot be known. A second try fails if the first was committed."""
        return code in (Code.INTERNAL, Code.UNREADABLE) or (
            code is Code.UNAVAILABLE and any(call.is_second_try for call in calls)
        )

    # Sessions.

    def started(self) -> Sequence[Decision]:
        return [OpenSession(number, 0) for number in range(self._settings.size)]

    def session_opened(self, number: int, now: float) -> Sequence[Decision]:
        self._open += 1
        self._idle.append(number)
        return self._send_due(now)

    def open_failed(self, number: int) -> Sequence[Decision]:
        decisions: list[Decision] = [OpenSession(number, self._sessions[number].next_pause())]
        if not self.is_ready and (waiting := self._queue.remove_before(inf)):
            decisions.append(FailCalls(waiting, Code.UNAVAILABLE))
        return decisions

    def session_lost(self, number: int, code: Code, now: float) -> Sequence[Decision]:
        """While it ran a batch, which fails with this code.

        Nothing of it was answered. If it is unavailable it is tried once more: either its records were not committed,
        or they cannot be inserted again, and the second try fails.
        """
        self._queue.batch_ended(self._sessions[number].batch)
        calls = self._sessions[number].empty()
        again = [call for call in calls if code is Code.UNAVAILABLE and not call.is_second_try]
        for call in again:
            call.is_second_try = True
            self._queue.add(call)
        failed = [call for call in calls if call not in again]
        decisions: list[Decision] = [FailCalls(failed, code)] if failed else []
        return decisions + self._reopen(number, now)

    def idle_session_lost(self, number: int, now: float) -> Sequence[Decision]:
        """A busy session is left to its batch, which fails."""
        if number not in self._idle:
            return ()
        self._idle.remove(number)
        return self._reopen(number, now)

    # How it decides.

    def _send_due(self, now: float) -> list[Decision]:
        decisions: list[Decision] = []
        while self._idle and len(self._queue):
            if not self._is_due(now):
                return [*decisions, *self._timer(now)]
            batch = self._queue.take(newest_first=self._is_overloaded)
            if not batch:
                # Who waits keeps as many sessions busy as they may, and one of those comes free.
                break
            calls, late = self._split(batch, now)
            decisions += late
            if calls:
                self._sessions[self._idle[-1]].batch = batch
                decisions.append(self._send(self._idle.pop(), calls, now))
            else:
                self._queue.batch_ended(batch)
        self._note_wait(now)
        return decisions + self._refuse_stale(now)

    def _refuse_stale(self, now: float) -> list[Decision]:
        if not self._is_overloaded:
            return []
        stale = self._queue.remove_stale(now - self._longest_wait())
        return [FailCalls(stale, Code.OVERLOADED)] if stale else []

    def _is_due(self, now: float) -> bool:
        return now >= self._batch_until or self._queue.is_full

    def _timer(self, now: float) -> Sequence[SetTimer]:
        at = now if self._is_due(now) else self._batch_until
        if at >= self._timer_at:
            return ()
        self._timer_at = at
        return (SetTimer(at),)

    def _split(self, calls: Sequence[PendingCall], now: float) -> tuple[Sequence[PendingCall], Sequence[FailCalls]]:
        """The calls that may still be sent, and the failure of those that have waited too long."""
        before = now - self._settings.timeout
        if late := [call for call in calls if call.since < before]:
            return [call for call in calls if call.since >= before], (FailCalls(late, Code.TIMED_OUT),)
        return calls, ()

    def _send(self, number: int, calls: Sequence[PendingCall], now: float) -> SendBatch:
        session = self._sessions[number]
        session.calls = calls
        session.busy_since = now
        self._batch_until = now + self._settings.batch_wait
        return SendBatch(number, calls)

    def _continue(self, number: int, now: float) -> Sequence[Decision]:
        """What a session does after a batch: those that are to be tried alone come first."""
        session = self._sessions[number]
        session.calls = ()
        decisions: list[Decision] = []
        while session.alone:
            calls, late = self._split([session.alone.popleft()], now)
            decisions += late
            if calls:
                return [*decisions, self._send(number, calls, now)]
        session.busy_since = -inf
        self._queue.batch_ended(session.batch)
        session.batch = ()
        self._wait_for_busy()
        self._idle.append(number)
        return decisions + self._send_due(now)

    def _reopen(self, number: int, now: float) -> list[Decision]:
        session = self._sessions[number]
        self._open -= 1
        self._wait_for_busy()
        return [OpenSession(number, session.next_pause()), *self._send_due(now)]

    def _wait_for_busy(self) -> None:
        self._batch_until = max([session.busy_since for session in self._sessions]) + self._settings.batch_wait
