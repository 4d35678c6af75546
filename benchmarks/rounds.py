"""Loads in turn: everybody is warmed up, then measured round by round, so that what befalls the machine befalls all.

A ratio is taken within a round, and reported as the median of the rounds and their spread.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.measuring import Measured
from benchmarks.places import err

Run = Callable[[float], Measured]
"""One load for some seconds."""

Found = Mapping[str, Sequence[Measured]]
"""By name, what was measured in each round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long all is measured."""

    rounds: int
    seconds: float
    connections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """The median of a ratio's rounds, the least and the most of them."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f}–{self.most:.2f})"


def in_turn(title: str, runs: Mapping[str, Run], pace: Pace) -> Found:
    """Everybody's rounds. Each round begins with another, and the first of all is the warming up."""
    found: dict[str, list[Measured]] = {name: [] for name in runs}
    names = list(runs)
    for number in range(pace.rounds + 1):
        err.print(f"{title}: {f'round {number} of {pace.rounds}' if number else 'warming up'}", highlight=False)
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            measured = runs[name](pace.seconds if number else min(2.0, pace.seconds))
            if number:
                found[name].append(measured)
    return found


def ratio(one: Sequence[float], other: Sequence[float]) -> Ratio:
    """Of one to the other, round by round."""
    every = [a / b for a, b in zip(one, other, strict=True)]
    return Ratio(median=statistics.median(every), least=min(every), most=max(every))


def throughput(found: Found, name: str) -> Sequence[float]:
    return [each.per_second for each in found[name]]


def median(rounds: Sequence[Measured], figure: Callable[[Measured], float | None]) -> float | None:
    """Of one figure; none where there is no such thing."""
    figures = [value for value in map(figure, rounds) if value is not None]
    return statistics.median(figures) if figures else None
