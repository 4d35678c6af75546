"""Figures about many, read from the releases: those of the newest, or of the months of all."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.opinion.market import Market, Row

BY_MONTH = "MONTH"
UNITS = {"order_fact": "currency"}
"""The argument that says which figures are meant, where there are several of a kind."""


def statistics(market: Market, facts: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is shown of some facts, by a dimension or all together."""
    dimension = arguments.get("groupBy")
    unit = arguments[UNITS[facts]] if facts in UNITS else ""
    newest = max((release["month"] for release in market.rows("veil.figure_release")), default=None)
    cells = [cell for cell in market.where("veil.figure", "facts", facts) if cell["unit"] == unit]
    latest = [cell for cell in cells if cell["month"] == newest]
    everything = [cell for cell in latest if cell["dimension"] == ""]
    groups = [
        cell for cell in (cells if dimension == BY_MONTH else latest) if cell["dimension"] == (dimension or "").lower()
    ]
    return {
        "groups": [_shown(cell) for cell in _sorted(groups)],
        "suppressed": None,
        "total": _shown(everything[0]) if everything else None,
    }


def _sorted(cells: Sequence[Row]) -> Sequence[Row]:
    """By the key's characters; what has none comes last."""
    return sorted(cells, key=lambda cell: (cell["key"] is None, (cell["key"] or "").encode()))


def _shown(cell: Row) -> Mapping[str, Any]:
    average = (cell["sum"] / cell["count"]).quantize(Decimal("0.01"), ROUND_HALF_UP) if cell["count"] else None
    return {
        "key": cell["key"],
        "members": cell["members"],
        "count": cell["count"],
        "sum": _text(cell["sum"]),
        "average": _text(average),
    }


def _text(value: Decimal | None) -> str | None:
    """Without zeros at its end."""
    if value is None:
        return None
    return "0" if value == 0 else format(value.normalize(), "f")
