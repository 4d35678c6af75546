"""What the officer finds records by is looked up by an index, in a log of 200,000 records, as PostgreSQL plans it by itself."""

import asyncio
import re
from collections.abc import Generator
from typing import Any

import asyncpg
import pytest

from gateway.database.opening import Use
from gateway.database.session import session_settings
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file
from tests.conftest import Databases, run

RECORDS = 200_000

ADD = """
    insert into veil.access_record (id, at, requester, role, purpose, organisation_id, reference, policy, plan, operation,
        outcome, refusals, subjects, shown, trace)
    select (lpad(to_hex(1740787200000 + i * 1000), 12, '0') || '7' || substr(md5(i::text), 1, 3) || '8'
            || substr(md5(i::text), 4, 15))::uuid,
        '2025-03-01'::timestamptz + i * interval '1 second', 'service:' || i * 7919 % 5000, 'PLATFORM', 'account_service',
        case when i % 2 = 0 then i * 31 % 500 end, case when i % 100 = 0 then 'case ' || i % 40 end, '2012-06-11',
        lpad((i % 200)::text, 32, '0')::uuid, 'Members', case when i % 50 = 0 then 'INVALID' else 'ANSWERED' end,
        case when i % 50 = 0 then 1 end,
        array[i * 17 % 100000, (i * 17 + 1) % 100000], '0', case when i % 3 = 0 then md5(i::text) end
    from generate_series(1, $1) i"""


@pytest.fixture(scope="module")
def url(databases: Databases) -> Generator[str]:
    made = databases.make("empty_market")

    async def work(connection: Any) -> None:
        await connection.execute(ADD, RECORDS)
        await connection.execute("vacuum analyze veil.access_record")

    run(made, work)
    yield made
    databases.drop(made)


async def planned(url: str, statement: str, parameters: int) -> str:
    """The plan of a gateway's session, for values that it does not know."""
    connection = await asyncpg.connect(url, server_settings=session_settings(60, Use.READ, "marketplace"))
    try:
        await connection.execute(f"prepare asked as {statement}")
        nothing = ", ".join(["null"] * parameters)
        return "\n".join(row[0] for row in await connection.fetch(f"explain (costs off) execute asked ({nothing})"))
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ("at: {gte: $moment}", "at_id_idx"),
        ("organisation: {eq: $id}", "organisation_id_at_idx"),
        ("requester: {eq: $text}", "requester_at_idx"),
        ("reference: {eq: $text}", "reference_at_idx"),
        ("trace: {eq: $text}", "trace_idx"),
        ("member: {eq: $id}", "subjects_idx"),
        ("purpose: {eq: $text}", "purpose_at_idx"),
        ("role: {eq: $text}, purpose: {eq: $text}", "purpose_at_idx"),
        ("role: {eq: $text}", "at_id_idx"),
        ("outcome: {eq: $text}", "at_id_idx"),
        ("refusals: {gte: $number}", "at_id_idx1"),
        ("refusals: {gte: $number}, at: {gte: $moment}", "at_id_idx1"),
        ("fields: {field: $text}", "at_id_idx"),
        ("organisation: {eq: $id}, outcome: {eq: $text}, at: {gte: $moment}", "organisation_id_at_idx"),
    ],
)
def test_a_filter_is_served_by_an_index(url: str, catalog: Catalog, wanted: str, index: str) -> None:
    """Newest first. Roles, outcomes, and what was shown, are looked for from the newest record back; a time bounds that."""
    compiler = Compiler(catalog, policy_file.load_policy(catalog.marketplace.first_policy, catalog), DEFAULT_LIMITS)
    kinds = {"moment": "DateTime", "text": "String", "id": "ID", "number": "Int"}
    used = [f"${name}: {kind}!" for name, kind in kinds.items() if f"${name}" in wanted]
    query = f"query ({', '.join(used)}) {{ accessRecords(filter: {{{wanted}}}) {{ nodes {{ id }} }} }}"
    values = {"moment": "2025-03-01T00:00:00Z", "text": "x", "id": "x", "number": 1}
    variables = {name: value for name, value in values.items() if f"${name}" in wanted}
    request = Request(document=query, operation_name=None, variables=variables)
    statement = compiler.compiled(request, Roles.PRIVACY_OFFICER, Purposes.PRIVACY_OVERSIGHT).statement.sql
    parameters = len(set(re.findall(r"\$(\d+)", statement)))
    plan = asyncio.run(planned(url, statement, parameters))
    assert f"access_record_other_{index}" in plan, plan
    assert "Seq Scan on access_record_other" not in plan
