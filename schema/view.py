"""The view: the GraphQL schema of one role and purpose, with only the fields that requester may ever see.

A view is the Strawberry types with fields removed. A removed field is absent from SDL, introspection and validation.
A field may filter or sort only if it is shown as stored on every row the requester can see.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from schema.catalog import Catalog, Column, Entity, Input, MutationRoot, Root, Scalar
from schema.fields import (
    DECLARATION,
    ByIdField,
    ConnectionField,
    IdFilter,
    MeField,
    NodeField,
    NodesField,
    PartsFilter,
    StatisticsField,
    StructuralEnum,
    VersionField,
)
from schema.labels import Data
from schema.rights import ApproveField, CarryOutField, EditField, EndField, EnterField, ReceiveField, ResumeField
from schema.scalars import SCALARS, DateTime, Decimal
from schema.treatments import Treatment
from schema.visibility import Visibility

DEFAULT_PAGE_SIZE = 20
"""Rows of a page when neither `first` nor `last` is given."""

MAX_PAGE_SIZE = 100
"""The most rows a page may have."""

MAX_IDS = 100
"""The most ids that `nodes` takes."""


@strawberry.enum(description="Which way to sort.")
class Direction(StructuralEnum):
    ASC = strawberry.enum_value("ASC", description="The least first.")
    DESC = strawberry.enum_value("DESC", description="The greatest first.")


class View(strawberry.Schema):
    """One requester's GraphQL schema. Without a visibility it has every field, as `veil schema` prints it."""

    def __init__(self, catalog: Catalog, sight: Visibility | None = None) -> None:
        self._catalog = catalog
        self._sight = sight
        self._inputs: dict[str, Any] = {}
        # `node` may return a type that no field leads to.
        seen = [entity.type for name, entity in catalog.entities.items() if self._sees(name)]
        super().__init__(
            query=catalog.marketplace.query,
            mutation=catalog.marketplace.mutation if any(map(self._permits, catalog.mutations.values())) else None,
            types=[Data, *seen],
            config=StrawberryConfig(scalar_map=SCALARS),
        )

    @property
    def graphql(self) -> GraphQLSchema:
        """The schema as graphql-core has it."""
        return self._schema

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """The fields of a type. Strawberry calls this; here a view becomes narrower than the catalog."""
        if type_definition.origin is self._catalog.marketplace.query:
            roots = ((field, self._catalog.roots[_name(field)]) for field in type_definition.fields)
            return [self._with_arguments(field, root.target) for field, root in roots if self._keeps_root(root)]
        if type_definition.origin is self._catalog.marketplace.mutation:
            mutations = ((field, self._catalog.mutations[_name(field)]) for field in type_definition.fields)
            return [self._changing(field, mutation) for field, mutation in mutations if self._permits(mutation)]
        if entity := self._catalog.entities.get(type_definition.name):
            kept = (field for field in type_definition.fields if self._keeps(entity, _name(field)))
            return [self._with_arguments(field, _target(entity, field)) for field in kept]
        return type_definition.fields

    def _permits(self, mutation: MutationRoot) -> bool:
        return self._sight is None or self._sight.permits(mutation, self._catalog)

    def _inputs_of(self, mutation: MutationRoot) -> Mapping[str, Input]:
        return mutation.inputs if self._sight is None else self._sight.permitted_inputs(mutation)

    def _changing(self, field: StrawberryField, mutation: MutationRoot) -> StrawberryField:
        """A mutation with its arguments: what of its input this requester may ever give."""
        field = copy.copy(field)
        match mutation.declaration:
            case EditField():
                description = "The version of the row that was read. If it has another by now, nothing is changed."
                version = _optional("version", str, description)
                field.arguments = [_id_argument(), version, self._input_argument(mutation, must_give=False)]
            case EnterField() | ReceiveField():
                field.arguments = [self._input_argument(mutation, must_give=True)]
            case EndField() | ResumeField() | ApproveField():
                field.arguments = [_id_argument()]
            case CarryOutField(shown=shown):
                given = [_required(shown, str, "How that was shown, in a line.")] if shown else []
                described = "Of which categories it is carried out; without them, of all that the request names."
                field.arguments = [_id_argument(), *given, _optional("categories", list[str], described)]
        return field

    def _input_argument(self, mutation: MutationRoot, *, must_give: bool) -> StrawberryArgument:
        """What a mutation is given: each field with its type. Some must be given where a row is added."""
        given = self._inputs_of(mutation).values()
        types: dict[str, Any] = {}
        sentences: dict[str, Any] = {}
        for each in given:
            is_required = each.is_required and must_give
            types[each.name] = _written(each) if is_required else _written(each) | None
            default: Any = {} if is_required else {"default": strawberry.UNSET}
            sentences[each.name] = strawberry.field(description=_input_sentence(each), **default)
        name = f"{mutation.name[0].upper()}{mutation.name[1:]}Input"
        made = strawberry.input(
            type(name, (), {"__annotations__": types, **sentences}), description=f"What `{mutation.name}` is given."
        )
        return _required("input", made, "What is written. What is left out stays as it is.")

    def _sees(self, target: str) -> bool:
        return self._sight is None or self._sight.sees(self._catalog.entities[target])

    def _keeps_root(self, root: Root) -> bool:
        if isinstance(root.declaration, MeField) and self._sight and not self._sight.role.is_member:
            return False
        if isinstance(root.declaration, StatisticsField):
            return self._sight is None or self._sight.sees_statistics(root.declaration.category)
        return root.target is None or self._sees(root.target)

    def _keeps(self, entity: Entity, name: str) -> bool:
        if column := entity.columns.get(name):
            return self._sight is None or bool(self._sight.rules(entity, column))
        if isinstance(entity.derived_fields.get(name), VersionField):
            return self._sight is None or bool(self._sight.versioned_columns(entity, self._catalog))
        relation = entity.relations.get(name)
        if relation is None or self._sight is None:
            return True
        return self._sight.shows_relation(entity, relation, self._catalog.entities[relation.target])

    def _with_arguments(self, field: StrawberryField, target: str | None) -> StrawberryField:
        match field.metadata[DECLARATION]:
            case ByIdField() | NodeField():
                arguments = [_required("id", strawberry.ID, "As a row shows its id.")]
            case NodesField():
                arguments = [_required("ids", list[strawberry.ID], f"As rows show their ids; up to {MAX_IDS}.")]
            case ConnectionField() if target:
                arguments = [*self._page_arguments(self._catalog.entities[target])]
            case StatisticsField(dimensions=dimensions, unit=unit):
                arguments = [_optional("group_by", dimensions, "Without it, everything together.")]
                arguments += [_required(unit, str, "Figures in different units are not added up.")] if unit else []
            case _:
                return field
        field = copy.copy(field)
        field.arguments = arguments
        return field

    def _page_arguments(self, entity: Entity) -> Iterator[StrawberryArgument]:
        yield _optional(
            "first", int, f"At most this many from the start, up to {MAX_PAGE_SIZE}; {DEFAULT_PAGE_SIZE} by default."
        )
        yield _optional("after", str, "Only rows behind this cursor.")
        yield _optional("last", int, f"At most this many from the end, up to {MAX_PAGE_SIZE}.")
        yield _optional("before", str, "Only rows before this cursor.")
        columns = [column for column in entity.columns.values() if self._usable(entity, column)]
        fields = [(column.python_name, self._comparison(column), f"Compares `{column.name}`.") for column in columns]
        if fields := [*fields, *self._other_filters(entity)]:
            filtered = self._input(f"{entity.name}Filter", f"Which rows of `{entity.name}`: all of it holds.", fields)
            yield _optional("filter", filtered, "Only rows for which all of it holds.")
        if ordered := [column for column in columns if column.scalar.is_ordered]:
            fields = [(column.python_name, Direction, f"Sorts by `{column.name}`.") for column in ordered]
            description = f"What rows of `{entity.name}` are sorted by: one field."
            order = self._input(f"{entity.name}OrderBy", description, fields, one_of=True)
            yield _optional("order_by", list[order], "By these fields in turn, one in each entry.")

    def _usable(self, entity: Entity, column: Column) -> bool:
        return can_filter(column) and (
            self._sight is None or self._sight.is_everywhere(entity, column, Treatment.PLAIN)
        )

    def _other_filters(self, entity: Entity) -> Iterator["_InputField"]:
        """What rows are filtered by that is not plain on all of them: tokens, ids of other types, parts."""
        for column in entity.columns.values():
            if column.is_sealed and self._sight and self._sight.is_everywhere(entity, column, Treatment.TOKEN):
                made = self._input("TokenFilter", "Compares a pseudonym.", [("eq", str, "As a row shows it.")])
                yield column.python_name, made, f"Compares the pseudonym in `{column.name}`."
        for name, each in entity.storage.filters.items():
            match each:
                case IdFilter(target=target):
                    column, there = entity.id_filters[name], self._catalog.entities[target]
                    if self._sight is None or self._sight.id_form(entity, column, there):
                        made = self._input("IDFilter", "Compares an id.", [("eq", strawberry.ID, "As a row shows it.")])
                        yield name, made, f"Compares the id of the `{target}`."
                case PartsFilter(parts=parts, keys=keys):
                    part = self._catalog.entities[entity.relations[parts].target]
                    if self._sight is None or self._sight.filters_by_parts(entity, part):
                        compared = [(key, str, f"What `{key}` is.") for key in keys]
                        made = self._input(f"{part.name}Match", f"What one `{part.name}` of a row says.", compared)
                        yield name, made, f"Only rows with such a `{part.name}`."

    def _comparison(self, column: Column) -> Any:
        name, kind = _compared(column)
        fields: list[_InputField] = [("eq", kind, "Equal to this."), ("among", list[kind], "Equal to one of these.")]
        if column.scalar.is_ordered:
            fields += [
                ("gt", kind, "Greater than this."),
                ("gte", kind, "Greater than this, or equal."),
                ("lt", kind, "Less than this."),
                ("lte", kind, "Less than this, or equal."),
            ]
        if column.scalar is Scalar.TEXT:
            fields.append(("starts_with", kind, "Begins with this, letter for letter."))
        is_null: _InputField = ("is_null", bool, "Whether there is no value.")
        return self._input(f"{name}Filter", f"Compares a `{name}`: all of it holds.", [*fields, is_null])

    def _input(self, name: str, description: str, fields: Sequence["_InputField"], *, one_of: bool = False) -> Any:
        if name not in self._inputs:
            types = {field: kind | None for field, kind, _ in fields}
            sentences = {
                field: strawberry.field(default=strawberry.UNSET, description=what) for field, _, what in fields
            }
            made = type(name, (), {"__annotations__": types, **sentences})
            made = strawberry.input(made, one_of=one_of, description=description)
            self._inputs[name] = _renamed(made)
        return self._inputs[name]


