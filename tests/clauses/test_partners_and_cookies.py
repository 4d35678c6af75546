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
@pytest.mark.grant(id="G25")
def test_a_co_branded_partner_is_a_third_party(sample: Market) -> None:
    """It sees nobody but whom it sent, nobody's name, and no clause; a pseudonym is its own."""
    query = "{ browsingEvents(first: 2) { nodes { id } } }"
    treatments = sample.asking.answer(PARTNER, query)["extensions"]["privacy"]["treatments"]
    assert treatments == [{"field": "BrowsingEvent.id", "treatment": "TOKEN"}]
    for root in ("members", "companies", "payments", "messages", "visits", "marketingContacts"):
        assert sample.refusal(PARTNER, f"{{ {root} {{ totalCount }} }}") == "INVALID"
    staff = asking_as("PLATFORM", "statistical_analysis")
    theirs = {each["id"] for each in sample.nodes(PARTNER, "browsingEvents", "id")}
    assert theirs
    assert theirs.isdisjoint(each["id"] for each in sample.nodes(staff, "browsingEvents", "id"))


@pytest.mark.clause(id="K4")
@pytest.mark.clause(id="B1")
@pytest.mark.grant(id="G25")
@pytest.mark.parametrize("who", [PARTNER, OTHER_PARTNER], ids=["the first partner", "the second"])
def test_a_partner_follows_the_visits_and_orders_of_those_it_sent_who_accept_cookies(
    sample: Market, who: Requesting
) -> None:
    """Of one and the same member both must hold: it is not enough that the buyer was sent and the seller accepts."""
    sent = sent_by(who.organisation or 0)
    pages = sample.numbers(f"select id from browsing_event where member_id in ({sent})")
    orders = sample.numbers(f"select id from trade_order where buyer_id in ({sent}) or seller_id in ({sent})")
    assert sample.rows(who, "browsingEvents") == pages
    assert sample.rows(who, "orders") == orders
    either = sample.numbers(f"""
        select id from trade_order where (buyer_id in ({ACCEPTED}) or seller_id in ({ACCEPTED})) and exists (
            select from partner_arrival where organisation_id = {who.organisation} and {IN_FORCE}
                and member_id in (buyer_id, seller_id))""")
    assert orders < either
    for each in sample.nodes(who, "orders", "id deliveryName deliveryPhone trackingNumber"):
        assert all(is_token(value) for value in each.values() if value)


@pytest.mark.clause(id="K4")
@pytest.mark.grant(id="G25")
def test_who_no_longer_counts_as_sent_is_not_followed(market: Market) -> None:
    arrival = State("partner_arrival", "organisation_id = 6 and member_id = 1")

    def followed() -> bool:
        pages, orders = market.rows(PARTNER, "browsingEvents"), market.rows(PARTNER, "orders")
        mine = market.numbers("select id from browsing_event where member_id = 1")
        assert mine <= pages or mine.isdisjoint(pages)
        assert (3 in orders) is (mine <= pages)
        return mine <= pages

    market.holds_while(arrival, followed)
    market.holds_while(State("consent", "kind = 'COOKIES' and member_id = 1"), followed)
    with market.meanwhile(arrival, organisation_id="7"):
        assert not followed()


@pytest.mark.clause(id="K1")
def test_a_cookie_identifies_a_member_and_is_shown_to_nobody_else_as_it_is(sample: Market) -> None:
    """Plain to the member; to others who may see it, a pseudonym that is the same on each of the member's pages."""
    own = asking_as("MEMBER", "self_service")
    stored = sample.numbers("select cookie from browsing_event where member_id = 1 and cookie is not null")
    assert {each["cookie"] for each in sample.nodes(own, "browsingEvents", "cookie")} - {None} == stored
    everybody = sample.numbers("select cookie from browsing_event where cookie is not null")
    for who in (MARKETING, PERSONALISATION, INSIGHT, PARTNER, asking_as("PLATFORM", "statistical_analysis")):
        shown = {each["cookie"] for each in sample.nodes(who, "browsingEvents", "cookie")} - {None}
        assert shown
        assert all(map(is_token, shown))
        assert shown.isdisjoint(everybody)


@pytest.mark.clause(id="K2")
@pytest.mark.grant(id="G27")
def test_usage_statistics_are_figures_about_many(sample: Market) -> None:
    who = asking_as("PUBLIC", "aggregate_sharing")
    query = "{ visitStatistics(groupBy: BROWSER) { groups { key members count } } }"
    groups = sample.data(who, query)["visitStatistics"]["groups"]
    assert groups
    assert all(group["members"] >= 10 and group["members"] % 10 == 0 for group in groups)


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
@pytest.mark.grant(id="G13c")
@pytest.mark.grant(id="G24")
def test_who_takes_part_in_a_promotion_is_followed_under_a_pseudonym_until_they_respond(sample: Market) -> None:
    """The marketplace follows pages by tokens; the advertiser sees only those who responded, and no page."""
    cookies = [each["cookie"] for each in sample.nodes(MARKETING, "browsingEvents", "cookie") if each["cookie"]]
    assert max(map(cookies.count, cookies)) > 1
    advertiser = asking_as("ADVERTISER", "campaign")
    assert sample.rows(advertiser, "members") == {6}
    assert sample.refusal(advertiser, "{ browsingEvents { totalCount } }") == "INVALID"


@pytest.mark.clause(id="K6")
@pytest.mark.grant(id="G8")
@pytest.mark.grant(id="G13c")
@pytest.mark.grant(id="G15")
@pytest.mark.grant(id="G25")
@pytest.mark.parametrize("who", [INSIGHT, MARKETING, PERSONALISATION, PARTNER], ids=lambda who: who.purpose)
def test_who_rejects_cookies_is_not_seen_by_them(market: Market, who: Requesting) -> None:
    """Member 13, who refuses, nowhere; member 1 until she does, and never who has not been asked."""
    refusing = market.numbers("select id from browsing_event where member_id = 13")
    unasked = market.numbers("""
        select id from browsing_event where member_id not in (select member_id from consent where kind = 'COOKIES')""")
    mine = market.numbers("select id from browsing_event where member_id = 1")
    assert refusing
    assert unasked
    seen = market.rows(who, "browsingEvents")
    assert mine <= seen
    assert seen.isdisjoint(refusing | unasked)
    consent = State("consent", "kind = 'COOKIES' and member_id = 1")
    with market.meanwhile(consent, given="false"):
        assert market.rows(who, "browsingEvents").isdisjoint(mine)
    market.holds_while(consent, lambda: mine <= market.rows(who, "browsingEvents"))


@pytest.mark.clause(id="K6")
def test_a_refusal_outweighs_a_consent_that_nobody_ended(market: Market) -> None:
    """A change of mind that was written down as a row of its own holds all the same, until that row is gone."""
    mine = market.numbers("select id from browsing_event where member_id = 1")
    market.change("""
        insert into consent (member_id, kind, given, starts_at) values (1, 'COOKIES', false, now() - interval '1 second')
    """)
    assert market.rows(PARTNER, "browsingEvents").isdisjoint(mine)
    market.change("delete from consent where member_id = 1 and kind = 'COOKIES' and not given")
    assert mine <= market.rows(PARTNER, "browsingEvents")
