"""Stage 7, ride: what the database does not do, cannot do or does too late; what a ride costs; what a session may."""

import asyncio
import os
import re
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import asyncpg
import httpx
import pytest
import uvloop
from pydantic import SecretStr

from gateway.database import migration
from gateway.database.pool import Pool, PoolSettings
from gateway.database.session import GATEWAY_ROLE
from gateway.demo import embedded
from gateway.demo.development import DevelopmentKey
from gateway.demo.sample import marketplace
from gateway.policy import in_force
from gateway.settings import Settings
from resolvers.sql.render import Statement
from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.refusals import Code, Failed
from tests.conftest import BANK, STAFF, Asking, Serving, run, settings_for, silent

ORDER = 'query Known { order(id: "Order:4") { status } }'
PAGE = """\
query Page {
  orders(first: 20) { nodes { id status total buyer { id name } items { quantity unitPrice product { title } } } }
}"""


class Road:
    """A way to a PostgreSQL that may go away, come back elsewhere, and that counts who goes along it.

    Every `Sync` and `Query` message of a client is one round trip (PostgreSQL's protocol §54.7).
    """

    def __init__(self) -> None:
        self.goal: Path | None = None
        self.round_trips = 0
        self.silent = False
        """Whether it carries nothing back, and breaks nothing off either."""
        self._door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._open, daemon=True).start()

    @property
    def port(self) -> int:
        return self._door.getsockname()[1]

    def close(self) -> None:
        self._door.close()

    def _open(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                threading.Thread(target=self._lead, args=(client,), daemon=True).start()

    def _lead(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            if self.goal is None:
                return
            server.connect(str(self.goal))
            threading.Thread(target=self._carry, args=(server, client), daemon=True).start()
            self._count(client, server)

    def _count(self, client: socket.socket, server: socket.socket) -> None:
        started = False
        while head := _exactly(client, 5 if started else 4):
            (length,) = struct.unpack("!i", head[-4:])
            body = _exactly(client, length - 4)
            self.round_trips += started and head[:1] in (b"S", b"Q")
            started = started or body[:4] == struct.pack("!i", 3 << 16)
            server.sendall(head + body)

    def _carry(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while piece := server.recv(65_536):
                while self.silent:
                    time.sleep(0.02)
                client.sendall(piece)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)


def _exactly(connection: socket.socket, length: int) -> bytes:
    received = b""
    while len(received) < length and (piece := connection.recv(length - len(received))):
        received += piece
    return received


class Place:
    """A PostgreSQL of a test's own, that may be stopped, killed and started again."""

    def __init__(self, directory: Path) -> None:
        self.road = Road()
        self._directory = directory
        self.cluster = self.start()

    def start(self, **options: str) -> embedded.Cluster:
        self.cluster = embedded.start(self._directory, options)
        folder = parse_qs(urlsplit(self.cluster.url).query)["host"][0]
        self.road.goal = Path(folder) / ".s.PGSQL.5432"
        return self.cluster

    def stop(self) -> None:
        self.road.goal = None
        embedded.stop(self.cluster)

    def kill(self) -> None:
        """At once and without a word, as a loss of power would."""
        process = int((self._directory / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(process, signal.SIGKILL)
        self.stop()

    def settings(self, key_file: Path, **others: Any) -> Settings:
        known = settings_for(self.cluster.url, key_file, **others)
        parts = urlsplit(known.database.get_secret_value())
        login = parts.netloc.rpartition("@")[0]
        led = parts._replace(netloc=f"{login}@127.0.0.1:{self.road.port}", query="")
        return known.model_copy(update={"database": SecretStr(urlunsplit(led))})


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Generator[Place]:
    made = Place(tmp_path_factory.mktemp("place"))
    run(made.cluster.url, lambda connection: _made(connection, catalog))
    yield made
    made.stop()
    made.road.close()


async def _made(connection: Any, catalog: Catalog) -> None:
    await migration.migrate(connection, catalog)
    await in_force.ensure_active(connection, catalog)
    await marketplace.seed(connection, members=20, seed=7, progress=silent)


@contextmanager
def served(place: Place, key: DevelopmentKey, key_file: Path, **settings: Any) -> Generator[Asking]:
    with Serving(place.settings(key_file, **settings)) as address:
        asking = Asking(address, key, place.cluster.url)
        try:
            yield asking
        finally:
            asking.client.close()


@pytest.fixture
def asking(place: Place, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    with served(place, key, key_file) as asking:
        yield asking


def wait_for(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def assert_failed(response: httpx.Response, code: Code, *, retry_after: str | None) -> None:
    """A failure tells its code, promises no record, and says when to come back."""
    assert response.status_code == code.status
    assert set(response.json()) == {"errors"}
    (error,) = response.json()["errors"]
    assert error["message"] == code.meaning
    assert error["extensions"]["code"] == code.name
    assert error["extensions"]["hint"]
    assert "access-record" not in response.headers
    assert response.headers.get("retry-after") == retry_after


@contextmanager
def locked(url: str, table: str) -> Generator[Callable[[], None]]:
    """A table nobody can read until what is given is called, or the block ends."""
    release, taken = threading.Event(), threading.Event()

    async def hold(connection: Any) -> None:
        async with connection.transaction():
            await connection.execute(f"lock table marketplace.{table} in access exclusive mode")
            taken.set()
            await asyncio.to_thread(release.wait)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(run, url, hold)
        taken.wait(10)
        try:
            yield release.set
        finally:
            release.set()
            holding.result(10)


# When the database is not there.


def test_without_its_database_the_gateway_lives_and_says_when_to_come_back(place: Place, asking: Asking) -> None:
    """And it is ready again by itself, a moment after the database is."""
    assert asking.client.get("/health/ready").text == "ready\n"
    place.stop()
    wait_for(lambda: asking.client.get("/health/ready").status_code == 503)
    ready = asking.client.get("/health/ready")
    assert (ready.text, ready.headers["retry-after"]) == ("not ready: the database cannot be reached\n", "2")
    assert asking.client.get("/health/live").text == "live\n"
    assert_failed(asking.post(STAFF, ORDER), Code.UNAVAILABLE, retry_after="2")
    assert "veil_ready 0.0" in asking.client.get("/metrics").text
    place.start()
    wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
    assert asking.data(STAFF, ORDER) == {"order": {"status": "SHIPPED"}}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # asyncpg's, of the half-made connection
def test_whatever_answers_in_place_of_the_database_a_lane_is_tried_again() -> None:
    """The driver makes an error of its own of what lets it in and does not say which PostgreSQL it is."""
    tried = asyncio.Queue[None]()

    async def stranger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_024)
        writer.write(struct.pack("!cii", b"R", 8, 0) + struct.pack("!cic", b"Z", 5, b"I"))
        await writer.drain()
        writer.close()
        tried.put_nowait(None)

    async def scene() -> None:
        async with await asyncio.start_server(stranger, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            lanes = Pool(roads(f"postgresql://a:b@127.0.0.1:{port}/c?sslmode=disable"))
            await lanes.start()
            try:
                async with asyncio.timeout(10):
                    for _ in range(3):
                        await tried.get()
                assert not lanes.is_ready
            finally:
                await lanes.stop()

    asyncio.run(scene())


def test_a_refusal_that_cannot_be_recorded_is_not_told(place: Place, asking: Asking) -> None:
    """Not even who is refused what leaves without its record."""
    place.stop()
    wait_for(lambda: asking.client.get("/health/ready").status_code == 503)
    assert_failed(asking.post(STAFF, "{ passwords }"), Code.UNAVAILABLE, retry_after="2")
    place.start()
    wait_for(lambda: asking.client.get("/health/ready").status_code == 200)


def test_a_gateway_may_start_before_its_database(place: Place, key: DevelopmentKey, key_file: Path) -> None:
    goal, place.road.goal = place.road.goal, None
    with served(place, key, key_file) as asking:
        assert asking.client.get("/health/ready").status_code == 503
        assert_failed(asking.post(STAFF, ORDER), Code.UNAVAILABLE, retry_after="2")
        place.road.goal = goal
        wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
        assert asking.data(STAFF, ORDER) == {"order": {"status": "SHIPPED"}}


def test_who_rides_when_the_database_goes_is_told_to_come_back(place: Place, asking: Asking) -> None:
    gone = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
    with ThreadPoolExecutor(1) as pool, suppress(*gone), locked(place.cluster.url, "trade_order"):
        riding = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(place.cluster.url))
        place.kill()
        assert_failed(riding.result(10), Code.UNAVAILABLE, retry_after="2")
    place.start()
    wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
    assert asking.data(STAFF, ORDER) == {"order": {"status": "SHIPPED"}}


def waiting_for_a_lock(url: str) -> int:
    query = "select count(*) from pg_stat_activity where application_name = 'veil' and wait_event_type = 'Lock'"
    return run(url, lambda connection: connection.fetchval(query))


def test_a_database_that_falls_silent_is_given_up_for_lost_by_what_is_asked_first_too(
    place: Place, key: DevelopmentKey, key_file: Path
) -> None:
    """What a lane has not prepared yet is prepared before it rides."""
    with served(place, key, key_file, timeout=0.5, pool_size=1) as asking, ThreadPoolExecutor(1) as pool:
        asking.data(STAFF, ORDER)
        place.road.silent = True
        riding = pool.submit(asking.post, STAFF, products(7))
        assert_failed(riding.result(5), Code.TIMED_OUT, retry_after="5")
        wait_for(lambda: asking.client.get("/health/ready").status_code == 503)
        place.road.silent = False
        wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
        assert asking.data(STAFF, products(7))


def test_a_database_that_falls_silent_is_given_up_for_lost(place: Place, key: DevelopmentKey, key_file: Path) -> None:
    """The way to it may be broken without either end being told; when it carries again, the gateway is ready again."""
    with served(place, key, key_file, timeout=0.5, pool_size=1) as asking, ThreadPoolExecutor(1) as pool:
        asking.data(STAFF, ORDER)
        place.road.silent = True
        riding = pool.submit(asking.post, STAFF, ORDER)
        time.sleep(0.1)
        since = time.monotonic()
        assert_failed(asking.post(STAFF, ORDER), Code.TIMED_OUT, retry_after="5")
        assert time.monotonic() - since < 1
        assert_failed(riding.result(10), Code.TIMED_OUT, retry_after="5")
        assert asking.client.get("/health/ready").status_code == 503
        assert_failed(asking.post(STAFF, ORDER), Code.UNAVAILABLE, retry_after="2")
        place.road.silent = False
        wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
        assert asking.data(STAFF, ORDER) == {"order": {"status": "SHIPPED"}}


# When it takes too long, or is asked too much.


def test_what_the_database_takes_too_long_for_times_out(place: Place, key: DevelopmentKey, key_file: Path) -> None:
    with served(place, key, key_file, timeout=0.5) as asking:
        with locked(place.cluster.url, "trade_order"):
            assert_failed(asking.post(STAFF, ORDER), Code.TIMED_OUT, retry_after="5")
        assert asking.data(STAFF, ORDER) == {"order": {"status": "SHIPPED"}}


def test_who_waited_too_long_for_a_lane_is_not_served_any_more(
    place: Place, key: DevelopmentKey, key_file: Path
) -> None:
    other = "query Other { organisations(first: 0) { totalCount } }"
    with served(place, key, key_file, timeout=0.8, pool_size=1) as asking, ThreadPoolExecutor(2) as pool:
        with locked(place.cluster.url, "trade_order"):
            first = pool.submit(asking.post, STAFF, ORDER)
            wait_for(lambda: waiting_for_a_lock(place.cluster.url))
            behind = pool.submit(asking.post, STAFF, ORDER)
            assert_failed(first.result(10), Code.TIMED_OUT, retry_after="5")
            assert_failed(behind.result(10), Code.TIMED_OUT, retry_after="5")
        assert asking.data(STAFF, other) == {"organisations": {"totalCount": 21}}


def test_whoever_comes_when_the_queue_is_full_is_told_to_come_back(
    place: Place, key: DevelopmentKey, key_file: Path
) -> None:
    with served(place, key, key_file, pool_size=1, queue=3) as asking, ThreadPoolExecutor(8) as pool:
        with locked(place.cluster.url, "trade_order") as release:
            riding = pool.submit(asking.post, STAFF, ORDER)
            wait_for(lambda: waiting_for_a_lock(place.cluster.url))
            waiting = [pool.submit(asking.post, STAFF, ORDER) for _ in range(3)]
            wait_for(lambda: metric(asking, "veil_waiting_calls") == 3)
            assert_failed(asking.post(STAFF, ORDER), Code.OVERLOADED, retry_after="1")
            release()
            assert [each.result(10).status_code for each in (riding, *waiting)] == [200] * 4
        assert asking.post(STAFF, ORDER).status_code == 200


def test_what_nobody_foresaw_is_told_by_its_code_alone(
    own_market_url: str, key: DevelopmentKey, key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The database's own words (here: which column is missing) reach neither the requester nor the log."""
    with Serving(settings_for(own_market_url, key_file)) as address:
        asking = Asking(address, key, own_market_url)
        run(own_market_url, lambda connection: connection.execute("alter table marketplace.member drop column fax"))
        response = asking.post(STAFF, "{ members { nodes { fax } } }")
        asking.client.close()
    assert_failed(response, Code.INTERNAL, retry_after=None)
    assert "fax" not in response.text + caplog.text
    assert "a ride failed: UndefinedColumnError" in caplog.text


def test_a_gateway_needs_no_function_to_be_everybody_s(
    own_market_url: str, key: DevelopmentKey, key_file: Path
) -> None:
    revoked = "revoke execute on all functions in schema veil from public"
    run(own_market_url, lambda connection: connection.execute(revoked))
    with Serving(settings_for(own_market_url, key_file)) as address:
        asking = Asking(address, key, own_market_url)
        assert asking.data(STAFF, "{ products(first: 1) { nodes { title } } }")["products"]["nodes"]
        asking.client.close()


# Rides.


def metric(asking: Asking, name: str) -> float:
    found = re.search(rf"^{name} ([0-9.]+)$", asking.client.get("/metrics").text, re.MULTILINE)
    assert found
    return float(found[1])


def rides(asking: Asking) -> tuple[float, float]:
    """How many rides there were, and how many calls in all of them."""
    return metric(asking, "veil_batch_calls_count"), metric(asking, "veil_batch_calls_sum")


@pytest.mark.parametrize(("seats", "expected"), [(64, 1), (8, 3)])
def test_calls_of_one_plan_that_arrive_together_ride_together(
    place: Place, key: DevelopmentKey, key_file: Path, seats: int, expected: int
) -> None:
    """While the only lane is busy twenty calls gather, each of another value; as many as may then share a statement."""
    with served(place, key, key_file, pool_size=1, batch_calls=seats) as asking, ThreadPoolExecutor(24) as pool:
        asked = [f'query One {{ product(id: "Product:{number}") {{ id }} }}' for number in range(1, 21)]
        asking.data(STAFF, asked[0])
        before = rides(asking)
        with locked(place.cluster.url, "trade_order") as release:
            first = pool.submit(asking.post, STAFF, ORDER)
            wait_for(lambda: waiting_for_a_lock(place.cluster.url))
            gathered = [pool.submit(asking.data, STAFF, each) for each in asked]
            wait_for(lambda: metric(asking, "veil_waiting_calls") == 20)
            release()
            answers = [each.result(10)["product"]["id"] for each in gathered]
            assert first.result(10).status_code == 200
        after = rides(asking)
    assert answers == [f"Product:{number}" for number in range(1, 21)]
    assert (after[0] - before[0], after[1] - before[1]) == (1 + expected, 21)


def products(first: int) -> str:
    return f"query Products {{ products(first: {first}) {{ nodes {{ id }} }} }}"


def test_what_fills_a_ride_leaves_at_once_on_another_lane(place: Place, key: DevelopmentKey, key_file: Path) -> None:
    """What takes long is done sooner side by side; what is little gathers, as long as patience lasts."""
    with (
        served(place, key, key_file, pool_size=2, batch_wait=60, batch_rows=20) as asking,
        ThreadPoolExecutor(4) as pool,
        locked(place.cluster.url, "trade_order") as release,
    ):
        slow = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(place.cluster.url))
        little = pool.submit(asking.data, STAFF, products(8))
        wait_for(lambda: metric(asking, "veil_waiting_calls") == 1)
        time.sleep(0.2)
        assert not little.done()
        assert len(asking.data(STAFF, products(12))["products"]["nodes"]) == 12
        assert len(little.result(10)["products"]["nodes"]) == 8
        assert not slow.done()
        release()
        assert slow.result(10).status_code == 200


def test_what_took_long_before_does_not_gather_as_if_it_were_little(
    place: Place, key: DevelopmentKey, key_file: Path
) -> None:
    """Few rows may take long to find: then they are done sooner side by side."""
    long, little = "{ companies(first: 1) { nodes { id } } }", products(1)
    with (
        served(place, key, key_file, pool_size=2, batch_wait=60) as asking,
        ThreadPoolExecutor(2) as pool,
        locked(place.cluster.url, "trade_order") as release,
    ):
        # Several, for a disk may be slow to take a record: what counts is the shortest time.
        for each in (long, *[little] * 8):
            assert asking.post(STAFF, each).status_code == 200
        with locked(place.cluster.url, "company") as release_first:
            first = pool.submit(asking.post, STAFF, long)
            wait_for(lambda: waiting_for_a_lock(place.cluster.url))
            time.sleep(0.2)
            release_first()
            assert first.result(10).status_code == 200
        slow = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(place.cluster.url))
        assert asking.post(STAFF, long).status_code == 200
        gathering = pool.submit(asking.data, STAFF, little)
        wait_for(lambda: metric(asking, "veil_waiting_calls") == 1)
        time.sleep(0.2)
        assert not gathering.done()
        release()
        assert len(gathering.result(10)["products"]["nodes"]) == 1
        assert slow.result(10).status_code == 200


def test_a_lane_that_comes_back_lets_calls_gather_while_another_is_out(
    place: Place, key: DevelopmentKey, key_file: Path
) -> None:
    """What cannot ride together does not wait for each other; what can, gathers, whichever lane is there."""
    behind = "{ companies(first: 1) { nodes { id } } }"
    with (
        served(place, key, key_file, pool_size=2, batch_wait=60) as asking,
        ThreadPoolExecutor(3) as pool,
        locked(place.cluster.url, "trade_order") as release,
        locked(place.cluster.url, "company") as release_other,
    ):
        slow = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(place.cluster.url) == 1)
        other = pool.submit(asking.post, STAFF, behind)
        wait_for(lambda: metric(asking, "veil_waiting_calls") == 1)
        gathering = pool.submit(asking.data, STAFF, products(3))
        wait_for(lambda: waiting_for_a_lock(place.cluster.url) == 2)
        release_other()
        assert other.result(10).status_code == 200
        time.sleep(0.2)
        assert not gathering.done()
        release()
        assert len(gathering.result(10)["products"]["nodes"]) == 3
        assert slow.result(10).status_code == 200


def test_nobody_waits_for_a_lane_that_has_been_out_too_long(place: Place, key: DevelopmentKey, key_file: Path) -> None:
    """However many come after: a slow ride costs the first of them patience, and nobody else anything."""
    with (
        served(place, key, key_file, pool_size=2, batch_wait=1) as asking,
        ThreadPoolExecutor(1) as pool,
        locked(place.cluster.url, "trade_order") as release,
    ):
        asking.data(STAFF, products(1))
        time.sleep(0.5)  # Whatever patience there was for those who came before, it begins anew with the slow one.
        slow = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(place.cluster.url))
        asking.data(STAFF, products(1))
        since = time.monotonic()
        for _ in range(5):
            asking.data(STAFF, products(1))
        assert time.monotonic() - since < 0.5
        assert not slow.done()
        release()
        assert slow.result(10).status_code == 200


@pytest.mark.parametrize("patience", [0.0001, 0.0004, 0.0024])
def test_everybody_is_answered_however_little_patience_there_is(place: Place, key_file: Path, patience: float) -> None:
    """Patience that is over within the turn of the loop, or within the millisecond uvloop counts by."""
    database = place.settings(key_file).database.get_secret_value()
    roads = PoolSettings(
        database=database,
        size=3,
        timeout=2,
        queue=1_000,
        batch_wait=patience,
        batch_calls=64,
        batch_rows=2_000,
        required_migrations=migration.required_migrations(MARKETPLACE),
    )
    unlike = [statement(f"select n, 'told'::bytea from {CALLS} -- {number}") for number in range(3)]

    async def riding() -> list[bytes]:
        lanes = Pool(roads)
        await lanes.start()
        try:
            answers: list[bytes] = []
            for _ in range(300):
                answers += await asyncio.gather(
                    *(lanes.execute(unlike[n % 3 if n > 5 else 0], [True]) for n in range(9))
                )
            return answers
        finally:
            await lanes.stop()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert set(runner.run(riding())) == {b"told"}


def test_nobody_waits_for_those_who_left_before_on_another_lane(
    place: Place, key: DevelopmentKey, key_file: Path
) -> None:
    """Patience lasts for each lane that leaves, though nobody else comes to remind of those who are left."""
    behind, free = "{ companies(first: 1) { nodes { id } } }", "{ organisations(first: 0) { totalCount } }"
    with (
        served(place, key, key_file, pool_size=3, batch_wait=0.3) as asking,
        ThreadPoolExecutor(3) as pool,
        locked(place.cluster.url, "trade_order") as release,
        locked(place.cluster.url, "company") as release_other,
    ):
        asking.data(STAFF, free)
        slow = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(place.cluster.url) == 1)
        slow_too = pool.submit(asking.post, STAFF, behind)
        wait_for(lambda: metric(asking, "veil_waiting_calls") == 1)
        last = pool.submit(asking.data, STAFF, free)
        wait_for(lambda: waiting_for_a_lock(place.cluster.url) == 2)
        assert last.result(5) == {"organisations": {"totalCount": 21}}
        release()
        release_other()
        assert [each.result(10).status_code for each in (slow, slow_too)] == [200, 200]


def test_each_of_those_who_ride_together_has_a_record_of_its_own(
    place: Place, key: DevelopmentKey, key_file: Path
) -> None:
    asked = "query Together($id: ID!) { member(id: $id) { name } }"
    riding = served(place, key, key_file, pool_size=1)
    with riding as asking, ThreadPoolExecutor(12) as pool, locked(place.cluster.url, "trade_order") as release:
        pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(place.cluster.url))
        members = range(1, 11)
        gathered = [pool.submit(asking.post, STAFF, asked, {"id": f"Member:{member}"}) for member in members]
        wait_for(lambda: metric(asking, "veil_waiting_calls") == 10)
        release()
        subjects = [asking.record(each.result(10))["subjects"] for each in gathered]
    assert subjects == [[member] for member in range(1, 11)]


