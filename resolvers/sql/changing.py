"""Renders the plan of a mutation as one SQL statement for each step, which changes a row and tells what became of it.

    call     the values of the call; no row, and so no change, if another policy is in force by now
    found    the row that may be changed, if it is there
    changed  the row as it is now, if it has the version that the call names
    answer   what is asked of the change, as JSON; whose data it is; and what became of it

Cannot see the policy: it turns the plan, and nothing else, into text.
"""

import json
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final, assert_never

from resolvers.planning.change_plan import (
    ApprovedRow,
    Assignment,
    CarriedOut,
    ChangedClass,
    ChangedEntry,
    ChangedPart,
    ChangedRow,
    ChangePlan,
    ChangeStep,
    EditedRow,
    EndedRow,
    EnteredRow,
    IsFirst,
    NamedRow,
    NamedRows,
    ReceivedRow,
)
from resolvers.sql.borders import cross_border_sql
from resolvers.sql.call import call_sql
from resolvers.sql.conditions import predicate_sql
from resolvers.sql.destroying import begun_sql, ended_sql, rule_sql
from resolvers.sql.json_text import JsonEntry, object_text
from resolvers.sql.masking import RowAlias, version_sql
from resolvers.sql.pieces import EMPTY, NULL, TRUE, Sql, all_of, constant, join, name, number, sql, sql_type, table_name
from resolvers.sql.preconditions import fault_sql, ids_sql, question_sql, words_sql
from resolvers.sql.render import Installation, PlanRecord, Statement
from resolvers.sql.rows import from_sql, parameter_sql, where_sql
from resolvers.sql.sources import source_sql
from resolvers.sql.subjects import subject_sql
from schema.catalog import Catalog, Column, Entity, Scalar

CHANGED: Final = "CHANGED"
CONFLICT: Final = "CONFLICT"
"""The row is there, and not as the call says it was read."""
ABSENT: Final = "ABSENT"
"""There is no such row that may be changed."""
FAULT: Final = "FAULT"
"""Something that was asked is not so: what, says its number behind this word."""

NO_ROOM: Final = "NO_ROOM"
"""The member has added too many such rows within a day."""

_CALL: Final = RowAlias(entity=None, alias="call", owner="call")


def render_changes(
    plan: ChangePlan, catalog: Catalog, installation: Installation
) -> tuple[tuple[tuple[Statement, ...], ...], PlanRecord]:
    """The statements of a plan's steps (a type's name has none), and what the log is to hold of the plan.

    The last statement of a step tells what became of it.
    """
    classes = list(dict.fromkeys(each for step in _steps(plan) for each in step.classes))
    statements = tuple(
        _statements(plan, step, catalog, installation, [classes.index(each) for each in step.classes])
        if isinstance(step, ChangeStep)
        else ()
        for step in plan.steps
    )
    return statements, _stored(plan, classes)


def _steps(plan: ChangePlan) -> Iterable[ChangeStep]:
    return (step for step in plan.steps if isinstance(step, ChangeStep))


def _stored(plan: ChangePlan, classes: Sequence[ChangedClass]) -> PlanRecord:
    fields = {field: each.record for each in classes for field in each.fields}
    return PlanRecord(
        role=plan.role,
        purpose=plan.purpose,
        policy=plan.policy,
        operation=plan.operation,
        document=plan.document,
        fields=json.dumps([{"field": field, "treatment": record} for field, record in sorted(fields.items())]),
        classes=json.dumps(
            [{"treatment": each.record, "fields": each.fields, "clauses": each.clauses} for each in classes]
        ),
        reads_data=any(_steps(plan)),
    )


