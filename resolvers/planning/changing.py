"""Plans a mutation: which rows each of its fields changes, and when the policy lets it.

What is not permitted is in no view, so that it never comes here; what is permitted on a condition is planned with it. Never
sees a value, a table's rows or a requester beyond role and purpose.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Final

from resolvers.alternatives import conjoined
from resolvers.front.selection import Argument, Field, Omitted, Selection, Slot
from resolvers.planning.change_plan import (
    ApprovedRow,
    Assignment,
    ChangedClass,
    ChangedEntry,
    ChangedPart,
    ChangePlan,
    ChangeStep,
    EditedRow,
    EndedRow,
    EnteredRow,
    NamedRow,
    NamedRows,
    ReceivedRow,
    RootTypeName,
)
from resolvers.planning.context import Planning
from resolvers.planning.decisions import permitted_when, seen_when, visible_when
from resolvers.planning.destroying import carried_out, destroyed_classes
from resolvers.planning.filters import row_by_id, slots
from resolvers.planning.parameters import InputParameter, OtherInput, ParameterRef, RequesterParameter, ValueParameter
from resolvers.planning.plan import RowSet
from resolvers.planning.preconditions import of_approval, of_new_row
from schema.catalog import Catalog, Column, Input, MutationRoot, Scalar
from schema.refusals import Code, Refused
from schema.rights import (
    ApproveField,
    CarryOutField,
    EditField,
    EndField,
    EnterField,
    MutationDeclaration,
    ReceiveField,
    ResumeField,
)
from schema.visibility import Visibility

STEP_COST: Final = 300
"""What a mutation costs, in rows: its statement, and what waits for the disk."""


def plan_changes(selection: Selection, document: str, visibility: Visibility, catalog: Catalog) -> ChangePlan:
    """What a mutation changes for a role and a purpose. Raises `Refused` with ARGUMENT."""
    return ChangePlan(
        role=visibility.role,
        purpose=visibility.purpose,
        policy=visibility.policy.version,
        operation=None if visibility.role.is_anybodys else selection.name,
        document=document,
        steps=tuple(_step(field, visibility, catalog) for field in selection.fields),
    )


def _step(field: Field, visibility: Visibility, catalog: Catalog) -> ChangeStep | RootTypeName:
    if field.name == "__typename":
        return RootTypeName(key=field.key, inclusion=field.inclusion)
    planning = Planning(visibility=visibility, catalog=catalog)
    mutation = catalog.mutations[field.name]
    given = _given(field.arguments["input"], mutation, visibility) if "input" in field.arguments else {}
    match mutation.declaration:
        case EditField() as declaration:
            change = _edited(planning, mutation, declaration, field, given)
        case EnterField() as declaration:
            change = _entered(planning, mutation, declaration, given)
        case ReceiveField() as declaration:
            change = _received(planning, mutation, declaration, given)
        case EndField() | ResumeField() as declaration:
            change = _ended(planning, mutation, declaration, field)
        case ApproveField() as declaration:
            change = _approved(planning, mutation, declaration, field)
        case CarryOutField() as declaration:
            change = carried_out(planning, mutation, declaration, field)
    return ChangeStep(
        key=field.key,
        inclusion=field.inclusion,
        change=change,
        entries=tuple(
            ChangedEntry(key=each.key, inclusion=planning.inclusion(each), part=ChangedPart(each.name))
            for each in field.selected
        ),
        classes=tuple(_classes(planning, mutation, given)),
        parameters=tuple(planning.parameters),
        requester_conditions=frozenset(planning.requester_conditions),
        filled_tables=frozenset(planning.filled_tables),
    )


_Given = Mapping[str, tuple[Input, Argument]]
"""The inputs that are given, each with its value."""


def _given(argument: Argument, mutation: MutationRoot, visibility: Visibility) -> _Given:
    values = argument if isinstance(argument, Mapping) else {}
    inputs = visibility.permitted_inputs(mutation)
    written = {name: value for name, value in values.items() if value is not Omitted.OMITTED}
    # In the order of the input's type, however a client writes them.
    given = {name: (each, written[name]) for name, each in inputs.items() if name in written}
    if not given:
        raise Refused(Code.ARGUMENT, "give in `input` what is to be changed")
    for name, (each, value) in given.items():
        if value is None and each.is_required:
            raise Refused(Code.ARGUMENT, f"`{name}` may not be empty")
    return given


def _edited(
    planning: Planning, mutation: MutationRoot, declaration: EditField, field: Field, given: _Given
) -> EditedRow:
    entity = mutation.entity
    selector = row_by_id(planning, entity, field.arguments["id"])
    permitted = (permitted_when(planning, declaration.right, entity, each.column) for each, _ in given.values())
    may_be_changed = reduce(conjoined, permitted, visible_when(planning, entity))
    return EditedRow(
        rows=RowSet(entity=entity, selector=selector, visible=may_be_changed),
        assignments=_assignments(planning, mutation, given),
        emptied=tuple(found for each, _ in given.values() if (found := entity.emptied_with(each.column))),
        version=_version(planning, field.arguments.get("version")),
        versioned=planning.visibility.versioned_columns(entity, planning.catalog),
    )


def _ended(planning: Planning, mutation: MutationRoot, declaration: EndField | ResumeField, field: Field) -> EndedRow:
    rows, ended = _row_with_time(planning, mutation, field)
    if isinstance(declaration, ResumeField):
        return EndedRow(rows=rows, ended=ended, starts=None, after=None, resumes=True)
    return EndedRow(rows=rows, ended=ended, starts=declaration.starts, after=declaration.after)


def _approved(planning: Planning, mutation: MutationRoot, declaration: ApproveField, field: Field) -> ApprovedRow:
    rows, approved = _row_with_time(planning, mutation, field)
    requester = planning.bind(RequesterParameter())
    return ApprovedRow(
        rows=rows,
        declaration=declaration,
        approved=approved,
        requester=requester,
        preconditions=tuple(of_approval(mutation, declaration, requester)),
    )


def _row_with_time(planning: Planning, mutation: MutationRoot, field: Field) -> tuple[RowSet, Column]:
    """The row that is ended or approved, if that is permitted, and the time that is set."""
    entity, time = mutation.entity, mutation.ended
    assert time is not None  # noqa: S101 - the catalog has read it
    permitted = permitted_when(planning, mutation.declaration.right, entity, time)
    may_be_set = conjoined(permitted, visible_when(planning, entity))
    selector = row_by_id(planning, entity, field.arguments["id"])
    return RowSet(entity=entity, selector=selector, visible=may_be_set), time


def _version(planning: Planning, argument: Argument) -> ParameterRef | None:
    return planning.bind(ValueParameter(scalar=Scalar.TEXT, slot=argument)) if isinstance(argument, Slot) else None


def _entered(planning: Planning, mutation: MutationRoot, declaration: EnterField, given: _Given) -> EnteredRow:
    entity = mutation.entity
    first, *others = (permitted_when(planning, declaration.right, entity, each) for each in _said(mutation, given))
    assignments = _assignments(planning, mutation, given)
    single = tuple(each for each in assignments if each.column.name not in _lists(mutation))
    return EnteredRow(
        entity=entity,
        declaration=declaration,
        when=reduce(conjoined, others, first),
        assignments=single,
        listed=_listed(mutation, declaration, assignments),
        constants=tuple((entity.columns[name], value) for name, value in mutation.constants.items()),
        entered_by=planning.bind(RequesterParameter()) if declaration.entered_by else None,
        key=tuple(_key(mutation, declaration)),
        preconditions=tuple(of_new_row(planning, mutation, declaration, assignments)),
        targets=tuple(_named(planning, mutation, declaration, assignments)),
    )


def _received(planning: Planning, mutation: MutationRoot, declaration: ReceiveField, given: _Given) -> ReceivedRow:
    entity = mutation.entity
    first, *others = (permitted_when(planning, declaration.right, entity, each.column) for each, _ in given.values())
    return ReceivedRow(
        entity=entity,
        declaration=declaration,
        when=reduce(conjoined, others, first),
        assignments=_assignments(planning, mutation, given),
    )


def _named(
    planning: Planning, mutation: MutationRoot, declaration: EnterField, assignments: Sequence[Assignment]
) -> Iterator[NamedRow]:
    """The rows that a new one names, of which it says something too."""
    bound = {each.column.python_name: each.bound for each in assignments}
    for each in mutation.inputs.values():
        field = each.column.python_name
        copied = tuple((column, of) for column, (by, of) in declaration.copied.items() if by == field)
        if copied and each.target and (found := bound.get(field)):
            target = planning.catalog.entities[each.target]
            yield NamedRow(entity=target, bound=found, visible=seen_when(planning, target), copied=copied)


def _said(mutation: MutationRoot, given: _Given) -> Sequence[Column]:
    """The fields of somebody's that a new row has: those that are given or, where only links are, its start."""
    labelled = [each.column for each, _ in given.values() if not each.column.label.category.is_open]
    return labelled or [each for each in (mutation.started,) if each]


