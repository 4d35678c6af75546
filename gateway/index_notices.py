"""Notices about indexes that are missing: where a look-up of a few rows reads a whole table.

PostgreSQL's planner is asked how it would find the rows, so that what stands behind a view is seen too. No row is read.
"""

import asyncio
import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.database.opening import Standing, open_connection
from resolvers.sql.pieces import Sql, join, name, sql, table_name
from resolvers.sql.sources import source_sql
from schema.catalog import Catalog, Entity
from schema.conditions import Condition, IsReference, IsRequester, RowHas, RowHasNone, SubjectIsListed
from schema.fields import ConnectionField, IdFilter, Join

MANY_ROWS: Final = 5_000
"""Rows of a table from which on an index matters: to read so many takes about a millisecond."""

_LOG_SECONDS: Final = 120.0
"""How long the start's search may take. Nobody waits for it."""

_MOST_PLACES = 4
"""Fields and conditions that a notice names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Some rows of a table: those with a value in `column`; without one, the first in `order`."""

    table: str
    column: str | None
    within: bool = False
    """Whether the column is an array that holds the value."""
    order: tuple[str, ...] = ()

    def statement(self, catalog: Catalog) -> Sql:
        """Finds them by a value that the planner does not know."""
        rows = sql("select from {}", self._source(catalog, "found"))
        if self.column is None:
            return sql("{} order by {} limit 20", rows, join(", ", [name("found", each) for each in self.order]))
        value = sql("(select {} from {} limit 1)", name("wanted", self.column), self._source(catalog, "wanted"))
        return sql("{} where {} {} {}", rows, name("found", self.column), sql("@>" if self.within else "="), value)

    def _source(self, catalog: Catalog, alias: str) -> Sql:
        columns = filter(None, (self.column, *self.order))
        return source_sql(catalog.plain(self.table), catalog.mapped_columns(self.table), columns, alias)

    @property
    def index_columns(self) -> tuple[str, ...]:
        """What an index has that finds them in their order."""
        found = () if self.column is None else (self.column,)
        columns = found if self.within else tuple(dict.fromkeys((*found, *self.order)))
        return tuple(name(column).text for column in columns)


def lookups(catalog: Catalog) -> Mapping[Lookup, Sequence[str]]:
    """Each look-up that requests and conditions make, with the fields and conditions that make it."""
    places: dict[Lookup, list[str]] = {}
    for lookup, place in (*_of_roots(catalog), *_of_relations(catalog), *_of_conditions(catalog)):
        places.setdefault(lookup, []).append(place)
    return {lookup: tuple(dict.fromkeys(found)) for lookup, found in places.items()}


def _order(entity: Entity) -> tuple[str, ...]:
    """The columns that a connection of its rows is in the order of."""
    return tuple(dict.fromkeys((*filter(None, [entity.storage.order]), entity.storage.key)))


def _by_column(entity: Entity, column: str, *, within: bool = False) -> Lookup:
    order = _order(entity) if "id" in entity.columns and column != entity.storage.key else ()
    return Lookup(table=entity.storage.table, column=column, within=within, order=order)


def _of_roots(catalog: Catalog) -> Iterator[tuple[Lookup, str]]:
    for root in catalog.roots.values():
        if root.target:
            entity = catalog.entities[root.target]
            listed = Lookup(table=entity.storage.table, column=None, order=_order(entity))
            is_listed = isinstance(root.declaration, ConnectionField)
            yield listed if is_listed else _by_column(entity, entity.storage.key), f"`Query.{root.name}`"


def _of_relations(catalog: Catalog) -> Iterator[tuple[Lookup, str]]:
    for entity in catalog.entities.values():
        stored = entity.storage
        for relation in entity.relations.values():
            declared = relation.declaration
            within = isinstance(declared, ConnectionField) and declared.within
            target = catalog.entities[relation.target]
            yield _by_column(target, relation.far, within=within), f"`{entity.name}.{relation.name}`"
        for filter_name, each in stored.filters.items():
            if isinstance(each, IdFilter):
                yield (
                    _by_column(entity, each.column, within=each.within),
                    f"the filter `{filter_name}` of `{entity.name}`",
                )
        for subject in stored.subjects:
            yield _by_column(entity, subject, within=stored.subjects_array), f"each `{entity.name}` of a member"


