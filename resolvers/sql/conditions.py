"""Conditions as SQL: what each reads of the requester, of a row, or of a data subject, made from its declaration.

Every row of a condition's table counts from its start until its end, by the database's clock, in the snapshot of the
read. In doubt a condition does not hold: a null opens nothing, and closes what a row of its table closes. Conditions of the requester are asked once a call, in `call`. The others are asked where the row is. Most have
rows in a table, which serve twice: to ask whether a row's condition holds, and to find the few rows for which it does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from resolvers.planning.plan import Predicate, SubjectCondition
from resolvers.sql.pieces import FALSE, TRUE, Sql, all_of, any_of, constant, join, name, sql, table_name
from resolvers.sql.sources import source_sql
from schema.catalog import Entity
from schema.conditions import (
    Condition,
    InForce,
    IsFalse,
    IsReference,
    IsRequester,
    IsRequesterOrNobody,
    IsSet,
    IsToCome,
    IsTrue,
    IsUnset,
    IsWord,
    NamesCategory,
    NamesPurpose,
    RequesterHas,
    RequesterRestriction,
    Restriction,
    RowHas,
    RowHasBegun,
    RowHasNone,
    RowHasNotEnded,
    RowNamesRequester,
    SubjectHadBefore,
    SubjectHas,
    SubjectHasNone,
    SubjectIsListed,
    SubjectIsPartner,
    SubjectIsRequester,
    SubjectRestriction,
)
from schema.fields import Join
from schema.requester import Purpose


@dataclass(frozen=True, slots=True)
class StateRows:
    """Rows that say for which values a condition holds: those in `column` of the rows that meet the restriction."""

    source: Sql
    column: Sql
    restriction: Sql

    def holds(self, match: Sql) -> Sql:
        """True or null. Not `exists`, which PostgreSQL may turn into a reading of the whole table."""
        return sql("(select true from {} where {} limit 1)", self.source, all_of([match, self.restriction]))


def requester_condition_sql(condition: Condition, purpose: Purpose) -> Sql:
    """A condition of the requester, asked once a call: a column of `call`, see `requester_condition_name`."""
    declared = condition.holds_if
    if not isinstance(declared, RequesterHas):
        raise TypeError(f"`{condition.name}` is no condition of the requester")
    restriction = meets_sql(declared.where, "state", purpose.value)
    return sql("(select true from {} where {} limit 1)", _rows(condition, declared.table, "state"), restriction)


def _rows(condition: Condition, table: str, alias: str, *columns: str) -> Sql:
    """The rows of a table that a condition reads, with these columns beside those that it names itself."""
    return source_sql(table, condition.mapped.get(table, {}), {*condition.reads[table], *columns}, alias)


def instrument_sql(instruments: Iterable[SubjectIsListed]) -> Sql:
    """Whether the requester cites one of these legal instruments, whomever and whatever category it names."""
    return any_of(
        sql(
            "exists (select from {} state where {})",
            name(each.table),
            meets_sql([one for one in each.where if not isinstance(one, NamesCategory)], "state", ""),
        )
        for each in instruments
    )


def requester_condition_name(condition: Condition) -> Sql:
    return name(f"{condition.name.lower()}_stands")


def filled_sql(table: str) -> Sql:
    """Whether a table has any row, asked once a call: a column of `call`, see `filled_name`."""
    return sql("(select true from {} limit 1)", table_name(table))


def filled_name(table: str) -> Sql:
    return name(f"{table}_filled")


def predicate_sql(predicate: Predicate, entity: Entity, alias: str) -> Sql:
    """Whether a predicate holds for the row `alias` stands for, or that it belongs to."""
    if not predicate:
        return FALSE
    return any_of(all_of(condition_sql(held, entity, alias) for held in one) for one in sorted_sets(predicate))


def sorted_sets(predicate: Predicate) -> Sequence[Sequence[SubjectCondition]]:
    """A predicate's sets, always in the same order, the cheapest conditions of each first."""
    return sorted((sorted(one, key=_rank) for one in predicate), key=lambda one: [_rank(held) for held in one])


