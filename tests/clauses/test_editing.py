"""What members may edit besides what they registered (S1, A1): what they publish, and the means by which they pay."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.clauses.seeing import Market, asking_as, is_in_part

ME = asking_as("MEMBER", "self_service", member=2)
PUBLIC = asking_as("PUBLIC", "public_browsing")

EDITS: Mapping[str, tuple[str, str, Mapping[str, Any], Mapping[str, Any]]] = {
    "Company": (
        "company",
        "owner_id",
        {
            "website": "https://new.example.com",
            "employees": 12,
            "yearEstablished": 1998,
            "mainProducts": ["tea", " cups "],
            "contactPhone": "+442079460958",
        },
        {
            "website": "https://new.example.com",
            "employees": 12,
            "year_established": 1998,
            "main_products": ["tea", "cups"],
            "contact_phone": "+44 20 7946 0958",
        },
    ),
    "Product": ("product", "owner_id", {"price": "12.50", "currency": "eur"}, {"price": 12.5, "currency": "EUR"}),
    "BuyingRequest": (
        "buying_request",
        "buyer_id",
        {"quantity": None, "country": "de"},
        {"quantity": None, "country": "DE"},
    ),
    "ForumPost": ("forum_post", "author_id", {"body": "One\r\nTwo"}, {"body": "One\nTwo"}),
    "PaymentProfile": (
        "payment_profile",
        "member_id",
        {"cardNumber": "4111 1111 1111 1111", "cardExpiry": "09/31", "billingAddress": "1 New Road"},
        {
            "card_number": "4111111111111111",
            "card_expiry": "09/31",
            "billing_address": "1 New Road",
            "billing_city": None,
        },
    ),
}
"""Of each type: its table, the column of its member, what is given, and what is stored."""


def mutation(type_name: str, asked: str = "fields version") -> str:
    given = f"$id: ID!, $version: String, $input: Update{type_name}Input!"
    return f"mutation ({given}) {{ update{type_name}(id: $id, version: $version, input: $input) {{ {asked} }} }}"


def owned(market: Market, type_name: str) -> tuple[int, int]:
    """A row of a member who has one, and that member."""
    table, owner, *_ = EDITS[type_name]
    ((number, member), *_) = market.stored(f"select id, {owner} from {table} order by id")
    return number, member


@pytest.mark.clause(id="S1")
@pytest.mark.clause(id="A1")
@pytest.mark.grant(id="E1")
@pytest.mark.parametrize("type_name", EDITS)
def test_a_member_edits_their_own_and_nothing_of_anybody_else(market: Market, type_name: str) -> None:
    """What is given is stored in its form; all else of the row stays. To another member the row is not there."""
    table, _, given, expected = EDITS[type_name]
    number, member = owned(market, type_name)
    (before,) = market.stored(f"select * from {table} where id = {number}")
    variables = {"id": f"{type_name}:{number}", "input": given}
    stranger = asking_as("MEMBER", "self_service", member=member + 1)
    refused = market.asking.post(stranger, mutation(type_name), variables)
    assert refused.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert market.stored(f"select * from {table} where id = {number}") == [before]
    owner = asking_as("MEMBER", "self_service", member=member)
    changed = market.data(owner, mutation(type_name), variables)[f"update{type_name}"]
    assert set(changed["fields"]) == set(given)
    (after,) = market.stored(f"select * from {table} where id = {number}")
    assert dict(after) == {**dict(before), **expected}
    read = f'{{ node(id: "{type_name}:{number}") {{ ... on {type_name} {{ version }} }} }}'
    assert market.data(owner, read)["node"] == {"version": changed["version"]}


@pytest.mark.clause(id="U13")
@pytest.mark.grant(id="E1")
def test_what_a_member_publishes_anew_is_what_the_public_reads(market: Market) -> None:
    """From the next read on; and whatever they write into it, identifiers in it are shown by their kind."""
    number, member = owned(market, "Company")
    owner = asking_as("MEMBER", "self_service", member=member)
    text = "Write to me@example.com"
    market.data(owner, mutation("Company"), {"id": f"Company:{number}", "input": {"name": "New", "description": text}})
    seen = market.data(PUBLIC, f'{{ company(id: "Company:{number}") {{ name description }} }}')["company"]
    assert seen == {"name": "New", "description": "Write to [e-mail]"}


@pytest.mark.clause(id="S1")
@pytest.mark.grant(id="E1")
def test_an_edited_card_is_shown_in_part_as_any_other(market: Market) -> None:
    number, member = owned(market, "PaymentProfile")
    owner = asking_as("MEMBER", "self_service", member=member)
    given = {
        "id": f"PaymentProfile:{number}",
        "input": {"cardNumber": "5555555555554444", "billingAddress": "2 Old Road"},
    }
    market.data(owner, mutation("PaymentProfile"), given)
    read = f'{{ paymentProfile(id: "PaymentProfile:{number}") {{ cardNumber }} }}'
    shown = market.data(owner, read)["paymentProfile"]["cardNumber"]
    assert is_in_part("CARD_NUMBER", shown)
    assert shown.endswith("4444")


@pytest.mark.clause(id="S1")
@pytest.mark.parametrize(
    ("type_name", "field", "value"),
    [
        ("Company", "verified", True),
        ("PaymentProfile", "creditLimit", "1000000"),
        ("Product", "listedAt", "2030-01-01T00:00:00Z"),
        ("ForumPost", "author", "Member:1"),
    ],
)
def test_what_is_the_marketplaces_to_say_is_no_input(market: Market, type_name: str, field: str, value: Any) -> None:
    variables = {"id": f"{type_name}:1", "input": {field: value}}
    refused = market.asking.post(ME, mutation(type_name), variables).json()["errors"][0]
    assert refused["extensions"]["code"] == "VARIABLE"


@pytest.mark.clause(id="U16")
def test_what_was_paid_cannot_be_changed(market: Market) -> None:
    text = 'mutation { updatePayment(id: "Payment:1", input: {cardNumber: "4111111111111111"}) { fields } }'
    assert market.refusal(ME, text) == "INVALID"