def roads(database: str, *, timeout: float = 5, seats: int = 64) -> PoolSettings:
    """One lane."""
    return PoolSettings(
        database=database,
        size=1,
        timeout=timeout,
        queue=100,
        batch_wait=0.02,
        batch_calls=seats,
        batch_rows=2_000,
        required_migrations=migration.required_migrations(MARKETPLACE),
    )


def ridden(
    place: Place,
    key_file: Path,
    statement: Statement,
    rows: Sequence[Sequence[Any]],
    *,
    timeout: float = 5,
    seats: int = 64,
) -> list[Any]:
    """What a statement answers to calls that arrive at once: bytes, or how it failed."""
    leading = roads(place.settings(key_file).database.get_secret_value(), timeout=timeout, seats=seats)

    async def riding() -> list[Any]:
        lanes = Pool(leading)
        await lanes.start()
        try:
            return await asyncio.gather(*(lanes.execute(statement, row) for row in rows), return_exceptions=True)
        finally:
            await lanes.stop()

    return asyncio.run(riding())


CALLS = "unnest($1::boolean[]) with ordinality as call (asks, n)"
"""Calls that say nothing of themselves."""


def statement(sql: str) -> Statement:
    return Statement(sql=sql, plan=None, treatments=b"")


def test_a_statement_is_parsed_and_planned_once_on_a_lane(place: Place, key_file: Path) -> None:
    """The session itself tells how often it has run its prepared statements by the plan it keeps."""
    counting = statement(
        "select n, convert_to(string_agg(generic_plans::text, ','), 'UTF8')"
        f" from {CALLS}, pg_prepared_statements group by n"
    )
    assert ridden(place, key_file, counting, [[True]] * 4, seats=1) == [b"1", b"2", b"3", b"4"]


