"""What a session prepares, makes durable and may do."""

import asyncio
import time
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from gateway.database.opening import Use
from gateway.database.pool import Pool
from gateway.database.session import GATEWAY_ROLE, LEDGER_ROLE, store_plans
from gateway.demo.development import DevelopmentKey
from resolvers.sql.render import PlanRecord
from schema.refusals import Code
from tests.conftest import BANK, STAFF, Asking, Serving, run
from tests.gateway.database.servers import (
    CALLS,
    Server,
    answers,
    assert_failed,
    executed,
    pool_settings,
    served,
    statement,
    wait_for,
)

ORDER = 'query Known { order(id: "Order:4") { status } }'


def test_a_statement_is_parsed_and_planned_once_in_a_session(server: Server, key_file: Path) -> None:
    """PostgreSQL counts how often a session ran a prepared statement by its one generic plan."""
    counting = statement(
        "select n, convert_to(string_agg(generic_plans::text, ','), 'UTF8') as json"
        f" from {CALLS}, pg_prepared_statements group by n"
    )
    assert executed(server, key_file, counting, [[True]] * 4, batch_calls=1) == [b"1", b"2", b"3", b"4"]


def test_a_statement_that_is_forgotten_is_closed_in_the_database_too(server: Server, key_file: Path) -> None:
    """Otherwise ever new documents would fill the memory of PostgreSQL's session."""
    settings = pool_settings(server.settings(key_file).database.get_secret_value())
    counting = "select n, convert_to((select count(*) from pg_prepared_statements)::text, 'UTF8') as json"

    async def counts() -> list[int]:
        pool = Pool(settings)
        await pool.start()
        try:
            statements = (statement(f"{counting} from {CALLS} -- {each}") for each in range(600))
            return [int(await pool.ask(each, True)) for each in statements]
        finally:
            await pool.stop()

    prepared = asyncio.run(counts())
    assert prepared[:3] == [1, 2, 3]
    assert max(prepared) <= 502


# Records.


def test_sessions_that_store_the_same_plans_at_once_never_wait_for_each_other(server: Server) -> None:
    """In whatever order their calls came. Otherwise PostgreSQL would end one of them, after a second."""
    made = (PlanRecord(role="", purpose="", policy="", operation=None, document=each, fields="[]") for each in "abc")
    plans = sorted(made, key=lambda plan: plan.id)

    async def store() -> None:
        first, one, other = [await asyncpg.connect(server.cluster.url) for _ in range(3)]
        try:
            # Both stop at the second plan until the transaction that holds it ends.
            holding = first.transaction()
            await holding.start()
            await store_plans(first, plans[1:2])
            stored = asyncio.gather(store_plans(one, plans), store_plans(other, plans[::-1]))
            while await first.fetchval("select count(*) from pg_locks where not granted") < 2:
                await asyncio.sleep(0.01)
            await holding.rollback()
            await stored
        finally:
            for each in (first, one, other):
                await each.close()

    asyncio.run(store())


def test_a_record_outlives_a_crash_that_follows_its_answer(server: Server, asking: Asking) -> None:
    """The server is killed the moment the answers arrive. The log still has what was answered or refused."""
    first = asking.post(BANK, "query Crash { payments(first: 1) { nodes { id bankAccount } } }")
    refusal = asking.post(BANK, "{ passwords }")
    answer = asking.post(BANK, "query Crash { payments(first: 1) { nodes { id bankAccount } } }")
    server.kill()
    asking.url = server.start().url
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


def test_an_answer_waits_until_its_record_is_durable(server: Server, asking: Asking) -> None:
    asking.data(STAFF, ORDER)
    with ThreadPoolExecutor(1) as pool:
        with nobody_confirms(server.cluster.url):
            running = pool.submit(asking.post, STAFF, ORDER)
            wait_for(lambda: sessions_that_wait_for_a_standby(server.cluster.url))
            time.sleep(0.3)
            assert not running.done()
        assert running.result(10).status_code == 200


def test_an_answer_whose_record_may_not_be_durable_is_not_given(server: Server, asking: Asking) -> None:
    """PostgreSQL reports such a commit as done, with only a warning."""
    asking.data(STAFF, ORDER)
    with ThreadPoolExecutor(1) as pool, nobody_confirms(server.cluster.url):
        running: Future[httpx.Response] = pool.submit(asking.post, STAFF, ORDER)
        wait_for(lambda: sessions_that_wait_for_a_standby(server.cluster.url))
        cancel = f"select pg_cancel_backend(pid) {WAITING_FOR_A_STANDBY}"
        run(server.cluster.url, lambda connection: connection.execute(cancel))
        assert_failed(running.result(10), Code.INTERNAL, retry_after=None)


