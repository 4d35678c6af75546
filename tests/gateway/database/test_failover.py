"""A failover between two real servers: the primary is killed under load, and its synchronous standby takes over."""

import sys
import threading
import time
from collections import Counter
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from gateway.demo.development import DevelopmentKey
from gateway.settings import Settings
from schema.catalog import Catalog
from schema.refusals import Code
from tests.conftest import LOGIN, PASSWORD, STAFF, Asking, Serving, run, settings_for
from tests.gateway.database.servers import Server, assert_failed, make_marketplace, wait_for
from tests.gateway.database.standbys import promote, standby_of

ORDER = 'query Known { order(id: "Order:4") { status } }'
ANSWER = {"order": {"status": "SHIPPED"}}

CLIENTS = 6
PAUSE = 0.02
"""Seconds after which a refused client asks again: much sooner than `Retry-After` says, so that the first answer is timed well."""

MOST_SECONDS = 10
"""From the promotion to the first answer, on a busy machine. A session waits at most two seconds to try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Two:
    """A primary and its synchronous standby."""

    primary: Server
    standby: Server

    def settings(self, key_file: Path) -> Settings:
        """The gateway's, with a URL that names both."""
        known = settings_for(self.primary.cluster.url, key_file)
        hosts = ",".join(parse_qs(urlsplit(each.cluster.url).query)["host"][0] for each in (self.primary, self.standby))
        url = f"postgresql://{LOGIN}:{PASSWORD}@/veil?host={hosts}&port=5432,5432"
        return known.model_copy(update={"database": SecretStr(url)})


@dataclass(slots=True, kw_only=True)
class Load:
    """Requests that are sent until it ends, and when each was answered with what."""

    asking: Asking
    responses: list[tuple[float, httpx.Response]] = field(default_factory=list[tuple[float, httpx.Response]])
    ended: threading.Event = field(default_factory=threading.Event)

    def send(self) -> None:
        with httpx.Client(base_url=self.asking.address, timeout=30) as client:
            headers = STAFF.headers(self.asking.key)
            while not self.ended.is_set():
                response = client.post("/graphql", json={"query": ORDER}, headers=headers)
                self.responses.append((time.monotonic(), response))
                if response.status_code == 503:
                    time.sleep(PAUSE)

    def after(self, moment: float, status: int) -> Sequence[tuple[float, httpx.Response]]:
        return [(at, each) for at, each in self.responses if at > moment and each.status_code == status]


@pytest.fixture
def two(tmp_path: Path, catalog: Catalog) -> Generator[Two]:
    primary = Server(tmp_path / "primary")
    run(primary.cluster.url, lambda connection: make_marketplace(connection, catalog))
    standby = standby_of(primary, tmp_path / "standby")
    yield Two(primary=primary, standby=standby)
    for server in (primary, standby):
        server.stop()
        server.relay.close()


@contextmanager
def under_load(asking: Asking) -> Generator[Load]:
    load = Load(asking=asking)
    with ThreadPoolExecutor(CLIENTS) as pool:
        sending = [pool.submit(load.send) for _ in range(CLIENTS)]
        try:
            yield load
        finally:
            load.ended.set()
    for each in sending:
        each.result()


def missing(url: str, responses: Sequence[httpx.Response]) -> int:
    """How many of the answered requests have no record."""
    records = [each.headers["access-record"] for each in responses if each.status_code == 200]
    query = "select count(*) from veil.access_record where id = any ($1::text[]::uuid[])"
    return len(records) - run(url, lambda connection: connection.fetchval(query, records))


def test_after_a_failover_every_answer_has_its_record_and_requests_are_answered_again(
    two: Two, key: DevelopmentKey, key_file: Path
) -> None:
    """Between the two the gateway is not ready, and every refusal says when to ask again."""
    with Serving(two.settings(key_file)) as address:
        asking = Asking(address, key, two.standby.cluster.url)
        with under_load(asking) as load:
            wait_for(lambda: len(load.after(0, 200)) > 50)
            two.primary.kill()
            killed = time.monotonic()
            wait_for(lambda: asking.client.get("/health/ready").status_code == 503)
            wait_for(lambda: load.after(killed, 503))
            promote(two.standby)
            promoted = time.monotonic()
            wait_for(lambda: load.after(promoted, 200))
            wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
        asking.client.close()
    responses = [response for _, response in load.responses]
    assert {response.status_code for response in responses} == {200, 503}
    for response in responses:
        if response.status_code == 503:
            assert_failed(response, Code.UNAVAILABLE, retry_after="2")
        else:
            assert response.json()["data"] == ANSWER
    assert missing(two.standby.cluster.url, responses) == 0
    seconds = load.after(promoted, 200)[0][0] - promoted
    assert seconds < MOST_SECONDS
    counts = Counter(response.status_code for response in responses)
    sys.stdout.write(
        f"{counts[200]:,} answered, {counts[503]:,} refused; {promoted - killed:.2f} s without a primary, "
        f"then {seconds:.2f} s to the first answer\n"
    )
