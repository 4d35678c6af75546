"""Reads the catalog off a marketplace's Strawberry types, once at start.

A type or field that declares nothing, or something that cannot be, stops the start.
"""

import dataclasses
import enum
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import strawberry
from strawberry.types.base import StrawberryContainer, StrawberryObjectDefinition
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType
from strawberry.utils.str_converters import to_camel_case

from schema.catalog import Catalog, CatalogError, Column, Entity, Relation, Root, Scalar
from schema.conditions import (
    Condition,
    RowHas,
    RowHasBegun,
    RowHasNone,
    RowHasNotEnded,
    RowNamesRequester,
    SubjectHadBefore,
)
from schema.definition import Marketplace
from schema.fields import (
    DECLARATION,
    STORAGE,
    ByIdField,
    ColumnField,
    ConnectionField,
    Declaration,
    HiddenFieldsField,
    IdFilter,
    Join,
    LinkField,
    MaskedFieldsField,
    MeField,
    NodeField,
    NodesField,
    PartsField,
    PartsFilter,
    StaticField,
    StatisticsField,
    Storage,
    VersionField,
)
from schema.labels import Form, Label, Nature
from schema.mapping import MappedColumn, MappedColumns, expression_problem, plain_table
from schema.mutation_reading import read_mutations
from schema.requester import Party
from schema.scalars import DateTime, Decimal
from schema.treatments import WHOLE_OR_HIDDEN


def read_catalog(marketplace: Marketplace) -> Catalog:
    """The catalog of everything that can be reached from a marketplace's query type.

    Raises `CatalogError` naming the type and field that declares nothing, or something that cannot be.
    """
    query = marketplace.query
    types: dict[str, StrawberryObjectDefinition] = {}
    roots = {root.name: root for root in _roots(query, types)}
    entities: dict[str, Entity] = {}
    while missing := [name for name in types if name not in entities]:
        for name in missing:
            entities[name] = _entity(types[name], types)
    for place, declaration, target in _reached(roots, entities):
        if isinstance(declaration, ConnectionField | ByIdField) and "id" not in entities[target].columns:
            raise CatalogError(f"`{place}` leads to `{target}`, which has no `id` to be found or paged by")
    _check_words(marketplace)
    _check_conditions(marketplace)
    if marketplace.figures_purpose is None and any(
        isinstance(each.declaration, StatisticsField) for each in roots.values()
    ):
        raise CatalogError(
            "there are figures; give the marketplace a `figures_purpose` that their releases are recorded for"
        )
    mapped = _mapped(entities.values(), marketplace.schema)
    entities = {name: _in_marketplace(each, mapped, marketplace) for name, each in entities.items()}
    marketplace = _with_mapped_conditions(marketplace, mapped)
    entities |= _owned(entities)
    mutations = read_mutations(marketplace, entities)
    for entity in entities.values():
        _check_id(entity)
        _check_coincidental(entity)
        _check_condition_columns(entity, marketplace)
        _check_filters(entity, entities)
    return Catalog(marketplace=marketplace, entities=entities, roots=roots, mutations=mutations, mapped=mapped)


def _mapped(entities: Iterable[Entity], schema: str) -> Mapping[str, MappedColumns]:
    """The mapped columns of each table. All fields that show a column must map it alike."""
    found: dict[str, dict[str, tuple[str, MappedColumn | None]]] = {}
    for entity in entities:
        columns = found.setdefault(plain_table(entity.storage.table, schema), {})
        for column in entity.columns.values():
            place = f"{entity.name}.{column.name}"
            other, mapped = columns.setdefault(column.column, (place, column.mapped))
            if mapped != column.mapped:
                raise CatalogError(
                    f"`{place}` and `{other}` make something else of `{column.column}`; give one a `column`"
                )
        if columns.get(entity.storage.key, ("", None))[1]:
            raise CatalogError(f"`{entity.name}` has a key that is mapped; only a column of the table can be one")
    return {
        table: made
        for table, columns in found.items()
        if (made := {name: mapped for name, (_, mapped) in columns.items() if mapped})
    }


