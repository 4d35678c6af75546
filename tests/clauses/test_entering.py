"""What officers and staff enter, approve, end and suspend (U5, U6, U8, U10, U15, D1 to D4, U2): done, recorded, held to."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.clauses.seeing import Market, act, asking_as, enter
from tests.clauses.test_changing import refusal
from tests.conftest import Requesting

OFFICER = asking_as("PRIVACY_OFFICER", "privacy_administration")
STAFF = asking_as("PLATFORM", "account_service")

ORDER: Mapping[str, Any] = {
    "kind": "COURT_ORDER",
    "organisation": "Organisation:17",
    "categories": ["REGISTRATION", "PAYMENT"],
    "members": ["Member:3", "Member:5"],
}


def by(name: str, who: Requesting = OFFICER) -> Requesting:
    """The same requester, as somebody of this name."""
    return replace(who, sub=name)


def moment(**later: float) -> str:
    return (datetime.now(UTC) + timedelta(**later)).isoformat()


def latest(market: Market, table: str) -> dict[str, Any]:
    (row,) = market.stored(f"select * from {table} order by id desc limit 1")
    return dict(row)


def count(market: Market, table: str) -> int:
    return len(market.stored(f"select id from {table}"))


# Entered, in force at the next read, and ended.


@pytest.mark.clause(id="U5")
@pytest.mark.grant(id="E8a")
def test_a_contract_that_is_entered_opens_and_one_that_is_ended_closes(market: Market) -> None:
    """The second provider's contract has ended long since."""
    provider = asking_as("SERVICE_PROVIDER", "site_operation", organisation=5)
    assert market.rows(provider, "members") == set()
    given = {"organisation": "Organisation:5", "purposes": ["site_operation"]}
    response = enter(market, "enterContract", given)
    assert response.json()["data"] == {"enterContract": {"fields": ["organisation", "purposes"]}}
    assert market.rows(provider, "members") != set()
    record = market.asking.record(response)
    assert (record["outcome"], record["subjects"]) == ("ANSWERED", [])
    contract = latest(market, "contract")
    assert act(market, "endContract", f"Contract:{contract['id']}").json()["data"] == {
        "endContract": {"fields": ["endsAt"]}
    }
    assert market.rows(provider, "members") == set()
    assert refusal(act(market, "endContract", f"Contract:{contract['id']}"))[0] == "NOT_FOUND"


@pytest.mark.clause(id="U6")
@pytest.mark.grant(id="E8b")
def test_an_account_that_is_entered_opens_its_member_to_the_affiliate(market: Market) -> None:
    """It is recorded as about the member, with no value."""
    affiliate = asking_as("AFFILIATE", "affiliate_sharing")
    assert 19 not in market.rows(affiliate, "members")
    response = enter(market, "enterAffiliateAccount", {"organisation": "Organisation:2", "member": "Member:19"})
    record = market.asking.record(response)
    assert record["subjects"] == [19]
    assert 19 in market.rows(affiliate, "members")
    account = latest(market, "affiliate_account")
    act(market, "endAffiliateAccount", f"AffiliateAccount:{account['id']}")
    assert 19 not in market.rows(affiliate, "members")


@pytest.mark.clause(id="U15")
@pytest.mark.grant(id="E8d")
def test_an_assessment_may_be_a_banks_or_the_marketplaces_own(market: Market) -> None:
    bank, own = asking_as("BANK", "credit_assessment"), asking_as("PLATFORM", "credit_assessment")
    enter(market, "enterCreditAssessment", {"organisation": "Organisation:10", "member": "Member:19"})
    enter(market, "enterCreditAssessment", {"member": "Member:20"})
    assert 20 in market.rows(own, "members")
    assert 19 in market.rows(own, "members")
    seen = {payment["billingName"] for payment in market.nodes(bank, "payments", "billingName")}
    assert seen == {
        row["billing_name"]
        for row in market.stored(
            "select billing_name from payment where buyer_id in (select member_id from credit_assessment"
            " where organisation_id = 10 and starts_at <= now() and (ends_at is null or ends_at > now()))"
        )
    }