def _of_conditions(catalog: Catalog) -> Iterator[tuple[Lookup, str]]:
    for condition in catalog.marketplace.conditions:
        place = f"the condition `{condition.name}`"
        for table, column in _found_by(condition):
            yield Lookup(table=table, column=column), place
        if not isinstance(condition.holds_if, RowHas | RowHasNone):
            continue
        for entity in catalog.entities.values():
            read = entity.storage.condition_columns.get(condition.name)
            if isinstance(read, Join):
                yield Lookup(table=condition.holds_if.table, column=read.far), place
                if condition.is_selective:
                    yield _by_column(entity, read.near), place


def _found_by(condition: Condition) -> Iterator[tuple[str, str]]:
    """The columns by which a condition's rows are found, each with its table."""
    yield from condition.members
    finding = IsReference if any(isinstance(each, IsReference) for _, each in condition.restrictions) else IsRequester
    if condition.is_selective or not condition.members:
        yield from ((table, each.column) for table, each in condition.restrictions if isinstance(each, finding))
    if isinstance(declared := condition.holds_if, SubjectIsListed):
        yield declared.list_table, declared.list_key


# How the planner finds them.

_ONLY_WITHOUT_AN_INDEX: Final = "set local enable_seqscan = off; set local enable_sort = off"
"""Then a table is read as a whole, or sorted, only where no index helps, however few rows there are by now."""

_LEADING_COLUMNS: Final = """\
    select (select nspname from pg_namespace where oid = relnamespace) as schema, relname as index, pg_get_indexdef(pg_class.oid, 1, true) as leading
    from pg_class where relkind = 'i' and relam = (select oid from pg_am where amname = 'btree')"""

_RELATION: Final = """\
    select format('%I.%I', (select nspname from pg_namespace where oid = relnamespace), relname) as relation, reltuples::bigint as rows,
        pg_class.oid is not distinct from to_regclass($3::text) as is_looked_up
    from to_regclass(format('%I.%I', $1::text, $2::text)) read
    join pg_class on pg_class.oid = coalesce(pg_partition_root(read), read)"""

_COUNT: Final = "select format('select count(*) from %s', $1::text)"

_Leading = Mapping[tuple[str, str], str]
"""The first column of each B-tree index, by the index's schema and name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeRead:
    """A table that a plan reads as a whole, and the columns it then finds or sorts rows by, if the plan names them."""

    schema: str
    table: str
    columns: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class _Lacking:
    """An index that is missing, and the fields and conditions that would use it."""

    relation: str
    columns: tuple[str, ...] = ()
    within: bool = False
    places: dict[str, None] = field(default_factory=dict[str, None])

    def notice(self, rows: int) -> str:
        most, more = list(self.places)[:_MOST_PLACES], len(self.places) - _MOST_PLACES
        places = ", ".join([*most, *([f"{more} more"] if more > 0 else [])])
        columns = f"{'using gin ' if self.within else ''}({', '.join(self.columns)})"
        mend = (
            f"run `create index on {self.relation} {columns}`"
            if self.columns
            else "give what they find them by an index"
        )
        return f"{places}: {'reads' if len(self.places) == 1 else 'each reads'} {rows:,} rows of {self.relation} every time; {mend}"


async def missing_indexes(connection: Any, catalog: Catalog, many_rows: int = MANY_ROWS) -> Sequence[str]:
    """A notice for each index that look-ups in tables of so many rows lack. `connection` is the owner's."""
    found: dict[tuple[str, tuple[str, ...], bool], _Lacking] = {}
    rows: dict[str, int] = {}
    async with connection.transaction():
        await connection.execute(_ONLY_WITHOUT_AN_INDEX)
        leading = {(row["schema"], row["index"]): row["leading"] for row in await connection.fetch(_LEADING_COLUMNS)}
        for lookup, places in lookups(catalog).items():
            for read in whole_reads(
                await _plan(connection, lookup.statement(catalog)), leading, is_found=lookup.column is not None
            ):
                relation = await connection.fetchrow(_RELATION, read.schema, read.table, table_name(lookup.table).text)
                columns = lookup.index_columns if relation["is_looked_up"] else read.columns
                name_ = relation["relation"]
                lacking = found.setdefault(
                    (name_, columns[:1], lookup.within), _Lacking(relation=name_, within=lookup.within)
                )
                lacking.columns = max(lacking.columns, columns, key=len)
                lacking.places |= dict.fromkeys(places)
                if name_ not in rows:
                    rows[name_] = await _rows(connection, relation)
    return [each.notice(rows[each.relation]) for each in found.values() if rows[each.relation] >= many_rows]


