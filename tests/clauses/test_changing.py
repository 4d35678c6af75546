"""What members may change of their own data, and staff for them (S1, A1, K6): done at once, with its record, or not at all."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from gateway.log.search import ALL_TIME
from gateway.reports.letter import LetterScope, letter
from gateway.reports.processing import processing_report
from gateway.reports.report import Report
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from tests.clauses.seeing import Market, asking_as
from tests.clauses.table import PURPOSES
from tests.conftest import Requesting, run

ME = asking_as("MEMBER", "self_service", member=3)
STAFF = asking_as("PLATFORM", "account_service")

UPDATE = """
mutation Update($id: ID!, $version: String, $input: UpdateRegistrationInput!) {
    updateRegistration(id: $id, version: $version, input: $input) { fields version }
}"""
CONSENT = "mutation Choose($input: SetConsentInput!) { setConsent(input: $input) { fields } }"


def update(market: Market, who: Requesting, member: int, version: str | None = None, **given: Any) -> httpx.Response:
    """What is answered to a change of what a member registered."""
    return market.asking.post(who, UPDATE, {"id": f"Member:{member}", "version": version, "input": given})


def choose(market: Market, who: Requesting, **given: Any) -> httpx.Response:
    return market.asking.post(who, CONSENT, {"input": given})


def registered(market: Market, member: int) -> Mapping[str, Any]:
    (row,) = market.stored(f"select * from member where id = {member}")
    return dict(row)


def refusal(response: httpx.Response) -> tuple[str, str]:
    """The code and the hint of a refusal."""
    (error,) = response.json()["errors"]
    return error["extensions"]["code"], error["extensions"]["hint"]


# S1, A1: what a member registered.


@pytest.mark.clause(id="S1")
@pytest.mark.clause(id="A1")
@pytest.mark.grant(id="E1")
def test_a_member_edits_what_she_registered(market: Market) -> None:
    """What she gives is changed, in the form in which it is stored; what she leaves out stays; null empties."""
    before = registered(market, 3)
    answer = update(market, ME, 3, email="new@example.com", phone="+442079460958", country="gb", fax=None)
    assert answer.json()["data"]["updateRegistration"]["fields"] == ["email", "phone", "fax", "country"]
    changed = {"email": "new@example.com", "phone": "+44 20 7946 0958", "country": "GB", "fax": None}
    assert registered(market, 3) == {**before, **changed}
    assert market.data(ME, "{ me { email phone country fax } }")["me"] == changed


@pytest.mark.clause(id="S1")
@pytest.mark.grant(id="E1")
def test_a_member_edits_nobody_else(market: Market) -> None:
    """Another's row is as absent as one that is not there. It is recorded, and nothing is changed."""
    before = registered(market, 4)
    for member in (4, 999_999):
        response = update(market, ME, member, email="mine@example.com")
        assert response.status_code == 200  # of a client that accepts JSON alone
        assert refusal(response)[0] == "NOT_FOUND"
        record = market.asking.record(response)
        assert (record["outcome"], record["member_id"], record["subjects"]) == ("NOT_FOUND", 3, [])
    assert registered(market, 4) == before


@pytest.mark.clause(id="S1")
@pytest.mark.parametrize("field", ["registeredAt", "passwordHash", "id", "behaviour"])
def test_what_is_not_hers_to_edit_is_no_input(market: Market, field: str) -> None:
    """It is as unknown as a field that does not exist."""
    text = f'mutation {{ updateRegistration(id: "Member:3", input: {{{field}: "2001-01-01"}}) {{ fields }} }}'
    assert market.refusal(ME, text) == "INVALID"


NOT_SO: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "an e-mail address": ({"email": "somebody@localhost"}, "input.email"),
    "a telephone number": ({"phone": "+1 555 000"}, "input.phone"),
    "a number without its country": ({"fax": "020 7946 0958"}, "input.fax"),
    "a country": ({"country": "XX"}, "input.country"),
    "a name of nothing": ({"name": "  "}, "input.name"),
    "a name of two lines": ({"name": "a\nb"}, "input.name"),
    "a name that no database holds": ({"name": "a\u0000b"}, "input.name"),
    "a name that is taken away": ({"name": None}, "`name` may not be empty"),
    "nothing": ({}, "give in `input` what is to be changed"),
}