@pytest.mark.clause(id="U8")
@pytest.mark.grant(id="E8c")
def test_a_campaign_begins_when_it_is_said_to(market: Market) -> None:
    given = {
        "organisation": "Organisation:8",
        "name": "Spring fair",
        "startsAt": moment(days=1),
        "endsAt": moment(days=30),
    }
    fields = enter(market, "enterCampaign", given).json()["data"]["enterCampaign"]["fields"]
    assert set(fields) == set(given)
    row = latest(market, "campaign")
    assert row["starts_at"] == datetime.fromisoformat(given["startsAt"])
    assert row["ends_at"] == datetime.fromisoformat(given["endsAt"])
    act(market, "endCampaign", f"Campaign:{row['id']}")
    ended = latest(market, "campaign")
    assert ended["ends_at"] == ended["starts_at"]  # no row ends before it begins


@pytest.mark.clause(id="U2")
@pytest.mark.grant(id="E7")
def test_staff_open_and_end_cases(market: Market) -> None:
    care = asking_as("SERVICE_PROVIDER", "account_service")
    assert market.nodes(care, "members", "name")
    enter(market, "enterCase", {"organisation": "Organisation:4", "member": "Member:19"}, STAFF)
    (name,) = market.stored("select name from member where id = 19")
    assert name["name"] in {each["name"] for each in market.nodes(care, "members", "name")}
    case = latest(market, "support_case")
    act(market, "endCase", f"SupportCase:{case['id']}", asking_as("PLATFORM", "dispute_resolution"))
    assert name["name"] not in {each["name"] for each in market.nodes(care, "members", "name")}


@pytest.mark.clause(id="U2")
@pytest.mark.grant(id="E7")
def test_staff_record_how_a_dispute_ended(market: Market) -> None:
    text = 'mutation { recordDisputeOutcome(id: "Dispute:1", input: {outcome: REFUNDED}) { fields version } }'
    market.change("update dispute set outcome = null where id = 1")
    response = market.asking.post(STAFF, text)
    assert response.json()["data"]["recordDisputeOutcome"]["fields"] == ["outcome"]
    assert latest_outcome(market) == "REFUNDED"
    (parties,) = market.stored("select buyer_id, seller_id from dispute where id = 1")
    assert set(market.asking.record(response)["subjects"]) == set(parties)


def latest_outcome(market: Market) -> str:
    (row,) = market.stored("select outcome from dispute where id = 1")
    return row["outcome"]


@pytest.mark.clause(id="D1")
@pytest.mark.grant(id="E10")
def test_whoever_enforces_agreements_publishes_complaints(market: Market) -> None:
    """Also one that was to be published later. It cannot be published twice."""
    public = asking_as("PUBLIC", "public_browsing")
    (complaint,) = market.stored("select id from complaint where against_id = 12")
    row, enforcing = f"Complaint:{complaint['id']}", asking_as("PLATFORM", "agreement_enforcement")
    before = len(market.rows(public, "complaints"))
    assert act(market, "publishComplaint", row, enforcing).json()["data"] == {
        "publishComplaint": {"fields": ["publishedAt"]}
    }
    assert len(market.rows(public, "complaints")) == before + 1
    assert refusal(act(market, "publishComplaint", row, enforcing))[0] == "NOT_FOUND"
    assert refusal(act(market, "publishComplaint", row, STAFF))[0] == "INVALID"


# Approved by another.


@pytest.mark.clause(id="D3")
@pytest.mark.grant(id="E8e")
@pytest.mark.grant(id="E9a")
def test_an_order_holds_for_nobody_until_another_person_approves_it(market: Market) -> None:
    court = asking_as("AUTHORITY", "court_order", reference="HK-2026-0900")
    response = enter(market, "enterInstrument", {**ORDER, "reference": "HK-2026-0900"}, by("Ann"))
    assert sorted(market.asking.record(response)["subjects"]) == [3, 5]
    row = latest(market, "legal_instrument")
    instrument = f"LegalInstrument:{row['id']}"
    assert (row["entered_by"], row["approved_by"], row["approved_at"]) == ("Ann", None, None)
    assert market.rows(court, "members") == set()
    code, hint = refusal(act(market, "approveInstrument", instrument, by("Ann")))
    assert code == "ARGUMENT"
    assert "another person" in hint
    assert market.rows(court, "members") == set()
    approved = act(market, "approveInstrument", instrument, by("Bo"))
    assert approved.json()["data"] == {"approveInstrument": {"fields": ["approvedAt"]}}
    assert sorted(market.asking.record(approved)["subjects"]) == [3, 5]
    assert market.rows(court, "members") == {3, 5}
    assert refusal(act(market, "approveInstrument", instrument, by("Cy")))[0] == "CONFLICT"
    act(market, "endInstrument", instrument)
    assert market.rows(court, "members") == set()
    for name in ("endInstrument", "approveInstrument"):
        assert refusal(act(market, name, instrument, by("Cy")))[0] == "NOT_FOUND"