def _in_marketplace(entity: Entity, mapped: Mapping[str, MappedColumns], marketplace: Marketplace) -> Entity:
    """The entity, with what the marketplace and its other entities say of its rows."""
    table = plain_table(entity.storage.table, marketplace.schema)
    members = marketplace.members
    is_members = members is not None and plain_table(members.table, marketplace.schema) == table
    return dataclasses.replace(
        entity,
        mapped=mapped.get(table, {}),
        subject_type=marketplace.member_type,
        gone=members.gone if members and is_members else None,
    )


def _with_mapped_conditions(marketplace: Marketplace, mapped: Mapping[str, MappedColumns]) -> Marketplace:
    """The marketplace, its conditions with the mapped columns of the tables that they read."""

    def with_mapped(condition: Condition) -> Condition:
        tables = {table: mapped.get(plain_table(table, marketplace.schema), {}) for table in condition.reads}
        return dataclasses.replace(condition, mapped=tables) if any(tables.values()) else condition

    return dataclasses.replace(marketplace, conditions=tuple(map(with_mapped, marketplace.conditions)))


def _check_id(entity: Entity) -> None:
    """That nobody can count the hidden rows of a type by the gaps in the numbers of those they see.

    Rows that are published as a whole may have plain numbers, and no other id is a number.
    """
    ids = entity.columns.get("id")
    is_counted = ids is not None and ids.label.identifier is None and entity.storage.has_numbers
    if (
        is_counted
        and entity.storage.subjects
        and not all(category.nature is Nature.PUBLISHED for category in entity.categories)
    ):
        raise CatalogError(
            f"the rows of `{entity.name}` are about somebody, and its `id` would count them; "
            "label it with `Identifiers.ROW_ID`, or with `Identifiers.MEMBER_ID` where the row is the member"
        )


def _check_coincidental(entity: Entity) -> None:
    """That no exact time or amount about somebody is taken for one that identifies nobody."""
    for column in entity.columns.values() if entity.owner.subjects else ():
        is_exact = column.scalar in (Scalar.TIMESTAMP, Scalar.DECIMAL)
        is_public = column.label.category.is_public
        if is_exact and not (is_public or column.label.identifier or column.identifies_nobody):
            raise CatalogError(
                f"`{entity.name}.{column.name}` is an exact time or amount about somebody; label it with "
                "`Identifiers.MOMENT` or `Identifiers.AMOUNT`, or say why it identifies nobody with `identifies_nobody`"
            )


def _check_words(marketplace: Marketplace) -> None:
    """That every word means one thing, and that there is somebody to ask as."""
    for what, words in (
        ("roles", marketplace.roles),
        ("purposes", marketplace.purposes),
        ("categories", marketplace.all_categories),
        ("kinds of identifiers", marketplace.identifiers),
    ):
        names = [word.value for word in words]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise CatalogError(f"two {what} of the marketplace are called `{twice[0]}`")
    for party, wanted, fits in (
        (Party.PUBLIC, "one role", sum(role.is_public for role in marketplace.roles) == 1),
        (Party.OWN, "a role", any(role.is_own for role in marketplace.roles)),
    ):
        if not fits:
            raise CatalogError(f"the marketplace needs {wanted} of the party `Party.{party.name}`: {party.value}")
    if marketplace.public_purpose not in marketplace.purposes:
        raise CatalogError(f"`public_purpose` is `{marketplace.public_purpose}`, which is none of the `purposes`")


