"""Stage 7, ride: a call's values go into a lane with its statement and come back as its answer, already recorded.

A lane is one connection of its own to PostgreSQL. While one is out calls gather, and calls of one statement ride
together: a shared commit costs each of them less than one of its own. Another lane leaves at once when to gather more
gains nothing: as much has gathered as fills a ride, for what takes long is better done at the same time, or what has
gathered cannot ride together. None waits for a lane that has been out for longer than patience allows, so that a slow
ride keeps nobody.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from operator import attrgetter
from typing import Any

from gateway.database.batches import BatchQueue, PendingCall
from gateway.database.session import UNREACHED, Session, failed
from resolvers.sql.render import Statement
from schema.refusals import Code, Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """Where the lanes lead, how many there are, and what each may carry."""

    database: str
    size: int
    timeout: float
    """Seconds a call may take, waiting included."""
    queue: int
    """Calls that may wait."""
    batch_wait: float
    """Seconds that calls gather for a lane that is out before they take another."""
    batch_calls: int
    """Calls that fill a ride."""
    batch_rows: int
    """Rows that fill a ride, as they are reckoned."""
    required_migrations: tuple[str, ...]
    """The migrations that must have been applied."""


class Pool:
    """All lanes of one worker, and the calls that wait for them."""

    def __init__(self, roads: PoolSettings, on_batch: Callable[[int], None] = lambda _: None) -> None:
        self._settings = roads
        self._on_batch = on_batch
        self._queue = BatchQueue(calls=roads.batch_calls, rows=roads.batch_rows)
        self._sessions = [Session(roads.database, roads.timeout, roads.required_migrations) for _ in range(roads.size)]
        self._tasks: list[asyncio.Task[None]] = []
        self._reported: str | None = None
        """What the log was told last of why a lane could not be opened."""
        self._idle: list[asyncio.Future[None]] = []
        self._woken: asyncio.Future[None] | None = None
        """Of a lane that was woken and is not here yet."""
        self._batch_until = -inf
        """Until when, by the loop's clock, calls gather for a lane that is out."""
        self._timer: asyncio.Handle | None = None
        """Invariant: while anything waits and a lane rests it is set, for `_hold` or earlier."""
        self._timer_at = inf
        """When the alarm does: a loop's handle does not always tell."""

    async def start(self) -> None:
        """Opens the lanes. Whether one could be opened yet, `ready` tells."""
        self._loop = asyncio.get_running_loop()
        self._tasks = [asyncio.create_task(self._run(lane)) for lane in self._sessions]
        self._tasks.append(asyncio.create_task(self._expire_calls()))
        await asyncio.gather(*(lane.attempted.wait() for lane in self._sessions))

    async def stop(self) -> None:
        """Closes the lanes, once the server has let the requests under way end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._cancel_timer()
        self._fail_all(Failed(Code.UNAVAILABLE, "ask again"))

    @property
    def is_ready(self) -> bool:
        return any(map(_connection, self._sessions))

    @property
    def unavailable_reason(self) -> str:
        """Why there is no lane, while there is none."""
        return next((lane.unavailable_reason for lane in self._sessions if lane.unavailable_reason), UNREACHED)

    @property
    def waiting_calls(self) -> int:
        """Calls that wait for a lane."""
        return len(self._queue)

    async def execute(self, statement: Statement, values: Sequence[Any], *, cost: int = 1) -> bytes:
        """What a statement answers to these values: its standard columns, then its parameters.

        Empty when its policy is no longer in force.
        Raises `Failed` with OVERLOADED, TIMED_OUT, UNAVAILABLE or INTERNAL.
        """
        if not self.is_ready:
            raise failed(Code.UNAVAILABLE)
        if len(self._queue) >= self._settings.queue:
            raise Failed(Code.OVERLOADED, "ask again in a moment, or more slowly")
        call = PendingCall(values, cost, self._loop.time(), self._loop.create_future())
        self._queue.add(statement, call)
        self._wake_if_due()
        return await call.answer

    @property
    def _should_take(self) -> bool:
        """Whether a lane that is here leaves: something waits, and has gathered for long enough or is enough."""
        return bool(self._queue) and (self._queue.is_full or self._loop.time() >= self._batch_until)

    def _wake_if_due(self) -> None:
        """Sees that a lane that rests takes what waits, now or when patience is over."""
        if self._woken or not self._idle or not self._queue:
            return
        if self._should_take:
            self._wake()
        elif self._timer is None or self._timer_at > self._batch_until:
            self._cancel_timer()
            self._timer_at = self._batch_until
            self._timer = self._loop.call_at(self._timer_at, self._timer_fired)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _timer_fired(self) -> None:
        self._timer = None
        if self._batch_until <= self._timer_at:
            # A clock may ring a little early.
            self._batch_until = -inf
        self._wake_if_due()

    def _wake(self) -> None:
        while self._idle:
            idle = self._idle.pop()
            if not idle.done():
                self._woken = idle
                idle.set_result(None)
                return

    async def _expire_calls(self) -> None:
        """Tells those who have waited too long, whether or not a lane comes free."""
        while True:
            await asyncio.sleep(min(1.0, self._settings.timeout / 4))
            _fail(self._queue.remove_before(self._expired_before), failed(Code.TIMED_OUT))

    @property
    def _expired_before(self) -> float:
        """Who has waited since before then has waited too long."""
        return self._loop.time() - self._settings.timeout

    # A lane's life.

    async def _run(self, lane: Session) -> None:
        pause = 0.1
        try:
            while True:
                if await lane.open():
                    self._reported = None
                    pause = 0.1
                    try:
                        await self._serve(lane)
                    except Exception as error:  # noqa: BLE001 - a lane that ended for good would be missed by nobody
                        logging.getLogger(__name__).error("a lane failed: %s", type(error).__name__)
                    lane.close()
                else:
                    self._report(lane.log_line)
                    self._give_up_when_none_is_left()
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, 2.0)
        finally:
            lane.close()

    def _report(self, line: str | None) -> None:
        """Logs why a lane could not be opened, once until it is something else."""
        if line != self._reported:
            logging.getLogger(__name__).warning("%s", line)
        self._reported = line

    async def _serve(self, lane: Session) -> None:
        """Rides until the connection is lost, and rests while calls gather. A lane that comes back is like any other."""
        while lane.is_usable:
            if self._should_take:
                await self._take_batch(lane)
            else:
                await self._rest(lane)
        self._wake_if_due()

    async def _rest(self, lane: Session) -> None:
        """Until there are calls to take, or the connection is lost."""
        idle = lane.idle = self._loop.create_future()
        try:
            self._idle.append(idle)
            self._wake_if_due()
            await idle
        finally:
            if idle is self._woken:
                self._woken = None
            if idle in self._idle:
                self._idle.remove(idle)

    async def _take_batch(self, lane: Session) -> None:
        statement, boarding = self._queue.take()
        late = self._expired_before
        if too_late := [call for call in boarding if call.since < late]:
            _fail(too_late, failed(Code.TIMED_OUT))
        calls = [call for call in boarding if not call.answer.done()]
        if not calls:
            return
        try:
            self._on_batch(len(calls))
            self._mark(lane, self._loop.time())
            self._wake_if_due()
            await self._execute(lane, statement, calls)
        except BaseException:
            _fail(calls, failed(Code.UNAVAILABLE))
            raise
        finally:
            self._mark(lane, -inf)

    def _mark(self, lane: Session, left: float) -> None:
        """A lane left, or came back."""
        lane.busy_since = left
        self._batch_until = max(lane.busy_since for lane in self._sessions) + self._settings.batch_wait

    async def _execute(self, lane: Session, statement: Statement, calls: list[PendingCall]) -> None:
        try:
            answers = await lane.execute(statement, [call.values for call in calls])
        except Failed as failure:
            if len(calls) > 1 and failure.code is Code.INTERNAL:
                await self._execute_alone(lane, statement, calls)
            else:
                _fail(calls, failure)
            return
        if lane.last_seconds:
            self._queue.record_seconds(statement, lane.last_seconds / len(calls))
        for call, answer in zip(calls, answers, strict=True):
            if not call.answer.done():
                call.answer.set_result(answer)

    async def _execute_alone(self, lane: Session, statement: Statement, calls: list[PendingCall]) -> None:
        """Each of those who failed together, once: one of them may be at fault."""
        for call in calls:
            if call.since < self._expired_before:
                call.fail(failed(Code.TIMED_OUT))
            else:
                await self._execute(lane, statement, [call])

    def _give_up_when_none_is_left(self) -> None:
        if not self.is_ready:
            self._fail_all(failed(Code.UNAVAILABLE))

    def _fail_all(self, failure: Failed) -> None:
        _fail(self._queue.remove_before(inf), failure)


def _fail(calls: Sequence[PendingCall], failure: Failed) -> None:
    for call in calls:
        call.fail(failure)


_connection = attrgetter("connection")
