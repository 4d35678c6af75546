"""Plans what a requester picks rows by: filters on fields that are plain for them, and ids."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from resolvers.front.selection import Argument, Slot
from resolvers.planning.context import Planning
from resolvers.planning.decisions import compared_column, id_branches
from resolvers.planning.parameters import (
    IdListParameter,
    IdParameter,
    ListedId,
    ListParameter,
    Parameter,
    SealedParameter,
    ValueParameter,
)
from resolvers.planning.plan import ById, Comparison, Filter, PartsMatch, RowRestriction, Without
from schema.catalog import Column, Entity, Scalar
from schema.fields import IdFilter, PartsFilter
from schema.refusals import Code, Refused
from schema.treatments import Treatment


def row_filters(planning: Planning, entity: Entity, argument: Argument) -> Iterator[RowRestriction]:
    """The filters of a `filter` argument, and what is left out where none of them asks for it.

    What is null or an omitted variable in it compares nothing (GraphQL specification §3.10). `isNull` asks for null.
    """
    asked = {name: list(_given(comparisons)) for name, comparisons in _given(argument)}
    left_out = entity.storage.left_out
    if left_out and not asked.get(left_out.field):
        yield Without(column=entity.columns[left_out.field], value=left_out.value)
    for name, compared in asked.items():
        match entity.storage.filters.get(name):
            case None if compared:
                yield from _value_filters(planning, entity, name, compared)
            case IdFilter() as by if compared:
                yield from _id_filters(planning, entity, name, by, compared)
            case PartsFilter() as by if compared:
                yield _parts_match(planning, entity, by, compared)
            case _:
                pass


_Compared = Sequence[tuple[str, Argument]]


def _value_filters(planning: Planning, entity: Entity, name: str, compared: _Compared) -> Iterator[Filter]:
    column = compared_column(planning, entity, entity.columns[name])
    is_token = column.is_sealed and not planning.visibility.is_everywhere(entity, column, Treatment.PLAIN)
    for operator, value in compared:
        comparison = Comparison(operator)
        if is_token:
            parameter = SealedParameter(place=f"{entity.name}.{column.name}", slot=_slot(value))
        else:
            parameter = _parameter(column, comparison, value)
        yield Filter(column=column, comparison=comparison, bound=planning.bind(parameter))


def _id_filters(planning: Planning, entity: Entity, name: str, by: IdFilter, compared: _Compared) -> Iterator[Filter]:
    target = planning.catalog.entities[by.target]
    column = entity.id_filters[name]
    if not column.label.category.is_open:
        compared_column(planning, entity, column)
    form = planning.visibility.id_form(entity, column, target)
    # Invariant: the view offers the filter only where there is such a form.
    assert form  # noqa: S101
    for _, value in compared:
        bound = planning.bind(IdParameter(entity=target, slot=_slot(value), form=form))
        yield Filter(column=column, comparison=Comparison.HOLDS if by.within else Comparison.EQ, bound=bound)


def _parts_match(planning: Planning, entity: Entity, by: PartsFilter, compared: _Compared) -> PartsMatch:
    part = planning.catalog.entities[entity.relations[by.parts].target]
    columns = [compared_column(planning, part, part.columns[key]) for key, _ in compared]
    bound = [
        planning.bind(ValueParameter(scalar=column.scalar, slot=_slot(value)))
        for column, (_, value) in zip(columns, compared, strict=True)
    ]
    return PartsMatch(parts=by, values=tuple(zip((key for key, _ in compared), bound, strict=True)))


def _given(argument: Argument) -> Iterator[tuple[str, Argument]]:
    """The fields of an input object that have a value."""
    if isinstance(argument, Mapping):
        yield from ((name, value) for name, value in argument.items() if value is not None)


def compared_lists(planning: Planning, filters: Iterable[RowRestriction]) -> Iterator[ListParameter]:
    """The lists that filters compare with."""
    for each in filters:
        if not isinstance(each, Filter):
            continue
        parameter = planning.parameters[each.bound.position - 1]
        if isinstance(parameter, ListParameter):
            yield parameter


def _parameter(column: Column, comparison: Comparison, argument: Argument) -> Parameter:
    match comparison:
        case Comparison.IN:
            slot = argument if isinstance(argument, Slot) else slots(argument)
            return ListParameter(scalar=column.scalar, slot=slot)
        case Comparison.IS_NULL:
            return ValueParameter(scalar=Scalar.BOOLEAN, slot=_slot(argument))
        case _:
            return ValueParameter(scalar=column.scalar, slot=_slot(argument))


def _slot(argument: Argument) -> Slot:
    # Invariant: only `in` takes a list, and no comparison an object, so that one value is left.
    assert isinstance(argument, Slot)  # noqa: S101
    return argument


def slots(argument: Argument) -> tuple[Slot, ...]:
    """Where the items of a list are that the document writes with variables in it."""
    return tuple(each for each in argument if isinstance(each, Slot)) if isinstance(argument, Sequence) else ()


def row_by_id(planning: Planning, entity: Entity, argument: Argument) -> ById:
    """The row with an id, in the form in which it is shown. Raises `Refused` with ARGUMENT."""
    if not isinstance(argument, Slot):
        raise Refused(Code.ARGUMENT, "give an `id`")
    branches = id_branches(planning, entity)
    forms = sorted({branch.treatment for branch in branches})
    bound = {form: planning.bind(IdParameter(entity=entity, slot=argument, form=form)) for form in forms}
    return ById(plain=bound.get(Treatment.PLAIN), token=bound.get(Treatment.TOKEN), branches=branches)


def rows_by_ids(
    planning: Planning, entities: Sequence[Entity], argument: Argument
) -> tuple[IdListParameter, Sequence[tuple[Entity, ById]]]:
    """A list of ids, and for each entity the row with one of them, in the form in which it is shown."""
    forms: list[tuple[Entity, Treatment, ListedId]] = []
    rows: list[tuple[Entity, ById]] = []
    for entity in entities:
        branches = id_branches(planning, entity)
        listed = {form: ListedId(f"{entity.name} {form}") for form in sorted({each.treatment for each in branches})}
        forms += [(entity, form, key) for form, key in listed.items()]
        by_id = ById(plain=listed.get(Treatment.PLAIN), token=listed.get(Treatment.TOKEN), branches=branches)
        rows.append((entity, by_id))
    slot = argument if isinstance(argument, Slot) else slots(argument)
    return IdListParameter(slot=slot, forms=tuple(forms)), rows
