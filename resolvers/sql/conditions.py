"""The conditions as SQL: what each asks of the requester, of a row, or of a data subject.

Every state holds from its start until its end, by the database's clock, in the same snapshot as the read. Conditions
of the requester are asked once a call, in `call`; the others where the row is. Most are told by rows of a table, and
that serves twice: to ask whether a row's condition holds, and to find the few rows for which it does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resolvers.planning.plan import Predicate, SubjectCondition
from resolvers.sql.pieces import FALSE, NULL, TRUE, Sql, all_of, any_of, constant, name, sql
from schema.catalog import Entity
from schema.conditions import Condition, Level
from schema.requester import Purpose

_HELD = ("organisation_id", "member_id", "starts_at", "ends_at")

READ_COLUMNS: dict[str, tuple[str, ...]] = {
    "contract": ("organisation_id", "purposes", "starts_at", "ends_at"),
    "business_transfer": ("organisation_id", "starts_at", "ends_at"),
    "support_case": _HELD,
    "campaign_response": _HELD,
    "affiliate_account": _HELD,
    "partner_arrival": _HELD,
    "credit_assessment": _HELD,
    "data_subject_request": ("member_id", "starts_at", "ends_at"),
    "consent": ("member_id", "kind", "organisation_id", "given", "starts_at", "ends_at"),
    "legal_instrument": (
        "id",
        "kind",
        "reference",
        "organisation_id",
        "categories",
        "approved",
        "starts_at",
        "ends_at",
    ),
    "legal_instrument_subject": ("instrument_id", "member_id"),
    "trade_order": ("buyer_id", "seller_id", "status"),
    "payment": ("id", "order_id", "buyer_id", "organisation_id", "status"),
    "member": ("id", "country"),
    "organisation": ("id", "country"),
}
"""What conditions and the record read beside the answer itself: the columns of each table."""

IN_FORCE = sql("state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())")
WITH_REQUESTER = sql("state.organisation_id = call.organisation")


@dataclass(frozen=True, slots=True)
class StateRows:
    """Rows that tell for which values a condition holds: those in a column of the rows that meet the restriction."""

    source: Sql
    column: Sql
    restriction: Sql

    def holds(self, match: Sql) -> Sql:
        """True or null. Not `exists`, which PostgreSQL may turn into a reading of the whole table."""
        return sql("(select true from {} where {} and {} limit 1)", self.source, match, self.restriction)


def requester_condition_sql(condition: Condition, purpose: Purpose) -> Sql:
    """A condition of the requester, asked once a call: a column of `call`, named as `standing_name` says."""
    if condition is Condition.CONTRACT:
        names_purpose = sql("{} = any (state.purposes)", constant(purpose.value))
        return StateRows(sql("contract state"), NULL, all_of([names_purpose, IN_FORCE])).holds(WITH_REQUESTER)
    assert condition is Condition.TRANSFER, condition  # noqa: S101 - the only other condition of the requester
    return StateRows(sql("business_transfer state"), NULL, IN_FORCE).holds(WITH_REQUESTER)


def requester_condition_name(condition: Condition) -> Sql:
    return name(f"{condition.name.lower()}_stands")


def predicate_sql(predicate: Predicate, entity: Entity, alias: str) -> Sql:
    """Whether a predicate holds for the row `alias` stands for, or that it belongs to."""
    if not predicate:
        return FALSE
    return any_of(all_of(condition_sql(held, entity, alias) for held in one) for one in sorted_sets(predicate))


def sorted_sets(predicate: Predicate) -> Sequence[Sequence[SubjectCondition]]:
    """A predicate's sets, always in the same order, the cheapest conditions of each first."""
    return sorted((sorted(one, key=_rank) for one in predicate), key=lambda one: [_rank(held) for held in one])


def _rank(held: SubjectCondition) -> tuple[str, str, str, str]:
    return (held.condition.level.value, held.condition, held.subject or "", held.category or "")


