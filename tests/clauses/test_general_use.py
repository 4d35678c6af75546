"""How information is used in general (U1 to U10): by the marketplace, by who works for it, by who runs campaigns."""

import pytest

from schema.marketplace.words import Purposes, Roles
from tests.clauses.seeing import IN_FORCE, Market, State, asking_as, code, is_in_part, is_token
from tests.conftest import Requesting

MARKETING = asking_as("PLATFORM", "marketing")
ANALYSIS = asking_as("PLATFORM", "statistical_analysis")
PERSONALISATION = asking_as("PLATFORM", "personalisation")
OPERATION = asking_as("PLATFORM", "site_operation")
SERVICE = ("account_service", "dispute_resolution", "agreement_enforcement")

BUYER = asking_as("MEMBER", "member_trading", member=1)
SELLER = asking_as("MEMBER", "member_trading", member=2)
STRANGER = asking_as("MEMBER", "member_trading", member=20)

CARE = asking_as("SERVICE_PROVIDER", "account_service")
AFFILIATE = asking_as("AFFILIATE", "affiliate_sharing")
ADVERTISER = asking_as("ADVERTISER", "campaign")
ACQUIRER = asking_as("ACQUIRER", "business_transfer")

ACCEPTED = f"select member_id from consent where kind = 'COOKIES' and given and {IN_FORCE}"

# U1: the marketplace's own marketing, analysis, content and customisation.


@pytest.mark.clause(id="U1")
@pytest.mark.grant(id="G13a")
def test_marketing_is_planned_under_pseudonyms(sample: Market) -> None:
    """Of members and their orders; not of what they pay with, write to each other or publish."""
    members = sample.nodes(MARKETING, "members", "id name email phone address country")
    assert len(members) == 60
    for each in members:
        assert all(is_token(each[field]) for field in ("id", "name", "email", "phone", "address") if each[field])
    assert {each["country"] for each in members} == sample.numbers("select country from member")
    assert all(is_token(each["id"]) for each in sample.nodes(MARKETING, "orders", "id"))
    for root in ("payments", "messages", "companies", "visits"):
        assert sample.refusal(MARKETING, f"{{ {root} {{ totalCount }} }}") == "INVALID"


@pytest.mark.clause(id="U1")
@pytest.mark.grant(id="G13b")
def test_whom_the_marketplace_has_met_it_may_write_to_by_name_and_e_mail_alone(market: Market) -> None:
    """Unless they have opted out of contact: of those, name and e-mail are tokens like the rest."""
    ((member, name, email),) = market.stored("select member_id, name, email from marketing_contact order by id limit 1")

    def plain() -> set[tuple[str, str]]:
        contacts = market.nodes(MARKETING, "marketingContacts", "id name email phone member { name }")
        for each in contacts:
            assert is_token(each["id"])
            assert each["phone"] is None or is_token(each["phone"])
            assert is_token(each["member"]["name"])
            assert is_token(each["name"]) is is_token(each["email"])
        return {(each["name"], each["email"]) for each in contacts if not is_token(each["email"])}

    everybody = {tuple(row) for row in market.stored("select name, email from marketing_contact")}
    assert plain() == everybody
    opted_out = State("consent", "kind = 'CONTACT_BY_MARKETPLACE' and member_id = 10")
    with market.meanwhile(opted_out, member_id=str(member)):
        assert plain() == everybody - {(name, email)}


@pytest.mark.clause(id="U1")
@pytest.mark.grant(id="G13c")
def test_browsing_is_part_of_marketing_for_those_who_accepted_cookies(market: Market) -> None:
    """Of nobody else a page is seen, and of them only while they accept."""
    expected = market.numbers(f"select id from browsing_event where member_id in ({ACCEPTED})")
    assert 0 < len(expected) < len(market.numbers("select id from browsing_event"))
    assert market.rows(MARKETING, "browsingEvents") == expected
    for each in market.nodes(MARKETING, "browsingEvents", "id ipAddress cookie"):
        assert all(is_token(value) for value in each.values() if value)
    one = min(market.numbers("select id from browsing_event where member_id = 1"))
    consent = State("consent", "kind = 'COOKIES' and member_id = 1")
    market.holds_while(consent, lambda: one in market.rows(MARKETING, "browsingEvents"))


