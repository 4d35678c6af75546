"""Opens a connection that is what it is believed to be: its settings are made, and read back.

Between the gateway and PostgreSQL may stand a pooler that drops settings, or that gives each transaction another
session of PostgreSQL. With `VEIL_POOLER=session` the connection must lead to one session of its own: that is proven
before anything is set. With `VEIL_POOLER=transaction` every transaction makes its own settings and checks them.
"""

import enum
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import asyncpg

from gateway.database.address import Address, Pooler
from resolvers.sql.pieces import Sql, constant, join, sql

_STEP_SECONDS = 5
"""How long each step may take."""

_ROUNDS = 3
"""How often another connection is tried beside this one, to see whether they share a session."""

_BACKEND = "select pg_backend_pid()"

_SET = "select set_config(name, value, $3) from unnest($1::text[], $2::text[]) as setting (name, value)"

_TAKE_ROLE = "select set_config('role', $1, $2)"

_READ_BACK = """\
select name, coalesce(current_setting(name, true), '') from unnest($1::text[]) as setting (name)"""

_STANDBYS = "synchronous_standby_names"

_MIGRATED = "select not exists (select unnest($1::text[]) except select name from veil.migration)"


class Use(enum.Enum):
    """What a session is for. One that reads can write nothing; one that records can read nothing of the marketplace.

    One that changes can write the columns that mutations name, and the record of that.
    """

    READ = "read"
    RECORD = "record"
    CHANGE = "change"


_READ_ONLY = "the database is read-only: a standby, or its `default_transaction_read_only` is on"

_STANDBY = "the database is a standby"

_SERVER: Mapping[Use, tuple[Literal["primary", "read-write"], str]] = {
    Use.READ: ("primary", _STANDBY),
    Use.RECORD: ("read-write", _READ_ONLY),
    Use.CHANGE: ("read-write", _READ_ONLY),
}
"""Of several servers, the one to connect to; and what is wrong if there is none."""

_DURABLE: Mapping[str, tuple[str, str]] = {
    "fsync": ("on", "the database would not make records durable: turn its `fsync` on"),
    "transaction_read_only": ("off", _READ_ONLY),
    "server_encoding": ("UTF8", "the database's encoding is not UTF8: make one that is"),
}

_REQUIRED: Mapping[Use, Mapping[str, tuple[str, str]]] = {
    Use.READ: {
        "in_hot_standby": ("off", _STANDBY),
        "server_encoding": ("UTF8", "the database's encoding is not UTF8: make one that is"),
    },
    Use.RECORD: _DURABLE,
    Use.CHANGE: _DURABLE,
}
"""What must hold and a session cannot set: its value, and what is wrong otherwise."""

NOT_REPLICATED = (
    "VEIL_DURABLE=standby, and the ledger has no synchronous standby: set `synchronous_standby_names` there, "
    "or VEIL_DURABLE=local"
)

SHARED = "the pooler gives each transaction another session: let it pool by session, or set VEIL_POOLER=transaction"


NOTHING_TO_COMPARE = "the pooler has no session to spare: let it have one more than all gateways hold"


class NotUsable(Exception):
    """The database can be reached and not be used; the message says what to change."""


class PreparedStatement(Protocol):
    """What a session needs of the driver's prepared statement."""

    async def fetch(self, *values: Any, timeout: float) -> Sequence[Any]: ...  # noqa: ASYNC109 - the driver's own


