"""A session is what it is believed to be: behind a real PgBouncer, over a server that is read-only, and whatever fails."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway import app
from gateway.database import migration, opening
from gateway.database.address import Pooler, parse_address
from gateway.database.opening import NOTHING_TO_COMPARE, SHARED, NotUsable, Standing, Use, open_connection
from gateway.database.session import GATEWAY_ROLE, LEDGER_ROLE, session_settings
from gateway.demo.development import DevelopmentKey
from schema.refusals import Code
from tests.conftest import STAFF, Asking, run
from tests.gateway.database.mixing import OWN, POOL, alone, mixed_up
from tests.gateway.database.poolers import delaying, free_port, pooler, served_behind, url_behind
from tests.gateway.database.servers import (
    CALLS,
    Server,
    answers,
    assert_failed,
    pool_settings,
    served,
    statement,
    wait_for,
)
from tests.gateway.test_pipeline import drawn

ORDER = 'query Known { order(id: "Order:4") { status } }'
MODES = ("session", "transaction")
REQUESTS = 400


# Poolers.


@pytest.mark.parametrize("mode", MODES)
def test_behind_a_pooler_each_answer_is_the_one_it_is_alone(
    server: Server, key: DevelopmentKey, key_file: Path, mode: str
) -> None:
    """Ten personas and some thirty documents at once, over fewer sessions than the gateway believes it has."""
    asked = drawn(REQUESTS)
    with served(server, key, key_file) as gateway:
        expected = alone(gateway, asked)
    with (
        pooler(server, mode, size=POOL if mode == "transaction" else OWN) as port,
        served_behind(server, port, key, key_file, pooler=mode) as gateway,
    ):
        assert mixed_up(gateway, asked, expected) == (0, 0)


@pytest.mark.parametrize("others", ["", "server_round_robin = 1", "ignore_startup_parameters = search_path"])
def test_a_pooler_that_shares_sessions_is_refused_by_name(
    server: Server, key: DevelopmentKey, key_file: Path, others: str
) -> None:
    with (
        pooler(server, "transaction", others=others) as port,
        served_behind(server, port, key, key_file) as asking,
    ):
        assert asking.lacking() == f"not ready: {SHARED}\n"
        assert_failed(asking.post(STAFF, ORDER), Code.UNAVAILABLE, retry_after="2")


@pytest.mark.parametrize("others", ["", "server_round_robin = 1"])
def test_a_second_connection_that_is_slow_proves_nothing(server: Server, key_file: Path, others: str) -> None:
    async def open_slowly(url: str) -> None:
        async with delaying(port, b"begin", 1.5) as slow:
            await open_connection(standing(url.replace(f":{port}/", f":{slow}/")))

    with pooler(server, "transaction", others=others) as port, pytest.raises(NotUsable, match=SHARED):
        asyncio.run(open_slowly(url_behind(server, port, key_file)))


def test_a_pooler_without_a_session_to_spare_is_refused_by_name(
    server: Server, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_STEP_SECONDS", 1)
    with pooler(server, "session", size=1) as port, pytest.raises(NotUsable, match=NOTHING_TO_COMPARE):
        asyncio.run(open_connection(standing(url_behind(server, port, key_file))))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("use", "expected"), [(Use.READ, f"{GATEWAY_ROLE} on off on"), (Use.RECORD, f"{LEDGER_ROLE} on off off")]
)
def test_settings_hold_behind_a_pooler_whatever_the_login_s_defaults_are(
    server: Server, key_file: Path, mode: str, use: Use, expected: str
) -> None:
    """Nothing is given as the connection starts, where a pooler may drop it."""
    names = ("role", "synchronous_commit", "jit", "transaction_read_only")
    shown = " || ' ' || ".join(f"current_setting('{name}')" for name in names)
    asked = statement(f"select n, convert_to({shown}, 'UTF8') as json from {CALLS}")
    ignored = "ignore_startup_parameters = synchronous_commit,search_path,statement_timeout,jit"
    with pooler(server, mode, others=ignored) as port, altered(server, "veil_test set synchronous_commit = off"):
        settings = pool_settings(url_behind(server, port, key_file), pooler=Pooler(mode), use=use)
        assert asyncio.run(answers(settings, asked, [[True]])) == [expected.encode()]


@contextmanager
def altered(server: Server, role: str) -> Generator[None]:
    run(server.cluster.url, lambda connection: connection.execute(f"alter role {role}"))
    try:
        yield
    finally:
        run(server.cluster.url, lambda connection: connection.execute("alter role veil_test reset all"))


def test_no_setting_of_a_shared_session_outlives_its_transaction(
    server: Server, key: DevelopmentKey, key_file: Path
) -> None:
    """Whoever shares the pooler's sessions finds them as they were."""
    with pooler(server, "transaction", size=1, others="ignore_startup_parameters = search_path") as port:
        with served_behind(server, port, key, key_file, pooler="transaction") as asking:
            asking.data(STAFF, ORDER)
        database = url_behind(server, port, key_file)
        assert run(database, lambda connection: connection.fetchval("show role")) == "none"
        prepared = "select count(*) from pg_prepared_statements where name like 'veil%'"
        assert run(database, lambda connection: connection.fetchval(prepared)) == 0


