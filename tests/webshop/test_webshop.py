"""Tables that nobody made for Veil: what is mapped is shown, masked, sorted, filtered, counted and read by conditions alike."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import pytest

from gateway import app, column_notices
from gateway.database import migration
from gateway.database.migration import MigrationError
from gateway.database.opening import Use
from gateway.database.owner import look_in
from gateway.database.session import session_settings
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from schema.policy import policy_file
from tests.conftest import Asking, Requesting, run
from tests.webshop.conftest import NEWSLETTER, OWN, SUPPORT, TRADER


def nodes(asking: Asking, requesting: Requesting, query: str) -> Sequence[Mapping[str, Any]]:
    ((_, found),) = asking.data(requesting, query).items()
    return found["nodes"]


def test_an_expression_is_shown_and_masked_like_a_column(webshop: Asking) -> None:
    me = webshop.data(OWN, "{ me { id name tier registeredAt } }")["me"]
    assert me == {
        "id": "Customer:cus_1",
        "name": "Ada Byron",
        "tier": "GOLD",
        "registeredAt": "2020-01-01T10:00:00+00:00",
    }
    names = [each["name"] for each in nodes(webshop, SUPPORT, "{ customers { nodes { name } } }")]
    assert sorted(names) == ["A. ***", "B. ***", "C. ***"]


def test_an_expression_is_an_amount(webshop: Asking) -> None:
    query = "{ orders(orderBy: {total: ASC}) { nodes { id total position lines { what } } } }"
    assert nodes(webshop, TRADER, query) == [
        {"id": 'Order:W:~"11', "total": "0.99", "position": 8, "lines": [{"what": "a spoon"}]},
        {
            "id": "Order:W-10",
            "total": "12.50",
            "position": 7,
            "lines": [{"what": "a teapot"}, {"what": 'a "cup"'}],
        },
    ]


def test_rows_are_filtered_sorted_and_counted_by_what_is_mapped(webshop: Asking) -> None:
    query = '{ customers(filter: {name: {startsWith: "Cy"}}) { totalCount nodes { name } } }'
    webshop.data(NEWSLETTER, query)
    found = webshop.data(
        TRADER, '{ orders(filter: {status: {eq: DONE}, total: {gt: "1"}}) { totalCount nodes { id } } }'
    )
    assert found["orders"] == {"totalCount": 1, "nodes": [{"id": "Order:W-10"}]}


def test_pages_follow_each_other_by_what_is_mapped(webshop: Asking) -> None:
    first = "{ orders(first: 1, orderBy: {total: DESC}) { edges { cursor node { id position } } pageInfo { hasNextPage } } }"
    page = webshop.data(TRADER, first)["orders"]
    assert page["pageInfo"]["hasNextPage"]
    after = page["edges"][0]["cursor"]
    second = f'{{ orders(first: 1, orderBy: {{total: DESC}}, after: "{after}") {{ nodes {{ id }} pageInfo {{ hasNextPage hasPreviousPage }} }} }}'
    found = webshop.data(TRADER, second)["orders"]
    assert {page["edges"][0]["node"]["id"], found["nodes"][0]["id"]} == {"Order:W-10", 'Order:W:~"11'}
    assert found["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": True}


def test_a_word_that_is_not_mapped_is_hidden(webshop: Asking) -> None:
    query = "{ orders(orderBy: {position: ASC}) { nodes { status hiddenFields } } }"
    second = Requesting(role=TRADER.role, purpose=TRADER.purpose, member='c,2:".0"')
    assert nodes(webshop, second, query) == [
        {"status": "DONE", "hiddenFields": []},
        {"status": None, "hiddenFields": ["status"]},
    ]


def test_a_condition_reads_the_mapped_word_and_another_word_closes_it(webshop: Asking) -> None:
    """Of the orders of 3, one was cancelled in the shop's word, and one has a word that nobody mapped."""
    partners = {each["name"] for each in nodes(webshop, TRADER, "{ customers { nodes { name } } }")}
    assert partners == {"Bo"}
    third = Requesting(role=TRADER.role, purpose=TRADER.purpose, member="cus_3")
    assert nodes(webshop, third, "{ customers { nodes { name } } }") == []


