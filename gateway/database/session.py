"""A session: one connection to PostgreSQL, as the gateway's role, and the statements prepared on it.

The only room that talks to the driver. Of what the driver or the database says nothing leaves it but a code.
It gives no answer before the database has confirmed that the record is durable. A warning is no confirmation.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from resolvers.cache import LRUCache
from resolvers.sql.render import PlanRecord, Statement
from schema.refusals import Code

GATEWAY_ROLE = "veil_gateway"
"""The database role of every session: it reads the columns of the catalog, adds records, and no more."""

_PREPARED = 500
"""Statements of the usual size that a session keeps prepared."""

_STORED = 10_000
"""Plans that a session remembers to have stored. A plan it forgot is stored again, which changes nothing."""

_STORE_PLAN = """\
insert into veil.access_plan (id, role, purpose, policy, operation, document, fields)
values ($1, $2, $3, $4, $5, $6, $7::text::jsonb) on conflict (id) do nothing"""

UNREACHED = "the database cannot be reached"

_OPENING = 5
"""Seconds that each step of opening a session may take."""

_TAKE_ROLE = "select set_config('role', $1, false)"

_APPLIED = "select not exists (select unnest($1::text[]) except select name from veil.migration)"

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


class NotDurable(Exception):
    """The database warned while a record was being made durable."""


class NotUsable(Exception):
    """The database can be reached and not be used; the message says what to change."""


class BatchFailed(Exception):
    """A batch was not answered."""

    def __init__(self, code: Code) -> None:
        super().__init__(code.name)
        self.code = code


class PreparedStatement(Protocol):
    """What a session needs of the driver's prepared statement."""

    async def fetch(self, *values: Any, timeout: float) -> Sequence[Any]: ...  # noqa: ASYNC109 - the driver's own


class DriverConnection(Protocol):
    """What a session needs of the driver's connection."""

    async def execute(self, query: str, *values: Any, timeout: float) -> str: ...  # noqa: ASYNC109 - the driver's own

    async def fetchval(self, query: str, *values: Any) -> Any: ...

    async def prepare(self, query: str, *, name: str, timeout: float) -> PreparedStatement: ...  # noqa: ASYNC109 - the driver's own

    def add_log_listener(self, callback: Callable[..., None]) -> None: ...

    def add_termination_listener(self, callback: Callable[..., None]) -> None: ...

    def is_closed(self) -> bool: ...

    def terminate(self) -> None: ...


