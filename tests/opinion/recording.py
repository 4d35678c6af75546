"""What is to be recorded of an operation beside whose rows it read: the fields it may show, and how openly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_argument_values,
    get_named_type,
    get_operation_ast,
    is_abstract_type,
)
from graphql.execution.values import VariableValues, get_variable_values

from schema.catalog import Catalog
from schema.fields import ConnectionField, LinkField, MeField, StaticField, StatisticsField
from schema.marketplace.words import Roles
from schema.requester import Requester
from schema.treatments import Treatment
from tests.opinion.answering import Operation
from tests.opinion.deciding import Standpoint
from tests.opinion.market import Market

Place = tuple[str, str, frozenset[str]]
"""A type, a field of it, and which columns of the row's data subjects are the requester, by the way that led there."""

NOBODY: frozenset[str] = frozenset()

Switches = Mapping[str, bool]
"""How variables must stand for a part of an operation to be wanted."""


FILTERED_BY = " (filter)"
"""Tells the filter of a member from the link of the same name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields an operation may show or asks by, by place (like `Member.name`): the most shown of each, and the least."""

    most: Mapping[str, Treatment]
    least: Mapping[str, Treatment]


def fields(operation: Operation, standpoint: Standpoint) -> Fields:
    """Whatever the variables are that switch, but for parts that no values of them could include."""
    most: dict[str, Treatment] = {}
    least: dict[str, Treatment] = {}
    for kind, called, own in sorted(_places(operation, standpoint), key=lambda place: place[:2]):
        name = called.removesuffix(FILTERED_BY)
        if kind == "Query":
            if isinstance(standpoint.catalog.roots[name].declaration, StatisticsField):
                # Figures have noise, and are held back where they are about few.
                most[f"Query.{name}"] = least[f"Query.{name}"] = Treatment.PARTIAL
        elif (entity := standpoint.catalog.entities.get(kind)) and (
            column := entity.id_filters["member"] if called != name else entity.labelled.get(name)
        ):
            most[f"{kind}.{name}"] = standpoint.most(entity, column)
            here = standpoint.least(entity, column, own)
            least[f"{kind}.{name}"] = min(least.get(f"{kind}.{name}", here), here, key=lambda each: each.openness)
    return Fields(most=most, least=least)


def reads_data(operation: Operation, standpoint: Standpoint) -> bool:
    """Whether it asks for more than the schema and the policy, whatever the variables are that switch."""
    roots = {name for kind, name, _ in _places(operation, standpoint) if kind == "Query"}
    return any(not isinstance(standpoint.catalog.roots[name].declaration, StaticField) for name in roots)


def _places(operation: Operation, standpoint: Standpoint) -> frozenset[Place]:
    catalog = standpoint.catalog
    walking = _Walking(schema=operation.schema, catalog=catalog, document=operation.document, given=_given(operation))
    return frozenset(walking.places(operation.name))


