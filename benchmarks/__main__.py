"""`python -m benchmarks`: everybody compared, the curves of growth, where the time goes; the page is written anew.

One part alone: `compare`, `growth` (with `--only` some curves), `profile`, `overload`; `check` compares with the baseline.
`adopted` compares tables that nobody made for Veil with those it makes, `changes` a change with the same by hand.
`log` adds records to a log while it grows to 20 million, and finds some of them.
`load URL` drives any running gateway, with your own documents and tokens.
"""

import argparse
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks import checking, load, overload, reporting, stages
from benchmarks.adopted import adopted
from benchmarks.changing import changing
from benchmarks.comparing import Ground, briefly, compare
from benchmarks.curves import CURVES, Sizes
from benchmarks.enlarging import recorded
from benchmarks.growing import Growing
from benchmarks.inside import inside
from benchmarks.markets import MEMBERS, market, run_as_owner
from benchmarks.places import DIRECTORY, err, postmaster
from benchmarks.recording import recording
from benchmarks.reporting import Page
from benchmarks.rounds import Pace
from gateway.demo import embedded
from gateway.demo.development import DevelopmentKey
from gateway.demo.ending import end_in_order

_ALONE = {"adopted": adopted, "changes": changing, "log": recording}
PARTS = ("all", "compare", "growth", "profile", "overload", "check")


def main() -> None:
    if sys.argv[1:2] == ["load"]:
        load.main(sys.argv[2:])
        return
    end_in_order()
    if (alone := _ALONE.get("".join(sys.argv[1:2]))) is not None:
        with _postgres() as cluster:
            alone(cluster, DevelopmentKey.in_directory(DIRECTORY), rounds=200)
        return
    arguments = _arguments()
    pace = Pace(rounds=arguments.rounds, seconds=arguments.seconds, connections=arguments.connections)
    with _postgres() as cluster:
        _measure(arguments, pace, cluster)


@contextmanager
def _postgres() -> Generator[embedded.Cluster]:
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    # As every contender holds its own all the time.
    with embedded.running(DIRECTORY / "postgres", {"max_connections": "120"}) as cluster:
        yield cluster


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", nargs="?", choices=PARTS, default="all")
    parser.add_argument(
        "--members", type=int, default=MEMBERS, help="of the marketplace; orders are four times as many"
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=4, help="of one load in one round")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--print-only", action="store_true", help="change neither the page nor the baseline")
    parser.add_argument("--only", type=_names, default=list(CURVES), help=f"curves: {','.join(CURVES)}")
    parser.add_argument(
        "--sizes-members", type=_sizes, default=[10_000, 50_000, 200_000, 1_000_000], help="of the curve `members`"
    )
    parser.add_argument("--sizes-records", type=_sizes, default=[0, 1_000_000, 5_000_000, 20_000_000])
    parser.add_argument("--sizes-grants", type=_sizes, default=[33, 100, 1_000, 10_000])
    parser.add_argument("--sizes-plans", type=_sizes, default=[1, 10, 100, 400, 1_000, 2_000, 5_000, 10_000])
    return parser.parse_args()


def _names(text: str) -> Sequence[str]:
    names = text.split(",")
    if unknown := sorted(set(names) - set(CURVES)):
        raise argparse.ArgumentTypeError(f"there is no curve `{unknown[0]}`; there are {', '.join(CURVES)}")
    return names


def _sizes(text: str) -> Sequence[int]:
    return [int(part.replace("_", "")) for part in text.split(",")]


def _measure(arguments: argparse.Namespace, pace: Pace, cluster: embedded.Cluster) -> None:
    ground = Ground(
        inside=inside(DevelopmentKey.in_directory(DIRECTORY)),
        market=market(cluster, arguments.members),
        database=postmaster(cluster),
    )
    # As it was left by other runs it would be cleaned up, and written to disk, while this one measures.
    recorded(ground.market, 0)
    run_as_owner(ground.market, "checkpoint")
    page = Page(written=not arguments.print_only)
    match arguments.part:
        case "compare":
            _compare(ground, pace, page)
        case "growth":
            _grow(ground, pace, _Growth(cluster, page, arguments))
        case "profile":
            _profile(ground, page)
        case "overload":
            _overload(ground, pace, page)
        case "check":
            _check(ground, pace)
        case _:
            _compare(ground, pace, page)
            _profile(ground, page)
            _overload(ground, pace, page)
            _grow(ground, pace, _Growth(cluster, page, arguments))


def _compare(ground: Ground, pace: Pace, page: Page) -> None:
    results = compare(ground, pace)
    # As the check measures them: beside many other servers, idle as they are, pgbench is slower.
    page.keep(checking.shares(briefly(ground, pace)))
    page.put("conditions", reporting.conditions(ground.market, pace))
    page.put("measured", reporting.measured(results))
    page.put("prices", reporting.prices(results.many))
    page.put("targets", reporting.targets(results))


def _profile(ground: Ground, page: Page) -> None:
    page.put("profile", reporting.profile(stages.profile(ground)))


def _overload(ground: Ground, pace: Pace, page: Page) -> None:
    starved = overload.measure_starvation(ground, pace.seconds, min(3, pace.rounds))
    page.put("starvation", reporting.table(overload.STARVATION_HEAD, overload.starvation_lines(starved)))
    found = overload.measure_overload(ground, 2 * pace.seconds)
    page.picture("overload", found.picture())
    lines = reporting.table(overload.OVERLOAD_HEAD, overload.overload_lines(found))
    page.put("overload", ["![Overload](performance/overload.svg)", "", *lines])


@dataclass(frozen=True, slots=True)
class _Growth:
    """Where the markets are, where the curves go, and which curves to measure how far."""

    cluster: embedded.Cluster
    page: Page
    arguments: argparse.Namespace


def _grow(ground: Ground, pace: Pace, growth: _Growth) -> None:
    arguments = growth.arguments
    sizes = Sizes(
        members=arguments.sizes_members,
        records=arguments.sizes_records,
        grants=arguments.sizes_grants,
        plans=arguments.sizes_plans,
    )
    # A point of a curve is measured in fewer rounds than a comparison: its neighbours say whether it is right.
    fewer = Pace(rounds=min(3, pace.rounds), seconds=pace.seconds, connections=pace.connections)
    growing = Growing(ground=ground, pace=fewer, rows=ground.rows())
    for name in arguments.only:
        found = CURVES[name](growing, sizes, lambda members: market(growth.cluster, members))
        growth.page.picture(name, found.picture())
        growth.page.put(name, reporting.curve(found))


def _check(ground: Ground, pace: Pace) -> None:
    """Fails where a workload is slower."""
    measured, before = checking.shares(briefly(ground, pace)), checking.read_baseline()
    reporting.out.print(
        "\n".join(f"{name}: {measured[name]:.3f}, before {share:.3f}" for name, share in before.items())
    )
    if losses := checking.find_losses(measured, before):
        listed = ", ".join(f"{name} by {loss:.0%}" for name, loss in losses.items())
        raise SystemExit(f"slower than before: {listed}")
    err.print("no workload is slower")


if __name__ == "__main__":
    main()