@pytest.mark.clause(id="D4")
@pytest.mark.grant(id="E9a")
def test_a_finding_is_approved_only_when_it_says_what_it_serves(market: Market) -> None:
    finding = {**ORDER, "kind": "BREACH_FINDING", "organisation": "Organisation:18"}
    claimant = asking_as("CLAIMANT", "breach_disclosure", reference="BF-901")
    enter(market, "enterInstrument", {**finding, "reference": "BF-900"}, by("Ann"))
    row = latest(market, "legal_instrument")
    code, hint = refusal(act(market, "approveInstrument", f"LegalInstrument:{row['id']}", by("Bo")))
    assert (code, "`serves`" in hint) == ("ARGUMENT", True)
    enter(market, "enterInstrument", {**finding, "reference": "BF-901", "serves": "a claim for goods"}, by("Ann"))
    row = latest(market, "legal_instrument")
    assert "data" in act(market, "approveInstrument", f"LegalInstrument:{row['id']}", by("Bo")).json()
    assert market.rows(claimant, "members") == {3, 5}


@pytest.mark.clause(id="U10")
@pytest.mark.grant(id="E8f")
@pytest.mark.grant(id="E9b")
def test_a_transfer_is_approved_only_with_the_undertaking(market: Market) -> None:
    acquirer = asking_as("ACQUIRER", "business_transfer")
    enter(market, "enterTransfer", {"organisation": "Organisation:20"}, by("Ann"))
    row = f"BusinessTransfer:{latest(market, 'business_transfer')['id']}"
    code, hint = refusal(act(market, "approveTransfer", row, by("Bo")))
    assert (code, "`undertaking`" in hint) == ("ARGUMENT", True)
    act(market, "endTransfer", row)
    enter(market, "enterTransfer", {"organisation": "Organisation:20", "undertaking": "signed 2 May"}, by("Ann"))
    row = f"BusinessTransfer:{latest(market, 'business_transfer')['id']}"
    assert refusal(act(market, "approveTransfer", row, by("Ann")))[0] == "ARGUMENT"
    assert market.rows(acquirer, "members") == set()
    act(market, "approveTransfer", row, by("Bo"))
    assert market.rows(acquirer, "members") == market.numbers("select id from member")
    act(market, "endTransfer", row)
    assert market.rows(acquirer, "members") == set()


@pytest.mark.clause(id="D3")
@pytest.mark.grant(id="E9a")
def test_of_those_who_approve_at_once_one_does(market: Market) -> None:
    enter(market, "enterInstrument", {**ORDER, "reference": "HK-2026-0901"}, by("Ann"))
    row = f"LegalInstrument:{latest(market, 'legal_instrument')['id']}"
    with ThreadPoolExecutor(4) as threads:
        responses = list(threads.map(lambda name: act(market, "approveInstrument", row, by(name)), "BCDE"))
    outcomes = [market.asking.record(each)["outcome"] for each in responses]
    assert sorted(outcomes) == ["ANSWERED", "CONFLICT", "CONFLICT", "CONFLICT"]
    assert latest(market, "legal_instrument")["approved_by"] == "BCDE"[outcomes.index("ANSWERED")]


# Bad input.