def condition_sql(held: SubjectCondition, entity: Entity, alias: str) -> Sql:
    """One condition, of the requester, a row or its data subject."""
    match held.condition:
        case Condition.PARTY:
            return _any_is_requester(entity.owner.parties, alias)
        case Condition.CORRESPONDENT:
            return _any_is_requester(entity.owner.correspondents, alias)
        case Condition.PUBLISHED:
            return sql("{} <= now()", name(alias, entity.owner.published or ""))
        case Condition.PAYMENT_ROUTE:
            here, _ = entity.owner.payment or ("", "")
            return _of_value(held, entity, _Value(name(alias, here)))
        case _:
            value = name(alias, held.subject) if held.subject else TRUE
            return _of_value(held, entity, _Value(value, array=entity.owner.subjects_array))


@dataclass(frozen=True, slots=True)
class _Value:
    """What a condition is asked of: a member, the members in an array, or a payment."""

    text: Sql
    array: bool = False

    def is_(self, other: Sql) -> Sql:
        return sql("{} @> array[{}]" if self.array else "{} = {}", self.text, other)


def _of_value(held: SubjectCondition, entity: Entity, value: _Value) -> Sql:
    """A condition that needs no more of a row than one value."""
    match held.condition:
        case Condition.CONTRACT | Condition.TRANSFER:
            return sql("call.{}", requester_condition_name(held.condition))
        case Condition.SELF:
            return value.is_(sql("call.member"))
        case _:
            state = state_of(held, entity)
            told = state.holds(value.is_(state.column))
            return sql("{} is null", told) if held.condition is Condition.NOT_OPTED_OUT else told


def _any_is_requester(columns: Sequence[str], alias: str) -> Sql:
    return any_of(sql("{} = call.member", name(alias, column)) for column in columns)


def _with_requester(table: str) -> StateRows:
    return StateRows(sql("{} state", name(table)), sql("state.member_id"), all_of([WITH_REQUESTER, IN_FORCE]))


def _refusal(kind: str) -> StateRows:
    refused = sql("state.kind = {} and not state.given", constant(kind))
    return StateRows(sql("consent state"), sql("state.member_id"), all_of([refused, IN_FORCE]))


def _consent(kind: str, *, to: Sql = TRUE, refused_to: Sql = TRUE) -> StateRows:
    """What is given, unless it is refused too: while a refusal is in force, no older consent outweighs it."""
    given = sql("state.kind = {} and state.given", constant(kind))
    refused = sql(
        "(select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = {}"
        " and not refusal.given and refusal.starts_at <= now()"
        " and (refusal.ends_at is null or refusal.ends_at > now()){} limit 1) is null",
        constant(kind),
        sql(" and {}", refused_to) if refused_to != TRUE else Sql(""),
    )
    return StateRows(sql("consent state"), sql("state.member_id"), all_of([given, to, IN_FORCE, refused]))


def _trading() -> StateRows:
    partners = sql(
        "(select seller_id as member_id, buyer_id as partner_id from trade_order where status <> 'CANCELLED'"
        " union all select buyer_id, seller_id from trade_order where status <> 'CANCELLED') state"
    )
    return StateRows(partners, sql("state.member_id"), sql("state.partner_id = call.member"))


_STATES: Mapping[Condition, StateRows] = {
    Condition.TRADES_WITH_REQUESTER: _trading(),
    Condition.CASE: _with_requester("support_case"),
    Condition.CAMPAIGN_RESPONSE: _with_requester("campaign_response"),
    Condition.AFFILIATE_ACCOUNT: _with_requester("affiliate_account"),
    Condition.ARRIVAL: _with_requester("partner_arrival"),
    Condition.ASSESSMENT_WITH_REQUESTER: _with_requester("credit_assessment"),
    Condition.ASSESSMENT: StateRows(sql("credit_assessment state"), sql("state.member_id"), IN_FORCE),
    Condition.DATA_SUBJECT_REQUEST: StateRows(sql("data_subject_request state"), sql("state.member_id"), IN_FORCE),
    Condition.NOT_OPTED_OUT: _refusal("CONTACT_BY_MARKETPLACE"),
    Condition.COOKIES: _consent("COOKIES"),
    Condition.CONTACT_BY_MEMBERS: _consent("CONTACT_BY_MEMBERS"),
    Condition.SHARING_PERMITTED: _consent(
        "STATISTICAL_SHARING",
        to=WITH_REQUESTER,
        # A refusal that names nobody refuses everybody.
        refused_to=sql("coalesce(refusal.organisation_id, call.organisation) = call.organisation"),
    ),
}


