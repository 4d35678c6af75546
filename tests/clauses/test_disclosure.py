"""What is disclosed (D1 to D4): published complaints, and what an authority, a court or a harmed party may see.

A legal instrument is named with every request. Whether it is the wrong one, another's, ended or not approved, the
requester sees nothing, and does not learn which of these it is. An authority learns that it does not apply.
"""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from tests.clauses.seeing import Market, State, asking_as, is_in_part, is_token
from tests.conftest import Requesting

PUBLIC = asking_as("PUBLIC", "public_browsing")
BROWSING_MEMBER = asking_as("MEMBER", "public_browsing")

# D1: complaints, penalties and proceedings.


@pytest.mark.clause(id="D1")
@pytest.mark.grant(id="G2")
@pytest.mark.parametrize("who", [PUBLIC, BROWSING_MEMBER], ids=["anybody", "a member"])
def test_a_published_complaint_is_public_with_the_company_s_name_and_the_member_s_in_part(
    sample: Market, who: Requesting
) -> None:
    (complaint,) = sample.nodes(who, "complaints", "summary penalty status againstName company { name }")
    ((name, company),) = sample.stored("""
        select against_name, company.name from complaint join company on company.id = company_id
        where complaint.id = 1""")
    assert complaint["company"] == {"name": company}
    assert is_in_part("NAME", complaint["againstName"])
    assert complaint["againstName"] != name
    assert complaint["penalty"] == "Verified mark withdrawn"


@pytest.mark.clause(id="D1")
@pytest.mark.grant(id="G2")
def test_a_complaint_is_public_from_its_publication_until_it_is_taken_back(market: Market) -> None:
    complaint = State("complaint", "against_id = 13")

    def seen() -> bool:
        return 3 in market.rows(PUBLIC, "complaints")

    assert not seen()
    for moment, published in (
        ("now()", True),
        ("now() + interval '1 minute'", False),
        ("now() - interval '1 second'", True),
        ("null", False),
    ):
        with market.meanwhile(complaint, published_at=moment):
            assert seen() is published, moment
    assert market.refusal(asking_as("ADVERTISER", "campaign"), "{ complaints { totalCount } }") == "INVALID"


@pytest.mark.clause(id="D1")
@pytest.mark.grant(id="G2")
def test_a_complaint_tells_the_public_nothing_of_those_that_are_not_published(market: Market) -> None:
    """Its id is a token, so that nobody counts the gaps; what was written about the member is without addresses."""
    complaint = State("complaint", "id = 1")
    with market.meanwhile(complaint, summary="'Write to rosa@example.org or +49 151 2345 6789'"):
        shown = market.nodes(PUBLIC, "complaints", "id summary")
        assert shown
        assert all(is_token(each["id"]) for each in shown)
        assert shown[0]["summary"] == "Write to [e-mail] or [phone]"
    assert market.data(PUBLIC, '{ complaint(id: "Complaint:1") { status } }') == {"complaint": None}


@pytest.mark.clause(id="D1")
@pytest.mark.clause(id="U2")
@pytest.mark.grant(id="G34")
@pytest.mark.parametrize("purpose", ["agreement_enforcement", "dispute_resolution"])
def test_staff_who_enforce_agreements_read_every_complaint(sample: Market, purpose: str) -> None:
    """Published or not, with the name whole; nobody serving accounts does."""
    shown = sample.nodes(asking_as("PLATFORM", purpose), "complaints", "id againstName summary")
    stored = sample.stored("select 'Complaint:' || id as id, against_name, summary from complaint")
    assert {(each["id"], each["againstName"], each["summary"]) for each in shown} == {tuple(row) for row in stored}
    assert len(sample.nodes(PUBLIC, "complaints", "status")) < len(shown)
    assert sample.refusal(asking_as("PLATFORM", "account_service"), "{ complaints { totalCount } }") == "INVALID"


# D2, D3, D4: legal instruments.


class Instrument(NamedTuple):
    """Who may see by an instrument, whom it names, and what it does not name."""

    who: Requesting
    named: set[int]
    other: Requesting
    """The other organisation of the same kind, with the same reference."""
    unnamed: str
    """A category that instruments of this kind may name and this one does not."""
    probe: str
    """What shows that category."""
    refused: tuple[str, ...]
    """References that are there and show nothing: ended, not begun, not approved, of another kind or organisation."""


