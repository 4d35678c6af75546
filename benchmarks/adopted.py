"""Tables that nobody made for Veil beside those it makes: the same members and orders, asked in turns in one run.

The tables are those of `tests/webshop`: text ids, other names, words that are mapped, amounts in cents. They have the
indexes that `veil check` asks for.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import httpx

from benchmarks.markets import Market, fetch_as_owner, market, run_as_owner, settings
from benchmarks.personas import ADVERTISER, MEMBER, STAFF, Persona
from benchmarks.places import err, python_server
from benchmarks.turns import Asked, milliseconds
from gateway import app
from gateway.database import migration
from gateway.database.owner import look_in, owner
from gateway.demo import embedded
from gateway.demo.development import DevelopmentKey
from gateway.policy import in_force
from tests.webshop.conftest import TABLES
from tests.webshop.marketplace import Purposes, Roles

MEMBERS: Final = 20_000
"""Orders are four times as many."""

PACKAGE: Final = "tests.webshop"
COURIER: Final = UUID("11111111-2222-3333-4444-555555555555")
_NAME = "adopted"

_INDEXES = (
    "create index on shop.customer ((created_at at time zone 'UTC'), customer_id)",
    'create index on shop."order" (customer_id, placed, order_no)',
    'create index on shop."order" (seller_id, placed, order_no)',
    'create index on shop."order" (placed, order_no)',
    "create index on shop.line (article_no)",
    "create index on shop.parcel (sent, parcel_id)",
    "create index on shop.parcel (order_no)",
    "create index on shop.parcel (customer_id)",
    "create index on consents.marketing (customer)",
    "create index on shop.delivery (courier, customer)",
    "create index on shop.delivery (customer)",
)
_EMPTY = 'truncate shop.customer, shop."order", shop.line, shop.parcel, shop.delivery, consents.marketing cascade'

_CUSTOMERS = """
    select 'cus_' || id, split_part(name, ' ', 1), nullif(substr(name, strpos(name, ' ') + 1), ''), email, lower(country),
        (array['g', 'silver'])[1 + id % 2], (registered_at at time zone 'UTC')::timestamp, 'x'
    from marketplace.member order by id"""
_ORDERS = """
    select 'W-' || id, 'cus_' || buyer_id, 'cus_' || seller_id,
        case status when 'CANCELLED' then 'canceled' when 'DELIVERED' then 'completed' else 'pending' end,
        (total * 100)::bigint, (id % 100)::integer, placed_at
    from marketplace.trade_order order by id"""
_DELIVERIES = """
    select distinct 'cus_' || member_id from marketplace.campaign_response
    join marketplace.campaign on campaign.id = campaign_id where campaign.organisation_id = 8"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What is asked of both, by requesters who see alike much."""

    name: str
    shipped: tuple[Persona, str]
    adopted: tuple[Persona, str]


_CUSTOMER = Persona(role=Roles.CUSTOMER, purpose=Purposes.OWN_DATA)
_CARE = Persona(role=Roles.CARE, purpose=Purposes.SUPPORT)
_DELIVERER = Persona(role=Roles.COURIER, purpose=Purposes.DELIVERY)
_PLACED = "nodes { status total placedAt }"

PAIRS: Final = (
    Pair(
        name="point: a member's own row",
        shipped=(MEMBER, "{ me { name email country registeredAt } }"),
        adopted=(_CUSTOMER, "{ me { name email country registeredAt } }"),
    ),
    Pair(
        name="page: 20 members, for staff",
        shipped=(STAFF, "{ members(first: 20) { nodes { name email country } } }"),
        adopted=(_CARE, "{ customers(first: 20) { nodes { name email country } } }"),
    ),
    Pair(
        name="a member's own orders, 20",
        shipped=(MEMBER, f"{{ me {{ purchases(first: 20) {{ {_PLACED} }} }} }}"),
        adopted=(_CUSTOMER, f"{{ me {{ orders(first: 20) {{ {_PLACED} }} }} }}"),
    ),
    Pair(
        name="an advertiser's list, 20",
        shipped=(ADVERTISER, "{ members(first: 20) { nodes { name country } } }"),
        adopted=(_DELIVERER, "{ customers(first: 20) { nodes { name country } } }"),
    ),
)


