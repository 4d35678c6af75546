"""Stage 7, execute: what happens when the database is away, slow or busy; and which calls share a batch."""

import asyncio
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest
import uvloop

from gateway import app
from gateway.database import migration
from gateway.database.decisions import PoolSettings
from gateway.database.pool import Pool
from gateway.database.session import ReturnedRow
from gateway.demo.development import DevelopmentKey
from gateway.ledger.records import record_statement
from schema.refusals import Code, Failed
from tests.conftest import STAFF, Asking, Serving, run, settings_for
from tests.gateway.database.servers import (
    CALLS,
    Server,
    assert_failed,
    executed,
    locked,
    metric,
    pool_settings,
    served,
    statement,
    wait_for,
    waiting_for_a_lock,
)

ORDER = 'query Known { order(id: "Order:4") { status } }'
PAGE = """\
query Page {
  orders(first: 20) { nodes { id status total buyer { id name } items { quantity unitPrice product { title } } } }
}"""


# When the database is not there.


def test_without_its_database_the_gateway_lives_and_says_when_to_come_back(server: Server, asking: Asking) -> None:
    """And it is ready again by itself, a moment after the database is."""
    assert asking.client.get("/health/ready").text == "ready\n"
    server.stop()
    wait_for(lambda: asking.client.get("/health/ready").status_code == 503)
    ready = asking.client.get("/health/ready")
    assert (ready.text, ready.headers["retry-after"]) == ("not ready\n", "2")
    assert asking.lacking() == "not ready: the database cannot be reached\n"
    assert asking.client.get("/health/live").text == "live\n"
    assert_failed(asking.post(STAFF, ORDER), Code.UNAVAILABLE, retry_after="2")
    assert "veil_ready 0.0" in asking.metrics()
    server.start()
    wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
    assert asking.data(STAFF, ORDER) == {"order": {"status": "SHIPPED"}}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # asyncpg's, of the half-made connection
def test_a_session_is_tried_again_whatever_answers_in_place_of_the_database() -> None:
    """The driver raises an error of its own if the server does not say which PostgreSQL it is."""
    attempts = asyncio.Queue[None]()

    async def stranger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_024)
        writer.write(struct.pack("!cii", b"R", 8, 0) + struct.pack("!cic", b"Z", 5, b"I"))
        await writer.drain()
        writer.close()
        attempts.put_nowait(None)

    async def scene() -> None:
        async with await asyncio.start_server(stranger, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            pool = Pool(pool_settings(f"postgresql://a:b@127.0.0.1:{port}/c?sslmode=disable"))
            await pool.start()
            try:
                async with asyncio.timeout(10):
                    for _ in range(3):
                        await attempts.get()
                assert not pool.is_ready
            finally:
                await pool.stop()

    asyncio.run(scene())


def test_a_refusal_that_cannot_be_recorded_is_not_sent(server: Server, asking: Asking) -> None:
    """A refusal leaves with its record or not at all."""
    server.stop()
    wait_for(lambda: asking.client.get("/health/ready").status_code == 503)
    assert_failed(asking.post(STAFF, "{ passwords }"), Code.UNAVAILABLE, retry_after="2")
    server.start()
    wait_for(lambda: asking.client.get("/health/ready").status_code == 200)


def test_a_gateway_may_start_before_its_database(server: Server, key: DevelopmentKey, key_file: Path) -> None:
    target, server.relay.target = server.relay.target, None
    with served(server, key, key_file) as asking:
        assert asking.client.get("/health/ready").status_code == 503
        assert_failed(asking.post(STAFF, ORDER), Code.UNAVAILABLE, retry_after="2")
        server.relay.target = target
        wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
        assert asking.data(STAFF, ORDER) == {"order": {"status": "SHIPPED"}}


def test_a_running_call_is_unavailable_when_the_database_is_killed(server: Server, asking: Asking) -> None:
    gone = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
    with ThreadPoolExecutor(1) as pool, suppress(*gone), locked(server.cluster.url, "trade_order"):
        running = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(server.cluster.url))
        server.kill()
        assert_failed(running.result(10), Code.UNAVAILABLE, retry_after="2")
    server.start()
    wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
    assert asking.data(STAFF, ORDER) == {"order": {"status": "SHIPPED"}}