def test_a_statement_that_is_forgotten_is_closed_in_the_database_too(place: Place, key_file: Path) -> None:
    """Else whoever asks what was never asked would fill the memory of a session of PostgreSQL."""
    leading = roads(place.settings(key_file).database.get_secret_value())
    counting = "select n, convert_to((select count(*) from pg_prepared_statements)::text, 'UTF8')"

    async def riding() -> list[int]:
        lanes = Pool(leading)
        await lanes.start()
        try:
            unlike = (statement(f"{counting} from {CALLS} -- {each}") for each in range(600))
            return [int(await lanes.execute(each, [True])) for each in unlike]
        finally:
            await lanes.stop()

    prepared = asyncio.run(riding())
    assert prepared[:3] == [1, 2, 3]
    assert max(prepared) <= 502


def test_of_those_who_ride_together_one_that_fails_takes_no_other_along(place: Place, key_file: Path) -> None:
    """What is at fault in a ride cannot be told, so each rides again alone, once."""
    dividing = statement(
        "select n, convert_to((12 / a)::text, 'UTF8') from unnest($1::integer[]) with ordinality as call (a, n)"
    )
    answers = ridden(place, key_file, dividing, [[1], [2], [0], [3]])
    assert [answers[0], answers[1], answers[3]] == [b"12", b"6", b"4"]
    assert isinstance(answers[2], Failed)
    assert answers[2].code is Code.INTERNAL


