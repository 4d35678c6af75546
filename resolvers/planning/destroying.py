"""Plans the carrying out of a request: which one, when the policy lets it, and what the log says of each category."""

from collections.abc import Iterator, Sequence
from typing import Final

from resolvers.front.selection import Field, Omitted, Slot
from resolvers.planning.change_plan import AreAmong, CarriedOut, ChangedClass, Precondition, Unmet
from resolvers.planning.context import Planning
from resolvers.planning.decisions import permitted_of, visible_when
from resolvers.planning.filters import row_by_id, slots
from resolvers.planning.parameters import InputParameter, ParameterRef
from resolvers.planning.plan import RowSet
from schema.catalog import Catalog, MutationRoot, Scalar
from schema.destruction import Destruction
from schema.inputs import InputForm
from schema.labels import Category
from schema.rights import CarryOutField

_CATEGORIES: Final = "categories"
"""The argument that names what it is carried out of."""


def carried_out(planning: Planning, mutation: MutationRoot, declaration: CarryOutField, field: Field) -> CarriedOut:
    """The plan of one mutation. It is in a view only where the marketplace says what destroying means."""
    entity, catalog = mutation.entity, planning.catalog
    destruction, members = catalog.destruction, catalog.marketplace.members
    assert destruction is not None  # noqa: S101 - else no view has the mutation
    assert members is not None  # noqa: S101 - the catalog has read it
    permitted = planning.visibility.permitted_categories(mutation, catalog)
    wanted = _wanted(planning, field, destruction)
    selector = row_by_id(planning, entity, field.arguments["id"])
    return CarriedOut(
        rows=RowSet(entity=entity, selector=selector, visible=visible_when(planning, entity)),
        declaration=declaration,
        permitted=tuple(
            (category, permitted_of(planning, permissions, entity, category))
            for category, permissions in permitted.items()
        ),
        destruction=destruction,
        members=(members.table, members.key),
        wanted=wanted,
        shown=_shown(planning, declaration, field),
        preconditions=tuple(_named_by_request(mutation, declaration, wanted)) if wanted else (),
    )


def _wanted(planning: Planning, field: Field, destruction: Destruction) -> ParameterRef | None:
    """The categories that are asked for; none if all."""
    value = field.arguments.get(_CATEGORIES)
    if value is None or value is Omitted.OMITTED:
        return None
    return planning.bind(
        InputParameter(
            name=_CATEGORIES,
            scalar=Scalar.TEXT_LIST,
            form=InputForm.LINES,
            target=None,
            slot=value if isinstance(value, Slot) else slots(value),
            words=tuple(destruction.categories),
        )
    )


def _named_by_request(
    mutation: MutationRoot, declaration: CarryOutField, wanted: ParameterRef
) -> Iterator[Precondition]:
    column = next(
        each.column for each in mutation.entity.columns.values() if each.python_name == declaration.categories
    )
    yield Precondition(
        question=AreAmong(column=column, bound=wanted),
        unmet=Unmet.WRONG,
        hint=f"`{_CATEGORIES}` must be among those that the request names; nothing was changed",
    )


def _shown(planning: Planning, declaration: CarryOutField, field: Field) -> ParameterRef | None:
    if declaration.shown is None:
        return None
    value = field.arguments[declaration.shown]
    return planning.bind(
        InputParameter(
            name=declaration.shown,
            scalar=Scalar.TEXT,
            form=InputForm.LINE,
            target=None,
            slot=value if isinstance(value, Slot) else slots(value),
        )
    )


def destroyed_classes(planning: Planning, mutation: MutationRoot) -> Sequence[ChangedClass]:
    """What is destroyed of each category, for the log; one class for each that may be carried out, in their order."""
    permitted = planning.visibility.permitted_categories(mutation, planning.catalog)
    return [
        ChangedClass(
            fields=tuple(_fields(planning.catalog, category)),
            record=mutation.declaration.right.record,
            clauses=tuple(dict.fromkeys(clause for each in permissions for clause in each.clauses)),
        )
        for category, permissions in permitted.items()
    ]


def _fields(catalog: Catalog, category: Category) -> Iterator[str]:
    rules = catalog.destruction.rules if catalog.destruction else ()
    tables = {catalog.plain(rule.table) for rule in rules if rule.category is category}
    for entity in catalog.entities.values():
        if catalog.plain(entity.storage.table) in tables:
            columns = (column for column in entity.columns.values() if column.label.category is category)
            yield from (f"{entity.name}.{column.name}" for column in columns)
