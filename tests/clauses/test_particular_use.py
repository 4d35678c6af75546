"""How each kind of information is used (U11 to U23): to write to members, to complete payments, to assess credit."""

import re
from typing import Any

import pytest

from tests.clauses.seeing import IN_FORCE, Market, State, asking_as, is_in_part, is_token
from tests.conftest import Requesting

CONTACT = asking_as("PLATFORM", "member_contact")
ANALYSIS = asking_as("PLATFORM", "statistical_analysis")
ASSESSMENT = asking_as("PLATFORM", "credit_assessment")
DIAGNOSTICS = asking_as("PLATFORM", "diagnostics")
PUBLIC = asking_as("PUBLIC", "public_browsing")
BROWSING_MEMBER = asking_as("MEMBER", "public_browsing")
TRADER = asking_as("MEMBER", "member_trading")
INSIGHT = asking_as("MEMBER", "member_insight")
BANK = asking_as("BANK", "transaction_completion")
VENDOR = asking_as("PAYMENT_VENDOR", "transaction_completion")
ASSESSING = {
    "BANK": asking_as("BANK", "credit_assessment"),
    "CREDIT_AGENCY": asking_as("CREDIT_AGENCY", "credit_assessment"),
}
SHARING = {role: asking_as(role, "statistical_sharing") for role in ("SERVICE_PROVIDER", "PARTNER", "ADVERTISER")}


def second(who: Requesting) -> Requesting:
    """The second organisation of the same kind."""
    return asking_as(who.role, who.purpose, organisation=(who.organisation or 0) + 1)


# U11: contact.


@pytest.mark.clause(id="U11")
@pytest.mark.grant(id="G16")
def test_the_marketplace_writes_to_members_until_they_opt_out(market: Market) -> None:
    """Of who has opted out nobody is seen; who did so once, and no longer does, is."""
    refuses = f"select member_id from consent where kind = 'CONTACT_BY_MARKETPLACE' and not given and {IN_FORCE}"
    refusing = market.numbers(refuses)
    assert 10 in refusing
    assert 16 not in refusing
    assert market.rows(CONTACT, "members") == market.numbers("select id from member") - refusing
    emails = {each["email"] for each in market.nodes(CONTACT, "members", "email phone address")}
    assert emails == market.numbers(f"select email from member where id not in ({refuses})")
    opted_out = State("consent", "kind = 'CONTACT_BY_MARKETPLACE' and member_id = 10")
    market.holds_while(opted_out, lambda: 10 in market.rows(CONTACT, "members"), unless=True)
    with market.meanwhile(opted_out, given="true"):
        assert 10 in market.rows(CONTACT, "members")
    assert market.refusal(CONTACT, "{ orders { totalCount } }") == "INVALID"


# U12, U17, U20: reports and analysis.


@pytest.mark.clause(id="U12")
@pytest.mark.clause(id="U17")
@pytest.mark.clause(id="U20")
@pytest.mark.grant(id="G14a")
def test_reports_tell_who_is_the_same_from_who_is_not_and_never_who_it_is(sample: Market) -> None:
    """Registrations, orders and visits are joined by tokens, as well as by ids, and by nothing that identifies."""
    members = {each["id"]: each["country"] for each in sample.nodes(ANALYSIS, "members", "id country")}
    assert len(members) == 60
    buyers = [each["buyer"]["id"] for each in sample.nodes(ANALYSIS, "orders", "buyer { id }")]
    visitors = [each["member"]["id"] for each in sample.nodes(ANALYSIS, "visits", "member { id }")]
    for shown, column in ((buyers, "buyer_id from trade_order"), (visitors, "member_id from visit")):
        assert set(shown) <= set(members)
        counts = sorted(shown.count(each) for each in set(shown))
        grouped = sample.stored(
            f"select count(*) from (select {column}) each (member_id) group by member_id order by 1"
        )
        assert counts == [row[0] for row in grouped]


# U13: publishing.