class DriverConnection(Protocol):
    """What a session needs of the driver's connection."""

    async def execute(self, query: str, *values: Any, timeout: float | None = None) -> str: ...  # noqa: ASYNC109 - the driver's own

    async def fetch(self, query: str, *values: Any) -> Sequence[Any]: ...

    async def fetchval(self, query: str, *values: Any) -> Any: ...

    async def prepare(self, query: str, *, name: str, timeout: float) -> PreparedStatement: ...  # noqa: ASYNC109 - the driver's own

    def transaction(self) -> AbstractAsyncContextManager[Any]: ...

    def get_server_pid(self) -> int: ...

    def add_log_listener(self, callback: Callable[..., None]) -> None: ...

    def add_termination_listener(self, callback: Callable[..., None]) -> None: ...

    def is_closed(self) -> bool: ...

    def terminate(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a connection must be."""

    address: Address
    pooler: Pooler
    use: Use
    settings: Mapping[str, str]
    """As PostgreSQL shows them, `role` among them."""
    required_migrations: tuple[str, ...]
    needs_standby: bool = False
    """Whether what is committed must reach a synchronous standby."""


async def open_connection(standing: Standing) -> DriverConnection:
    """Raises `NotUsable`, or whatever the driver makes of what answers there."""
    connection = await _connected(standing)
    try:
        match standing.pooler:
            case Pooler.SESSION:
                await _check_that_it_has_a_session_of_its_own(connection, standing)
                async with connection.transaction():
                    await _make_settings(connection, standing)
                async with connection.transaction():
                    await _check(connection, standing)
            case Pooler.TRANSACTION:
                async with connection.transaction():
                    await _make_settings(connection, standing)
                    await _check(connection, standing)
    except BaseException:
        connection.terminate()
        raise
    return connection


async def _connected(standing: Standing) -> DriverConnection:
    wanted, otherwise = _SERVER[standing.use]
    try:
        return await asyncpg.connect(
            standing.address.url,
            timeout=standing.address.connect_timeout,
            command_timeout=_STEP_SECONDS,
            statement_cache_size=0,
            server_settings={"application_name": "veil"},
            # Behind a pooler the driver would ask outside of any transaction, and each of its steps another session.
            target_session_attrs=wanted if standing.pooler is Pooler.SESSION else "any",
        )
    except asyncpg.TargetServerAttributeNotMatched:
        raise NotUsable(otherwise) from None


# A session of its own.


async def _check_that_it_has_a_session_of_its_own(connection: DriverConnection, standing: Standing) -> None:
    """Raises `NotUsable`, also when nothing is proven in time.

    PostgreSQL itself names its process when a connection begins; a pooler names another. Behind one, a second
    connection that holds a session either holds this one's, or keeps it from having the same again. Without a second
    one, a pooler that takes sessions in turn gives another one each time.
    """
    own = await _backend(connection)
    if own == connection.get_server_pid():
        return
    other = await _other(standing)
    try:
        for _ in range(_ROUNDS):
            if own == await _hold(other):
                raise NotUsable(SHARED)
            await _compare(connection, own)
            await other.execute("commit")
            await _compare(connection, own)
    finally:
        other.terminate()


async def _other(standing: Standing) -> DriverConnection:
    try:
        return await _connected(standing)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        raise NotUsable("the pooler takes no second connection, which would show how it shares sessions") from None


async def _hold(connection: DriverConnection) -> int:
    """Raises `NotUsable` if no session is given to it in time."""
    try:
        await connection.execute("begin")
        return await connection.fetchval(_BACKEND)
    except TimeoutError:
        raise NotUsable(NOTHING_TO_COMPARE) from None


async def _compare(connection: DriverConnection, own: int) -> None:
    """Raises `NotUsable` if it is given another session, or must wait for one: then it has none of its own."""
    try:
        for _ in range(2):
            if own != await _backend(connection):
                raise NotUsable(SHARED)
    except TimeoutError:
        raise NotUsable(SHARED) from None


async def _backend(connection: DriverConnection) -> int:
    async with connection.transaction():
        return await connection.fetchval(_BACKEND)


# Settings.


async def _make_settings(connection: DriverConnection, standing: Standing) -> None:
    role, is_local = standing.settings["role"], standing.pooler is Pooler.TRANSACTION
    try:
        await connection.fetchval(_TAKE_ROLE, role, is_local)
    except asyncpg.InvalidParameterValueError:
        raise NotUsable(f"the database has no role `{role}` yet: run `veil migrate`") from None
    except asyncpg.InsufficientPrivilegeError:
        raise NotUsable(f"the database's login may not work as `{role}`: grant it that role") from None
    await connection.fetch(_SET, list(standing.settings), list(standing.settings.values()), is_local)


async def _check(connection: DriverConnection, standing: Standing) -> None:
    """Reads back what the session stands on. Raises `NotUsable`."""
    required = _REQUIRED[standing.use]
    names = [*standing.settings, *required, _STANDBYS]
    found: Mapping[str, str] = dict(await connection.fetch(_READ_BACK, names))
    for name, (value, problem) in required.items():
        if found[name] != value:
            raise NotUsable(problem)
    if standing.needs_standby and not found[_STANDBYS]:
        raise NotUsable(NOT_REPLICATED)
    for name, value in standing.settings.items():
        if found[name] != value:
            raise NotUsable(f"the session's {name} is {found[name]}, not {value}: the pooler drops settings")
    migrated = False
    with suppress(asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
        migrated = await connection.fetchval(_MIGRATED, standing.required_migrations)
    if not migrated:
        raise NotUsable("the database's tables are older than this gateway: run `veil migrate`")


def transaction_settings(settings: Mapping[str, str], use: Use) -> Sql:
    """Begins a transaction, makes its settings, and divides by zero if one of them is another: one round trip."""
    is_read_only = constant("on" if use is Use.READ else "off")
    made = (
        sql("set_config({}, {}, true) = {}", constant(name), constant(value), constant(value))
        for name, value in settings.items()
    )
    return sql(
        "{}; select 1 / ({} and current_setting('transaction_read_only') = {})::integer",
        sql("begin read only" if use is Use.READ else "begin"),
        join(" and ", made),
        is_read_only,
    )