def test_what_a_session_s_settings_are_not_is_said_by_name(server: Server, key_file: Path) -> None:
    asked = standing(server.settings(key_file).database.get_secret_value(), statement_timeout="5000ms")
    with pytest.raises(NotUsable, match="the session's statement_timeout is 5s, not 5000ms: the pooler drops settings"):
        asyncio.run(open_connection(asked))


def standing(url: str, **others: str) -> Standing:
    return Standing(
        address=parse_address(url),
        pooler=Pooler.SESSION,
        use=Use.RECORD,
        settings=session_settings(5, Use.RECORD, "marketplace") | others,
        required_migrations=migration.required_migrations(app.marketplace()),
    )


# Servers that cannot be written to.


@contextmanager
def read_only(server: Server) -> Generator[None]:
    """Without ending a session."""
    alter = "alter system {} default_transaction_read_only {}"

    def reload(verb: str, value: str) -> None:
        run(server.cluster.url, lambda connection: connection.execute(alter.format(verb, value)))
        run(server.cluster.url, lambda connection: connection.execute("select pg_reload_conf()"))

    reload("set", "= on")
    try:
        yield
    finally:
        reload("reset", "")


def test_of_several_hosts_one_that_answers_is_used(server: Server, key_file: Path) -> None:
    asked = statement(f"select n, 'here'::bytea as json from {CALLS}")
    database = server.settings(key_file).database.get_secret_value()
    several = database.replace("@127.0.0.1:", f"@127.0.0.1:{free_port()},127.0.0.1:")
    assert asyncio.run(answers(pool_settings(several), asked, [[True]])) == [b"here"]


@pytest.mark.parametrize("mode", ["", *MODES])
def test_a_session_that_became_read_only_is_closed_and_another_is_opened(
    server: Server, key: DevelopmentKey, key_file: Path, mode: str
) -> None:
    with behind(server, key, key_file, mode) as asking:
        asking.data(STAFF, ORDER)
        with read_only(server):
            wait_for(lambda: asking.post(STAFF, ORDER).status_code == 503)
            assert_failed(asking.post(STAFF, ORDER), Code.UNAVAILABLE, retry_after="2")
            wait_for(lambda: "not ready: the ledger: the database is read-only" in asking.lacking())
        wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
        assert asking.data(STAFF, ORDER) == {"order": {"status": "SHIPPED"}}


def test_a_session_that_reads_needs_no_database_that_can_be_written_to(server: Server, key_file: Path) -> None:
    asked = statement(f"select n, 'read'::bytea as json from {CALLS}")
    database = server.settings(key_file).database.get_secret_value()
    with read_only(server):
        assert asyncio.run(answers(pool_settings(database), asked, [[True]])) == [b"read"]
        with pytest.raises(NotUsable, match="the database is read-only"):
            asyncio.run(open_connection(standing(database)))


@contextmanager
def behind(server: Server, key: DevelopmentKey, key_file: Path, mode: str) -> Generator[Asking]:
    if not mode:
        with served(server, key, key_file, pool_size=2) as asking:
            yield asking
        return
    with (
        pooler(server, mode, size=6) as port,
        served_behind(server, port, key, key_file, pooler=mode, pool_size=2) as asking,
    ):
        yield asking