PSEUDONYMS = {
    "members": "id name email phone fax address",
    "orders": "id deliveryName deliveryAddress deliveryPhone trackingNumber",
    "payments": "id cardNumber bankAccount billingName billingAddress chequeTracking",
    "browsingEvents": "id ipAddress cookie",
    "visits": "id ipAddress",
    "marketingContacts": "id name email phone",
    "messages": "id senderName senderEmail senderPhone",
    "companies": "contactName contactEmail contactPhone",
}
"""The identifiers of each of the eight categories."""


@pytest.mark.clause(id="U1")
@pytest.mark.grant(id="G14a")
@pytest.mark.parametrize("root", PSEUDONYMS)
def test_all_eight_kinds_are_analysed_under_pseudonyms(sample: Market, root: str) -> None:
    shown = sample.nodes(ANALYSIS, root, PSEUDONYMS[root])
    assert shown
    for field in PSEUDONYMS[root].split():
        values = [each[field] for each in shown if each[field]]
        assert values, field
        assert all(map(is_token, values)), field


@pytest.mark.clause(id="U1")
@pytest.mark.grant(id="G14a")
@pytest.mark.parametrize(
    ("root", "field"), [("messages", "body"), ("companies", "description"), ("disputes", "statement")]
)
def test_analysts_have_no_field_in_which_members_write_freely(sample: Market, root: str, field: str) -> None:
    """So that no address within a text slips through."""
    assert sample.refusal(ANALYSIS, f"{{ {root} {{ nodes {{ {field} }} }} }}") == "INVALID"


@pytest.mark.clause(id="U1")
@pytest.mark.grant(id="G15")
def test_pages_are_fitted_to_those_who_accepted_cookies_alone(market: Market) -> None:
    assert market.rows(PERSONALISATION, "members") == market.numbers(ACCEPTED)
    assert all(is_token(each["name"]) for each in market.nodes(PERSONALISATION, "members", "name"))
    consent = State("consent", "kind = 'COOKIES' and member_id = 2")
    market.holds_while(consent, lambda: 2 in market.rows(PERSONALISATION, "members"))
    with market.meanwhile(consent, given="false"):
        assert 2 not in market.rows(PERSONALISATION, "members")


# U2: servicing an account.


@pytest.mark.clause(id="U2")
@pytest.mark.grant(id="G10")
@pytest.mark.parametrize("purpose", SERVICE)
def test_problems_and_disputes_are_looked_into_on_what_is_stored(sample: Market, purpose: str) -> None:
    who = asking_as("PLATFORM", purpose)
    (row,) = sample.stored("select 'Member:' || id as id, name, email, phone, address from member where id = 5")
    query = '{ member(id: "Member:5") { id name email phone address } }'
    assert sample.data(who, query) == {"member": dict(row)}
    bodies = sample.numbers("select body from message")
    assert {each["body"] for each in sample.nodes(who, "messages", "body")} == bodies
    assert sample.refusal(who, "{ marketingContacts { totalCount } }") == "INVALID"


@pytest.mark.clause(id="U2")
@pytest.mark.grant(id="G11")
@pytest.mark.parametrize("purpose", SERVICE)
def test_for_that_payments_and_visits_are_seen_in_part(sample: Market, purpose: str) -> None:
    """No card, account or address on the net is whole."""
    who = asking_as("PLATFORM", purpose)
    for each in sample.nodes(who, "payments", "cardNumber bankAccount billingName"):
        for field, kind in (("cardNumber", "CARD_NUMBER"), ("bankAccount", "BANK_ACCOUNT"), ("billingName", "NAME")):
            assert each[field] is None or is_in_part(kind, each[field])
    assert all(is_in_part("IP_ADDRESS", each["ipAddress"]) for each in sample.nodes(who, "visits", "ipAddress"))