@pytest.mark.clause(id="S1")
@pytest.mark.parametrize("given", NOT_SO)
def test_what_has_not_the_form_of_its_field_is_refused_by_name(market: Market, given: str) -> None:
    """The hint names the field and its form, and never the value; nothing is changed, and it is recorded."""
    before = registered(market, 3)
    values, named = NOT_SO[given]
    response = update(market, ME, 3, **values, **({"jobTitle": "Buyer of everything"} if values else {}))
    code, hint = refusal(response)
    assert code == "ARGUMENT"
    assert named in hint
    assert not any(str(value).strip() in hint for value in values.values() if value and str(value).strip())
    assert market.asking.record(response)["outcome"] == "ARGUMENT"
    assert registered(market, 3) == before


@pytest.mark.clause(id="S1")
def test_a_variable_that_is_not_given_leaves_its_field(market: Market) -> None:
    """Null empties a field; a variable left out is no null (GraphQL specification §3.10)."""
    text = """
        mutation ($fax: String, $title: String) {
            updateRegistration(id: "Member:3", input: {fax: $fax, jobTitle: $title}) { fields }
        }"""
    market.change("update member set fax = '+44 20 7946 0000', job_title = 'Clerk' where id = 3")
    assert market.data(ME, text, {"title": "Head"})["updateRegistration"] == {"fields": ["jobTitle"]}
    assert (registered(market, 3)["fax"], registered(market, 3)["job_title"]) == ("+44 20 7946 0000", "Head")
    assert market.data(ME, text, {"fax": None})["updateRegistration"] == {"fields": ["fax"]}
    assert registered(market, 3)["fax"] is None


# Versions.


@pytest.mark.clause(id="S1")
def test_an_edit_undoes_nobody_elses(market: Market) -> None:
    """Whoever names the version they read is told when the row is another by now, and changes nothing."""
    version = market.data(ME, "{ me { version } }")["me"]["version"]
    first = update(market, ME, 3, version, city="Leeds").json()["data"]["updateRegistration"]
    second = update(market, ME, 3, version, city="York")
    assert refusal(second)[0] == "CONFLICT"
    assert registered(market, 3)["city"] == "Leeds"
    assert market.data(ME, "{ me { version } }")["me"]["version"] == first["version"] != version
    assert update(market, ME, 3, first["version"], city="York").json()["data"]["updateRegistration"]["fields"] == [
        "city"
    ]


@pytest.mark.clause(id="S1")
def test_of_editors_at_once_with_one_version_one_succeeds(market: Market) -> None:
    version = market.data(ME, "{ me { version } }")["me"]["version"]
    with ThreadPoolExecutor(8) as threads:
        responses = list(threads.map(lambda n: update(market, ME, 3, version, city=f"City {n}"), range(8)))
    outcomes = [market.asking.record(each)["outcome"] for each in responses]
    assert sorted(outcomes) == ["ANSWERED"] + ["CONFLICT"] * 7
    assert registered(market, 3)["city"] == f"City {outcomes.index('ANSWERED')}"


@pytest.mark.clause(id="S1")
def test_a_version_is_of_what_its_requester_may_edit(market: Market) -> None:
    """What nobody may edit makes no other version, and a requester who edits nothing has none."""
    before = market.data(ME, "{ me { version } }")["me"]["version"]
    market.change("update member set password_hash = 'another' where id = 3")
    assert market.data(ME, "{ me { version } }")["me"]["version"] == before
    assert market.refusal(asking_as("MEMBER", "member_trading", member=3), "{ me { version } }") == "INVALID"


# All of a document, in order, or nothing.


@pytest.mark.clause(id="S1")
def test_the_mutations_of_a_document_are_done_in_order(market: Market) -> None:
    text = """
        mutation {
            a: updateRegistration(id: "Member:3", input: {city: "One", jobTitle: "Kept"}) { fields }
            __typename
            b: updateRegistration(id: "Member:3", input: {city: "Two"}) { fields __typename }
            c: updateRegistration(id: "Member:3", input: {city: "Three"}) @skip(if: true) { fields }
        }"""
    answer = market.data(ME, text)
    assert list(answer.items()) == [
        ("a", {"fields": ["city", "jobTitle"]}),
        ("__typename", "Mutation"),
        ("b", {"fields": ["city"], "__typename": "Changed"}),
    ]
    assert (registered(market, 3)["city"], registered(market, 3)["job_title"]) == ("Two", "Kept")


@pytest.mark.clause(id="S1")
def test_of_a_document_all_is_done_or_nothing(market: Market) -> None:
    """A step that cannot be done undoes those before it; the refusal names it."""
    before, consents = registered(market, 3), market.stored("select * from consent order by id")
    text = """
        mutation {
            one: updateRegistration(id: "Member:3", input: {city: "Nowhere"}) { fields }
            two: setConsent(input: {kind: COOKIES, given: true}) { fields }
            three: updateRegistration(id: "Member:4", input: {city: "Nowhere"}) { fields }
        }"""
    code, hint = refusal(market.asking.post(ME, text))
    assert (code, "`three`" in hint) == ("NOT_FOUND", True)
    assert registered(market, 3) == before
    assert market.stored("select * from consent order by id") == consents


