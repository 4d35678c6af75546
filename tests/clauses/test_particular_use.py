"""How each kind of information is used (U11 to U23): to write to members, to complete payments, to assess credit."""

import re

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
@pytest.mark.grant(id="G14")
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
    """Card and account whole, the payer's name, the order's amount; nothing else of either."""
    mine = f"""
        select id from payment where organisation_id = {who.organisation} and status in ('PENDING', 'AUTHORISED')"""
    assert sample.rows(who, "payments") == sample.numbers(mine) != set()
    columns = 'card_number as "cardNumber", bank_account as "bankAccount", billing_name as "billingName"'
    stored = sample.stored(f"select 'Payment:' || id as id, {columns} from payment where id in ({mine})")
    shown = sample.nodes(who, "payments", "id cardNumber bankAccount billingName")
    assert sorted(map(str, shown)) == sorted(str(dict(row)) for row in stored)
    orders = sample.nodes(who, "orders", "total currency buyer { name }")
    expected = sample.stored(f"""
        select total, trade_order.currency, member.name from trade_order join payment on order_id = trade_order.id
        join member on member.id = trade_order.buyer_id where payment.id in ({mine})""")
    assert {(each["total"], each["currency"], each["buyer"]["name"]) for each in orders} == {
        (str(row["total"]), row["currency"], row["name"]) for row in expected
    }
    for query in (
        "{ orders { nodes { deliveryName } } }",
        "{ members { nodes { email } } }",
        "{ visits { totalCount } }",
    ):
        assert sample.refusal(who, query) == "INVALID"


@pytest.mark.clause(id="U14")
@pytest.mark.grant(id="G22")
def test_once_a_payment_is_settled_or_runs_elsewhere_its_bank_does_not_see_it(market: Market) -> None:
    payment = State("payment", "id = 2")

    def seen(who: Requesting) -> bool:
        payments = 2 in market.rows(who, "payments")
        members = market.nodes(who, "members", "name")
        ((name,),) = market.stored("select name from member where id = 1")
        assert ({"name": name} in members) is payments
        return payments

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
def test_a_bank_or_agency_sees_whom_it_assesses(sample: Market, role: str) -> None:
    """Name whole, card and account in part, of those whose assessment with it is open, and of nobody else."""
    who = ASSESSING[role]
    assessed = f"select member_id from credit_assessment where organisation_id = {who.organisation} and {IN_FORCE}"
    assert sample.rows(who, "members") == sample.numbers(assessed) == {6}
    assert sample.rows(second(who), "members") == set()
    (shown,) = sample.nodes(who, "members", "id name email")
    ((name,),) = sample.stored("select name from member where id = 6")
    assert (shown["name"], is_token(shown["id"]), is_in_part("EMAIL", shown["email"])) == (name, True, True)
    assert sample.rows(who, "payments") == sample.numbers("select id from payment where buyer_id = 6")
    cards = [each["cardNumber"] for each in sample.nodes(who, "payments", "cardNumber") if each["cardNumber"]]
    assert all(is_in_part("CARD_NUMBER", card) for card in cards)


@pytest.mark.clause(id="U15")
@pytest.mark.grant(id="G23")
@pytest.mark.parametrize("role", ASSESSING)
def test_an_assessment_is_seen_by_only_while_it_is_open_and_with_whom(market: Market, role: str) -> None:
    who = ASSESSING[role]
    assessment = State("credit_assessment", f"organisation_id = {who.organisation} and member_id = 6")
    market.holds_while(assessment, lambda: market.rows(who, "members") == {6})
    with market.meanwhile(assessment, organisation_id=str((who.organisation or 0) + 1)):
        assert market.rows(who, "members") == set()
        assert market.rows(second(who), "members") == {6}
    with market.meanwhile(assessment, organisation_id="null"):
        assert market.rows(who, "members") == set()


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
    ((address, at),) = market.stored("select ip_address, at from visit where member_id = 9 order by at limit 1")

    def identified() -> bool:
        visits = market.nodes(who, "visits", "at ipAddress")
        (visit,) = [each for each in visits if each["at"] == at.isoformat()]
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
    """Of who accepted cookies; a pseudonym is the same for all of one's pages, and another to another member."""
    accepted = f"select member_id from consent where kind = 'COOKIES' and given and {IN_FORCE}"
    expected = f"select id from browsing_event where member_id in ({accepted})"
    assert sample.rows(INSIGHT, "browsingEvents") == sample.numbers(expected)
    pages = sample.nodes(INSIGHT, "browsingEvents", "id url cookie ipAddress")
    assert all(is_token(each[field]) for each in pages for field in ("id", "cookie", "ipAddress") if each[field])
    stored = sample.stored(
        f"select count(*) from browsing_event where id in ({expected}) and cookie is not null group by cookie"
    )
    cookies = [each["cookie"] for each in pages if each["cookie"]]
    assert sorted(cookies.count(each) for each in set(cookies)) == sorted(row[0] for row in stored)
    other = asking_as("MEMBER", "member_insight", member=2)
    theirs = {each["cookie"] for each in sample.nodes(other, "browsingEvents", "cookie")}
    assert (theirs & set(cookies)) - {None} == set()
    assert sample.refusal(INSIGHT, "{ members { totalCount } }") == "INVALID"


# U23: personal information as a service to members.


@pytest.mark.clause(id="U23")
@pytest.mark.grant(id="G9a")
@pytest.mark.grant(id="G9b")
def test_members_learn_from_what_others_write_and_may_reach_who_agreed_to_it(sample: Market) -> None:
    """Every message without the addresses in it; who wrote it only in part, but whole if they agreed."""
    agreed = sample.numbers(f"select member_id from consent where kind = 'CONTACT_BY_MEMBERS' and given and {IN_FORCE}")
    stored = {row["sent_at"].isoformat(): row for row in sample.stored("select * from message")}
    shown = sample.nodes(INSIGHT, "messages", "id sentAt body senderName senderEmail")
    assert len(shown) == len(stored)
    reached = 0
    for each in shown:
        row = stored[each["sentAt"]]
        assert is_token(each["id"])
        assert "@" not in each["body"].replace("[e-mail]", "")
        if row["sender_id"] in agreed:
            assert (each["senderName"], each["senderEmail"]) == (row["sender_name"], row["sender_email"])
            reached += 1
        else:
            assert is_in_part("NAME", each["senderName"])
            assert is_in_part("EMAIL", each["senderEmail"])
    assert 0 < reached < len(shown)


@pytest.mark.clause(id="U23")
@pytest.mark.grant(id="G9b")
def test_who_no_longer_agrees_cannot_be_reached_on_the_next_read(market: Market) -> None:
    ((member, sent),) = market.stored(f"""
        select sender_id, sent_at from message join consent on member_id = sender_id
        where kind = 'CONTACT_BY_MEMBERS' and given and {IN_FORCE} order by message.id limit 1""")
    consent = State("consent", f"kind = 'CONTACT_BY_MEMBERS' and member_id = {member}")

    def reached() -> bool:
        messages = market.nodes(INSIGHT, "messages", "sentAt senderEmail")
        (one,) = [each for each in messages if each["sentAt"] == sent.isoformat()]
        return not is_in_part("EMAIL", one["senderEmail"])

    market.holds_while(consent, reached)
    with market.meanwhile(consent, given="false"):
        assert not reached()