def test_a_database_that_falls_silent_is_noticed_while_a_statement_is_prepared(
    server: Server, key: DevelopmentKey, key_file: Path
) -> None:
    """A statement that is new to a session is prepared before it runs."""
    with served(server, key, key_file, timeout=0.5, pool_size=1) as asking, ThreadPoolExecutor(1) as pool:
        asking.data(STAFF, ORDER)
        server.relay.silent = True
        running = pool.submit(asking.post, STAFF, products(7))
        assert_failed(running.result(5), Code.TIMED_OUT, retry_after="5")
        wait_for(lambda: asking.client.get("/health/ready").status_code == 503)
        server.relay.silent = False
        wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
        assert asking.data(STAFF, products(7))


def test_a_session_to_a_silent_database_is_closed_and_opened_again(
    server: Server, key: DevelopmentKey, key_file: Path
) -> None:
    """A network may fail without a word to either end. When it works again, the gateway is ready again."""
    with served(server, key, key_file, timeout=0.5, pool_size=1) as asking, ThreadPoolExecutor(1) as pool:
        asking.data(STAFF, ORDER)
        server.relay.silent = True
        running = pool.submit(asking.post, STAFF, ORDER)
        time.sleep(0.1)
        since = time.monotonic()
        assert_failed(asking.post(STAFF, ORDER), Code.TIMED_OUT, retry_after="5")
        assert time.monotonic() - since < 1
        assert_failed(running.result(10), Code.TIMED_OUT, retry_after="5")
        assert asking.client.get("/health/ready").status_code == 503
        assert_failed(asking.post(STAFF, ORDER), Code.UNAVAILABLE, retry_after="2")
        server.relay.silent = False
        wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
        assert asking.data(STAFF, ORDER) == {"order": {"status": "SHIPPED"}}


# When it takes too long, or is asked too much.


def test_a_statement_that_takes_too_long_times_out(server: Server, key: DevelopmentKey, key_file: Path) -> None:
    with served(server, key, key_file, timeout=0.5) as asking:
        with locked(server.cluster.url, "trade_order"):
            assert_failed(asking.post(STAFF, ORDER), Code.TIMED_OUT, retry_after="5")
        assert asking.data(STAFF, ORDER) == {"order": {"status": "SHIPPED"}}


def test_a_call_that_waited_too_long_for_a_session_times_out(
    server: Server, key: DevelopmentKey, key_file: Path
) -> None:
    other = "query Other { organisations(first: 0) { totalCount } }"
    with served(server, key, key_file, timeout=0.8, pool_size=1) as asking, ThreadPoolExecutor(2) as pool:
        with locked(server.cluster.url, "trade_order"):
            first = pool.submit(asking.post, STAFF, ORDER)
            wait_for(lambda: waiting_for_a_lock(server.cluster.url))
            behind = pool.submit(asking.post, STAFF, ORDER)
            assert_failed(first.result(10), Code.TIMED_OUT, retry_after="5")
            assert_failed(behind.result(10), Code.TIMED_OUT, retry_after="5")
        assert asking.data(STAFF, other) == {"organisations": {"totalCount": 21}}


def test_a_call_is_overloaded_when_the_queue_is_full(server: Server, key: DevelopmentKey, key_file: Path) -> None:
    with served(server, key, key_file, pool_size=1, queue=3) as asking, ThreadPoolExecutor(8) as pool:
        with locked(server.cluster.url, "trade_order") as release:
            running = pool.submit(asking.post, STAFF, ORDER)
            wait_for(lambda: waiting_for_a_lock(server.cluster.url))
            waiting = [pool.submit(asking.post, STAFF, ORDER) for _ in range(3)]
            wait_for(lambda: metric(asking, "veil_waiting_calls") == 3)
            assert_failed(asking.post(STAFF, ORDER), Code.OVERLOADED, retry_after="1")
            release()
            assert [each.result(10).status_code for each in (running, *waiting)] == [200] * 4
        assert asking.post(STAFF, ORDER).status_code == 200