def _rank(held: SubjectCondition) -> tuple[str, str, str, str]:
    return (held.condition.level.value, held.condition.phrase, held.subject or "", held.category or "")


def condition_sql(held: SubjectCondition, entity: Entity, alias: str) -> Sql:
    """One condition, of the requester, a row or its data subject."""
    match held.condition.holds_if:
        case RowNamesRequester():
            columns = _row_columns(held.condition, entity)
            return any_of(sql("{} = call.member", name(alias, column)) for column in columns)
        case RowHasBegun():
            (column,) = _row_columns(held.condition, entity)
            return sql("{} <= now()", name(alias, column))
        case RowHasNotEnded():
            (column,) = _row_columns(held.condition, entity)
            return sql("{} is null", name(alias, column))
        case RowHas() | RowHasNone():
            return _of_value(held, entity, name(alias, _row_join(held.condition, entity).near))
        case SubjectHadBefore() as declared:
            member, time = _row_columns(held.condition, entity)
            state = state_rows(held, entity)
            began = sql("{} <= {}", name("state", declared.starts), name(alias, time))
            return state.holds(all_of([sql("{} = {}", name(alias, member), state.column), began]))
        case _:
            return _of_value(held, entity, name(alias, held.subject) if held.subject else TRUE)


def _row_columns(condition: Condition, entity: Entity) -> tuple[str, ...]:
    read = entity.owner.condition_columns[condition.name]
    return (read.near,) if isinstance(read, Join) else read


def _row_join(condition: Condition, entity: Entity) -> Join:
    read = entity.owner.condition_columns[condition.name]
    if not isinstance(read, Join):
        raise TypeError(f"`{entity.name}` joins no rows for `{condition.name}`")
    return read


def _of_value(held: SubjectCondition, entity: Entity, value: Sql) -> Sql:
    """A condition that needs no more of a row than one value."""
    match held.condition.holds_if:
        case RequesterHas():
            return sql("call.{}", requester_condition_name(held.condition))
        case SubjectIsRequester():
            return sql("{} @> array[{}]" if entity.owner.subjects_array else "{} = {}", value, sql("call.member"))
        case SubjectHasNone() | RowHasNone():
            state = state_rows(held, entity)
            none = sql("{} is null", state.holds(sql("{} = {}", value, state.column)))
            if isinstance(held.condition.holds_if, SubjectHasNone):
                # Whoever is destroyed is nobody, of whom nothing is known.
                none = all_of([sql("{} is not null", value), none])
            table = held.condition.must_be_filled
            return sql("call.{} and {}", filled_name(table), none) if table else none
        case SubjectHas() | SubjectIsListed() | SubjectIsPartner() | RowHas():
            state = state_rows(held, entity)
            return state.holds(sql("{} = {}", value, state.column))
        case RowNamesRequester() | RowHasBegun() | RowHasNotEnded() | SubjectHadBefore():
            raise TypeError(f"`{held.condition.name}` needs more of a row than one value")


def state_rows(held: SubjectCondition, entity: Entity) -> StateRows:
    """The rows that a condition reads in another table. Raises `TypeError` where the row or the call is enough."""
    condition, category = held.condition, held.category or ""
    match declared := condition.holds_if:
        case SubjectHas():
            restriction = meets_sql(declared.where, "state", category)
            if declared.unless:
                restriction = all_of([restriction, _unless(condition, declared)])
            return StateRows(_rows(condition, declared.table, "state"), name("state", declared.subject), restriction)
        case SubjectHadBefore():
            restriction = meets_sql(declared.where, "state", category)
            return StateRows(_rows(condition, declared.table, "state"), name("state", declared.subject), restriction)
        case SubjectHasNone():
            restriction = may_meet_sql(declared.where, "state")
            return StateRows(_rows(condition, declared.table, "state"), name("state", declared.subject), restriction)
        case SubjectIsListed():
            return _listed(condition, declared, category)
        case SubjectIsPartner():
            return _partners(condition, declared)
        case RowHas() | RowHasNone():
            far = _row_join(condition, entity).far
            opens = isinstance(declared, RowHas)
            restriction = meets_sql(declared.where, "state", "") if opens else may_meet_sql(declared.where, "state")
            return StateRows(_rows(condition, declared.table, "state", far), name("state", far), restriction)
        case RequesterHas() | RowNamesRequester() | RowHasBegun() | RowHasNotEnded() | SubjectIsRequester():
            raise TypeError(f"`{condition.name}` reads no rows of another table")


