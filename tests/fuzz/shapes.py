"""The shape of an answer: what a document selects of a view, held against the JSON that came.

Tells of keys that are missing, unknown or out of order, of nulls where none may be, and of values not of their type.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    value_from_ast_untyped,
)

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)

_META = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef, "__typename": TypeNameMetaFieldDef}
"""Fields that no type declares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a document with these variables selects of a view."""

    view: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    operation: OperationDefinitionNode
    variables: Mapping[str, Any]

    def problems(self, data: object) -> Iterator[str]:
        """What an answer has that the document did not select, or lacks that it did, each by its path."""
        assert self.view.query_type
        yield from self._object(self.view.query_type, [self.operation.selection_set], data, "data")

    def _object(
        self, kind: GraphQLObjectType, selections: Sequence[SelectionSetNode], value: object, path: str
    ) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path}: no object of {kind.name}"
            return
        answered = cast("dict[str, object]", value)
        selected = self._selected(kind, selections)
        if list(answered) != list(selected):
            yield f"{path}: the keys {list(answered)} instead of {list(selected)}"
            return
        for key, nodes in selected.items():
            field = _field(kind, nodes[0].name.value)
            yield from self._value(field.type, nodes, answered[key], f"{path}.{key}")

    def _selected(
        self, kind: GraphQLObjectType, selections: Sequence[SelectionSetNode]
    ) -> Mapping[str, Sequence[FieldNode]]:
        """The fields by their keys, in the order in which they come (GraphQL specification §6.3.2)."""
        found: dict[str, list[FieldNode]] = {}
        for node in self._fields(kind, selections):
            found.setdefault((node.alias or node.name).value, []).append(node)
        return found

    def _fields(self, kind: GraphQLObjectType, selections: Sequence[SelectionSetNode]) -> Iterator[FieldNode]:
        for node in (node for each in selections for node in each.selections):
            if not self._is_included(node):
                continue
            match node:
                case FieldNode():
                    yield node
                case InlineFragmentNode(type_condition=on, selection_set=inner):
                    if on is None or self._is_of(kind, on.name.value):
                        yield from self._fields(kind, [inner])
                case FragmentSpreadNode(name=name):
                    fragment = self.fragments[name.value]
                    if self._is_of(kind, fragment.type_condition.name.value):
                        yield from self._fields(kind, [fragment.selection_set])
                case _:
                    raise AssertionError(node)

    def _is_included(self, node: Any) -> bool:
        conditions = {
            each.name.value: value_from_ast_untyped(each.arguments[0].value, dict(self.variables))
            for each in node.directives or ()
            if each.name.value in ("skip", "include")
        }
        return not conditions.get("skip", False) and bool(conditions.get("include", True))

    def _is_of(self, kind: GraphQLObjectType, name: str) -> bool:
        return name == kind.name or name in {each.name for each in kind.interfaces}

    def _value(self, kind: Any, nodes: Sequence[FieldNode], value: object, path: str) -> Iterator[str]:
        match kind:
            case GraphQLNonNull():
                if value is None:
                    yield f"{path}: null where {kind} is due"
                else:
                    yield from self._value(kind.of_type, nodes, value, path)
            case _ if value is None:
                return
            case GraphQLList():
                if not isinstance(value, list):
                    yield f"{path}: no list of {kind.of_type}"
                    return
                for number, each in enumerate(cast("list[object]", value)):
                    yield from self._value(kind.of_type, nodes, each, f"{path}[{number}]")
            case GraphQLObjectType():
                yield from self._object(kind, _selections(nodes), value, path)
            case GraphQLInterfaceType() | GraphQLUnionType():
                yield from self._one_of(kind, nodes, value, path)
            case _:
                if not _is_leaf(kind, value):
                    yield f"{path}: {value!r} is no {kind}"

    def _one_of(
        self, kind: GraphQLInterfaceType | GraphQLUnionType, nodes: Sequence[FieldNode], value: object, path: str
    ) -> Iterator[str]:
        """The problems as the type that fits best, for an answer need not name its type."""
        as_each = (
            list(self._object(each, _selections(nodes), value, path)) for each in self.view.get_possible_types(kind)
        )
        yield from min(as_each, key=len, default=[f"{path}: no type is a {kind.name}"])


def shape(
    view: GraphQLSchema, document: DocumentNode, operation_name: str | None, variables: Mapping[str, Any]
) -> Shape:
    """Of a document that was answered, and so is valid. Variables that are not given have their defaults."""
    definitions = document.definitions
    fragments = {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}
    operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
    operation = next(
        each for each in operations if not operation_name or (each.name and each.name.value == operation_name)
    )
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions or ()
        if each.default_value
    }
    return Shape(view=view, fragments=fragments, operation=operation, variables={**defaults, **variables})


def _selections(nodes: Sequence[FieldNode]) -> list[SelectionSetNode]:
    return [node.selection_set for node in nodes if node.selection_set]


def _field(kind: GraphQLObjectType, name: str) -> GraphQLField:
    return _META[name] if name in _META else kind.fields[name]


def _is_leaf(kind: Any, value: object) -> bool:
    if isinstance(kind, GraphQLEnumType):
        return isinstance(value, str) and value in kind.values
    match kind.name:
        case "ID" | "String":
            return isinstance(value, str)
        case "Boolean":
            return isinstance(value, bool)
        case "Int":
            return isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Decimal":
            return isinstance(value, str) and bool(_DECIMAL.fullmatch(value))
        case "DateTime":
            return isinstance(value, str) and _is_moment(value)
        case _:
            return False


def _is_moment(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
