"""The cells of a release: what is exact becomes what is shown, within a budget.

A cell is about one key of a dimension in one unit. It is shown if enough members are behind it, noise included; its count
and sum are drawn only then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gateway.figures.budget import COUNT_PART, MEMBERS_PART, SUM_PART, Budget
from gateway.figures.noise import Sensitivity, noisy, shown
from resolvers.sql.releases import FULL
from schema.fields import StatisticsField
from schema.policy.figures import FigureBounds
from schema.policy.grants import FEWEST_MEMBERS


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactCell:
    """A cell before noise. Its sum is in parts of the largest measure."""

    unit: str
    key: str | None
    members: int
    count: int
    sum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell as it is released."""

    unit: str
    key: str | None
    members: int
    count: int
    sum: Decimal


def drawn(cells: Sequence[ExactCell], facts: StatisticsField, bounds: FigureBounds, budget: Budget) -> Sequence[Cell]:
    """The cells of one dimension that are shown. Never about fewer than ten members."""
    most = bounds.contributions
    # A cell of nine is none: the chance of showing any other is what OpenDP accounts for.
    hidden = FEWEST_MEMBERS - 1
    members = {str(n): cell.members - hidden for n, cell in enumerate(cells) if cell.members > hidden}
    sensitivity = _sensitivity(facts, most)
    counts_once = sensitivity.together == sensitivity.each == most == 1
    enough = shown(members, sensitivity, budget.part(MEMBERS_PART + COUNT_PART if counts_once else MEMBERS_PART))
    chosen = sorted(enough, key=int)
    counts = (
        [0] * len(chosen)
        if counts_once
        else noisy([cells[int(n)].count for n in chosen], most, budget.rho * COUNT_PART)
    )
    sums = noisy([cells[int(n)].sum for n in chosen], most * FULL, budget.rho * SUM_PART)
    return [
        _cell(cells[int(n)], enough[n] + hidden, count, total, bounds.largest)
        for n, count, total in zip(chosen, counts, sums, strict=True)
    ]


def _sensitivity(facts: StatisticsField, most: int) -> Sensitivity:
    """How much a member changes the members of cells.

    Where a fact is about several, its other members leave a cell together with it. Else a member counts once in a cell.
    """
    is_about_several = len(facts.members) > 1
    return Sensitivity(cells=most, each=most if is_about_several else 1, together=most)


def _cell(exact: ExactCell, members: int, count: int, total: int, largest: Mapping[str, Decimal]) -> Cell:
    return Cell(
        unit=exact.unit,
        key=exact.key,
        members=members,
        count=max(count, members),
        sum=round(max(total, 0) * largest[exact.unit] / FULL, 0),
    )