def _lists(mutation: MutationRoot) -> frozenset[str]:
    return frozenset(each.column.name for each in mutation.inputs.values() if each.most is not None)


def _listed(mutation: MutationRoot, declaration: EnterField, assignments: Sequence[Assignment]) -> NamedRows | None:
    found = next((each for each in assignments if each.column.name in _lists(mutation)), None)
    if found is None or found.bound is None or declaration.named is None:
        return None
    return NamedRows(declaration=declaration.named, column=found.column, bound=found.bound)


def _key(mutation: MutationRoot, declaration: EnterField) -> Iterator[Column]:
    columns = (each.column for each in mutation.inputs.values())
    constants = (mutation.entity.columns[name] for name in mutation.constants)
    yield from (column for column in (*columns, *constants) if column.python_name in declaration.key)


def _assignments(planning: Planning, mutation: MutationRoot, given: _Given) -> tuple[Assignment, ...]:
    only_with = _conditions(mutation.declaration, given)
    return tuple(
        Assignment(column=each.column, bound=_bound(planning, each, value, only_with.get(name)))
        for name, (each, value) in given.items()
    )


def _bound(planning: Planning, given: Input, value: Argument, only_with: OtherInput | None) -> ParameterRef | None:
    if value is None:
        return None
    return planning.bind(
        InputParameter(
            name=f"input.{given.name}",
            scalar=given.column.scalar,
            form=given.form,
            target=planning.catalog.entities[given.target] if given.target else None,
            slot=value if isinstance(value, Slot) else slots(value),
            words=given.words,
            only_with=only_with,
            most=given.most,
        )
    )


