"""Sessions of one use and the calls that wait for them: a call's values go in a batch, and come back as a row.

The shell around `decisions`: it reports what happens, with the time, and does what is decided. It decides nothing.
"""

import asyncio
import logging
from asyncio import CancelledError, Future, Handle, Task
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, assert_never

from gateway.database.address import parse_address
from gateway.database.batches import GATEWAY, PendingCall, Waiter
from gateway.database.decisions import (
    Decision,
    FailCalls,
    OpenSession,
    PoolSettings,
    PoolState,
    SendBatch,
    SetTimer,
)
from gateway.database.opening import Standing
from gateway.database.session import UNREACHED, BatchFailed, ReturnedRow, Session, session_settings
from gateway.notices import Notices
from resolvers.sql.render import PlanRecord, Statement
from schema.refusals import Code, Failed, Refused

FAILURE_HINTS = {
    Code.OVERLOADED: "ask again in a moment, or more slowly",
    Code.TIMED_OUT: "ask for less, or in smaller pages",
    Code.UNREADABLE: "tell the operator that `veil check` says where",
    Code.UNAVAILABLE: "ask again in a moment",
    Code.INTERNAL: "report this with its `errorId`",
}
"""What to do about each failure of a database."""

_SUSPENDED_HINT = "nothing is shown until the marketplace ends the suspension; write to its privacy office"


class _Inbox:
    """What a session is to do next."""

    def __init__(self) -> None:
        self._work: SendBatch | OpenSession | None = None
        self._arrival: Future[None] | None = None

    def put(self, work: SendBatch | OpenSession) -> None:
        self._work = work
        if self._arrival and not self._arrival.done():
            self._arrival.set_result(None)

    async def take(self) -> SendBatch | OpenSession:
        while self._work is None:
            self._arrival = asyncio.get_running_loop().create_future()
            await self._arrival
        work, self._work = self._work, None
        return work


