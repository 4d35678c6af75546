"""Stage 7, ride: a call's values go into a lane with its statement and come back as its answer, already recorded.

A lane is one connection of its own to PostgreSQL. While one is out calls gather, and calls of one statement ride
together: a shared commit costs each of them less than one of its own. Another lane leaves at once when to gather more
gains nothing: as much has gathered as fills a ride, for what takes long is better done at the same time, or what has
gathered cannot ride together. None waits for a lane that has been out for longer than patience allows, so that a slow
ride keeps nobody.
The only room that talks to the driver: nothing the driver or the database says leaves it but a code. It never answers
before the database has said that the record is durable, and takes a warning for a refusal to say so.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from operator import attrgetter
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg

from gateway.gathering import Gathering, Waiting
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

_UNREACHED = "the database cannot be reached"

_APPLIED = "select exists (select from veil.migration where name = $1)"

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
    """Seconds that calls gather for a lane that is out before they take another."""
    ride: int
    """Calls that fill a ride."""
    load: int
    """Rows that fill a ride, as they are reckoned."""
    tables: str
    """The migration that must have been applied, with all before it."""


class Undurable(Exception):
    """The database warned while a record was being made durable."""


class Unfit(Exception):
    """The database can be reached and not be used; the message says what to change."""


class Lanes:
    """All lanes of one worker, and the calls that wait for them."""

    def __init__(self, roads: Roads, on_ride: Callable[[int], None] = lambda _: None) -> None:
        self._roads = roads
        self._on_ride = on_ride
        self._gathering = Gathering(calls=roads.ride, rows=roads.load)
        self._lanes = [_Lane(roads) for _ in range(roads.lanes)]
        self._tasks: list[asyncio.Task[None]] = []
        self._told: str | None = None
        """What the log was told last of why a lane could not be opened."""
        self._idle: list[asyncio.Future[None]] = []
        self._called: asyncio.Future[None] | None = None
        """Of a lane that was woken and is not here yet."""
        self._hold = -inf
        """Until when, by the loop's clock, calls gather for a lane that is out."""
        self._alarm: asyncio.TimerHandle | None = None
        """Invariant: while anything waits and a lane rests it is set, for `_hold` or earlier."""

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
        return next((lane.hindrance for lane in self._lanes if lane.hindrance), _UNREACHED)

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
            raise Failed(Code.UNAVAILABLE, "ask again in a moment")
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
        elif self._alarm is None or self._alarm.when() > self._hold:
            self._stop_alarm()
            self._alarm = self._loop.call_at(self._hold, self._lose_patience, self._hold)

    def _stop_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _lose_patience(self, hold: float) -> None:
        self._alarm = None
        if self._hold <= hold:
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
            _fail(self._gathering.leave(self._late), Failed(Code.TIMED_OUT, _HINTS[Code.TIMED_OUT]))

    @property
    def _late(self) -> float:
        """Who has waited since before then has waited too long."""
        return self._loop.time() - self._roads.timeout

    # A lane's life.

    async def _drive(self, lane: "_Lane") -> None:
        pause = 0.1
        try:
            while True:
                if await lane.open():
                    self._told = None
                    pause = 0.1
                    await self._serve(lane)
                    await lane.close()
                else:
                    self._tell(lane.line)
                    self._give_up_when_none_is_left()
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, 2.0)
        finally:
            await lane.close()

    def _tell(self, line: str | None) -> None:
        """Logs why a lane could not be opened, once until it is something else."""
        if line != self._told:
            logging.getLogger(__name__).warning("%s", line)
        self._told = line

    async def _serve(self, lane: "_Lane") -> None:
        """Rides until the connection is lost, and rests while calls gather. A lane that comes back is like any other."""
        while lane.usable:
            if self._leaves:
                await self._board(lane)
            else:
                await self._rest(lane)
        self._attend()

    async def _rest(self, lane: "_Lane") -> None:
        """Until there are calls to take, or the connection is lost."""
        idle = lane.idle = self._loop.create_future()
        self._idle.append(idle)
        self._attend()
        try:
            await idle
        finally:
            if idle is self._called:
                self._called = None
            if idle in self._idle:
                self._idle.remove(idle)

    async def _board(self, lane: "_Lane") -> None:
        statement, boarding = self._gathering.board()
        late = self._late
        if too_late := [call for call in boarding if call.since < late]:
            _fail(too_late, Failed(Code.TIMED_OUT, _HINTS[Code.TIMED_OUT]))
        calls = [call for call in boarding if not call.answer.done()]
        if not calls:
            return
        self._on_ride(len(calls))
        self._note(lane, self._loop.time())
        self._attend()
        try:
            await self._ride(lane, statement, calls)
        finally:
            self._note(lane, -inf)

    def _note(self, lane: "_Lane", left: float) -> None:
        """A lane left, or came back."""
        lane.left = left
        self._hold = max(lane.left for lane in self._lanes) + self._roads.patience

    async def _ride(self, lane: "_Lane", statement: Statement, calls: list[Waiting]) -> None:
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
        if lane.took:
            self._gathering.learn(statement, lane.took / len(calls))
        for call, answer in zip(calls, answers, strict=True):
            if not call.answer.done():
                call.answer.set_result(answer)

    def _give_up_when_none_is_left(self) -> None:
        if not self.ready:
            self._fail_all(Failed(Code.UNAVAILABLE, "ask again in a moment"))

    def _fail_all(self, failed: Failed) -> None:
        _fail(self._gathering.leave(inf), failed)


