"""Readiness: whether a read and a record can be done now, and what is lacking by name.

The database is asked what a read and a record need; nothing is written. Only after the database had no space for a
record is one written, and undone in the same statement. A database that is busy is ready all the same.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, LiteralString

from gateway.database.opening import Use
from gateway.database.pool import Pool
from gateway.identity.keys import KeySet
from gateway.ledger.ledger import Ledger
from gateway.mapped_columns import MappedPlace, made_statement, mapping_faults
from gateway.policy.breadth_limits import BreadthLimits
from gateway.policy.in_force import PolicyInForce
from gateway.policy.trusted import TrustedDocuments
from resolvers.sql.pieces import sql
from resolvers.sql.render import Statement
from schema.identities import IdType
from schema.refusals import Code, Failed

ASK_SECONDS: Final = 1.0
"""How long a check waits for the database."""

WATCH_SECONDS: Final = 1.0
"""Seconds between two looks at what is known without asking."""

CHECK_SECONDS: Final = 5.0
"""Seconds between two checks that nobody asked for, while the database is idle."""

_PROBE: Final = Statement(
    sql="""\
with call as (select * from unnest($1::boolean[], $2::text[]) with ordinality as call (records, needed, n))
select n, convert_to(lacking.reasons, 'UTF8') as json
from call cross join lateral (
    select coalesce(json_agg(reason)::text, '[]') as reasons from (
        select 'the database is a standby' as reason where pg_is_in_recovery()
        union all
        select 'the database is read-only'
        where records and not pg_is_in_recovery() and current_setting('transaction_read_only')::boolean
        union all
        select 'the grant to execute ' || split_part(function, '(', 1) || ' is missing: run `veil migrate`'
        from unnest(array['veil.json_text(text)', 'veil.redact(text)', 'veil.cursor(bytea, bytea, text)']) function
        where not records and has_function_privilege(to_regprocedure(function), 'execute') is not true
        union all
        select 'the grant to ' || privilege || ' ' || string_agg(column_name, ', ') || ' of ' || relation
            || ' is missing: run `veil migrate`'
        from json_to_recordset(needed::json) as needs (privilege text, relation text, column_name text)
        join pg_attribute on attrelid = to_regclass(relation) and attname = column_name and not attisdropped
        where has_column_privilege(attrelid, attnum, privilege) is not true
        group by privilege, relation
        union all
        select what || ' on veil.' || relname || ' can keep rows out of the log: remove it'
        from pg_class cross join lateral (
            select 'the trigger ' || tgname as what from pg_trigger
            where tgrelid = pg_class.oid and not tgisinternal and tgparentid = 0 and tgenabled <> 'D' and tgtype & 7 = 7 -- before a row's insert
            union all
            select 'the rule ' || rulename from pg_rewrite
            where ev_class = pg_class.oid and is_instead and ev_type = '3' and ev_enabled <> 'D' -- instead of an insert
            union all
            select 'row security' where relrowsecurity
        ) found
        where records and (pg_class.oid = to_regclass('veil.access_plan')
            or pg_class.oid in (select relid from pg_partition_tree(to_regclass('veil.access_record'))))
    ) each
) lacking""",
    plan=None,
    treatments=b"",
)

_SUBJECTS: Mapping[IdType, LiteralString] = {
    "bigint": "(random() * 1e15)::bigint",
    "integer": "(random() * 1e15)::bigint",
    "uuid": "gen_random_uuid()",
    "text": "gen_random_uuid()::text",
}
"""A data subject of chance, by the type of members' ids."""


def _trial(member: IdType) -> Statement:
    """Writes a large record and then divides by zero, so that nothing of it stays."""
    text = sql(
        """\
with call as (select * from unnest($1::boolean[]) with ordinality as call (is_tried, n)),
record as (
    insert into veil.access_record (id, policy, outcome, subjects)
    select gen_random_uuid(), 'none', 'UNAVAILABLE', array(select {} from generate_series(1, 900))
    from call returning id
)
select n, convert_to((1 / (select count(*) - count(*) from record))::text, 'UTF8') as json from call""",
        sql(_SUBJECTS[member]),
    ).text
    return Statement(sql=text, plan=None, treatments=b"")