COURT = asking_as("AUTHORITY", "court_order")
REQUEST = asking_as("AUTHORITY", "authority_request")
FINDING = asking_as("CLAIMANT", "breach_disclosure")
AUTHORITY_FINDING = asking_as("AUTHORITY", "breach_disclosure")


def of(who: Requesting, organisation: int) -> Requesting:
    return asking_as(who.role, who.purpose, organisation=organisation, reference=who.reference)


INSTRUMENTS: Mapping[str, Instrument] = {
    "court order": Instrument(
        COURT,
        {10, 12},
        of(COURT, 16),
        "BUYER",
        "browsingEvents",
        ("HK-2020-0042", "HK-2098-0003", "CPO-2026-031", "BF-2026-007", "hk-2026-0117", "HK-2026-0117 and others"),
    ),
    "authority's request": Instrument(
        REQUEST,
        {11},
        of(REQUEST, 17),
        "STATISTICAL",
        "visits",
        ("CPO-2026-032", "CPO-2020-007", "HK-2026-0117", "BF-2026-007", "*", "%"),
    ),
    "claimant's finding": Instrument(
        FINDING,
        {13},
        of(FINDING, 19),
        "STATISTICAL",
        "visits",
        ("BF-2026-006", "BF-2020-001", "BF-2098-001", "BF-2026-007", "HK-2026-0117", "' or true --"),
    ),
    "authority's finding": Instrument(
        AUTHORITY_FINDING,
        {13},
        of(AUTHORITY_FINDING, 17),
        "STATISTICAL",
        "visits",
        ("BF-2026-005", "BF-2026-006", "CPO-2026-031", "HK-2026-0117"),
    ),
}

EACH = [
    pytest.param("court order", marks=[pytest.mark.clause(id="D3"), pytest.mark.grant(id="G28a")]),
    pytest.param("authority's request", marks=[pytest.mark.clause(id="D2"), pytest.mark.grant(id="G29")]),
    pytest.param("claimant's finding", marks=[pytest.mark.clause(id="D4"), pytest.mark.grant(id="G30")]),
    pytest.param("authority's finding", marks=[pytest.mark.clause(id="D4"), pytest.mark.grant(id="G30")]),
]


@pytest.mark.parametrize("name", EACH)
def test_an_instrument_shows_whole_whom_it_names_and_nobody_else(sample: Market, name: str) -> None:
    who, named, *_ = INSTRUMENTS[name]
    assert sample.rows(who, "members") == named
    listed = ", ".join(map(str, named))
    orders = f"select id from trade_order where buyer_id in ({listed}) or seller_id in ({listed})"
    assert sample.rows(who, "orders") == sample.numbers(orders) != set()
    columns = "'Member:' || id as id, name, email, phone, address"
    stored = {str(dict(row)) for row in sample.stored(f"select {columns} from member where id in ({listed})")}
    assert {str(each) for each in sample.nodes(who, "members", "id name email phone address")} == stored


@pytest.mark.parametrize("name", EACH)
def test_another_instrument_another_s_or_none_shows_nothing(sample: Market, name: str) -> None:
    """Without a reference it is refused; with one that does not hold, it is as if there were nobody."""
    who, _, other, _, _, refused = INSTRUMENTS[name]
    query = '{ members { totalCount nodes { id } } orders { totalCount } node(id: "Member:10") { id } }'
    nobody = {"members": {"totalCount": 0, "nodes": []}, "orders": {"totalCount": 0}, "node": None}
    for reference in (*refused, "X-0000-0000"):
        asking = asking_as(who.role, who.purpose, organisation=who.organisation, reference=reference)
        assert sample.data(asking, query) == nobody, reference
    assert sample.data(other, query) == nobody
    headers = {name: value for name, value in who.headers(sample.asking.key).items() if name != "Access-Reference"}
    missing = sample.asking.client.post("/graphql", json={"query": query}, headers=headers)
    assert (missing.status_code, missing.json()["errors"][0]["extensions"]["code"]) == (403, "REFERENCE_MISSING")
    empty = sample.asking.client.post("/graphql", json={"query": query}, headers={**headers, "Access-Reference": ""})
    assert empty.json()["errors"][0]["extensions"]["code"] in ("REFERENCE_MISSING", "HEADER_INVALID")