def _statements(
    plan: ChangePlan, step: ChangeStep, catalog: Catalog, installation: Installation, classes: Sequence[int]
) -> tuple[Statement, ...]:
    """What a step does, and last, what became of it."""
    numbers = [constant(f".{number}") for number in classes]
    shown = constant(":" + "".join(f".{number}" for number in classes))
    before: Sequence[Sql] = ()
    match step.change:
        case EditedRow() as change:
            work = _edit(change, shown)
        case EnteredRow() as change:
            work = _enter(change, shown, catalog)
        case ReceivedRow() as change:
            work = _receive(change)
        case EndedRow() as change:
            work = _end(change, shown)
        case ApprovedRow() as change:
            work = _approve(change, shown)
        case CarriedOut() as change:
            before = [begun_sql(change, plan.role), *(rule_sql(change, rule) for rule in change.destruction.rules)]
            work = ended_sql(change, numbers)
        case _:
            assert_never(step.change)
    begun = partial(_begun, plan, step, catalog, installation)
    made = [sql("{}\nselect n from call", begun(each)) for each in before]
    made.append(sql("{}, {}", begun(work), _answer(plan, step, catalog, installation)))
    return tuple(Statement(sql=each.text, plan=None, treatments=b"", needs_key=each.needs_key) for each in made)


def _begun(plan: ChangePlan, step: ChangeStep, catalog: Catalog, installation: Installation, work: Sql) -> Sql:
    """The call, unless another policy is in force, and what is done for it."""
    return sql(
        "with in_force as materialized (\n    select version from veil.policy_activation order by id desc limit 1\n), "
        "call as materialized (\n{}\n), {}",
        call_sql(catalog, plan, step, installation.empty_tables, work),
        work,
    )


def _answer(plan: ChangePlan, step: ChangeStep, catalog: Catalog, installation: Installation) -> Sql:
    return sql(
        "answer as materialized (\n"
        "    select call.n, call.member, call.organisation, {} as json, changed.subjects,\n"
        "        case when changed.n is not null then {}{} when found.n is not null then {} else {} end as outcome\n"
        "    from call left join found using (n) left join changed using (n)\n)\n"
        "select n, convert_to(json, 'UTF8') as json, subjects, 1 as rows, outcome,\n    {} as cross_border\nfrom answer",
        _object(step.entries, step.change),
        constant(CHANGED),
        sql(" when found.fault is not null then {} || found.fault", constant(f"{FAULT} "))
        if step.preconditions
        else EMPTY,
        constant(NO_ROOM if _has_limit(step.change) else CONFLICT),
        constant(ABSENT),
        cross_border_sql(plan.role, catalog, installation.country),
    )


def _has_limit(change: ChangedRow) -> bool:
    """Whether somebody adds rows about themselves, or hands them in, of which so many may be added in a day."""
    is_own = isinstance(change, EnteredRow) and change.declaration.subject is not None
    return is_own or isinstance(change, ReceivedRow)


def _found_and_changed(found: Sql, changed: Sql) -> Sql:
    return sql("found as materialized (\n{}\n), {}", found, changed)


# A row that is there.


def _edit(change: EditedRow, classes: Sql) -> Sql:
    row = RowAlias(entity=change.entity, alias="m1", owner="m1")
    where = where_sql(change.rows, row, _CALL)
    version = version_sql(change.versioned, row)
    same = sql("{} = {}", version, parameter_sql(change.version)) if change.version else TRUE
    found = sql("    select call.n from call join {} on {}", from_sql(change.rows, row), where)
    changed = sql(
        "changed as (\n    update {} set {}\n    from call where {}\n    returning call.n, {} as subjects, {} as version\n)",
        from_sql(change.rows, row),
        join(", ", _set(change)),
        all_of([where, same]),
        _subjects(change.entity, row.alias, classes),
        version,
    )
    return _found_and_changed(found, changed)


def _set(change: EditedRow) -> Sequence[Sql]:
    written = [sql("{} = {}", name(each.column.column), _value(each)) for each in change.assignments]
    return [*written, *(sql("{} = null", name(column)) for column in change.emptied)]


def _value(assignment: Assignment) -> Sql:
    if assignment.bound is None:
        return NULL
    if assignment.column.scalar is Scalar.TEXT_LIST:
        return words_sql(assignment.bound)
    return parameter_sql(assignment.bound)


