"""Plans what a requester picks rows by: filters on fields that are plain for them, and ids."""

from collections.abc import Iterator, Mapping, Sequence

from resolvers.front.selection import Argument, Slot
from resolvers.planning.context import Planning
from resolvers.planning.decisions import compared_column, id_branches
from resolvers.planning.plan import ById, Comparison, Filter, IdParameter, ListParameter, Parameter, ValueParameter
from schema.catalog import Column, Entity, Scalar
from schema.refusals import Code, Refused
from schema.treatments import Treatment


def row_filters(planning: Planning, entity: Entity, argument: Argument) -> Iterator[Filter]:
    """The filters of a `filter` argument. Raises `Refused` with ARGUMENT."""
    if not isinstance(argument, Mapping):
        return
    for name, comparisons in argument.items():
        if not isinstance(comparisons, Mapping):
            raise Refused(Code.ARGUMENT, f"say how to compare `{name}` in `filter`, or leave it out")
        column = compared_column(planning, entity, name)
        for operator, value in comparisons.items():
            comparison = Comparison(operator)
            parameter = _parameter(column, comparison, value)
            yield Filter(column=column, comparison=comparison, bound=planning.bind(parameter))


def _parameter(column: Column, comparison: Comparison, argument: Argument) -> Parameter:
    items = tuple(each for each in argument if isinstance(each, Slot)) if isinstance(argument, Sequence) else ()
    if comparison is Comparison.IN and items:
        return ListParameter(scalar=column.scalar, slot=items)
    if not isinstance(argument, Slot):
        raise Refused(Code.ARGUMENT, f"give `{column.name}` a value to compare with; null is asked for by `isNull`")
    match comparison:
        case Comparison.IN:
            return ListParameter(scalar=column.scalar, slot=argument)
        case Comparison.IS_NULL:
            return ValueParameter(scalar=Scalar.BOOLEAN, slot=argument)
        case _:
            return ValueParameter(scalar=column.scalar, slot=argument)


def row_by_id(planning: Planning, entity: Entity, argument: Argument) -> ById:
    """The row with an id, in the form in which it is shown. Raises `Refused` with ARGUMENT."""
    if not isinstance(argument, Slot):
        raise Refused(Code.ARGUMENT, "give an `id`")
    branches = id_branches(planning, entity)
    forms = sorted({branch.treatment for branch in branches})
    bound = {form: planning.bind(IdParameter(entity=entity, slot=argument, form=form)) for form in forms}
    return ById(plain=bound.get(Treatment.PLAIN), token=bound.get(Treatment.TOKEN), branches=branches)
