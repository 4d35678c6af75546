"""The page: tables in Markdown, put where the page has a place for them, and printed."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from benchmarks import checking
from benchmarks.contending import PACKAGES
from benchmarks.growing import Curve
from benchmarks.markets import ITEMS_AN_ORDER, ORDERS_A_MEMBER, Market, fetch_as_owner
from benchmarks.measuring import Measured, wrk
from benchmarks.personas import OPERATOR
from benchmarks.rounds import Found, Pace, median
from benchmarks.stages import Profile
from benchmarks.targets import TARGETS, Results
from benchmarks.workloads import COMMON, OWN, Workload, common

PAGE = Path("docs/performance.md")
PICTURES = Path("docs/performance")

out = Console(soft_wrap=True, highlight=False, markup=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where what was measured goes: printed, and written where it is kept unless that is not wanted."""

    written: bool

    def put(self, place: str, lines: Iterable[str]) -> None:
        """Between the page's comments that name the place."""
        text = "\n".join(lines)
        out.print(f"\n{text}")
        if self.written:
            between = re.compile(rf"(<!-- {re.escape(place)} -->\n).*?(<!-- end -->)", re.DOTALL)
            page, times = between.subn(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", PAGE.read_text("utf-8"))
            if times != 1:
                raise SystemExit(f"{PAGE} has the place `{place}` {times} times")
            PAGE.write_text(page, "utf-8")

    def picture(self, name: str, drawn: str) -> None:
        if self.written:
            PICTURES.mkdir(exist_ok=True)
            (PICTURES / f"{name}.svg").write_text(drawn, "utf-8")

    def keep(self, shares: checking.Shares) -> None:
        """As the baseline."""
        if self.written:
            checking.write_baseline(shares)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def conditions(market: Market, pace: Pace) -> Iterable[str]:
    """Where, on what and how long."""
    orders = market.members * ORDERS_A_MEMBER
    (database,) = fetch_as_owner(market, "show server_version")
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("uvicorn", "starlette", "asyncpg", "strawberry-graphql")
    )
    others = json.loads((PACKAGES / "package.json").read_text("utf-8"))
    node = next(iter(others["optionalDependencies"].values()))
    tool = subprocess.run([wrk(), "-v"], capture_output=True, text=True, check=False).stdout.split(" [")[0]
    yield (
        f"Measured with {market.members:,} members, {orders:,} orders and {orders * ITEMS_AN_ORDER:,} items,"
        f" on {pace.connections} connections, in {pace.rounds} rounds of {pace.seconds:g} s after one to warm up. The"
        f" machine: {os.cpu_count()} cores ({_processor()}). The versions: PostgreSQL {database[0]}, Python {platform.python_version()},"
        f" {packages}, PostGraphile {others['dependencies']['postgraphile']} on Node {node}, {tool}."
    )


def _processor() -> str:
    names = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()) if os.name == "posix" else []
    return names[0] if names else platform.machine()


def targets(results: Results) -> Iterable[str]:
    rows = [
        (each.says, str(each.of(results)), each.wanted, "met" if each.met(results) else "**missed**")
        for each in TARGETS
    ]
    yield from table(("median of the rounds (least–most)", "measured", "wanted", ""), rows)


def measured(results: Results) -> Iterable[str]:
    """A table a workload."""
    workloads: Mapping[str, Workload] = {
        **{name: common(name, OPERATOR) for name in COMMON},
        **{each.name: each for each in OWN},
    }
    for name, found in results.many.items():
        yield f"**{name}**: {workloads[name].asks}"
        yield ""
        yield from table(("", *HEADS), ((who, *figures(rounds)) for who, rounds in found.items()))
        yield ""
    for name, found in results.alone.items():
        yield f"**{name}, alone**: one connection"
        yield ""
        yield from table(("", *HEADS), ((who, *figures(rounds)) for who, rounds in found.items()))
        yield ""


HEADS = ("requests/s", "p50 µs", "p99 µs", "server µs", "PostgreSQL µs", "MiB")


def figures(rounds: Sequence[Measured]) -> Sequence[str]:
    """The medians of what was measured."""
    every = (
        median(rounds, lambda each: each.per_second),
        median(rounds, lambda each: each.p50),
        median(rounds, lambda each: each.p99),
        median(rounds, lambda each: each.server),
        median(rounds, lambda each: each.database),
        median(rounds, lambda each: each.memory),
    )
    return ["–" if figure is None else f"{figure:,.0f}" for figure in every]


def prices(many: Mapping[str, Found]) -> Iterable[str]:
    """What each part costs a request of the point and the page: CPU of server and PostgreSQL together."""
    steps = (
        ("everything", "Veil"),
        ("without log", "Veil without log"),
        ("without log, masks", "Veil without log, masks"),
        ("without log, masks, policy", "Veil without log, masks, policy"),
    )
    rows = [(says, *(_total(many[workload][name]) for workload in ("point", "page"))) for says, name in steps]
    yield from table(("CPU of server and PostgreSQL together", "point µs", "page µs"), rows)


def _total(rounds: Sequence[Measured]) -> str:
    total = median(rounds, lambda each: (each.server or 0) + each.database)
    return f"{total or 0:,.0f}"


def curve(found: Curve) -> Iterable[str]:
    """A curve's picture and its figures."""
    yield f"![{found.title}](performance/{found.name}.svg)"
    for line, points in found.lines.items():
        yield ""
        yield from table((f"{line}: {found.across}", *HEADS), ((f"{x:,.0f}", *figures([point])) for x, point in points))
    largest = max(each.memory or 0 for points in found.lines.values() for _, each in points)
    yield ""
    yield f"A worker held at most {largest:,.0f} MiB; 150 are wanted at most."
    if found.notes:
        yield ""
        yield from found.notes


def profile(found: Mapping[str, Profile]) -> Iterable[str]:
    """Stages and parts of the statement, a column a workload."""
    names = list(found)
    stages = next(iter(found.values())).stages
    rows = [(stage, *(f"{found[name].stages[stage]:,.1f}" for name in names)) for stage in stages]
    yield from table(("stage", *(f"{name} µs" for name in names)), rows)
    yield ""
    parts = next(iter(found.values())).parts
    rows = [(part, *(f"{found[name].parts[part]:,.0f}" for name in names)) for part in parts]
    yield from table(("within `execute`", *(f"{name} µs" for name in names)), rows)
