"""Tables become a marketplace package: entities with their fields, and what leads from one to another.

Nothing is decided here that a policy decides by: every category is left open.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from gateway.adopting.columns import read_columns
from gateway.adopting.kinds import TEXTS, guess, is_of_a_person
from gateway.adopting.naming import free, link_name, listed_name, single_name, singular, type_name, words_of
from gateway.adopting.package import DataField, EntityClass, Guessed, MarketplacePackage, RelationField, Uncovered
from gateway.adopting.reading import AdoptionError, ForeignKey, Table
from schema.labels import Identifiers

_ID_TYPES: Final[Mapping[str, str]] = {
    "bigint": "bigint",
    "integer": "integer",
    "uuid": "uuid",
    **dict.fromkeys(TEXTS, "text"),
}
"""The types that a key may have."""

_MEMBERS: Final = ("member", "customer", "user", "buyer", "client", "account", "person", "profile")
"""What tables of data subjects are called, the likeliest first."""

_LATER: Final = frozenset({"updated", "modified", "changed", "deleted", "last", "expires", "ends", "until"})
"""What a column is called whose time is not that of a row's beginning."""


def declare_package(name: str, tables: Sequence[Table], member: str | None) -> MarketplacePackage:
    """The package of this name over these tables; `member` names the table of data subjects. Raises `AdoptionError`."""
    keyed = [table for table in tables if _key_type(table)]
    subject_table = _member_table(keyed, member)
    related, guessed = _related(tables, keyed)
    classes = _classes(tables, subject_table, related)
    uncovered = [*_of_tables(tables, classes)]
    guessed = [each for each in guessed if each.place in classes]
    for entity in classes.values():
        keys = frozenset(each.column for each in related[entity.table.place])
        if entity.is_part and _key_type(entity.table):
            keys |= frozenset(entity.table.key)
            why = f"rows are parts of those that `{entity.belongs_by}` leads to, and have no id of their own"
            uncovered.append(Uncovered(place=entity.table.place, column=entity.table.key[0], why=why))
        for found in read_columns(entity, keys):
            match found:
                case DataField():
                    entity.fields.append(found)
                case Uncovered():
                    uncovered.append(found)
                case Guessed():
                    guessed.append(found)
    _relate(classes, related)
    return MarketplacePackage(
        name=name,
        schema=subject_table.schema,
        member=classes[subject_table.place],
        entities=list(classes.values()),
        uncovered=uncovered,
        guessed=guessed,
    )


def _key_type(table: Table) -> str | None:
    """The type of its key; none without a key of one column that can be an id."""
    return _ID_TYPES.get(table.columns[table.key[0]].type) if len(table.key) == 1 else None


# Whose data it is.


def _member_table(tables: Sequence[Table], named: str | None) -> Table:
    if named is not None:
        found = [table for table in tables if named in (table.name, table.place)]
        if len(found) != 1:
            raise AdoptionError(
                f"--member {named}: {_several(found) if found else 'there is no such table with a key of one column'}"
            )
        return found[0]
    likely = [table for table in tables if _likelihood(table) < len(_MEMBERS)]
    if not likely:
        raise AdoptionError("no table looks like that of members: name the table of the data subjects with --member")
    return min(likely, key=_likelihood)


def _several(tables: Sequence[Table]) -> str:
    return f"there are several: give one of {', '.join(table.place for table in tables)}"


def _likelihood(table: Table) -> int:
    """The less, the likelier it is the table of the data subjects."""
    words = [singular(each) for each in words_of(table.name)]
    fits = len(words) == 1 and words[0] in _MEMBERS and is_of_a_person(table)
    return _MEMBERS.index(words[0]) if fits else len(_MEMBERS)


# What leads where.

_Related = Mapping[str, Sequence[ForeignKey]]
"""The columns of each table that lead to a row with a key of one column."""


def _related(tables: Sequence[Table], keyed: Sequence[Table]) -> tuple[_Related, list[Guessed]]:
    """By foreign keys, and by names where there are none."""
    places = {table.place for table in keyed}
    found: dict[str, list[ForeignKey]] = {}
    guessed: list[Guessed] = []
    for table in tables:
        known = [each for each in table.foreign_keys if each.place in places]
        by_name = list(_by_name(table, keyed, {each.column for each in table.foreign_keys}))
        found[table.place] = [*{each.column: each for each in [*known, *by_name]}.values()]
        guessed += [
            Guessed(place=table.place, column=each.column, taken_for=f"a row of `{each.place}`, by its name")
            for each in by_name
        ]
    return found, guessed


def _by_name(table: Table, keyed: Sequence[Table], known: set[str]) -> Iterator[ForeignKey]:
    for column in table.columns.values():
        words = words_of(column.name)
        if column.name in known or column.name in table.key[:1] or words[-1:] != ["id"] or len(words) < 2:
            continue
        called = [singular(each) for each in words[:-1]]
        found = [
            other
            for other in keyed
            if [singular(each) for each in words_of(other.name)] == called
            and _ID_TYPES.get(column.type) == _key_type(other)
        ]
        if len(found) == 1:
            yield ForeignKey(column=column.name, place=found[0].place, far=found[0].key[0])


# Which tables become classes.


