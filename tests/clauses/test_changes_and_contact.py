"""Changes of the policy (V1, V2), and where to write (F1)."""

from collections.abc import Generator
from pathlib import Path

import pytest

from gateway.policy import in_force
from schema.catalog import Catalog
from schema.tokens import token_of_id
from tests.clauses.seeing import Market, asking_as, is_in_part, is_token
from tests.clauses.table import PURPOSES
from tests.conftest import run
from tests.gateway.log.logs import seal

SECOND = Path(__file__).parents[1] / "policies" / "2013-01-01.toml"
POLICY = "{ privacyPolicy { version effectiveFrom contact clauses { id section } roles { role purposes } } }"


@pytest.fixture
def changed(market: Market, catalog: Catalog) -> Generator[None]:
    """The second version in force for as long as a test lasts, and the first before and after."""
    activate(market, str(SECOND), catalog)
    yield
    activate(market, "2012-06-11", catalog)
    assert answering_version(market) == "2012-06-11"


def activate(market: Market, name: str, catalog: Catalog) -> None:
    run(market.asking.url, lambda connection: in_force.activate(connection, name, catalog, "the clauses"))


def answering_version(market: Market) -> str:
    """The version by which the gateway answers. It notices another with the first answer, and with a refusal only later."""
    return market.data(asking_as("PUBLIC", "public_browsing"), POLICY)["privacyPolicy"]["version"]


@pytest.mark.clause(id="V1")
def test_the_policy_in_force_is_published_to_anybody(sample: Market) -> None:
    """Its version, its clauses, its roles and purposes, to every role for every purpose."""
    answer = sample.data(asking_as("PUBLIC", "public_browsing"), POLICY)["privacyPolicy"]
    assert (answer["version"], answer["effectiveFrom"]) == ("2012-06-11", "2012-06-11")
    assert {each["role"]: set(each["purposes"]) for each in answer["roles"]} == {
        role: set(purposes.split()) for role, purposes in PURPOSES.items()
    }
    ids = [each["id"] for each in answer["clauses"]]
    assert (ids[0], ids[-1], len(ids)) == ("C1", "F1", 51)
    for role, purpose in (("MEMBER", "self_service"), ("BANK", "credit_assessment"), ("AUTHORITY", "court_order")):
        assert sample.data(asking_as(role, purpose), POLICY)["privacyPolicy"] == answer


@pytest.mark.clause(id="V1")
@pytest.mark.grant(id="G32")
def test_the_officer_finds_accesses_by_what_they_are_about(market: Market) -> None:
    """By member and requester as tokens, organisation, field and treatment, trace, time, and what is plain."""
    officer = asking_as("PRIVACY_OFFICER", "privacy_oversight")
    bank = asking_as("BANK", "transaction_completion")
    response = market.asking.post(bank, "query Find { payments { nodes { id cardNumber } } }")
    identity, subjects = response.headers["access-record"], market.asking.record(response)["subjects"]
    record = f"AccessRecord:{identity}"
    trace = "update veil.access_record set trace = 'abc' where id = $1::text::uuid"
    run(market.asking.url, lambda connection: connection.execute(trace, identity))
    key = market.asking.token_key(officer)
    members = [token_of_id(key, "Member", each) for each in subjects]

    def found(wanted: str) -> list[dict[str, str]]:
        query = f"{{ accessRecords(first: 50, filter: {{{wanted}}}) {{ nodes {{ id at requester role }} }} }}"
        return market.data(officer, query)["accessRecords"]["nodes"]

    (shown,) = (each for each in found('operation: {eq: "Find"}') if each["id"] == record)
    for wanted in (
        f'member: {{eq: "{members[0]}"}}',
        f'member: {{eq: "{members[-1]}"}}, role: {{eq: "BANK"}}',
        f'requester: {{eq: "{shown["requester"]}"}}, purpose: {{eq: "transaction_completion"}}',
        f'organisation: {{eq: "Organisation:{bank.organisation}"}}, outcome: {{eq: "ANSWERED"}}',
        'fields: {field: "Payment.cardNumber", treatment: "PLAIN"}',
        'fields: {field: "Payment.cardNumber"}',
        'trace: {eq: "abc"}',
        f'at: {{gte: "{shown["at"]}"}}',
    ):
        assert record in [each["id"] for each in found(wanted)], wanted
    for wanted in (
        f'member: {{eq: "{token_of_id(key, "Member", 99_999)}"}}',
        f'member: {{eq: "Member:{subjects[0]}"}}',
        f'requester: {{eq: "{bank}"}}',
        f'organisation: {{eq: "Organisation:{(bank.organisation or 0) + 1}"}}, operation: {{eq: "Find"}}',
        'fields: {field: "Payment.cardNumber", treatment: "PARTIAL"}, operation: {eq: "Find"}',
        'fields: {field: "Payment.billingName"}, operation: {eq: "Find"}',
        'trace: {eq: "abd"}',
        'at: {gt: "2999-01-01T00:00:00Z"}',
    ):
        assert found(wanted) == [], wanted


@pytest.mark.grant(id="G3b")
def test_a_member_cannot_find_accesses_by_another_member_or_a_trace(market: Market) -> None:
    """Nor by what was shown, because of others that may be more."""
    member = asking_as("MEMBER", "self_service")
    for wanted in ('member: {eq: "Member:1"}', 'fields: {field: "Member.name"}', 'trace: {eq: "abc"}'):
        query = f"{{ accessRecords(filter: {{{wanted}}}) {{ totalCount }} }}"
        refused = market.asking.post(member, query).json()["errors"][0]["extensions"]
        assert refused["code"] == "INVALID", wanted