# What is recorded.


@pytest.mark.clause(id="A1")
@pytest.mark.clause(id="U2")
@pytest.mark.grant(id="E7")
def test_staff_correct_what_a_member_registered_and_the_member_is_told(market: Market) -> None:
    """Which fields, by whom, for what and by which clause; never what was there, nor what is there now."""
    response = update(market, STAFF, 3, phone="+85221234567")
    assert registered(market, 3)["phone"] == "+852 2123 4567"
    record = market.asking.record(response)
    assert (record["subjects"], record["row_count"], record["outcome"]) == ([3], 1, "ANSWERED")
    (plan,) = market.stored(f"select * from veil.access_plan where id = '{record['plan']}'")
    assert json.loads(plan["classes"]) == [{"treatment": "EDITED", "fields": ["Member.phone"], "clauses": ["U2"]}]
    assert "2123" not in str(dict(record)) + str(dict(plan))
    fields = "role purpose fields { field treatment clauses }"
    seen = market.data(ME, f"{{ me {{ accesses(first: 1) {{ nodes {{ {fields} }} }} }} }}")["me"]["accesses"]["nodes"]
    told = {"field": "Member.phone", "treatment": "EDITED", "clauses": "U2"}
    assert seen == [{"role": "PLATFORM", "purpose": "account_service", "fields": [told]}]


@pytest.mark.clause(id="A1")
def test_what_a_member_changes_is_recorded_with_it(market: Market) -> None:
    response = choose(market, ME, kind="COOKIES", given=True)
    record = market.asking.record(response)
    assert (record["member_id"], record["subjects"], record["shown"]) == (3, [3], "0")
    (plan,) = market.stored(f"select * from veil.access_plan where id = '{record['plan']}'")
    assert json.loads(plan["fields"]) == [
        {"field": "Consent.given", "treatment": "CHOSEN"},
        {"field": "Consent.kind", "treatment": "CHOSEN"},
    ]


# K6, U11, U21, U23: choices.

CHOICES = [
    ("COOKIES", asking_as("PLATFORM", "personalisation"), "U1"),
    ("CONTACT_BY_MARKETPLACE", asking_as("PLATFORM", "member_contact"), "U11"),
]


@pytest.mark.clause(id="K6")
@pytest.mark.clause(id="U11")
@pytest.mark.grant(id="E2")
@pytest.mark.parametrize(("kind", "who", "clause"), CHOICES)
def test_a_choice_holds_from_the_next_read_on(market: Market, kind: str, who: Requesting, clause: str) -> None:
    """Refused, given, refused again: each is what the next read goes by, whatever was in force before."""
    for given in (False, True, True, False, True):
        choose(market, ME, kind=kind, given=given).raise_for_status()
        assert (3 in market.rows(who, "members")) is given, clause
    held = market.stored(
        f"select given from consent where member_id = 3 and kind = '{kind}' and starts_at <= now()"
        " and (ends_at is null or ends_at > now())"
    )
    assert [row["given"] for row in held] == [True]


@pytest.mark.clause(id="U21")
@pytest.mark.grant(id="E2")
def test_statistics_are_shared_with_the_organisations_that_the_member_names(market: Market) -> None:
    """Without one, an agreement or a refusal is of all of them. While a refusal is in force, it outweighs."""
    mine = market.numbers("select id from visit where member_id = 3 and ip_address is not null")
    assert mine

    def is_shared_with(organisation: int) -> bool:
        partner = asking_as("PARTNER", "statistical_sharing", organisation=organisation)
        nodes = market.nodes(partner, "visits", "id ipAddress")
        whole = {market.asking.number(partner, each["id"]) for each in nodes if each["ipAddress"]}
        assert mine <= whole or mine.isdisjoint(whole)
        return mine <= whole

    market.change("update consent set ends_at = now() where member_id = 3 and kind = 'STATISTICAL_SHARING'")
    for given, organisation, shared in (
        (True, "Organisation:6", True),
        (True, "Organisation:7", True),
        (False, None, False),
        (True, "Organisation:6", False),
        (True, None, True),
        (False, "Organisation:6", False),
    ):
        choose(market, ME, kind="STATISTICAL_SHARING", given=given, organisation=organisation).raise_for_status()
        assert is_shared_with(6) is shared, (given, organisation)
    assert is_shared_with(7)
    choose(market, ME, kind="STATISTICAL_SHARING", given=False, organisation="Organisation:7").raise_for_status()
    choose(market, ME, kind="STATISTICAL_SHARING", given=True, organisation="Organisation:6").raise_for_status()
    assert (is_shared_with(6), is_shared_with(7)) == (True, False)