def test_who_rides_again_alone_when_the_connection_is_lost_may_come_back(place: Place, key_file: Path) -> None:
    """It is no fault of theirs, nor of the gateway's: they are told so, as who rode before them is."""
    sleeping = statement(
        "select n, convert_to((case when a < 0 then pg_sleep(30)::text else (12 / a)::text end), 'UTF8')"
        " from unnest($1::integer[]) with ordinality as call (a, n)"
    )
    asleep = "from pg_stat_activity where application_name = 'veil' and wait_event = 'PgSleep'"
    url = place.cluster.url
    with ThreadPoolExecutor(1) as pool:
        riding = pool.submit(ridden, place, key_file, sleeping, [[0], [3], [-1], [4]])
        wait_for(lambda: run(url, lambda connection: connection.fetchval(f"select count(*) {asleep}")))
        run(url, lambda connection: connection.execute(f"select pg_terminate_backend(pid) {asleep}"))
        first, *others = riding.result(10)
    assert others[0] == b"4"
    assert [answer.code for answer in (first, *others[1:])] == [Code.INTERNAL, Code.UNAVAILABLE, Code.UNAVAILABLE]


def test_a_ride_that_takes_too_long_is_not_ridden_again(place: Place, key_file: Path) -> None:
    """All who were in it have waited as long as they may; another ride each would hold the lane that many times."""
    sleeping = statement(f"select n, null::bytea from {CALLS}, pg_sleep(60)")
    since = time.monotonic()
    answers = ridden(place, key_file, sleeping, [[True]] * 20, timeout=0.5)
    assert [answer.code for answer in answers] == [Code.TIMED_OUT] * 20
    assert time.monotonic() - since < 2


