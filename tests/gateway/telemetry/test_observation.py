"""An operator's walk: a 500, found by its id in the log, in the caller's trace and in the metrics."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gateway.demo.development import DevelopmentKey
from tests.conftest import SECRET, STAFF, Address, Asking, run, settings_for

ROOT = Path(__file__).parents[3]
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def objects(file: Path) -> Sequence[Mapping[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines() if line.startswith("{")]


def one(find: Callable[[], Sequence[Mapping[str, Any]]]) -> Mapping[str, Any]:
    """The only thing found, once it is there."""
    until = time.monotonic() + 10
    while not (found := find()):
        assert time.monotonic() < until
        time.sleep(0.05)
    (thing,) = found
    return thing


def test_a_500_is_found_in_the_log_the_trace_and_the_metrics(
    own_market_url: str, key: DevelopmentKey, key_file: Path, tmp_path: Path
) -> None:
    settings = settings_for(own_market_url, key_file, request_log=True)
    values = {**json.loads(settings.model_dump_json()), "secret": SECRET}
    values["database"] = settings.database.get_secret_value()
    log, spans = tmp_path / "log", tmp_path / "spans"
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.inference.served"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps({"settings": values, "spans": str(spans)}) + "\n")
    process.stdin.flush()
    asking = Asking(Address(*process.stdout.readline().split()), key, own_market_url)
    try:
        walk(asking, log, spans)
    finally:
        asking.client.close()
        process.communicate(timeout=30)


BROKEN = """
    create or replace function veil.json_text(value text) returns text language plpgsql
    as 'begin raise exception ''broken''; end'"""
"""What no check of the tables can notice."""


def walk(asking: Asking, log: Path, spans: Path) -> None:
    run(asking.url, lambda connection: connection.execute(BROKEN))
    asking.client.headers["traceparent"] = f"00-{TRACE}-{PARENT}-01"
    response = asking.post(STAFF, "{ members(first: 1) { nodes { name } } }")
    assert response.status_code == 500
    (problem,) = response.json()["errors"]
    error = problem["extensions"]["errorId"]
    assert problem["extensions"]["hint"] == "report this with its `errorId`"
    assert "access-record" not in response.headers

    line = one(lambda: [each for each in objects(log) if each.get("error") == error])
    assert line["level"] == "error"
    assert line["cause"] == "RaiseError P0001"
    expected = {"outcome": "INTERNAL", "status": 500, "role": "PLATFORM", "purpose": "account_service", "trace": TRACE}
    assert {name: line[name] for name in expected} == expected
    stages = {"policy", "head", "identify", "admit", "read", "trust", "compile", "execute", "queue", "respond", "total"}
    assert set(line["milliseconds"]) <= stages
    assert line["batch"] == 1

    span = one(lambda: [each for each in objects(spans) if each["attributes"].get("veil.error") == error])
    assert (span["name"], span["context"]["trace_id"]) == ("POST /graphql", f"0x{TRACE}")
    assert span["parent_id"] == f"0x{PARENT}"
    assert span["status"] == {"status_code": "ERROR", "description": "INTERNAL"}
    statement = one(lambda: [each for each in objects(spans) if each["name"] == "SELECT"])
    assert statement["attributes"] == {
        "db.system.name": "postgresql",
        "db.operation.name": "SELECT",
        "error.type": "INTERNAL",
    }

    counted = 'veil_requests_total{outcome="INTERNAL",purpose="account_service",role="PLATFORM"} 1.0'
    one(lambda: [{"line": each} for each in asking.metrics().splitlines() if each == counted])