@pytest.mark.clause(id="K6")
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "BISCUITS", "given": True}, "VARIABLE"),
        ({"kind": "COOKIES"}, "VARIABLE"),
        ({"kind": "COOKIES", "given": True, "organisation": "Organisation:7"}, "ARGUMENT"),
        ({"kind": "STATISTICAL_SHARING", "given": True, "organisation": "Member:3"}, "ARGUMENT"),
        ({"kind": "STATISTICAL_SHARING", "given": True, "organisation": "Organisation:999"}, "NOT_FOUND"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(market: Market, given: Mapping[str, Any], code: str) -> None:
    """Nothing is changed: in particular no consent to one organisation becomes one to all."""
    before = market.stored("select * from consent order by id")
    response = choose(market, ME, **given)
    assert refusal(response)[0] == code
    assert market.asking.record(response)["outcome"] == code
    assert market.stored("select * from consent order by id") == before


# Who may change anything at all.

PUBLISHED = ("Company", "Product", "BuyingRequest", "ForumPost")


SERVED = {"updateRegistration", "enterCase", "endCase", "recordDisputeOutcome"}
CARRIED_OUT = {"carryOutDestruction", "carryOutRemoval", "enterRemoval", "endRemoval", "sendCopy"}
ENTERED = ("Contract", "Campaign", "AffiliateAccount", "CreditAssessment", "Instrument", "Transfer")
"""The papers that the officer enters and ends."""


def test_nobody_changes_anything_but_by_a_grant(market: Market) -> None:
    """Who has none has no mutation type; a third party never has one."""
    allowed = {
        ("MEMBER", "self_service"): {
            *("updateRegistration", "updateCompany", "updateProduct", "updateBuyingRequest", "updateForumPost"),
            *(f"{done}{what}" for done in ("withdraw", "publish") for what in PUBLISHED),
            *(
                "updatePaymentProfile",
                "setConsent",
                "respondToCampaign",
                "withdrawResponse",
                "fetchCopy",
                "requestCopy",
                "requestReturn",
                "requestDestruction",
                "withdrawRequest",
            ),
        },
        ("PUBLIC", "public_browsing"): {"requestMinorRemoval"},
        ("PLATFORM", "account_service"): SERVED,
        ("PLATFORM", "dispute_resolution"): SERVED,
        ("PLATFORM", "agreement_enforcement"): {"publishComplaint"},
        ("PLATFORM", "data_subject_request"): CARRIED_OUT,
        ("PRIVACY_OFFICER", "data_subject_request"): CARRIED_OUT,
        ("PRIVACY_OFFICER", "privacy_oversight"): {"proposePolicy", "approvePolicy", "endPolicyProposal"},
        ("PRIVACY_OFFICER", "privacy_administration"): {
            *(f"enter{what}" for what in ENTERED),
            *(f"end{what}" for what in ENTERED),
            *("approveInstrument", "approveTransfer", "suspendOrganisation", "resumeOrganisation"),
        },
    }
    asked = "{ __schema { mutationType { fields { name } } } }"
    for role, purposes in PURPOSES.items():
        for purpose in purposes.split():
            found = market.data(asking_as(role, purpose), asked)["__schema"]["mutationType"]
            names = {each["name"] for each in found["fields"]} if found else set[str]()
            assert names == allowed.get((role, purpose), set()), (role, purpose)
            assert not names or not Roles(role).is_third_party
    stranger = Requesting(role=Roles.BANK, purpose=Purposes.TRANSACTION_COMPLETION, organisation=10)
    assert market.refusal(stranger, "mutation { __typename }") == "INVALID"


# Sent again.


def sent(market: Market, who: Requesting, key: str, **given: Any) -> httpx.Response:
    """A change of what a member registered, named by a key."""
    body = {"query": UPDATE, "variables": {"id": f"Member:{who.member}", "input": given}}
    headers = {**who.headers(market.asking.key), "Idempotency-Key": key}
    return market.asking.client.post("/graphql", json=body, headers=headers)


def test_a_mutation_that_is_sent_again_changes_nothing_more(market: Market) -> None:
    """It has the answer that it had, and a record of its own that says so: of nobody, and of no row."""
    first = sent(market, ME, "key-1", city="Once")
    update(market, ME, 3, city="Later").raise_for_status()
    again = sent(market, ME, "key-1", city="Once")
    assert again.json()["data"] == first.json()["data"]
    assert registered(market, 3)["city"] == "Later"
    records = [market.asking.record(each) for each in (first, again)]
    assert [(each["outcome"], each["subjects"], each["row_count"]) for each in records] == [
        ("ANSWERED", [3], 1),
        ("ANSWERED", [], 0),
    ]


def test_a_key_names_one_request_of_one_requester(market: Market) -> None:
    sent(market, ME, "key-2", city="One").raise_for_status()
    other = sent(market, ME, "key-2", city="Two")
    assert refusal(other)[0] == "KEY_REUSED"
    assert market.asking.record(other)["outcome"] == "KEY_REUSED"
    assert registered(market, 3)["city"] == "One"
    somebody = asking_as("MEMBER", "self_service", member=4)
    assert "errors" not in sent(market, somebody, "key-2", city="Two").json()


def test_a_key_of_a_mutation_that_was_refused_can_be_used_again(market: Market) -> None:
    assert refusal(sent(market, ME, "key-3", email="nowhere"))[0] == "ARGUMENT"
    assert "errors" not in sent(market, ME, "key-3", email="some@example.com").json()


def test_of_one_mutation_sent_many_times_at_once_one_is_done(market: Market) -> None:
    text = "mutation { setConsent(input: {kind: CONTACT_BY_MEMBERS, given: true}) { fields } }"
    headers = {**ME.headers(market.asking.key), "Idempotency-Key": "key-4"}
    count = "select count(*) from consent where member_id = 3 and kind = 'CONTACT_BY_MEMBERS'"
    ((before,),) = market.stored(count)
    with ThreadPoolExecutor(8) as threads:
        post = market.asking.client.post
        answers = list(threads.map(lambda _: post("/graphql", json={"query": text}, headers=headers).json(), range(8)))
    assert [each["data"] for each in answers] == [{"setConsent": {"fields": ["kind", "given"]}}] * 8
    assert market.stored(count) == [(before + 1,)]


def test_of_choices_at_once_one_is_in_force(market: Market) -> None:
    """Each sees what the one before has added, and ends it."""
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda n: choose(market, ME, kind="COOKIES", given=n % 2 == 0), range(16)))
    assert all("errors" not in each.json() for each in answers)
    held = "select given from consent where member_id = 3 and kind = 'COOKIES' and ends_at is null"
    assert len(market.stored(held)) == 1


