"""What a release may spend of the budget of a year, and on what. Pure numbers.

Spending is counted in `rho` of zero-concentrated differential privacy, because that simply adds up: over the figures of a
release, over all releases of a year.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from schema.policy.figures import FigureRules

RELEASES_A_YEAR = 12

TOGETHER_PART = 0.5
"""The part of a category's budget for everything together: what a small marketplace can show first."""

MEMBERS_PART, COUNT_PART, SUM_PART = 0.5, 0.25, 0.25
"""The parts for the three figures of a cell. Members decide whether it is shown at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may be spent: `rho` on noise, and `delta` on showing that somebody is in a cell at all."""

    rho: float
    delta: float

    def part(self, share: float) -> "Budget":
        return Budget(rho=self.rho * share, delta=self.delta * share)


def release_budget(rules: FigureRules) -> Budget:
    """What one release may spend, so that the releases of a year keep within the policy's epsilon and delta.

    Half of delta is for the cells that are shown at all. With the other half, `rho` of a year is at most epsilon
    (Bun and Steinke 2016, proposition 1.3).
    """
    tail = math.log(2 / rules.delta)
    rho = (math.sqrt(tail + rules.epsilon) - math.sqrt(tail)) ** 2
    return Budget(rho=rho, delta=rules.delta / 2).part(1 / RELEASES_A_YEAR)


def epsilon_of(rho: float, delta: float) -> float:
    """The epsilon that a `rho` is at most, at this delta."""
    return rho + 2 * math.sqrt(rho * math.log(1 / delta))


def dimension_budgets(budget: Budget, dimensions: int) -> Sequence[Budget]:
    """The budget of everything together, then of each dimension."""
    return [budget.part(TOGETHER_PART), *([budget.part((1 - TOGETHER_PART) / dimensions)] * dimensions)]