def state_of(held: SubjectCondition, entity: Entity) -> StateRows:
    """The rows that tell of a condition. What is told by the row alone, or asked once a call, has none: `KeyError`."""
    if held.condition.names_categories:
        return _instrument(held)
    if held.condition is Condition.PAYMENT_ROUTE:
        return _payment_route(entity)
    return _STATES[held.condition]


def _payment_route(entity: Entity) -> StateRows:
    _, there = entity.owner.payment or ("", "")
    unsettled = sql("state.status in ('PENDING', 'AUTHORISED')")
    return StateRows(sql("payment state"), sql("state.{}", name(there)), all_of([WITH_REQUESTER, unsettled]))


def _instrument(held: SubjectCondition) -> StateRows:
    source = sql("legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id")
    restriction = all_of(
        [
            sql("state.kind = {}", constant(held.condition.name)),
            sql("state.reference = call.reference"),
            WITH_REQUESTER,
            sql("{} = any (state.categories)", constant(held.category or "")),
            sql("state.approved"),
            IN_FORCE,
        ]
    )
    return StateRows(source, sql("named.member_id"), restriction)


SELECTIVE = frozenset(
    {
        Condition.TRADES_WITH_REQUESTER,
        Condition.PAYMENT_ROUTE,
        Condition.CASE,
        Condition.CAMPAIGN_RESPONSE,
        Condition.AFFILIATE_ACCOUNT,
        Condition.ARRIVAL,
        Condition.ASSESSMENT,
        Condition.ASSESSMENT_WITH_REQUESTER,
        Condition.SHARING_PERMITTED,
        Condition.DATA_SUBJECT_REQUEST,
        Condition.COURT_ORDER,
        Condition.AUTHORITY_REQUEST,
        Condition.BREACH_FINDING,
    }
)
"""Conditions that hold for few: rows are better found by them than tried one by one."""


def found_sql(predicate: Predicate, entity: Entity, alias: str) -> Sql:
    """Whether a predicate holds, where all rows of a table are to be had: the few are found, not tried one by one."""
    sets = sorted_sets(predicate)
    finders = [next((held for held in one if held.condition in SELECTIVE), None) for one in sets]
    if not sets or entity.owner.subjects_array or None in finders:
        return predicate_sql(predicate, entity, alias)
    return any_of(_found(held, one, entity, alias) for held, one in zip(finders, sets, strict=True) if held)


def _found(finder: SubjectCondition, held: Sequence[SubjectCondition], entity: Entity, alias: str) -> Sql:
    """The values are gathered once a call, with all that is asked of them, so that an index finds their rows."""
    state = state_of(finder, entity)
    here = finder.subject or (entity.owner.payment or ("",))[0]
    alike = [
        each for each in held if each is not finder and each.subject in (finder.subject, None) and _needs_no_row(each)
    ]
    found = sql("select {} as value from {} where {}", state.column, state.source, state.restriction)
    if alike:
        asked = all_of(_of_value(each, entity, _Value(sql("found.value"))) for each in alike)
        found = sql("select value from ({}) found where {}", found, asked)
    others = (condition_sql(each, entity, alias) for each in held if each is not finder and each not in alike)
    return all_of([sql("{} = any (array({}))", name(alias, here), found), *others])


def _needs_no_row(held: SubjectCondition) -> bool:
    return held.condition.level is not Level.ROW
