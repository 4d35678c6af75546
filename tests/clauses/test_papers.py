"""The marketplace's own papers, seen by the officer who enters them, and cases by the staff who work on them."""

import pytest

from tests.clauses.seeing import Market, asking_as

OFFICER = asking_as("PRIVACY_OFFICER", "privacy_administration")


@pytest.mark.grant(id="G36a")
@pytest.mark.parametrize(
    ("root", "table"),
    [
        ("contracts", "contract"),
        ("campaigns", "campaign"),
        ("supportCases", "support_case"),
        ("affiliateAccounts", "affiliate_account"),
        ("creditAssessments", "credit_assessment"),
        ("legalInstruments", "legal_instrument"),
        ("businessTransfers", "business_transfer"),
    ],
)
def test_the_officer_sees_every_paper(sample: Market, root: str, table: str) -> None:
    assert sample.rows(OFFICER, root) == sample.numbers(f"select id from {table}") != set()
    for who in (asking_as("PRIVACY_OFFICER", "privacy_oversight"), asking_as("MEMBER", "member_trading")):
        assert sample.refusal(who, f"{{ {root} {{ totalCount }} }}") == "INVALID"


@pytest.mark.grant(id="G36a")
@pytest.mark.grant(id="G36b")
def test_an_instrument_says_whom_it_names(sample: Market) -> None:
    """The record of it names them too."""
    text = """{ legalInstruments(filter: {organisation: {eq: "Organisation:17"}}, first: 1) { nodes {
        kind reference named { writtenAs member { id name } }
    } } }"""
    response = sample.asking.post(OFFICER, text)
    (paper,) = response.json()["data"]["legalInstruments"]["nodes"]
    names = {row["id"]: row["name"] for row in sample.stored("select id, name from member where id in (10, 12)")}
    assert (paper["kind"], paper["reference"]) == ("COURT_ORDER", "HK-2026-0117")
    first = [each for each in paper["named"] if each["writtenAs"] in ("Member:10", "Member:12")]
    assert [each["member"] for each in first] == [{"id": f"Member:{key}", "name": name} for key, name in names.items()]
    named = sample.numbers("select member_id from legal_instrument_subject where instrument_id = 1")
    assert set(sample.asking.record(response)["subjects"]) == named


@pytest.mark.grant(id="G36a")
def test_papers_are_found_by_whom_they_are_about(sample: Market) -> None:
    text = '{ %s(filter: {member: {eq: "Member:3"}}) { nodes { organisation { id } member { id } } } }'
    for root, organisation in (("supportCases", 4), ("affiliateAccounts", 2)):
        assert sample.data(OFFICER, text % root)[root]["nodes"] == [
            {"organisation": {"id": f"Organisation:{organisation}"}, "member": {"id": "Member:3"}}
        ]
    text = '{ legalInstruments(filter: {member: {eq: "Member:11"}}) { nodes { reference } } }'
    found = sample.data(OFFICER, text)["legalInstruments"]["nodes"]
    assert {"reference": "CPO-2026-031"} in found


@pytest.mark.grant(id="G37")
@pytest.mark.parametrize("purpose", ["account_service", "dispute_resolution"])
def test_staff_see_cases(sample: Market, purpose: str) -> None:
    staff = asking_as("PLATFORM", purpose)
    assert sample.rows(staff, "supportCases") == sample.numbers("select id from support_case")
    assert sample.refusal(staff, "{ legalInstruments { totalCount } }") == "INVALID"
