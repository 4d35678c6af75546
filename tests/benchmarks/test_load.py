"""`python -m benchmarks load` drives a gateway as it says; and a stranger who does so slows nobody down."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from benchmarks import load
from benchmarks.sending import ANSWERED, Pace
from gateway.demo.development import DevelopmentKey
from gateway.settings import Settings
from tests.conftest import PUBLIC, STAFF, Asking, Serving, settings_for

ROOT = Path(__file__).parents[2]

PAGE = "{ companies(first: 100) { nodes { name products(first: 10) { nodes { title } } } } }"
ORDER = '{ order(id: "Order:4") { status total buyer { name } } }'


def start(address: str, file: Path, *options: str, **environment: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "benchmarks", "load", address, str(file), *options]
    places = {**os.environ, **environment}
    return subprocess.Popen(command, cwd=ROOT, env=places, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def figures(process: "subprocess.Popen[bytes]") -> Mapping[str, Any]:
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors.decode()
    return json.loads(output)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A file of questions: three of four are answered."""
    (tmp_path / "order.graphql").write_text("query Known($id: ID!) { order(id: $id) { status } }")
    entries = [
        {"file": "order.graphql", "variables": {"id": "Order:4"}, "token": "$STAFF", "purpose": "account_service"},
        {"query": "{ privacyPolicy { version } }", "weight": 2},
        {"query": "{ nothing }"},
    ]
    file = tmp_path / "questions.json"
    file.write_text(json.dumps(entries))
    return file


@pytest.mark.parametrize("options", [("--connections", "4"), ("--rate", "100")], ids=["closed loop", "open loop"])
def test_a_load_tells_what_became_of_its_requests(
    options: Sequence[str], questions: Path, gateway: Asking, key: DevelopmentKey
) -> None:
    process = start(gateway.address, questions, "--seconds", "1", "--json", *options, STAFF=STAFF.token(key))
    found = figures(process)
    assert set(found["requests"]) == {"ANSWERED", "INVALID"}
    answered = found["requests"]["ANSWERED"]
    assert found["answered_per_second"] == answered > 0
    assert answered / 3 - 4 <= found["requests"]["INVALID"] <= answered / 3 + 4
    assert 0 < found["milliseconds"]["p50"] <= found["milliseconds"]["p99"] <= found["milliseconds"]["most"]
    if "--rate" in options:
        assert 90 <= sum(found["requests"].values()) + found["unsent"] <= 101


def test_a_load_prints_a_table(questions: Path, gateway: Asking, key: DevelopmentKey) -> None:
    process = start(gateway.address, questions, "--seconds", "0.5", STAFF=STAFF.token(key))
    output, bar = process.communicate(timeout=60)
    assert "16 connections" in output.decode()
    assert "ANSWERED" in output.decode()
    assert "sending" in bar.decode()


def test_an_open_loop_counts_the_time_that_requests_wait_for_a_connection(gateway: Asking) -> None:
    """On one connection, that can answer far fewer than are due."""
    body = json.dumps({"query": PAGE}).encode()
    request = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
    sent = load.drive(
        gateway.address, [request % (len(body), body)], Pace(seconds=1, connections=1, rate=5_000), shown=False
    )
    assert sent.unsent > 0
    assert sent.percentile(0.99) > 0.5


def test_without_a_gateway_a_load_says_so(questions: Path) -> None:
    process = start("http://127.0.0.1:9", questions, "--seconds", "1", STAFF="none")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"http://127.0.0.1:9 cannot be reached" in errors


def test_a_token_that_is_not_in_the_environment_is_named(questions: Path) -> None:
    _, errors = start("http://127.0.0.1:9", questions).communicate(timeout=60)
    assert b"there is no STAFF in the environment" in errors


def test_a_stranger_at_full_rate_leaves_others_about_as_fast_as_they_were(
    tmp_path: Path, own_market_url: str, key: DevelopmentKey, key_file: Path
) -> None:
    """By turns without and with the stranger, who asks on 16 connections as much as can be."""
    file = tmp_path / "page.json"
    file.write_text(json.dumps([{"query": PAGE}]))
    alone: list[float] = []
    beside: list[float] = []
    limited = 0
    rates = {name: Settings.model_fields[name].default for name in ("session_share", "cost_rate", "compile_rate")}
    with Serving(settings_for(own_market_url, key_file, **rates)) as address:
        asking = Asking(address, key, own_market_url)
        assert asking.post(PUBLIC, PAGE).status_code == 200
        for _ in range(3):
            alone.append(slowest_of_hundred(asking))
            stranger = start(address, file, "--seconds", "3", "--json")
            # It has begun once it is refused what is too much.
            until = time.monotonic() + 10
            while asking.post(PUBLIC, PAGE).status_code != 429:
                assert time.monotonic() < until
            beside.append(slowest_of_hundred(asking))
            limited += figures(stranger)["requests"]["RATE_LIMITED"]
        asking.client.close()
    assert limited > 0
    # `python -m benchmarks overload` measures it; here much else may run, and share the interpreter.
    assert median(beside) < 4 * median(alone) + 0.02


def slowest_of_hundred(asking: Asking) -> float:
    """The 99th percentile of the seconds that a hundred answers take."""
    took: list[float] = []
    for _ in range(100):
        began = time.perf_counter()
        asking.data(STAFF, ORDER)
        took.append(time.perf_counter() - began)
    return sorted(took)[98]


def test_the_figures_of_a_load_have_its_percentiles() -> None:
    sent = load.Sent(seconds=2.0)
    sent.took[ANSWERED].extend(number / 1000 for number in range(1, 101))
    found = load.as_json(sent)
    assert found["answered_per_second"] == 50
    assert [round(each) for each in found["milliseconds"].values()] == [51, 91, 100, 100, 100]