# U3: operating the site; buyers and suppliers reaching each other.


@pytest.mark.clause(id="U3")
@pytest.mark.grant(id="G4")
def test_both_parties_see_their_order_whole_and_nobody_else_does(sample: Market) -> None:
    for member, who in ((1, BUYER), (2, SELLER), (20, STRANGER)):
        own = sample.numbers(f"select id from trade_order where {member} in (buyer_id, seller_id)")
        assert sample.rows(who, "orders") == own
    fields = "id deliveryName deliveryAddress deliveryPhone deliveryCity trackingNumber"
    query = f'{{ order(id: "Order:4") {{ {fields} }} }}'
    (row,) = sample.stored("""
        select 'Order:' || id as id, delivery_name as "deliveryName", delivery_address as "deliveryAddress",
               delivery_phone as "deliveryPhone", delivery_city as "deliveryCity", tracking_number as "trackingNumber"
        from trade_order where id = 4""")
    assert sample.data(BUYER, query) == sample.data(SELLER, query) == {"order": dict(row)}
    assert sample.data(STRANGER, query) == {"order": None}


@pytest.mark.clause(id="U3")
@pytest.mark.grant(id="G5")
def test_parties_to_an_order_can_reach_each_other(sample: Market) -> None:
    """By name, e-mail and telephone; the address is not in their schema, and ids are tokens."""
    rows = sample.stored("select name, email, phone from member where id in (1, 2) order by id")
    for who, other, row in ((BUYER, "seller", rows[1]), (SELLER, "buyer", rows[0])):
        query = f'{{ order(id: "Order:4") {{ {other} {{ id name email phone }} }} }}'
        shown = sample.data(who, query)["order"][other]
        assert is_token(shown.pop("id"))
        assert shown == dict(row)
        assert sample.refusal(who, "{ members { nodes { address } } }") == "INVALID"
        partners = f"""
            select buyer_id from trade_order where seller_id = {who.member} and status <> 'CANCELLED'
            union select seller_id from trade_order where buyer_id = {who.member} and status <> 'CANCELLED'"""
        assert sample.rows(who, "members") == sample.numbers(partners)


@pytest.mark.clause(id="U3")
@pytest.mark.grant(id="G5")
def test_once_their_only_order_is_cancelled_they_cannot_reach_each_other(market: Market) -> None:
    """The very next read shows neither, though the order is still there; and a new order makes them known again."""
    ((order, buyer, seller),) = market.stored("""
        select min(id), buyer_id, seller_id from trade_order group by buyer_id, seller_id
        having count(*) = 1 and min(status) <> 'CANCELLED' order by 1 limit 1""")
    parties = [asking_as("MEMBER", "member_trading", member=member) for member in (buyer, seller)]
    state = State("trade_order", f"id = {order}")

    def reached() -> list[bool]:
        return [other in market.rows(who, "members") for who, other in zip(parties, (seller, buyer), strict=True)]

    assert reached() == [True, True]
    with market.meanwhile(state, status="'CANCELLED'"):
        assert reached() == [False, False]
        assert order in market.rows(parties[0], "orders")
    assert reached() == [True, True]


@pytest.mark.clause(id="U3")
@pytest.mark.grant(id="G7")
def test_who_sent_or_received_a_message_reads_it_and_nobody_else_does(sample: Market) -> None:
    for member, who in ((1, BUYER), (2, SELLER), (20, STRANGER)):
        own = sample.numbers(f"select id from message where {member} in (sender_id, recipient_id)")
        assert sample.rows(who, "messages") == own
    ((number, body),) = sample.stored("select id, body from message where sender_id = 1 limit 1")
    query = f'{{ message(id: "Message:{number}") {{ body }} }}'
    assert sample.data(BUYER, query) == {"message": {"body": body}}
    assert sample.data(STRANGER, query) == {"message": None}