@pytest.mark.clause(id="U13")
@pytest.mark.grant(id="G1")
@pytest.mark.parametrize("who", [PUBLIC, BROWSING_MEMBER], ids=["anybody", "a member"])
def test_what_members_publish_is_public_to_any_internet_user(sample: Market, who: Requesting) -> None:
    """Without a token, without a header, all of it: companies, their products, what is wished for and what is said."""
    if who is PUBLIC:
        bare = sample.asking.client.post("/graphql", json={"query": "{ companies { totalCount } }"})
        assert bare.json()["data"]["companies"]["totalCount"] == len(sample.stored("select from company"))
    for root, table, field in PUBLISHED:
        column = re.sub("([A-Z])", r"_\1", field).lower()
        shown = sorted(each[field] for each in sample.nodes(who, root, field))
        assert shown == sorted(row[0] for row in sample.stored(f"select {column} from {table}")) != []


PUBLISHED = (
    ("companies", "company", "name"),
    ("companies", "company", "verified"),
    ("products", "product", "title"),
    ("products", "product", "currency"),
    ("buyingRequests", "buying_request", "title"),
    ("buyingRequests", "buying_request", "quantity"),
    ("forumPosts", "forum_post", "topic"),
)


@pytest.mark.clause(id="U13")
@pytest.mark.grant(id="G1")
def test_whom_it_may_identify_is_not_published(market: Market) -> None:
    """No contact, no owner, no author; and what members wrote freely is without the addresses they put in it."""
    for query in (
        "{ companies { nodes { contactEmail } } }",
        "{ companies { nodes { owner { name } } } }",
        "{ forumPosts { nodes { author { id } } } }",
        "{ buyingRequests { nodes { buyer { id } } } }",
    ):
        assert market.refusal(PUBLIC, query) == "INVALID"
    written = "'Write to rosa@example.org or +49 151 2345 6789, about samples'"
    with market.meanwhile(State("forum_post", "id = 1"), body=written):
        shown = market.data(PUBLIC, '{ forumPost(id: "ForumPost:1") { body } }')
        assert shown == {"forumPost": {"body": "Write to [e-mail] or [phone], about samples"}}
    for root, field in (("companies", "description"), ("buyingRequests", "details"), ("forumPosts", "body")):
        assert not any("@" in each[field] for each in market.nodes(PUBLIC, root, field) if each[field])


# U14: payments.


@pytest.mark.clause(id="U14")
@pytest.mark.grant(id="G22")
@pytest.mark.parametrize("who", [BANK, VENDOR, second(BANK), second(VENDOR)], ids=lambda who: str(who.organisation))
def test_a_bank_or_vendor_sees_the_payments_it_completes_and_no_others(sample: Market, who: Requesting) -> None:
    """Card and account whole, and who is billed; nothing of the order, nothing of the member but that."""
    mine = f"""
        select id from payment where organisation_id = {who.organisation} and status in ('PENDING', 'AUTHORISED')"""
    assert sample.rows(who, "payments") == sample.numbers(mine) != set()
    columns = 'card_number as "cardNumber", bank_account as "bankAccount", billing_name as "billingName"'
    stored = sample.stored(f"select 'Payment:' || id as id, {columns} from payment where id in ({mine})")
    shown = sample.nodes(who, "payments", "id cardNumber bankAccount billingName")
    assert sorted(map(str, shown)) == sorted(str(dict(row)) for row in stored)
    for query in (
        "{ orders { totalCount } }",
        "{ members { totalCount } }",
        "{ payments { nodes { order { total } } } }",
        "{ paymentProfiles { totalCount } }",
        "{ visits { totalCount } }",
    ):
        assert sample.refusal(who, query) == "INVALID"


@pytest.mark.clause(id="U14")
@pytest.mark.grant(id="G22")
def test_once_a_payment_is_settled_or_runs_elsewhere_its_bank_does_not_see_it(market: Market) -> None:
    payment = State("payment", "id = 2")

    def seen(who: Requesting) -> bool:
        return 2 in market.rows(who, "payments")

    assert seen(BANK)
    assert not seen(second(BANK))
    for status in ("SETTLED", "REFUNDED", "FAILED"):
        with market.meanwhile(payment, status=f"'{status}'"):
            assert not seen(BANK)
    with market.meanwhile(payment, organisation_id="11"):
        assert not seen(BANK)
        assert seen(second(BANK))
    assert seen(BANK)


# U15, U18: credit-worthiness.


