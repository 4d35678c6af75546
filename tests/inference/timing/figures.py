"""How well two sets of times can be told apart, and how sure that is."""

import random
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

RESAMPLES = 1_000
"""Times that the measured values are drawn anew, for the spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How often a guess by the times alone is right, and how much longer one of the two takes."""

    auc: float
    """Of a pair with one of each, how often the longer is the one guessed: 0.5 by chance, 1 always."""
    low: float
    high: float
    """Between these it lies in 95 of 100 cases."""
    longer: float
    """How much longer the first takes, in the unit of the times: the difference of the medians."""


def told_apart(first: Sequence[float], second: Sequence[float], chance: random.Random) -> Told:
    """How well the first are told from the second. The spread is a bootstrap's."""
    drawn = sorted(_auc(_again(first, chance), _again(second, chance)) for _ in range(RESAMPLES))
    return Told(
        auc=_auc(first, second),
        low=drawn[RESAMPLES // 40],
        high=drawn[-RESAMPLES // 40],
        longer=statistics.median(first) - statistics.median(second),
    )


def _again(values: Sequence[float], chance: random.Random) -> Sequence[float]:
    return chance.choices(values, k=len(values))


def _auc(first: Sequence[float], second: Sequence[float]) -> float:
    """How often one of the first is longer than one of the second; equal ones count by half."""
    ordered = sorted(second)
    wins = sum(bisect_left(ordered, each) + bisect_right(ordered, each) for each in first)
    return wins / (2 * len(first) * len(second))
