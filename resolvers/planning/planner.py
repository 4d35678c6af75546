"""Plans a selection: which rows it reads, and what is shown of each to one role for one purpose.

Never sees a value, a table's rows or a requester beyond role and purpose.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from resolvers.front.selection import Field, Selection
from resolvers.planning.context import ROOT, Place, Planning
from resolvers.planning.cost import (
    FIELD,
    LIST_ITEM,
    PARTS,
    ROW,
    SCAN,
    SEARCH,
    cost_terms,
    counting_cost,
    making_cost,
    page_cost,
    writing_cost,
)
from resolvers.planning.decisions import (
    columns_masked_at_times,
    columns_null_at_times,
    disclose,
    editable_when,
    link_when,
    reached_when,
    subjects_led_to,
    visible_when,
)
from resolvers.planning.filters import compared_lists, row_by_id, row_filters, rows_by_ids
from resolvers.planning.pages import connection_page, page_size
from resolvers.planning.parameters import ListSizeParameter, StaticAnswer
from resolvers.planning.plan import (
    AllRows,
    ByRequester,
    ConnectionPage,
    EdgeNode,
    HiddenFieldNames,
    Joined,
    Leaf,
    ListedRows,
    MaskedFieldEntry,
    MaskedFieldList,
    MaskedFieldPart,
    PageEntry,
    PageField,
    PageInfoEntries,
    PagePart,
    PageRows,
    PartRows,
    Plan,
    PlanNode,
    Projection,
    RowSet,
    RowVersion,
    Selector,
    SingleRow,
    StaticValue,
    TypeName,
)
from resolvers.planning.statistics import summary
from schema.catalog import Catalog, Entity, Relation
from schema.fields import (
    ByIdField,
    ConnectionField,
    HiddenFieldsField,
    LinkField,
    MaskedFieldsField,
    MeField,
    NodeField,
    NodesField,
    PartsField,
    StaticField,
    StatisticsField,
    VersionField,
)
from schema.visibility import Visibility


def plan(selection: Selection, document: str, visibility: Visibility, catalog: Catalog) -> Plan:
    """What a selection shows to a role for a purpose. Raises `Refused` with ARGUMENT."""
    planning = Planning(visibility=visibility, catalog=catalog)
    projection = tuple(_root(planning, field) for field in selection.fields)
    return Plan(
        role=visibility.role,
        purpose=visibility.purpose,
        policy=visibility.policy.version,
        # Members read the name in the log of who saw them: what just anybody writes there is not for them.
        operation=None if visibility.role.is_anybodys else selection.name,
        document=document,
        projection=projection,
        parameters=tuple(planning.parameters),
        requester_conditions=frozenset(planning.requester_conditions),
        filled_tables=frozenset(planning.filled_tables),
        disclosures=tuple(planning.disclosures[field] for field in sorted(planning.disclosures)),
        cost=cost_terms(planning.cost),
    )


def _root(planning: Planning, field: Field) -> PlanNode:
    inclusion = planning.inclusion(field)
    if field.name == "__typename":
        return TypeName(key=field.key, inclusion=inclusion, name="Query")
    if field.name.startswith("__"):
        return _static(planning, field, SCAN)
    root = planning.catalog.roots[field.name]
    match root.declaration:
        case ConnectionField():
            return _connection(planning, field, planning.catalog.entities[root.target or ""], AllRows.ROWS, ROOT)
        case MeField():
            member = planning.catalog.entities[root.target or ""]
            return _single(planning, field, [(member, ByRequester())], Place(own=frozenset(member.storage.subjects)))
        case ByIdField() | NodeField():
            entities = [planning.catalog.entities[name] for name in field.selections]
            rows = [(entity, row_by_id(planning, entity, field.arguments["id"])) for entity in entities]
            return _single(planning, field, rows, ROOT)
        case NodesField():
            return _listed(planning, field)
        case StaticField():
            return _static(planning, field, SEARCH)
        case StatisticsField() as facts:
            return summary(planning, field, facts)


def _static(planning: Planning, field: Field, cost: int) -> StaticValue:
    planning.cost[()] += cost
    inclusion = planning.inclusion(field)
    return StaticValue(key=field.key, inclusion=inclusion, bound=planning.bind(StaticAnswer(key=field.key)))


def _listed(planning: Planning, field: Field) -> ListedRows:
    entities = [planning.catalog.entities[name] for name in field.selections]
    ids, rows = rows_by_ids(planning, entities, field.arguments["ids"])
    each = _single(planning, field, rows, Place(sizes=(ListSizeParameter(slot=ids.slot),)))
    return ListedRows(key=field.key, inclusion=each.inclusion, ids=planning.bind(ids), alternatives=each.alternatives)


def _related(planning: Planning, entity: Entity, field: Field, relation: Relation, place: Place) -> PlanNode:
    target = planning.catalog.entities[relation.target]
    near, far = relation.near, relation.far
    there = place.across(near, far, target)
    match relation.declaration:
        case LinkField():
            link = disclose(planning, entity, relation.column, place.own) if relation.column else None
            joined = Joined(far=far, near=near, within=False, when=link_when(planning, entity, relation))
            return replace(_single(planning, field, [(target, joined)], there), link=link)
        case ConnectionField(within=within):
            about = subjects_led_to(planning, target) if within else ()
            joined = Joined(far=far, near=near, within=within, about=about)
            return _connection(planning, field, target, joined, there)
        case PartsField():
            return _parts(planning, field, target, Joined(far=far, near=near, within=False), place)


def _single(planning: Planning, field: Field, rows: Iterable[tuple[Entity, Selector]], place: Place) -> SingleRow:
    alternatives = tuple(
        (
            RowSet(entity=entity, selector=selector, visible=reached_when(planning, entity, selector)),
            _projection(planning, entity, field.selections[entity.name], place),
        )
        for entity, selector in rows
    )
    planning.cost[place.sizes] += ROW + sum(making_cost(projection) for _, projection in alternatives)
    return SingleRow(key=field.key, inclusion=planning.inclusion(field), alternatives=alternatives)


def _parts(planning: Planning, field: Field, entity: Entity, selector: Selector, place: Place) -> PartRows:
    projection = _projection(planning, entity, field.selected, place)
    planning.cost[place.sizes] += PARTS + making_cost(projection)
    return PartRows(
        key=field.key,
        inclusion=planning.inclusion(field),
        rows=RowSet(entity=entity, selector=selector, visible=visible_when(planning, entity)),
        projection=projection,
    )


def _connection(planning: Planning, field: Field, entity: Entity, selector: Selector, place: Place) -> ConnectionPage:
    size = page_size(field.arguments)
    page = connection_page(planning, entity, field, size)
    on_page = place.on_page(size)
    planning.cost[place.sizes] += page_cost(selector) + counting_cost(field, selector)
    filters = tuple(row_filters(planning, entity, field.arguments.get("filter")))
    for compared in compared_lists(planning, filters):
        planning.cost[*place.sizes, compared] += LIST_ITEM
    visible = reached_when(planning, entity, selector)
    entries = _page_entries(planning, entity, field.selected, on_page)
    planning.cost[on_page.sizes] += ROW + making_cost(entries)
    return ConnectionPage(
        key=field.key,
        inclusion=planning.inclusion(field),
        rows=RowSet(entity=entity, selector=selector, visible=visible, filters=filters, page=page),
        entries=entries,
    )


def _page_entries(planning: Planning, entity: Entity, fields: Sequence[Field], place: Place) -> tuple[PageEntry, ...]:
    planning.cost[place.sizes] += FIELD * len(fields)
    return tuple(_page_entry(planning, entity, field, place) for field in fields)


def _page_entry(planning: Planning, entity: Entity, field: Field, place: Place) -> PageEntry:
    inclusion = planning.inclusion(field)
    match field.name:
        case "nodes":
            node = _projection(planning, entity, field.selected, place)
            return PageRows(key=field.key, inclusion=inclusion, node=node, edge=None)
        case "edges":
            edge = _page_entries(planning, entity, field.selected, place)
            return PageRows(key=field.key, inclusion=inclusion, node=None, edge=edge)
        case "node":
            node = _projection(planning, entity, field.selected, place)
            return EdgeNode(key=field.key, inclusion=inclusion, projection=node)
        case "pageInfo":
            entries = _page_entries(planning, entity, field.selected, place)
            return PageInfoEntries(key=field.key, inclusion=inclusion, entries=entries)
        case "__typename":
            return TypeName(key=field.key, inclusion=inclusion, name=field.parent_type)
        case name:
            return PageField(key=field.key, inclusion=inclusion, part=PagePart(name))


def _projection(planning: Planning, entity: Entity, fields: Sequence[Field], place: Place) -> Projection:
    nodes = tuple(_node(planning, entity, field, place) for field in fields)
    planning.cost[place.sizes] += sum(map(writing_cost, nodes))
    return nodes


def _node(planning: Planning, entity: Entity, field: Field, place: Place) -> PlanNode:
    inclusion = planning.inclusion(field)
    if field.name == "__typename":
        return TypeName(key=field.key, inclusion=inclusion, name=entity.name)
    if relation := entity.relations.get(field.name):
        return _related(planning, entity, field, relation, place)
    if column := entity.columns.get(field.name):
        return Leaf(key=field.key, inclusion=inclusion, shown=disclose(planning, entity, column, place.own))
    match entity.derived_fields[field.name]:
        case HiddenFieldsField():
            hidden = tuple(columns_null_at_times(planning, entity))
            return HiddenFieldNames(key=field.key, inclusion=inclusion, fields=hidden)
        case MaskedFieldsField():
            return _masked_fields(planning, entity, field)
        case VersionField():
            columns = planning.visibility.versioned_columns(entity, planning.catalog)
            when = editable_when(planning, entity, columns)
            return RowVersion(key=field.key, inclusion=inclusion, columns=columns, when=when)


def _masked_fields(planning: Planning, entity: Entity, field: Field) -> MaskedFieldList:
    return MaskedFieldList(
        key=field.key,
        inclusion=planning.inclusion(field),
        fields=tuple(columns_masked_at_times(planning, entity)),
        entries=tuple(
            MaskedFieldEntry(key=each.key, inclusion=planning.inclusion(each), part=MaskedFieldPart(each.name))
            for each in field.selected
        ),
    )