@pytest.mark.clause(id="U15")
@pytest.mark.grant(id="G23")
@pytest.mark.parametrize("role", ASSESSING)
def test_a_bank_or_agency_sees_how_those_it_assesses_pay(sample: Market, role: str) -> None:
    """Who is billed whole, the rest in part, of those whose assessment with it is open. No member, no credit limit."""
    who = ASSESSING[role]
    assessed = f"select member_id from credit_assessment where organisation_id = {who.organisation} and {IN_FORCE}"
    assert sample.numbers(assessed) == {6}
    assert sample.rows(who, "payments") == sample.numbers("select id from payment where buyer_id = 6") != set()
    assert sample.rows(second(who), "payments") == set()
    profiles = sample.nodes(who, "paymentProfiles", "id billingName bankAccount")
    names = sample.numbers("select billing_name from payment_profile where member_id = 6")
    assert {each["billingName"] for each in profiles} == names != set()
    assert all(is_token(each["id"]) for each in profiles)
    accounts = [each["bankAccount"] for each in profiles if each["bankAccount"]]
    assert all(is_in_part("BANK_ACCOUNT", account) for account in accounts)
    for query in ("{ members { totalCount } }", "{ paymentProfiles { nodes { creditLimit } } }"):
        assert sample.refusal(who, query) == "INVALID"
    cards = [each["cardNumber"] for each in sample.nodes(who, "payments", "cardNumber") if each["cardNumber"]]
    assert all(is_in_part("CARD_NUMBER", card) for card in cards)


@pytest.mark.clause(id="U15")
@pytest.mark.grant(id="G23")
@pytest.mark.parametrize("role", ASSESSING)
def test_an_assessment_is_seen_by_only_while_it_is_open_and_with_whom(market: Market, role: str) -> None:
    who = ASSESSING[role]
    assessment = State("credit_assessment", f"organisation_id = {who.organisation} and member_id = 6")
    payments = market.numbers("select id from payment where buyer_id = 6")
    market.holds_while(assessment, lambda: market.rows(who, "payments") == payments)
    with market.meanwhile(assessment, organisation_id=str((who.organisation or 0) + 1)):
        assert market.rows(who, "payments") == set()
        assert market.rows(second(who), "payments") == payments
    with market.meanwhile(assessment, organisation_id="null"):
        assert market.rows(who, "payments") == set()


@pytest.mark.clause(id="U18")
@pytest.mark.clause(id="U15")
@pytest.mark.grant(id="G17")
def test_the_marketplace_alone_looks_at_orders_to_assess_credit(market: Market) -> None:
    """While any assessment is open; banks and agencies have no orders in their schema."""
    open_ = f"select member_id from credit_assessment where {IN_FORCE}"
    assert market.rows(ASSESSMENT, "members") == market.numbers(open_)
    orders = f"select id from trade_order where buyer_id in ({open_}) or seller_id in ({open_})"
    assert market.rows(ASSESSMENT, "orders") == market.numbers(orders) != set()
    for each in market.nodes(ASSESSMENT, "members", "name email"):
        assert is_in_part("EMAIL", each["email"])
        assert not is_in_part("NAME", each["name"])
    for who in ASSESSING.values():
        assert market.refusal(who, "{ orders { totalCount } }") == "INVALID"
    own = State("credit_assessment", "organisation_id is null and member_id = 9")
    market.holds_while(own, lambda: 9 in market.rows(ASSESSMENT, "members"))


# U16: providing the services requested.


@pytest.mark.clause(id="U16")
@pytest.mark.grant(id="G6")
def test_parties_see_that_an_order_is_paid_and_how_but_not_with_what(sample: Market) -> None:
    """No card, account, name or address of the payer is in their schema, not even in the buyer's own."""
    for member in (1, 2):
        who = asking_as("MEMBER", "member_trading", member=member)
        own = f"select id from payment where {member} in (buyer_id, seller_id)"
        assert sample.rows(who, "payments") == sample.numbers(own) != set()
        assert all(is_token(each["id"]) for each in sample.nodes(who, "payments", "id method amount status"))
        for field in ("cardNumber", "bankAccount", "billingName", "billingAddress", "chequeTracking"):
            assert sample.refusal(who, f"{{ payments {{ nodes {{ {field} }} }} }}") == "INVALID"
    assert sample.rows(asking_as("MEMBER", "member_trading", member=20), "payments").isdisjoint(range(1, 7))