def _unless(condition: Condition, declared: SubjectHas) -> Sql:
    return sql(
        "(select true from {} where {} = {} and {} limit 1) is null",
        _rows(condition, declared.table, "refusal"),
        name("refusal", declared.subject),
        name("state", declared.subject),
        may_meet_sql(declared.unless, "refusal"),
    )


def _listed(condition: Condition, declared: SubjectIsListed, category: str) -> StateRows:
    source = sql(
        "{} join {} on {} = {}",
        _rows(condition, declared.table, "state"),
        _rows(condition, declared.list_table, "named"),
        name("named", declared.list_key),
        name("state", declared.key),
    )
    return StateRows(source, name("named", declared.subject), meets_sql(declared.where, "state", category))


def _partners(condition: Condition, declared: SubjectIsPartner) -> StateRows:
    rows = _rows(condition, declared.table, declared.table)
    one, other = (name(column) for column in declared.members)
    where = sql(" where {}", meets_sql(declared.where, "", "")) if declared.where else sql("")
    partners = sql(
        "(select {} as member_id, {} as partner_id from {}{} union all select {}, {} from {}{}) state",
        *(one, other, rows, where, other, one, rows, where),
    )
    return StateRows(partners, sql("state.member_id"), sql("state.partner_id = call.member"))


def meets_sql(where: Iterable[RequesterRestriction | SubjectRestriction], alias: str, named: str) -> Sql:
    """That the row `alias` stands for meets all of these; `named` is the purpose or category that it must name."""
    return all_of(_restriction(each, alias, named) for each in where)


def _restriction(restriction: RequesterRestriction | SubjectRestriction, alias: str, named: str) -> Sql:
    match restriction:
        case NamesPurpose(column):
            return sql("{} = any ({})", constant(named), _column(alias, column))
        case NamesCategory(column):
            return sql("{} = any ({})", constant(named), _column(alias, column))
        case _:
            return _plain_restriction(restriction, alias)


def _plain_restriction(restriction: Restriction, alias: str) -> Sql:
    match restriction:
        case InForce(starts=starts, ends=ends):
            end = _column(alias, ends)
            return sql("{} <= now() and ({} is null or {} > now())", _column(alias, starts), end, end)
        case IsSet() | IsUnset() | IsTrue() | IsFalse():
            return _state_of(restriction, _column(alias, restriction.column))
        case IsWord(column, words):
            return _is_one_of(_column(alias, column), words)
        case IsRequester(column):
            return sql("{} = call.organisation", _column(alias, column))
        case IsRequesterOrNobody(column):
            return sql("coalesce({}, call.organisation) = call.organisation", _column(alias, column))
        case IsReference(column):
            return sql("{} = call.reference", _column(alias, column))
        case IsToCome(column):
            return sql("{} > now()", _column(alias, column))
        case _:
            assert_never(restriction)


def _is_one_of(column: Sql, words: Sequence[str]) -> Sql:
    if len(words) == 1:
        return sql("{} = {}", column, constant(words[0]))
    return sql("{} in ({})", column, join(", ", map(constant, words)))


def may_meet_sql(where: Sequence[Restriction], alias: str) -> Sql:
    """That the row `alias` stands for counts against a condition: it meets all of these, or may.

    A row whose word is none of those known counts whatever else it says, as long as its time has not passed.
    """
    times = [_may_be_in_force(each, alias) for each in where if isinstance(each, InForce)]
    words = [each for each in where if isinstance(each, IsWord)]
    others = [_may_be(each, alias) for each in where if not isinstance(each, InForce | IsWord)]
    known = all_of([*(_plain_restriction(each, alias) for each in words if each.words != each.known), *others])
    in_doubt = [sql("({}) is not true", _is_one_of(_column(alias, each.column), each.known)) for each in words]
    return all_of([any_of([known, *in_doubt]), *times])


