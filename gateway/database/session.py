"""A session: one connection to PostgreSQL, as the role of its use, and the statements prepared on it.

Of what the driver or the database says nothing leaves this room but a code.
It gives no answer before the database has confirmed that the record is durable. A warning is no confirmation.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg

from gateway.database.address import Pooler
from gateway.database.opening import (
    DriverConnection,
    NotUsable,
    PreparedStatement,
    Standing,
    Use,
    open_connection,
    transaction_settings,
)
from resolvers.cache import LRUCache
from resolvers.sql.pieces import name
from resolvers.sql.render import PlanRecord, Statement
from schema.refusals import Code, Failed, Refused

GATEWAY_ROLE = "veil_gateway"
"""The database role of every session that reads: it reads the columns of the catalog, and no more."""

LEDGER_ROLE = "veil_ledger"
"""The database role of every session that records: it adds records and their plans, and no more."""

WRITER_ROLE = "veil_writer"
"""The database role of every session that changes: it writes the columns that mutations name, and records that."""

_ROLES = {Use.READ: GATEWAY_ROLE, Use.RECORD: LEDGER_ROLE, Use.CHANGE: WRITER_ROLE}

ReturnedRow = Mapping[str, Any]
"""A row of an answer, by column. `n` is the number of the call that it answers."""

Work = tuple[Statement, Sequence[Any]]
"""A statement, and the values of one call."""

Fetch = Callable[[Statement, Sequence[Any]], Awaitable[ReturnedRow | None]]
"""Runs a statement in a transaction; what it returns."""

Making = Callable[[Fetch], Awaitable[Work | None]]
"""Makes a change, and gives the statement that records it; none where its record is elsewhere."""

_PREPARED = 500
"""Statements of the usual size that a session keeps prepared."""

_STORED = 10_000
"""Plans that a session remembers to have stored. A plan it forgot is stored again, which changes nothing."""

_STORE_PLANS = """\
insert into veil.access_plan (id, role, purpose, policy, operation, document, fields, classes)
select id, role, purpose, policy, operation, document, fields::jsonb, classes::jsonb
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    as plan (id, role, purpose, policy, operation, document, fields, classes)
on conflict (id) do nothing"""

_COUNT_PLANS = "select count(*) from veil.access_plan where id = any($1::uuid[])"

UNREACHED = "the database cannot be reached"


class NotStored(Exception):
    """The database does not have a plan that was stored."""


class SettingsChanged(Exception):
    """A transaction does not have the settings that were made for it."""


_ENDED = (
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.IdleSessionTimeoutError,
    OSError,
    # The server was demoted, or is to be read only: another connection may find one that is not.
    asyncpg.ReadOnlySQLTransactionError,
    # The session of PostgreSQL is another than before.
    asyncpg.InvalidSQLStatementNameError,
    asyncpg.DuplicatePreparedStatementError,
    SettingsChanged,
    # A database that still answers would have ended the statement itself, a second before the driver did.
    TimeoutError,
)
"""What a session does not outlive."""

_CHANGED = (
    # A table, column or function is missing, of another type, or not to be read (class 42).
    asyncpg.SyntaxOrAccessError,
    asyncpg.FeatureNotSupportedError,
)
"""What a session meets where tables were changed while it serves. Readiness says which."""

_UNREADABLE = (
    # A value that its type does not take, or that an expression of the package makes nothing of (class 22).
    asyncpg.DataError,
    # Several rows for one id (class 21).
    asyncpg.CardinalityViolationError,
)
"""What a session meets where rows are not such as the marketplace's package says. `veil check` says which."""

_TOO_LARGE = (asyncpg.StringDataRightTruncationError, asyncpg.NumericValueOutOfRangeError)
"""What a session that changes meets where a column is too small for what is written."""

_CLASSES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Code], ...] = (
    ((asyncpg.QueryCanceledError, TimeoutError), Code.TIMED_OUT),
    (_UNREADABLE, Code.UNREADABLE),
    (
        (
            *_ENDED,
            asyncpg.InterfaceError,
            asyncpg.OperatorInterventionError,
            asyncpg.InsufficientResourcesError,
            asyncpg.InvalidAuthorizationSpecificationError,
            asyncpg.InvalidCatalogNameError,
            # The record is there: a lost session had committed it, and its answer is lost.
            asyncpg.UniqueViolationError,
            *_CHANGED,
        ),
        Code.UNAVAILABLE,
    ),
)

