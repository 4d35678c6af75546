"""What a mutation's statement asks before it changes anything, of the values of a new row and of a row that is approved.

Each question comes with the refusal of a call for which the answer is no. The hint names the input, and no value.
"""

from collections.abc import Iterator, Mapping, Sequence

from resolvers.planning.change_plan import (
    AreThere,
    Assignment,
    HasWord,
    IsBehind,
    IsByAnother,
    IsEmpty,
    IsFilled,
    IsFirst,
    IsToBegin,
    Precondition,
    Unmet,
)
from resolvers.planning.context import Planning
from resolvers.planning.decisions import seen_when
from resolvers.planning.parameters import ParameterRef
from resolvers.planning.plan import CERTAIN, Predicate
from schema.catalog import Catalog, Entity, Input, MutationRoot
from schema.rights import ApproveField, EnterField, IsNew, TargetIs


def of_new_row(
    planning: Planning, mutation: MutationRoot, declaration: EnterField, assignments: Sequence[Assignment]
) -> Iterator[Precondition]:
    """That what it names is there and of the right kind, that its times are to come and in order, and that it is new."""
    given = {each.column.python_name: each for each in assignments}
    inputs = {each.column.python_name: each for each in mutation.inputs.values()}
    for name, each in given.items():
        if (target := inputs[name].target) and each.bound:
            entity = planning.catalog.entities[target]
            visible = CERTAIN if name in declaration.unseen else seen_when(planning, entity)
            yield _there(planning.catalog, entity, visible, inputs[name], each.bound)
    for check in declaration.checks:
        match check:
            case TargetIs():
                yield from _of_kind(planning.catalog, check, inputs, given)
            case IsNew(fields=fields):
                hint = f"there is one with this {_inputs(fields, inputs)}; nothing was changed"
                yield Precondition(
                    question=IsFirst(assignments=tuple(given[each] for each in fields)), unmet=Unmet.WRONG, hint=hint
                )
    yield from _times(declaration, given)


def _there(catalog: Catalog, entity: Entity, visible: Predicate, given: Input, bound: ParameterRef) -> Precondition:
    members = catalog.marketplace.members
    gone = members.gone if members and entity.storage.table == members.table else None
    what = "the id" if given.most is None else "the ids"
    hint = f"give in `input.{given.name}` {what} of a `{entity.name}` that is there; nothing was changed"
    question = AreThere(entity=entity, bound=bound, is_list=given.most is not None, visible=visible, gone=gone)
    return Precondition(question=question, unmet=Unmet.ABSENT, hint=hint)


def _of_kind(
    catalog: Catalog, check: TargetIs, inputs: Mapping[str, Input], given: Mapping[str, Assignment]
) -> Iterator[Precondition]:
    target = inputs[check.field].target
    if target is None or check.field not in given or not (bound := given[check.field].bound):
        return
    other = given[check.when.other].bound if check.when else None
    when = (other, check.when.words) if check.when and other else None
    where = f" where `input.{inputs[check.when.other].name}` is {_either(check.when.words)}" if check.when else ""
    hint = f"`input.{inputs[check.field].name}` must be one of the {check.column} {_either(check.words)}{where}"
    question = HasWord(entity=catalog.entities[target], bound=bound, column=check.column, words=check.words, when=when)
    yield Precondition(question=question, unmet=Unmet.WRONG, hint=f"{hint}; nothing was changed")


def _times(declaration: EnterField, given: Mapping[str, Assignment]) -> Iterator[Precondition]:
    by_column = {each.column.column: each for each in given.values()}
    start, end = (
        by_column[each].bound if each in by_column else None for each in (declaration.starts, declaration.ends)
    )
    if start:
        name = by_column[declaration.starts].column.name
        hint = f"`input.{name}` is over; leave it out to begin now; nothing was changed"
        yield Precondition(question=IsToBegin(bound=start), unmet=Unmet.WRONG, hint=hint)
    if end:
        name = by_column[declaration.ends].column.name
        yield Precondition(
            question=IsBehind(bound=end, start=None),
            unmet=Unmet.WRONG,
            hint=f"`input.{name}` is over; give a time to come; nothing was changed",
        )
    if end and start:
        name = by_column[declaration.ends].column.name
        hint = f"`input.{name}` must be behind `input.{by_column[declaration.starts].column.name}`; nothing was changed"
        yield Precondition(question=IsBehind(bound=end, start=start), unmet=Unmet.WRONG, hint=hint)


def of_approval(mutation: MutationRoot, declaration: ApproveField, requester: ParameterRef) -> Iterator[Precondition]:
    """That it was entered by another person, was not approved before, and has what it needs to be approved."""
    yield Precondition(
        question=IsByAnother(column=declaration.entered_by, requester=requester),
        unmet=Unmet.WRONG,
        hint=f"`{mutation.name}`: another person than the one who entered it must approve it; nothing was changed",
    )
    yield Precondition(
        question=IsEmpty(column=declaration.approved),
        unmet=Unmet.DONE,
        hint=f"`{mutation.name}`: it is approved already; nothing was changed",
    )
    columns = {each.python_name: each for each in mutation.entity.columns.values()}
    for need in declaration.needs:
        when = (columns[need.when.other].column, need.when.words) if need.when else None
        yield Precondition(
            question=IsFilled(column=columns[need.field].column, when=when),
            unmet=Unmet.WRONG,
            hint=f"`{mutation.name}`: it is approved only with `{columns[need.field].name}`;"
            " end it, and enter one that has that",
        )


def _inputs(fields: Sequence[str], inputs: Mapping[str, Input]) -> str:
    return " and ".join(f"`input.{inputs[each].name}`" for each in fields)


def _either(words: Sequence[str]) -> str:
    return " or ".join(words)
