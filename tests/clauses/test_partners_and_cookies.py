"""Partners (B1), and cookies: what is done with them (K1 to K5), and the member's choice to reject them (K6)."""

import pytest

from tests.clauses.seeing import IN_FORCE, Market, State, asking_as, is_token
from tests.conftest import Requesting

PARTNER = asking_as("PARTNER", "partner_tracking")
OTHER_PARTNER = asking_as("PARTNER", "partner_tracking", organisation=7)
MARKETING = asking_as("PLATFORM", "marketing")
PERSONALISATION = asking_as("PLATFORM", "personalisation")
INSIGHT = asking_as("MEMBER", "member_insight")

ACCEPTED = f"select member_id from consent where kind = 'COOKIES' and given and {IN_FORCE}"


def sent_by(partner: int) -> str:
    """Who came through a partner and accepts cookies."""
    return f"""
        select member_id from partner_arrival where organisation_id = {partner} and {IN_FORCE}
            and member_id in ({ACCEPTED})"""


@pytest.mark.clause(id="B1")
@pytest.mark.grant(id="G25a")
@pytest.mark.grant(id="G25b")
def test_a_co_branded_partner_is_a_third_party(sample: Market) -> None:
    """It sees visits and orders of whom it sent, nobody's name, and no clause; a pseudonym is its own."""
    query = "{ visits(first: 2) { nodes { id } } }"
    treatments = sample.asking.answer(PARTNER, query)["extensions"]["privacy"]["treatments"]
    assert treatments == [{"field": "Visit.id", "treatment": "TOKEN"}]
    hidden = ("members", "companies", "payments", "messages", "marketingContacts")
    for root in (*hidden, "browsingEvents", "buyerBehaviours", "disputes"):
        assert sample.refusal(PARTNER, f"{{ {root} {{ totalCount }} }}") == "INVALID"
    staff = asking_as("PLATFORM", "statistical_analysis")
    theirs = {each["id"] for each in sample.nodes(PARTNER, "visits", "id")}
    assert theirs
    assert theirs.isdisjoint(each["id"] for each in sample.nodes(staff, "visits", "id"))


@pytest.mark.clause(id="K4")
@pytest.mark.clause(id="B1")
@pytest.mark.grant(id="G25a")
@pytest.mark.grant(id="G25b")
@pytest.mark.parametrize("who", [PARTNER, OTHER_PARTNER], ids=["the first partner", "the second"])
def test_a_partner_follows_the_visits_and_purchases_of_those_it_sent_who_accept_cookies(
    sample: Market, who: Requesting
) -> None:
    """Of purchases only those made since; no sale, though the seller was sent; and what was ordered only in figures."""
    sent = sent_by(who.organisation or 0)
    visits = sample.numbers(f"select id from visit where member_id in ({sent})")
    orders = sample.numbers(f"""
        select trade_order.id from trade_order join partner_arrival on partner_arrival.member_id = buyer_id
        where organisation_id = {who.organisation} and starts_at <= placed_at and {IN_FORCE}
            and buyer_id in ({ACCEPTED})""")
    assert sample.rows(who, "visits") == visits
    assert sample.rows(who, "orders") == orders != set()
    for each in sample.nodes(who, "orders", "id deliveryName deliveryPhone trackingNumber"):
        assert all(is_token(value) for value in each.values() if value)
    assert sample.refusal(who, "{ orders { nodes { items { quantity } } } }") == "INVALID"


@pytest.mark.clause(id="K4")
@pytest.mark.grant(id="G25b")
def test_an_order_is_followed_only_if_who_was_sent_bought_it_after_the_arrival(market: Market) -> None:
    arrival = State("partner_arrival", "organisation_id = 6 and member_id = 1")
    for order in sorted(market.numbers("select id from trade_order where buyer_id = 1"))[:3]:
        placed = f"(select placed_at from trade_order where id = {order})"
        for starts, followed in (("", True), (" - interval '1 second'", True), (" + interval '1 second'", False)):
            with market.meanwhile(arrival, starts_at=f"{placed}{starts}"):
                assert (order in market.rows(PARTNER, "orders")) is followed, (order, starts)
    with market.meanwhile(arrival, member_id="2"):
        assert market.numbers("select id from visit where member_id = 2") <= market.rows(PARTNER, "visits")
        sold = market.numbers(f"""
            select id from trade_order where seller_id = 2 and buyer_id not in ({sent_by(6)})""")
        assert sold
        assert market.rows(PARTNER, "orders").isdisjoint(sold)


