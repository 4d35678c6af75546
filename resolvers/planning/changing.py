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
    ReceivedRow,
    RootTypeName,
)
from resolvers.planning.context import Planning
from resolvers.planning.decisions import permitted_when, visible_when
from resolvers.planning.destroying import carried_out, destroyed_classes
from resolvers.planning.filters import row_by_id, slots
from resolvers.planning.parameters import InputParameter, OtherInput, ParameterRef, ValueParameter
from resolvers.planning.plan import NEVER, RowSet
from schema.catalog import Catalog, Column, Entity, Input, MutationRoot, Scalar
from schema.refusals import Code, Refused
from schema.rights import (
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
    entity, ended = mutation.entity, mutation.ended
    assert ended is not None  # noqa: S101 - the catalog has read it
    permitted = permitted_when(planning, declaration.right, entity, ended)
    may_be_ended = conjoined(permitted, visible_when(planning, entity))
    selector = row_by_id(planning, entity, field.arguments["id"])
    rows = RowSet(entity=entity, selector=selector, visible=may_be_ended)
    if isinstance(declaration, ResumeField):
        return EndedRow(rows=rows, ended=ended, starts=None, after=None, resumes=True)
    return EndedRow(rows=rows, ended=ended, starts=declaration.starts, after=declaration.after)


def _version(planning: Planning, argument: Argument) -> ParameterRef | None:
    return planning.bind(ValueParameter(scalar=Scalar.TEXT, slot=argument)) if isinstance(argument, Slot) else None


def _entered(planning: Planning, mutation: MutationRoot, declaration: EnterField, given: _Given) -> EnteredRow:
    entity = mutation.entity
    labelled = [each.column for each, _ in given.values() if not each.column.label.category.is_open]
    first, *others = (permitted_when(planning, declaration.right, entity, column) for column in labelled)
    assignments = _assignments(planning, mutation, given)
    bound = {each.column.name: each.bound for each in assignments}
    return EnteredRow(
        entity=entity,
        declaration=declaration,
        when=reduce(conjoined, others, first),
        assignments=assignments,
        constants=tuple((entity.columns[name], value) for name, value in mutation.constants.items()),
        key=tuple(_key(mutation, declaration)),
        targets=tuple(
            _named(planning, declaration, each, planning.catalog.entities[each.target], found)
            for each in mutation.inputs.values()
            if each.target and (found := bound.get(each.column.name))
        ),
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


def _named(planning: Planning, declaration: EnterField, given: Input, target: Entity, bound: ParameterRef) -> NamedRow:
    """A row that a new one names. Whoever may not see it may not name it."""
    return NamedRow(
        entity=target,
        bound=bound,
        visible=visible_when(planning, target) if planning.visibility.sees(target) else NEVER,
        copied=tuple(
            (column, of) for column, (field, of) in declaration.copied.items() if field == given.column.python_name
        ),
    )


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
    columns = [each.column for each, _ in given.values()] + ([mutation.ended] if mutation.ended else [])
    for column in columns:
        permissions = planning.visibility.permissions(right, entity, column)
        if clauses := tuple(dict.fromkeys(clause for one in permissions for clause in one.clauses)):
            fields.setdefault(clauses, []).append(f"{entity.name}.{column.name}")
    return [
        ChangedClass(fields=tuple(names), record=right.record, clauses=clauses) for clauses, names in fields.items()
    ]