@pytest.mark.clause(id="V1")
@pytest.mark.grant(id="G32")
def test_the_officer_sees_how_often_who_asked_for_what(market: Market) -> None:
    """By day, role, purpose, organisation and outcome, of what is sealed; a member does not."""
    officer = asking_as("PRIVACY_OFFICER", "privacy_oversight")
    for fields in ("email", "email", "phone"):
        market.asking.post(asking_as("ADVERTISER", "campaign"), f"{{ members {{ nodes {{ {fields} }} }} }}")
    seal(market.asking.url)
    wanted = '{role: {eq: "ADVERTISER"}, purpose: {eq: "campaign"}, day: {gte: "2020-01-01T00:00:00Z"}}'
    fields = "day role organisation { kind } outcome requests persons crossBorder"
    query = f"{{ accessSummaries(filter: {wanted}) {{ nodes {{ {fields} }} }} }}"
    summaries = market.data(officer, query)["accessSummaries"]["nodes"]
    found = {each["outcome"]: (each["requests"], each["persons"] > 0) for each in summaries}
    assert found == {"ANSWERED": (2, True), "INVALID": (1, False)}
    refused = market.asking.post(asking_as("MEMBER", "self_service"), "{ accessSummaries { totalCount } }")
    assert refused.json()["errors"][0]["extensions"]["code"] == "INVALID"


@pytest.mark.clause(id="V1")
@pytest.mark.grant(id="G32")
def test_the_officer_oversees_who_has_seen_what_under_which_version(sample: Market) -> None:
    """Every access, answered or refused; of members themselves only in part, and nothing of what they do."""
    officer = asking_as("PRIVACY_OFFICER", "privacy_oversight")
    answered = sample.asking.post(asking_as("ADVERTISER", "campaign"), "{ members { nodes { email } } }")
    refused = sample.asking.post(asking_as("ADVERTISER", "campaign"), "{ members { nodes { phone } } }")
    fields = "id role purpose policy outcome subjectCount requester"
    query = f"{{ accessRecords(first: 10) {{ nodes {{ {fields} }} }} }}"
    records = {each["id"]: each for each in sample.data(officer, query)["accessRecords"]["nodes"]}
    for response, outcome, subjects in ((answered, "ANSWERED", 1), (refused, "INVALID", 0)):
        each = records[f"AccessRecord:{response.headers['access-record']}"]
        assert (each["role"], each["outcome"], each["subjectCount"]) == ("ADVERTISER", outcome, subjects)
        assert each["policy"] == "2012-06-11"
        assert is_token(each["requester"])
    for each in sample.nodes(officer, "members", "id name email"):
        assert is_token(each["id"])
        assert is_in_part("NAME", each["name"])
        assert is_in_part("EMAIL", each["email"])
    for root in ("orders", "messages", "payments", "browsingEvents"):
        assert sample.refusal(officer, f"{{ {root} {{ totalCount }} }}") == "INVALID"
    for role, purpose in (
        ("PLATFORM", "account_service"),
        ("BANK", "credit_assessment"),
        ("PUBLIC", "public_browsing"),
    ):
        assert sample.refusal(asking_as(role, purpose), "{ accessRecords { totalCount } }") == "INVALID"


@pytest.mark.clause(id="V2")
@pytest.mark.usefixtures("changed")
def test_a_new_version_is_effective_at_once(market: Market) -> None:
    """The gateway has been running all the time, and says itself by which version it answers."""
    assert answering_version(market) == "2013-01-01"
    response = market.asking.post(asking_as("ADVERTISER", "campaign"), "{ members { nodes { name phone } } }")
    assert response.json()["extensions"]["privacy"]["policy"] == "2013-01-01"
    assert market.asking.record(response)["policy"] == "2013-01-01"
    ((name, phone),) = market.stored("select name, phone from member where id = 6")
    assert response.json()["data"]["members"]["nodes"] == [{"name": name, "phone": phone}]


@pytest.mark.clause(id="V2")
def test_a_new_version_governs_whatever_was_collected_before(market: Market, catalog: Catalog) -> None:
    """What the first showed of old rows the second does not, and when the first is in force again, it does again."""
    staff = asking_as("PLATFORM", "account_service")
    query = "{ browsingEvents(first: 3) { totalCount nodes { url } } }"
    before = market.data(staff, query)
    assert before["browsingEvents"]["totalCount"] > 0
    activate(market, str(SECOND), catalog)
    assert market.refusal(staff, query) == "INVALID"
    activate(market, "2012-06-11", catalog)
    assert answering_version(market) == "2012-06-11"
    assert market.data(staff, query) == before


@pytest.mark.clause(id="F1")
def test_anybody_sees_where_to_write(sample: Market) -> None:
    contact = sample.data(asking_as("PUBLIC", "public_browsing"), "{ privacyPolicy { contact } }")
    assert "Times Square, 1 Matheson Street, Causeway Bay, Hong Kong" in contact["privacyPolicy"]["contact"]


@pytest.mark.clause(id="F1")
@pytest.mark.usefixtures("changed")
def test_where_to_write_is_the_version_s_in_force(market: Market) -> None:
    contact = market.data(asking_as("PUBLIC", "public_browsing"), "{ privacyPolicy { contact } }")
    assert contact["privacyPolicy"]["contact"].startswith("the marketplace's privacy office,")