@pytest.mark.clause(id="K4")
@pytest.mark.grant(id="G25a")
@pytest.mark.grant(id="G25b")
def test_who_no_longer_counts_as_sent_is_not_followed(market: Market) -> None:
    arrival = State("partner_arrival", "organisation_id = 6 and member_id = 1")
    mine = market.numbers("select id from visit where member_id = 1")
    bought = market.numbers("select id from trade_order where buyer_id = 1")

    def followed() -> bool:
        visits = market.rows(PARTNER, "visits")
        assert mine <= visits or mine.isdisjoint(visits)
        return mine <= visits

    def orders_followed() -> bool:
        return not bought.isdisjoint(market.rows(PARTNER, "orders"))

    market.holds_while(arrival, followed)
    consent = State("consent", "kind = 'COOKIES' and member_id = 1")
    market.holds_while(consent, followed)
    market.holds_while(consent, orders_followed)
    with market.meanwhile(arrival, ends_at="now()"):
        assert not orders_followed()
    with market.meanwhile(arrival, organisation_id="7"):
        assert not followed()
        assert not orders_followed()


@pytest.mark.clause(id="K1")
def test_a_cookie_identifies_a_member_and_is_shown_to_nobody_else_as_it_is(sample: Market) -> None:
    """Plain to the member; to others who may see it, a pseudonym that is the same on each of the member's pages."""
    own = asking_as("MEMBER", "self_service")
    stored = sample.numbers("select cookie from browsing_event where member_id = 1 and cookie is not null")
    assert {each["cookie"] for each in sample.nodes(own, "browsingEvents", "cookie")} - {None} == stored
    everybody = sample.numbers("select cookie from browsing_event where cookie is not null")
    for who in (MARKETING, PERSONALISATION, asking_as("PLATFORM", "statistical_analysis")):
        shown = {each["cookie"] for each in sample.nodes(who, "browsingEvents", "cookie")} - {None}
        assert shown
        assert all(map(is_token, shown))
        assert shown.isdisjoint(everybody)
    for who in (INSIGHT, PARTNER):
        assert sample.refusal(who, "{ browsingEvents { nodes { cookie } } }") == "INVALID"


@pytest.mark.clause(id="K2")
@pytest.mark.grant(id="G27")
def test_usage_statistics_are_figures_about_many(sample: Market) -> None:
    who = asking_as("PUBLIC", "aggregate_sharing")
    query = "{ visitStatistics(groupBy: BROWSER) { groups { key members count } } }"
    groups = sample.data(who, query)["visitStatistics"]["groups"]
    assert groups
    assert all(group["members"] >= 10 for group in groups)


@pytest.mark.clause(id="K3")
@pytest.mark.grant(id="G15")
def test_visiting_patterns_and_interest_are_followed_under_pseudonyms(market: Market) -> None:
    """Which pages a member likes is seen without who it is, and only of who accepts cookies."""
    pages = market.nodes(PERSONALISATION, "browsingEvents", "url member { id }")
    expected = market.stored(f"""
        select count(*) from browsing_event where member_id in ({ACCEPTED}) group by member_id order by 1""")
    members = [each["member"]["id"] for each in pages]
    assert all(map(is_token, members))
    assert sorted(members.count(each) for each in set(members)) == [row[0] for row in expected]
    one = min(market.numbers("select id from browsing_event where member_id = 2"))
    consent = State("consent", "kind = 'COOKIES' and member_id = 2")
    market.holds_while(consent, lambda: one in market.rows(PERSONALISATION, "browsingEvents"))


@pytest.mark.clause(id="K5")
@pytest.mark.grant(id="G13b")
@pytest.mark.grant(id="G13c")
@pytest.mark.grant(id="G24")
def test_who_takes_part_in_a_promotion_is_followed_under_a_pseudonym_until_they_respond(sample: Market) -> None:
    """The marketplace follows pages by tokens; the advertiser sees only those who responded, and no page."""
    cookies = [each["cookie"] for each in sample.nodes(MARKETING, "browsingEvents", "cookie") if each["cookie"]]
    assert max(map(cookies.count, cookies)) > 1
    advertiser = asking_as("ADVERTISER", "campaign")
    (seen,) = sample.nodes(advertiser, "members", "email")
    assert {seen["email"]} == sample.numbers("select email from member where id = 6")
    assert sample.refusal(advertiser, "{ browsingEvents { totalCount } }") == "INVALID"