def test_a_page_of_twenty_orders_with_buyers_and_items_is_one_round_trip(place: Place, asking: Asking) -> None:
    """Read, masked and recorded in one; only what is asked for the first time is prepared before."""
    assert len(asking.data(STAFF, PAGE)["orders"]["nodes"]) == 20
    asking.data(STAFF, PAGE)
    before = place.road.round_trips
    response = asking.post(STAFF, PAGE)
    assert place.road.round_trips - before == 1
    assert asking.record(response)["row_count"] > 60


def test_a_refusal_is_one_round_trip(place: Place, asking: Asking) -> None:
    asking.post(STAFF, "{ passwords }")
    asking.post(STAFF, "{ passwords }")
    before = place.road.round_trips
    assert asking.record(asking.post(STAFF, "{ passwords }"))["outcome"] == "INVALID"
    assert place.road.round_trips - before == 1


# Records.


def test_a_record_outlives_a_crash_that_follows_its_answer(place: Place, asking: Asking) -> None:
    """The server is killed the moment the answers are there: what was answered or refused is still in the log."""
    first = asking.post(BANK, "query Crash { payments(first: 1) { nodes { id bankAccount } } }")
    refusal = asking.post(BANK, "{ passwords }")
    answer = asking.post(BANK, "query Crash { payments(first: 1) { nodes { id bankAccount } } }")
    place.kill()
    asking.url = place.start().url
    assert asking.record(first)["plan"] == asking.record(answer)["plan"]
    assert asking.record(answer)["outcome"] == "ANSWERED"
    assert asking.record(refusal)["outcome"] == "INVALID"
    plan = asking.record(answer)["plan"]
    query = "select count(*) from veil.access_plan where id = $1"
    assert run(asking.url, lambda connection: connection.fetchval(query, plan)) == 1


