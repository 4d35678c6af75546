"""Seals the access log and verifies the seals. A record that is changed, removed or slipped in later breaks a seal.

Sealing never touches a record. Only `pg_catalog` is in the search path, so that nobody can replace `sha256`. The key
stays in Python: the database digests, Python signs.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from gateway.log.chain import (
    Chain,
    LogError,
    Position,
    Seal,
    SealedContent,
    SealedSpan,
    SealKey,
    TrustAnchor,
    check_key,
    next_seal,
)
from gateway.progress import Progress
from resolvers.sql.pieces import join, name, sql
from schema.access_record import PLAN_COLUMNS, RECORD_COLUMNS

BATCH: Final = 10_000
"""Records of one seal, at most."""

_SEALS: Final = 20
"""Seals that are verified by one statement."""

_POLL: Final = 0.05


_SESSION = """\
set local search_path = pg_catalog;
set local row_security = off;
set local timezone = 'UTC';
set local datestyle = 'ISO';
set local synchronous_commit = on;
set local jit = off;
set local enable_seqscan = off;
set local plan_cache_mode = force_custom_plan"""
"""Session settings for work on the log: no record is hidden, times have one form, records are found by an index."""


@asynccontextmanager
async def log_snapshot(connection: Any) -> AsyncGenerator[None]:
    """A read-only snapshot of the log, whatever is added meanwhile."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute(_SESSION)
        yield


# Sealing.

_WRITERS = """\
select virtualtransaction
from pg_locks
where relation = 'veil.access_record'::regclass and mode = 'RowExclusiveLock'
  and database = (select oid from pg_database where datname = current_database())"""

_SEAL = """\
select id, first_at::text, first_id::text, last_at::text, last_id::text, count, sealed_at::text, key, previous, digest
from veil.access_seal """
_LAST_SEAL = _SEAL + "order by id desc limit 1"
_NEXT_SEALS = _SEAL + "where id > $1 order by id limit $2"

_SPAN = """\
with span as materialized (
    select at, id from veil.access_record
    where at >= coalesce($1::text::timestamptz, '-infinity')
      and ((at, id) > ($1::text::timestamptz, $2::text::uuid)) is not false
      and at < $3::text::timestamptz
    order by at, id limit $4
)
select first.at::text, first.id::text, last.at::text, last.id::text, clock_timestamp()::text
from (select at, id from span order by at, id limit 1) first,
     (select at, id from span order by at desc, id desc limit 1) last"""

_UNSEALED = """\
select count(*), min(at)::text
from veil.access_record
where at >= coalesce($1::text::timestamptz, '-infinity')
  and ((at, id) > ($1::text::timestamptz, $2::text::uuid)) is not false
  and (at < $3::text::timestamptz) is not false"""

# A record is digested in the form of binary COPY: the number of columns, then the type, length and value of each. Each
# record is digested by itself first, because all records together could exceed what one value can hold.
_CONTENT = sql(
    """\
select content.count, content.records, content.plans
from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality
    as span (after_at, after_id, last_at, last_id, n)
cross join lateral (
    with record as materialized (
        select at, id, plan, sha256(record_send(row({}))) as digest
        from veil.access_record
        where at >= coalesce(span.after_at::timestamptz, '-infinity')
          and ((at, id) > (span.after_at::timestamptz, span.after_id::uuid)) is not false
          and at <= span.last_at::timestamptz
          and (at, id) <= (span.last_at::timestamptz, span.last_id::uuid)
    )
    select (select count(*) from record) as count,
        (select sha256(coalesce(string_agg(digest, '' order by at, id), '')) from record) as records,
        (select sha256(coalesce(string_agg(sha256(record_send(row({}))), '' order by id), ''))
            from veil.access_plan where id in (select plan from record)) as plans
) content
order by span.n""",
    join(", ", (name(column.name) for column in RECORD_COLUMNS)),
    join(", ", (name(column) for column, _ in PLAN_COLUMNS)),
)