def test_an_error_of_a_changed_database_is_reported_by_its_code_alone(
    own_market_url: str, key: DevelopmentKey, key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The database's own words (here: which column is missing) reach neither the requester nor the log."""
    with Serving(settings_for(own_market_url, key_file)) as address:
        asking = Asking(address, key, own_market_url)
        run(own_market_url, lambda connection: connection.execute("alter table marketplace.member drop column fax"))
        response = asking.post(STAFF, "{ members { nodes { fax } } }")
        asking.client.close()
    assert_failed(response, Code.UNAVAILABLE, retry_after="2")
    assert "fax" not in response.text
    assert "a batch failed: UndefinedColumnError" in caplog.text


def test_a_gateway_needs_no_function_to_be_everybody_s(
    own_market_url: str, key: DevelopmentKey, key_file: Path
) -> None:
    revoked = "revoke execute on all functions in schema veil from public"
    run(own_market_url, lambda connection: connection.execute(revoked))
    with Serving(settings_for(own_market_url, key_file)) as address:
        asking = Asking(address, key, own_market_url)
        assert asking.data(STAFF, "{ products(first: 1) { nodes { title } } }")["products"]["nodes"]
        asking.client.close()


# Batches.


def batches(asking: Asking, *, calls: int) -> float:
    """How many batches there were once so many calls are counted: that is done a moment after they are answered."""
    wait_for(lambda: metric(asking, "veil_batch_calls_sum") == calls)
    return metric(asking, "veil_batch_calls_count")


@pytest.mark.parametrize(("batch_calls", "expected"), [(64, 1), (8, 3)])
def test_calls_of_one_statement_that_arrive_together_share_a_batch(
    server: Server, key: DevelopmentKey, key_file: Path, batch_calls: int, expected: int
) -> None:
    """While the only session is busy twenty calls wait, each with another value. Then they share as few batches as may be."""
    # A statement that was slow once counts as many rows, and they would fill a batch.
    one = {"pool_size": 1, "batch_calls": batch_calls, "batch_rows": 1_000_000}
    with served(server, key, key_file, **one) as asking, ThreadPoolExecutor(24) as pool:
        asked = [f'query One {{ product(id: "Product:{number}") {{ id }} }}' for number in range(1, 21)]
        asking.data(STAFF, asked[0])
        before = batches(asking, calls=1)
        with locked(server.cluster.url, "trade_order") as release:
            first = pool.submit(asking.post, STAFF, ORDER)
            wait_for(lambda: waiting_for_a_lock(server.cluster.url))
            waiting = [pool.submit(asking.data, STAFF, each) for each in asked]
            wait_for(lambda: metric(asking, "veil_waiting_calls") == 20)
            release()
            answers = [each.result(10)["product"]["id"] for each in waiting]
            assert first.result(10).status_code == 200
        after = batches(asking, calls=22)
    assert answers == [f"Product:{number}" for number in range(1, 21)]
    assert after - before == 1 + expected


def products(first: int) -> str:
    return f"query Products {{ products(first: {first}) {{ nodes {{ id }} }} }}"


def test_a_full_batch_leaves_at_once_on_another_session(server: Server, key: DevelopmentKey, key_file: Path) -> None:
    """Much work is done sooner side by side. Little work waits for the busy session, for `VEIL_BATCH_WAIT` at most."""
    with (
        served(server, key, key_file, pool_size=2, batch_wait=60, batch_rows=60) as asking,
        ThreadPoolExecutor(4) as pool,
        locked(server.cluster.url, "trade_order") as release,
    ):
        slow = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(server.cluster.url))
        little = pool.submit(asking.data, STAFF, products(8))
        wait_for(lambda: metric(asking, "veil_waiting_calls") == 1)
        time.sleep(0.2)
        assert not little.done()
        assert len(asking.data(STAFF, products(12))["products"]["nodes"]) == 12
        assert len(little.result(10)["products"]["nodes"]) == 8
        assert not slow.done()
        release()
        assert slow.result(10).status_code == 200