@pytest.mark.clause(id="U3")
@pytest.mark.grant(id="G12a")
def test_the_site_is_operated_on_data_seen_in_part(sample: Market) -> None:
    for each in sample.nodes(OPERATION, "members", "id name email phone address city"):
        assert is_token(each["id"])
        assert is_in_part("NAME", each["name"])
        assert is_in_part("EMAIL", each["email"])
        assert each["phone"] is None or is_in_part("PHONE", each["phone"])
        assert each["address"] in (None, each["city"])
    contacts = sample.nodes(OPERATION, "companies", "contactName contactEmail")
    assert all(is_in_part("EMAIL", each["contactEmail"]) for each in contacts if each["contactEmail"])
    for root in ("messages", "payments", "browsingEvents", "marketingContacts"):
        assert sample.refusal(OPERATION, f"{{ {root} {{ totalCount }} }}") == "INVALID"


# U4: identifying information goes nowhere else.


@pytest.mark.clause(id="U4")
def test_no_role_is_answered_for_a_purpose_of_others(sample: Market) -> None:
    """Each role, each purpose it may not ask for: refused before anything is read."""
    policy = sample.data(asking_as("PUBLIC", "public_browsing"), "{ privacyPolicy { roles { role purposes } } }")
    given = {each["role"]: set(each["purposes"]) for each in policy["privacyPolicy"]["roles"]}
    for role in Roles:
        for purpose in set(Purposes) - {Purposes(each) for each in given[role]}:
            response = sample.asking.post(asking_as(role, purpose, reference="X-1"), "{ members { totalCount } }")
            assert (response.status_code, code(response)) == (403, "PURPOSE_NOT_FOR_ROLE"), (role, purpose)


@pytest.mark.clause(id="U4")
def test_what_is_not_granted_looks_like_what_does_not_exist(sample: Market) -> None:
    """The same error word for word, for a hidden field, a hidden type, and a name nobody has thought of."""
    hidden, nowhere = "{ members { nodes { phone } } }", "{ members { nodes { phoen } } }"
    texts = [sample.asking.post(ADVERTISER, query).text.replace("phoen", "phone") for query in (hidden, nowhere)]
    assert _without_record(texts[0]) == _without_record(texts[1])
    hidden, nowhere = "{ messages { totalCount } }", "{ massages { totalCount } }"
    texts = [sample.asking.post(ADVERTISER, query).text.replace("massages", "messages") for query in (hidden, nowhere)]
    assert _without_record(texts[0]) == _without_record(texts[1])


def _without_record(text: str) -> str:
    before, _, after = text.partition('"record": "')
    return before + after.partition('"')[2]


# U5: affiliates and service providers under contract.

CONTRACTED = {
    "AFFILIATE": (asking_as("AFFILIATE", "site_operation"), 3),
    "SERVICE_PROVIDER": (asking_as("SERVICE_PROVIDER", "site_operation"), 1),
    "CARE": (CARE, 1),
}
"""Who works under which contract."""


def _other(who: Requesting) -> Requesting:
    """The second organisation of the same kind."""
    return asking_as(who.role, who.purpose, organisation=(who.organisation or 0) + 1, reference=who.reference)


@pytest.mark.clause(id="U5")
@pytest.mark.grant(id="G20")
@pytest.mark.parametrize("name", ["AFFILIATE", "SERVICE_PROVIDER"])
def test_who_supports_the_site_under_contract_sees_members_in_part(sample: Market, name: str) -> None:
    """Their registration and orders, no message; another organisation of its kind, which has none, sees nobody."""
    who, _ = CONTRACTED[name]
    for root, table in (("members", "member"), ("orders", "trade_order")):
        assert sample.rows(who, root) == sample.numbers(f"select id from {table}")
        assert sample.rows(_other(who), root) == set()
    for each in sample.nodes(who, "members", "id name email"):
        assert is_token(each["id"])
        assert is_in_part("NAME", each["name"])
        assert is_in_part("EMAIL", each["email"])
    for root in ("payments", "messages"):
        assert sample.refusal(who, f"{{ {root} {{ totalCount }} }}") == "INVALID"