def adopted(cluster: embedded.Cluster, key: DevelopmentKey, rounds: int) -> None:
    """Prints how long both take, with what `veil check` takes over the tables that nobody made for Veil."""
    shipped = market(cluster, MEMBERS)
    own = _foreign(cluster, shipped)
    _check(own)
    environment = {**settings(shipped, key), "VEIL_REQUEST_LOG": "false"}
    other = {**environment, "VEIL_DATABASE": own.gateway, "VEIL_MARKETPLACE": PACKAGE}
    with (
        python_server("shipped", "gateway.app:create", environment) as first,
        python_server("adopted", "gateway.app:create", other) as second,
        httpx.Client(timeout=60) as client,
    ):
        for pair in PAIRS:
            asked = [
                Asked(
                    client=client,
                    address=f"{server.address}/graphql",
                    headers=_headers(who, key),
                    body={"query": query},
                )
                for server, (who, query) in ((first, pair.shipped), (second, pair.adopted))
            ]
            before, after = milliseconds(asked, rounds)
            err.print(f"{pair.name}: {before:.2f} ms shipped, {after:.2f} ms adopted, {after / before:.2f} times")


def _headers(who: Persona, key: DevelopmentKey) -> Mapping[str, str]:
    """Their ids are of the types that the webshop has."""
    if who is _CUSTOMER:
        who = replace(who, member="cus_1")
    if who is _DELIVERER:
        who = replace(who, organisation=COURIER)
    return who.headers(key)


def _check(own: Market) -> None:
    began = time.perf_counter()
    command = [sys.executable, "-c", "from gateway.cli.main import main; main()", "check", "--database", own.owner]
    checked = subprocess.run(
        command, env={**os.environ, "VEIL_MARKETPLACE": PACKAGE}, capture_output=True, text=True, check=False
    )
    err.print(f"`veil check` takes {time.perf_counter() - began:.1f} s and says:\n{checked.stdout}{checked.stderr}")


def _foreign(cluster: embedded.Cluster, shipped: Market) -> Market:
    """The webshop with the members and orders of a marketplace, made anew."""
    url = urlunsplit(urlsplit(cluster.url)._replace(path=f"/{_NAME}"))
    at_server = replace(shipped, owner=cluster.url)
    run_as_owner(
        at_server, f"drop database if exists {_NAME} with (force)", f"create database {_NAME} template template0"
    )
    own = replace(shipped, owner=url)
    rows = {
        ("shop", "customer"): fetch_as_owner(shipped, _CUSTOMERS),
        ("shop", "order"): fetch_as_owner(shipped, _ORDERS),
        ("shop", "delivery"): [(COURIER, row[0]) for row in fetch_as_owner(shipped, _DELIVERIES)],
    }
    return replace(own, gateway=_filled(own, rows))


def _filled(own: Market, rows: Mapping[tuple[str, str], Sequence[Any]]) -> str:
    """The URL of the gateway's login."""

    async def fill() -> str:
        catalog = app.catalog(PACKAGE)
        async with owner(own.owner) as connection:
            await connection.execute(TABLES)
            await connection.execute(_EMPTY)
            for (schema, table), records in rows.items():
                await connection.copy_records_to_table(table, records=map(tuple, records), schema_name=schema)
            for index in _INDEXES:
                await connection.execute(index)
            await connection.execute("vacuum analyze")
            await look_in(connection, catalog.marketplace.schema)
            await migration.migrate(connection, catalog)
            await in_force.ensure_active(connection, catalog)
            return await migration.create_login(connection, own.owner, "veil_benchmark", "benchmark")

    return asyncio.run(fill())