def test_a_statement_that_took_long_before_does_not_wait_for_more_calls(
    server: Server, key: DevelopmentKey, key_file: Path
) -> None:
    """A few rows may take long to find. Then they are done sooner side by side."""
    long, little = "{ companies(first: 1) { nodes { id } } }", products(1)
    with (
        # As many rows as take a tenth of a second, which no machine needs for one product eight times in a row.
        served(server, key, key_file, pool_size=2, batch_wait=60, batch_rows=25_000) as asking,
        ThreadPoolExecutor(2) as pool,
        locked(server.cluster.url, "trade_order") as release,
    ):
        # Several, because a busy machine may be slow once. The shortest time counts.
        for each in (long, *[little] * 8):
            assert asking.post(STAFF, each).status_code == 200
        with locked(server.cluster.url, "company") as release_first:
            first = pool.submit(asking.post, STAFF, long)
            wait_for(lambda: waiting_for_a_lock(server.cluster.url))
            time.sleep(0.2)
            release_first()
            assert first.result(10).status_code == 200
        slow = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(server.cluster.url))
        assert asking.post(STAFF, long).status_code == 200
        waiting = pool.submit(asking.data, STAFF, little)
        wait_for(lambda: metric(asking, "veil_waiting_calls") == 1)
        time.sleep(0.2)
        assert not waiting.done()
        release()
        assert len(waiting.result(10)["products"]["nodes"]) == 1
        assert slow.result(10).status_code == 200


def test_a_freed_session_lets_calls_wait_while_another_session_is_busy(
    server: Server, key: DevelopmentKey, key_file: Path
) -> None:
    """Calls of two statements do not wait for each other. Calls of one do, whichever session is idle."""
    behind = "{ companies(first: 1) { nodes { id } } }"
    with (
        served(server, key, key_file, pool_size=2, batch_wait=60) as asking,
        ThreadPoolExecutor(3) as pool,
        locked(server.cluster.url, "trade_order") as release,
        locked(server.cluster.url, "company") as release_other,
    ):
        slow = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(server.cluster.url) == 1)
        other = pool.submit(asking.post, STAFF, behind)
        wait_for(lambda: metric(asking, "veil_waiting_calls") == 1)
        waiting = pool.submit(asking.data, STAFF, products(3))
        wait_for(lambda: waiting_for_a_lock(server.cluster.url) == 2)
        release_other()
        assert other.result(10).status_code == 200
        time.sleep(0.2)
        assert not waiting.done()
        release()
        assert len(waiting.result(10)["products"]["nodes"]) == 3
        assert slow.result(10).status_code == 200


def test_no_call_waits_longer_than_the_batch_wait_for_a_busy_session(
    server: Server, key: DevelopmentKey, key_file: Path
) -> None:
    """A slow batch costs the first call behind it the batch wait, and the others nothing."""
    with (
        served(server, key, key_file, pool_size=2, batch_wait=1) as asking,
        ThreadPoolExecutor(1) as pool,
        locked(server.cluster.url, "trade_order") as release,
    ):
        asking.data(STAFF, products(1))
        time.sleep(0.5)  # The batch wait begins anew with the slow batch.
        slow = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(server.cluster.url))
        asking.data(STAFF, products(1))
        took: list[float] = []
        for _ in range(5):
            since = time.monotonic()
            asking.data(STAFF, products(1))
            took.append(time.monotonic() - since)
        # The middle one of them: a slow machine may hold one or two up for longer.
        assert sorted(took)[2] < 0.5
        assert not slow.done()
        release()
        assert slow.result(10).status_code == 200