async def log_missing_indexes(standing: Standing, catalog: Catalog) -> None:
    """Logs the same, over a connection of the gateway's own role. If it cannot be asked, readiness reports why."""
    connection: Any = None
    try:
        async with asyncio.timeout(_LOG_SECONDS):
            connection = await open_connection(standing)
            for notice in await missing_indexes(connection, catalog):
                logging.getLogger(__name__).warning("%s", notice)
    except Exception as error:  # noqa: BLE001 - whatever the driver makes of what answers there
        # Its kind alone, for its message may hold a value.
        logging.getLogger(__name__).warning("it is not known which indexes are missing: %s", type(error).__name__)
    finally:
        if connection is not None:
            connection.terminate()


async def _plan(connection: Any, lookup: Sql) -> Mapping[str, Any]:
    explained = await connection.fetchval(sql("explain (verbose, format json) {}", lookup).text)
    return json.loads(explained)[0]["Plan"]


async def _rows(connection: Any, relation: Mapping[str, Any]) -> int:
    """By the server's statistics; a table that has none yet is counted."""
    if relation["rows"] >= 0:
        return relation["rows"]
    return await connection.fetchval(await connection.fetchval(_COUNT, relation["relation"]))


async def plans(connection: Any, catalog: Catalog) -> Sequence[str]:
    """The plan of each look-up, in lines, under the fields and conditions that make it."""
    lines: list[str] = []
    for lookup, places in lookups(catalog).items():
        statement = lookup.statement(catalog)
        lines.append(f"{', '.join(places)}: {statement.text}")
        lines += [f"    {row[0]}" for row in await connection.fetch(sql("explain {}", statement).text)]
    return lines


def whole_reads(
    node: Mapping[str, Any], leading: _Leading, *, is_found: bool, sort_keys: Sequence[str] = ()
) -> Iterator[WholeRead]:
    """The tables that a plan reads as a whole, to find rows or, below `sort_keys`, to sort them."""
    if node.get("Parent Relationship") == "InitPlan":
        return
    keys = node["Sort Key"] if node["Node Type"] == "Sort" else sort_keys
    if "Relation Name" in node and (is_found or keys) and not _is_by_index(node, leading):
        columns = _columns(node["Alias"], keys) or _columns(node["Alias"], _compared(node.get("Filter", "")))
        yield WholeRead(schema=node["Schema"], table=node["Relation Name"], columns=columns)
    for child in node.get("Plans", ()):
        yield from whole_reads(child, leading, is_found=is_found, sort_keys=keys)


_COLUMN = r'(?:"(?:[^"]|"")+"|\w+)'
_COMPARED = re.compile(rf"({_COLUMN}\.{_COLUMN})\)?(?:::[\w ]+)? (?:=|@>) (?:\(InitPlan \d+\)|\$\d)")
_SORTED = re.compile(rf"({_COLUMN})\.({_COLUMN})(?: DESC)?(?: NULLS \w+)?")


def _compared(condition: str) -> Sequence[str]:
    """The column that a condition compares with the value that is looked for."""
    return _COMPARED.findall(condition)[:1]


def _columns(alias: str, keys: Sequence[str]) -> tuple[str, ...]:
    """The columns that keys are of, if all are columns of this row."""
    found = [_SORTED.fullmatch(key) for key in keys]
    return (
        tuple(each[2] for each in found if each) if all(each and each[1].strip('"') == alias for each in found) else ()
    )


def _is_by_index(node: Mapping[str, Any], leading: _Leading) -> bool:
    """Whether a table's rows are found by an index, from its first column on."""
    return any(
        "Index Cond" in each and leading.get((node["Schema"], each["Index Name"]), "") in each["Index Cond"]
        for each in _index_scans(node)
    )


def _index_scans(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "Index Name" in node:
        yield node
    elif node["Node Type"].startswith("Bitmap"):
        for child in node.get("Plans", ()):
            yield from _index_scans(child)
