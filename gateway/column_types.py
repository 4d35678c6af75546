"""Which type each column must have that the catalog or a condition names, and the question whether it has.

The question reads the database's catalog alone, so that it can be asked at every check. A column of another type is
never read: the statement would fail, or show what nobody meant.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from gateway.view_owners import unreadable_views_sql
from resolvers.sql.pieces import Sql, constant, sql, table_name
from schema.catalog import Catalog, Entity, Scalar
from schema.conditions import (
    ConditionDeclaration,
    InForce,
    IsFalse,
    IsReference,
    IsRequester,
    IsRequesterOrNobody,
    IsSet,
    IsToCome,
    IsTrue,
    IsUnset,
    IsWord,
    NamesCategory,
    NamesPurpose,
    RequesterRestriction,
    RowHasBegun,
    RowHasNotEnded,
    RowNamesRequester,
    SubjectHadBefore,
    SubjectRestriction,
)
from schema.fields import ConnectionField, IdFilter, Join, Storage
from schema.identities import IdType

Types = tuple[str, ...]
"""Names of PostgreSQL's types, the one to choose first."""

_TEXT: Final = ("text", "varchar", "bpchar", "citext")
_TEXTS: Final = ("text[]", "varchar[]")
_NUMBER: Final = ("bigint",)
_BOOLEAN: Final = ("boolean",)
_TIME: Final = ("timestamptz",)

_OF_SCALARS: Mapping[Scalar, Types] = {
    Scalar.TEXT: _TEXT,
    Scalar.ENUM: _TEXT,
    Scalar.TEXT_LIST: _TEXTS,
    Scalar.INTEGER: ("integer", "smallint", "bigint"),
    Scalar.DECIMAL: ("numeric", "integer", "smallint", "bigint"),
    Scalar.BOOLEAN: _BOOLEAN,
    Scalar.TIMESTAMP: _TIME,
    Scalar.ID: _NUMBER,
    Scalar.UUID: ("uuid",),
}

_OF_IDS: Mapping[IdType, Types] = {
    "bigint": ("bigint",),
    "integer": ("integer", "smallint"),
    "uuid": ("uuid",),
    "text": ("text", "varchar"),
}

_Place = tuple[str, str]
"""A table, as SQL names it, and a column of it."""


def column_types(catalog: Catalog) -> Mapping[_Place, Types]:
    """The types that each column may have, of those for which it matters. What is mapped is cast, whatever its type."""
    found: dict[_Place, Types] = {}
    for entity in catalog.entities.values():
        found |= {(entity.storage.table, column): types for column, types in _of_entity(catalog, entity)}
        found |= dict(_of_relations(catalog, entity))
    found |= dict(_of_conditions(catalog))
    for parties in (catalog.marketplace.members, catalog.marketplace.organisations):
        if parties:
            found[parties.table, parties.key] = _OF_IDS[parties.id_type]
        if parties and parties.country:
            found[parties.table, parties.country] = _TEXT
    return {
        (table_name(catalog.plain(table)).text, column): types
        for (table, column), types in found.items()
        if column not in catalog.mapped_columns(table)
    }


def _of_entity(catalog: Catalog, entity: Entity) -> Iterator[tuple[str, Types]]:
    stored = entity.storage
    for subject in () if stored.is_part else stored.subjects:
        yield subject, (f"{entity.subject_type}[]",) if stored.subjects_array else _member(catalog)
    for column in entity.columns.values():
        yield column.column, _OF_IDS[stored.id_type] if column.name == "id" else _OF_SCALARS[column.scalar]
        if column.coarse:
            yield column.coarse, _TEXT
    for each in stored.filters.values():
        if isinstance(each, IdFilter):
            target = catalog.entities[each.target].storage
            yield each.column, (f"{target.bound_id_type}[]",) if each.within else _kept(target, stored)


def _of_relations(catalog: Catalog, entity: Entity) -> Iterator[tuple[_Place, Types]]:
    """A column that leads to an id, or is led to by one, has the id's type."""
    for relation in entity.relations.values():
        stored, target = entity.storage, catalog.entities[relation.target].storage
        if relation.far == target.key:
            yield (stored.table, relation.near), _kept(target, stored)
        elif relation.near == stored.key:
            is_within = isinstance(relation.declaration, ConnectionField) and relation.declaration.within
            types = (f"{stored.bound_id_type}[]",) if is_within else _kept(stored, target)
            yield (target.table, relation.far), types


def _kept(of: Storage, by: Storage) -> Types:
    """What a table keeps of another's ids. Veil's own keep larger numbers than any row has."""
    return (of.bound_id_type,) if by.table.startswith("veil.") else _OF_IDS[of.id_type]


def _member(catalog: Catalog) -> Types:
    members = catalog.marketplace.members
    return _OF_IDS[members.id_type] if members else _NUMBER


