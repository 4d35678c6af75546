"""What members publish they may withdraw, from the next read on (S1, U13); and publish again."""

from typing import Any

import pytest

from tests.clauses.seeing import Market, asking_as, code
from tests.conftest import Requesting

PUBLIC = asking_as("PUBLIC", "public_browsing")
BROWSING = asking_as("MEMBER", "public_browsing", member=3)
ANALYST = asking_as("PLATFORM", "statistical_analysis")
OPERATOR = asking_as("PLATFORM", "site_operation")
AFFILIATE = asking_as("AFFILIATE", "affiliate_sharing")
STAFF = asking_as("PLATFORM", "account_service")

KINDS = {
    "Company": ("companies", "company", "company", "owner_id"),
    "Product": ("products", "product", "product", "owner_id"),
    "BuyingRequest": ("buyingRequests", "buyingRequest", "buying_request", "buyer_id"),
    "ForumPost": ("forumPosts", "forumPost", "forum_post", "author_id"),
}
"""Types with their list, their look-up, their table and the column of whose they are."""


@pytest.fixture(autouse=True)
def nothing_is_withdrawn(market: Market) -> None:
    for _, _, table, _ in KINDS.values():
        market.change(f"update {table} set withdrawn_at = null where withdrawn_at is not null")


def a_row(market: Market, kind: str) -> tuple[int, Requesting]:
    """The number of a row of somebody, who has an account at the affiliate, and whose it is."""
    _, _, table, owner = KINDS[kind]
    ((number, member),) = market.stored(f"select id, {owner} from {table} where {owner} <> 3 order by id limit 1")
    account = f"select 2, {member}, now() - interval '1 day'"
    market.change(f"insert into affiliate_account (organisation_id, member_id, starts_at) {account}")
    return number, asking_as("MEMBER", "self_service", member=member)


def done(market: Market, who: Requesting, mutation: str, kind: str, number: int) -> Any:
    """What is answered to a mutation that is given an id alone."""
    return market.asking.post(
        who, f"mutation ($id: ID!) {{ {mutation}(id: $id) {{ fields }} }}", {"id": f"{kind}:{number}"}
    )


def sees(market: Market, who: Requesting, kind: str, number: int) -> bool:
    """Whether it is in the list, found by its id and counted; or none of these."""
    root, single, table, _ = KINDS[kind]
    listed = number in market.rows(who, root)
    identity = f"{kind}:{number}"
    query = f"query ($id: ID!) {{ {single}(id: $id) {{ id }} node(id: $id) {{ id }} {root} {{ totalCount }} }}"
    found = market.data(who, query, {"id": identity})
    assert (found[single] is not None, found["node"] is not None) == (listed, listed)
    if who == PUBLIC:
        gone = market.stored(f"select from {table} where withdrawn_at is not null")
        assert found[root]["totalCount"] == len(market.stored(f"select from {table}")) - len(gone)
    return listed


@pytest.mark.clause(id="S1")
@pytest.mark.clause(id="U13")
@pytest.mark.grant(id="E1")
@pytest.mark.grant(id="G1")
@pytest.mark.grant(id="G12b")
@pytest.mark.grant(id="G14b")
@pytest.mark.grant(id="G19b")
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_withdrawn_is_its_owners_and_the_staffs_alone(market: Market, kind: str) -> None:
    """From the next read on, for everybody else it is as if it did not exist; and it can be published again."""
    number, owner = a_row(market, kind)
    others = (PUBLIC, BROWSING, ANALYST, OPERATOR, AFFILIATE)
    for mutation, is_published in ((f"withdraw{kind}", False), (f"publish{kind}", True), (f"withdraw{kind}", False)):
        assert sees(market, PUBLIC, kind, number) is not is_published
        response = done(market, owner, mutation, kind, number)
        assert response.json()["data"] == {mutation: {"fields": ["withdrawnAt"]}}
        record = market.asking.record(response)
        assert (record["outcome"], record["subjects"]) == ("ANSWERED", [owner.member])
        assert [sees(market, who, kind, number) for who in others] == [is_published] * len(others)
        assert sees(market, STAFF, kind, number)
        root = KINDS[kind][1]
        own = market.data(
            owner, f"query ($id: ID!) {{ {root}(id: $id) {{ withdrawnAt }} }}", {"id": f"{kind}:{number}"}
        )
        assert (own[root]["withdrawnAt"] is None) is is_published
        # What is so already is not done again.
        assert code(done(market, owner, mutation, kind, number)) == "NOT_FOUND"


@pytest.mark.clause(id="S1")
@pytest.mark.grant(id="E1")
def test_nobody_withdraws_what_is_another_members(market: Market) -> None:
    number, _ = a_row(market, "Product")
    other = asking_as("MEMBER", "self_service", member=3)
    response = done(market, other, "withdrawProduct", "Product", number)
    assert (code(response), market.asking.record(response)["outcome"]) == ("NOT_FOUND", "NOT_FOUND")
    for who in (BROWSING, STAFF, AFFILIATE):
        assert code(done(market, who, "withdrawProduct", "Product", number)) == "INVALID"
    assert sees(market, PUBLIC, "Product", number)


@pytest.mark.clause(id="U13")
@pytest.mark.grant(id="G1")
def test_a_page_that_is_withdrawn_is_led_to_by_nothing(market: Market) -> None:
    """Its products stay, without the way back to it, until they are withdrawn themselves; then no list has them."""
    number, owner = a_row(market, "Company")
    products = market.numbers(f"select id from product where company_id = {number}")
    assert len(products) > 1
    done(market, owner, "withdrawCompany", "Company", number).raise_for_status()
    shown = market.nodes(PUBLIC, "products", "id company { id }")
    ways = {each["id"]: each["company"] for each in shown}
    assert [ways[f"Product:{each}"] for each in sorted(products)] == [None] * len(products)
    done(market, owner, "publishCompany", "Company", number).raise_for_status()
    gone = min(products)
    done(market, owner, "withdrawProduct", "Product", gone).raise_for_status()
    query = "query ($id: ID!) { company(id: $id) { products(first: 100) { totalCount nodes { id } } } }"
    found = market.data(PUBLIC, query, {"id": f"Company:{number}"})["company"]["products"]
    assert {each["id"] for each in found["nodes"]} == {f"Product:{each}" for each in products - {gone}}
    assert found["totalCount"] == len(products) - 1


@pytest.mark.clause(id="U13")
def test_who_carries_out_a_members_request_sees_what_was_withdrawn_too(market: Market) -> None:
    """The request is about all that is held."""
    _, owner = a_row(market, "Company")
    categories = "array['PUBLISHING'], 'ACCESS', now() - interval '1 day'"
    market.change(
        "insert into data_subject_request (member_id, categories, kind, starts_at)"
        f" values ({owner.member}, {categories})"
    )
    officer = asking_as("PRIVACY_OFFICER", "data_subject_request")
    seen = market.rows(officer, "companies")
    assert seen
    market.change("update company set withdrawn_at = now()")
    assert market.rows(officer, "companies") == seen
    assert market.rows(PUBLIC, "companies") == set()