_REFUSED_RECORDS = (NotStored, asyncpg.FeatureNotSupportedError, asyncpg.InsufficientPrivilegeError)
"""What a session that records meets where a rule, row security or a revoked grant stands in its way."""


class Abandoned(Exception):
    """A transaction is to end without a change, and that is nobody's failure."""


class NotDurable(Exception):
    """The database warned while a record was being made durable."""


class BatchFailed(Exception):
    """A batch was not answered."""

    def __init__(self, code: Code, cause: str) -> None:
        super().__init__(code.name)
        self.code = code
        self.cause = cause
        """The kind of error, with the database's code for it."""


@dataclass(slots=True, eq=False)
class Session:
    """One connection, and what is prepared on it."""

    standing: Standing
    """What its connection must be."""
    timeout: float
    """Seconds a batch may take."""
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
    _begin: str = field(init=False)
    """Begins a transaction with its settings."""

    def __post_init__(self) -> None:
        self._begin = transaction_settings(self.standing.settings, self.standing.use).text

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
        try:
            connection = await open_connection(self.standing)
        except NotUsable as problem:
            self.unavailable_reason = self.log_line = str(problem)
        except Exception as error:  # noqa: BLE001 - whatever the driver makes of what answers there
            # Its kind alone, for its message may hold a value.
            self.unavailable_reason, self.log_line = UNREACHED, f"{UNREACHED}: {type(error).__name__}"
        else:
            self.unavailable_reason = self.log_line = None
            self._connection = connection
            connection.add_log_listener(self._on_warning)
            connection.add_termination_listener(self._on_terminated)
        finally:
            self.attempted.set()
        return self._connection is not None

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

    async def execute(
        self, statement: Statement, rows: Sequence[Sequence[Any]], plans: Iterable[PlanRecord] = ()
    ) -> list[ReturnedRow | None]:
        """The rows that answer the calls, in their order. The plans are stored before.

        Raises `BatchFailed` with TIMED_OUT, UNREADABLE, UNAVAILABLE or INTERNAL.
        """
        try:
            return await self._answers(statement, rows, self._unknown(plans))
        except Exception as error:  # noqa: BLE001 - whatever the driver raises becomes a code, and nothing of it leaves
            raise BatchFailed(await self._recover(error), _cause(error)) from None

    def _unknown(self, plans: Iterable[PlanRecord]) -> Sequence[PlanRecord]:
        """Those that are not known to be stored."""
        return [plan for plan in plans if not self._stored_plans.get(plan.id)]

    async def _answers(
        self, statement: Statement, rows: Sequence[Sequence[Any]], plans: Sequence[PlanRecord]
    ) -> list[ReturnedRow | None]:
        # A column without values goes as no array at all, which `unnest` fills up: each element costs the driver time.
        # The first goes in any case, for it says how many calls there are.
        first, *others = zip(*rows, strict=True)
        columns = (first, *(None if column.count(None) == len(rows) else column for column in others))
        match self.standing.pooler:
            case Pooler.SESSION:
                answered = await self._run(statement, columns, plans)
            case Pooler.TRANSACTION:
                async with asyncio.timeout(self._client_timeout):
                    answered = await self._run_in_transaction(statement, columns, plans)
        if self._was_warned:
            raise NotDurable
        for plan in plans:
            self._stored_plans.put(plan.id, plan.id)
        answers: list[ReturnedRow | None] = [None] * len(rows)
        for row in answered:
            answers[row["n"] - 1] = row
        return answers

    async def _recover(self, error: Exception) -> Code:
        """Closes the session if it cannot go on; the code of what went wrong."""
        refused = self.standing.use is not Use.READ and isinstance(error, _REFUSED_RECORDS)
        code = Code.UNAVAILABLE if refused else _code(error)
        if code is Code.UNREADABLE and self.standing.use is Use.RECORD:
            # It reads no rows of the marketplace.
            code = Code.INTERNAL
        if isinstance(error, _ENDED) or not self.is_usable:
            self.close()
            return code if code is Code.TIMED_OUT else Code.UNAVAILABLE
        if self._connection and self.standing.pooler is Pooler.TRANSACTION:
            await self._roll_back(self._connection)
        return code

    async def _roll_back(self, connection: DriverConnection) -> None:
        try:
            await connection.execute("rollback", timeout=self._client_timeout)
        except Exception:  # noqa: BLE001 - whatever it is, the transaction may not have ended
            self.close()

    # A change and its record, in a transaction.

    async def change(self, make: Making, plan: PlanRecord) -> None:
        """Does what `make` does, with the record that it gives, in one transaction.

        Whatever `make` raises ends the transaction, and nothing is changed. Raises `BatchFailed` with TIMED_OUT,
        UNREADABLE, UNAVAILABLE or INTERNAL, and `Refused` where the database itself does not take what is written.
        If it raises `BatchFailed` after `make` has returned, the change may have been made.
        """
        try:
            async with asyncio.timeout(self._client_timeout):
                await self._change(make, plan)
        except asyncio.CancelledError:
            self.close()
            raise
        except (Refused, Failed, Abandoned):
            await self._roll_back(self._open_connection())
            raise
        except asyncpg.IntegrityConstraintViolationError as error:
            await self._roll_back(self._open_connection())
            if getattr(error, "schema_name", None) == "veil":
                raise BatchFailed(Code.UNAVAILABLE, _cause(error)) from None
            raise Refused(Code.ARGUMENT, "the marketplace's tables do not take these values together") from None
        except _TOO_LARGE:
            await self._roll_back(self._open_connection())
            raise Refused(Code.ARGUMENT, "the marketplace's tables do not take so large a value") from None
        except Exception as error:  # noqa: BLE001 - whatever the driver raises becomes a code, and nothing of it leaves
            code = await self._recover(error)
            # What is left of a transaction ends with its session.
            self.close()
            raise BatchFailed(code, _cause(error)) from None

    async def _change(self, make: Making, plan: PlanRecord) -> None:
        connection = self._open_connection()
        self._was_warned = False
        # In a session of its own the settings were made when it was opened.
        begin = "begin" if self.standing.pooler is Pooler.SESSION else self._begin
        try:
            await connection.execute(begin, timeout=self._client_timeout)
        except asyncpg.DivisionByZeroError:
            raise SettingsChanged from None
        record = await make(self._fetch_one)
        if record is not None and self._unknown([plan]):
            await store_plans(connection, [plan], timeout=self._client_timeout)
        if record is not None and await self._fetch_one(*record) is None:
            raise NotStored
        if await connection.execute("commit", timeout=self._client_timeout) != "COMMIT" or self._was_warned:
            raise NotDurable
        if record is not None:
            self._stored_plans.put(plan.id, plan.id)

    async def _fetch_one(self, statement: Statement, values: Sequence[Any]) -> ReturnedRow | None:
        """What a statement returns for one call."""
        if self.standing.pooler is Pooler.SESSION:
            prepared = self._prepared.get(statement) or await self._prepare(statement)
        else:
            prepared = await self._open_connection().prepare(statement.sql, name="", timeout=self._client_timeout)
        rows = await prepared.fetch(*([value] for value in values), timeout=self._client_timeout)
        return rows[0] if rows else None

    # In a session of its own.

    async def _run(
        self, statement: Statement, columns: Iterable[Any], plans: Sequence[PlanRecord]
    ) -> Sequence[ReturnedRow]:
        if plans:
            await store_plans(self._open_connection(), plans, timeout=self._client_timeout)
        known = self._prepared.get(statement)
        prepared = known or await self._prepare(statement)
        self._was_warned = False
        began = perf_counter()
        answered = await prepared.fetch(*columns, timeout=self._client_timeout)
        self.last_seconds = perf_counter() - began if known else None
        return answered

    async def _prepare(self, statement: Statement) -> PreparedStatement:
        connection = self._open_connection()
        # Without a name the driver would have it parsed and planned anew for each batch. By its digest the name can
        # mean no other statement, in whatever session. The number is for one that is prepared again.
        self._prepared_count += 1
        name = f"veil_{sha256(statement.sql.encode()).hexdigest()[:32]}_{self._prepared_count}"
        prepared = await connection.prepare(statement.sql, name=name, timeout=self._client_timeout)
        self._prepared.put(statement, prepared, size=statement.size)
        return prepared

    # In any session that a pooler gives for a transaction.

    async def _run_in_transaction(
        self, statement: Statement, columns: Iterable[Any], plans: Sequence[PlanRecord]
    ) -> Sequence[ReturnedRow]:
        connection = self._open_connection()
        self._was_warned = False
        try:
            await connection.execute(self._begin, timeout=self._client_timeout)
        except asyncpg.DivisionByZeroError:
            raise SettingsChanged from None
        if plans:
            await store_plans(connection, plans, timeout=self._client_timeout)
        prepared = await connection.prepare(statement.sql, name="", timeout=self._client_timeout)
        began = perf_counter()
        answered = await prepared.fetch(*columns, timeout=self._client_timeout)
        self.last_seconds = perf_counter() - began
        if await connection.execute("commit", timeout=self._client_timeout) != "COMMIT":
            raise NotDurable
        return answered

    def _open_connection(self) -> DriverConnection:
        if self._connection is None:
            raise asyncpg.InterfaceError("the connection is closed")
        return self._connection


