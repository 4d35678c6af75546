"""At 100,000 members and 1,000,000 orders, what a condition costs is look-ups in an index, never a reading of a table.

Longer than `make test` may take: run by `make scale`.
"""

import asyncio
import json
import re
import time
from collections.abc import Generator, Iterator
from typing import Any

import asyncpg
import pytest

from gateway.database import migration
from gateway.database.opening import Use
from gateway.database.session import session_settings
from gateway.demo import embedded
from gateway.demo.sample import marketplace
from gateway.policy import in_force
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Call, Compiler
from resolvers.front.document import Request
from schema.catalog import Catalog
from schema.marketplace.words import Roles
from schema.policy import policy_file
from schema.policy.grants import Policy
from schema.requester import Purpose, Requester, Role
from tests.conftest import run, silent

MEMBERS = 100_000

STATES = (
    *("affiliate_account", "business_transfer", "campaign_response", "consent", "contract", "credit_assessment"),
    *("data_subject_request", "legal_instrument", "legal_instrument_subject", "partner_arrival", "support_case"),
)

SLOWEST = 1.0
"""Seconds a first page may take: what is visible is sorted, and that may be tens of thousands of rows."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Generator[str]:
    with embedded.running(tmp_path_factory.mktemp("scale")) as cluster:
        run(cluster.url, lambda connection: _filled(connection, catalog))
        yield cluster.url


async def _filled(connection: Any, catalog: Catalog) -> None:
    await migration.migrate(connection, catalog)
    await in_force.ensure_active(connection, catalog)
    await marketplace.seed(connection, members=MEMBERS, seed=1, progress=silent)


@pytest.fixture(scope="module")
def policy(catalog: Catalog) -> Policy:
    return policy_file.load_policy(catalog.marketplace.first_policy, catalog)


def connections(compiler: Compiler, policy: Policy) -> Iterator[tuple[Role, Purpose, str]]:
    """Every connection at the root of every view."""
    for role in Roles:
        for purpose in sorted(policy.roles[role]):
            query_type = compiler.view(role, purpose).graphql.query_type
            assert query_type
            yield from ((role, purpose, name) for name, field in query_type.fields.items() if "first" in field.args)


def page(name: str) -> Request:
    document = f"{{ {name}(first: 20) {{ nodes {{ id }} pageInfo {{ hasNextPage }} }} }}"
    return Request(document=document, operation_name=None, variables={})


def scanned(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for inner in plan.get("Plans", ()):
        yield from scanned(inner)


async def planned(connection: Any, sql: str) -> dict[str, Any]:
    kinds = {int(number): kind for number, kind in re.findall(r"\$(\d+)::(\w+)\[\]", sql)}
    typed = ", ".join(f"{kinds[number]}[]" for number in sorted(kinds))
    await connection.execute(f"prepare asked ({typed}) as {sql}")
    nothing = ", ".join("null" for _ in kinds)
    explained = await connection.fetchval(f"explain (format json) execute asked ({nothing})")
    await connection.execute("deallocate asked")
    return json.loads(explained)[0]["Plan"]


def test_every_condition_is_looked_up_by_an_index(url: str, catalog: Catalog, policy: Policy) -> None:
    """Where PostgreSQL is set to avoid reading tables whole, no table of states is read whole: an index serves all."""
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)

    async def read_whole() -> dict[str, set[str]]:
        connection = await asyncpg.connect(
            url, server_settings={**session_settings(60, Use.READ, "marketplace"), "enable_seqscan": "off"}
        )
        found: dict[str, set[str]] = {}
        for role, purpose, name in connections(compiler, policy):
            statement = compiler.compiled(page(name), role, purpose).statement
            whole = set(scanned(await planned(connection, statement.sql))) & set(STATES)
            if whole:
                found[f"{role} {purpose} {name}"] = whole
        await connection.close()
        return found

    assert asyncio.run(read_whole()) == {}


def test_a_condition_that_holds_for_few_does_not_read_the_many(url: str, catalog: Catalog, policy: Policy) -> None:
    """As PostgreSQL plans it by itself: orders, payments, members and alike are read whole for no condition."""
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)
    large = {"member", "trade_order", "payment", "message", "browsing_event", "visit", "order_item", "product"}

    async def read_whole() -> dict[str, set[str]]:
        connection = await asyncpg.connect(url, server_settings=session_settings(60, Use.READ, "marketplace"))
        found: dict[str, set[str]] = {}
        for role, purpose, name in connections(compiler, policy):
            statement = compiler.compiled(page(name), role, purpose).statement
            if whole := set(scanned(await planned(connection, statement.sql))) & large:
                found[f"{role} {purpose} {name}"] = whole
        await connection.close()
        return found

    assert asyncio.run(read_whole()) == {}


def test_nodes_are_looked_up_by_an_index(url: str, catalog: Catalog, policy: Policy) -> None:
    """Each id of a list finds its row by the index of the row's own id, in every view."""
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)
    request = Request(
        document="query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", operation_name=None, variables={"ids": []}
    )
    large = {"member", "trade_order", "payment", "message", "browsing_event", "visit", "product"}

    async def read_whole() -> dict[str, set[str]]:
        connection = await asyncpg.connect(url, server_settings=session_settings(60, Use.READ, "marketplace"))
        found: dict[str, set[str]] = {}
        for role in Roles:
            for purpose in sorted(policy.roles[role]):
                statement = compiler.compiled(request, role, purpose).statement
                if whole := set(scanned(await planned(connection, statement.sql))) & large:
                    found[f"{role} {purpose}"] = whole
        await connection.close()
        return found

    assert asyncio.run(read_whole()) == {}


def test_a_first_page_of_anything_comes_within_a_second(url: str, catalog: Catalog, policy: Policy) -> None:
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)
    organisations: dict[Role, int] = {
        Roles.AFFILIATE: 2,
        Roles.SERVICE_PROVIDER: 4,
        Roles.PARTNER: 6,
        Roles.ADVERTISER: 8,
        Roles.BANK: 10,
        Roles.PAYMENT_VENDOR: 12,
        Roles.CREDIT_AGENCY: 14,
        Roles.AUTHORITY: 17,
        Roles.CLAIMANT: 18,
        Roles.ACQUIRER: 20,
    }

    async def slow() -> dict[str, float]:
        connection = await asyncpg.connect(url, server_settings=session_settings(60, Use.READ, "marketplace"))
        found: dict[str, float] = {}
        for role, purpose, name in connections(compiler, policy):
            requester = Requester(
                sub="scale",
                role=role,
                purpose=purpose,
                member=1 if role is Roles.MEMBER else None,
                organisation=organisations.get(role),
                reference="HK-2026-0117" if purpose.requires_instrument else None,
                key=bytes(32),
            )
            call = compiler.compile(page(name), requester)
            assert isinstance(call, Call)
            prepared = await connection.prepare(call.statement.sql)
            row = call.arguments(requester)
            began = time.perf_counter()
            await prepared.fetch(*([value] for value in row))
            took = time.perf_counter() - began
            if took > SLOWEST:
                found[f"{role} {purpose} {name}"] = took
        await connection.close()
        return found

    assert asyncio.run(slow()) == {}
