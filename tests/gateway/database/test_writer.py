"""The writer: what its role may write, how its sessions are shared, and what becomes of a change that cannot go on."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from gateway.database.migration import create_login
from gateway.database.opening import Use
from gateway.database.session import WRITER_ROLE, Abandoned, Fetch, Making, Work
from gateway.database.writer import Writer
from gateway.ledger.records import record_ids, record_statement
from resolvers.sql.render import PlanRecord, Statement
from schema.catalog import Catalog
from schema.refusals import Code, Failed
from tests.conftest import LOGIN, PASSWORD, run
from tests.gateway.database.servers import pool_settings

PLAN = PlanRecord(
    role="MEMBER", purpose="self_service", policy="2012-06-11", operation=None, document="{}", fields="[]"
)
RENAME = Statement(
    sql="with call as (select unnest($1::bigint[]) as id, unnest($2::text[]) as city) update member set city = call.city"
    " from call where member.id = call.id returning member.id",
    plan=None,
    treatments=b"",
)


def writer(url: str, size: int = 2) -> Writer:
    login = run(url, lambda connection: create_login(connection, url, LOGIN, PASSWORD))
    return Writer(replace(pool_settings(login, use=Use.CHANGE), size=size))


def making(*work: Work) -> Making:
    """Does all of this, and records it."""

    async def make(fetch: Fetch) -> Work:
        for each in work:
            await fetch(*each)
        return recorded()

    return make


def recorded() -> Work:
    """The record of a change."""
    who = ("me", "MEMBER", "self_service", 1, None, None, "2012-06-11", PLAN.id, None)
    return record_statement("bigint", "bigint"), (
        next(record_ids()),
        *who,
        "ANSWERED",
        None,
        "{1}",
        "",
        1,
        None,
        None,
        None,
    )


def stored(url: str) -> tuple[str, int]:
    query = "select (select city from marketplace.member where id = 1), (select count(*) from veil.access_record)"
    return tuple(run(url, lambda connection: connection.fetchrow(query)))


def test_a_change_and_its_record_are_there_together(own_market_url: str) -> None:
    before = stored(own_market_url)[1]
    made = writer(own_market_url)

    async def change() -> None:
        await made.change(making((RENAME, (1, "One")), (RENAME, (1, "Two"))), PLAN)
        await made.stop()

    asyncio.run(change())
    assert stored(own_market_url) == ("Two", before + 1)


def test_what_its_conclusion_gives_up_is_not_there(own_market_url: str) -> None:
    """The session goes on."""
    before = stored(own_market_url)
    made = writer(own_market_url, size=1)

    async def give_up(fetch: Fetch) -> Work:
        assert await fetch(RENAME, (1, "Nowhere")) is not None
        raise Abandoned

    async def change() -> None:
        with pytest.raises(Abandoned):
            await made.change(give_up, PLAN)
        await made.change(making(), PLAN)
        await made.stop()

    asyncio.run(change())
    assert stored(own_market_url) == (before[0], before[1] + 1)


def test_a_change_that_nobody_waits_for_any_more_is_not_there(own_market_url: str) -> None:
    """Its session is closed, and the next change has another."""
    before = stored(own_market_url)
    made = writer(own_market_url, size=1)
    slow = Statement(sql="select pg_sleep(60), $1::bigint[]", plan=None, treatments=b"")

    async def change() -> None:
        waiting = asyncio.create_task(made.change(making((RENAME, (1, "Nowhere")), (slow, (1,))), PLAN))
        await asyncio.sleep(0.5)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await made.change(making(), PLAN)
        await made.stop()

    asyncio.run(change())
    assert stored(own_market_url) == (before[0], before[1] + 1)


def test_a_change_waits_for_a_session_and_not_for_ever(own_market_url: str) -> None:
    login = run(own_market_url, lambda connection: create_login(connection, own_market_url, LOGIN, PASSWORD))
    made = Writer(replace(pool_settings(login, use=Use.CHANGE, timeout=2), queue=1))
    slow = Statement(sql="select pg_sleep(60), $1::bigint[]", plan=None, treatments=b"")

    async def change() -> None:
        first = asyncio.create_task(made.change(making((slow, (1,))), PLAN))
        await asyncio.sleep(0.3)
        second = asyncio.create_task(made.change(making(), PLAN))
        await asyncio.sleep(0)
        with pytest.raises(Failed) as full:
            await made.change(making(), PLAN)
        assert full.value.code is Code.OVERLOADED
        with pytest.raises(Failed) as late:
            await first
        assert late.value.code is Code.TIMED_OUT
        await asyncio.gather(second, return_exceptions=True)
        await made.stop()

    asyncio.run(change())


COLUMNS = """\
select format('%I.%I', nspname, relname) as name, attname as column
from pg_attribute join pg_class on pg_class.oid = attrelid join pg_namespace on pg_namespace.oid = relnamespace
where nspname in ('marketplace', 'veil') and (relkind in ('r', 'p') or relname = 'legal_paper') and attnum > 0 and not attisdropped
  and (relkind <> 'v' or pg_column_is_updatable(pg_class.oid, attnum, false))
  and attgenerated = '' and relname not like 'access\\_record\\_%' order by 1, 2"""


def test_its_role_writes_the_columns_that_mutations_name_and_no_other(own_market_url: str, catalog: Catalog) -> None:
    """Each column there is, is tried: to change it, to add a row with it; and rows are taken away where a rule removes them."""
    edited, entered = catalog.edited_columns(), catalog.entered_columns()
    records, keys = ("veil.access_record", "veil.access_plan"), "veil.change_key"

    async def tried(connection: Any) -> tuple[set[tuple[str, str]], set[tuple[str, str]], set[str]]:
        columns = [(row["name"], row["column"]) for row in await connection.fetch(COLUMNS)]
        await connection.execute(f"set role {WRITER_ROLE}; set search_path = marketplace, veil")
        changed, added, removed = set[tuple[str, str]](), set[tuple[str, str]](), set[str]()
        for table, column in columns:
            if await allowed(connection, f'update {table} set "{column}" = default where false'):
                changed.add((table, column))
            if await allowed(
                connection, f'insert into {table} ("{column}") overriding system value select null where false'
            ):
                added.add((table, column))
            if await allowed(connection, f"delete from {table} where false"):
                removed.add(table)
        return changed, added, removed

    changed, added, removed = run(own_market_url, tried)
    assert {each for each in changed if each[0] != keys} == of_the_marketplace(edited)
    assert {each for each in added if each[0] not in (*records, keys)} == of_the_marketplace(entered)
    assert catalog.destruction
    assert removed == {keys, *(f"marketplace.{table}" for table in catalog.destruction.removed_tables)}
    views = (
        "select relname from pg_class where relkind = 'v' and relnamespace::regnamespace::text in ('marketplace', 'veil')"
        " and has_any_column_privilege($1::text, oid, 'insert,update')"
    )
    found = run(own_market_url, lambda connection: connection.fetch(views, WRITER_ROLE))
    assert [row["relname"] for row in found] == ["legal_paper"]  # which shows instruments with whom they name


def of_the_marketplace(tables: Mapping[str, Iterable[str]]) -> set[tuple[str, str]]:
    return {
        (table if "." in table else f"marketplace.{table}", column)
        for table, columns in tables.items()
        for column in columns
    }


async def allowed(connection: Any, statement: str) -> bool:
    """Whether the role may do it. What the types do not allow it may do as far as its privileges go."""
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return False
    except asyncpg.PostgresError:
        return True
    return True