async def store_plans(connection: Any, plans: Sequence[PlanRecord], *, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the driver's own
    """Invariant: a record's plan is there before the record. A plan that is there already stays. Raises `NotStored`.

    Every session stores them in the same order: two that store the same plans would else wait for each other.
    """
    in_order = sorted({plan.id: plan for plan in plans}.values(), key=lambda plan: plan.id)
    values = [
        (plan.id, plan.role, plan.purpose, plan.policy, plan.operation, plan.document, plan.fields, plan.classes)
        for plan in in_order
    ]
    ids, *others = zip(*values, strict=True)
    await connection.execute(_STORE_PLANS, ids, *others, timeout=timeout)
    if await connection.fetchval(_COUNT_PLANS, ids, timeout=timeout) != len(ids):
        raise NotStored


def _code(error: Exception) -> Code:
    code = next((code for kinds, code in _CLASSES if isinstance(error, kinds)), Code.INTERNAL)
    if code is Code.INTERNAL or isinstance(error, _CHANGED):
        # Its kind alone, for its message may hold a value.
        logging.getLogger(__name__).error("a batch failed: %s", type(error).__name__)
    return code


def _cause(error: Exception) -> str:
    """Its kind and its code alone, for its message may hold a value."""
    return f"{type(error).__name__} {getattr(error, 'sqlstate', None) or ''}".rstrip()


def session_settings(timeout: float, use: Use, schema: str) -> dict[str, str]:
    """The settings of every session, as PostgreSQL shows them, whatever the server's defaults are.

    `schema` has the tables that the marketplace names without one.
    """
    reads = use is Use.READ
    # A session that records leaves this to the server: an operator may make the database read-only.
    read_only = {"default_transaction_read_only": "on"} if reads else {}
    return read_only | {
        "application_name": "veil",
        "role": _ROLES[use],
        # Last, or a temporary table would stand for one of the marketplace's.
        "search_path": (
            "veil, pg_catalog, pg_temp" if use is Use.RECORD else f"{name(schema).text}, veil, pg_catalog, pg_temp"
        ),
        "synchronous_commit": "on",
        # Else a warning that a record may not be durable would never come.
        "client_min_messages": "warning",
        "statement_timeout": _shown(int(timeout * 1000)),
        "idle_in_transaction_session_timeout": "10s",
        "client_encoding": "UTF8",
        "timezone": "UTC",
        "datestyle": "ISO, MDY",
        "standard_conforming_strings": "on",
        "plan_cache_mode": "force_generic_plan",
        "jit": "off",
        # Rows are reached by laterals of one row each, of which hardly any comes twice.
        "enable_memoize": "off",
    }


def _shown(milliseconds: int) -> str:
    """As PostgreSQL shows a time: in the largest unit of which it is a whole number."""
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000)):
        if milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"