def _given(operation: Operation) -> VariableValues:
    """The variables, defaults among them."""
    asked = get_operation_ast(operation.document, operation.name)
    assert asked
    given = get_variable_values(operation.schema, asked.variable_definitions or (), dict(operation.variables))
    assert isinstance(given, VariableValues)
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walking:
    schema: GraphQLSchema
    catalog: Catalog
    document: DocumentNode
    given: VariableValues
    _fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict[str, FragmentDefinitionNode])

    def places(self, name: str | None) -> Iterator[Place]:
        """The type and name of every field of the operation, wherever it stands in it."""
        for node in self.document.definitions:
            if isinstance(node, FragmentDefinitionNode):
                self._fragments[node.name.value] = node
        for node in self.document.definitions:
            named = isinstance(node, OperationDefinitionNode) and (
                name is None or (node.name and node.name.value == name)
            )
            if named and isinstance(node, OperationDefinitionNode):
                yield from self._of(node.selection_set, frozenset({"Query"}), NOBODY, {})

    def _of(
        self, node: SelectionSetNode, kinds: frozenset[str], own: frozenset[str], switches: Switches
    ) -> Iterator[Place]:
        for selection in node.selections:
            narrowed = _narrowed(selection, switches)
            if narrowed is None:
                continue
            match selection:
                case FieldNode():
                    yield from self._of_field(selection, kinds, own, narrowed)
                case FragmentSpreadNode():
                    fragment = self._fragments[selection.name.value]
                    applying = kinds & self._kinds(fragment.type_condition.name.value)
                    yield from self._of(fragment.selection_set, applying, own, narrowed)
                case InlineFragmentNode(type_condition=condition):
                    applying = kinds & self._kinds(condition.name.value) if condition else kinds
                    yield from self._of(selection.selection_set, applying, own, narrowed)
                case _:
                    raise AssertionError(selection)

    def _of_field(
        self, node: FieldNode, kinds: frozenset[str], own: frozenset[str], switches: Switches
    ) -> Iterator[Place]:
        for kind in kinds:
            found = self.schema.type_map[kind]
            assert isinstance(found, GraphQLObjectType)
            if node.name.value in found.fields:
                yield (kind, node.name.value, own)
                yield from self._asked_by(node, found.fields[node.name.value])
                if node.selection_set:
                    leads = get_named_type(found.fields[node.name.value].type)
                    there = self._own(kind, node.name.value, own)
                    yield from self._of(node.selection_set, self._kinds(leads.name), there, switches)

    def _own(self, kind: str, name: str, own: frozenset[str]) -> frozenset[str]:
        """Which subjects of the rows that a field leads to are the requester."""
        if kind == "Query":
            root = self.catalog.roots.get(name)
            is_me = root and isinstance(root.declaration, MeField)
            return frozenset(self.catalog.entities[root.target or ""].storage.subjects) if root and is_me else NOBODY
        entity = self.catalog.entities.get(kind)
        relation = entity.relations.get(name) if entity else None
        if relation is None or not isinstance(relation.declaration, LinkField | ConnectionField):
            return own
        subjects = self.catalog.entities[relation.target].storage.subjects
        return frozenset(each for each in subjects if relation.near in own and each == (relation.far or "id"))

    def _asked_by(self, node: FieldNode, field: GraphQLField) -> Iterator[Place]:
        """What the rows of a page are filtered by, and put in order."""
        if "orderBy" not in field.args and "filter" not in field.args:
            return
        kind = get_named_type(field.type).name.removesuffix("Connection")
        given = get_argument_values(field, node, self.given)
        for name, comparisons in (given.get("filter") or {}).items():
            compared = [how for how, value in (comparisons or {}).items() if value is not None]
            if (kind, name) == ("AccessRecord", "fields"):
                yield from (("FieldAccess", key, NOBODY) for key in compared)
            elif compared:
                yield (kind, f"{name}{FILTERED_BY}" if name == "member" else name, NOBODY)
        for entry in given.get("orderBy") or ():
            yield from ((kind, name, NOBODY) for name in entry)

    def _kinds(self, name: str) -> frozenset[str]:
        """The object types that a name stands for."""
        found = self.schema.type_map[name]
        if is_abstract_type(found):
            return frozenset(kind.name for kind in self.schema.get_possible_types(found))
        return frozenset({name})


def _narrowed(node: SelectionNode, switches: Switches) -> Switches | None:
    """How the variables must stand for this too; none where they cannot."""
    narrowed = dict(switches)
    for directive in node.directives or ():
        wanted = directive.name.value == "include"
        assert directive.arguments
        match directive.arguments[0].value:
            case BooleanValueNode(value=value):
                possible = value is wanted
            case VariableNode(name=variable):
                possible = narrowed.setdefault(variable.value, wanted) is wanted
            case other:
                raise AssertionError(other)
        if not possible:
            return None
    return narrowed


def cross_border(subjects: frozenset[int], requester: Requester, market: Market, own: str) -> bool | None:
    """Whether data of a member went to another country than theirs; none where the requester's is not known.

    `own` is the marketplace's country. A member whose country is not known is in no other. Small letters are capitals.
    """
    country = _country(requester, market, own)
    if country is None:
        return None
    homes = {member["country"] for member in market.rows("member") if member["id"] in subjects}
    return bool({home.upper() for home in homes if home is not None} - {country.upper()})


def _country(requester: Requester, market: Market, own: str) -> str | None:
    if requester.role.is_own:
        return own
    place = ("member", requester.member) if requester.role is Roles.MEMBER else ("organisation", requester.organisation)
    return next((row["country"] for row in market.where(place[0], "id", place[1])), None)