def _check_conditions(marketplace: Marketplace) -> None:
    for what, used in (
        ("name", [each.name for each in marketplace.conditions]),
        ("phrase", [each.phrase for each in marketplace.conditions]),
    ):
        if twice := sorted({each for each in used if used.count(each) > 1}):
            raise CatalogError(f"two conditions have the {what} `{twice[0]}`")
    for purpose, condition in marketplace.whole_cards.items():
        if condition not in marketplace.conditions:
            raise CatalogError(f"`{purpose}` shows whole cards under `{condition.name}`, which is no condition")


def _check_condition_columns(entity: Entity, marketplace: Marketplace) -> None:
    """That an entity gives each condition that needs a row the columns it reads."""
    of_rows = {each.name: each.holds_if for each in marketplace.conditions if each.needs_row}
    for name, read in entity.storage.condition_columns.items():
        match of_rows.get(name):
            case RowNamesRequester():
                fits = isinstance(read, tuple) and len(read) > 0
            case RowHasBegun() | RowHasNotEnded():
                fits = isinstance(read, tuple) and len(read) == 1
            case RowHas() | RowHasNone():
                fits = isinstance(read, Join)
            case SubjectHadBefore():
                fits = isinstance(read, tuple) and len(read) == 2 and read[0] in entity.storage.subjects
            case _:
                raise CatalogError(f"`{entity.name}` has columns for `{name}`, which is no condition of a row")
        if not fits:
            raise CatalogError(f"`{entity.name}` does not give `{name}` the columns that it reads")


def _check_filters(entity: Entity, entities: Mapping[str, Entity]) -> None:
    """That what rows are filtered by is there, and that an id without a label is about nobody."""
    for name, each in entity.storage.filters.items():
        match each:
            case IdFilter(target=target, label=label):
                found = entities.get(target)
                is_open = found is not None and found.is_open
                fits = found is not None and (is_open or not label.category.is_open)
            case PartsFilter(parts=parts):
                relation = entity.relations.get(parts)
                fits = relation is not None and isinstance(relation.declaration, PartsField)
        if not fits or name in entity.columns:
            raise CatalogError(f"`{entity.name}` cannot be filtered by `{name}` as it says")
    left_out = entity.storage.left_out
    column = entity.columns.get(left_out.field) if left_out else None
    if left_out and (column is None or column.scalar is not Scalar.TEXT):
        raise CatalogError(f"`{entity.name}` leaves out rows by `{left_out.field}`, which is no text of it")


def _reached(roots: Mapping[str, Root], entities: Mapping[str, Entity]) -> Iterator[tuple[str, Declaration, str]]:
    """Every way to an entity: the field that leads there, how it is declared, and where it leads."""
    for root in roots.values():
        if root.target:
            yield f"Query.{root.name}", root.declaration, root.target
    for entity in entities.values():
        for relation in entity.relations.values():
            yield f"{entity.name}.{relation.name}", relation.declaration, relation.target


def _owned(entities: Mapping[str, Entity]) -> dict[str, Entity]:
    return {
        relation.target: dataclasses.replace(entities[relation.target], owner=entity.storage)
        for entity in entities.values()
        for relation in entity.relations.values()
        if isinstance(relation.declaration, PartsField)
    }


def _roots(query: type, types: dict[str, StrawberryObjectDefinition]) -> Iterator[Root]:
    for field in _definition(query).fields:
        declaration = _declaration("Query", field)
        target = None
        if isinstance(declaration, ByIdField | MeField | ConnectionField):
            target = _target(field, types)
        elif not isinstance(declaration, NodeField | NodesField | StaticField | StatisticsField):
            raise CatalogError(f"`Query.{_name(field)}` is declared as no root field")
        yield Root(name=_name(field), declaration=declaration, target=target)


