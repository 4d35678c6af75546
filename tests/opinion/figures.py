"""Figures about many, said of plain rows: what is counted, what is too little to be shown, and how it is rounded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.opinion.market import Market, Row

ENOUGH = 10
"""Members that must be behind whatever is shown (clause U7)."""

Facts = Callable[[Market, str | None, Mapping[str, Any]], Iterable["Fact"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An order, a visit or a buyer: whose it is, what it is grouped by, and what of it is added up."""

    member: int
    key: str | None
    measure: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A group, or groups together, rounded."""

    key: str | None
    members: int
    count: int
    sum: Decimal | None

    def told(self) -> Mapping[str, Any]:
        average = None if self.sum is None or self.count == 0 else two_digits(self.sum / self.count)
        return {
            "key": self.key,
            "members": self.members,
            "count": self.count,
            "sum": _text(self.sum),
            "average": _text(average),
        }


# What is counted: what lies in months that are over.


def orders(market: Market, dimension: str | None, arguments: Mapping[str, Any]) -> Iterable[Fact]:
    for order in market.rows("trade_order"):
        if order["currency"] == arguments["currency"] and _is_over(market, order["placed_at"]):
            yield Fact(member=order["buyer_id"], key=_of_order(market, order, dimension), measure=order["total"])


def _of_order(market: Market, order: Row, dimension: str | None) -> str | None:
    match dimension:
        case "COUNTRY":
            return order["delivery_country"]
        case "MONTH":
            return _month(order["placed_at"])
        case "CATEGORY":
            first = [item for item in market.where("order_item", "order_id", order["id"]) if item["line"] == 1]
            return _one(market, "product", first[0]["product_id"])["category"] if first else None
        case "STATUS":
            return order["status"]
        case _:
            assert dimension is None, dimension
            return None


def visits(market: Market, dimension: str | None, _arguments: Mapping[str, Any]) -> Iterable[Fact]:
    for visit in market.rows("visit"):
        if _is_over(market, visit["at"]):
            pages = visit["pages_viewed"]
            measure = None if pages is None else Decimal(pages)
            yield Fact(member=visit["member_id"], key=_of_visit(market, visit, dimension), measure=measure)


def _of_visit(market: Market, visit: Row, dimension: str | None) -> str | None:
    match dimension:
        case "COUNTRY":
            return _one(market, "member", visit["member_id"])["country"]
        case "MONTH":
            return _month(visit["at"])
        case "BROWSER":
            return visit["browser"]
        case "OPERATING_SYSTEM":
            return visit["operating_system"]
        case _:
            assert dimension is None, dimension
            return None


def buyers(market: Market, dimension: str | None, _arguments: Mapping[str, Any]) -> Iterable[Fact]:
    for behaviour in market.rows("buyer_behaviour"):
        member = _one(market, "member", behaviour["member_id"])
        if _is_over(market, member["registered_at"]):
            key = _of_buyer(member, behaviour, dimension)
            yield Fact(member=member["id"], key=key, measure=behaviour["orders_per_year"])


def _of_buyer(member: Row, behaviour: Row, dimension: str | None) -> str | None:
    match dimension:
        case "COUNTRY":
            return member["country"]
        case "CATEGORY":
            return behaviour["top_categories"][0] if behaviour["top_categories"] else None
        case _:
            assert dimension is None, dimension
            return None


def _one(market: Market, table: str, identity: int) -> Row:
    (row,) = market.where(table, "id", identity)
    return row


def _month(moment: Any) -> str:
    return moment.strftime("%Y-%m")


def _is_over(market: Market, moment: Any) -> bool:
    """Whether the month of a moment has ended, in UTC."""
    return _month(moment) < _month(market.now)


FACTS: Mapping[str, Facts] = {"order_fact": orders, "visit_fact": visits, "buyer_fact": buyers}
"""By what the root fields name as their table."""


# What is shown.


def statistics(facts: Iterable[Fact]) -> Mapping[str, Any]:
    """The groups of enough members; what is left over, if that is enough together; and the sum of what is shown.

    If what is left over were too little, taking the groups from a whole known otherwise would tell it: the smallest
    group is then left over too.
    """
    groups: dict[str | None, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(fact.key, []).append(fact)
    large = sorted((key for key in groups if _members(groups[key]) >= ENOUGH), key=lambda key: (_members(groups[key]), _sorted(key)))
    left = [key for key in groups if key not in large]
    if left and _members(_together(groups, left)) < ENOUGH and large:
        left.append(large.pop(0))
    shown = [_part(key, groups[key]) for key in sorted(large, key=_sorted)]
    over = _together(groups, left)
    suppressed = _part(None, over) if _members(over) >= ENOUGH else None
    return {
        "groups": [part.told() for part in shown],
        "suppressed": suppressed.told() if suppressed else None,
        "total": _total([*shown, *([suppressed] if suppressed else [])]),
    }


def _together(groups: Mapping[str | None, Sequence[Fact]], keys: Iterable[str | None]) -> Sequence[Fact]:
    return [fact for key in keys for fact in groups[key]]


def _members(facts: Sequence[Fact]) -> int:
    return len({fact.member for fact in facts})


def _sorted(key: str | None) -> str:
    """What has no key stands where a dash would."""
    return "-" if key is None else key


def _part(key: str | None, facts: Sequence[Fact]) -> Part:
    measures = [fact.measure for fact in facts if fact.measure is not None]
    return Part(
        key=key,
        members=tens(_members(facts)),
        count=tens(len(facts)),
        sum=two_digits(sum(measures, Decimal(0))) if measures else None,
    )


def _total(parts: Sequence[Part]) -> Mapping[str, Any] | None:
    if not parts:
        return None
    sums = [part.sum for part in parts if part.sum is not None]
    members, count = sum(part.members for part in parts), sum(part.count for part in parts)
    return Part(key=None, members=members, count=count, sum=sum(sums, Decimal(0)) if sums else None).told()


def tens(number: int) -> int:
    """Rounded to tens, a five upwards."""
    return (number + 5) // 10 * 10


def two_digits(value: Decimal) -> Decimal:
    """Rounded to two digits that count, half away from zero."""
    if value == 0:
        return Decimal(0)
    return value.quantize(Decimal(1).scaleb(value.adjusted() - 1), rounding=ROUND_HALF_UP)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