@pytest.mark.parametrize("batch_wait", [0.0001, 0.0004, 0.0024])
def test_every_call_is_answered_however_short_the_batch_wait_is(
    server: Server, key_file: Path, batch_wait: float
) -> None:
    """It may end within one turn of the loop, or within the millisecond that uvloop counts in."""
    database = server.settings(key_file).database.get_secret_value()
    settings = PoolSettings(
        database=database,
        size=3,
        timeout=2,
        queue=1_000,
        batch_wait=batch_wait,
        batch_calls=64,
        batch_rows=2_000,
        required_migrations=migration.required_migrations(app.marketplace()),
        schema=app.marketplace().schema,
    )
    statements = [statement(f"select n, 'done'::bytea as json from {CALLS} -- {number}") for number in range(3)]

    async def answers_of_all() -> list[ReturnedRow | None]:
        pool = Pool(settings)
        await pool.start()
        try:
            answers: list[ReturnedRow | None] = []
            for _ in range(300):
                answers += await asyncio.gather(
                    *(pool.execute(statements[n % 3 if n > 5 else 0], [True]) for n in range(9))
                )
            return answers
        finally:
            await pool.stop()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert {row["json"] for row in runner.run(answers_of_all()) if row} == {b"done"}


def test_the_batch_wait_ends_for_each_busy_session_by_itself(
    server: Server, key: DevelopmentKey, key_file: Path
) -> None:
    """No later call is needed to send those that wait."""
    behind, free = "{ companies(first: 1) { nodes { id } } }", "{ organisations(first: 0) { totalCount } }"
    with (
        served(server, key, key_file, pool_size=3, batch_wait=2) as asking,
        ThreadPoolExecutor(3) as pool,
        locked(server.cluster.url, "trade_order") as release,
        locked(server.cluster.url, "company") as release_other,
    ):
        asking.data(STAFF, free)
        slow = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(server.cluster.url) == 1)
        slow_too = pool.submit(asking.post, STAFF, behind)
        wait_for(lambda: metric(asking, "veil_waiting_calls") == 1)
        last = pool.submit(asking.data, STAFF, free)
        wait_for(lambda: waiting_for_a_lock(server.cluster.url) == 2)
        assert last.result(5) == {"organisations": {"totalCount": 21}}
        release()
        release_other()
        assert [each.result(10).status_code for each in (slow, slow_too)] == [200, 200]


def test_each_call_of_a_batch_has_a_record_of_its_own(server: Server, key: DevelopmentKey, key_file: Path) -> None:
    asked = "query Together($id: ID!) { member(id: $id) { name } }"
    serving = served(server, key, key_file, pool_size=1)
    with serving as asking, ThreadPoolExecutor(12) as pool, locked(server.cluster.url, "trade_order") as release:
        pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: waiting_for_a_lock(server.cluster.url))
        members = range(1, 11)
        waiting = [pool.submit(asking.post, STAFF, asked, {"id": f"Member:{member}"}) for member in members]
        wait_for(lambda: metric(asking, "veil_waiting_calls") == 10)
        release()
        subjects = [asking.record(each.result(10))["subjects"] for each in waiting]
    assert subjects == [[member] for member in range(1, 11)]


def test_a_call_that_fails_in_a_batch_fails_alone(server: Server, key_file: Path) -> None:
    """Which call is at fault cannot be known, so each is tried again alone, once."""
    dividing = statement(
        "select n, convert_to((12 / a)::text, 'UTF8') as json from unnest($1::integer[]) with ordinality as call (a, n)"
    )
    answers = executed(server, key_file, dividing, [[1], [2], [0], [3]])
    assert [answers[0], answers[1], answers[3]] == [b"12", b"6", b"4"]
    assert isinstance(answers[2], Failed)
    assert answers[2].code is Code.UNREADABLE