@pytest.mark.clause(id="U5")
@pytest.mark.grant(id="G20")
@pytest.mark.grant(id="G21a")
@pytest.mark.parametrize("name", CONTRACTED)
def test_a_contract_is_seen_by_only_while_it_is_in_force_and_names_the_purpose(market: Market, name: str) -> None:
    who, contract = CONTRACTED[name]
    state = State("contract", f"id = {contract}")

    def seen() -> bool:
        found = market.data(who, "{ members { totalCount } orders { totalCount } }")
        counts = {each["totalCount"] for each in found.values()}
        assert counts == {0} or 0 not in counts
        return counts != {0}

    market.holds_while(state, seen)
    with market.meanwhile(state, purposes="'{statistical_sharing}'"):
        assert not seen()
    with market.meanwhile(state, organisation_id="7"):
        assert not seen()
    assert seen()


@pytest.mark.clause(id="U5")
@pytest.mark.clause(id="U2")
@pytest.mark.grant(id="G21a")
@pytest.mark.grant(id="G21b")
def test_customer_care_sees_whole_whose_case_it_works_on_and_others_in_part(market: Market) -> None:
    """As long as the case is open with it, and with nobody else."""
    case = State("support_case", "member_id = 3")
    (row,) = market.stored("select name, email, registered_at from member where id = 3")

    def whole() -> bool:
        members = market.nodes(CARE, "members", "id name email registeredAt")
        (plain,) = [each for each in members if each["name"] == row["name"]] or [None]
        in_part = [each for each in members if is_in_part("EMAIL", each["email"])]
        assert len(members) == 60
        # Two members have a case: the third one's and this.
        assert len(in_part) == (58 if plain else 59)
        return plain is not None and (plain["email"], plain["id"]) == (row["email"], "Member:3")

    market.holds_while(case, whole)
    with market.meanwhile(case, organisation_id="5"):
        assert not whole()
    with_case = f"select member_id from support_case where organisation_id = 4 and {IN_FORCE}"
    messages = f"select id from message where sender_id in ({with_case}) or recipient_id in ({with_case})"
    assert market.rows(CARE, "messages") == market.numbers(messages) != set()
    both = f"select body from message where sender_id in ({with_case}) and recipient_id in ({with_case})"
    bodies = {each["body"] for each in market.nodes(CARE, "messages", "body")}
    assert bodies - {None} == market.numbers(both)
    assert None in bodies
    with market.meanwhile(State("contract", "id = 1"), ends_at="now()"):
        assert market.rows(CARE, "members") == set()


# U6: affiliates whose services a member registered for or uses.


@pytest.mark.clause(id="U6")
@pytest.mark.grant(id="G19a")
def test_an_affiliate_sees_all_that_is_collected_of_who_has_an_account_with_it(sample: Market) -> None:
    """And of nobody else; the card in part."""
    with_account = f"select member_id from affiliate_account where organisation_id = 2 and {IN_FORCE}"
    assert sample.rows(AFFILIATE, "members") == sample.numbers(with_account)
    mine = {
        "visits": f"select id from visit where member_id in ({with_account})",
        "browsingEvents": f"select id from browsing_event where member_id in ({with_account})",
        "payments": f"select id from payment where buyer_id in ({with_account})",
        "orders": f"select id from trade_order where buyer_id in ({with_account}) or seller_id in ({with_account})",
        "messages": f"select id from message where parties && array({with_account})",
    }
    for root, expected in mine.items():
        assert sample.rows(AFFILIATE, root) == sample.numbers(expected), root
    (row,) = sample.stored("select 'Member:' || id as id, name, email, address from member where id = 3")
    query = '{ member(id: "Member:3") { id name email address paymentProfiles { nodes { cardNumber billingName } } } }'
    shown = sample.data(AFFILIATE, query)["member"]
    assert shown.pop("paymentProfiles")["nodes"]
    assert shown == dict(row)
    cards = [each["cardNumber"] for each in sample.nodes(AFFILIATE, "payments", "cardNumber") if each["cardNumber"]]
    assert cards
    assert all(is_in_part("CARD_NUMBER", card) for card in cards)
    assert sample.refusal(AFFILIATE, "{ paymentProfiles { nodes { creditLimit } } }") == "INVALID"


