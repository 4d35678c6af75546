"""The curves: what grows, how far, and what is asked at each step."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.enlarging import Policies, put_in_force, recorded
from benchmarks.growing import Curve, Growing, Points
from benchmarks.markets import Market
from benchmarks.personas import MEMBER, STAFF
from benchmarks.places import err


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How far those grow that take long to be made larger."""

    members: Sequence[int]
    records: Sequence[int]
    grants: Sequence[int]
    plans: Sequence[int]


Measuring = Callable[[Growing, Sizes, Callable[[int], Market]], Curve]
"""Given the sizes, and where the market of so many members is."""


def _report(name: str, step: float) -> None:
    err.print(f"{name}: {step:,.0f}", highlight=False)


def _connections(growing: Growing, _sizes: Sizes, _market: Callable[[int], Market]) -> Curve:
    steps = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
    lines: dict[str, Points] = {}
    with growing.veil() as server:
        for name in ("point", "page"):
            load = growing.load(server, name)
            lines[name] = [(each, growing.at(server, load, connections=each)) for each in _reported(name, steps)]
    return Curve(name="connections", title="Connections", across="connections", logarithmic=True, lines=lines)


def _reported(name: str, steps: Sequence[int]) -> Iterator[int]:
    for step in steps:
        _report(name, step)
        yield step


ROW = "status total currency buyer { name email }"


def _rows(growing: Growing, _sizes: Sizes, _market: Callable[[int], Market]) -> Curve:
    steps = (1, 3, 10, 30, 100, 200, 500, 1_000)
    with growing.veil() as server:
        points = [(each, growing.at(server, growing.asking(_rows_document(each)))) for each in _reported("rows", steps)]
    title = "Rows of an answer"
    return Curve(
        name="rows", title=title, across="orders, each with its buyer", logarithmic=True, lines={"orders": points}
    )


def _rows_document(rows: int) -> str:
    """A page has a hundred rows at most: more come as several."""
    pages = range(max(1, rows // 100))
    parts = " ".join(f"a{page}: orders(first: {min(rows, 100)}) {{ nodes {{ {ROW} }} }}" for page in pages)
    return f"query Rows {{ {parts} }}"


_DEEPER: Final = ("items { quantity {} }", "product { title {} }", *("company { name {} }", "owner { name {} }") * 5)


def _depth(growing: Growing, _sizes: Sizes, _market: Callable[[int], Market]) -> Curve:
    steps = tuple(range(3, len(_DEEPER) + 4))
    with growing.veil() as server:
        points = [
            (each, growing.at(server, growing.asking(_deep_document(each)))) for each in _reported("depth", steps)
        ]
    return Curve(
        name="depth",
        title="Depth",
        across="levels of fields, from one order down",
        logarithmic=False,
        lines={"order": points},
    )


def _deep_document(levels: int) -> str:
    inner = ""
    for level in reversed(_DEEPER[: levels - 3]):
        inner = level.replace("{}", inner)
    return f"query Deep {{ orders(first: 1) {{ nodes {{ status {inner} }} }} }}"


def _members(growing: Growing, sizes: Sizes, market: Callable[[int], Market]) -> Curve:
    lines: dict[str, Points] = {}
    for size in _reported("members", sizes.members):
        there = growing.over(market(size))
        with there.veil() as server:
            for name in ("point", "page"):
                lines[name] = [*lines.get(name, ()), (size, there.at(server, there.load(server, name)))]
    return Curve(name="members", title="Members", across="members, each with 4 orders", logarithmic=True, lines=lines)


def _plans(growing: Growing, sizes: Sizes, _market: Callable[[int], Market]) -> Curve:
    found: Points = ()
    for size in _reported("plans", sizes.plans):
        documents = [
            f'query Plan {{ order(id: "Order:5") {{ a{number}: total status currency }} }}' for number in range(size)
        ]
        load = growing.asking(*documents, persona=STAFF)
        with growing.veil() as server:
            measured = growing.at(server, load)
        found = [*found, (size, measured)]
    return Curve(
        name="plans", title="Distinct plans", across="documents in turn", logarithmic=True, lines={"order": found}
    )


def _grants(growing: Growing, sizes: Sizes, _market: Callable[[int], Market]) -> Curve:
    market = growing.ground.market
    policies = Policies()
    lines: dict[str, Points] = {}
    notes = ["| grants | read and checked, s | first request, ms |", "|---|---|---|"]
    try:
        for size in _reported("grants", sizes.grants):
            text = policies.enlarged(size)
            took = policies.timed(text)
            notes.append(f"| {size:,} | {took.read:.2f} | {took.first * 1000:.1f} |")
            put_in_force(market, text)
            with growing.veil() as server:
                for name in ("point", "page"):
                    lines[name] = [*lines.get(name, ()), (size, growing.at(server, growing.load(server, name)))]
    finally:
        put_in_force(market, policies.own)
    return Curve(
        name="grants", title="Grants", across="grants of the policy", logarithmic=True, lines=lines, notes=notes
    )


def _records(growing: Growing, sizes: Sizes, _market: Callable[[int], Market]) -> Curve:
    market = growing.ground.market
    lines: dict[str, Points] = {}
    seen = "query Seen { me { accesses(first: 10) { nodes { at role purpose operation } } } }"
    try:
        for size in _reported("records", sizes.records):
            recorded(market, size)
            with growing.veil() as server:
                loads = {name: growing.load(server, name) for name in ("point", "page")}
                loads["who has seen me"] = growing.asking(seen, persona=MEMBER)
                for name, load in loads.items():
                    lines[name] = [*lines.get(name, ()), (size, growing.at(server, load))]
    finally:
        recorded(market, 0)
    return Curve(name="records", title="Records", across="records in the log", logarithmic=False, lines=lines)


def _workers(growing: Growing, _sizes: Sizes, _market: Callable[[int], Market]) -> Curve:
    lines: dict[str, Points] = {}
    for size in _reported("workers", (1, 2)):
        with growing.veil(workers=size) as server:
            for name in ("point", "page"):
                lines[name] = [*lines.get(name, ()), (size, growing.at(server, growing.load(server, name)))]
    return Curve(name="workers", title="Workers", across="workers", logarithmic=False, lines=lines)


CURVES: Final[Mapping[str, Measuring]] = {
    "connections": _connections,
    "rows": _rows,
    "depth": _depth,
    "members": _members,
    "plans": _plans,
    "grants": _grants,
    "records": _records,
    "workers": _workers,
}
