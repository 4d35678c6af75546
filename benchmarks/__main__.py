"""`python -m benchmarks`: each workload in rounds, Veil and the empty route in turn, with the ratios round by round."""

import argparse
import json
import statistics
import time
from collections.abc import Mapping
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks.measuring import Load, Measured, measure
from benchmarks.places import DIRECTORY, Server, postmaster, prepared, served, settings
from benchmarks.workloads import WORKLOADS, Workload
from gateway import embedded
from gateway.development import DevelopmentKey

out = Console(soft_wrap=True)


def main() -> None:
    arguments = _arguments()
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    key = DevelopmentKey.kept_in(DIRECTORY)
    with embedded.running(DIRECTORY / "postgres") as cluster:
        environment = settings(prepared(cluster, arguments.members), key)
        with (
            served("Veil", "gateway.app:create", environment) as veil,
            served("empty route", "benchmarks.serving:empty", {}) as empty,
        ):
            for workload in WORKLOADS:
                _report(workload, _rounds(workload, [veil, empty], key, postmaster(cluster), arguments))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--members", type=int, default=5_000, help="of the sample marketplace")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of one run")
    parser.add_argument("--connections", type=int, default=16)
    return parser.parse_args()


def _rounds(
    workload: Workload, servers: list[Server], key: DevelopmentKey, database: int, arguments: argparse.Namespace
) -> dict[str, list[Measured]]:
    load = _load(workload, servers[0], key)
    found: dict[str, list[Measured]] = {server.name: [] for server in servers}
    for number in range(arguments.rounds + 1):
        for server in servers:
            seconds = arguments.seconds if number else 1
            measured = measure(server, load, database, connections=arguments.connections, seconds=seconds)
            if number:
                found[server.name].append(measured)
    return found


def _load(workload: Workload, veil: Server, key: DevelopmentKey) -> Load:
    token = key.sign(workload.role, [workload.purpose], now=time.time())
    headers = {"Authorization": f"Bearer {token}", "Access-Purpose": workload.purpose.value}
    ids: list[str] = []
    if workload.ids:
        data = _asked(veil, headers, workload.ids, {})
        ids = [node["id"] for connection in data.values() for node in connection["nodes"]]
    variables = {"id": ids[0]} if ids else {}
    _asked(veil, headers, workload.query, variables)
    body = json.dumps({"query": workload.query, "variables": dict.fromkeys(variables, "IDENTITY")})
    return Load(body=body, ids=ids, headers=headers)


def _asked(server: Server, headers: Mapping[str, str], query: str, variables: Mapping[str, str]) -> Any:
    """The data of an answer. What is refused cannot be measured."""
    body = {"query": query, "variables": variables}
    answer = httpx.post(f"{server.address}/graphql", json=body, headers=dict(headers)).json()
    if "errors" in answer:
        raise SystemExit(f"{server.name} refused: {answer['errors']}")
    return answer["data"]


def _report(workload: Workload, found: dict[str, list[Measured]]) -> None:
    table = Table("", "requests/s", "p50 µs", "p99 µs", "server µs", "PostgreSQL µs", "MiB", title=workload.name)
    for name, rounds in found.items():
        figures = [statistics.median(getattr(each, field) for each in rounds) for field in Measured.__slots__]
        table.add_row(name, *(f"{figure:,.0f}" for figure in figures))
    out.print(table)
    veil, empty = found["Veil"], found["empty route"]
    ratios = [one.server / other.server for one, other in zip(veil, empty, strict=True)]
    out.print(
        f"server CPU of Veil ÷ empty route: {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})\n"
    )


if __name__ == "__main__":
    main()