BAD: Mapping[str, tuple[str, Mapping[str, Any], str, str]] = {
    "a contract with a bank": (
        "enterContract",
        {"organisation": "Organisation:10", "purposes": ["site_operation"]},
        "ARGUMENT",
        "`input.organisation` must be one of the kind SERVICE_PROVIDER or AFFILIATE",
    ),
    "an unknown purpose": (
        "enterContract",
        {"organisation": "Organisation:4", "purposes": ["espionage"]},
        "ARGUMENT",
        "`input.purposes` must have one or more of",
    ),
    "no purpose": ("enterContract", {"organisation": "Organisation:4", "purposes": []}, "ARGUMENT", "`input.purposes`"),
    "an organisation that is not there": (
        "enterCampaign",
        {"organisation": "Organisation:999999", "name": "Fair"},
        "NOT_FOUND",
        "`input.organisation`",
    ),
    "what is no organisation": (
        "enterCampaign",
        {"organisation": "Member:1", "name": "Fair"},
        "ARGUMENT",
        "`input.organisation` must be the id of a `Organisation`",
    ),
    "a campaign of no name": (
        "enterCampaign",
        {"organisation": "Organisation:8", "name": " "},
        "ARGUMENT",
        "`input.name` must be one line",
    ),
    "a member that is not there": (
        "enterAffiliateAccount",
        {"organisation": "Organisation:2", "member": "Member:999999"},
        "NOT_FOUND",
        "`input.member`",
    ),
    "an account with a bank": (
        "enterAffiliateAccount",
        {"organisation": "Organisation:10", "member": "Member:1"},
        "ARGUMENT",
        "`input.organisation` must be one of the kind AFFILIATE",
    ),
    "an assessment by a partner": (
        "enterCreditAssessment",
        {"organisation": "Organisation:6", "member": "Member:1"},
        "ARGUMENT",
        "BANK or CREDIT_AGENCY",
    ),
    "an end that is over": (
        "enterAffiliateAccount",
        {"organisation": "Organisation:2", "member": "Member:1", "endsAt": "2001-01-01T00:00:00Z"},
        "ARGUMENT",
        "`input.endsAt` is over",
    ),
    "a beginning that is over": (
        "enterAffiliateAccount",
        {"organisation": "Organisation:2", "member": "Member:1", "startsAt": "2001-01-01T00:00:00Z"},
        "ARGUMENT",
        "`input.startsAt` is over",
    ),
    "an end before its beginning": (
        "enterAffiliateAccount",
        {
            "organisation": "Organisation:2",
            "member": "Member:1",
            "startsAt": "2098-01-01T00:00:00Z",
            "endsAt": "2097-01-01T00:00:00Z",
        },
        "ARGUMENT",
        "`input.endsAt` must be behind `input.startsAt`",
    ),
    "a time that is none": (
        "enterAffiliateAccount",
        {"organisation": "Organisation:2", "member": "Member:1", "endsAt": "tomorrow"},
        "VARIABLE",
        "endsAt",
    ),
    "a court order of a claimant": (
        "enterInstrument",
        {**ORDER, "reference": "X-1", "organisation": "Organisation:18"},
        "ARGUMENT",
        "`input.organisation` must be one of the kind AUTHORITY where `input.kind` is",
    ),
    "a finding of a bank": (
        "enterInstrument",
        {**ORDER, "reference": "X-1", "kind": "BREACH_FINDING", "organisation": "Organisation:10"},
        "ARGUMENT",
        "AUTHORITY or CLAIMANT",
    ),
    "an unknown category": (
        "enterInstrument",
        {**ORDER, "reference": "X-1", "categories": ["COMPLAINTS"]},
        "ARGUMENT",
        "`input.categories`",
    ),
    "nobody": ("enterInstrument", {**ORDER, "reference": "X-1", "members": []}, "ARGUMENT", "`input.members`"),
    "somebody twice": (
        "enterInstrument",
        {**ORDER, "reference": "X-1", "members": ["Member:3", "Member:3"]},
        "ARGUMENT",
        "`input.members` must have ids of a `Member`, each once",
    ),
    "members who are not all there": (
        "enterInstrument",
        {**ORDER, "reference": "X-1", "members": ["Member:3", "Member:999999"]},
        "NOT_FOUND",
        "`input.members`",
    ),
    "too many": (
        "enterInstrument",
        {**ORDER, "reference": "X-1", "members": [f"Member:{each}" for each in range(1, 103)]},
        "ARGUMENT",
        "`input.members` may have 1 to 100 ids",
    ),
    "a reference that nobody could cite": (
        "enterInstrument",
        {**ORDER, "reference": "Ünï"},
        "ARGUMENT",
        "`input.reference`",
    ),
    "a reference that is there": (
        "enterInstrument",
        {**ORDER, "reference": "HK-2026-0117"},
        "ARGUMENT",
        "there is one with this `input.kind` and `input.reference`",
    ),
    "whole cards for a request": (
        "enterInstrument",
        {**ORDER, "kind": "AUTHORITY_REQUEST", "reference": "X-1", "namesCards": True},
        "ARGUMENT",
        "give `input.namesCards` only where",
    ),
    "a transfer to a bank": ("enterTransfer", {"organisation": "Organisation:10"}, "ARGUMENT", "ACQUIRER"),
    "the marketplace itself, suspended": (
        "suspendOrganisation",
        {"organisation": "Organisation:1"},
        "ARGUMENT",
        "`input.organisation`",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_entered_is_refused_by_name_and_nothing_is_changed(market: Market, what: str) -> None:
    name, given, code, named = BAD[what]
    tables = (
        *("contract", "campaign", "affiliate_account", "credit_assessment", "legal_instrument", "business_transfer"),
        *("organisation_suspension", "legal_instrument_subject"),
    )
    before = {table: market.stored(f"select count(*) from {table}") for table in tables}
    response = enter(market, name, given)
    found, hint = refusal(response)
    assert (found, named in hint) == (code, True), hint
    record = market.asking.record(response)
    assert (record["outcome"], record["subjects"]) == (code, [])
    assert {table: market.stored(f"select count(*) from {table}") for table in tables} == before


@pytest.mark.parametrize("row", ["Contract:999999", "Contract:~00", "Member:1", "nonsense"])
def test_what_is_not_there_cannot_be_ended(market: Market, row: str) -> None:
    assert refusal(act(market, "endContract", row))[0] in ("NOT_FOUND", "ARGUMENT")


@pytest.mark.clause(id="U4")
@pytest.mark.parametrize(
    "who",
    [
        asking_as("SERVICE_PROVIDER", "account_service"),
        asking_as("MEMBER", "self_service"),
        asking_as("PRIVACY_OFFICER", "privacy_oversight"),
        STAFF,
    ],
    ids=str,
)
def test_nobody_else_enters_a_contract(market: Market, who: Requesting) -> None:
    given = {"organisation": "Organisation:5", "purposes": ["site_operation"]}
    for response in (
        enter(market, "enterContract", given, who),
        act(market, "approveInstrument", "LegalInstrument:7", who),
    ):
        assert response.json()["errors"][0]["extensions"]["code"] == "INVALID"


# Suspended.


@pytest.mark.clause(id="U4")
@pytest.mark.grant(id="E8g")
@pytest.mark.parametrize(
    ("who", "query"),
    [
        (asking_as("SERVICE_PROVIDER", "site_operation"), "{ members(first: 1) { totalCount } }"),
        (asking_as("SERVICE_PROVIDER", "account_service"), "{ members(first: 1) { totalCount } }"),
        (asking_as("PARTNER", "aggregate_sharing"), "{ visitStatistics { total { members } } }"),
        (asking_as("PARTNER", "partner_tracking"), "{ privacyPolicy { version } }"),
        (asking_as("AUTHORITY", "court_order"), "{ members(first: 1) { totalCount } }"),
        (asking_as("AFFILIATE", "affiliate_sharing"), "{ organisations(first: 1) { totalCount } }"),
    ],
    ids=str,
)
def test_a_suspended_organisation_is_shown_nothing_from_the_next_read_on(
    market: Market, who: Requesting, query: str
) -> None:
    """Figures and what is nobody's included. The refusal is recorded, and says nothing of anybody."""
    other = replace(who, organisation=who.organisation + 1) if who.role != "AUTHORITY" else who
    before = market.asking.post(who, query).json()["data"]
    assert before
    organisation = f"Organisation:{who.organisation}"
    entered = enter(market, "suspendOrganisation", {"organisation": organisation, "reason": "a leak"})
    assert entered.json()["data"]["suspendOrganisation"]["fields"] == ["organisation", "reason"]
    suspended = latest(market, "organisation_suspension")
    try:
        response = market.asking.post(who, query)
        assert refusal(response)[0] == "SUSPENDED"
        assert response.json().get("data") is None
        record = market.asking.record(response)
        assert (record["outcome"], record["organisation_id"], record["subjects"]) == (
            "SUSPENDED",
            who.organisation,
            [],
        )
        if other is not who:
            assert "data" in market.asking.post(other, query).json()
        assert "data" in market.asking.post(OFFICER, "{ suspensions { nodes { reason organisation { id } } } }").json()
    finally:
        act(market, "resumeOrganisation", f"Suspension:{suspended['id']}")
    assert market.asking.post(who, query).json()["data"] == before


@pytest.mark.clause(id="U4")
@pytest.mark.grant(id="E8g")
def test_a_suspension_replaces_the_one_before(market: Market) -> None:
    """So one that is ended is the only one."""
    who = asking_as("BANK", "credit_assessment")
    for ends in (None, moment(days=2)):
        enter(market, "suspendOrganisation", {"organisation": "Organisation:10", "endsAt": ends})
    act(market, "resumeOrganisation", f"Suspension:{latest(market, 'organisation_suspension')['id']}")
    assert "data" in market.asking.post(who, "{ payments(first: 1) { totalCount } }").json()