_HINTS = {
    Code.TIMED_OUT: "ask for less, or in smaller pages",
    Code.UNAVAILABLE: "ask again in a moment",
    Code.INTERNAL: "report this with the time of your request",
}


def _code(error: BaseException) -> Code:
    return next((code for kinds, code in _CLASSES if isinstance(error, kinds)), Code.INTERNAL)


def _fail(calls: Sequence[Waiting], failed: Failed) -> None:
    for call in calls:
        call.fail(failed)


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
    hindrance: str | None = None
    """Why it could not be opened, for anybody."""
    line: str | None = None
    """The same, for the log."""
    left: float = -inf
    """When it left, by the loop's clock, while it is out."""
    took: float | None = None
    """Seconds its last ride took; none when its statement was new to it, and had to be planned first."""
    idle: "asyncio.Future[None] | None" = None
    """What the lane rests on, until it is woken or lost."""

    @property
    def usable(self) -> bool:
        return self.connection is not None and not self.connection.is_closed()

    async def open(self) -> bool:
        """Whether it could be opened, as the gateway's own role and durable."""
        try:
            self.connection = await self._connect()
            await self._check_durable()
            await self._check_tables()
            self.hindrance = self.line = None
        except Unfit as unfit:
            self.hindrance = self.line = str(unfit)
            await self.close()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError, ValueError) as error:
            # Its kind alone, for its message may hold a value.
            self.hindrance, self.line = _UNREACHED, f"{_UNREACHED}: {type(error).__name__}"
            await self.close()
        finally:
            self.tried.set()
        if self.connection is None:
            return False
        self.connection.add_log_listener(self._hear)
        self.connection.add_termination_listener(self._lost)
        return True

    async def _connect(self) -> Any:
        try:
            return await asyncpg.connect(
                self.roads.database,
                timeout=5,
                command_timeout=None,
                statement_cache_size=0,
                server_settings=session(self.roads.timeout),
            )
        except asyncpg.InvalidParameterValueError:
            raise Unfit(f"the database has no role `{GATEWAY_ROLE}` yet: run `veil migrate`") from None
        except asyncpg.InsufficientPrivilegeError:
            raise Unfit(f"the database's login may not work as `{GATEWAY_ROLE}`: grant it that role") from None

    async def _check_durable(self) -> None:
        if await self.connection.fetchval("show fsync") != "on":
            raise Unfit("the database would not make records durable: turn its `fsync` on")

    async def _check_tables(self) -> None:
        applied = False
        with suppress(asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
            applied = await self.connection.fetchval(_APPLIED, self.roads.tables)
        if not applied:
            raise Unfit("the database's tables are older than this gateway: run `veil migrate`")

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
        known = self._prepared.recall(statement)
        prepared = known or await self._prepare(statement)
        self._warned = False
        # A column without values goes as no array at all, which `unnest` fills up: each element costs the driver time.
        columns = (None if column.count(None) == len(rows) else column for column in zip(*rows, strict=True))
        began = perf_counter()
        answered = await prepared.fetch(*columns, timeout=self.roads.timeout + 1)
        self.took = perf_counter() - began if known else None
        if self._warned:
            raise Undurable
        answers: list[bytes] = [b""] * len(rows)
        for n, answer in answered:
            answers[n - 1] = answer
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


_connection = attrgetter("connection")


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