@pytest.mark.parametrize("name", EACH)
def test_an_authority_is_told_whether_its_own_instrument_applies(sample: Market, name: str) -> None:
    """So that it tells an instrument that has ended from one that names nobody; not which fault it has. A claimant is not."""
    who, _, other, _, _, refused = INSTRUMENTS[name]

    def told(asking: Requesting) -> object:
        response = sample.asking.post(asking, "{ members { nodes { id } } }").json()
        return response["extensions"]["privacy"].get("instrumentApplies")

    is_told = who.role == "AUTHORITY"
    assert told(who) is (True if is_told else None)
    assert told(other) is (False if is_told else None)
    for reference in (*refused, "X-0000-0000"):
        asking = asking_as(who.role, who.purpose, organisation=who.organisation, reference=reference)
        assert told(asking) is (False if is_told else None), reference


@pytest.mark.parametrize("name", EACH)
def test_an_instrument_shows_only_while_it_is_in_force_approved_and_names_the_member(market: Market, name: str) -> None:
    who, named, *_ = INSTRUMENTS[name]
    instrument = State("legal_instrument", f"reference = '{who.reference}'")
    market.holds_while(instrument, lambda: market.rows(who, "members") == named)
    with market.meanwhile(instrument, approved_at="null", approved_by="null"):
        assert market.rows(who, "members") == set()
        assert market.rows(who, "orders") == set()
    with market.meanwhile(instrument, organisation_id="15"):
        assert market.rows(who, "members") == set()
    one = min(named)
    key = f"instrument_id = (select id from legal_instrument where reference = '{who.reference}') and member_id = {one}"
    market.change(f"update legal_instrument_subject set member_id = 20 where {key}")
    assert market.rows(who, "members") == {*(named - {one}), 20}
    market.change(f"update legal_instrument_subject set member_id = {one} where {key.replace(f'= {one}', '= 20')}")
    assert market.rows(who, "members") == named


@pytest.mark.parametrize("name", EACH)
def test_an_instrument_shows_only_the_categories_it_names(market: Market, name: str) -> None:
    """Of the others there is no row, though their fields are in the schema; without registration there is no member."""
    who, named, _, unnamed, probe, _ = INSTRUMENTS[name]
    instrument = State("legal_instrument", f"reference = '{who.reference}'")
    assert market.rows(who, probe) == set()
    with market.meanwhile(instrument, categories=f"categories || '{unnamed}'::text"):
        assert market.rows(who, probe) != set()
    with market.meanwhile(instrument, categories="array_remove(categories, 'ACCOUNT_ACTIVITIES')"):
        assert market.rows(who, "orders") == set()
        assert market.rows(who, "members") == named
    with market.meanwhile(instrument, categories="array_remove(categories, 'REGISTRATION')"):
        assert market.rows(who, "members") == set()
        assert market.rows(who, "orders") != set()
        # A member is reached from an order no more than from anywhere else.
        assert {str(each) for each in market.nodes(who, "orders", "buyer { name }")} == {"{'buyer': None}"}


@pytest.mark.clause(id="D3")
@pytest.mark.grant(id="G28a")
@pytest.mark.grant(id="G28b")
def test_a_court_sees_a_whole_card_only_where_its_order_names_cards(market: Market) -> None:
    """Of whom the order names; else the card in part, and all the rest of the payment whole."""
    whole = market.numbers("select card_number from payment where buyer_id in (10, 12) and card_number is not null")
    accounts = market.numbers("select bank_account from payment where buyer_id in (10, 12)")
    assert shown(market, COURT, "cardNumber") == whole != set()
    with market.meanwhile(State("legal_instrument", "reference = 'HK-2026-0117'"), names_cards="false"):
        in_part = shown(market, COURT, "cardNumber")
        assert in_part
        assert all(is_in_part("CARD_NUMBER", card) for card in in_part)
        assert shown(market, COURT, "bankAccount") == accounts - {None}


