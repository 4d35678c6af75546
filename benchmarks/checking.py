"""Against what was measured before: Veil's share of what the machine can do, which a faster or slower one hardly changes.

The shares are of the requests per second of a route that does nothing, and of Veil's statement by itself. What grows
slower in Veil loses of both; what the processor or the disk does less well today shows in one.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from benchmarks.rounds import Found, ratio, throughput
from benchmarks.targets import EMPTY, STATEMENT

BASELINE = Path(__file__).parent / "baseline.json"
LOSS = 0.1
"""How much of a share may be lost."""

Shares = Mapping[str, float]


def shares(found: Mapping[str, Found]) -> Shares:
    """By what they are of, the medians of the rounds."""
    return {
        f"{workload}: Veil ÷ {other}": round(ratio(throughput(each, "Veil"), throughput(each, other)).median, 4)
        for workload, each in found.items()
        for other in (EMPTY, STATEMENT)
        if STATEMENT in each
    }


def write_baseline(measured: Shares) -> None:
    BASELINE.write_text(json.dumps(measured, indent=2, ensure_ascii=False) + "\n", "utf-8")


def read_baseline() -> Shares:
    if not BASELINE.is_file():
        raise SystemExit(f"there is no {BASELINE.name} to compare with; `python -m benchmarks compare` makes it")
    return json.loads(BASELINE.read_text("utf-8"))


def find_losses(measured: Shares, before: Shares) -> Mapping[str, float]:
    """By how much each share is smaller than before, of the workloads that have lost too much of every share."""
    losses = {name: 1 - measured[name] / share for name, share in before.items()}
    kept_up = {_workload(name) for name, loss in losses.items() if loss <= LOSS}
    return {name: loss for name, loss in losses.items() if _workload(name) not in kept_up}


def _workload(name: str) -> str:
    return name.partition(":")[0]