@pytest.mark.clause(id="U6")
@pytest.mark.grant(id="G19a")
def test_an_affiliate_sees_a_member_only_while_the_account_is_in_force_and_with_it(market: Market) -> None:
    account = State("affiliate_account", "organisation_id = 2 and member_id = 3")
    market.holds_while(account, lambda: 3 in market.rows(AFFILIATE, "members"))
    with market.meanwhile(account, organisation_id="3"):
        assert 3 not in market.rows(AFFILIATE, "members")
        assert 3 in market.rows(_other(AFFILIATE), "members")


@pytest.mark.clause(id="U6")
@pytest.mark.grant(id="G19a")
def test_an_affiliate_that_sees_an_order_for_its_seller_does_not_see_where_the_buyer_lives(market: Market) -> None:
    """Whose field it is, not whose row, is asked for each field."""
    with_account = f"select member_id from affiliate_account where organisation_id = 2 and {IN_FORCE}"
    sold = f"select id from trade_order where seller_id in ({with_account}) and buyer_id not in ({with_account})"
    market.change("insert into affiliate_account (id, organisation_id, member_id, starts_at) values (99, 2, 2, now())")
    shown = {
        each["id"]: each for each in market.nodes(AFFILIATE, "orders", "id deliveryName deliveryCity hiddenFields")
    }
    market.change("delete from affiliate_account where id = 99")
    own = {f"Order:{number}" for number in market.numbers("select id from trade_order where id <= 7")} | {
        f"Order:{number}" for number in market.numbers(sold)
    }
    assert own <= set(shown)
    for number in own:
        assert (shown[number]["deliveryName"], shown[number]["deliveryCity"]) == (None, None)
        assert {"deliveryName", "deliveryCity"} <= set(shown[number]["hiddenFields"])


# U7: aggregate information.


@pytest.mark.clause(id="U7")
@pytest.mark.grant(id="G27")
def test_figures_about_many_are_for_four_roles_and_hold_nobody(sample: Market) -> None:
    """`tests/inference/test_figures.py` shows that nothing else can be made of them."""
    query = "{ visitStatistics { total { members } } }"
    for role in ("PUBLIC", "MEMBER", "PARTNER", "ADVERTISER"):
        response = sample.asking.post(asking_as(role, "aggregate_sharing"), query)
        assert response.json()["data"]["visitStatistics"]["total"]["members"] >= 10
        record = sample.asking.record(response)
        assert (record["subjects"], record["row_count"]) == ([], 0)
        assert sample.refusal(asking_as(role, "aggregate_sharing"), "{ visits { totalCount } }") == "INVALID"
    for role in set(Roles) - {Roles.PUBLIC, Roles.MEMBER, Roles.PARTNER, Roles.ADVERTISER}:
        assert sample.refusal(asking_as(role, "aggregate_sharing"), query) == "PURPOSE_NOT_FOR_ROLE"


# U8: campaigns for third parties.


@pytest.mark.clause(id="U8")
@pytest.mark.grant(id="G24")
def test_an_advertiser_sees_who_responded_to_its_campaign_and_how_to_write_to_them(sample: Market) -> None:
    """Name, e-mail and country; no telephone, no city, nothing of fairs; an id of its own."""
    for who in (ADVERTISER, _other(ADVERTISER)):
        responded = f"select member_id from campaign_response where organisation_id = {who.organisation} and {IN_FORCE}"
        columns = "name, email, country"
        stored = {tuple(row) for row in sample.stored(f"select {columns} from member where id in ({responded})")}
        shown = sample.nodes(who, "members", "id name email country")
        assert {(each["name"], each["email"], each["country"]) for each in shown} == stored
        assert all(is_token(each["id"]) for each in shown)
        for field in ("phone", "fax", "address", "city", "jobTitle", "registeredAt"):
            assert sample.refusal(who, f"{{ members {{ nodes {{ {field} }} }} }}") == "INVALID"
        assert sample.refusal(who, "{ marketingContacts { totalCount } }") == "INVALID"