def _may_be_in_force(term: InForce, alias: str) -> Sql:
    return sql(
        "({} <= now()) is not false and ({} > now()) is not false",
        _column(alias, term.starts),
        _column(alias, term.ends),
    )


def _may_be(restriction: Restriction, alias: str) -> Sql:
    # What is not set is surely so, and null is no time to come.
    if isinstance(restriction, IsSet | IsUnset | IsToCome):
        return _plain_restriction(restriction, alias)
    return sql("({}) is not false", _plain_restriction(restriction, alias))


def _state_of(restriction: IsSet | IsUnset | IsTrue | IsFalse, column: Sql) -> Sql:
    match restriction:
        case IsSet():
            return sql("{} is not null", column)
        case IsUnset():
            return sql("{} is null", column)
        case IsTrue():
            return column
        case IsFalse():
            return sql("not {}", column)


def _column(alias: str, column: str) -> Sql:
    return name(alias, column) if alias else name(column)


def found_sql(predicate: Predicate, entity: Entity, alias: str, gathered: str) -> Sql:
    """Whether a predicate holds, where all rows of a table are to be had: the few are found, not tried one by one.

    `gathered` is the alias of a row with the columns of `gathered_sql`.
    """
    finders = _finders(predicate)
    if not finders:
        return predicate_sql(predicate, entity, alias)
    columns = {
        values.text: name(gathered, found_name(n).text) for n, values in enumerate(gathered_sql(predicate, entity), 1)
    }
    return any_of(
        all_of(
            [
                sql("{} = any ({})", name(alias, _found_by(held, entity)), columns[_values(held, one, entity).text]),
                *(
                    condition_sql(each, entity, alias)
                    for each in one
                    if each is not held and each not in _alike(held, one)
                ),
            ]
        )
        for held, one in finders
    )


def gathered_sql(predicate: Predicate, entity: Entity) -> Sequence[Sql]:
    """The values by which an index finds the rows, as arrays; none where rows are tried one by one.

    They are gathered before any row is looked for. If that waited for the first row, a row that is hidden would take
    as much longer than one that is not there.
    """
    found = [_values(held, one, entity) for held, one in _finders(predicate)]
    return list({values.text: values for values in found}.values())


def found_name(number: int) -> Sql:
    """The column of the array at this place of `gathered_sql`, from 1."""
    return name(f"found{number}")


def _finders(predicate: Predicate) -> Sequence[tuple[SubjectCondition, Sequence[SubjectCondition]]]:
    """Of each set of conditions the one that finds rows, if each set has one."""
    sets = sorted_sets(predicate)
    found = [
        (held, one)
        for one in sets
        for held in [next((each for each in one if each.condition.is_selective), None)]
        if held
    ]
    return found if len(found) == len(sets) else ()


def _alike(finder: SubjectCondition, held: Sequence[SubjectCondition]) -> Sequence[SubjectCondition]:
    """The conditions that can be asked of a value before its rows are found."""
    return [
        each
        for each in held
        if each is not finder and each.subject in (finder.subject, None) and not each.condition.needs_row
    ]


def _found_by(finder: SubjectCondition, entity: Entity) -> str:
    return finder.subject or _row_join(finder.condition, entity).near


def _values(finder: SubjectCondition, held: Sequence[SubjectCondition], entity: Entity) -> Sql:
    state = state_rows(finder, entity)
    found = sql("select {} as value from {} where {}", state.column, state.source, state.restriction)
    if alike := _alike(finder, held):
        asked = all_of(_of_value(each, entity, sql("found.value")) for each in alike)
        found = sql("select value from ({}) found where {}", found, asked)
    return sql("array({})", found)