def test_a_condition_reads_a_table_of_another_schema(webshop: Asking) -> None:
    assert [each["email"] for each in nodes(webshop, NEWSLETTER, "{ customers { nodes { email } } }")] == [
        "ada@example.com"
    ]


def test_a_token_opens_whatever_the_key_is_called(webshop: Asking) -> None:
    (token,) = {
        each["id"] for each in nodes(webshop, SUPPORT, "{ orders { nodes { id position } } }") if each["position"] == 8
    }
    found = webshop.data(SUPPORT, f'{{ order(id: "{token}") {{ position seller {{ name }} }} }}')
    assert found["order"] == {"position": 8, "seller": {"name": "C. ***"}}


@pytest.mark.parametrize("requesting", [TRADER, SUPPORT, OWN], ids=lambda each: each.purpose)
@pytest.mark.parametrize("of", ["orders", "parcels", "articles"])
def test_an_id_of_any_type_finds_its_row_again_in_the_form_in_which_it_is_shown(
    webshop: Asking, requesting: Requesting, of: str
) -> None:
    shown = [each["id"] for each in nodes(webshop, requesting, f"{{ {of} {{ nodes {{ id }} }} }}")]
    assert len(shown) > 1
    kind = of[:-1]
    for each in shown:
        found = webshop.data(
            requesting, f"query ($id: ID!) {{ {kind}(id: $id) {{ id }} node(id: $id) {{ id }} }}", {"id": each}
        )
        assert found == {kind: {"id": each}, "node": {"id": each}}
    found = webshop.data(requesting, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [*shown, "Order:x"]})
    assert found["nodes"] == [*({"id": each} for each in shown), None]


