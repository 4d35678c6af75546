"""Reads what a database has: tables and views, columns, keys, and a sample of values.

The sample is for guessing what a column holds. It stays in memory: nothing prints it, writes it or repeats it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.database.owner import rows_or_none

SAMPLE_ROWS: Final = 200
"""Rows of a table that are looked at."""

_SAMPLE_SECONDS: Final = 5.0
"""How long that may take, of each table."""


class AdoptionError(Exception):
    """A database cannot be adopted so; the message says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A column as the database has it."""

    name: str
    type: str
    """As PostgreSQL names it; of a domain, the type beneath."""
    is_required: bool = False
    comment: str | None = None
    words: tuple[str, ...] = ()
    """The only words it may have, by its type or by a constraint."""
    sample: tuple[str, ...] = field(default=(), repr=False)
    """Some of its values as texts. They are never shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A column that leads to a row of another table."""

    column: str
    place: str
    """The other table, with its schema."""
    far: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table or view."""

    schema: str
    name: str
    comment: str | None = None
    columns: Mapping[str, TableColumn]
    key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    """Those of one column."""

    @property
    def place(self) -> str:
        """The name, with the schema."""
        return f"{self.schema}.{self.name}"


async def read_tables(connection: Any) -> Sequence[Table]:
    """All tables and views but Veil's own and the server's, in the order of their names. Raises `AdoptionError`."""
    await connection.execute("set default_transaction_read_only = on")
    tables = await connection.fetch(_TABLES)
    if not tables:
        raise AdoptionError("the database has no tables that this login may see; check the URL's database and login")
    columns = _by_relation(await connection.fetch(_COLUMNS))
    keys = {row["relation"]: tuple(row["columns"]) for row in await connection.fetch(_KEYS)}
    foreign_keys = _by_relation(await connection.fetch(_FOREIGN_KEYS))
    return [
        Table(
            schema=row["schema"],
            name=row["name"],
            comment=row["comment"],
            columns=_columns(columns.get(row["relation"], ()), await _sample(connection, row["relation"])),
            key=keys.get(row["relation"], ()),
            foreign_keys=tuple(
                ForeignKey(column=each["name"], place=each["place"], far=each["far"])
                for each in foreign_keys.get(row["relation"], ())
            ),
        )
        for row in tables
    ]


_Row = Mapping[str, Any]


def _by_relation(rows: Sequence[_Row]) -> Mapping[int, Sequence[_Row]]:
    found: dict[int, list[_Row]] = {}
    for row in rows:
        found.setdefault(row["relation"], []).append(row)
    return found


def _columns(rows: Sequence[_Row], sample: Sequence[_Row]) -> Mapping[str, TableColumn]:
    return {
        row["name"]: TableColumn(
            name=row["name"],
            type=row["type"],
            is_required=row["is_required"],
            comment=row["comment"],
            words=tuple(row["words"] or ()),
            sample=tuple(value for each in sample if (value := each.get(row["name"])) is not None),
        )
        for row in rows
    }


async def _sample(connection: Any, relation: int) -> Sequence[_Row]:
    """The texts of some rows; none of a table that this login may not read, or that takes too long."""
    statement = await connection.fetchval(_SAMPLING, relation, SAMPLE_ROWS)
    return await rows_or_none(connection, statement, _SAMPLE_SECONDS) or () if statement else ()


_TABLES: Final = """\
    select pg_class.oid as relation, nspname as schema, relname as name, obj_description(pg_class.oid, 'pg_class') as comment
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'f') and not relispartition
        and nspname <> all (array['information_schema', 'veil']) and nspname !~ '^pg_'
        and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
        and has_schema_privilege(pg_namespace.oid, 'usage')
    order by nspname, relname"""

_COLUMNS: Final = """\
    select attrelid as relation, attname as name, format_type(base.oid, null) as type, attnotnull as is_required,
        col_description(attrelid, attnum) as comment,
        coalesce(
            (select array_agg(enumlabel::text order by enumsortorder) from pg_enum where enumtypid = base.oid),
            (select array(select word[1] from regexp_matches(pg_get_constraintdef(pg_constraint.oid), '''([^'']*)''', 'g') word)
             from pg_constraint where conrelid = attrelid and contype = 'c' and conkey = array[attnum]
                and pg_get_constraintdef(pg_constraint.oid)
                    ~ ('^CHECK \\(+' || quote_ident(attname) || '\\)?(::text)? = ANY \\(+ARRAY\\[''[^<>()]*\\](::text\\[\\])?\\)+$')
             limit 1)
        ) as words
    from pg_attribute
    join pg_type on pg_type.oid = atttypid
    join pg_type base on base.oid = coalesce(nullif(pg_type.typbasetype, 0), pg_type.oid)
    where attnum > 0 and not attisdropped
    order by attrelid, attnum"""

_KEYS: Final = """\
    select distinct on (conrelid) conrelid as relation,
        (select array_agg(attname::text order by place) from unnest(conkey) with ordinality as part (number, place)
         join pg_attribute on attrelid = conrelid and attnum = number) as columns
    from pg_constraint where contype in ('p', 'u') order by conrelid, contype, cardinality(conkey), conname"""

_FOREIGN_KEYS: Final = """\
    select conrelid as relation, near.attname as name, far.attname as far, nspname || '.' || relname as place
    from pg_constraint
    join pg_attribute near on near.attrelid = conrelid and near.attnum = conkey[1]
    join pg_attribute far on far.attrelid = confrelid and far.attnum = confkey[1]
    join pg_class on pg_class.oid = confrelid join pg_namespace on pg_namespace.oid = relnamespace
    where contype = 'f' and cardinality(conkey) = 1
    order by conrelid, near.attnum, conname"""

_SAMPLING: Final = """\
    select format('select %s from %s limit %s', string_agg(format('left(%1$I::text, 300) as %1$I', attname), ', '),
                  $1::oid::regclass, $2::integer)
    from pg_attribute
    where attrelid = $1::oid and attnum > 0 and not attisdropped and has_column_privilege(attrelid, attnum, 'select')
        and atttypid = any (array['text', 'varchar', 'bpchar']::regtype[])
    having count(*) > 0"""
