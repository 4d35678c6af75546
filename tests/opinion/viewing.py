"""What a requester's view is to offer, said of the policy's grants: which fields, and which to filter and to sort by."""

from collections.abc import Iterator

from graphql import GraphQLField, GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, get_named_type

from schema.catalog import Entity, Scalar
from schema.fields import ByIdField, ConnectionField, MeField, NodeField, NodesField, StaticField, StatisticsField
from schema.marketplace.words import Roles
from schema.rights import EnterField, Right
from schema.treatments import Treatment
from tests.opinion.comparing import Difference
from tests.opinion.deciding import Standpoint
from tests.opinion.market import PAPERS

OF_THE_ROW_ITSELF = {"hiddenFields", "maskedFields"}
COMPARED = (Scalar.TEXT, Scalar.INTEGER, Scalar.DECIMAL, Scalar.BOOLEAN, Scalar.TIMESTAMP, Scalar.ENUM)
ORDERED = (Scalar.TEXT, Scalar.INTEGER, Scalar.DECIMAL, Scalar.TIMESTAMP)


def of_view(standpoint: Standpoint, view: GraphQLSchema) -> Difference | None:
    """The first thing a view offers that it must not, or does not offer that it should."""
    return next(_differences(standpoint, view), None)


def _differences(standpoint: Standpoint, view: GraphQLSchema) -> Iterator[Difference]:
    query = view.query_type
    assert query
    yield from _compare("Query", set(_roots(standpoint)), set(query.fields))
    changes = view.mutation_type.fields if view.mutation_type else ()
    yield from _compare("Mutation", set(_mutations(standpoint)), set(changes))
    for name, entity in standpoint.catalog.entities.items():
        kind = view.type_map.get(name)
        if isinstance(kind, GraphQLObjectType):
            yield from _compare(name, set(_fields(standpoint, entity)), set(kind.fields) - OF_THE_ROW_ITSELF)
    for kind in (query, *(view.type_map.get(name) for name in standpoint.catalog.entities)):
        for name, field in kind.fields.items() if isinstance(kind, GraphQLObjectType) else ():
            yield from _arguments(standpoint, f"{kind}.{name}", field)


def _compare(place: str, opinion: set[str], gateway: set[str]) -> Iterator[Difference]:
    if opinion != gateway:
        yield Difference(kind="view", place=place, opinion=sorted(opinion), gateway=sorted(gateway))


def _roots(standpoint: Standpoint) -> Iterator[str]:
    for name, root in standpoint.catalog.roots.items():
        match root.declaration:
            case ByIdField() | ConnectionField():
                offered = standpoint.sees(standpoint.catalog.entities[root.target or ""])
            case MeField():
                offered = standpoint.role is Roles.MEMBER and standpoint.sees(standpoint.catalog.entities["Member"])
            case StatisticsField(category=category):
                offered = standpoint.figures_about(category)
            case NodeField() | NodesField() | StaticField():
                offered = True
        if offered:
            yield name


def _fields(standpoint: Standpoint, entity: Entity) -> Iterator[str]:
    for name, column in entity.columns.items():
        if standpoint.most(entity, column) is not Treatment.HIDDEN:
            yield name
    for name, relation in entity.relations.items():
        if standpoint.leads_on(entity, relation):
            yield name
    if "version" in entity.derived_fields and standpoint.sees(entity) and any(_editable(standpoint, entity)):
        yield "version"


def _editable(standpoint: Standpoint, entity: Entity) -> Iterator[str]:
    """The fields that some grant lets this role edit for this purpose."""
    for grant in standpoint.policy.grants.get((standpoint.role, standpoint.purpose), ()):
        scope = grant.rights.get(Right.EDIT)
        if scope is None:
            continue
        for name, column in entity.columns.items():
            if column.label.category in scope.categories or f"{entity.name}.{name}" in scope.fields:
                yield name


def _mutations(standpoint: Standpoint) -> Iterator[str]:
    """The mutations by which some grant lets something be done with a field of theirs."""
    for name, mutation in standpoint.catalog.mutations.items():
        columns = [*(each.column for each in mutation.inputs.values()), *filter(None, [mutation.ended])]
        if isinstance(mutation.declaration, EnterField) and all(each.label.category.is_open for each in columns):
            # Nothing is given but rows of other types: what is said of the new row is that it begins.
            starts = mutation.declaration.starts
            columns = [each for each in mutation.entity.columns.values() if each.column == starts]
        places = {f"{mutation.entity.name}.{column.name}" for column in columns}
        categories = {column.label.category for column in columns}
        if mutation.declaration.right is Right.CARRY_OUT and standpoint.catalog.marketplace.destruction:
            categories = {rule.category for rule in standpoint.catalog.marketplace.destruction.rules}
        granted = standpoint.policy.grants.get((standpoint.role, standpoint.purpose), ())
        scopes = [grant.rights.get(mutation.declaration.right) for grant in granted]
        if any(scope and (scope.categories & categories or scope.fields & places) for scope in scopes):
            yield name


def _arguments(standpoint: Standpoint, place: str, field: GraphQLField) -> Iterator[Difference]:
    kind = get_named_type(field.type)
    if not (isinstance(kind, GraphQLObjectType) and "nodes" in kind.fields):
        return
    entity = standpoint.catalog.entities[get_named_type(kind.fields["nodes"].type).name]
    plain = [column for column in entity.columns.values() if standpoint.plain_on_every_row(entity, column)]
    filters = {column.name for column in plain if column.scalar in COMPARED} | set(other_filters(standpoint, entity))
    orders = {column.name for column in plain if column.scalar in ORDERED}
    yield from _compare(f"{place}(filter:)", filters, set(_offered(field, "filter")))
    yield from _compare(f"{place}(orderBy:)", orders, set(_offered(field, "orderBy")))


def other_filters(standpoint: Standpoint, entity: Entity) -> Iterator[str]:
    """What rows of the log and papers are filtered by beside what is plain on each.

    By a requester's token, if each row shows it. By a member, or by what was shown, if no row is hidden from who asks.
    """
    if entity.name in PAPERS and standpoint.sees(entity):
        yield "organisation"
        if PAPERS[entity.name] and standpoint.members_form(entity):
            yield "member"
    if entity.name not in ("AccessRecord", "AccessSummary") or not standpoint.sees(entity):
        return
    yield "organisation"
    if entity.name == "AccessRecord":
        if standpoint.most(entity, entity.columns["requester"]) is Treatment.TOKEN:
            yield "requester"
        if not any(grant.conditions for grant in standpoint.grants_about(entity)):
            yield from ("member", "fields")


def _offered(field: GraphQLField, argument: str) -> Iterator[str]:
    if argument in field.args:
        kind = get_named_type(field.args[argument].type)
        assert isinstance(kind, GraphQLInputObjectType)
        yield from kind.fields