@contextmanager
def nobody_confirms(url: str) -> Generator[None]:
    """Commits wait for a standby that does not exist."""
    run(url, lambda connection: connection.execute("alter system set synchronous_standby_names = 'nobody'"))
    run(url, lambda connection: connection.execute("select pg_reload_conf()"))
    try:
        yield
    finally:
        run(url, lambda connection: connection.execute("alter system reset synchronous_standby_names"))
        run(url, lambda connection: connection.execute("select pg_reload_conf()"))


def test_an_answer_waits_until_its_record_is_durable(place: Place, asking: Asking) -> None:
    asking.data(STAFF, ORDER)
    with ThreadPoolExecutor(1) as pool:
        with nobody_confirms(place.cluster.url):
            riding = pool.submit(asking.post, STAFF, ORDER)
            wait_for(lambda: lanes_that_wait_for_a_standby(place.cluster.url))
            time.sleep(0.3)
            assert not riding.done()
        assert riding.result(10).status_code == 200


def test_an_answer_whose_record_may_not_be_durable_is_not_given(place: Place, asking: Asking) -> None:
    """PostgreSQL reports such a commit as done, with no more than a warning."""
    asking.data(STAFF, ORDER)
    with ThreadPoolExecutor(1) as pool, nobody_confirms(place.cluster.url):
        riding: Future[httpx.Response] = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: lanes_that_wait_for_a_standby(place.cluster.url))
        cancel = f"select pg_cancel_backend(pid) {WAITING_FOR_A_STANDBY}"
        run(place.cluster.url, lambda connection: connection.execute(cancel))
        assert_failed(riding.result(10), Code.INTERNAL, retry_after=None)


