"""What is collected (C1 to C9): eight kinds of information, each seen by those it is granted to and by nobody else."""

from collections.abc import Mapping

import pytest

from schema.marketplace.words import Purposes, Roles
from tests.clauses.seeing import Market, asking_as
from tests.clauses.table import EIGHT, TABLE

PROBES: Mapping[str, str] = {
    "REGISTRATION": "{ members(first: 1) { nodes { jobTitle } } }",
    "PUBLISHING": "{ companies(first: 1) { nodes { verified } } }",
    "BUYER": "{ browsingEvents(first: 1) { nodes { dwellSeconds } } }",
    "PAYMENT": "{ payments(first: 1) { nodes { method } } }",
    "ACCOUNT_ACTIVITIES": "{ orders(first: 1) { nodes { status } } }",
    "STATISTICAL": "{ visits(first: 1) { nodes { device } } }",
    "MARKETING": "{ marketingContacts(first: 1) { nodes { event } } }",
    "PERSONAL": "{ messages(first: 1) { nodes { sentAt } } }",
    "COMPLAINTS": "{ complaints(first: 1) { nodes { status } } }",
    "ACCESS_LOG": "{ accessRecords(first: 1) { nodes { outcome } } }",
    "PAPERS": "{ legalInstruments(first: 1) { nodes { kind } } }",
    "CHOICES": "{ members(first: 1) { nodes { consents(first: 1) { nodes { given } } } } }",
}
"""A question for something of each kind that identifies nobody, and so is shown to all who see any of it."""


def shown(market: Market, role: str, purpose: str, kind: str) -> bool:
    """Whether a requester has this kind of information in its schema; if not, its question is refused as unknown."""
    answer = market.asking.post(asking_as(role, purpose), PROBES[kind]).json()
    if "data" in answer:
        return True
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID"], answer
    return False


@pytest.mark.clause(id="U4")
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("REGISTRATION", marks=pytest.mark.clause(id="C1")),
        pytest.param("PUBLISHING", marks=pytest.mark.clause(id="C2")),
        pytest.param("BUYER", marks=pytest.mark.clause(id="C3")),
        pytest.param("PAYMENT", marks=pytest.mark.clause(id="C4")),
        pytest.param("ACCOUNT_ACTIVITIES", marks=pytest.mark.clause(id="C5")),
        pytest.param("STATISTICAL", marks=pytest.mark.clause(id="C6")),
        pytest.param("MARKETING", marks=pytest.mark.clause(id="C7")),
        pytest.param("PERSONAL", marks=pytest.mark.clause(id="C8")),
        "COMPLAINTS",
        "ACCESS_LOG",
        "CHOICES",
        "PAPERS",
    ],
)
def test_a_kind_of_information_is_in_the_schema_of_those_it_is_granted_to_and_of_nobody_else(
    sample: Market, kind: str
) -> None:
    """Every role for every purpose it may ask for."""
    policy = sample.data(asking_as("PUBLIC", "public_browsing"), "{ privacyPolicy { roles { role purposes } } }")
    everybody = {(each["role"], purpose) for each in policy["privacyPolicy"]["roles"] for purpose in each["purposes"]}
    granted = {(grant.role, grant.purpose) for grant in TABLE if grant.category == kind}
    assert {who for who in everybody if shown(sample, *who, kind)} == granted
    assert 0 < len(granted) < len(everybody)


@pytest.mark.clause(id="C9")
def test_the_eight_kinds_together_are_all_that_is_collected_of_a_member(sample: Market) -> None:
    """What came by cookies or by affiliates is among them: a member sees each of the eight of herself."""
    assert len(EIGHT) == 8
    me = asking_as("MEMBER", "self_service")
    own = {
        "REGISTRATION": ("members", "select id from member where id = 1"),
        "BUYER": ("browsingEvents", "select id from browsing_event where member_id = 1"),
        "PAYMENT": ("payments", "select id from payment where buyer_id = 1"),
        "ACCOUNT_ACTIVITIES": ("orders", "select id from trade_order where 1 in (buyer_id, seller_id)"),
        "STATISTICAL": ("visits", "select id from visit where member_id = 1"),
        "MARKETING": ("marketingContacts", "select id from marketing_contact where member_id = 1"),
        "PERSONAL": ("messages", "select id from message where 1 in (sender_id, recipient_id)"),
    }
    assert {*own, "PUBLISHING"} == set(EIGHT)
    for root, expected in own.values():
        assert sample.rows(me, root) == sample.numbers(expected) != set()
    supplier = asking_as("MEMBER", "self_service", member=2)
    assert sample.rows(supplier, "companies") == sample.numbers("select id from company where owner_id = 2") != set()
    cookies = {each["cookie"] for each in sample.nodes(me, "browsingEvents", "cookie")}
    assert cookies == sample.numbers("select cookie from browsing_event where member_id = 1")


def test_every_role_and_purpose_of_the_table_is_known() -> None:
    assert {Roles(grant.role) for grant in TABLE} == set(Roles)
    assert {Purposes(grant.purpose) for grant in TABLE} == set(Purposes)