_ADD_SEAL = """\
insert into veil.access_seal
    (id, first_at, first_id, last_at, last_id, count, sealed_at, key, previous, digest)
values ($1, $2::text::timestamptz, $3::text::uuid, $4::text::timestamptz, $5::text::uuid, $6, $7::text::timestamptz,
    $8, $9, $10)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealingResult:
    """How many records and seals a run of sealing added, and the last seal there is now."""

    records: int
    seals: int
    last: Seal | None


async def seal(connection: Any, key: SealKey | None, progress: Progress, *, wait_seconds: float = 60) -> SealingResult:
    """Seals every record that is older than a minute. Raises `LogError`.

    `connection` is the owner's. `wait_seconds` is how long to wait for transactions that are adding records.
    """
    until = await _settled_time(connection, wait_seconds)
    records = seals = total = 0
    last: Seal | None = None
    while True:
        async with connection.transaction():
            await connection.execute(_SESSION)
            # Under the lock no other sealing is half done.
            await connection.execute("select pg_advisory_xact_lock(hashtext('veil.access_seal'))")
            row = await connection.fetchrow(_LAST_SEAL)
            last = _seal(row) if row else None
            check_key(last, key)
            total = total or await connection.fetchval(_UNSEALED, *_after(last), until)
            new = await _seal_next(connection, last, until, key)
        if new is None:
            return SealingResult(records=records, seals=seals, last=last)
        records, seals = records + new.count, seals + 1
        progress("records sealed", records, max(total, records))


async def _settled_time(connection: Any, wait_seconds: float) -> str:
    """A time before which no more records will be added.

    A record's time is that of its insertion. So a transaction that added a record before this time holds a lock now,
    and is waited for. The minute allows for a clock that is set back: a record dated before a seal would look as if it
    was slipped in.
    """
    async with connection.transaction():
        await connection.execute(_SESSION)
        until = await connection.fetchval("select (clock_timestamp() - interval '1 minute')::text")
        writers = {row[0] for row in await connection.fetch(_WRITERS)}
        while writers:
            if wait_seconds <= 0:
                raise LogError(_TOO_LONG)
            await asyncio.sleep(_POLL)
            wait_seconds -= _POLL
            writers &= {row[0] for row in await connection.fetch(_WRITERS)}
    return until


_TOO_LONG = (
    "a transaction has been adding records for too long, and records are sealed only after it; "
    "end it (it holds a lock on `veil.access_record`, see `pg_locks`), then seal again"
)


async def _seal_next(connection: Any, last: Seal | None, until: str, key: SealKey | None) -> Seal | None:
    """Adds the next seal. None if no record is left to be sealed."""
    row = await connection.fetchrow(_SPAN, *_after(last), until, BATCH)
    if row is None:
        return None
    *places, sealed_at = row
    span = _span(places)
    (content,) = await contents(connection, last, [span])
    new = next_seal(span, content, sealed_at, last, key)
    await connection.execute(
        *(_ADD_SEAL, new.id, span.first.at, span.first.id, span.last.at, span.last.id),
        *(new.count, new.sealed_at, new.key, new.previous, new.digest),
    )
    return new


def _after(seal: Seal | None) -> tuple[str | None, str | None]:
    return (seal.span.last.at, seal.span.last.id) if seal else (None, None)


def _span(places: Sequence[str]) -> SealedSpan:
    first_at, first_id, last_at, last_id = places
    return SealedSpan(first=Position(at=first_at, id=first_id), last=Position(at=last_at, id=last_id))


def _seal(row: Sequence[Any]) -> Seal:
    number, *places, count, sealed_at, key, previous, digest = row
    return Seal(
        id=number, span=_span(places), count=count, sealed_at=sealed_at, key=key, previous=previous, digest=digest
    )


async def contents(connection: Any, after: Seal | None, spans: Sequence[SealedSpan]) -> Sequence[SealedContent]:
    """The content of consecutive spans, the first of them directly after a seal."""
    ends = [(span.last.at, span.last.id) for span in spans]
    starts = [_after(after), *ends[:-1]]
    columns = [[each[part] for each in places] for places in (starts, ends) for part in (0, 1)]
    rows = await connection.fetch(_CONTENT.text, *columns)
    return [SealedContent(count=count, records=records, plans=plans) for count, records, plans in rows]


# Verifying.


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationResult:
    """How far the seals fit, the first fault, and how many records come after the last seal that fits."""

    records: int
    seals: int
    last: Seal | None
    fault: str | None
    unsealed: int
    oldest_unsealed: str | None


async def verify(connection: Any, trust: TrustAnchor, progress: Progress) -> VerificationResult:
    """Compares every seal with the log, from the first to the first that does not fit."""
    async with log_snapshot(connection):
        chain = Chain(trust)
        total = await connection.fetchval("select count(*) from veil.access_record")
        fault = await _first_fault(connection, chain, lambda: progress("records verified", chain.records, total))
        unsealed, oldest = await connection.fetchrow(_UNSEALED, *_after(chain.last), None)
    return VerificationResult(
        records=chain.records,
        seals=chain.last.id if chain.last else 0,
        last=chain.last,
        fault=fault,
        unsealed=unsealed,
        oldest_unsealed=oldest,
    )


async def _first_fault(connection: Any, chain: Chain, report: Callable[[], None]) -> str | None:
    while rows := await connection.fetch(_NEXT_SEALS, chain.last.id if chain.last else 0, _SEALS):
        seals = [_seal(row) for row in rows]
        found = await contents(connection, chain.last, [each.span for each in seals])
        for each, content in zip(seals, found, strict=True):
            if fault := chain.fault(each, content):
                return fault
        report()
    return chain.final_fault()


# Reports for people.


def sealing_report(result: SealingResult) -> Iterator[str]:
    yield f"sealed now: {_count(result.records, 'record')} in {_count(result.seals, 'seal')}"
    if result.last:
        yield from _last_seal(result.last)


def verification_report(result: VerificationResult) -> Iterator[str]:
    yield f"unchanged since they were sealed: {_count(result.records, 'record')} in {_count(result.seals, 'seal')}"
    if result.last:
        yield from _last_seal(result.last)
    if not result.fault:
        since = f", the oldest of {result.oldest_unsealed}" if result.unsealed else ""
        yield f"not sealed yet: {_count(result.unsealed, 'record')}{since}"


def _last_seal(seal: Seal) -> Iterator[str]:
    yield f"the last seal, {seal.id} of {seal.sealed_at}, has the digest {seal.digest.hex()}"
    if not seal.key:
        yield "it was made without VEIL_SEAL_KEY, so anybody who can write to the database could have made it"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
