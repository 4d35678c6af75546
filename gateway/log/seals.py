"""Seals the access log, so that no record can be changed, removed or slipped in unseen, and verifies the seals.

A record is never touched. What is asked of the database is asked with `pg_catalog` alone in the search path: a function
of somebody's own must not stand in for `sha256`. The key stays here: the database digests, and only Python signs.
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
"""What holds while the log is worked on: no record is hidden, a time is written in one way, an index leads to a record."""


@asynccontextmanager
async def log_snapshot(connection: Any) -> AsyncGenerator[None]:
    """One look at the log, whatever is added meanwhile."""
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

# A record is written as binary COPY would write it: how many columns, and of each its type, its length and its value.
# Its digest is taken before it is put to the others, since they could be more than one value can hold.
_CONTENT = sql(
    """\
select told.count, told.records, told.plans
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
) told
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
    """What a run of sealing did, and the last seal there is now."""

    records: int
    seals: int
    last: Seal | None


async def seal(connection: Any, key: SealKey | None, progress: Progress, *, wait_seconds: float = 60) -> SealingResult:
    """Seals every record that is older than a minute. Raises `LogError`.

    `connection` is the owner's; `patience` are the seconds to wait for those that are adding records.
    """
    until = await _settled(connection, wait_seconds)
    records = seals = total = 0
    last: Seal | None = None
    while True:
        async with connection.transaction():
            await connection.execute(_SESSION)
            # Whoever else is sealing has added a seal or has not begun.
            await connection.execute("select pg_advisory_xact_lock(hashtext('veil.access_seal'))")
            row = await connection.fetchrow(_LAST_SEAL)
            last = _seal(row) if row else None
            check_key(last, key)
            total = total or await connection.fetchval(_UNSEALED, *_after(last), until)
            made = await _seal_next(connection, last, until, key)
        if made is None:
            return SealingResult(records=records, seals=seals, last=last)
        records, seals = records + made.count, seals + 1
        progress("records sealed", records, max(total, records))


async def _settled(connection: Any, patience: float) -> str:
    """A time before which no record will be added any more, whoever is adding one now.

    A record's time is that of its insertion, so a transaction that has added one before this time is known now by its
    lock. The minute is for a clock that is set back: a record dated before a seal would look as if it was slipped in.
    """
    async with connection.transaction():
        await connection.execute(_SESSION)
        until = await connection.fetchval("select (clock_timestamp() - interval '1 minute')::text")
        writers = {row[0] for row in await connection.fetch(_WRITERS)}
        while writers:
            if patience <= 0:
                raise LogError(_TOO_LONG)
            await asyncio.sleep(_POLL)
            patience -= _POLL
            writers &= {row[0] for row in await connection.fetch(_WRITERS)}
    return until


_TOO_LONG = (
    "a transaction has been adding records for too long to seal behind it; "
    "end it (it holds a lock on `veil.access_record`, see `pg_locks`), then seal again"
)


async def _seal_next(connection: Any, last: Seal | None, until: str, key: SealKey | None) -> Seal | None:
    """Adds the next seal, unless no record is to be sealed any more."""
    found = await connection.fetchrow(_SPAN, *_after(last), until, BATCH)
    if found is None:
        return None
    *places, sealed_at = found
    span = _span(places)
    (content,) = await contents(connection, last, [span])
    made = next_seal(span, content, sealed_at, last, key)
    await connection.execute(
        *(_ADD_SEAL, made.id, span.first.at, span.first.id, span.last.at, span.last.id),
        *(made.count, made.sealed_at, made.key, made.previous, made.digest),
    )
    return made


def _after(seal: Seal | None) -> tuple[str | None, str | None]:
    return (seal.span.last.at, seal.span.last.id) if seal else (None, None)


def _span(places: Sequence[str]) -> SealedSpan:
    first_at, first_id, last_at, last_id = places
    return SealedSpan(first=Position(at=first_at, id=first_id), last=Position(at=last_at, id=last_id))


def _seal(row: Sequence[Any]) -> Seal:
    place, *places, count, sealed_at, key, previous, digest = row
    return Seal(
        id=place, span=_span(places), count=count, sealed_at=sealed_at, key=key, previous=previous, digest=digest
    )


async def contents(connection: Any, after: Seal | None, spans: Sequence[SealedSpan]) -> Sequence[SealedContent]:
    """What the log holds of spans that follow one another, the first of them behind a seal."""
    ends = [(span.last.at, span.last.id) for span in spans]
    starts = [_after(after), *ends[:-1]]
    columns = [[each[part] for each in places] for places in (starts, ends) for part in (0, 1)]
    found = await connection.fetch(_CONTENT.text, *columns)
    return [SealedContent(count=count, records=records, plans=plans) for count, records, plans in found]


# Verifying.


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationResult:
    """What was found: how far the seals fit, what first does not, and what lies behind the last."""

    records: int
    seals: int
    last: Seal | None
    fault: str | None
    unsealed: int
    oldest_unsealed: str | None


async def verify(connection: Any, trust: TrustAnchor, progress: Progress) -> VerificationResult:
    """Holds every seal against the log, from the first on, up to the first that does not fit."""
    async with log_snapshot(connection):
        chain = Chain(trust)
        total = await connection.fetchval("select count(*) from veil.access_record")
        fault = await _walk(connection, chain, lambda: progress("records verified", chain.records, total))
        unsealed, oldest = await connection.fetchrow(_UNSEALED, *_after(chain.last), None)
    return VerificationResult(
        records=chain.records,
        seals=chain.last.id if chain.last else 0,
        last=chain.last,
        fault=fault,
        unsealed=unsealed,
        oldest_unsealed=oldest,
    )


async def _walk(connection: Any, chain: Chain, told: Callable[[], None]) -> str | None:
    while rows := await connection.fetch(_NEXT_SEALS, chain.last.id if chain.last else 0, _SEALS):
        seals = [_seal(row) for row in rows]
        held = await contents(connection, chain.last, [each.span for each in seals])
        for each, content in zip(seals, held, strict=True):
            if fault := chain.fault(each, content):
                return fault
        told()
    return chain.final_fault()


# What people are told.


def sealing_report(done: SealingResult) -> Iterator[str]:
    yield f"sealed now: {_counted(done.records, 'record')}, by {_counted(done.seals, 'seal')}"
    if done.last:
        yield from _told_last(done.last)


def verification_report(found: VerificationResult) -> Iterator[str]:
    yield f"as they were sealed: {_counted(found.records, 'record')}, by {_counted(found.seals, 'seal')}"
    if found.last:
        yield from _told_last(found.last)
    if not found.fault:
        since = f", the oldest of {found.oldest_unsealed}" if found.unsealed else ""
        yield f"not sealed yet: {_counted(found.unsealed, 'record')}{since}"


def _told_last(seal: Seal) -> Iterator[str]:
    yield f"the last, seal {seal.id} of {seal.sealed_at}, has the digest {seal.digest.hex()}"
    if not seal.key:
        yield "it was made without VEIL_SEAL_KEY, as whoever can write to the database could make it too"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