WAITING_FOR_A_STANDBY = "from pg_stat_activity where application_name = 'veil' and wait_event = 'SyncRep'"


def lanes_that_wait_for_a_standby(url: str) -> int:
    return run(url, lambda connection: connection.fetchval(f"select count(*) {WAITING_FOR_A_STANDBY}"))


# Sessions.


def test_a_session_is_what_it_must_be_whatever_the_server_s_defaults(place: Place, key_file: Path) -> None:
    worse = {"synchronous_commit": "off", "statement_timeout": "0", "search_path": "public", "datestyle": "German"}
    worse |= {"client_min_messages": "error"}
    settings_for(place.cluster.url, key_file)  # Makes the login.
    altered = "; ".join(f"alter role veil_test set {name} = '{setting}'" for name, setting in worse.items())
    run(place.cluster.url, lambda connection: connection.execute(altered))
    names = ("role", "search_path", "synchronous_commit", "statement_timeout", "timezone", "datestyle", "jit")
    names += ("client_min_messages",)
    shown = " || ';' || ".join(f"current_setting('{name}')" for name in names)
    asked = statement(f"select n, convert_to({shown}, 'UTF8') from {CALLS}")
    try:
        (answer,) = ridden(place, key_file, asked, [[True]])
    finally:
        run(place.cluster.url, lambda connection: connection.execute("alter role veil_test reset all"))
    assert answer.decode().split(";") == [
        GATEWAY_ROLE,
        "marketplace, veil, pg_catalog, pg_temp",
        "on",
        "5s",
        "UTC",
        "ISO, MDY",
        "off",
        "warning",
    ]


def test_a_server_that_does_not_write_to_disk_is_none_to_record_in(
    place: Place, key: DevelopmentKey, key_file: Path
) -> None:
    place.stop()
    place.start(fsync="off")
    with served(place, key, key_file) as asking:
        ready = asking.client.get("/health/ready")
        assert ready.status_code == 503
        assert ready.text == "not ready: the database would not make records durable: turn its `fsync` on\n"
        assert_failed(asking.post(STAFF, ORDER), Code.UNAVAILABLE, retry_after="2")
    place.stop()
    place.start()


@pytest.mark.parametrize(
    ("older", "migrated"),
    [
        (
            "update veil.migration set name = 'x' || name where name = (select max(name) from veil.migration)",
            "update veil.migration set name = ltrim(name, 'x') where name like 'x%'",
        ),
        (
            "revoke select (name) on veil.migration from veil_gateway",
            "grant select (name) on veil.migration to veil_gateway",
        ),
        ("alter table veil.migration rename to earlier", "alter table veil.earlier rename to migration"),
    ],
)
def test_over_older_tables_no_gateway_is_ready_until_they_are_migrated(
    place: Place, key: DevelopmentKey, key_file: Path, older: str, migrated: str
) -> None:
    """It says what to do: what it would answer could fail, or mean something else."""
    run(place.cluster.url, lambda connection: connection.execute(older))
    with served(place, key, key_file) as asking:
        ready = asking.client.get("/health/ready")
        assert ready.status_code == 503
        assert ready.text == "not ready: the database's tables are older than this gateway: run `veil migrate`\n"
        assert_failed(asking.post(STAFF, ORDER), Code.UNAVAILABLE, retry_after="2")
        run(place.cluster.url, lambda connection: connection.execute(migrated))
        wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
        assert asking.data(STAFF, ORDER)