@dataclass(slots=True, eq=False)
class Session:
    """One connection, and what is prepared on it."""

    database: str
    timeout: float
    """Seconds a batch may take."""
    required_migrations: tuple[str, ...]
    """The migrations that must have been applied."""
    on_closed: Callable[[], None] = lambda: None
    """Called when the connection is closed from elsewhere."""
    attempted: asyncio.Event = field(default_factory=asyncio.Event)
    unavailable_reason: str | None = None
    """Why it could not be opened, for anybody."""
    log_line: str | None = None
    """The same, for the log."""
    last_seconds: float | None = None
    """Seconds the last batch took; none if its statement had to be prepared first."""
    _connection: DriverConnection | None = None
    _prepared: LRUCache[Statement, PreparedStatement] = field(default_factory=lambda: LRUCache(_PREPARED))
    _stored_plans: LRUCache[UUID, UUID] = field(default_factory=lambda: LRUCache(_STORED))
    _prepared_count: int = 0
    _was_warned: bool = False

    @property
    def _client_timeout(self) -> float:
        """Seconds after which the database, which ends a statement sooner, says nothing any more."""
        return self.timeout + 1

    @property
    def is_usable(self) -> bool:
        return self._connection is not None and not self._connection.is_closed()

    async def open(self) -> bool:
        """Whether it could be opened, as the gateway's own role, over tables as they must be, and durable."""
        self.close()
        connection: DriverConnection | None = None
        try:
            connection = await self._connected()
            await self._check(connection)
            self._connection = connection
            self.unavailable_reason = self.log_line = None
        except NotUsable as problem:
            self.unavailable_reason = self.log_line = str(problem)
        except Exception as error:  # noqa: BLE001 - whatever the driver makes of what answers there
            # Its kind alone, for its message may hold a value.
            self.unavailable_reason, self.log_line = UNREACHED, f"{UNREACHED}: {type(error).__name__}"
        finally:
            self.attempted.set()
            if connection and not self._connection:
                connection.terminate()
        if self._connection is None:
            return False
        self._connection.add_log_listener(self._on_warning)
        self._connection.add_termination_listener(self._on_terminated)
        return True

    async def _connected(self) -> DriverConnection:
        settings = session_settings(self.timeout)
        role = settings.pop("role")
        connection: DriverConnection = await asyncpg.connect(
            self.database,
            timeout=_OPENING,
            command_timeout=_OPENING,
            statement_cache_size=0,
            server_settings=settings,
        )
        try:
            await _take_role(connection, role)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _check(self, connection: DriverConnection) -> None:
        if await connection.fetchval("show fsync") != "on":
            raise NotUsable("the database would not make records durable: turn its `fsync` on")
        applied = False
        with suppress(asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
            applied = await connection.fetchval(_APPLIED, self.required_migrations)
        if not applied:
            raise NotUsable("the database's tables are older than this gateway: run `veil migrate`")

    def _on_terminated(self, connection: Any) -> None:
        # An earlier connection's end is reported late.
        if connection is self._connection:
            self.on_closed()

    def _on_warning(self, _connection: Any, _message: Any) -> None:
        self._was_warned = True

    def close(self) -> None:
        connection, self._connection = self._connection, None
        self._prepared.clear()
        self._stored_plans.clear()
        if connection is not None:
            connection.terminate()

    async def execute(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> list[bytes]:
        """The answers to the calls, in their order. Raises `BatchFailed` with TIMED_OUT, UNAVAILABLE or INTERNAL."""
        try:
            return await self._answers(statement, rows)
        except Exception as error:  # noqa: BLE001 - whatever the driver raises becomes a code, and nothing of it leaves
            if isinstance(error, TimeoutError):
                # A database that still answers would have ended the statement itself, a second ago.
                self.close()
            raise BatchFailed(_code(error)) from None

    async def _answers(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> list[bytes]:
        known = self._prepared.get(statement)
        prepared = known or await self._prepare(statement)
        self._was_warned = False
        # A column without values goes as no array at all, which `unnest` fills up: each element costs the driver time.
        columns = (None if column.count(None) == len(rows) else column for column in zip(*rows, strict=True))
        began = perf_counter()
        answered = await prepared.fetch(*columns, timeout=self._client_timeout)
        self.last_seconds = perf_counter() - began if known else None
        if self._was_warned:
            raise NotDurable
        answers: list[bytes] = [b""] * len(rows)
        for n, answer in answered:
            answers[n - 1] = answer
        return answers

    async def _prepare(self, statement: Statement) -> PreparedStatement:
        connection = self._open_connection()
        if statement.plan and not self._stored_plans.get(statement.plan.id):
            await self._store(connection, statement.plan)
        # Without a name the driver would have it parsed and planned anew for each batch.
        self._prepared_count += 1
        name = f"veil_{self._prepared_count}"
        prepared = await connection.prepare(statement.sql, name=name, timeout=self._client_timeout)
        self._prepared.put(statement, prepared, size=statement.size)
        return prepared

    def _open_connection(self) -> DriverConnection:
        if self._connection is None:
            raise asyncpg.InterfaceError("the connection is closed")
        return self._connection

    async def _store(self, connection: DriverConnection, plan: PlanRecord) -> None:
        """Invariant: a record's plan is there before the record."""
        values = (plan.id, plan.role, plan.purpose, plan.policy, plan.operation, plan.document, plan.fields)
        await connection.execute(_STORE_PLAN, *values, timeout=self._client_timeout)
        self._stored_plans.put(plan.id, plan.id)


def _code(error: Exception) -> Code:
    code = next((code for kinds, code in _CLASSES if isinstance(error, kinds)), Code.INTERNAL)
    if code is Code.INTERNAL:
        # Its kind alone, for its message may hold a value.
        logging.getLogger(__name__).error("a batch failed: %s", type(error).__name__)
    return code


async def _take_role(connection: DriverConnection, role: str) -> None:
    """A step of its own, because its error codes may mean something else while connecting."""
    try:
        await connection.fetchval(_TAKE_ROLE, role)
    except asyncpg.InvalidParameterValueError:
        raise NotUsable(f"the database has no role `{role}` yet: run `veil migrate`") from None
    except asyncpg.InsufficientPrivilegeError:
        raise NotUsable(f"the database's login may not work as `{role}`: grant it that role") from None


def session_settings(timeout: float) -> dict[str, str]:
    """What holds for every session of the gateway's role, whatever the server's defaults are."""
    return {
        "application_name": "veil",
        "role": GATEWAY_ROLE,
        # Last, or a temporary table would stand for one of the marketplace's.
        "search_path": "marketplace, veil, pg_catalog, pg_temp",
        "synchronous_commit": "on",
        # Else a warning that a record may not be durable would never come.
        "client_min_messages": "warning",
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