def _typed_value(assignment: Assignment) -> Sql:
    return sql("{}::{}", _value(assignment), _type(assignment.column))


def _type(column: Column) -> Sql:
    return sql_type(column.scalar.sql_type)


def _subjects(entity: Entity, alias: str, classes: Sql) -> Sql:
    """Whose data the row is, each with what was changed of them."""
    if entity.storage.subjects_array:
        return _subjects_of_list(entity, name(alias, entity.storage.subjects[0]), classes)
    each = [
        sql("{} || {}", subject_sql(name(alias, subject), entity.subject_type), classes)
        for subject in entity.storage.subjects
    ]
    return sql("concat_ws(',', {})", join(", ", each)) if each else sql("null::text")


def _subjects_of_list(entity: Entity, members: Sql, classes: Sql) -> Sql:
    each = subject_sql(sql("each"), entity.subject_type)
    return sql("(select string_agg({} || {}, ',') from unnest({}) each)", each, classes, members)


def _end(change: EndedRow, classes: Sql) -> Sql:
    row = RowAlias(entity=change.entity, alias="m1", owner="m1")
    ends = sql("m1.{}", name(change.ended.column))
    # By the clock: somebody who began later may have ended it while this waited for its turn.
    goes_on = sql("({} is null or {} > clock_timestamp())", ends, ends)
    is_so = sql("{} is not null", ends) if change.resumes else goes_on
    has_come = sql("m1.{} <= now()", name(change.after)) if change.after else TRUE
    where = all_of([where_sql(change.rows, row, _CALL), is_so, has_come])
    found = sql("    select call.n from call join {} on {}", from_sql(change.rows, row), where)
    changed = sql(
        "changed as (\n    update {} set {} = {}\n    from call where {}\n"
        "    returning call.n, {} as subjects, null::text as version\n)",
        from_sql(change.rows, row),
        name(change.ended.column),
        _end_of(change),
        where,
        _subjects(change.entity, row.alias, classes),
    )
    return _found_and_changed(found, changed)


def _end_of(change: EndedRow) -> Sql:
    if change.resumes:
        return NULL
    return sql("greatest(now(), m1.{})", name(change.starts)) if change.starts else sql("now()")


def _approve(change: ApprovedRow, classes: Sql) -> Sql:
    row = RowAlias(entity=change.entity, alias="m1", owner="m1")
    ends = name(change.declaration.ends)
    where = all_of([where_sql(change.rows, row, _CALL), sql("(m1.{} is null or m1.{} > now())", ends, ends)])
    found = sql(
        "    select call.n, {} as fault from call join {} on {}",
        fault_sql(change.preconditions, change.entity, "m1"),
        from_sql(change.rows, row),
        where,
    )
    # Precondition of the row once more: another may have approved it meanwhile.
    changed = sql(
        "changed as (\n    update {} set {} = now(), {} = {}\n    from call where {}\n"
        "    returning call.n, {} as subjects, null::text as version\n)",
        from_sql(change.rows, row),
        name(change.approved.column),
        name(change.declaration.by),
        parameter_sql(change.requester),
        all_of([where, *(question_sql(each.question, change.entity, "m1") for each in change.preconditions)]),
        _subjects(change.entity, row.alias, classes),
    )
    return _found_and_changed(found, changed)


# A row that is added, and those that it replaces.