@pytest.mark.clause(id="U16")
@pytest.mark.grant(id="G4")
@pytest.mark.grant(id="G10")
def test_an_order_is_served_on_all_that_belongs_to_it(sample: Market) -> None:
    """By its parties and by the marketplace: items, delivery, dispute."""
    query = """{ order(id: "Order:6") {
        status deliveryName items { quantity unitPrice } dispute { reason statement }
    } }"""
    shown = [sample.data(who, query)["order"] for who in (TRADER, asking_as("PLATFORM", "account_service"))]
    assert shown[0] == shown[1]
    assert None not in shown[0].values()
    assert sample.data(asking_as("MEMBER", "member_trading", member=20), query) == {"order": None}


# U19: diagnosing.


@pytest.mark.clause(id="U19")
@pytest.mark.grant(id="G18")
def test_servers_are_diagnosed_on_visits_alone_and_addresses_in_part(sample: Market) -> None:
    visits = sample.nodes(DIAGNOSTICS, "visits", "id browser operatingSystem ipAddress")
    assert len(visits) == len(sample.stored("select from visit"))
    for each in visits:
        assert is_token(each["id"])
        assert is_in_part("IP_ADDRESS", each["ipAddress"])
    for root in ("members", "browsingEvents", "orders", "companies", "messages"):
        assert sample.refusal(DIAGNOSTICS, f"{{ {root} {{ totalCount }} }}") == "INVALID"


# U21: statistics to third parties.


@pytest.mark.clause(id="U21")
@pytest.mark.grant(id="G26a")
@pytest.mark.grant(id="G26b")
@pytest.mark.parametrize("role", SHARING)
def test_usage_goes_to_third_parties_and_identifies_only_who_permitted_that(sample: Market, role: str) -> None:
    """Each visit is seen; its address on the net only of members who permitted it, to this organisation."""
    who = SHARING[role]
    permitted = f"""
        select member_id from consent where kind = 'STATISTICAL_SHARING' and given
            and organisation_id = {who.organisation} and {IN_FORCE}"""
    visits = sample.nodes(who, "visits", "id at ipAddress hiddenFields")
    assert len(visits) == len(sample.stored("select from visit"))
    shown = [each["ipAddress"] for each in visits if each["ipAddress"]]
    stored = sample.stored(f"select ip_address from visit where member_id in ({permitted})")
    assert sorted(shown) == sorted(row[0] for row in stored) != []
    for each in visits:
        assert ("ipAddress" in each["hiddenFields"]) is (each["ipAddress"] is None)
        assert is_token(each["id"]) is (each["ipAddress"] is None)
    assert {each["ipAddress"] for each in sample.nodes(second(who), "visits", "ipAddress")} == {None}


@pytest.mark.clause(id="U21")
@pytest.mark.grant(id="G26b")
@pytest.mark.parametrize("role", SHARING)
def test_a_permission_taken_back_identifies_nobody_on_the_next_read(market: Market, role: str) -> None:
    who = SHARING[role]
    consent = State(
        "consent", f"kind = 'STATISTICAL_SHARING' and member_id = 9 and organisation_id = {who.organisation}"
    )
    ((number, address),) = market.stored("select id, ip_address from visit where member_id = 9 order by at limit 1")

    def identified() -> bool:
        visits = market.nodes(who, "visits", "id ipAddress")
        (visit,) = [each for each in visits if market.asking.number(who, each["id"]) == number]
        assert visit["ipAddress"] in (address, None)
        return visit["ipAddress"] is not None

    market.holds_while(consent, identified)
    with market.meanwhile(consent, given="false"):
        assert not identified()
    with market.meanwhile(consent, organisation_id=str((who.organisation or 0) + 1)):
        assert not identified()
    # Refused to everybody, whatever was permitted to this one.
    another = State("consent", f"id = (select min(id) from consent where kind = 'COOKIES' and {IN_FORCE})")
    with market.meanwhile(another, kind="'STATISTICAL_SHARING'", member_id="9", given="false"):
        assert not identified()
    assert identified()


# U22: buying patterns for members.