WAITING_FOR_A_STANDBY = "from pg_stat_activity where application_name = 'veil' and wait_event = 'SyncRep'"


def sessions_that_wait_for_a_standby(url: str) -> int:
    return run(url, lambda connection: connection.fetchval(f"select count(*) {WAITING_FOR_A_STANDBY}"))


# Sessions.


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        (Use.READ, [GATEWAY_ROLE, "marketplace, veil, pg_catalog, pg_temp", "on"]),
        (Use.RECORD, [LEDGER_ROLE, "veil, pg_catalog, pg_temp", "off"]),
    ],
)
def test_a_session_has_its_settings_whatever_the_server_s_defaults_are(
    server: Server, key_file: Path, use: Use, expected: list[str]
) -> None:
    worse = {"synchronous_commit": "off", "statement_timeout": "0", "search_path": "public", "datestyle": "German"}
    worse |= {"client_min_messages": "error"}
    database = server.settings(key_file).database.get_secret_value()  # Makes the login.
    altered = "; ".join(f"alter role veil_test set {name} = '{setting}'" for name, setting in worse.items())
    run(server.cluster.url, lambda connection: connection.execute(altered))
    names = (
        "role",
        "search_path",
        "transaction_read_only",
        "synchronous_commit",
        "statement_timeout",
        "timezone",
        "datestyle",
        "jit",
    )
    names += ("client_min_messages",)
    shown = " || ';' || ".join(f"current_setting('{name}')" for name in names)
    asked = statement(f"select n, convert_to({shown}, 'UTF8') as json from {CALLS}")
    try:
        (answer,) = asyncio.run(answers(pool_settings(database, use=use), asked, [[True]]))
    finally:
        run(server.cluster.url, lambda connection: connection.execute("alter role veil_test reset all"))
    assert answer.decode().split(";") == [
        *expected,
        "on",
        "5s",
        "UTC",
        "ISO, MDY",
        "off",
        "warning",
    ]


def test_a_server_that_does_not_write_to_disk_is_not_used(server: Server, key: DevelopmentKey, key_file: Path) -> None:
    server.stop()
    server.start(fsync="off")
    with served(server, key, key_file) as asking:
        ready = asking.client.get("/health/ready")
        assert ready.status_code == 503
        lacking = "the ledger: the database would not make records durable: turn its `fsync` on"
        assert asking.lacking() == f"not ready: {lacking}\n"
        assert_failed(asking.post(STAFF, ORDER), Code.UNAVAILABLE, retry_after="2")
    server.stop()
    server.start()


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
        (
            "revoke select (name) on veil.migration from veil_ledger",
            "grant select (name) on veil.migration to veil_ledger",
        ),
    ],
)
def test_over_older_tables_no_gateway_is_ready_until_they_are_migrated(
    server: Server, key: DevelopmentKey, key_file: Path, older: str, migrated: str
) -> None:
    """It says what to do. Its answers could fail, or mean something else."""
    run(server.cluster.url, lambda connection: connection.execute(older))
    with served(server, key, key_file) as asking:
        ready = asking.client.get("/health/ready")
        assert ready.status_code == 503
        lacking = "the database's tables are older than this gateway: run `veil migrate`"
        assert asking.lacking() == f"not ready: {'the ledger: ' * ('veil_ledger' in older)}{lacking}\n"
        assert_failed(asking.post(STAFF, ORDER), Code.UNAVAILABLE, retry_after="2")
        run(server.cluster.url, lambda connection: connection.execute(migrated))
        wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
        assert asking.data(STAFF, ORDER)


