"""How figures are released: the budget of a year, and how much of one member counts. Read from a policy file.

A budget is of differential privacy: `epsilon` and `delta` bound what twelve monthly releases together tell of one member.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schema.catalog import Catalog
from schema.labels import Category
from schema.policy.locations import AllowedKeys, Location, quoted_list

FIGURES = AllowedKeys(required=("epsilon", "delta", "months"))
BOUNDS = AllowedKeys(required=("share", "contributions", "largest"))
"""The keys of both kinds of table."""

EPSILONS = (0.01, 50.0)
DELTAS = (1e-9, 1e-3)
SHARES = (0.001, 1.0)
MOST_MONTHS = 120
MOST_CONTRIBUTIONS = 1_000
LARGEST_MEASURE = 10**12

NO_UNIT = ""
"""Stands for the unit of figures that have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureBounds:
    """What the releases of one category use of the budget, and what one member adds to a release at most."""

    share: float
    """Of the budget, between 0 and 1."""
    contributions: int
    """Facts of one member that count, on all sides together."""
    largest: Mapping[str, Decimal]
    """What a measure counts for at most, by unit. A unit that is not listed has no figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRules:
    """The rules of a policy for all its figures."""

    epsilon: float
    delta: float
    """The budget of a year: of twelve releases, of all categories together."""
    months: int
    """Months that a release is about, up to and with its own."""
    bounds: Mapping[Category, FigureBounds]


def read_figures(
    location: Location, content: Mapping[str, Any], granted: Collection[Category], catalog: Catalog
) -> FigureRules | None:
    """The rules in a policy file; none if it grants no figures. Raises `PolicyError`."""
    if "figures" not in content and "figures_about" not in content and not granted:
        return None
    for key in ("figures", "figures_about"):
        if key not in content:
            raise location.error(f"the key `{key}` is missing; releases of figures need a budget and bounds")
    here, entry = location.table("figures", content["figures"])
    here.check(FIGURES, entry)
    bounds = _all_bounds(location, content["figures_about"], catalog)
    if missing := sorted(set(granted) - set(bounds)):
        raise location.at("figures_about").error(
            f"add `[figures_about.{missing[0]}]`, because a grant shows its figures"
        )
    return FigureRules(
        epsilon=_number(here.at("epsilon"), entry["epsilon"], EPSILONS),
        delta=_number(here.at("delta"), entry["delta"], DELTAS),
        months=_count(here.at("months"), entry["months"], MOST_MONTHS),
        bounds=bounds,
    )


def _all_bounds(location: Location, entries: object, catalog: Catalog) -> Mapping[Category, FigureBounds]:
    units = {facts.category: facts.unit for facts in catalog.statistics.values()}
    categories = {category.value: category for category in units}
    found: dict[Category, FigureBounds] = {}
    for here, name, entry in location.named_tables("figures_about", entries):
        if name not in categories:
            here.reject(here.error(f"there are no figures about `{name}`, only about {quoted_list(units)}"))
            continue
        here.check(BOUNDS, entry)
        category = categories[name]
        found[category] = FigureBounds(
            share=_number(here.at("share"), entry["share"], SHARES),
            contributions=_count(here.at("contributions"), entry["contributions"], MOST_CONTRIBUTIONS),
            largest=_largest(here.at("largest"), entry["largest"], units[category]),
        )
        if sum(bounds.share for bounds in found.values()) > 1 + 1e-9:
            raise here.at("share").error("the shares of all categories together are more than 1, the whole budget")
    return found


def _largest(here: Location, value: object, unit: str | None) -> Mapping[str, Decimal]:
    if unit is None:
        return {NO_UNIT: Decimal(_count(here, value, LARGEST_MEASURE))}
    if not isinstance(value, dict) or not value:
        raise here.error(f"a number for each {unit} is expected, like {{ USD = 30_000 }}")
    return {name: Decimal(_count(here, number, LARGEST_MEASURE)) for name, number in value.items()}


def _number(here: Location, value: object, limits: tuple[float, float]) -> float:
    least, most = limits
    # In Python `True` is an integer.
    if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
        return float(value)
    raise here.error(f"a number from {least:g} to {most:g} is expected")


def _count(here: Location, value: object, largest: int) -> int:
    if type(value) is not int or not 0 < value <= largest:
        raise here.error(f"a whole number from 1 to {largest:,} is expected")
    return value