def _enter(change: EnteredRow, classes: Sql, catalog: Catalog) -> Sql:
    declared = change.declaration
    written = _written(change)
    members = ids_sql(change.listed.bound, change.entity.subject_type) if change.listed else NULL
    listed = [(name(change.listed.column.column), members)] if change.listed else []
    fault = (
        sql(",\n        {} as fault", fault_sql(change.preconditions, change.entity, "m1"))
        if change.preconditions
        else EMPTY
    )
    room = sql(", {} as has_room", _has_room(change, declared.subject)) if declared.subject else EMPTY
    found = sql(
        "    select call.n, m1.*{}{}\n    from call cross join lateral (select {}) m1\n    where {}",
        room,
        fault,
        join(", ", (sql("{} as {}", value, column) for column, value in (*written, *listed))),
        all_of([predicate_sql(change.when, change.entity, "m1"), *(_is_member(catalog) if declared.subject else ())]),
    )
    columns = [column for column, _ in written if column.text != name(declared.starts).text]
    has_start = len(columns) < len(written)
    start = sql("coalesce(found.{}, now())", name(declared.starts)) if has_start else sql("now()")
    is_first = any(isinstance(each.question, IsFirst) for each in change.preconditions)
    added = sql(
        "changed as (\n    insert into {} as added ({}) select {} from found{}{}\n"
        "    returning 1::bigint as n, {} as subjects, null::text as version{}\n)",
        table_name(change.entity.storage.table),
        join(", ", [*columns, name(declared.starts)]),
        join(", ", [*(sql("found.{}", each) for each in columns), start]),
        sql(" where {}", all_of(_may_be_added(change))),
        sql(" on conflict do nothing") if is_first else EMPTY,
        _entered_subjects(change, classes),
        sql(", added.{} as row_id", name(change.entity.storage.key)) if change.listed else EMPTY,
    )
    ended = [_replaced(change)] if change.key else []
    named = [_named(change.listed)] if change.listed else []
    return _found_and_changed(found, join(", ", [*ended, added, *named]))


def _written(change: EnteredRow) -> Sequence[tuple[Sql, Sql]]:
    """The columns of the row, each with what is written into it."""
    declared = change.declaration
    subject = [(name(declared.subject), sql("call.member"))] if declared.subject else []
    given = [(name(each.column.column), _typed_value(each)) for each in change.assignments]
    said = [(name(column.column), sql("{}::{}", constant(text), _type(column))) for column, text in change.constants]
    by = declared.entered_by
    entered = [(name(by), parameter_sql(change.entered_by))] if by and change.entered_by else []
    stamps = zip(declared.asked_under, _IN_FORCE, strict=True) if declared.asked_under else ()
    copied = [each for named in change.targets for each in _copied(named)]
    return [*subject, *given, *said, *entered, *((name(column), value) for column, value in (*copied, *stamps))]


def _may_be_added(change: EnteredRow) -> Sequence[Sql]:
    faultless = [sql("found.fault is null")] if change.preconditions else []
    return [*faultless, sql("found.has_room")] if change.declaration.subject else faultless


def _named(listed: NamedRows) -> Sql:
    """A row for each member whom the new row names."""
    declared = listed.declaration
    return sql(
        "named as (\n    insert into {} ({}, {}) select changed.row_id, each from changed, found, unnest(found.{}) each\n)",
        table_name(declared.table),
        name(declared.row),
        name(declared.member),
        name(listed.column.column),
    )


def _entered_subjects(change: EnteredRow, classes: Sql) -> Sql:
    """Whose data the new row is. Those of a list are not to be had from the row itself yet."""
    if change.listed is None:
        return _subjects(change.entity, "added", classes)
    members = sql("(select found.{} from found)", name(change.listed.column.column))
    return _subjects_of_list(change.entity, members, classes)


def _replaced(change: EnteredRow) -> Sql:
    declared = change.declaration
    return sql(
        "ended as (\n    update {} state set {} = greatest(now(), state.{})\n    from found where {}\n)",
        table_name(change.entity.storage.table),
        name(declared.ends),
        name(declared.starts),
        _is_replaced(change),
    )


_IN_FORCE: Final = (
    sql("(select version from in_force)"),
    sql("(select digest from veil.policy_activation order by id desc limit 1)"),
)
"""The policy in force: its version and its digest."""