@pytest.mark.clause(id="U22")
@pytest.mark.grant(id="G8")
def test_members_learn_how_others_buy_under_pseudonyms(sample: Market) -> None:
    """The patterns of who accepted cookies, and no single event: no page, no address on the net, no cookie."""
    accepted = f"select member_id from consent where kind = 'COOKIES' and given and {IN_FORCE}"
    expected = sample.numbers(f"select id from buyer_behaviour where member_id in ({accepted})")
    assert sample.rows(INSIGHT, "buyerBehaviours") == expected != set()
    shown = sample.nodes(INSIGHT, "buyerBehaviours", "id ordersPerYear averageOrder topCategories")
    assert all(is_token(each["id"]) for each in shown)
    other = asking_as("MEMBER", "member_insight", member=2)
    theirs = {each["id"] for each in sample.nodes(other, "buyerBehaviours", "id")}
    assert theirs.isdisjoint(each["id"] for each in shown)
    for root in ("members", "browsingEvents", "visits", "orders"):
        assert sample.refusal(INSIGHT, f"{{ {root} {{ totalCount }} }}") == "INVALID"


# U23: personal information as a service to members.


@pytest.mark.clause(id="U23")
@pytest.mark.grant(id="G9")
def test_members_may_reach_who_wrote_and_agreed_to_it_and_read_nothing(sample: Market) -> None:
    """Name, e-mail and telephone of the writer; not the text, not when, not to whom; no message of anybody else."""
    agreed = f"select member_id from consent where kind = 'CONTACT_BY_MEMBERS' and given and {IN_FORCE}"
    columns = 'sender_name as "senderName", sender_email as "senderEmail", sender_phone as "senderPhone"'
    stored = sample.stored(f"select {columns} from message where sender_id in ({agreed})")
    shown = sample.nodes(INSIGHT, "messages", "id senderName senderEmail senderPhone")
    assert all(is_token(each.pop("id")) for each in shown)
    assert sorted(map(str, shown)) == sorted(str(dict(row)) for row in stored) != []
    received = sample.stored(f"select from message where recipient_id in ({agreed}) and sender_id not in ({agreed})")
    assert received
    for field in ("body", "sentAt", "sender { id }", "recipient { id }", "order { id }"):
        assert sample.refusal(INSIGHT, f"{{ messages {{ nodes {{ {field} }} }} }}") == "INVALID"


@pytest.mark.clause(id="U23")
@pytest.mark.grant(id="G9")
def test_who_no_longer_agrees_cannot_be_reached_on_the_next_read(market: Market) -> None:
    ((member, email),) = market.stored(f"""
        select sender_id, sender_email from message join consent on member_id = sender_id
        where kind = 'CONTACT_BY_MEMBERS' and given and {IN_FORCE} order by message.id limit 1""")
    consent = State("consent", f"kind = 'CONTACT_BY_MEMBERS' and member_id = {member}")

    def reached() -> bool:
        return email in {each["senderEmail"] for each in market.nodes(INSIGHT, "messages", "senderEmail")}

    market.holds_while(consent, reached)
    with market.meanwhile(consent, given="false"):
        assert not reached()


# U3, U23: what several people wrote.


@pytest.mark.clause(id="U4")
@pytest.mark.clause(id="U6")
@pytest.mark.grant(id="G19a")
@pytest.mark.parametrize(
    ("root", "field", "one", "other"),
    [("message", "body", "sender_id", "recipient_id"), ("dispute", "statement", "buyer_id", "seller_id")],
)
def test_what_two_people_wrote_is_shown_only_if_the_conditions_of_both_give_it(
    market: Market, root: str, field: str, one: str, other: str
) -> None:
    """An affiliate sees the row for one of them; the words only once the other has an account with it too."""
    affiliate = asking_as("AFFILIATE", "affiliate_sharing", organisation=3)
    known = "select member_id from affiliate_account where organisation_id = 3"
    ((number, first, second_one, words),) = market.stored(f"""
        select id, {one}, {other}, {field} from {root}
        where {field} is not null and {one} not in ({known}) and {other} not in ({known}) order by id limit 1""")
    query = f'{{ {root}(id: "{root.capitalize()}:{number}") {{ {field} hiddenFields }} }}'

    def read(*members: int) -> dict[str, Any] | None:
        accounts = ", ".join(f"({900 + member}, 3, {member}, now())" for member in members)
        market.change(f"insert into affiliate_account (id, organisation_id, member_id, starts_at) values {accounts}")
        try:
            return market.data(affiliate, query)[root]
        finally:
            market.change("delete from affiliate_account where id >= 900")

    assert market.data(affiliate, query) == {root: None}
    for alone in (first, second_one):
        row = read(alone)
        assert row is not None
        assert row[field] is None
        assert field in row["hiddenFields"]
    row = read(first, second_one)
    assert row is not None
    assert row[field] == words
    assert field not in row["hiddenFields"]
