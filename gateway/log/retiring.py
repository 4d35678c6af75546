"""`veil log retire`: exports the records of whole months with their proofs, and then removes them.

Their leaves keep the hash alone, so what remains still verifies. A row of `veil.retirement`, itself a leaf, tells what was
removed and the digest of the file it went to.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from gateway.log.proving import export_positions
from gateway.log.search import output_file
from gateway.log.snapshot import LogError, log_snapshot, log_transaction
from gateway.log.veil_verify import Trust, check_file
from gateway.progress import Progress
from resolvers.sql.pieces import name, sql

_PARTITIONS: Final = """\
select relname from pg_class join pg_inherits on inhrelid = pg_class.oid
where inhparent = 'veil.access_record'::regclass
  and (regexp_match(pg_get_expr(relpartbound, pg_class.oid), 'TO \\(''([0-9a-f-]{36})''\\)$'))[1]::uuid <= veil.first_id($1)
order by relname"""
"""The partitions of which every record's request came before a time."""

_LEAVES: Final = """\
select count(*), count(leaf.position), min(leaf.position), max(leaf.position) + 1
from veil.access_record entry
left join veil.proof_leaf leaf on leaf.record = entry.id and leaf.salt is not null
where entry.id < veil.first_id($2) and entry.tableoid = any($1::text[]::regclass[])"""

_FORGET: Final = """\
update veil.proof_leaf leaf set salt = null
from veil.access_record entry
where entry.id < veil.first_id($2) and entry.tableoid = any($1::text[]::regclass[])
  and leaf.record = entry.id and leaf.salt is not null"""

_ADD: Final = "insert into veil.retirement (before, records, export) values ($1, $2, $3)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """What was removed."""

    records: int
    partitions: int
    digest: str
    """SHA-256 of the file."""


async def retire(connection: Any, before: datetime, file: Path, trust: Trust, progress: Progress) -> Retired:
    """Removes the months that ended before a time, once their export verifies. Raises `LogError`, `VerificationError`.

    `trust` is in the keys of the log. Nothing is removed of months with records that are not sealed.
    """
    tables = [f"veil.{row[0]}" for row in await connection.fetch(_PARTITIONS, before)]
    async with log_snapshot(connection):
        count, sealed, first, end = await connection.fetchrow(_LEAVES, tables, before)
        if not count:
            raise LogError("there are no records of months that ended before that time")
        if sealed < count:
            raise LogError(f"{count - sealed:,} of these records are not sealed yet; run `veil log keep`")
        with output_file(file) as into:
            await export_positions(connection, first, end, into, progress)
    for _ in check_file(file, trust):
        pass
    digest = _digest(file)
    async with log_transaction(connection):
        for table in tables:
            await connection.execute(sql("lock table {} in share mode", name(*table.split("."))).text)
        if (await connection.fetchrow(_LEAVES, tables, before))[:2] != (count, count):
            raise LogError("records came into these months meanwhile; try again")
        await connection.execute(_ADD, before, count, digest)
        await connection.execute(_FORGET, tables, before)
        for table in tables:
            await connection.execute(sql("drop table {}", name(*table.split("."))).text)
    return Retired(records=count, partitions=len(tables), digest=digest)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
