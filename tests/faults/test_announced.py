"""A gateway that is killed, and a ledger that is away, at the worst moments of a change that is announced."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clauses.seeing import asking_as
from tests.conftest import run
from tests.faults.announced import ApartMarket, apart
from tests.faults.breaking import start_again

ME = asking_as("MEMBER", "self_service", member=3)
CHANGE = 'mutation { updateRegistration(id: "Member:3", input: {city: "Elsewhere"}) { fields } }'

SLOW_COMMIT = """
    create function public.slow() returns trigger language plpgsql as 'begin perform pg_sleep(2); return null; end';
    create constraint trigger slow after update on marketplace.member
    deferrable initially deferred for each row execute function public.slow()"""

COMMITTING = "select exists (select from pg_stat_activity where query = 'commit' and state = 'active')"


@pytest.fixture
def market(tmp_path: Path) -> Generator[ApartMarket]:
    with apart(tmp_path, VEIL_WORKERS="1", VEIL_TIMEOUT="20") as served:
        yield served


def post(market: ApartMarket) -> httpx.Response:
    headers = ME.headers(market.key)
    with httpx.Client(base_url=market.gateway.address, timeout=30, trust_env=False) as client:
        return client.post("/graphql", json={"query": CHANGE}, headers=headers)


@contextmanager
def posting(market: ApartMarket) -> Generator[None]:
    """While a change is on its way, of which the client will hear nothing."""

    def posted() -> None:
        with suppress(httpx.TransportError):
            post(market)

    thread = threading.Thread(target=posted, daemon=True)
    thread.start()
    yield
    thread.join(30)


def city(market: ApartMarket) -> str:
    query = "select city from marketplace.member where id = 3"
    return run(market.data, lambda connection: connection.fetchval(query))


def outcomes(market: ApartMarket) -> list[str]:
    return sorted(each["outcome"] for each in market.records())


def until(condition: Callable[[], Any]) -> None:
    ends = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.05)


def settled(market: ApartMarket) -> bool:
    market.settle()
    return len(market.records()) % 2 == 0


def test_a_gateway_that_is_killed_once_it_has_announced_has_changed_nothing(market: ApartMarket) -> None:
    """The ledger has the announcement, and the gateway does not know it yet. The log says that it was not done."""
    assert post(market).status_code == 200
    run(
        market.data, lambda connection: connection.execute("update marketplace.member set city = 'Before' where id = 3")
    )
    market.ledger.relay.silent = True
    with posting(market):
        until(lambda: outcomes(market) == ["ANNOUNCED", "ANNOUNCED", "ANSWERED"])
        market.gateway.kill()
    market.ledger.relay.silent = False
    until(lambda: settled(market))
    assert outcomes(market) == ["ANNOUNCED", "ANNOUNCED", "ANNOUNCED_NOT_DONE", "ANSWERED"]
    assert city(market) == "Before"


def test_a_gateway_that_is_killed_while_it_commits_may_have_changed_it(market: ApartMarket) -> None:
    """Nothing is said before the transaction has ended. Then the log says what the data says."""
    run(market.data, lambda connection: connection.execute(SLOW_COMMIT))
    with posting(market):
        until(lambda: run(market.data, lambda connection: connection.fetchval(COMMITTING)))
        assert outcomes(market) == ["ANNOUNCED"]
        market.gateway.kill()
    market.settle()
    assert outcomes(market) == ["ANNOUNCED"]
    until(lambda: settled(market))
    assert outcomes(market) == ["ANNOUNCED", "ANSWERED"]
    assert city(market) == "Elsewhere"


def test_while_the_ledger_is_away_nothing_is_changed(market: ApartMarket) -> None:
    """Once it is back, all can be changed again."""
    before = city(market)
    market.ledger.kill()
    response = post(market)
    assert response.status_code == 503
    assert city(market) == before
    start_again(market.ledger)
    until(lambda: post(market).status_code == 200)
    assert city(market) == "Elsewhere"
    assert outcomes(market) == ["ANNOUNCED", "ANSWERED"]