@pytest.mark.parametrize("requesting", [TRADER, SUPPORT, OWN], ids=lambda each: each.purpose)
@pytest.mark.parametrize("of", ["orders", "parcels", "articles"])
def test_pages_in_the_order_of_ids_of_any_type_show_every_row_once(
    webshop: Asking, requesting: Requesting, of: str
) -> None:
    every = {each["id"] for each in nodes(webshop, requesting, f"{{ {of} {{ nodes {{ id }} }} }}")}
    seen: list[str] = []
    after = None
    while True:
        query = f"query ($after: String) {{ {of}(first: 1, after: $after) {{ nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"
        page = webshop.data(requesting, query, {"after": after})[of]
        seen += [each["id"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert sorted(seen) == sorted(every)


def test_a_masked_id_does_not_find_its_row_plain(webshop: Asking) -> None:
    assert webshop.data(SUPPORT, '{ order(id: "Order:W-10") { id } }') == {"order": None}
    assert webshop.data(TRADER, '{ parcel(id: "Parcel:0F8FAD5B-D9CB-469F-A165-70867728950E") { id } }') == {
        "parcel": None
    }
    assert webshop.data(TRADER, '{ article(id: "Article:99999999999") { id } }') == {"article": None}


def test_rows_lead_to_each_other_by_ids_of_any_type(webshop: Asking) -> None:
    query = "{ parcels { nodes { weight order { id lines { article { id title } } parcels { nodes { weight } } } } } }"
    found = nodes(webshop, TRADER, query)
    assert [each["order"]["id"] for each in found] == ['Order:W:~"11', "Order:W-10"]
    assert found[1]["order"]["lines"] == [
        {"article": {"id": "Article:5", "title": "Porcelain"}},
        {"article": {"id": "Article:6", "title": "Glass"}},
    ]


def test_the_record_names_whom_the_rows_are_about(webshop: Asking) -> None:
    response = webshop.post(TRADER, "{ orders { nodes { id } } }")
    record = webshop.record(response)
    assert (sorted(record["subjects"]), record["cross_border"]) == (['c,2:".0"', "cus_1", "cus_3"], True)


def test_the_gateway_may_read_what_is_mapped_and_nothing_else(webshop_url: str) -> None:
    query = """
        select attrelid::regclass::text || '.' || attname from pg_attribute
        join pg_class on pg_class.oid = attrelid
        where relnamespace in ('shop'::regnamespace, 'consents'::regnamespace) and attnum > 0 and relkind = 'r'
          and has_column_privilege('veil_gateway', attrelid, attnum, 'select')"""
    rows = run(webshop_url, lambda connection: connection.fetch(query))
    readable = {row[0].removeprefix("shop.") for row in rows}
    assert {each for each in readable if each.startswith("customer.")} == {
        f"customer.{column}"
        for column in ("customer_id", "first_name", "last_name", "email", "country_code", "loyaltyTier", "created_at")
    }
    assert "consents.marketing.agreed" in readable


def test_a_mapped_table_is_read_by_its_indexes(webshop_url: str) -> None:
    """PostgreSQL pulls the select of a mapped table up: no row is made that the statement does not ask for."""
    catalog = app.catalog()
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    document = "{ me { name tier orders(first: 2) { nodes { status total seller { name } } } } }"
    request = Request(document=document, operation_name=None, variables={})
    compiled = Compiler(catalog, policy, DEFAULT_LIMITS).compiled(request, OWN.role, OWN.purpose)
    settings = {**session_settings(60, Use.READ, "shop"), "enable_seqscan": "off"}

    async def explained() -> str:
        connection: Any = await asyncpg.connect(webshop_url, server_settings=settings)
        try:
            rows = await connection.fetch(
                f"explain {compiled.statement.sql}", ["cus_1"], [None], [None], [b"k" * 32], [2]
            )
        finally:
            await connection.close()
        return "\n".join(row[0] for row in rows)

    plan = asyncio.run(explained())
    assert "customer_pkey" in plan
    assert "order_customer_id_idx" in plan
    # Those whose data the answer holds are found by their ids too, which a record's text has.
    assert "Seq Scan on customer" not in plan
    assert "Subquery Scan" not in plan.replace("Subquery Scan on r", "")


def test_what_was_granted_is_taken_back_once_nothing_reads_it(own_webshop_url: str) -> None:
    async def granted(connection: Any) -> bool:
        await migration.migrate(connection, app.catalog())
        await connection.execute("create table consents.other (a text); grant select on consents.other to veil_gateway")
        await migration.migrate(connection, app.catalog())
        return await connection.fetchval("select has_table_privilege('veil_gateway', 'consents.other', 'select')")

    assert run(own_webshop_url, granted) is False


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "alter table shop.customer drop column last_name",
            "the column customer.last_name is missing: add it to the table or view, then run `veil migrate`",
        ),
        (
            'alter table shop."order" rename to sale',
            'the table or view "order" is missing: make it, then run `veil migrate`',
        ),
        (
            "alter table consents.marketing alter since type text",
            "the column consents.marketing.since is of type text: make it timestamptz",
        ),
    ],
)
def test_what_a_mapped_column_reads_must_be_there(own_webshop_url: str, change: str, said: str) -> None:
    async def migrated(connection: Any) -> None:
        await connection.execute(change)
        await migration.migrate(connection, app.catalog())

    with pytest.raises(MigrationError) as refused:
        run(own_webshop_url, migrated)
    assert said in str(refused.value)


def test_stored_words_that_are_not_mapped_are_reported(webshop_url: str) -> None:
    async def asked(connection: Any) -> list[str]:
        await look_in(connection, "shop")
        found: list[str] = []
        for question in column_notices.questions(app.catalog(), frozenset()):
            (row,) = await connection.fetch(column_notices.statement(question.found).sql, [True])
            found += json.loads(row["json"])
        return found

    notices = run(webshop_url, asked)
    assert (
        "the column state of shop.order holds `requires_action` in 1 row: its enum lacks it, and it leaves as null"
        in notices
    )
    assert any("holds `requires_action` in 1 row: a condition reads it (PARTNER)" in each for each in notices)
    assert not any("loyaltyTier" in each for each in notices)