_InputField = tuple[str, Any, str]
"""A field of an input: its name, its type, and its sentence."""


def can_filter(column: Column) -> bool:
    """Whether a field can filter and sort at all: it has single values and is not an id."""
    return column.scalar not in (Scalar.ID, Scalar.TEXT_LIST)


def _compared(column: Column) -> tuple[str, Any]:
    """The name and type of the values a column is compared with."""
    if column.enum_type:
        return column.enum_type.__name__, column.enum_type
    match column.scalar:
        case Scalar.INTEGER:
            return "Int", int
        case Scalar.DECIMAL:
            return "Decimal", Decimal
        case Scalar.BOOLEAN:
            return "Boolean", bool
        case Scalar.TIMESTAMP:
            return "DateTime", DateTime
        case _:
            return "String", str


def _id_argument() -> StrawberryArgument:
    return _required("id", strawberry.ID, "As the row shows its id.")


def _input_sentence(given: Input) -> str:
    """What may be written into a field."""
    if given.most is not None:
        return f"The ids of 1 to {given.most} rows of `{given.target}`, each once, as they are stored."
    if given.target:
        return f"The id of a `{given.target}`."
    if given.words:
        return f"One or more of {', '.join(given.words)}."
    return f"{given.form.value[0].upper()}{given.form.value[1:]}."


def _written(given: Input) -> Any:
    """The type of what is written into a field."""
    if given.target:
        return strawberry.ID if given.most is None else list[strawberry.ID]
    return list[str] if given.column.scalar is Scalar.TEXT_LIST else _compared(given.column)[1]


def _renamed(made: Any) -> Any:
    """`in` is a Python keyword, so its attribute is called `among`."""
    for field in made.__strawberry_definition__.fields:
        if field.python_name == "among":
            field.graphql_name = "in"
    return made


def _optional(name: str, kind: Any, description: str) -> StrawberryArgument:
    annotation = StrawberryAnnotation(kind | None)
    return StrawberryArgument(name, None, annotation, description=description, default=strawberry.UNSET)


def _required(name: str, kind: Any, description: str) -> StrawberryArgument:
    return StrawberryArgument(name, None, StrawberryAnnotation(kind), description=description)


def _target(entity: Entity, field: StrawberryField) -> str | None:
    relation = entity.relations.get(_name(field))
    return relation.target if relation else None


def _name(field: StrawberryField) -> str:
    return field.graphql_name or to_camel_case(field.python_name)
