"""Whoever is counted, or looked at beyond a page, is named in the record; a count of too many is told roughly."""

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from gateway.demo.development import DevelopmentKey
from schema.marketplace.words import Purposes, Roles
from tests.conftest import ADVERTISER, CARE, MEMBER, PUBLIC, STAFF, Asking, Requesting, Serving, run, settings_for

PARTNER = Requesting(role=Roles.PARTNER, purpose=Purposes.PARTNER_TRACKING, organisation=6)
AFFILIATE = Requesting(role=Roles.AFFILIATE, purpose=Purposes.AFFILIATE_SHARING, organisation=2)


def asked(
    gateway: Asking, requesting: Requesting, query: str, variables: Mapping[str, Any] | None = None
) -> tuple[Any, Mapping[str, Any]]:
    """The data of an answer, and its record."""
    response = gateway.post(requesting, query, variables)
    answer = response.json()
    assert "errors" not in answer, answer
    return answer["data"], gateway.record(response)


# Counts.

BELOW = "query ($bound: Decimal) { orders(first: 0, filter: {total: {lt: $bound}}) { totalCount } }"
ALL = "{ orders(first: 0) { totalCount } }"


def test_two_counts_name_whom_their_difference_is_about(gateway: Asking) -> None:
    """A total was found exactly by bisection, and its time, in requests whose records named nobody."""
    shown, page = asked(gateway, AFFILIATE, "{ orders(first: 100) { totalCount nodes { total } } }")
    totals = sorted({float(order["total"]) for order in shown["orders"]["nodes"]})
    assert len(totals) > 5
    found, everybody = asked(gateway, AFFILIATE, ALL)
    assert found["orders"]["totalCount"] == len(shown["orders"]["nodes"])
    assert set(everybody["subjects"]) == set(page["subjects"])
    for bound in (totals[0], totals[len(totals) // 2], totals[-1]):
        below, record = asked(gateway, AFFILIATE, BELOW, {"bound": f"{bound:.2f}"})
        assert below["orders"]["totalCount"] == record["row_count"]
        rest, others = asked(gateway, AFFILIATE, BELOW.replace("lt:", "gte:"), {"bound": f"{bound:.2f}"})
        assert rest["orders"]["totalCount"] > 0
        assert set(record["subjects"]) | set(others["subjects"]) == set(everybody["subjects"])
        assert others["subjects"]


def test_a_count_that_is_left_out_names_nobody(gateway: Asking) -> None:
    query = "query ($on: Boolean!) { orders(first: 0) { totalCount @include(if: $on) again: totalCount @skip(if: true) nodes { id } } }"
    for on in (True, False):
        found, record = asked(gateway, PARTNER, query, {"on": on})
        assert bool(record["subjects"]) is bool(record["row_count"]) is ("totalCount" in found["orders"]) is on


def test_a_count_under_several_names_is_recorded_once(gateway: Asking) -> None:
    found, record = asked(gateway, PARTNER, "{ orders(first: 0) { a: totalCount b: totalCount } }")
    assert record["row_count"] == found["orders"]["a"] == found["orders"]["b"] > 0


def test_whoever_is_counted_of_a_member_is_named(gateway: Asking) -> None:
    """The sellers from whom a member bought, though of the purchases nothing but their number is told."""
    query = "{ members(first: 100) { nodes { purchases(first: 0) { totalCount } } } }"
    found, record = asked(gateway, STAFF, query)
    counts = [node["purchases"]["totalCount"] for node in found["members"]["nodes"]]
    assert record["row_count"] == len(counts) + sum(counts) > len(counts)
    sellers = run(
        gateway.url,
        lambda connection: connection.fetch("select distinct seller_id from marketplace.trade_order"),
    )
    assert {row[0] for row in sellers} <= set(record["subjects"])


@pytest.fixture(scope="module")
def crowded(databases: Any, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    """A market where some things are many."""
    url = databases.make("sample_market")
    run(url, lambda connection: connection.execute(CROWDS))
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        yield asking
        asking.client.close()
    databases.drop(url)


CROWDS = """\
set search_path = marketplace;
insert into member (id, name, email, kind, registered_at)
select 10000 + n, 'Crowd', n || '@crowd.example', 'SUPPLIER', now() from generate_series(1, 1234) n;
insert into company (id, owner_id, name, country)
select 10000 + n, 10000 + n, to_char(n, 'FM0000'), 'ZZ' from generate_series(1, 1234) n;
insert into product (company_id, owner_id, title, category, price, currency, listed_at)
select 10001, 10001, 'One of many', 'Crowds', 1, 'EUR', now() from generate_series(1, 11000);
insert into product (company_id, owner_id, title, category, price, currency, listed_at)
select 10000 + n, 10000 + n, 'One of many', 'Everywhere', 1, 'EUR', now() from generate_series(1, 1234) n, generate_series(1, 9);
insert into browsing_event (member_id, at, url) select 1, now(), '/' from generate_series(1, 1234)"""

CROWD = '{ companies(first: 0, filter: {country: {eq: "ZZ"}}) { totalCount } }'


def test_a_count_of_more_than_a_thousand_members_is_rounded_and_its_number_recorded(crowded: Asking) -> None:
    found, record = asked(crowded, PUBLIC, CROWD)
    assert found["companies"]["totalCount"] == 1_230
    assert (record["subjects"], record["row_count"]) == ([], 1_234)


def test_the_marketplace_itself_is_told_exactly(crowded: Asking) -> None:
    found, record = asked(crowded, STAFF, '{ members(first: 0, filter: {email: {startsWith: "1"}}) { totalCount } }')
    assert found["members"]["totalCount"] == record["row_count"]
    found, record = asked(crowded, STAFF, "{ members(first: 0) { totalCount } }")
    assert found["members"]["totalCount"] == record["row_count"] > 1_234
    assert record["subjects"] == []


def test_a_thousand_are_named_and_one_more_is_not(crowded: Asking) -> None:
    upto = 'query ($to: String) { companies(first: 0, filter: {country: {eq: "ZZ"}, name: {lt: $to}}) { totalCount } }'
    for to, named in (("1001", 1_000), ("1002", 0)):
        found, record = asked(crowded, PUBLIC, upto, {"to": to})
        assert (found["companies"]["totalCount"], len(record["subjects"])) == (1_000, named)
        assert record["row_count"] == int(to) - 1


def test_many_rows_of_one_member_name_them_and_are_counted_exactly(crowded: Asking) -> None:
    """The rule is about members, not about rows: one member's ten rows named nobody."""
    found, record = asked(crowded, PUBLIC, '{ products(first: 0, filter: {category: {eq: "Crowds"}}) { totalCount } }')
    assert found["products"]["totalCount"] == 11_000
    assert (record["subjects"], record["row_count"]) == ([10_001], 11_000)


def test_many_rows_of_many_members_are_counted_roughly(crowded: Asking) -> None:
    query = '{ products(first: 0, filter: {category: {eq: "Everywhere"}}) { totalCount } }'
    found, record = asked(crowded, PUBLIC, query)
    assert found["products"]["totalCount"] == 11_100
    assert (record["subjects"], record["row_count"]) == ([], 11_106)


def test_a_member_counts_their_own_rows_exactly(crowded: Asking) -> None:
    found, record = asked(crowded, MEMBER, "{ me { browsing(first: 0) { totalCount } } }")
    assert found["me"]["browsing"]["totalCount"] > 1_234
    assert record["subjects"] == [1]


# Beyond a page.


@pytest.mark.parametrize("requesting", [STAFF, ADVERTISER, CARE], ids=lambda each: each.role)
def test_whoever_is_next_to_a_page_is_named(gateway: Asking, requesting: Requesting) -> None:
    """To say that there is a row behind a page of none is to tell of that row's member."""
    one = "query ($a: String) { members(first: %d, after: $a) { %s } }"
    after: str | None = None
    for _ in range(3):
        peeked, record = asked(gateway, requesting, one % (0, "pageInfo { hasNextPage }"), {"a": after})
        found, shown = asked(gateway, requesting, one % (1, "nodes { id } pageInfo { endCursor }"), {"a": after})
        assert peeked["members"]["pageInfo"]["hasNextPage"] is bool(found["members"]["nodes"])
        assert record["subjects"] == shown["subjects"]
        assert record["row_count"] == 0
        after = found["members"]["pageInfo"]["endCursor"]
        if after is None:
            break


def test_whoever_is_before_a_page_is_named(gateway: Asking) -> None:
    """It is the row the cursor is of, while it is there."""
    first, shown = asked(gateway, STAFF, "{ members(first: 1) { nodes { id } pageInfo { endCursor } } }")
    end = first["members"]["pageInfo"]["endCursor"]
    query = "query ($a: String) { members(first: 0, after: $a) { pageInfo { hasPreviousPage } } }"
    found, record = asked(gateway, STAFF, query, {"a": end})
    assert found["members"]["pageInfo"]["hasPreviousPage"] is True
    assert record["subjects"] == shown["subjects"] != []
    back = "query ($b: String) { members(last: 0, before: $b) { pageInfo { hasNextPage hasPreviousPage } } }"
    found, record = asked(gateway, STAFF, back, {"b": end})
    assert found["members"]["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": False}
    assert record["subjects"] == shown["subjects"]


def test_a_page_that_is_not_asked_about_others_names_its_own_members_alone(gateway: Asking) -> None:
    found, record = asked(gateway, STAFF, "{ members(first: 2) { nodes { id } pageInfo { startCursor endCursor } } }")
    shown = {int(node["id"].removeprefix("Member:")) for node in found["members"]["nodes"]}
    assert set(record["subjects"]) == shown
    _, wider = asked(gateway, STAFF, "{ members(first: 2) { nodes { id } pageInfo { hasNextPage } } }")
    assert len(set(wider["subjects"]) - shown) == 1