class Pool:
    """All sessions of one worker, and the calls that wait for them."""

    def __init__(
        self, settings: PoolSettings, on_batch: Callable[[Sequence[PendingCall]], None] = lambda _: None
    ) -> None:
        self._settings = settings
        self._on_batch = on_batch
        self._state = PoolState(settings)
        self._sessions = [
            Session(standing_of(settings), settings.timeout, on_closed=partial(self._idle_session_lost, number))
            for number in range(settings.size)
        ]
        self._inboxes = [_Inbox() for _ in self._sessions]
        self._answers: dict[PendingCall, Future[ReturnedRow | None]] = {}
        """Of every call that is neither answered nor failed."""
        self._tasks: list[Task[None]] = []
        self._reported: str | None = None
        """The reason the log has last, why a session could not be opened."""
        self._timer: Handle | None = None
        self._notices = Notices()

    async def start(self) -> None:
        """Tries to open the sessions. `is_ready` says whether one is open."""
        self._loop = asyncio.get_running_loop()
        self._tasks = [asyncio.create_task(self._run(number)) for number in range(len(self._sessions))]
        self._tasks.append(asyncio.create_task(self._watch_time()))
        self._do(self._state.started())
        await asyncio.gather(*(session.attempted.wait() for session in self._sessions))

    async def stop(self) -> None:
        """Closes the sessions, once the server has let the requests under way end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._timer is not None:
            self._timer.cancel()
        self._fail(list(self._answers), Code.UNAVAILABLE)

    @property
    def is_ready(self) -> bool:
        return self._state.is_ready

    @property
    def unavailable_reason(self) -> str:
        """Why no session is open, while none is."""
        return next((each.unavailable_reason for each in self._sessions if each.unavailable_reason), UNREACHED)

    def would_be_late(self, requester: str) -> bool:
        """Whether a call of this requester would wait too long."""
        return self._state.would_be_late(requester)

    @property
    def waiting_calls(self) -> int:
        """Calls that wait for a session."""
        return self._state.waiting_calls

    @property
    def open_sessions(self) -> int:
        return self._state.open_sessions

    @property
    def busy_sessions(self) -> int:
        """Sessions that run a batch."""
        return self._state.busy_sessions

    async def execute(
        self,
        statement: Statement,
        values: Sequence[Any],
        *,
        cost: int = 1,
        on_sent: Callable[[str, int], None] | None = None,
        waiter: Waiter = GATEWAY,
        plan: PlanRecord | None = None,
    ) -> ReturnedRow | None:
        """The row that a statement returns for these values; none if it returns no row for them.

        `plan` is stored before. Raises `Refused` with SUSPENDED, and `Failed` with OVERLOADED, TIMED_OUT, UNREADABLE,
        UNAVAILABLE or INTERNAL.
        """
        now = self._loop.time()
        call = PendingCall(statement, values, cost, now, on_sent=on_sent, waiter=waiter, plan=plan)
        answer = self._answers[call] = self._loop.create_future()
        self._do(self._state.call_arrived(call, now))
        try:
            returned = await answer
        except CancelledError:
            self._answers.pop(call, None)
            self._state.call_cancelled(call)
            raise
        if returned is not None and returned.get("suspended"):
            raise Refused(Code.SUSPENDED, _SUSPENDED_HINT)
        return returned

    async def ask(self, statement: Statement, *values: Any) -> bytes:
        """The JSON that a statement of the gateway's own answers; empty if it returns no row. Raises `Failed`."""
        row = await self.execute(statement, values)
        return row["json"] if row else b""

    # What is decided is done.

    def _do(self, decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            match decision:
                case SendBatch():
                    self._on_batch(decision.calls)
                    self._inboxes[decision.session].put(decision)
                case OpenSession():
                    self._inboxes[decision.session].put(decision)
                case SetTimer():
                    self._set_timer(decision.at)
                case FailCalls():
                    self._fail(decision.calls, decision.code)
                case _:
                    assert_never(decision)

    def _set_timer(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if at <= self._loop.time():
            self._timer = self._loop.call_soon(self._timer_fired)
        else:
            self._timer = self._loop.call_at(at, self._timer_fired)

    def _fail(self, calls: Sequence[PendingCall], code: Code) -> None:
        for call in calls:
            answer = self._answers.pop(call, None)
            if answer and not answer.done():
                answer.set_exception(Failed(code, FAILURE_HINTS[code], call.cause))

    def _answer(self, calls: Sequence[PendingCall], answers: Sequence[ReturnedRow | None]) -> None:
        for call, row in zip(calls, answers, strict=True):
            answer = self._answers.pop(call, None)
            if answer and not answer.done():
                answer.set_result(row)

    # What happens is reported.

    def _timer_fired(self) -> None:
        self._timer = None
        self._do(self._state.timer_fired(self._loop.time()))

    def _idle_session_lost(self, number: int) -> None:
        # A busy session's batch fails by itself, and is reported then.
        if decisions := self._state.idle_session_lost(number, self._loop.time()):
            self._notices.add("a database session was lost", self._loop.time())
            self._do(decisions)

    async def _watch_time(self) -> None:
        while True:
            await asyncio.sleep(min(1.0, self._settings.timeout / 4))
            self._do(self._state.time_passed(self._loop.time()))

    async def _run(self, number: int) -> None:
        try:
            while True:
                match await self._inboxes[number].take():
                    case OpenSession(after=after):
                        await asyncio.sleep(after)
                        await self._open(number)
                    case SendBatch(calls=calls):
                        await self._send(number, calls)
        finally:
            self._sessions[number].close()

    async def _open(self, number: int) -> None:
        session = self._sessions[number]
        if await session.open():
            self._reported = None
            self._do(self._state.session_opened(number, self._loop.time()))
        else:
            self._report(session.log_line)
            self._do(self._state.open_failed(number))

    def _report(self, line: str | None) -> None:
        """Logs why a session could not be opened, once until the reason is another."""
        if line != self._reported:
            logging.getLogger(__name__).warning("%s", line)
        self._reported = line

    async def _send(self, number: int, calls: Sequence[PendingCall]) -> None:
        session = self._sessions[number]
        try:
            plans = [call.plan for call in calls if call.plan]
            answers = await session.execute(calls[0].statement, [call.values for call in calls], plans)
            self._answer(calls, answers)
        except BatchFailed as failure:
            for call in calls:
                call.cause = failure.cause
            if session.is_usable:
                self._do(self._state.batch_failed(number, failure.code, self._loop.time()))
            else:
                self._lose(number, failure.code, failure.cause)
        except Exception as error:  # noqa: BLE001 - a session that ended for good would be missed by nobody
            logging.getLogger(__name__).error("a session failed: %s", type(error).__name__)
            self._lose(number, Code.UNAVAILABLE, type(error).__name__)
        else:
            self._do(self._state.batch_answered(number, session.last_seconds, self._loop.time()))

    def _lose(self, number: int, code: Code, cause: str) -> None:
        self._notices.add(f"a database session was lost, {cause}", self._loop.time())
        self._sessions[number].close()
        self._do(self._state.session_lost(number, code, self._loop.time()))


def standing_of(settings: PoolSettings) -> Standing:
    """What the connections of these sessions must be."""
    return Standing(
        address=parse_address(settings.database),
        pooler=settings.pooler,
        use=settings.use,
        settings=session_settings(settings.timeout, settings.use, settings.schema),
        required_migrations=settings.required_migrations,
        needs_standby=settings.needs_standby,
    )