@pytest.mark.clause(id="U8")
@pytest.mark.grant(id="G24")
def test_unless_a_member_responds_nothing_of_them_is_disclosed(market: Market) -> None:
    """Not before they do, nor after they took it back, nor to the advertiser of another campaign."""
    response = State("campaign_response", "organisation_id = 8 and member_id = 6")

    def seen() -> bool:
        names = {each["name"] for each in market.nodes(ADVERTISER, "members", "name")}
        assert names in (market.numbers("select name from member where id = 6"), set())
        return bool(names)

    market.holds_while(response, seen)
    with market.meanwhile(response, organisation_id="9", campaign_id="2"):
        assert not seen()


# U9: transfer outside the member's home jurisdiction.


@pytest.mark.clause(id="U9")
def test_what_goes_outside_a_members_country_is_recorded_as_such(sample: Market) -> None:
    """True where the requester is elsewhere than a member in the answer, false where all are at home, and in the log."""
    bank_at_home = asking_as("BANK", "credit_assessment")
    answers = {
        # Customer care is in the Philippines, the member in Germany.
        'member(id: "Member:3") { name }': (CARE, True),
        # The marketplace is in Hong Kong, as is member 12, and member 1 is not.
        'member(id: "Member:12") { name }': (asking_as("PLATFORM", "account_service"), False),
        'member(id: "Member:1") { name }': (asking_as("PLATFORM", "account_service"), True),
        # A member sees her own wherever she is, and whom she trades with abroad.
        "me { name }": (asking_as("MEMBER", "self_service"), False),
        "orders { totalCount nodes { seller { name } } }": (BUYER, True),
        # Nobody's data is in it.
        "organisations { totalCount }": (bank_at_home, False),
        # Where the public is, nobody knows.
        "companies(first: 1) { nodes { name } }": (asking_as("PUBLIC", "public_browsing"), None),
    }
    for query, (who, crosses) in answers.items():
        response = sample.asking.post(who, f"{{ {query} }}")
        record = sample.asking.record(response)
        assert record["cross_border"] is crosses, query
    officer = asking_as("PRIVACY_OFFICER", "privacy_oversight")
    found = sample.data(officer, "{ accessRecords(first: 20) { nodes { id crossBorder } } }")["accessRecords"]
    assert {each["crossBorder"] for each in found["nodes"]} >= {True, False, None}


# U10: the buyer of the business.


@pytest.mark.clause(id="U10")
@pytest.mark.grant(id="G31")
def test_an_acquirer_sees_all_once_the_transfer_to_it_has_closed(market: Market) -> None:
    """Whole but for cards, and not before; nor does the other, to which it was undone."""
    transfer = State("business_transfer", "organisation_id = 20")

    def seen() -> bool:
        everybody = market.numbers("select id from member")
        members = market.rows(ACQUIRER, "members")
        assert members in (everybody, set())
        return members == everybody

    assert not seen()
    market.holds_while(transfer, seen)
    with market.meanwhile(transfer, starts_at="now()", undertaking="null"):
        # It has bought the business, and has not undertaken to follow the policy.
        assert not seen()
    assert market.rows(_other(ACQUIRER), "members") == set()
    with market.meanwhile(transfer, starts_at="now()"):
        emails = {each["email"] for each in market.nodes(ACQUIRER, "members", "email")}
        assert emails == market.numbers("select email from member")
        cards = [each["cardNumber"] for each in market.nodes(ACQUIRER, "payments", "cardNumber") if each["cardNumber"]]
        assert cards
        assert all(is_in_part("CARD_NUMBER", card) for card in cards)
        assert market.rows(_other(ACQUIRER), "members") == set()