def _receive(change: ReceivedRow) -> Sql:
    """Adds a row, whatever it says: whom it is about is not looked up."""
    declared, table = change.declaration, table_name(change.entity.storage.table)
    received = name(declared.received)
    columns = join(", ", [*(name(each.column.column) for each in change.assignments), received])
    values = join(", ", [*(_typed_value(each) for each in change.assignments), sql("now()")])
    room = sql(
        "(select count(*) from (select from {} recent where recent.{} > now() - interval '1 day' limit {}) each) < {}",
        *(table, received, number(declared.most), number(declared.most)),
    )
    found = sql(
        "    select call.*, {} as has_room from call where {}", room, predicate_sql(change.when, change.entity, "call")
    )
    changed = sql(
        "changed as (\n    insert into {} ({}) select {} from found call where has_room\n"
        "    returning 1::bigint as n, null::text as subjects, null::text as version\n)",
        *(table, columns, values),
    )
    return _found_and_changed(found, changed)


def _is_member(catalog: Catalog) -> Sequence[Sql]:
    """That who asks is not destroyed, where members can be."""
    members = catalog.marketplace.members
    if members is None or members.gone is None:
        return ()
    source = source_sql(members.table, catalog.mapped_columns(members.table), members.columns, "person")
    is_there = sql("{} = call.member and {} is null", name("person", members.key), name("person", members.gone))
    return [sql("exists (select from {} where {})", source, is_there)]


def _from_named(named: NamedRow) -> Sql:
    """The row of another type that a new one names, if it is there and seen."""
    there = RowAlias(entity=named.entity, alias="named", owner="named")
    is_it = sql("named.{} = {}", name(named.entity.storage.key), parameter_sql(named.bound))
    where = all_of([is_it, predicate_sql(named.visible, named.entity, there.alias)])
    return sql("from {} {} where {}", table_name(named.entity.storage.table), name(there.alias), where)


def _copied(named: NamedRow) -> Sequence[tuple[str, Sql]]:
    return [(column, sql("(select named.{} {})", name(of), _from_named(named))) for column, of in named.copied]


def _has_room(change: EnteredRow, subject: str) -> Sql:
    """Whether the member has not added too many such rows within a day."""
    declared = change.declaration
    return sql(
        "(select count(*) from (select from {} recent where recent.{} = call.member and recent.{} > now() - interval '1 day'"
        " limit {}) each) < {}",
        table_name(change.entity.storage.table),
        name(subject),
        name(declared.starts),
        *[number(declared.most)] * 2,
    )


def _is_replaced(change: EnteredRow) -> Sql:
    """That a row of the same member, if it is about one, and the same key has not ended."""
    declared = change.declaration
    given = {each.column.name for each in change.assignments if each.bound} | {
        each.name for each, _ in change.constants
    }
    same = [
        sql("state.{} = found.{}", name(column.column), name(column.column))
        if column.name in given
        else sql("state.{} is null", name(column.column))
        for column in change.key
    ]
    if declared.subject:
        same = [sql("state.{} = found.{}", name(declared.subject), name(declared.subject)), *same]
    goes_on = sql("(state.{} is null or state.{} > now())", name(declared.ends), name(declared.ends))
    return all_of([*same, goes_on, *_may_be_added(change)])


# What is told of it.


def _object(entries: Sequence[ChangedEntry], change: ChangedRow) -> Sql:
    return object_text([JsonEntry(each.key, each.inclusion, _told(each.part, change)) for each in entries])


def _told(part: ChangedPart, change: ChangedRow) -> Sql:
    match part:
        case ChangedPart.FIELDS:
            return _fields(change)
        case ChangedPart.VERSION:
            return sql("veil.json_text(changed.version)")
        case ChangedPart.TYPE_NAME:
            return constant('"Changed"')
        case _:
            assert_never(part)


def _fields(change: ChangedRow) -> Sql:
    """What was changed; of a request that was carried out, of which categories."""
    match change:
        case CarriedOut():
            return sql("array_to_json(found.categories)::text")
        case EndedRow(ended=ended):
            columns = [ended]
        case ApprovedRow(approved=approved):
            columns = [approved]
        case EditedRow() | ReceivedRow():
            columns = [each.column for each in change.assignments]
        case EnteredRow(listed=listed):
            columns = [*(each.column for each in change.assignments), *([listed.column] if listed else [])]
        case _:
            assert_never(change)
    return constant(json.dumps([column.name for column in columns]))