BY_COOKIES = [
    pytest.param(INSIGHT, "buyerBehaviours", "buyer_behaviour", marks=pytest.mark.grant(id="G8")),
    pytest.param(MARKETING, "browsingEvents", "browsing_event", marks=pytest.mark.grant(id="G13c")),
    pytest.param(PERSONALISATION, "browsingEvents", "browsing_event", marks=pytest.mark.grant(id="G15")),
    pytest.param(PARTNER, "visits", "visit", marks=pytest.mark.grant(id="G25a")),
]
"""Who sees something of those who accept cookies, what, and where it is kept."""


@pytest.mark.clause(id="K6")
@pytest.mark.parametrize(("who", "root", "table"), BY_COOKIES)
def test_who_rejects_cookies_is_not_seen_by_them(market: Market, who: Requesting, root: str, table: str) -> None:
    """Member 13, who refuses, nowhere; member 1 until they do, and never who has not been asked."""
    refusing = market.numbers(f"select id from {table} where member_id = 13")
    unasked = market.numbers(f"""
        select id from {table} where member_id not in (select member_id from consent where kind = 'COOKIES')""")
    mine = market.numbers(f"select id from {table} where member_id = 1")
    assert unasked
    seen = market.rows(who, root)
    assert mine <= seen
    assert seen.isdisjoint(refusing | unasked)
    consent = State("consent", "kind = 'COOKIES' and member_id = 1")
    with market.meanwhile(consent, given="false"):
        assert market.rows(who, root).isdisjoint(mine)
    market.holds_while(consent, lambda: mine <= market.rows(who, root))


@pytest.mark.clause(id="K6")
def test_a_refusal_outweighs_a_consent_that_nobody_ended(market: Market) -> None:
    """A change of mind that was written down as a row of its own holds all the same, until that row is gone."""
    mine = market.numbers("select id from visit where member_id = 1")
    market.change("""
        insert into consent (member_id, kind, given, starts_at) values (1, 'COOKIES', false, now() - interval '1 second')
    """)
    assert market.rows(PARTNER, "visits").isdisjoint(mine)
    market.change("delete from consent where member_id = 1 and kind = 'COOKIES' and not given")
    assert mine <= market.rows(PARTNER, "visits")


@pytest.mark.clause(id="K6")
@pytest.mark.clause(id="U11")
@pytest.mark.grant(id="G35a")
@pytest.mark.grant(id="G35b")
@pytest.mark.grant(id="G35c")
def test_what_a_member_chose_is_for_them_and_for_those_who_must_follow_it(sample: Market) -> None:
    """Not for whoever sees their account activities: no affiliate, nobody under contract, no analyst, no court."""
    query = '{ member(id: "Member:1") { consents(first: 100) { nodes { id kind given } } } }'
    chosen = sample.numbers("select 'Consent:' || id from consent where member_id = 1")
    for who in (
        asking_as("MEMBER", "self_service"),
        asking_as("PLATFORM", "account_service"),
        asking_as("PRIVACY_OFFICER", "privacy_oversight"),
    ):
        fields = query if who.role == "MEMBER" else query.replace('"Member:1"', f'"{token_of(sample, who, 1)}"')
        shown = sample.data(who, fields)["member"]["consents"]["nodes"]
        assert {each["id"] for each in shown} == chosen != set()
    everybody = "{ members(first: 1) { nodes { consents { totalCount } } } }"
    for role, purpose in (
        ("MEMBER", "member_trading"),
        *(("PLATFORM", purpose) for purpose in ("dispute_resolution", "site_operation", "marketing", "member_contact")),
        ("PLATFORM", "statistical_analysis"),
        ("PLATFORM", "personalisation"),
        ("AFFILIATE", "affiliate_sharing"),
        ("SERVICE_PROVIDER", "account_service"),
        ("AUTHORITY", "court_order"),
        ("ACQUIRER", "business_transfer"),
    ):
        assert sample.refusal(asking_as(role, purpose), everybody) == "INVALID", (role, purpose)


def token_of(sample: Market, who: Requesting, member: int) -> str:
    """The id that a requester has for a member."""
    shown = (each["id"] for each in sample.nodes(who, "members", "id"))
    return next(each for each in shown if sample.asking.number(who, each) == member)
