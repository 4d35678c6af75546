"""The rows that are measured: sample marketplaces, thinned to four orders a member and three items an order.

Each is a database of its own in one PostgreSQL, made once and kept. The same number of members gives the same rows.
"""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from benchmarks.places import DIRECTORY, err
from gateway import app
from gateway.database import migration
from gateway.database.opening import Use
from gateway.database.owner import look_in, owner
from gateway.database.session import session_settings
from gateway.demo import embedded
from gateway.demo.development import AUDIENCE, ISSUER, DevelopmentKey, secret
from gateway.demo.sample import marketplace
from gateway.policy import in_force

MEMBERS = 50_000
ORDERS_A_MEMBER = 4
ITEMS_AN_ORDER = 3
EVERY = 5
"""Orders whose ids are multiples of this are there, up to ten times as many as there are members, but for the last."""

_LOGIN, _PEER, _PASSWORD = "veil_benchmark", "veil_peer", "benchmark"

# Two of five orders, and of the sample's first, which show something, all. Keys are not looked at while rows go: what
# refers to an order goes with it.
_THINNED = """
set session_replication_role = replica;
create temp table kept as
    select id from marketplace.trade_order order by id > 7, id % 5 not in (0, 2), id limit {orders};
create unique index on kept (id);
analyze kept;
delete from marketplace.trade_order where not exists (select from kept where kept.id = trade_order.id);
delete from marketplace.order_item where not exists (select from kept where kept.id = order_id) or line > {items};
delete from marketplace.payment where order_id is not null and not exists (select from kept where kept.id = order_id);
delete from marketplace.dispute where order_id is not null and not exists (select from kept where kept.id = order_id);
delete from marketplace.message where order_id is not null and not exists (select from kept where kept.id = order_id);
insert into marketplace.order_item (order_id, line, product_id, quantity, unit_price)
    select trade_order.id, line, offered.ids[1 + (trade_order.id + line) % cardinality(offered.ids)],
           10 * line, offered.prices[1 + (trade_order.id + line) % cardinality(offered.ids)]
    from marketplace.trade_order
    cross join generate_series(1, {items}) line
    join (select owner_id, array_agg(id order by id) as ids, array_agg(price order by id) as prices
          from marketplace.product group by owner_id) offered on offered.owner_id = trade_order.seller_id
    on conflict do nothing;
update marketplace.trade_order set total = summed.total
    from (select order_id, sum(quantity * unit_price) as total from marketplace.order_item group by order_id) summed
    where summed.order_id = trade_order.id;
update marketplace.payment set amount = trade_order.total
    from marketplace.trade_order where trade_order.id = payment.order_id;
drop table kept;
set session_replication_role = origin;
"""

_PEERS = """
do $$ begin
    if not exists (select from pg_roles where rolname = 'veil_peer') then
        create role veil_peer login password 'benchmark';
    end if;
end $$;
grant usage on schema marketplace to veil_peer;
grant select on all tables in schema marketplace to veil_peer;
grant usage on schema veil to veil_peer;
grant insert on veil.access_record to veil_peer;
alter role veil_peer set search_path = marketplace, pg_catalog;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """A database with a marketplace: its URL as the owner, as the gateway's login, and as one that may read all."""

    members: int
    owner: str
    gateway: str
    peer: str


def market(cluster: embedded.Cluster, members: int) -> Market:
    """The database of a marketplace of so many members, made if it is not there yet."""
    name = f"market_{members}"
    made = _run(cluster.url, lambda connection: _create(connection, name))
    url = _database(cluster.url, name)
    try:
        gateway = _run(url, lambda connection: _filled(connection, url, members))
    except BaseException:
        if made:
            _run(cluster.url, lambda connection: connection.execute(f"drop database {name} with (force)"))
        raise
    return Market(members=members, owner=url, gateway=gateway, peer=_as(gateway, _PEER))


def settings(market: Market, key: DevelopmentKey) -> Mapping[str, str]:
    """The environment a gateway under load is started with."""
    file = DIRECTORY / "keys.json"
    file.write_text(json.dumps(key.key_set()))
    return {
        "VEIL_DATABASE": market.gateway,
        "VEIL_KEYS": str(file),
        "VEIL_ISSUER": ISSUER,
        "VEIL_AUDIENCE": AUDIENCE,
        "VEIL_SECRET": secret(DIRECTORY).hex(),
        # One requester asks as much as can be answered, also with documents never seen.
        "VEIL_COST_RATE": "1e9",
        "VEIL_COMPILE_RATE": "1",
        # Each refusal is recorded at once, as an answer is.
        "VEIL_REFUSAL_WINDOW": "0",
    }


def fetch_as_owner(market: Market, query: str, *values: Any) -> list[Any]:
    """The rows a query finds for the owner."""
    return _run(market.owner, lambda connection: connection.fetch(query, *values))


def run_as_owner(market: Market, *statements: str) -> None:
    """Runs statements as the owner, each in a transaction of its own."""

    async def run(connection: Any) -> None:
        for statement in statements:
            await connection.execute(statement)

    _run(market.owner, run)


def explain(market: Market, sql: str, literals: Sequence[str], times: int) -> Sequence[Mapping[str, Any]]:
    """PostgreSQL's own account of executions of a statement, prepared as a session prepares it and rolled back."""

    async def run() -> Sequence[Mapping[str, Any]]:
        async with owner(market.gateway) as connection:
            for setting, value in session_settings(10, Use.READ, app.marketplace().schema).items():
                await connection.execute("select set_config($1, $2, false)", setting, value)
            await connection.execute(f"prepare measured as {sql}")
            execute = f"explain (analyze, format json) execute measured ({', '.join(literals)})"
            return [await _rolled_back(connection, execute) for _ in range(times)]

    return asyncio.run(run())


async def _rolled_back(connection: Any, execute: str) -> Mapping[str, Any]:
    transaction = connection.transaction()
    await transaction.start()
    try:
        return json.loads(await connection.fetchval(execute))[0]
    finally:
        await transaction.rollback()


def _run(url: str, work: Any) -> Any:
    async def connected() -> Any:
        async with owner(url) as connection:
            await look_in(connection, app.marketplace().schema)
            return await work(connection)

    return asyncio.run(connected())


async def _create(connection: Any, name: str) -> bool:
    """Whether it was not there before."""
    if await connection.fetchval("select exists (select from pg_database where datname = $1)", name):
        return False
    await connection.execute(f"create database {name}")
    return True


async def _filled(connection: Any, url: str, members: int) -> str:
    await migration.migrate(connection, app.catalog())
    await in_force.ensure_active(connection, app.catalog())
    if not await connection.fetchval("select exists (select from marketplace.member)"):
        await _fill(connection, members)
    await connection.execute(_PEERS)
    return await migration.create_login(connection, url, _LOGIN, _PASSWORD)


async def _fill(connection: Any, members: int) -> None:
    orders = members * ORDERS_A_MEMBER
    err.print(f"loading {members:,} members, {orders:,} orders, {orders * ITEMS_AN_ORDER:,} items")
    began = time.perf_counter()
    await marketplace.seed(connection, members=members, seed=1, progress=lambda *_: None)
    await connection.execute(_THINNED.format(orders=orders, items=ITEMS_AN_ORDER))
    for table in ("trade_order", "order_item", "payment", "dispute", "message"):
        await connection.execute(f"vacuum (full, analyze) marketplace.{table}")
        await connection.execute(f"vacuum marketplace.{table}")
    err.print(f"loaded in {time.perf_counter() - began:.0f} s")


def _database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _as(url: str, login: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{login}:{_PASSWORD}@{place}"))
