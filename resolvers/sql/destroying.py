"""The carrying out of a request as SQL: one statement after the other, in one transaction.

    first       locks the request and its member, and writes a receipt
    each rule   destroys the rows that nothing holds, and writes on the receipt how many, and what holds the others
    last        ends the request if it is done and nothing is held, and tells what became of it

While the member's row is locked, no other row that names the member can be added. So what holds a row is seen by all of
the statements, or comes after them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from resolvers.planning.change_plan import CarriedOut
from resolvers.sql.conditions import may_meet_sql, meets_sql, predicate_sql
from resolvers.sql.masking import RowAlias
from resolvers.sql.pieces import EMPTY, NULL, Sql, all_of, any_of, constant, join, name, sql, table_name
from resolvers.sql.preconditions import fault_sql, question_sql, words_sql
from resolvers.sql.rows import from_sql, parameter_sql, where_sql
from resolvers.sql.subjects import subject_sql
from schema.catalog import Entity
from schema.conditions import NamesCategory
from schema.destruction import RECEIPT_COLUMNS, DestroyedRows, HeldBy, Holding, KeptFor, names_category
from schema.labels import Category
from schema.requester import Role

_CALL = RowAlias(entity=None, alias="call", owner="call")
_RULES_ROW, _OWNING_ROW = "t1", "o1"


def begun_sql(change: CarriedOut, role: Role) -> Sql:
    """Locks the request and its member, one after the other, and writes a receipt."""
    members, key = change.members
    asked = change.declaration.asked_under
    written = [
        *(sql("found.id"), sql("found.member_id"), sql("found.categories"), sql("now()"), constant(role)),
        *(name("found", column) for column in asked),
        sql("now() + {}::interval", constant(f"{change.destruction.backup_days} days")),
        parameter_sql(change.shown) if change.shown else NULL,
    ]
    return sql(
        "found as materialized (\n{} for update of m1\n), locked as materialized (\n"
        "    select found.n from found join {} person on {} = found.member_id for update of person\n), "
        "receipt as (\n    insert into {} ({})\n    select {}\n"
        "    from found join locked using (n) join call using (n)\n)",
        _found(change, _named(change), *(name("m1", column) for column in asked)),
        table_name(members),
        name("person", key),
        table_name(change.destruction.receipts),
        join(", ", map(name, RECEIPT_COLUMNS)),
        join(", ", written),
    )


def _named(change: CarriedOut) -> Sequence[Sql]:
    """That the request names the categories that are asked for."""
    return [question_sql(each.question, change.entity, "m1") for each in change.preconditions]


def _found(change: CarriedOut, where: Sequence[Sql], *columns: Sql) -> Sql:
    """The request, if it is open and may be carried out of all that is asked for."""
    row = RowAlias(entity=change.entity, alias="m1", owner="m1")
    declared, entity = change.declaration, change.entity
    kind, word = declared.kind
    # By the clock: somebody who began later may have ended it while this waited for its turn.
    open_ = sql(
        "{} = {} and m1.{} <= now() and (m1.{} is null or m1.{} > clock_timestamp())",
        name("m1", _column(entity, kind)),
        constant(word),
        *map(name, (declared.starts, declared.ends, declared.ends)),
    )
    return sql(
        "    select call.n, {} as id, {} as member_id, {} as categories{}\n    from call join {} on {}",
        name("m1", entity.storage.key),
        name("m1", entity.storage.subjects[0]),
        _wanted(change),
        join("", (sql(", {}", column) for column in columns)) if columns else EMPTY,
        from_sql(change.rows, row),
        all_of([where_sql(change.rows, row, _CALL), open_, *_permitted(change), *where]),
    )


def _permitted(change: CarriedOut) -> Sequence[Sql]:
    known = sql("array[{}]", join(", ", (constant(category) for category, _ in change.permitted)))
    return [
        sql("{} <@ {}", _wanted(change), known),
        *(
            sql("({} <> all ({}) or {})", constant(category), _wanted(change), when)
            for category, predicate in change.permitted
            for when in [predicate_sql(predicate, change.entity, "m1")]
        ),
    ]


def _categories(change: CarriedOut) -> Sql:
    """The categories that the request names."""
    return name("m1", _column(change.entity, change.declaration.categories))


def _wanted(change: CarriedOut) -> Sql:
    """Those of them that it is carried out of, in their order."""
    if change.wanted is None:
        return _categories(change)
    wanted = words_sql(change.wanted)
    return sql("array(select one from unnest({}) one where one = any ({}))", _categories(change), wanted)


def _column(entity: Entity, field: str) -> str:
    return next(column.column for column in entity.columns.values() if column.python_name == field)


# One rule.


def rule_sql(change: CarriedOut, rule: DestroyedRows) -> Sql:
    """Destroys the rows of a rule that nothing holds, and says on the receipt how many, and what holds the others."""
    return sql(
        "found as materialized (\n{}\n), work as materialized (\n{}\n), done as (\n{}\n), kept as materialized (\n{}\n), "
        "told as (\n{}\n)",
        _found(change, _named(change)),
        _work(change, rule.category),
        _done(rule),
        _kept(rule)
        if rule.held
        else sql("    select null as reason, null::timestamptz as until from work where false"),
        _told(change, rule),
    )


def _work(change: CarriedOut, category: Category) -> Sql:
    return sql(
        "    select found.member_id, (select max(id) from {} receipt where receipt.request_id = found.id) as receipt_id\n"
        "    from found where {} = any (found.categories)",
        table_name(change.destruction.receipts),
        constant(category),
    )


def _rows(rule: DestroyedRows) -> tuple[Sql, Sql]:
    """The tables beside the rule's own, and which of its rows are the member's."""
    t, o = _RULES_ROW, _OWNING_ROW
    where = meets_sql(rule.where, t, "")
    if rule.through is None:
        return EMPTY, all_of([sql("{} = work.member_id", name(t, rule.member)), where])
    near, far = name(t, rule.through.join.near), name(o, rule.through.join.far)
    owned = sql("{} = {} and {} = work.member_id", near, far, name(o, rule.member))
    return sql(", {} {}", table_name(rule.through.table), name(o)), all_of([owned, where])


def _done(rule: DestroyedRows) -> Sql:
    others, where = _rows(rule)
    held = [_hold(rule, each).holds for each in rule.held]
    free = all_of([where, *([sql("({}) is not true", any_of(held))] if held else [])])
    table = sql("{} {}", table_name(rule.table), name(_RULES_ROW))
    if rule.removes:
        return sql("    delete from {} using work{} where {} returning 1", table, others, free)
    written = [sql("{} = null", name(column)) for column in rule.emptied]
    marked = [sql("{} = now()", name(column)) for column in rule.marked]
    return sql(
        "    update {} set {} from work{} where {} returning 1", table, join(", ", [*written, *marked]), others, free
    )


def _kept(rule: DestroyedRows) -> Sql:
    """The first of what holds each row, and until when."""
    others, where = _rows(rule)
    holds = [(each, _hold(rule, each)) for each in rule.held]
    held = any_of([hold.holds for _, hold in holds])
    reasons = (sql("when {} then {}", hold.holds, constant(_name(each))) for each, hold in holds)
    ends = (sql("when {} then {}", hold.holds, hold.until) for _, hold in holds)
    return sql(
        "    select case {} end as reason, case {} end as until\n    from work, {} {}{}\n    where {}",
        join(" ", reasons),
        join(" ", ends),
        table_name(rule.table),
        name(_RULES_ROW),
        others,
        all_of([where, held]),
    )


def _name(holding: Holding) -> str:
    return holding.hold.name if isinstance(holding, HeldBy) else holding.name


@dataclass(frozen=True, slots=True)
class _Hold:
    """Whether a row is held (true or not true), and until when."""

    holds: Sql
    until: Sql


def _hold(rule: DestroyedRows, holding: Holding) -> _Hold:
    match holding:
        case KeptFor(years=years, since=since):
            until = sql("({} + {}::interval)", name(_RULES_ROW, since), constant(f"{years} years"))
            return _Hold(sql("({} > now()) is not false", until), until)
        case HeldBy():
            is_owners = rule.through is not None and holding.near == rule.member
            return _held_by(rule.category, holding, _OWNING_ROW if is_owners else _RULES_ROW)
        case _:
            assert_never(holding)


def _held_by(category: Category, held: HeldBy, row: str) -> _Hold:
    hold, near = held.hold, name(row, held.near)
    source, theirs = sql("{} state", table_name(hold.table)), [name("state", column) for column in held.far]
    if hold.listed:
        listed = hold.listed
        joined = sql("{} = {}", name("named", listed.names), name("state", listed.key))
        source = sql("{} join {} named on {}", source, table_name(listed.table), joined)
        theirs = [name("named", listed.member)]
    names = names_category(hold)
    named = [sql("({} = any ({})) is not false", constant(category), name("state", names.column))] if names else []
    others = [each for each in hold.where if not isinstance(each, NamesCategory)]
    where = all_of([any_of([sql("{} = {}", each, near) for each in theirs]), *named, may_meet_sql(others, "state")])
    ends = name("state", hold.ends) if hold.ends else None
    latest = sql("case when bool_and({} is not null) then max({}) end", ends, ends) if ends else NULL
    return _Hold(
        sql("(select true from {} where {} limit 1)", source, where),
        sql("(select {} from {} where {})", latest, source, where) if ends else sql("null::timestamptz"),
    )


def _told(change: CarriedOut, rule: DestroyedRows) -> Sql:
    category, kind = constant(rule.category), constant(rule.type)
    return sql(
        "    insert into {} (receipt_id, category, type, destroyed, held, reason, held_until, free_from)\n"
        "    select work.receipt_id, {}, {}, (select count(*) from done), 0, null, null, null from work\n"
        "    where exists (select from done)\n    union all\n"
        "    select work.receipt_id, {}, {}, 0, count(*), kept.reason,\n"
        "        case when bool_and(kept.until is not null) then max(kept.until) end, min(kept.until)\n"
        "    from work, kept group by work.receipt_id, kept.reason",
        table_name(change.destruction.lines),
        *(category, kind, category, kind),
    )


# What became of it.


def ended_sql(change: CarriedOut, classes: Sequence[Sql]) -> Sql:
    """Ends the request, if it was carried out of all that it names and nothing of that is held."""
    fault = [sql("{} as fault", fault_sql(change.preconditions, change.entity, "m1"))] if change.preconditions else []
    faultless = sql(" where found.fault is null") if change.preconditions else EMPTY
    is_it = sql("{} = found.id", name("m1", change.entity.storage.key))
    return sql(
        "found as materialized (\n{}\n), ended as (\n    update {} m1 set {}\n    from found where {}\n"
        "), changed as (\n    select found.n, {} as subjects, null::text as version from found{}\n)",
        _found(change, [], sql("{} as asked", _categories(change)), *fault),
        table_name(change.entity.storage.table),
        join(", ", _set(change)),
        all_of([is_it, *([sql("found.fault is null")] if fault else [])]),
        _subject(change, classes),
        faultless,
    )


def _set(change: CarriedOut) -> Sequence[Sql]:
    """The end of the request, if it is done; and when something can be destroyed that is held."""
    declared = change.declaration
    ends, starts = name(declared.ends), name(declared.starts)
    ended = sql("{} = case when {} then greatest(now(), m1.{}) else m1.{} end", ends, _is_done(change), starts, ends)
    return [ended, *([sql("{} = {}", name(declared.held_until), _free_from(change))] if declared.held_until else [])]


def _free_from(change: CarriedOut) -> Sql:
    return sql(
        "(select min(line.free_from) from unnest(found.asked) one, {} line where line.category = one and line.held > 0"
        " and line.receipt_id = (select max(id) from {} receipt"
        " where receipt.request_id = found.id and one = any (receipt.categories)))",
        table_name(change.destruction.lines),
        table_name(change.destruction.receipts),
    )


def _is_done(change: CarriedOut) -> Sql:
    """Whether each category that the request names has a receipt, and the last of them says of nothing that it is held."""
    return sql(
        "not exists (\n        select from unnest(found.asked) one left join lateral (\n"
        "            select max(id) as id from {} receipt\n"
        "            where receipt.request_id = found.id and one = any (receipt.categories)\n        ) last on true\n"
        "        where last.id is null or exists (\n            select from {} line\n"
        "            where line.receipt_id = last.id and line.category = one and line.held > 0\n        )\n    )",
        table_name(change.destruction.receipts),
        table_name(change.destruction.lines),
    )


def _subject(change: CarriedOut, classes: Sequence[Sql]) -> Sql:
    """The member, with the classes of the categories that it was carried out of."""
    numbered = [
        sql("case when {} = any (found.categories) then {} else '' end", constant(category), number)
        for (category, _), number in zip(change.permitted, classes, strict=True)
    ]
    member = subject_sql(sql("found.member_id"), change.entity.subject_type)
    return sql("{} || ':' || {}", member, join(" || ", numbered))
