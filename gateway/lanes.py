"""Stage 7, ride: a call's values go into a lane with its statement and come back as its answer, already recorded.

A lane is one connection of its own to PostgreSQL. While it is busy calls gather, and calls of one statement ride
together: a shared commit costs each of them less than one of its own. Another lane opens when the gathered have waited
for longer than patience allows, so that a slow ride keeps nobody.
The only room that talks to the driver: nothing the driver or the database says leaves it but a code. It never answers
before the database has said that the record is durable, and takes a warning for a refusal to say so.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from resolvers.memory import Memory
from resolvers.render import Statement, StoredPlan
from schema.refusals import Code, Failed

GATEWAY_ROLE = "veil_gateway"
"""The database role every lane works as: it reads the columns of the catalog, adds records, and no more."""

_PREPARED = 500
"""Statements of the usual size that a lane keeps prepared."""

_STORED = 10_000
"""Plans that a lane remembers to have stored; one that it forgot is stored again, which changes nothing."""

_STORE_PLAN = """\
insert into veil.access_plan (id, role, purpose, policy, operation, document, fields)
values ($1, $2, $3, $4, $5, $6, $7::text::jsonb) on conflict (id) do nothing"""

_CLASSES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Code], ...] = (
    ((asyncpg.QueryCanceledError, TimeoutError), Code.TIMED_OUT),
    (
        (
            asyncpg.PostgresConnectionError,
            asyncpg.InterfaceError,
            asyncpg.OperatorInterventionError,
            asyncpg.InsufficientResourcesError,
            asyncpg.InvalidAuthorizationSpecificationError,
            asyncpg.InvalidCatalogNameError,
            OSError,
        ),
        Code.UNAVAILABLE,
    ),
)


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
    """Seconds that calls gather for a busy lane before they take a free one."""
    ride: int
    """Calls that may ride together."""
    weight: int
    """Rows that calls riding together may return; a heavier call rides alone."""


@dataclass(slots=True, eq=False)
class _Waiting:
    values: Sequence[Any]
    weight: int
    since: float
    answer: "asyncio.Future[bytes]"


class Undurable(Exception):
    """The database warned while a record was being made durable."""


class Lanes:
    """All lanes of one worker, and the calls that wait for them."""

    def __init__(self, roads: Roads, on_ride: Callable[[int], None] = lambda _: None) -> None:
        self._roads = roads
        self._on_ride = on_ride
        self._waiting: OrderedDict[Statement, list[_Waiting]] = OrderedDict()
        self._count = 0
        self._idle: list[asyncio.Future[None]] = []
        self._lanes = [_Lane(roads) for _ in range(roads.lanes)]
        self._tasks: list[asyncio.Task[None]] = []
        self._serving = 0
        """Lanes that are open, idle ones included."""
        self._impatient: asyncio.TimerHandle | None = None

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
        self._fail_all(Failed(Code.UNAVAILABLE, "ask again"))

    @property
    def ready(self) -> bool:
        return any(lane.connection for lane in self._lanes)

    @property
    def waiting(self) -> int:
        """Calls that wait for a lane."""
        return self._count

    async def ride(self, statement: Statement, values: Sequence[Any], *, weight: int = 1) -> bytes:
        """What a statement answers to these values: its standard columns but `n`, then its parameters.

        Empty when its policy is no longer in force.
        Raises `Failed` with OVERLOADED, TIMED_OUT, UNAVAILABLE or INTERNAL.
        """
        if not self.ready:
            raise Failed(Code.UNAVAILABLE, "ask again in a moment")
        if self._count >= self._roads.queue:
            raise Failed(Code.OVERLOADED, "ask again in a moment, or more slowly")
        answer = self._loop.create_future()
        call = _Waiting(values, weight, self._loop.time(), answer)
        self._count += 1
        gathered = self._waiting.get(statement)
        if gathered is None:
            self._waiting[statement] = [call]
        else:
            gathered.append(call)
        if self._serving == len(self._idle):
            self._wake()
        elif self._impatient is None:
            self._impatient = self._loop.call_later(self._roads.patience, self._lose_patience)
        return await answer

    def _lose_patience(self) -> None:
        self._impatient = None
        if self._waiting:
            self._wake()

    def _wake(self) -> None:
        while self._idle:
            idle = self._idle.pop()
            if not idle.done():
                idle.set_result(None)
                return

    def _is_late(self, call: _Waiting) -> bool:
        return call.since < self._loop.time() - self._roads.timeout

    async def _watch(self) -> None:
        """Tells those who have waited too long, whether or not a lane comes free."""
        while True:
            await asyncio.sleep(min(1.0, self._roads.timeout / 4))
            for statement, gathered in list(self._waiting.items()):
                late = [call for call in gathered if self._is_late(call)]
                _fail(late, Failed(Code.TIMED_OUT, _HINTS[Code.TIMED_OUT]))
                self._count -= len(late)
                if len(late) == len(gathered):
                    del self._waiting[statement]
                else:
                    self._waiting[statement] = gathered[len(late) :]

    # A lane's life.

    async def _drive(self, lane: "_Lane") -> None:
        pause = 0.1
        try:
            while True:
                if await lane.open():
                    pause = 0.1
                    await self._serve(lane)
                    await lane.close()
                else:
                    self._give_up_when_none_is_left()
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, 2.0)
        finally:
            await lane.close()

    async def _serve(self, lane: "_Lane") -> None:
        """Rides until the connection is lost."""
        self._serving += 1
        try:
            while lane.usable:
                if self._waiting:
                    await self._board(lane)
                else:
                    await self._rest(lane)
        finally:
            self._serving -= 1

    async def _rest(self, lane: "_Lane") -> None:
        """Until there are calls, or the connection is lost."""
        idle = lane.idle = self._loop.create_future()
        self._idle.append(idle)
        try:
            await idle
        finally:
            if idle in self._idle:
                self._idle.remove(idle)

    async def _board(self, lane: "_Lane") -> None:
        statement, calls = self._boarding()
        if calls:
            self._on_ride(len(calls))
            await self._ride(lane, statement, calls)

    def _boarding(self) -> tuple[Statement, list[_Waiting]]:
        """The calls of the statement whose turn it is, as many as may ride together; the others wait another turn."""
        statement, gathered = self._waiting.popitem(last=False)
        boarding, left = self._seated(gathered)
        if left:
            self._waiting[statement] = left
        self._count -= len(gathered) - len(left)
        return statement, boarding

    def _seated(self, gathered: list[_Waiting]) -> tuple[list[_Waiting], list[_Waiting]]:
        boarding: list[_Waiting] = []
        weight = 0
        for position, call in enumerate(gathered):
            if boarding and (len(boarding) == self._roads.ride or weight + call.weight > self._roads.weight):
                return boarding, gathered[position:]
            if call.answer.done():
                continue
            if self._is_late(call):
                call.answer.set_exception(Failed(Code.TIMED_OUT, _HINTS[Code.TIMED_OUT]))
                continue
            boarding.append(call)
            weight += call.weight
        return boarding, []

    async def _ride(self, lane: "_Lane", statement: Statement, calls: list[_Waiting]) -> None:
        try:
            answers = await lane.ride(statement, [call.values for call in calls])
        except asyncio.CancelledError:
            _fail(calls, Failed(Code.UNAVAILABLE, "ask again"))
            raise
        except Exception as error:  # noqa: BLE001 - whatever the driver raises becomes a code, and nothing of it leaves
            code = _code(error)
            if code is Code.INTERNAL:
                # Its kind alone, for its message may hold a value.
                logging.getLogger(__name__).error("a ride failed: %s", type(error).__name__)
            if isinstance(error, TimeoutError):
                # The database would have said so itself, a second ago, if it said anything any more.
                await lane.close()
            if len(calls) > 1 and code not in (Code.UNAVAILABLE, Code.TIMED_OUT):
                # One of them may be at fault; each is ridden again alone, once.
                for call in calls:
                    await self._ride(lane, statement, [call])
            else:
                _fail(calls, Failed(code, _HINTS[code]))
            return
        for call, answer in zip(calls, answers, strict=True):
            if not call.answer.done():
                call.answer.set_result(answer)

    def _give_up_when_none_is_left(self) -> None:
        if not self.ready:
            self._fail_all(Failed(Code.UNAVAILABLE, "ask again in a moment"))

    def _fail_all(self, failed: Failed) -> None:
        for calls in self._waiting.values():
            _fail(calls, failed)
        self._waiting.clear()
        self._count = 0


_HINTS = {
    Code.TIMED_OUT: "ask for less, or in smaller pages",
    Code.UNAVAILABLE: "ask again in a moment",
    Code.INTERNAL: "report this with the time of your request",
}


def _code(error: BaseException) -> Code:
    return next((code for kinds, code in _CLASSES if isinstance(error, kinds)), Code.INTERNAL)


def _fail(calls: Sequence[_Waiting], failed: Failed) -> None:
    for call in calls:
        if not call.answer.done():
            call.answer.set_exception(failed)


@dataclass(slots=True, eq=False)
class _Lane:
    """One connection, and what is prepared on it."""

    roads: Roads
    connection: Any = None
    tried: asyncio.Event = field(default_factory=asyncio.Event)
    _prepared: Memory[Statement, Any] = field(default_factory=lambda: Memory(_PREPARED))
    _stored: Memory[UUID, UUID] = field(default_factory=lambda: Memory(_STORED))
    _named: int = 0
    _warned: bool = False
    _hindrance: str | None = None
    idle: "asyncio.Future[None] | None" = None
    """What the lane rests on, until it is woken or lost."""

    @property
    def usable(self) -> bool:
        return self.connection is not None and not self.connection.is_closed()

    async def open(self) -> bool:
        """Whether it could be opened, as the gateway's own role and durable."""
        try:
            self.connection = await asyncpg.connect(
                self.roads.database,
                timeout=5,
                command_timeout=None,
                statement_cache_size=0,
                server_settings=session(self.roads.timeout),
            )
            await self._check_durable()
            self._hindrance = None
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError, ValueError) as error:
            self._tell(type(error).__name__)
            await self.close()
        finally:
            self.tried.set()
        if self.connection is None:
            return False
        self.connection.add_log_listener(self._hear)
        self.connection.add_termination_listener(self._lost)
        return True

    def _tell(self, hindrance: str) -> None:
        """Once, until it changes; its kind alone, for its message may hold a value."""
        if hindrance != self._hindrance:
            logging.getLogger(__name__).warning("the database cannot be reached: %s", hindrance)
        self._hindrance = hindrance

    async def _check_durable(self) -> None:
        if await self.connection.fetchval("show fsync") != "on":
            raise asyncpg.InterfaceError("`fsync` is off: a record would not be durable")

    def _lost(self, _connection: Any) -> None:
        if self.idle and not self.idle.done():
            self.idle.set_result(None)

    def _hear(self, _connection: Any, _message: Any) -> None:
        self._warned = True

    async def close(self) -> None:
        connection, self.connection = self.connection, None
        self._prepared.forget()
        self._stored.forget()
        if connection is not None:
            connection.terminate()

    async def ride(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> list[bytes]:
        """The answers to the calls, in their order."""
        prepared = self._prepared.recall(statement) or await self._prepare(statement)
        self._warned = False
        columns = zip(*rows, strict=True)
        answered = await prepared.fetch(range(len(rows)), *columns, timeout=self.roads.timeout + 1)
        if self._warned:
            raise Undurable
        answers: list[bytes] = [b""] * len(rows)
        for n, answer in answered:
            answers[n] = answer
        return answers

    async def _prepare(self, statement: Statement) -> Any:
        if statement.plan and not self._stored.recall(statement.plan.id):
            await self._store(statement.plan)
        # Without a name the driver would have it parsed and planned anew at each ride.
        self._named += 1
        prepared = await self.connection.prepare(statement.sql, name=f"veil_{self._named}")
        self._prepared.keep(statement, prepared, weight=statement.weight)
        return prepared

    async def _store(self, plan: StoredPlan) -> None:
        """Invariant: a record's plan is there before the record."""
        await self.connection.execute(
            _STORE_PLAN, plan.id, plan.role, plan.purpose, plan.policy, plan.operation, plan.document, plan.fields
        )
        self._stored.keep(plan.id, plan.id)


def session(timeout: float) -> dict[str, str]:
    """What holds for every session: its role and its bounds, whatever the server's defaults are."""
    return {
        "application_name": "veil",
        "role": GATEWAY_ROLE,
        "search_path": "marketplace, veil, pg_catalog",
        "synchronous_commit": "on",
        "statement_timeout": f"{int(timeout * 1000)}",
        "idle_in_transaction_session_timeout": "10000",
        "timezone": "UTC",
        "datestyle": "ISO",
        "standard_conforming_strings": "on",
        "plan_cache_mode": "force_generic_plan",
        "jit": "off",
        # Rows are reached by laterals of one row each, of which hardly any comes twice.
        "enable_memoize": "off",
    }
