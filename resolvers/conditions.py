"""The conditions as SQL: what each asks of the requester, of a row, or of a data subject.

Every state holds from its start until its end, by the database's clock, in the same snapshot as the read. Conditions
of the requester are asked once a call, in `call`; the others where the row is.
"""

from typing import assert_never

from resolvers.plan import Held, Predicate
from resolvers.sql import FALSE, TRUE, Sql, all_of, any_of, constant, join, name, sql
from schema.catalog import Entity
from schema.conditions import Condition
from schema.requester import Purpose

READ: dict[str, tuple[str, ...]] = {
    "contract": ("organisation_id", "purposes", "starts_at", "ends_at"),
    "support_case": ("organisation_id", "member_id", "starts_at", "ends_at"),
    "campaign_response": ("organisation_id", "member_id", "starts_at", "ends_at"),
    "consent": ("member_id", "kind", "organisation_id", "given", "starts_at", "ends_at"),
    "trade_order": ("buyer_id", "seller_id", "status"),
    "payment": ("id", "order_id", "buyer_id", "organisation_id", "status"),
    "member": ("id", "country"),
    "organisation": ("id", "country"),
}
"""What conditions and the record read beside the answer itself: the columns of each table."""

IN_FORCE = sql("state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())")


def standing_sql(condition: Condition, purpose: Purpose) -> Sql:
    """A condition of the requester, asked once a call: a column of `call`, named as `standing_name` says."""
    assert condition is Condition.CONTRACT  # noqa: S101 - the only one so far
    return sql(
        "exists (select from contract state where state.organisation_id = call.organisation"
        " and {} = any (state.purposes) and {})",
        constant(purpose.value),
        IN_FORCE,
    )


def standing_name(condition: Condition) -> Sql:
    return name(condition.name.lower())


def predicate_sql(predicate: Predicate, entity: Entity, alias: str) -> Sql:
    """Whether a predicate holds for the row `alias` stands for, or that it belongs to."""
    sets = sorted(predicate, key=lambda one: sorted((held.condition, held.subject or "") for held in one))
    if not sets:
        return FALSE
    return any_of(
        _all(sorted(one, key=lambda held: (held.condition.scope.value, held.condition)), entity, alias) for one in sets
    )


def _all(held: list[Held], entity: Entity, alias: str) -> Sql:
    return all_of(condition_sql(each, entity, alias) for each in held)


def condition_sql(held: Held, entity: Entity, alias: str) -> Sql:
    """One condition, of a row or its data subject."""
    subject = name(alias, held.subject) if held.subject else TRUE
    match held.condition:
        case Condition.CONTRACT:
            return sql("call.{}", standing_name(held.condition))
        case Condition.SELF:
            return _is_requester(entity, subject)
        case Condition.PARTY:
            return sql("call.member in ({})", join(", ", (name(alias, each) for each in entity.owner.parties)))
        case Condition.TRADES_WITH_REQUESTER:
            return sql(
                "exists (select from trade_order state where state.status <> 'CANCELLED'"
                " and ((state.buyer_id = call.member and state.seller_id = {})"
                " or (state.seller_id = call.member and state.buyer_id = {})))",
                subject,
                subject,
            )
        case Condition.PAYMENT_ROUTE:
            return _payment_route(entity, alias)
        case Condition.CASE:
            return _with_requester("support_case", subject)
        case Condition.CAMPAIGN_RESPONSE:
            return _with_requester("campaign_response", subject)
        case Condition.NOT_OPTED_OUT:
            return sql("not {}", _consent("CONTACT_BY_MARKETPLACE", subject, sql("not state.given")))
        case Condition.SHARING_PERMITTED:
            to_requester = sql("state.given and state.organisation_id = call.organisation")
            return _consent("STATISTICAL_SHARING", subject, to_requester)
        case _:
            assert_never(held.condition)


def _is_requester(entity: Entity, subject: Sql) -> Sql:
    if entity.owner.subjects_array:
        return sql("{} @> array[call.member]", subject)
    return sql("{} = call.member", subject)


def _payment_route(entity: Entity, alias: str) -> Sql:
    assert entity.owner.payment  # noqa: S101 - else the condition cannot hold, and the policy leaves the grant out
    here, there = entity.owner.payment
    return sql(
        "exists (select from payment state where state.{} = {} and state.organisation_id = call.organisation"
        " and state.status in ('PENDING', 'AUTHORISED'))",
        name(there),
        name(alias, here),
    )


def _with_requester(table: str, subject: Sql) -> Sql:
    return sql(
        "exists (select from {} state where state.member_id = {} and state.organisation_id = call.organisation and {})",
        name(table),
        subject,
        IN_FORCE,
    )


def _consent(kind: str, subject: Sql, further: Sql) -> Sql:
    return sql(
        "exists (select from consent state where state.member_id = {} and state.kind = {} and {} and {})",
        subject,
        constant(kind),
        further,
        IN_FORCE,
    )