@pytest.mark.parametrize("named", ["", "k" * 256])
def test_a_key_that_cannot_be_is_refused(market: Market, named: str) -> None:
    assert refusal(sent(market, ME, named, city="Nowhere"))[0] == "HEADER_INVALID"


def test_a_key_is_forgotten_after_a_day(market: Market) -> None:
    """Then it may name another request, and those of others are taken away with it."""
    sent(market, ME, "key-5", city="One").raise_for_status()
    sent(market, ME, "key-6", city="One").raise_for_status()
    market.change("update veil.change_key set at = now() - interval '25 hours'")
    assert "errors" not in sent(market, ME, "key-5", city="Two").json()
    assert market.stored("select count(*) from veil.change_key") == [(1,)]


# What is reported.


@pytest.mark.clause(id="A1")
@pytest.mark.grant(id="E7")
def test_the_reports_say_what_was_changed(market: Market, catalog: Catalog) -> None:
    """The letter to the member, in words; the month; and the record of processing, under the grant that allowed it."""
    update(market, STAFF, 7, phone="+85221234567").raise_for_status()
    choose(market, asking_as("MEMBER", "self_service", member=7), kind="COOKIES", given=True).raise_for_status()

    async def made(connection: Any) -> tuple[Report, Report]:
        scope = LetterScope(member=7, window=ALL_TIME, withheld=())
        return await letter(connection, catalog, scope), await processing_report(connection, catalog, ALL_TIME)

    told, processing = run(market.asking.url, made)
    days = [(row[1], row[4], row[5]) for row in told.tables[1].rows]
    assert ("the marketplace's own services and staff", "registration information: phone changed", "U2") in days
    choices = "what members agreed to, refused and asked for: consent given, consent kind chosen"
    assert ("the member", choices, "K6, U11, U21, U23") in days
    granted, unused, under_earlier = processing.tables[1:4]
    used = {(row[0], row[1], row[2], row[5]): row[7] for row in granted.rows}
    assert used["PLATFORM", "account service", "may_edit registration information", "E7"] >= 1
    assert "E7" not in [row[0] for row in unused.rows]
    assert list(under_earlier.rows) == []
