"""What is wanted, as ratios within one run, and whether it was met."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.contending import RECORDED
from benchmarks.rounds import Found, Ratio, ratio, throughput

BARE = "Veil without log, masks, policy"
STATEMENT = "pgbench"
EMPTY = "empty route"


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What was measured: by workload with many connections, and with one alone."""

    many: Mapping[str, Found]
    alone: Mapping[str, Found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A ratio and where it has to lie."""

    says: str
    of: Callable[[Results], Ratio]
    bound: float
    at_least: bool

    def met(self, results: Results) -> bool:
        median = self.of(results).median
        return median >= self.bound if self.at_least else median < self.bound

    @property
    def wanted(self) -> str:
        return f"{'≥' if self.at_least else '<'} {self.bound:g}"


def _faster(workload: str, other: str, bound: float) -> Target:
    """Veil's requests per second beside another's."""

    def of(results: Results) -> Ratio:
        found = results.many[workload]
        return ratio(throughput(found, "Veil"), throughput(found, other))

    return Target(says=f"{workload}: Veil ÷ {other}, requests/s", of=of, bound=bound, at_least=True)


def _steady(workload: str) -> Target:
    def of(results: Results) -> Ratio:
        rounds = results.many[workload]["Veil"]
        return ratio([each.p99 for each in rounds], [each.p50 for each in rounds])

    return Target(says=f"{workload}: p99 ÷ p50", of=of, bound=3, at_least=False)


def _alone(workload: str) -> Target:
    """One request alone costs little more than its statement and a route that does nothing."""

    def of(results: Results) -> Ratio:
        found = results.alone[workload]
        least: Sequence[float] = [
            one.p50 + other.p50 for one, other in zip(found[STATEMENT], found[EMPTY], strict=True)
        ]
        return ratio([each.p50 for each in found["Veil"]], least)

    return Target(says=f"{workload} alone: p50 ÷ ({STATEMENT} + {EMPTY})", of=of, bound=1.5, at_least=False)


TARGETS: Final = (
    _faster("page", "PostGraphile", 3.0),
    _faster("point", "PostGraphile", 2.0),
    _faster("page", "by hand", 1.4),
    _faster("point", "by hand", 1.4),
    _faster("page", RECORDED, 1.15),
    _faster("point", RECORDED, 1.15),
    _faster("page", "Strawberry", 25),
    _faster("page", STATEMENT, 0.85),
    _faster("page", BARE, 0.92),
    _faster("point", BARE, 0.8),
    _steady("page"),
    _steady("point"),
    _alone("page"),
    _alone("point"),
)
