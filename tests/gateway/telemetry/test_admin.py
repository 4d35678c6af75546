"""`veil serve` with several workers: one admin port, right totals, and lines of JSON."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from gateway.demo.development import AUDIENCE, ISSUER
from tests.conftest import SECRET, settings_for
from tests.gateway.http.test_shutdown import readiness, unused_port, wait_for

COUNTED = re.compile(r'^veil_requests_total\{outcome="ANSWERED".*\} ([0-9.]+)$', re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """A gateway of several workers, and its log."""

    process: subprocess.Popen[bytes]
    port: int
    admin: int
    log: Path

    def ask(self, times: int) -> None:
        for _ in range(times):
            # A connection each, so that every worker has its part.
            response = httpx.post(f"http://127.0.0.1:{self.port}/graphql", json={"query": "{ __typename }"})
            assert response.status_code == 200

    def answered(self) -> float:
        found = COUNTED.findall(httpx.get(f"http://127.0.0.1:{self.admin}/metrics").text)
        return sum(map(float, found))

    def lines(self) -> Sequence[Mapping[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def pids(self) -> set[int]:
        return {line["worker"] for line in self.lines() if line["event"] == "request"}


@contextmanager
def two_workers(database: str, key_file: Path, log: Path, **others: str) -> Generator[Workers]:
    """`others` are variables of the environment."""
    port, admin = unused_port(), unused_port()
    url = settings_for(database, key_file).database.get_secret_value()
    values = {
        "DATABASE": url,
        "KEYS": key_file,
        "ISSUER": ISSUER,
        "AUDIENCE": AUDIENCE,
        "SECRET": SECRET,
        "PORT": port,
        "ADMIN_PORT": admin,
        "WORKERS": 2,
        "SHUTDOWN_DELAY": 0,
    }
    environment = {**os.environ, **{f"VEIL_{name}": str(value) for name, value in values.items()}, **others}
    command = [sys.executable, "-c", "from gateway.cli.main import main; main()", "serve"]
    with log.open("wb") as stderr:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=stderr)
    try:
        wait_for(lambda: readiness(admin) == 200)
        yield Workers(process=process, port=port, admin=admin, log=log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def test_the_metrics_of_all_workers_are_one_sum_that_never_falls(
    market_url: str, key_file: Path, tmp_path: Path
) -> None:
    """Not even when a worker is killed and another takes its place."""
    with two_workers(market_url, key_file, tmp_path / "log") as served:
        assert httpx.get(f"http://127.0.0.1:{served.port}/metrics").status_code == 404
        wait_for(lambda: "veil_workers 2.0" in httpx.get(f"http://127.0.0.1:{served.admin}/metrics").text)
        served.ask(40)
        wait_for(lambda: served.answered() == 40)
        wait_for(lambda: sum(line["event"] == "request" for line in served.lines()) == 40)
        first = served.pids().pop()
        os.kill(first, signal.SIGKILL)
        assert served.answered() == 40
        wait_for(lambda: readiness(served.admin) == 200 and readiness(served.port) == 200)
        served.ask(20)
        wait_for(lambda: served.answered() == 60)
    assert {"time", "level", "worker", "event"} <= set.intersection(*(set(line) for line in served.lines()))
    assert sum(line["event"] == "request" for line in served.lines()) == 60