def test_a_lane_that_may_not_be_used_is_at_no_time_called_ready(
    place: Place, key: DevelopmentKey, key_file: Path
) -> None:
    """It is tried again and again, and reached each time."""
    older = "update veil.migration set name = 'x' || name where name = (select max(name) from veil.migration)"
    newer = "update veil.migration set name = ltrim(name, 'x') where name like 'x%'"
    ended = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'veil'"
    with served(place, key, key_file) as asking:
        assert asking.client.get("/health/ready").text == "ready\n"
        try:
            for each in (older, ended):
                run(place.cluster.url, lambda connection, each=each: connection.execute(each))
            wait_for(lambda: asking.client.get("/health/ready").status_code == 503)
            until = time.monotonic() + 2
            while time.monotonic() < until:
                assert asking.client.get("/health/ready").status_code == 503
        finally:
            run(place.cluster.url, lambda connection: connection.execute(newer))


@pytest.mark.parametrize(
    ("before", "lacking", "after"),
    [
        (
            "alter role veil_gateway rename to another_role",
            "the database has no role `veil_gateway` yet: run `veil migrate`",
            "alter role another_role rename to veil_gateway",
        ),
        (
            "revoke connect on database veil from public",
            "the database cannot be reached",
            "grant connect on database veil to public",
        ),
        (
            "revoke veil_gateway from veil_test",
            "the database's login may not work as `veil_gateway`: grant it that role",
            "grant veil_gateway to veil_test",
        ),
    ],
)
def test_what_is_lacking_at_the_database_is_told_with_what_to_do(
    place: Place, key_file: Path, caplog: pytest.LogCaptureFixture, before: str, lacking: str, after: str
) -> None:
    """At `/health/ready`, and once in the log, however many lanes there are."""
    settings = place.settings(key_file, pool_size=3)  # Makes the login.
    run(place.cluster.url, lambda connection: connection.execute(before))
    try:
        with Serving(settings) as address:
            assert httpx.get(f"{address}/health/ready").text == f"not ready: {lacking}\n"
    finally:
        run(place.cluster.url, lambda connection: connection.execute(after))
    (told,) = (record.message for record in caplog.records if record.name == "gateway.database.pool")
    assert told.startswith(lacking)


FORBIDDEN = (
    "delete from member",
    "update member set name = name",
    "update trade_order set status = 'PAID' where false",
    "insert into organisation (name, kind, country) values ('x', 'BANK', 'HK')",
    "truncate order_item",
    "update veil.access_record set outcome = 'ANSWERED'",
    "delete from veil.access_record",
    "truncate veil.access_record",
    "update veil.access_plan set fields = '[]'",
    "delete from veil.access_plan",
    "select document from veil.access_plan",
    "insert into veil.migration (name, digest) values ('x', 'x')",
    "select password_hash from member",
    "select member from member",
    "select * from member",
    "copy member to stdout",
    "create table veil.mine ()",
    "create table marketplace.mine ()",
    "create table public.mine ()",
    "create schema mine",
    "create temporary table mine as select password_hash from member",
    "drop table member",
    "alter table member disable trigger all",
    "grant select on member to public",
    "create role mine",
    "select rolpassword from pg_authid",
    "select pg_read_file('postgresql.conf')",
    "copy (select 1) to program 'true'",
    "set role postgres",
    "set session authorization postgres",
    "select setval('member_id_seq', 1)",
)
ALLOWED = (
    "select name, email from member limit 1",
    "select organisation_id, purposes from contract limit 1",
    "select id from veil.access_plan limit 1",
    "insert into veil.access_record (id, policy, outcome) values (gen_random_uuid(), '', 'OVERLOADED')",
)


def as_the_gateway(place: Place, key_file: Path, sql: str) -> None:
    url = place.settings(key_file).database.get_secret_value()

    async def executed() -> None:
        settings = {"role": GATEWAY_ROLE, "search_path": "marketplace, veil, pg_catalog"}
        connection: Any = await asyncpg.connect(url, server_settings=settings)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    asyncio.run(executed())


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_a_session_can_do_nothing_but_read_its_columns_and_add_records(place: Place, key_file: Path, sql: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        as_the_gateway(place, key_file, sql)


@pytest.mark.parametrize("sql", ALLOWED)
def test_a_session_can_do_what_it_is_for(place: Place, key_file: Path, sql: str) -> None:
    as_the_gateway(place, key_file, sql)


@pytest.mark.parametrize("sql", ["select name from marketplace.member", ALLOWED[-1]])
def test_who_leaves_the_gateway_s_role_has_no_other(place: Place, key_file: Path, sql: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        as_the_gateway(place, key_file, f"set role none; {sql}")