def _classes(tables: Sequence[Table], member: Table, related: _Related) -> Mapping[str, EntityClass]:
    """The class of each table that has one, by its place. A part comes after the entity that it belongs to."""
    found: dict[str, EntityClass] = {}
    for table in tables:
        if _key_type(table) and (subjects := _subjects(table, member, related)):
            found[table.place] = _entity(table, found.values(), subjects, is_member=table is member)
    about_somebody = dict(found)
    for table in tables:
        is_whole = table.place not in about_somebody and _key_type(table) and not _identifies(table, related)
        if is_whole and not _owner(table, about_somebody, related):
            found[table.place] = _entity(table, found.values(), (), is_member=False)
    whole = dict(found)
    for table in tables:
        leading = _owner(table, about_somebody, related) or _owner(table, whole, related)
        if table.place not in found and leading:
            found[table.place] = _part(table, found.values(), found[leading.place].module, leading.column)
    return found


def _subjects(table: Table, member: Table, related: _Related) -> tuple[str, ...]:
    if table is member:
        return member.key
    return tuple(
        each.column for each in related[table.place] if (each.place, each.far) == (member.place, member.key[0])
    )


def _identifies(table: Table, related: _Related) -> bool:
    """Whether it has what identifies a person, so that it must say whom it is about."""
    leading = {each.column for each in related[table.place]}
    return any(
        guess(column, table).kind in _IDENTIFYING for column in table.columns.values() if column.name not in leading
    )


_IDENTIFYING: Final = frozenset(Identifiers) - {
    *(Identifiers.FREE_TEXT, Identifiers.MOMENT, Identifiers.AMOUNT, Identifiers.DETAIL)
}


def _entity(table: Table, others: Iterable[EntityClass], subjects: tuple[str, ...], *, is_member: bool) -> EntityClass:
    name = _free_type(table, others)
    return EntityClass(
        name=name,
        module=listed_name(name),
        table=table,
        key=table.key[0],
        id_type=_key_type(table),
        subjects=subjects,
        order=_order(table),
        is_member=is_member,
    )


def _part(table: Table, others: Iterable[EntityClass], module: str, belongs_by: str) -> EntityClass:
    keys = (column for column in table.key if column != belongs_by)
    return EntityClass(
        name=_free_type(table, others),
        module=module,
        table=table,
        key=None,
        order=_order(table) or next(keys, None),
        belongs_by=belongs_by,
    )


def _free_type(table: Table, others: Iterable[EntityClass]) -> str:
    taken = {each.name for each in others}
    name = type_name(table.name)
    return free(f"{type_name(table.schema)}{name}", taken, "2") if name in taken or name in _TYPES_OF_VEIL else name


_TYPES_OF_VEIL: Final = frozenset({"AccessRecord", "Connection", "Edge", "Node", "PageInfo", "Query", "PrivacyPolicy"})


def _order(table: Table) -> str | None:
    """The column that rows are listed by: the first exact time that every row has from its beginning."""
    return next(
        (
            column.name
            for column in table.columns.values()
            if column.type == "timestamp with time zone"
            and column.is_required
            and not {*words_of(column.name)} & _LATER
        ),
        None,
    )


def _owner(table: Table, owners: Mapping[str, EntityClass], related: _Related) -> ForeignKey | None:
    """What leads to the row that a row belongs to: the only column that must lead to one of these, and does for sure."""
    if len(table.columns) == len(table.key):
        return None
    known = {each.column for each in table.foreign_keys}
    leading = [
        each
        for each in related[table.place]
        if each.place in owners
        and each.place != table.place
        and (each.column in table.key or (each.column in known and table.columns[each.column].is_required))
        and (_key_type(table) is None or owners[each.place].subjects)
    ]
    return leading[0] if len(leading) == 1 else None


def _of_tables(tables: Sequence[Table], classes: Mapping[str, EntityClass]) -> Iterator[Uncovered]:
    for table in tables:
        if table.place in classes:
            continue
        if _key_type(table):
            why = "it identifies persons, and no column says whom it is about: give it one, or make a view that has one"
        elif not table.key:
            why = "it has no key: name the column of its rows' ids with `key`"
        else:
            why = "its key is not one column that can be an id: a bigint, integer, uuid or text"
        yield Uncovered(place=table.place, why=why)


# Relations.


def _relate(classes: Mapping[str, EntityClass], related: _Related) -> None:
    for place, entity in classes.items():
        leading = [each for each in related[place] if each.place in classes and classes[each.place].key]
        for each in leading:
            target = classes[each.place]
            if each.column == entity.belongs_by:
                _add(
                    target,
                    RelationField(name=listed_name(entity.name), declared="parts", target=entity.name, far=each.column),
                )
                continue
            far = None if each.far == target.key else each.far
            name = single_name(target.name) if each.column == target.key else link_name(each.column)
            _add(entity, RelationField(name=name, declared="link", target=target.name, near=each.column, far=far))
            if not entity.is_part:
                is_only = [other.place for other in leading].count(each.place) == 1
                _add(target, _back(entity, target, each, is_only=is_only))


def _back(entity: EntityClass, target: EntityClass, key: ForeignKey, *, is_only: bool) -> RelationField:
    """The way from the target to the rows that lead to it."""
    if key.column == entity.key:
        name = single_name(entity.name)
        return RelationField(name=name, declared="link", target=entity.name, near=key.far, far=key.column)
    name = listed_name(entity.name)
    return RelationField(
        name=name if is_only and entity is not target else f"{name}_as_{link_name(key.column)}",
        declared="connection",
        target=entity.name,
        near=None if key.far == target.key else key.far,
        far=key.column,
    )


def _add(entity: EntityClass, relation: RelationField) -> None:
    """Adds it under a name that no other field has."""
    taken = {each.name for each in (*entity.fields, *entity.relations)}
    more = "row" if relation.declared == "link" else "rows"
    entity.relations.append(replace(relation, name=free(relation.name, taken, more)))