def _entity(definition: StrawberryObjectDefinition, types: dict[str, StrawberryObjectDefinition]) -> Entity:
    stored = getattr(definition.origin, STORAGE, None)
    if not isinstance(stored, Storage):
        raise CatalogError(f"`{definition.name}` does not say how it is stored; decorate it with `@entity(Stored(…))`")
    columns: dict[str, Column] = {}
    relations: dict[str, Relation] = {}
    derived_fields: dict[str, HiddenFieldsField | MaskedFieldsField | VersionField] = {}
    for field in definition.fields:
        name = _name(field)
        match _declaration(definition.name, field):
            case ColumnField() as column_field:
                columns[name] = _column(definition, field, column_field)
            case LinkField() | ConnectionField() | PartsField() as declaration:
                target = _target(field, types)
                relations[name] = Relation(
                    name=name,
                    declaration=declaration,
                    target=target,
                    near=declaration.near or stored.key,
                    far=declaration.far or _key(types[target]),
                    column=_link_column(name, field, declaration) if isinstance(declaration, LinkField) else None,
                )
            case HiddenFieldsField() | MaskedFieldsField() | VersionField() as declaration:
                derived_fields[name] = declaration
            case ByIdField() | MeField() | NodeField() | NodesField() | StaticField() | StatisticsField():
                raise CatalogError(f"`{definition.name}.{name}` is declared as a root field")
    return Entity(
        name=definition.name,
        type=definition.origin,
        storage=stored,
        owner=stored,
        columns=columns,
        relations=relations,
        derived_fields=derived_fields,
    )


def _key(definition: StrawberryObjectDefinition) -> str:
    stored = getattr(definition.origin, STORAGE, None)
    return stored.key if isinstance(stored, Storage) else Storage.key


def _column(definition: StrawberryObjectDefinition, field: StrawberryField, column_field: ColumnField) -> Column:
    place = f"{definition.name}.{_name(field)}"
    scalar, choice = _scalar(place, field.type)
    stored: Storage = getattr(definition.origin, STORAGE)
    is_key = _name(field) == "id"
    name = column_field.column or (stored.key if is_key else field.python_name)
    if is_key and (name != stored.key or column_field.expression or column_field.words):
        raise CatalogError(f"`{place}` is the key of its row; name its column with `key`")
    if not is_key and scalar is Scalar.ID:
        raise CatalogError(f"`{place}` is of the type of ids; only `id` can be, and a `link` leads to another row")
    if column_field.subject and column_field.subject not in stored.subjects:
        raise CatalogError(f"`{place}` names the subject `{column_field.subject}`, which is none of its row's")
    if column_field.label.is_a(Form.POSTAL_ADDRESS) and not column_field.coarse:
        raise CatalogError(f"`{place}` is a postal address; name the column of its city with `coarse`")
    if any("password" in each.casefold() for each in (name, *column_field.reads)):
        raise CatalogError(f"`{place}` would show a password, which nobody is ever shown")
    _check_label(place, column_field.label, scalar)
    if column_field.is_sealed and (scalar is not Scalar.TEXT or not column_field.label.is_a(Form.ID)):
        raise CatalogError(f"the token of `{place}` cannot be opened: it is no text that stands for an id")
    return Column(
        name=_name(field),
        python_name=field.python_name,
        column=name,
        scalar=scalar,
        label=column_field.label,
        subject=column_field.subject,
        coarse=column_field.coarse,
        enum_type=choice,
        identifies_nobody=column_field.identifies_nobody,
        is_sealed=column_field.is_sealed,
        mapped=_mapping(place, name, column_field, scalar, choice),
    )


def _mapping(
    place: str, column: str, declared: ColumnField, scalar: Scalar, choice: type[enum.Enum] | None
) -> MappedColumn | None:
    if declared.expression is None and declared.reads:
        raise CatalogError(f"`{place}` reads other columns, but has no expression")
    if declared.expression is not None and (problem := expression_problem(declared.expression, declared.reads)):
        raise CatalogError(f"the expression of `{place}` {problem}")
    if not all(map(str.isprintable, declared.words)):
        raise CatalogError(f"`{place}` has a word that is not one line")
    known = {str(each.value) for each in choice or ()}
    if unknown := sorted({*declared.words.values()} - known):
        raise CatalogError(f"`{place}` has the word `{unknown[0]}` for one of its enum's, which has no such word")
    if declared.expression is None and not declared.words:
        return None
    return MappedColumn(
        reads=declared.reads or (column,),
        # An `Int` of 32 bits is cast once it is known to be one.
        sql_type="bigint" if scalar is Scalar.INTEGER else scalar.sql_type,
        expression=declared.expression,
        words=tuple(declared.words.items()),
    )


