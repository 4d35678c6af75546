"""The leaves of the log's tree in the database: what each is made of, how it is added, and the hashes over it.

The database makes a leaf's text and hashes it, so that records do not travel. `veil_verify` makes the same text from an
exported record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, LiteralString

from gateway.log.tree import Span, StoredRow, root_of, stored_rows, subtree_root
from gateway.log.veil_verify import TreeHead
from resolvers.sql.pieces import Sql, join, name, sql, sql_type
from schema.access_record import PLAN_COLUMNS, PLAN_TABLE, RECORD_COLUMNS, RECORD_TABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafKind:
    """A table whose rows are leaves."""

    name: LiteralString
    table: LiteralString
    column: LiteralString
    """The column of `veil.proof_leaf` that holds the row's id."""
    columns: tuple[tuple[LiteralString, LiteralString], ...]
    """The columns that are proven, with their types."""

    @property
    def id_type(self) -> LiteralString:
        return dict(self.columns)["id"]

    @property
    def relation(self) -> Sql:
        return name(*self.table.split("."))


RECORD_LEAF: Final = LeafKind(
    name="record",
    table=RECORD_TABLE,
    column="record",
    columns=tuple((column.name, column.sql_type) for column in RECORD_COLUMNS),
)
PLAN_LEAF: Final = LeafKind(name="plan", table=PLAN_TABLE, column="plan", columns=PLAN_COLUMNS)
POLICY_LEAF: Final = LeafKind(
    name="policy",
    table="veil.policy_activation",
    column="activation",
    columns=(
        ("id", "bigint"),
        ("version", "text"),
        ("digest", "text"),
        ("content", "text"),
        ("activated_by", "text"),
        ("activated_at", "timestamptz"),
    ),
)
RETIREMENT_LEAF: Final = LeafKind(
    name="retirement",
    table="veil.retirement",
    column="retirement",
    columns=(
        ("id", "bigint"),
        ("before", "timestamptz"),
        ("records", "bigint"),
        ("export", "text"),
        ("retired_at", "timestamptz"),
    ),
)
LEAF_KINDS: Final = (POLICY_LEAF, PLAN_LEAF, RETIREMENT_LEAF, RECORD_LEAF)
"""In the order in which leaves that are new together are added: what others point to comes first."""

_TEXTS: Final = ("uuid", "timestamptz", "text", "jsonb")
"""The types whose values are texts in a leaf and in an export."""


@cache
def entry_text(kind: LeafKind) -> Sql:
    """What a leaf is made of, of a row that is called `entry`: as `veil_verify.entry` makes it."""
    lines = [_line(*column) for column in sorted(kind.columns)]
    return sql("concat('{}', {})", name(kind.name), join(", ", lines))


def _line(column: LiteralString, of: LiteralString) -> Sql:
    value = name("entry", column)
    if column in ("member_id", "organisation_id"):
        length = sql(
            "case pg_typeof({}) when 'bigint'::regtype then null else octet_length({}::text) end", value, value
        )
        return sql("E'\n{} ', {}, ' ', {}", name(column), length, value)
    if of == "bigint[]":
        return sql("E'\n{}  ', {}", name(column), _list(value))
    if of in _TEXTS:
        return sql("E'\\n{} ', octet_length({}::text), ' ', {}", name(column), value, value)
    return sql("E'\\n{}  ', {}", name(column), value)


def _list(value: Sql) -> Sql:
    """Ids side by side: numbers as they are, others as JSON has them."""
    return sql(
        "case pg_typeof({}) when 'bigint[]'::regtype then {}::text else '{' || coalesce((select"
        " string_agg(coalesce(to_json(each)::text, 'NULL'), ',' order by place)"
        " from unnest({}) with ordinality as id (each, place)), '') || '}' end",
        *(value, value, value),
    )


def leaf_hash_sql(kind: LeafKind) -> Sql:
    """The hash of a leaf from a salt, `salt`, and a row that is called `entry`."""
    return sql("sha256('\\x00'::bytea || salt || convert_to({}, 'UTF8'))", entry_text(kind))


@cache
def entry_json(kind: LeafKind) -> Sql:
    """The columns of a row that is called as its kind is, as JSON from which a leaf can be made again."""
    columns = [
        sql("{}::text as {}" if of in _TEXTS else "{} as {}", name(kind.name, column), name(column))
        for column, of in kind.columns
    ]
    return sql("(select row_to_json(exported) from (select {}) exported)", join(", ", columns))


# Adding.