def test_a_session_that_cannot_be_used_is_never_ready(server: Server, key: DevelopmentKey, key_file: Path) -> None:
    """It is opened again and again, and the server answers each time."""
    older = "update veil.migration set name = 'x' || name where name = (select max(name) from veil.migration)"
    newer = "update veil.migration set name = ltrim(name, 'x') where name like 'x%'"
    ended = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'veil'"
    with served(server, key, key_file) as asking:
        assert asking.client.get("/health/ready").text == "ready\n"
        try:
            for each in (older, ended):
                run(server.cluster.url, lambda connection, each=each: connection.execute(each))
            wait_for(lambda: asking.client.get("/health/ready").status_code == 503)
            until = time.monotonic() + 2
            while time.monotonic() < until:
                assert asking.client.get("/health/ready").status_code == 503
        finally:
            run(server.cluster.url, lambda connection: connection.execute(newer))


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
        (
            "alter role veil_ledger rename to another_role",
            "the ledger: the database has no role `veil_ledger` yet: run `veil migrate`",
            "alter role another_role rename to veil_ledger",
        ),
        (
            "revoke veil_ledger from veil_test",
            "the ledger: the database's login may not work as `veil_ledger`: grant it that role",
            "grant veil_ledger to veil_test",
        ),
    ],
)
def test_what_the_database_lacks_is_reported_with_what_to_do(
    server: Server, key_file: Path, caplog: pytest.LogCaptureFixture, before: str, lacking: str, after: str
) -> None:
    """On the admin port, and once in the log for those that read and those that record, however many there are."""
    settings = server.settings(key_file, pool_size=3)  # Makes the login.
    run(server.cluster.url, lambda connection: connection.execute(before))
    try:
        with Serving(settings) as address:
            assert httpx.get(f"{address}/health/ready").text == "not ready\n"
            assert httpx.get(f"{address.admin}/health/ready").text == f"not ready: {lacking}\n"
    finally:
        run(server.cluster.url, lambda connection: connection.execute(after))
    lines = [record.message for record in caplog.records if record.name == "gateway.database.pool"]
    assert len(lines) == (2 if "connect" in before else 1)
    assert all(line.startswith(lacking.removeprefix("the ledger: ")) for line in lines)


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
    "update veil.access_plan set id = id",
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
RECORDED = "insert into veil.access_record (id, policy, outcome) values (gen_random_uuid(), '', 'OVERLOADED')"
FORBIDDEN_TO_READERS = (
    RECORDED,
    "insert into veil.access_plan (id) values (gen_random_uuid())",
    "select document from veil.access_plan",
)
FORBIDDEN_TO_THE_LEDGER = (
    "select name from member",
    "select purposes from contract",
    "select content from veil.policy_activation",
    "select subjects from veil.access_record",
    "insert into veil.checkpoint default values",
)
ALLOWED = (
    (GATEWAY_ROLE, "select name, email from member limit 1"),
    (GATEWAY_ROLE, "select organisation_id, purposes from contract limit 1"),
    (GATEWAY_ROLE, "select content from veil.policy_activation limit 1"),
    (LEDGER_ROLE, "select id from veil.access_plan limit 1"),
    (LEDGER_ROLE, RECORDED),
)


def as_role(server: Server, key_file: Path, role: str, sql: str) -> None:
    url = server.settings(key_file).database.get_secret_value()

    async def executed() -> None:
        settings = {"role": role, "search_path": "marketplace, veil, pg_catalog"}
        connection: Any = await asyncpg.connect(url, server_settings=settings)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    asyncio.run(executed())


@pytest.mark.parametrize("sql", [*FORBIDDEN, *FORBIDDEN_TO_READERS])
def test_a_session_that_reads_can_do_nothing_but_read_its_columns(server: Server, key_file: Path, sql: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        as_role(server, key_file, GATEWAY_ROLE, sql)


@pytest.mark.parametrize("sql", [*FORBIDDEN, *FORBIDDEN_TO_THE_LEDGER])
def test_a_session_that_records_can_do_nothing_but_add_records(server: Server, key_file: Path, sql: str) -> None:
    """The marketplace's schema is closed to it, so that a table is not even found there."""
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedTableError)):
        as_role(server, key_file, LEDGER_ROLE, sql)


@pytest.mark.parametrize(("role", "sql"), ALLOWED)
def test_a_session_can_do_what_it_is_for(server: Server, key_file: Path, role: str, sql: str) -> None:
    as_role(server, key_file, role, sql)


@pytest.mark.parametrize("role", [GATEWAY_ROLE, LEDGER_ROLE])
@pytest.mark.parametrize("sql", ["select name from marketplace.member", RECORDED])
def test_a_session_that_leaves_its_role_has_no_other(server: Server, key_file: Path, role: str, sql: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        as_role(server, key_file, role, f"set role none; {sql}")
