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

from gateway.gathering import Gathering, Waiting
from gateway.lane import UNREACHED, Lane, failed
from resolvers.render import Statement
from schema.refusals import Code, Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """Where the lanes lead, how many there are, and what each may carry."""

    database: str
    lanes: int
    timeout: float
    """Seconds a call may take, waiting included."""
    queue: int
    """Calls that may wait."""
    patience: float
    """Seconds that calls gather for a lane that is out before they take another."""
    ride: int
    """Calls that fill a ride."""
    load: int
    """Rows that fill a ride, as they are reckoned."""
    tables: str
    """The migration that must have been applied, with all before it."""


class Lanes:
    """All lanes of one worker, and the calls that wait for them."""

    def __init__(self, roads: Roads, on_ride: Callable[[int], None] = lambda _: None) -> None:
        self._roads = roads
        self._on_ride = on_ride
        self._gathering = Gathering(calls=roads.ride, rows=roads.load)
        self._lanes = [Lane(roads.database, roads.timeout, roads.tables) for _ in range(roads.lanes)]
        self._tasks: list[asyncio.Task[None]] = []
        self._told: str | None = None
        """What the log was told last of why a lane could not be opened."""
        self._idle: list[asyncio.Future[None]] = []
        self._called: asyncio.Future[None] | None = None
        """Of a lane that was woken and is not here yet."""
        self._hold = -inf
        """Until when, by the loop's clock, calls gather for a lane that is out."""
        self._alarm: asyncio.Handle | None = None
        """Invariant: while anything waits and a lane rests it is set, for `_hold` or earlier."""
        self._rings = inf
        """When the alarm does: a loop's handle does not always tell."""

    async def start(self) -> None:
        """Opens the lanes. Whether one could be opened yet, `ready` tells."""
        self._loop = asyncio.get_running_loop()
        self._tasks = [asyncio.create_task(self._drive(lane)) for lane in self._lanes]
        self._tasks.append(asyncio.create_task(self._watch()))
        await asyncio.gather(*(lane.tried.wait() for lane in self._lanes))

    async def stop(self) -> None:
        """Closes the lanes, once the server has let the requests under way end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._stop_alarm()
        self._fail_all(Failed(Code.UNAVAILABLE, "ask again"))

    @property
    def ready(self) -> bool:
        return any(map(_connection, self._lanes))

    @property
    def hindrance(self) -> str:
        """Why there is no lane, while there is none."""
        return next((lane.hindrance for lane in self._lanes if lane.hindrance), UNREACHED)

    @property
    def waiting(self) -> int:
        """Calls that wait for a lane."""
        return len(self._gathering)

    async def ride(self, statement: Statement, values: Sequence[Any], *, weight: int = 1) -> bytes:
        """What a statement answers to these values: its standard columns, then its parameters.

        Empty when its policy is no longer in force.
        Raises `Failed` with OVERLOADED, TIMED_OUT, UNAVAILABLE or INTERNAL.
        """
        if not self.ready:
            raise failed(Code.UNAVAILABLE)
        if len(self._gathering) >= self._roads.queue:
            raise Failed(Code.OVERLOADED, "ask again in a moment, or more slowly")
        call = Waiting(values, weight, self._loop.time(), self._loop.create_future())
        self._gathering.add(statement, call)
        self._attend()
        return await call.answer

    @property
    def _leaves(self) -> bool:
        """Whether a lane that is here leaves: something waits, and has gathered for long enough or is enough."""
        return bool(self._gathering) and (self._gathering.is_enough or self._loop.time() >= self._hold)

    def _attend(self) -> None:
        """Sees that a lane that rests takes what waits, now or when patience is over."""
        if self._called or not self._idle or not self._gathering:
            return
        if self._leaves:
            self._wake()
        elif self._alarm is None or self._rings > self._hold:
            self._stop_alarm()
            self._rings = self._hold
            self._alarm = self._loop.call_at(self._rings, self._lose_patience)

    def _stop_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _lose_patience(self) -> None:
        self._alarm = None
        if self._hold <= self._rings:
            # A clock may ring a little early.
            self._hold = -inf
        self._attend()

    def _wake(self) -> None:
        while self._idle:
            idle = self._idle.pop()
            if not idle.done():
                self._called = idle
                idle.set_result(None)
                return

    async def _watch(self) -> None:
        """Tells those who have waited too long, whether or not a lane comes free."""
        while True:
            await asyncio.sleep(min(1.0, self._roads.timeout / 4))
            _fail(self._gathering.leave(self._late), failed(Code.TIMED_OUT))

    @property
    def _late(self) -> float:
        """Who has waited since before then has waited too long."""
        return self._loop.time() - self._roads.timeout

    # A lane's life.

    async def _drive(self, lane: Lane) -> None:
        pause = 0.1
        try:
            while True:
                if await lane.open():
                    self._told = None
                    pause = 0.1
                    try:
                        await self._serve(lane)
                    except Exception as error:  # noqa: BLE001 - a lane that ended for good would be missed by nobody
                        logging.getLogger(__name__).error("a lane failed: %s", type(error).__name__)
                    lane.close()
                else:
                    self._tell(lane.line)
                    self._give_up_when_none_is_left()
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, 2.0)
        finally:
            lane.close()

    def _tell(self, line: str | None) -> None:
        """Logs why a lane could not be opened, once until it is something else."""
        if line != self._told:
            logging.getLogger(__name__).warning("%s", line)
        self._told = line

    async def _serve(self, lane: Lane) -> None:
        """Rides until the connection is lost, and rests while calls gather. A lane that comes back is like any other."""
        while lane.usable:
            if self._leaves:
                await self._board(lane)
            else:
                await self._rest(lane)
        self._attend()

    async def _rest(self, lane: Lane) -> None:
        """Until there are calls to take, or the connection is lost."""
        idle = lane.idle = self._loop.create_future()
        try:
            self._idle.append(idle)
            self._attend()
            await idle
        finally:
            if idle is self._called:
                self._called = None
            if idle in self._idle:
                self._idle.remove(idle)

    async def _board(self, lane: Lane) -> None:
        statement, boarding = self._gathering.board()
        late = self._late
        if too_late := [call for call in boarding if call.since < late]:
            _fail(too_late, failed(Code.TIMED_OUT))
        calls = [call for call in boarding if not call.answer.done()]
        if not calls:
            return
        try:
            self._on_ride(len(calls))
            self._note(lane, self._loop.time())
            self._attend()
            await self._ride(lane, statement, calls)
        except BaseException:
            _fail(calls, failed(Code.UNAVAILABLE))
            raise
        finally:
            self._note(lane, -inf)

    def _note(self, lane: Lane, left: float) -> None:
        """A lane left, or came back."""
        lane.left = left
        self._hold = max(lane.left for lane in self._lanes) + self._roads.patience

    async def _ride(self, lane: Lane, statement: Statement, calls: list[Waiting]) -> None:
        try:
            answers = await lane.ride(statement, [call.values for call in calls])
        except Failed as failure:
            if len(calls) > 1 and failure.code is Code.INTERNAL:
                await self._ride_alone(lane, statement, calls)
            else:
                _fail(calls, failure)
            return
        if lane.took:
            self._gathering.learn(statement, lane.took / len(calls))
        for call, answer in zip(calls, answers, strict=True):
            if not call.answer.done():
                call.answer.set_result(answer)

    async def _ride_alone(self, lane: Lane, statement: Statement, calls: list[Waiting]) -> None:
        """Each of those who failed together, once: one of them may be at fault."""
        for call in calls:
            if call.since < self._late:
                call.fail(failed(Code.TIMED_OUT))
            else:
                await self._ride(lane, statement, [call])

    def _give_up_when_none_is_left(self) -> None:
        if not self.ready:
            self._fail_all(failed(Code.UNAVAILABLE))

    def _fail_all(self, failure: Failed) -> None:
        _fail(self._gathering.leave(inf), failure)


def _fail(calls: Sequence[Waiting], failure: Failed) -> None:
    for call in calls:
        call.fail(failure)


_connection = attrgetter("connection")