def _link_column(name: str, field: StrawberryField, link: LinkField) -> Column | None:
    """The column that a labelled link follows. It is never shown itself: the link is, or is not."""
    if link.label is None:
        return None
    if link.label.form not in WHOLE_OR_HIDDEN:
        raise CatalogError(f"the link `{name}` can only be whole or hidden; label it with `Identifiers.DETAIL`")
    return Column(
        name=name,
        python_name=field.python_name,
        column=link.near,
        scalar=Scalar.ID,
        label=link.label,
        subject=None,
        coarse=None,
        enum_type=None,
    )


def _check_label(place: str, label: Label, scalar: Scalar) -> None:
    """That a field's type can have the forms of the kinds of identifiers it holds."""
    match label.form:
        case None | Form.DETAIL:
            pass
        case Form.TIME:
            if scalar is not Scalar.TIMESTAMP:
                raise CatalogError(f"`{place}` is labelled as an exact time; its type must be `DateTime`")
        case Form.AMOUNT:
            if scalar is not Scalar.DECIMAL:
                raise CatalogError(f"`{place}` is labelled as an amount; its type must be `Decimal`")
        case _:
            if scalar not in (Scalar.TEXT, Scalar.ID):
                raise CatalogError(f"`{place}` is an identifier; its type must be text")
    if label.also and label.also.form not in WHOLE_OR_HIDDEN:
        raise CatalogError(f"`{place}` has two kinds of identifiers; the second can only be `Identifiers.DETAIL`")


_SCALARS: Mapping[object, Scalar] = {
    str: Scalar.TEXT,
    int: Scalar.INTEGER,
    bool: Scalar.BOOLEAN,
    Decimal: Scalar.DECIMAL,
    DateTime: Scalar.TIMESTAMP,
    strawberry.ID: Scalar.ID,
}


def _scalar(place: str, annotated: Any) -> tuple[Scalar, type[enum.Enum] | None]:
    inner = annotated.of_type if isinstance(annotated, StrawberryContainer) else annotated
    if isinstance(inner, StrawberryEnumDefinition):
        return Scalar.ENUM, cast("type[enum.Enum]", inner.wrapped_cls)
    if isinstance(inner, StrawberryContainer) and inner.of_type is str:
        return Scalar.TEXT_LIST, None
    if scalar := _SCALARS.get(inner):
        return scalar, None
    raise CatalogError(f"`{place}` is of a type that no column can have")


def _declaration(type_name: str, field: StrawberryField) -> Declaration:
    declaration = field.metadata.get(DECLARATION)
    if declaration is None:
        raise CatalogError(f"`{type_name}.{_name(field)}` has no label; declare it with `data(…)`, `link(…)` or alike")
    return declaration


def _target(field: StrawberryField, types: dict[str, StrawberryObjectDefinition]) -> str:
    found: Any = field.type
    while True:
        if isinstance(found, StrawberryContainer):
            found = found.of_type
        elif isinstance(found, LazyType):
            found = found.resolve_type()
        elif (definition := _definition(found)).type_var_map:
            found = next(iter(definition.type_var_map.values()))
        else:
            types.setdefault(definition.name, definition)
            return definition.name


def _definition(cls: Any) -> StrawberryObjectDefinition:
    return cls.__strawberry_definition__ if not isinstance(cls, StrawberryObjectDefinition) else cls


def _name(field: StrawberryField) -> str:
    return field.graphql_name or to_camel_case(field.python_name)