def test_calls_that_are_tried_alone_are_unavailable_when_the_connection_is_lost_twice(
    server: Server, key_file: Path
) -> None:
    """Neither they nor the gateway are at fault, so they may ask again."""
    sleeping = statement(
        "select n, convert_to((case when a < 0 then pg_sleep(30)::text else (12 / a)::text end), 'UTF8') as json"
        " from unnest($1::integer[]) with ordinality as call (a, n)"
    )
    ending = (
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'veil' and wait_event = 'PgSleep'"
    )
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(executed, server, key_file, sleeping, [[0], [3], [-1], [-2]])
        while not running.done():
            run(server.cluster.url, lambda connection: connection.execute(ending))
            time.sleep(0.05)
    failed, answered, *lost = running.result()
    assert answered == b"4"
    assert [each.code for each in (failed, *lost)] == [Code.UNREADABLE, Code.UNAVAILABLE, Code.UNAVAILABLE]


def test_calls_whose_sessions_are_ended_are_answered_by_others(
    server: Server, key: DevelopmentKey, key_file: Path
) -> None:
    """An operator may end any session at any time; nobody is told that the gateway failed."""
    ending = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'veil'"
    with served(server, key, key_file) as asking, ThreadPoolExecutor(4) as pool:
        running = [pool.submit(asking.post, STAFF, ORDER) for _ in range(200)]
        for _ in range(5):
            run(server.cluster.url, lambda connection: connection.execute(ending))
            time.sleep(0.05)
        codes = [each.result(20).status_code for each in running]
    assert set(codes) <= {200, 503}


def test_an_answer_that_was_lost_after_its_record_was_committed_is_not_given_again(
    server: Server, asking: Asking
) -> None:
    """The second try cannot insert the record again. The requester may ask anew, with another record."""
    asking.data(STAFF, ORDER)
    count = "select count(*) from veil.access_record"
    before = run(server.cluster.url, lambda connection: connection.fetchval(count))
    server.relay.loses_answer_to = sha256(record_statement("bigint", "bigint").sql.encode()).hexdigest()[:32].encode()
    assert_failed(asking.post(STAFF, ORDER), Code.UNAVAILABLE, retry_after="2")
    assert server.relay.loses_answer_to is None
    assert run(server.cluster.url, lambda connection: connection.fetchval(count)) == before + 1
    wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
    assert asking.data(STAFF, ORDER) == {"order": {"status": "SHIPPED"}}


def test_a_batch_that_takes_too_long_is_not_tried_again(server: Server, key_file: Path) -> None:
    """Its calls have waited as long as they may. Trying each alone would hold the session as many times."""
    sleeping = statement(f"select n, null::bytea from {CALLS}, pg_sleep(60)")
    since = time.monotonic()
    answers = executed(server, key_file, sleeping, [[True]] * 20, timeout=0.5)
    assert [answer.code for answer in answers] == [Code.TIMED_OUT] * 20
    assert time.monotonic() - since < 2


def test_a_page_of_twenty_orders_with_buyers_and_items_is_two_round_trips(server: Server, asking: Asking) -> None:
    """It is read and masked in one, and recorded in another. Only a new statement is prepared before."""
    assert len(asking.data(STAFF, PAGE)["orders"]["nodes"]) == 20
    asking.data(STAFF, PAGE)
    before = server.relay.round_trips
    response = asking.post(STAFF, PAGE)
    assert server.relay.round_trips - before == 2
    assert asking.record(response)["row_count"] > 60


def test_a_refusal_is_one_round_trip(server: Server, asking: Asking) -> None:
    asking.post(STAFF, "{ passwords }")
    asking.post(STAFF, "{ passwords }")
    before = server.relay.round_trips
    assert asking.record(asking.post(STAFF, "{ passwords }"))["outcome"] == "INVALID"
    assert server.relay.round_trips - before == 1