def _organisation(catalog: Catalog) -> Types:
    organisations = catalog.marketplace.organisations
    return _OF_IDS[organisations.id_type] if organisations else _NUMBER


def _of_conditions(catalog: Catalog) -> Iterator[tuple[_Place, Types]]:
    for condition in catalog.marketplace.conditions:
        yield from ((place, _member(catalog)) for place in condition.members)
        for table, restriction in condition.restrictions:
            yield from (
                ((table, column), types) for column, types in _of_restriction(restriction, _organisation(catalog))
            )
        if isinstance(condition.holds_if, SubjectHadBefore):
            yield (condition.holds_if.table, condition.holds_if.starts), _TIME
        for entity in catalog.entities.values():
            read = entity.storage.condition_columns.get(condition.name)
            columns = _of_row(condition.holds_if, read, _member(catalog))
            yield from (((entity.storage.table, column), types) for column, types in columns)


def _of_row(
    declared: ConditionDeclaration, read: tuple[str, ...] | Join | None, member: Types
) -> Iterator[tuple[str, Types]]:
    """Of the columns that a condition reads of a row itself."""
    match declared, read:
        case RowNamesRequester(), tuple():
            yield from ((column, member) for column in read)
        case RowHasBegun() | RowHasNotEnded(), tuple():
            yield from ((column, _TIME) for column in read)
        case SubjectHadBefore(), (_, time):
            yield time, _TIME
        case _:
            pass


def _of_restriction(
    restriction: RequesterRestriction | SubjectRestriction, organisation: Types
) -> Iterator[tuple[str, Types]]:
    match restriction:
        case InForce(starts=starts, ends=ends):
            yield from ((starts, _TIME), (ends, _TIME))
        case IsToCome(column):
            yield column, _TIME
        case IsTrue(column) | IsFalse(column):
            yield column, _BOOLEAN
        case IsWord(column=column) | IsReference(column=column):
            yield column, _TEXT
        case IsRequester(column) | IsRequesterOrNobody(column):
            yield column, organisation
        case NamesPurpose(column) | NamesCategory(column):
            yield column, _TEXTS
        case IsSet() | IsUnset():
            pass


def misfits_sql(catalog: Catalog, needed: Iterable[tuple[str, str]]) -> Sql:
    """A query of what does not fit: a sentence for each table or column that is missing, or has another type.

    Another encoding than UTF8 does not fit, nor does a view whose owner may not read what is behind it.

    `needed` are the tables and columns that are read or changed.
    """
    types, needed = column_types(catalog), tuple(needed)
    needs = [
        {"relation": table, "column_name": column, "types": types.get((table, column), ())} for table, column in needed
    ]
    return sql(_MISFITS, constant(json.dumps(needs)), unreadable_views_sql(table for table, _ in needed))


def ungranted_sql(role: str, needed: Iterable[tuple[str, str]]) -> Sql:
    """A query of what a role may not read: a sentence for each table. A role that is missing may read nothing."""
    needs = [{"relation": table, "column_name": column} for table, column in needed]
    return sql(_UNGRANTED, constant(json.dumps(needs)), constant(role))


_UNGRANTED: Final = """\
    select 'the grant to select ' || string_agg(column_name, ', ' order by column_name) || ' of ' || relation || ' is missing: run `veil migrate`'
        as notice
    from json_to_recordset({}::json) as needs (relation text, column_name text)
    join pg_attribute on attrelid = to_regclass(relation) and attname = column_name and not attisdropped
    left join pg_roles on rolname = {}
    where has_column_privilege(pg_roles.oid, attrelid, attnum, 'select') is not true
    group by relation order by relation"""

_MISFITS: Final = """\
    with needs as (
        select relation, column_name, types, to_regclass(relation) as found
        from json_to_recordset({}::json) as needs (relation text, column_name text, types text[])
    ), columns as (
        select needs.*, attname, coalesce(nullif(typbasetype, 0), pg_type.oid) as type
        from needs
        left join pg_attribute on attrelid = found and attname = column_name and attnum > 0 and not attisdropped
        left join pg_type on pg_type.oid = atttypid
    )
    select 'the database''s encoding is not UTF8: make one that is' as notice
    where current_setting('server_encoding') <> 'UTF8'
    union all
    select distinct 'the table or view ' || relation || ' is missing: '
        || case when relation like 'veil.%' then '' else 'make it, then ' end || 'run `veil migrate`'
    from needs where found is null
    union all
    select 'the column ' || relation || '.' || column_name || ' is missing: add it to the table or view, then run `veil migrate`'
    from columns where found is not null and attname is null
    union all
    select 'the column ' || relation || '.' || column_name || ' is of type ' || format_type(type, null) || ': make it '
        || types[1]
    from columns where attname is not null and cardinality(types) > 0
        and type <> all (array(select to_regtype(each)::oid from unnest(types) each where to_regtype(each) is not null))
    union all
    select notice from (
{}
    ) unreadable
    order by 1"""
