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
    ValueParameter,
)
from resolvers.planning.plan import ById, Comparison, Filter
from schema.catalog import Column, Entity, Scalar
from schema.refusals import Code, Refused
from schema.treatments import Treatment


def row_filters(planning: Planning, entity: Entity, argument: Argument) -> Iterator[Filter]:
    """The filters of a `filter` argument.

    What is null or an omitted variable in it compares nothing (GraphQL specification §3.10). `isNull` asks for null.
    """
    for name, comparisons in _given(argument):
        compared = [(Comparison(operator), value) for operator, value in _given(comparisons)]
        if compared:
            column = compared_column(planning, entity, name)
            for comparison, value in compared:
                bound = planning.bind(_parameter(column, comparison, value))
                yield Filter(column=column, comparison=comparison, bound=bound)


def _given(argument: Argument) -> Iterator[tuple[str, Argument]]:
    """The fields of an input object that have a value."""
    if isinstance(argument, Mapping):
        yield from ((name, value) for name, value in argument.items() if value is not None)


def compared_lists(planning: Planning, filters: Iterable[Filter]) -> Iterator[ListParameter]:
    """The lists that filters compare with."""
    for each in filters:
        parameter = planning.parameters[each.bound.position - 1]
        if isinstance(parameter, ListParameter):
            yield parameter


def _parameter(column: Column, comparison: Comparison, argument: Argument) -> Parameter:
    slot = argument if isinstance(argument, Slot) else slots(argument)
    match comparison:
        case Comparison.IN:
            return ListParameter(scalar=column.scalar, slot=slot)
        case Comparison.IS_NULL:
            scalar = Scalar.BOOLEAN
        case _:
            scalar = column.scalar
    # Invariant: only `in` takes a list, and no comparison an object, so that one value is left.
    assert isinstance(slot, Slot)  # noqa: S101
    return ValueParameter(scalar=scalar, slot=slot)


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