def _conditions(declaration: MutationDeclaration, given: _Given) -> Mapping[str, OtherInput]:
    """Of inputs that may stand only beside another: that other one."""
    found: dict[str, OtherInput] = {}
    if isinstance(declaration, EnterField):
        by_field = {each.column.python_name: (name, value) for name, (each, value) in given.items()}
        for each in declaration.only_with:
            name, value = by_field[each.other]
            assert isinstance(value, Slot)  # noqa: S101 - a word that decides about others is required
            if each.field in by_field:
                found[by_field[each.field][0]] = OtherInput(name=f"input.{name}", slot=value, words=each.words)
    return found


def _classes(planning: Planning, mutation: MutationRoot, given: _Given) -> Sequence[ChangedClass]:
    """The fields that are changed, for the log: together where the same clauses permit it."""
    if isinstance(mutation.declaration, CarryOutField):
        return destroyed_classes(planning, mutation)
    right, entity = mutation.declaration.right, mutation.entity
    fields: dict[tuple[str, ...], list[str]] = {}
    columns = [mutation.ended] if mutation.ended else [*_said(mutation, given)]
    for column in columns:
        permissions = planning.visibility.permissions(right, entity, column)
        if clauses := tuple(dict.fromkeys(clause for one in permissions for clause in one.clauses)):
            fields.setdefault(clauses, []).append(f"{entity.name}.{column.name}")
    return [
        ChangedClass(fields=tuple(names), record=right.record, clauses=clauses) for clauses, names in fields.items()
    ]
