"""Measures everybody by every workload they can answer, once it is sure that they answer alike."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from benchmarks import answers, statements
from benchmarks.contending import EMPTY as EMPTY_LOAD
from benchmarks.contending import Chosen, Contender, chosen, own_load, peers, veils
from benchmarks.inside import Inside
from benchmarks.markets import Market
from benchmarks.measuring import Load, Measured, measure
from benchmarks.places import Server, err, python_server
from benchmarks.rounds import Found, Pace, Run, in_turn
from benchmarks.targets import EMPTY, STATEMENT, Results
from benchmarks.workloads import COMMON, OWN

STATEMENTS = ("point", "page")
"""The workloads whose statement is measured by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a measurement uses; `database` is the first process of PostgreSQL."""

    inside: Inside
    market: Market
    database: int

    def rows(self) -> Chosen:
        return chosen(self.market)


def loaded(server: Server, load: Load, ground: Ground, connections: int) -> Run:
    """A run of a load on a server."""

    def run(seconds: float) -> Measured:
        return measure(server, load, ground.database, connections=connections, seconds=seconds)

    return run


def by_itself(workload: str, ground: Ground, connections: int) -> Run:
    """A run of Veil's statement by `pgbench`."""
    script = statements.script(ground.inside, ground.market, workload)
    return partial(_run_script, script, ground, connections)


def _run_script(script: statements.Script, ground: Ground, connections: int, seconds: float) -> Measured:
    return statements.run(script, ground.market, ground.database, connections=connections, seconds=seconds)


@contextmanager
def empty_route() -> Generator[Server]:
    with python_server(EMPTY, "benchmarks.contenders.empty:create", {}) as server:
        yield server


def compare(ground: Ground, pace: Pace) -> Results:
    """Everybody, in one sitting."""
    rows = ground.rows()
    with veils(ground.inside, ground.market, rows) as own, peers(ground.market, rows) as others, empty_route() as empty:
        contenders = [*own, *others]
        answers.check(contenders)
        err.print("all answer alike")
        common = {
            name: in_turn(name, _runs(name, contenders, empty, ground, pace.connections), pace) for name in COMMON
        }
        alone = {name: in_turn(f"{name} alone", _runs(name, own[:1], empty, ground, 1), pace) for name in STATEMENTS}
        return Results(many={**common, **_only_veil(own[0].server, empty, ground, pace)}, alone=alone)


def _runs(
    workload: str, contenders: Sequence[Contender], empty: Server, ground: Ground, connections: int
) -> Mapping[str, Run]:
    runs = {each.name: loaded(each.server, each.load(workload), ground, connections) for each in contenders}
    runs[EMPTY] = loaded(empty, EMPTY_LOAD, ground, connections)
    if workload in STATEMENTS:
        runs[STATEMENT] = by_itself(workload, ground, connections)
    return runs


def _only_veil(server: Server, empty: Server, ground: Ground, pace: Pace) -> Mapping[str, Found]:
    found: dict[str, Found] = {}
    for workload in OWN:
        load = own_load(ground.inside.key, workload)
        runs = {
            "Veil": loaded(server, load, ground, pace.connections),
            EMPTY: loaded(empty, EMPTY_LOAD, ground, pace.connections),
        }
        found[workload.name] = in_turn(workload.name, runs, pace)
    return found


def briefly(ground: Ground, pace: Pace) -> Mapping[str, Found]:
    """Veil beside the limits alone: what is enough to see whether it has become slower."""
    rows = ground.rows()
    with veils(ground.inside, ground.market, rows) as own, empty_route() as empty:
        return {name: in_turn(name, _runs(name, own[:1], empty, ground, pace.connections), pace) for name in STATEMENTS}