@pytest.mark.clause(id="D2")
@pytest.mark.clause(id="D4")
@pytest.mark.grant(id="G29")
@pytest.mark.grant(id="G30")
@pytest.mark.parametrize("who", [REQUEST, FINDING, AUTHORITY_FINDING], ids=["request", "claimant", "authority"])
def test_no_request_and_no_finding_shows_a_whole_card(market: Market, who: Requesting) -> None:
    """Whatever it names, payments and cards too. A finding shows a bank account in part as well."""
    state = State("legal_instrument", f"reference = '{who.reference}'")
    (named,) = market.numbers(f"""
        select member_id from legal_instrument_subject join legal_instrument on id = instrument_id
        where {state.where}""")
    subject = f"(select id from legal_instrument where {state.where})"
    market.change(f"update legal_instrument_subject set member_id = 12 where instrument_id = {subject}")
    with market.meanwhile(state, categories="categories || 'PAYMENT'::text", names_cards="true"):
        cards, accounts = shown(market, who, "cardNumber"), shown(market, who, "bankAccount")
        assert cards
        assert all(is_in_part("CARD_NUMBER", card) for card in cards)
        assert accounts
        assert all(is_in_part("BANK_ACCOUNT", account) is (who is not REQUEST) for account in accounts)
    market.change(f"update legal_instrument_subject set member_id = {named} where instrument_id = {subject}")


def shown(market: Market, who: Requesting, field: str) -> set[str]:
    """What a requester sees in a field of payments."""
    return {each[field] for each in market.nodes(who, "payments", field)} - {None}


@pytest.mark.clause(id="D3")
@pytest.mark.grant(id="G28a")
@pytest.mark.parametrize("kind", ["SUBPOENA", "COURT_ORDER", "LEGAL_REQUIREMENT"])
def test_a_court_sees_by_a_subpoena_or_a_legal_requirement_as_by_an_order(market: Market, kind: str) -> None:
    with market.meanwhile(State("legal_instrument", "reference = 'HK-2026-0117'"), kind=f"'{kind}'"):
        assert market.rows(COURT, "members") == {10, 12}
        assert market.rows(asking_as("AUTHORITY", "authority_request", reference="HK-2026-0117"), "members") == set()


@pytest.mark.clause(id="D4")
@pytest.mark.grant(id="G30")
@pytest.mark.parametrize("who", [FINDING, AUTHORITY_FINDING], ids=["claimant", "authority"])
def test_a_finding_that_does_not_say_what_it_serves_shows_nothing(market: Market, who: Requesting) -> None:
    """It is for one claim, or to prevent one injury."""
    assert market.rows(who, "members") == {13}
    with market.meanwhile(State("legal_instrument", f"reference = '{who.reference}'"), serves="null"):
        assert market.rows(who, "members") == set()
        assert market.rows(who, "orders") == set()


@pytest.mark.clause(id="D2")
@pytest.mark.grant(id="G29")
def test_of_two_requests_of_one_authority_each_shows_only_whom_it_names(market: Market) -> None:
    """Once the second is approved it shows its member and not the first one's, who goes on being shown by the first."""
    asked = asking_as("AUTHORITY", "authority_request", reference="CPO-2026-032")
    with market.meanwhile(
        State("legal_instrument", "reference = 'CPO-2026-032'"), approved_at="now()", approved_by="'somebody else'"
    ):
        assert market.rows(asked, "members") == {14}
        assert market.rows(REQUEST, "members") == {11}
    assert market.rows(asked, "members") == set()


@pytest.mark.clause(id="D2")
@pytest.mark.clause(id="D3")
@pytest.mark.clause(id="D4")
def test_the_instrument_is_in_the_record_of_what_was_disclosed_by_it(sample: Market) -> None:
    for instrument in INSTRUMENTS.values():
        response = sample.asking.post(instrument.who, "{ members { nodes { name } } }")
        record = sample.asking.record(response)
        assert record["reference"] == instrument.who.reference
        assert set(record["subjects"]) == set(instrument.named)
        assert record["organisation_id"] == instrument.who.organisation