@cache
def _add(kind: LeafKind) -> str:
    return sql(
        """\
with salted as materialized (
    select n, id, uuid_send(gen_random_uuid()) as salt from unnest($2::text[]::{}[]) with ordinality as wanted (id, n)
)
insert into veil.proof_leaf (position, {}, salt, hash)
select $1 + n - 1, salted.id, salt, {}
from salted join {} entry on entry.id = salted.id""",
        *(sql_type(kind.id_type), name(kind.column), leaf_hash_sql(kind), kind.relation),
    ).text


@cache
def _unsealed(kind: LeafKind) -> str:
    return sql(
        """\
select id::text from {} entry
where not exists (select from veil.proof_leaf leaf where leaf.{} = entry.id) order by id""",
        *(kind.relation, name(kind.column)),
    ).text


async def leaf_count(connection: Any) -> int:
    return await connection.fetchval("select coalesce(max(position) + 1, 0) from veil.proof_leaf")


_LOCK: Final = "lock table veil.proof_leaf in share row exclusive mode"

_REPLACE: Final = sql(
    """\
with old as (
    update veil.proof_leaf set salt = null where record = any($2::text[]::uuid[]) and salt is not null
    returning position, record
), salted as materialized (
    select position, record as id, row_number() over (order by position) as n, uuid_send(gen_random_uuid()) as salt
    from old
)
insert into veil.proof_leaf (position, record, replaces, salt, hash)
select $1 + n - 1, salted.id, salted.position, salt, {}
from salted join veil.access_record entry on entry.id = salted.id
returning position""",
    leaf_hash_sql(RECORD_LEAF),
).text


async def lock_tree(connection: Any) -> None:
    """Keeps others from adding leaves until the transaction ends."""
    await connection.execute(_LOCK)


async def replace_leaves(connection: Any, records: Sequence[str]) -> None:
    """Gives records that were changed new leaves at the end. Their old leaves keep the hash alone.

    The tree must be locked. The next look of the keeper signs it.
    """
    before = await leaf_count(connection)
    added = await connection.fetch(_REPLACE, before, records)
    await _add_tiles(connection, before, before + len(added))


async def add_leaves(connection: Any, records: Sequence[str]) -> TreeHead:
    """Adds these records, and before them all other new rows. Returns the tree there is then. The tree must be locked."""
    before = size = await leaf_count(connection)
    for kind in LEAF_KINDS:
        ids = records if kind is RECORD_LEAF else [row[0] for row in await connection.fetch(_unsealed(kind))]
        if ids:
            await connection.execute(_add(kind), size, ids)
            size += len(ids)
    await _add_tiles(connection, before, size)
    return TreeHead(size=size, root=await root(connection, size)) if size else TreeHead(size=0, root=b"")


_ADD_TILES: Final = """\
insert into veil.proof_tile (level, position, hash)
select $1, position, hash from unnest($2::bigint[], $3::bytea[]) as tile (position, hash)"""


async def _add_tiles(connection: Any, before: int, size: int) -> None:
    """Adds the full subtrees that there are now and were not before."""
    level = 0
    while size > 0:
        first, end = before >> 8, size >> 8
        rows = [StoredRow(level=level, start=place << 8, end=(place + 1) << 8) for place in range(first, end)]
        if not rows:
            return
        hashes = await stored_hashes(connection, rows)
        level += 8
        await connection.execute(_ADD_TILES, level, list(range(first, end)), [subtree_root(each) for each in hashes])
        before, size = first, end


# Hashes.

_STORED: Final = """\
select coalesce(case level
    when 0 then (select string_agg(hash, '' order by position) from veil.proof_leaf
        where position >= first and position < past)
    else (select string_agg(hash, '' order by position) from veil.proof_tile tile
        where tile.level = stored.level and position >= first and position < past)
    end, '')
from unnest($1::integer[], $2::bigint[], $3::bigint[]) with ordinality as stored (level, first, past, n)
order by n"""


async def stored_hashes(connection: Any, rows: Sequence[StoredRow]) -> Sequence[bytes]:
    """The stored hashes of these rows, side by side; fewer where some are missing."""
    columns = [[row.level for row in rows], [row.start for row in rows], [row.end for row in rows]]
    return [row[0] for row in await connection.fetch(_STORED, *columns)]


async def subtrees(connection: Any, spans: Sequence[Span]) -> Sequence[Sequence[bytes]]:
    """The hashes of the full subtrees of each span, from left to right."""
    wanted = stored_rows(spans)
    found = iter(await stored_hashes(connection, [row for rows in wanted for row in rows]))
    return [[subtree_root(next(found)) for _ in rows] for rows in wanted]


async def span_roots(connection: Any, spans: Sequence[Span]) -> Sequence[bytes]:
    """The root over the leaves of each span."""
    return [root_of(each) for each in await subtrees(connection, spans)]


async def root(connection: Any, size: int) -> bytes:
    """The root over the first leaves."""
    (found,) = await span_roots(connection, [(0, size)])
    return found
