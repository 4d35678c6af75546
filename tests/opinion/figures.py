"""Figures about many, said of plain rows: what is counted, what is too little to be shown, and how it is rounded."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.opinion.market import Market, Row

ENOUGH = 10
"""Members that must be behind whatever is shown, on every side (clause U7)."""

Facts = Callable[[Market, str | None, Mapping[str, Any]], Iterable["Fact"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An order, a visit or a buyer: whose it is, what it is grouped by, and what of it is added up."""

    members: tuple[int, ...]
    """Of an order its buyer and its seller, of all else one."""
    key: str | None
    measure: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A group, or groups together, or all, rounded."""

    key: str | None
    members: int
    count: Decimal
    sum: Decimal | None

    def as_json(self) -> Mapping[str, Any]:
        average = None if self.sum is None or self.count == 0 else self.sum / self.count
        return {
            "key": self.key,
            "members": self.members,
            "count": int(self.count),
            "sum": _text(self.sum),
            "average": _text(None if average is None else rounded(average, two_digits(average))),
        }


# What is counted: what lies in months that are over.


def orders(market: Market, dimension: str | None, arguments: Mapping[str, Any]) -> Iterable[Fact]:
    for order in market.rows("trade_order"):
        if order["currency"] == arguments["currency"] and _is_over(market, order["placed_at"]):
            traders = (order["buyer_id"], order["seller_id"])
            yield Fact(members=traders, key=_of_order(market, order, dimension), measure=order["total"])


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
            yield Fact(members=(visit["member_id"],), key=_of_visit(market, visit, dimension), measure=measure)


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
            yield Fact(members=(member["id"],), key=key, measure=behaviour["orders_per_year"])


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


def statistics(all_facts: Iterable[Fact]) -> Mapping[str, Any]:
    """The groups of enough members; what is left over, if that is enough together; and all of it.

    If what is left over were too little, taking the groups from a whole known otherwise would tell it: the smallest
    group is then left over too.
    """
    facts = list(all_facts)
    groups: dict[str | None, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(fact.key, []).append(fact)
    large = sorted(
        (key for key in groups if is_enough(groups[key])), key=lambda key: (fewest(groups[key]), _sorted(key))
    )
    left = [key for key in groups if key not in large]
    if left and large and not is_enough(_together(groups, left)):
        left.append(large.pop(0))
    over = _together(groups, left)
    shown = [_part(key, groups[key]) for key in sorted(large, key=_sorted)]
    suppressed = [_part(None, over)] if is_enough(over) else []
    return {
        "groups": [part.as_json() for part in shown],
        "suppressed": suppressed[0].as_json() if suppressed else None,
        "total": _total(facts, [*shown, *suppressed]),
    }


def _together(groups: Mapping[str | None, Sequence[Fact]], keys: Iterable[str | None]) -> Sequence[Fact]:
    return [fact for key in keys for fact in groups[key]]


def _sorted(key: str | None) -> str:
    """What has no key stands where a dash would."""
    return "-" if key is None else key


def fewest(facts: Sequence[Fact]) -> int:
    """How many members there are on the side where there are fewest."""
    return min((len(set(side)) for side in zip(*(fact.members for fact in facts), strict=True)), default=0)


def is_enough(facts: Sequence[Fact]) -> bool:
    return fewest(facts) >= ENOUGH


def _part(key: str | None, facts: Sequence[Fact]) -> Part:
    """What is shown of some: so coarsely that no member's part in it can be seen."""
    measures = [fact.measure for fact in facts if fact.measure is not None]
    total = sum(measures, Decimal(0))
    return Part(
        key=key,
        members=tens(facts),
        count=rounded(Decimal(len(facts)), step(largest_share(facts, _one_each)), Decimal(10)),
        sum=rounded(total, step(largest_share(facts, _measured)), two_digits(total)) if measures else None,
    )


def _total(facts: Sequence[Fact], parts: Sequence[Part]) -> Mapping[str, Any] | None:
    """The sum of what is shown, which reveals nothing more; but members may be in several parts."""
    if not parts:
        return None
    sums = [part.sum for part in parts if part.sum is not None]
    count = sum((part.count for part in parts), Decimal(0))
    return Part(key=None, members=tens(facts), count=count, sum=sum(sums, Decimal(0)) if sums else None).as_json()


def largest_share(facts: Sequence[Fact], of: Callable[[Fact], Decimal]) -> Decimal:
    """The largest part that one member has in it, on whichever side."""
    shares: Counter[tuple[int, int]] = Counter()
    for fact in facts:
        for side, member in enumerate(fact.members):
            shares[side, member] += of(fact)  # pyright: ignore[reportArgumentType] - counters count decimals as well
    return max(map(abs, shares.values()), default=Decimal(0))  # pyright: ignore[reportReturnType] - see above


def _one_each(_fact: Fact) -> Decimal:
    return Decimal(1)


def _measured(fact: Fact) -> Decimal:
    return fact.measure or Decimal(0)


# Rounding.


def tens(facts: Sequence[Fact]) -> int:
    """How many members there are on the first side, to tens, a five upwards."""
    return (len({fact.members[0] for fact in facts}) + 5) // 10 * 10


def step(value: Decimal) -> Decimal:
    """The next of 1, 2, 5, 10, 20, 50 and so on that is no smaller; none below what is nothing."""
    if value == 0:
        return Decimal(0)
    ten = Decimal(1).scaleb(value.adjusted())
    return next(ten * times for times in (1, 2, 5, 10) if value <= ten * times)


def two_digits(value: Decimal) -> Decimal:
    """The step that leaves two digits of a value."""
    return Decimal(0) if value == 0 else Decimal(1).scaleb(value.adjusted() - 1)


def rounded(value: Decimal, *steps: Decimal) -> Decimal:
    """To the largest of the steps, half away from zero; what is something is never shown as nothing."""
    if value == 0:
        return Decimal(0)
    largest = max(steps)
    times = max((abs(value) / largest).quantize(Decimal(1), rounding=ROUND_HALF_UP), Decimal(1))
    return (times * largest).copy_sign(value)


def _text(value: Decimal | None) -> str | None:
    """Without zeros at its end."""
    if value is None:
        return None
    return "0" if value == 0 else format(value.normalize(), "f")
