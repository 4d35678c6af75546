"""Resolves a document into a selection: fragments, aliases, directives and merged fields worked out.

The last room that knows GraphQL. What comes out says which field of which type is wanted under which key, with which
arguments, and when: nothing of columns, tables or permissions.
"""

import enum
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    NameNode,
    NullValueNode,
    ObjectValueNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

from resolvers.alternatives import ALWAYS, Inclusion, absorb, excluding, narrowed
from resolvers.front.document import Limits, Tree
from schema.fields import StructuralEnum
from schema.refusals import Code, Refused


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value is found in a call's variables: a variable's name, then keys and positions within it."""

    path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Keyword:
    """A value that shapes the statement, from the document or a variable's shape."""

    value: str


class Omitted(enum.Enum):
    """What stands for a variable of a mutation that was not given: null would empty a field."""

    OMITTED = "omitted"


Argument = Slot | Keyword | Omitted | None | Mapping[str, Any] | Sequence[Any]
"""What an argument is made of: values to bind, keywords, and the objects and lists that hold them."""

VariableShape = Any
"""What of a variable's value may change a statement: which keys it has, what is null, which way to sort."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A selected field. `selections` are the fields selected of it, by the type of the object it turns out to be."""

    key: str
    parent_type: str
    """The type the field is of."""
    name: str
    inclusion: Inclusion[Slot]
    arguments: Mapping[str, Argument]
    selections: Mapping[str, tuple["Field", ...]]

    @property
    def selected(self) -> tuple["Field", ...]:
        """The fields selected of a field that is always of one type."""
        return next(iter(self.selections.values()), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What an operation wants."""

    name: str | None
    fields: tuple[Field, ...]
    is_mutation: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    node: FieldNode
    inclusion: Inclusion[Slot]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a key stands among the others, and when it does."""

    key: str
    inclusion: Inclusion[Slot]


MOST_COMBINATIONS = 16
"""Sets of switches on which a key's place may depend."""


@dataclass(slots=True)
class _Merging:
    """Merges fields of one key, and finds its place: where it is first included (GraphQL specification §6.3.2).

    If that depends on switches, a key has several places, and at most one of them in an answer.
    """

    _found: dict[str, list[_Found]] = field(default_factory=dict[str, list[_Found]])
    _places: list[_Place] = field(default_factory=list[_Place])
    _included: dict[str, Inclusion[Slot]] = field(default_factory=dict[str, Inclusion[Slot]])
    """When a key is included by what was found so far."""
    _absent: dict[str, Inclusion[Slot]] = field(default_factory=dict[str, Inclusion[Slot]])
    """When it is not. Known of keys whose place depends on switches."""

    def add(self, key: str, one: _Found) -> None:
        """Raises `Refused` with LIMIT."""
        if key in self._found:
            self._found[key].append(one)
            included = self._included[key]
            further = frozenset(each for each in one.inclusion if not any(earlier <= each for earlier in included))
            if further:
                self._add_place(key, further)
        else:
            self._found[key] = [one]
            self._included[key] = one.inclusion
            self._places.append(_Place(key, one.inclusion))

    def _add_place(self, key: str, inclusion: Inclusion[Slot]) -> None:
        try:
            absent = self._absent.get(key)
            if absent is None:
                absent = excluding(ALWAYS, self._included[key], most=MOST_COMBINATIONS)
            here = narrowed(inclusion, absent)
            self._absent[key] = excluding(absent, inclusion, most=MOST_COMBINATIONS)
        except ValueError:
            raise Refused(Code.LIMIT, f"select `{key}` under fewer combinations of `@skip` and `@include`") from None
        self._included[key] = absorb(self._included[key] | inclusion)
        if self._places[-1].key == key:
            # Nothing stands between, so both are one place.
            self._places[-1] = _Place(key, absorb(self._places[-1].inclusion | here))
        elif here:
            self._places.append(_Place(key, here))

    def merged(self) -> Iterator[tuple[str, Sequence[_Found]]]:
        """The keys in their places, and what is merged there."""
        several = {key for key, count in Counter(place.key for place in self._places).items() if count > 1}
        for place in self._places:
            found = self._found[place.key]
            yield place.key, [*_narrowed_found(found, place.inclusion)] if place.key in several else found


def _narrowed_found(found: Sequence[_Found], to: Inclusion[Slot]) -> Iterator[_Found]:
    for one in found:
        if inclusion := narrowed(one.inclusion, to):
            yield _Found(one.node, inclusion)


def select(tree: Tree, schema: GraphQLSchema, shapes: Mapping[str, VariableShape], limits: Limits) -> Selection:
    """What an operation wants, its variables having these shapes. Raises `Refused` with LIMIT."""
    selecting = _Selecting(tree=tree, schema=schema, shapes=shapes, limits=limits)
    is_mutation = tree.operation.operation is OperationType.MUTATION
    root = schema.mutation_type if is_mutation else schema.query_type
    assert isinstance(root, GraphQLObjectType)  # noqa: S101 - a document without its root type was refused
    fields = selecting.fields(root, [(tree.operation.selection_set, ALWAYS)], depth=1)
    name = tree.operation.name
    return Selection(name=name.value if name else None, fields=fields, is_mutation=is_mutation)


class _Selecting:
    """Walks one document."""

    def __init__(
        self, *, tree: Tree, schema: GraphQLSchema, shapes: Mapping[str, VariableShape], limits: Limits
    ) -> None:
        self._tree = tree
        self._schema = schema
        self._shapes = shapes
        self._limits = limits
        self._seen = 0

    def fields(
        self, on: GraphQLObjectType, sets: Sequence[tuple[SelectionSetNode, Inclusion[Slot]]], *, depth: int
    ) -> tuple[Field, ...]:
        if depth > self._limits.depth:
            raise Refused(Code.LIMIT, f"an operation may be {self._limits.depth} fields deep")
        merging = _Merging()
        for selection_set, inclusion in sets:
            for one in self._collect(on, selection_set, inclusion):
                merging.add(one.node.alias.value if one.node.alias else one.node.name.value, one)
        return tuple(self._field(on, key, found, depth) for key, found in merging.merged())

    def _collect(self, on: GraphQLObjectType, node: SelectionSetNode, given: Inclusion[Slot]) -> Iterator[_Found]:
        for selection in node.selections:
            self._seen += 1
            if self._seen > self._limits.fields:
                raise Refused(Code.LIMIT, f"an operation may have {self._limits.fields} fields, fragments spread out")
            inclusion = self._inclusion(selection, given)
            if not inclusion:
                continue
            match selection:
                case FieldNode():
                    yield _Found(selection, inclusion)
                case FragmentSpreadNode():
                    fragment = self._tree.fragments[selection.name.value]
                    if self._applies(on, fragment.type_condition.name.value):
                        yield from self._collect(on, fragment.selection_set, inclusion)
                case InlineFragmentNode():
                    condition = selection.type_condition
                    if condition is None or self._applies(on, condition.name.value):
                        yield from self._collect(on, selection.selection_set, inclusion)
                case _:
                    raise AssertionError(selection)

    def _applies(self, on: GraphQLObjectType, condition: str) -> bool:
        return on.name == condition or any(interface.name == condition for interface in on.interfaces)

    def _inclusion(self, node: Any, given: Inclusion[Slot]) -> Inclusion[Slot]:
        for directive in node.directives or ():
            if directive.name.value in ("skip", "include"):
                is_on = directive.name.value == "include"
                given = _narrow(given, directive.arguments[0].value, is_on)
        return given

    def _field(self, on: GraphQLObjectType, key: str, merged: Sequence[_Found], depth: int) -> Field:
        node = merged[0].node
        sets = [(one.node.selection_set, one.inclusion) for one in merged if one.node.selection_set]
        arguments = {argument.name.value: self._argument(argument.value) for argument in node.arguments or ()}
        return Field(
            key=key,
            parent_type=on.name,
            name=node.name.value,
            inclusion=absorb(frozenset().union(*(one.inclusion for one in merged))),
            arguments=arguments,
            selections=self._selections(on, node.name.value, sets, depth) if sets else {},
        )

    def _selections(
        self, on: GraphQLObjectType, name: str, sets: Sequence[tuple[SelectionSetNode, Inclusion[Slot]]], depth: int
    ) -> Mapping[str, tuple[Field, ...]]:
        if name.startswith("__"):
            self._refuse_aliases([selection_set for selection_set, _ in sets], set())
            return {}
        kind = get_named_type(on.fields[name].type)
        if isinstance(kind, GraphQLInterfaceType):
            possible = sorted(self._schema.get_possible_types(kind), key=lambda each: each.name)
        else:
            possible = [kind]
        return {each.name: self.fields(each, sets, depth=depth + 1) for each in possible}

    def _refuse_aliases(self, sets: Sequence[SelectionSetNode], seen: set[str]) -> None:
        """Introspection is answered on the spot, so each part of a schema is given once, under its own name."""
        for selection in (each for selection_set in sets for each in selection_set.selections):
            match selection:
                case FieldNode(alias=NameNode()):
                    raise Refused(Code.LIMIT, "ask for each part of the schema once, under its own name")
                case FieldNode(selection_set=SelectionSetNode() as inner) | InlineFragmentNode(selection_set=inner):
                    self._refuse_aliases([inner], seen)
                case FragmentSpreadNode(name=NameNode(value=name)) if name not in seen:
                    seen.add(name)
                    self._refuse_aliases([self._tree.fragments[name].selection_set], seen)
                case _:
                    pass

    def _argument(self, node: ValueNode) -> Argument:
        match node:
            case VariableNode():
                name = node.name.value
                return (
                    Slot((name,))
                    if name in self._tree.literals
                    else _shaped(self._shapes.get(name, SCALAR_SHAPE), (name,))
                )
            case NullValueNode():
                return None
            case EnumValueNode():
                return Keyword(node.value)
            case ObjectValueNode():
                return {field.name.value: self._argument(field.value) for field in node.fields}
            case ListValueNode():
                return [self._argument(item) for item in node.values]
            case _:
                raise AssertionError(node)


SCALAR_SHAPE: VariableShape = "scalar"


@dataclass(frozen=True, slots=True)
class _Object:
    entries: tuple[tuple[str, VariableShape], ...]


@dataclass(frozen=True, slots=True)
class _List:
    items: tuple[VariableShape, ...]


def variable_shape(value: Any) -> VariableShape:
    """What of a variable's value may change a statement, to be compared and remembered; never a value."""
    match value:
        case None:
            return None
        case StructuralEnum():
            return Keyword(value.name)
        case Omitted():
            return value
        case dict():
            return _Object(tuple((key, variable_shape(item)) for key, item in sorted(value.items())))
        case list() if value and isinstance(value[0], dict):
            return _List(tuple(variable_shape(item) for item in value))
        case _:
            return SCALAR_SHAPE


def _shaped(found: VariableShape, path: tuple[str | int, ...]) -> Argument:
    match found:
        case _Object():
            return {key: _shaped(inner, (*path, key)) for key, inner in found.entries}
        case _List():
            return [_shaped(inner, (*path, position)) for position, inner in enumerate(found.items)]
        case None | Keyword() | Omitted():
            return found
        case _:
            return Slot(path)


def _narrow(given: Inclusion[Slot], condition: ValueNode, is_on: bool) -> Inclusion[Slot]:
    if isinstance(condition, BooleanValueNode):
        return given if condition.value is is_on else frozenset()
    assert isinstance(condition, VariableNode)  # noqa: S101 - the document is valid
    switch = Slot((condition.name.value,))
    possible = (one for one in given if (switch, not is_on) not in one)
    return frozenset(one | {(switch, is_on)} for one in possible)