_LEDGER: Final = "the ledger: "

_SEAL_LAG: Final = Statement(
    sql="""\
with call as (select * from unnest($1::boolean[]) with ordinality as call (asks, n))
select n, convert_to(coalesce(extract(epoch from clock_timestamp() - oldest.at), 0)::text, 'UTF8') as json
from call left join (
    select at from veil.access_record
    where at > coalesce((select max(at) from veil.checkpoint), '-infinity') order by at limit 1
) oldest on true""",
    plan=None,
    treatments=b"",
)

_UNDONE: Final = "DivisionByZeroError"


@dataclass(slots=True, kw_only=True, eq=False)
class Readiness:
    """Whether one worker is ready. However many ask, one check runs at a time."""

    keys: KeySet
    pool: Pool
    ledger: Ledger
    policy: PolicyInForce
    trusted: TrustedDocuments
    breadth: BreadthLimits
    misfits: Statement
    """Asks for what does not fit in the tables that a session reads: a list of sentences, as JSON."""
    mapped: Sequence[MappedPlace]
    """The columns that are made of others, and must be such that they can be."""
    privileges: Mapping[Use, Sequence[tuple[str, str, str]]]
    """What the role of a session needs, as (privilege, table, column), by what the session is for."""
    member_type: IdType
    """The type of members' ids in the log."""
    is_ending: Callable[[], bool]
    on_known: Callable[[str | None], None]
    """Called with what is lacking, or with none, after each look."""
    seal_lag: float = 0
    """The age in seconds of the oldest record that came after the last checkpoint, when the ledgers were last asked."""
    _misfitting: Sequence[str] = ()
    _lacking_in_database: Sequence[str] = ()
    _lacking_in_ledger: Sequence[str] = ()
    _has_no_space: bool = False
    _is_in_doubt: bool = False
    """Whether a request met tables that may not be such as the catalog says."""
    _check: asyncio.Task[None] | None = None
    _reported: str | None = None
    _needs: Mapping[Use, str] = field(init=False)
    _all_made: Statement = field(init=False)

    def __post_init__(self) -> None:
        self._all_made = made_statement(self.mapped)
        names = ("privilege", "relation", "column_name")
        self._needs = {
            use: json.dumps([dict(zip(names, each, strict=True)) for each in needed])
            for use, needed in self.privileges.items()
        }

    def request_ended(self, failure: Failed | None) -> None:
        """A request was recorded, or failed."""
        if failure is None:
            self._has_no_space = False
        elif failure.is_for_lack_of_space:
            self._has_no_space = True
        elif failure.is_of_tables:
            self._is_in_doubt = True

    def check_fit(self) -> None:
        """Raises `Failed` if the tables were not such as the catalog says when the database was last asked."""
        if self._misfitting:
            raise Failed(Code.UNAVAILABLE, "ask again once the gateway is ready: its tables are not as they should be")

    def lacking(self) -> str | None:
        """What is known to be lacking; none when the worker is ready."""
        if self.is_ending():
            return "the gateway shuts down"
        if not self.keys.ready:
            return "the key set cannot be fetched"
        if not self.pool.is_ready:
            return self.pool.unavailable_reason
        if not self.ledger.is_ready:
            return f"{_LEDGER}{self.ledger.unavailable_reason}"
        if self._has_no_space:
            return "the ledger has no space left for a record"
        if lacking := [*self._misfitting, *self._lacking_in_database, *self._lacking_in_ledger]:
            return "; ".join(lacking)
        if not self.policy.is_ready:
            return "no policy that can be read is in force"
        return None if self.trusted.is_ready else "the trusted documents are not read yet"

    async def check(self) -> str | None:
        """What is lacking, after asking the database."""
        if self._check is None or self._check.done():
            self._check = asyncio.create_task(self._ask())
        await asyncio.shield(self._check)
        return self._report()

    async def watch(self) -> None:
        """Reports what is lacking from time to time, for ever."""
        checked = time.monotonic()
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            await self._notice_policy()
            await self._notice_breadth()
            is_idle = not self.pool.busy_sessions and not self.pool.waiting_calls
            if self._is_in_doubt or (is_idle and time.monotonic() - checked >= CHECK_SECONDS):
                self._is_in_doubt = False
                await self.check()
                checked = time.monotonic()
            else:
                self._report()

    async def _ask(self) -> None:
        # A database that is busy is there all the same.
        with suppress(Failed, TimeoutError):
            async with asyncio.timeout(ASK_SECONDS):
                await self._ask_for_needs()
                await self.policy.refresh()
                await self.breadth.refresh()
                if not self.trusted.is_ready:
                    await self.trusted.refresh()
                if self._has_no_space:
                    self._has_no_space = not await self._can_record()
                self.seal_lag = await self._seal_lag()

    async def _seal_lag(self) -> float:
        """Of the log that lags most."""
        lags = [float(await pool.ask(_SEAL_LAG, True) or 0) for pool in self.ledger.pools if pool.is_ready]
        return max([0.0, *lags])

    async def _notice_policy(self) -> None:
        """A refusal reads nothing, so it is by the policy that the worker knows.

        While all sessions are busy, the requests under way notice a change by themselves.
        """
        if self.pool.busy_sessions >= self.pool.open_sessions:
            return
        with suppress(Failed, TimeoutError):
            async with asyncio.timeout(ASK_SECONDS):
                await self.policy.refresh()

    async def _notice_breadth(self) -> None:
        """Whoever is over a limit is noticed while all sessions are busy too."""
        with suppress(Failed, TimeoutError):
            async with asyncio.timeout(ASK_SECONDS):
                await self.breadth.refresh()

    async def _ask_for_needs(self) -> None:
        self._misfitting = json.loads(await self.pool.ask(self.misfits, True)) or await self._unmade()
        self._lacking_in_database = await self._lacking_in(self.pool, Use.READ)
        # A ledger that can take a record is enough.
        found = [await self._lacking_in(pool, Use.RECORD) for pool in self.ledger.pools if pool.is_ready]
        self._lacking_in_ledger = [f"{_LEDGER}{each}" for each in min(found, key=len, default=())]

    async def _unmade(self) -> Sequence[str]:
        """What is wrong with mapped columns."""

        async def attempt(statement: Statement) -> str | None:
            try:
                await self.pool.ask(statement, True)
            except Failed as failure:
                if not failure.is_of_tables:
                    raise
                return failure.cause
            return None

        return await mapping_faults(attempt, self._all_made, self.mapped)

    async def _lacking_in(self, pool: Pool, use: Use) -> Sequence[str]:
        try:
            return json.loads(await pool.ask(_PROBE, use is Use.RECORD, self._needs[use]))
        except Failed as failure:
            if failure.code is not Code.INTERNAL:
                raise
            return (f"the database refuses to be asked: {failure.cause}",)

    async def _can_record(self) -> bool:
        for pool in self.ledger.pools:
            try:
                await pool.ask(_trial(self.member_type), True)
            except Failed as failure:
                if (failure.cause or "").startswith(_UNDONE):
                    return True
        return False

    def _report(self) -> str | None:
        """Logs a change once, and hands on what is lacking."""
        lacking = self.lacking()
        if lacking != self._reported and not self.is_ending():
            logging.getLogger(__name__).warning("%s", f"not ready: {lacking}" if lacking else "ready again")
        self._reported = lacking
        self.on_known(lacking)
        return lacking
