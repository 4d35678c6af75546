"""The sample marketplace: the same everywhere, believable, and whole or not there at all."""

import asyncio
import ipaddress
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol, TypeVar, cast

import asyncpg
import pytest

from gateway.demo.sample import complaints, meetings, orders, people, publishing, shops, states, words
from gateway.demo.sample.browsing import Browsing
from gateway.demo.sample.draws import Draws, money, wheel
from gateway.demo.sample.loading import CopyConnection
from gateway.demo.sample.marketplace import AlreadySeeded, TooFewMembers, market, seed
from gateway.demo.sample.messages import Messages

Result = TypeVar("Result")

MEMBERS = 120
SEED = 5

KINDS = (
    *("MARKETPLACE", "AFFILIATE", "SERVICE_PROVIDER", "PARTNER", "ADVERTISER", "BANK", "PAYMENT_VENDOR"),
    *("CREDIT_AGENCY", "AUTHORITY", "CLAIMANT", "ACQUIRER"),
)

# Each must be empty: rows that contradict others.
CONTRADICTIONS = {
    "buys from oneself": "select id from trade_order where buyer_id = seller_id",
    "buys without being a buyer": """
        select trade_order.id from trade_order join member on member.id = buyer_id where kind = 'SUPPLIER'""",
    "sells without a company": """
        select id from trade_order where seller_id not in (select owner_id from company)""",
    "a seller has other than one company": """
        select member.id from member left join company on owner_id = member.id
        group by member.id having count(company.id) <> (member.kind <> 'BUYER')::integer""",
    "another's product or price": """
        select order_id from order_item join product on product.id = product_id join trade_order o on o.id = order_id
        where owner_id <> seller_id or product.currency <> o.currency or unit_price <> price""",
    "a product twice in an order": "select order_id from order_item group by order_id, product_id having count(*) > 1",
    "a total that is not the items'": """
        select o.id from trade_order o left join order_item on order_id = o.id
        group by o.id having total is distinct from sum(quantity * unit_price)""",
    "ordered before registering or listing": """
        select o.id from trade_order o join order_item on order_id = o.id join product on product.id = product_id
        join member on member.id = buyer_id where placed_at < listed_at or placed_at < registered_at""",
    "shipped without tracking, or the other way round": """
        select id from trade_order
        where (tracking_number is not null) <> (status in ('SHIPPED', 'DELIVERED', 'DISPUTED'))""",
    "a payment unlike its order": """
        select p.id from payment p join trade_order o on o.id = order_id
        where (p.buyer_id, p.seller_id, amount, p.currency) <> (o.buyer_id, o.seller_id, total, o.currency)
           or paid_at < placed_at""",
    "paid without a payment": """
        select id from trade_order
        where id not in (select order_id from payment) and status not in ('PLACED', 'CANCELLED')""",
    "a payment too far or not far enough": """
        select p.id from payment p join trade_order o on o.id = order_id
        where o.status = 'PAID' and p.status not in ('PENDING', 'AUTHORISED')
           or o.status = 'DELIVERED' and p.status <> 'SETTLED'""",
    "paid through neither bank nor vendor": """
        select payment.id from payment join organisation o on o.id = organisation_id
        where kind <> case method when 'CARD' then 'PAYMENT_VENDOR' else 'BANK' end""",
    "a method without its particulars": """
        select id from payment where (method = 'CARD') <> (card_number is not null)
           or (method = 'CHEQUE') <> (cheque_tracking is not null)""",
    "an address somebody could receive mail at": r"""
        select email from member where email !~ '@([a-z]+\.)?example\.(com|org|net)$'
        union all select contact_email from company where contact_email !~ '@([a-z0-9-]+\.)?example\.(com|org|net)$'
        union all select website from company where website !~ '^https://www\.[a-z0-9-]+\.example\.com$'
        union all select email from marketing_contact where email !~ '@([a-z]+\.)?example\.(com|org|net)$'
        union all select body from message where body ~ '@' and body !~ '@([a-z0-9-]+\.)?example\.(com|org|net)|@\w+$'
        union all select url from browsing_event where url !~ '^https://www\.harbour\.example\.com/'""",
    "a response without its advertiser's campaign": """
        select r.id from campaign_response r join campaign c on c.id = campaign_id
        where c.organisation_id <> r.organisation_id""",
    "statistics shared with nobody, or else with somebody": """
        select id from consent where (kind = 'STATISTICAL_SHARING') <> (organisation_id is not null)""",
    "an order in dispute without a dispute, or the other way round": """
        select o.id from trade_order o left join dispute d on d.order_id = o.id
        where (o.status = 'DISPUTED') <> (d.id is not null)""",
    "a dispute unlike its order": """
        select d.id from dispute d join trade_order o on o.id = order_id
        where (d.buyer_id, d.seller_id) <> (o.buyer_id, o.seller_id) or opened_at < placed_at""",
    "refunded by the dispute but not by the payment, or the other way round": """
        select d.id from dispute d join payment p using (order_id)
        where (outcome is not distinct from 'REFUNDED') <> (p.status = 'REFUNDED')""",
    "writes to oneself, or in another's name": """
        select message.id from message join member on member.id = sender_id
        where sender_id = recipient_id
           or (sender_name, sender_email) <> (name, email) or sender_phone is distinct from phone""",
    "a message about an order of others, or before it": """
        select m.id from message m join trade_order o on o.id = order_id
        where parties <> array[buyer_id, seller_id] and parties <> array[seller_id, buyer_id] or sent_at < placed_at""",
    "a complaint against another's company, or in another's name": """
        select p.id from complaint p join company on company.id = company_id join member on member.id = against_id
        where owner_id <> against_id or against_name <> member.name""",
    "a penalty without a complaint upheld, or the other way round": """
        select id from complaint where (penalty is not null) <> (status = 'UPHELD')""",
    "a complaint dismissed and yet published": """
        select id from complaint where status = 'DISMISSED' and published_at is not null""",
    "a request or post or contact that is another's": """
        select r.id from buying_request r join member on member.id = buyer_id
        where kind = 'SUPPLIER' or r.country <> member.country
        union all select c.id from marketing_contact c join member on member.id = member_id
        where (c.name, c.email) <> (member.name, member.email)""",
    "seen, met or heard of before registering": """
        select event.id from member join (
            select member_id, id, at from browsing_event union all select member_id, id, at from visit
            union all select member_id, id, met_at from marketing_contact
            union all select author_id, id, posted_at from forum_post
            union all select buyer_id, id, posted_at from buying_request
            union all select unnest(parties), id, sent_at from message) event on event.member_id = member.id
        where at < registered_at""",
    "a page of another product": r"""
        select id from browsing_event where product_id::text is distinct from substring(url from '/product/(\d+)$')""",
    "a cookie of one who refuses them": """
        select e.id from browsing_event e join consent c using (member_id)
        where kind = 'COOKIES' and not given and cookie is not null""",
    "an address on the net that is none, or not as it is usually written": """
        select ip_address from browsing_event where host(ip_address::inet) <> ip_address
        union all select ip_address from visit where host(ip_address::inet) <> ip_address""",
    "behaviour of one who never bought, or none of one who did": """
        select buyer_id from trade_order full join buyer_behaviour on member_id = buyer_id
        where member_id is null or buyer_id is null""",
    "behaviour unlike the orders and pages": """
        select member_id from buyer_behaviour join member on member.id = member_id, lateral (
            select count(*) as orders, max(placed_at) as last from trade_order where buyer_id = member_id) bought,
            lateral (select max(at) as last from browsing_event e where e.member_id = member.id) seen
        where last_active_at <> greatest(bought.last, seen.last) or average_order <= 0
           or abs(orders_per_year - orders / (extract(epoch from '2026-06-30' - greatest(registered_at, '2021-01-01'))
               / (365 * 24 * 60 * 60))) > 0.01""",
    "best liked what was not bought most": """
        select member_id from buyer_behaviour, lateral (
            select (array_agg(category order by orders desc, category collate "C"))[:3] as liked from (
                select category, count(distinct o.id) as orders from trade_order o join order_item on order_id = o.id
                join product on product.id = product_id where buyer_id = member_id group by category) each) bought
        where top_categories <> liked""",
    "a state with an organisation of another kind": """
        select organisation_id from organisation join (
            select organisation_id, '{AFFILIATE}'::text[] as kinds from affiliate_account
            union all select organisation_id, '{PARTNER}' from partner_arrival
            union all select organisation_id, '{BANK,CREDIT_AGENCY}' from credit_assessment
            union all select organisation_id, '{ACQUIRER}' from business_transfer
            union all select organisation_id, case kind when 'BREACH_FINDING' then '{CLAIMANT,AUTHORITY}'
                else '{AUTHORITY}' end::text[] from legal_instrument) state on organisation.id = organisation_id
        where kind <> all (kinds)""",
}

# Each must hold: what the module's docstring says of the first members.
PERSONAS = {
    1: """select array_agg(status order by id) = '{PAID,PAID,PLACED,SHIPPED,DELIVERED,DISPUTED,CANCELLED}'
        from trade_order where id <= 7 and buyer_id = 1 and seller_id = 2""",
    2: "select exists (select from company join product on company_id = company.id where company.owner_id = 2)",
    7: "select array_agg(member_id order by member_id) @> '{1,2,6,7,8}' from marketing_contact",
    9: "select array_agg(organisation_id order by id) = '{4,6,8}' from consent where member_id = 9 and given",
    10: "select exists (select from consent where member_id = 10 and kind = 'CONTACT_BY_MARKETPLACE' and not given)",
    12: "select kind = 'BOTH' from member where id = 12",
    13: """select array_agg(against_id order by id) filter (where published_at <= now()) = '{2}'
        and array_agg(against_id order by id) = '{2,12,13,18}' from complaint where against_id <= 20""",
    14: "select bool_or(kind = 'ACCESS' and ends_at > now()) from data_subject_request where member_id = 14",
    20: "select not exists (select from consent where member_id = 20)",
}
MORE_OF_THE_FIRST = {
    "dispute 1 is over order 6": "select order_id = 6 from dispute where id = 1",
    "buying request 1 is member 1's": "select buyer_id = 1 from buying_request where id = 1",
    "forum posts of members 1 and 2": "select array_agg(author_id order by id) @> '{1,2}' from forum_post",
    "messages about orders 1 to 7": "select count(distinct order_id) = 7 from message where order_id <= 7",
    "a slip in both messages about order 1": r"""
        select count(*) = 2 and bool_and(body ~ '@|\d[\d ]{7}|: ?\w+$|：') from message where order_id = 1""",
    "everybody browses": """
        select count(distinct browsing_event.member_id) = 20 and count(distinct visit.member_id) = 20
        from browsing_event full join visit using (member_id) where member_id <= 20""",
    "members 19 and 20 have none of it": """
        select not exists (
            select from (select member_id from support_case union all select member_id from campaign_response
                union all select member_id from consent union all select member_id from affiliate_account
                union all select member_id from credit_assessment union all select member_id from partner_arrival
                union all select member_id from data_subject_request
                union all select member_id from legal_instrument_subject
                union all select against_id from complaint) each
            where member_id in (19, 20))""",
    "no transfer is in force": """
        select array_agg(organisation_id) filter (where starts_at > now()) = '{20}'
           and array_agg(organisation_id) filter (where ends_at < now()) = '{21}' and count(*) = 2
        from business_transfer""",
}

# Of the first members, those for whom a state with an organisation is in force, has ended, and has not begun.
STATES: dict[tuple[str, int | None], tuple[list[int], list[int], list[int]]] = {
    ("support_case", 4): ([3], [4], [5]),
    ("affiliate_account", 2): ([3], [4], [5]),
    ("campaign_response", 8): ([6], [7], [8]),
    ("credit_assessment", 10): ([6], [7], [8]),
    ("credit_assessment", 14): ([6], [7], [8]),
    ("credit_assessment", None): ([9], [15], [17]),
    ("partner_arrival", 6): ([1, 13], [2], [12]),
}
REQUESTED = ([14], [16], [17])

# What each instrument is: of whom, whether it is approved and in force, and which of the first members it names.
INSTRUMENTS = {
    "HK-2026-0117": ("COURT_ORDER", 17, True, True, [10, 12]),
    "HK-2026-0118": ("SUBPOENA", 17, True, True, [12]),
    "HK-2026-0119": ("LEGAL_REQUIREMENT", 16, True, True, [18]),
    "HK-2020-0042": ("COURT_ORDER", 17, True, False, [16]),
    "HK-2098-0003": ("COURT_ORDER", 17, True, False, [18]),
    "CPO-2026-031": ("AUTHORITY_REQUEST", 16, True, True, [11]),
    "CPO-2026-032": ("AUTHORITY_REQUEST", 16, False, True, [14]),
    "CPO-2020-007": ("AUTHORITY_REQUEST", 16, True, False, [15]),
    "BF-2026-005": ("BREACH_FINDING", 18, True, True, [13]),
    "BF-2026-006": ("BREACH_FINDING", 18, False, True, [18]),
    "BF-2020-001": ("BREACH_FINDING", 18, True, False, [12]),
    "BF-2026-007": ("BREACH_FINDING", 16, True, True, [13]),
    "BF-2098-001": ("BREACH_FINDING", 19, True, False, [18]),
}


def silent(_table: str, _done: int, _total: int) -> None:
    pass


class Interrupted(Exception):
    """Something goes wrong half-way."""


class Opened(CopyConnection, Protocol):
    """A connection of one's own to close."""

    async def close(self) -> None: ...


def within(database_url: str, work: Callable[[CopyConnection], Awaitable[Result]]) -> Result:
    """What `work` gives, done over a connection of its own."""
    connect = cast("Callable[..., Awaitable[Opened]]", asyncpg.connect)

    async def connected() -> Result:
        connection = await connect(database_url, server_settings={"search_path": "marketplace"})
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(connected())


async def every_row(connection: CopyConnection) -> dict[str, object]:
    """A digest of each table's rows."""
    tables = await connection.fetch(
        "select relname from pg_class where relnamespace = 'marketplace'::regnamespace and relkind = 'r'"
    )
    return {
        table["relname"]: await connection.fetchval(
            f"select md5(string_agg(each::text, '\n' order by each::text)) from {table['relname']} each"
        )
        for table in tables
    }


async def structure(connection: CopyConnection) -> object:
    return await connection.fetchval(
        "select (select array_agg(indexdef order by indexdef) from pg_indexes where schemaname = 'marketplace')::text"
        " || (select array_agg(conname || pg_get_constraintdef(oid) order by conname, oid::text) from pg_constraint"
        "     where connamespace = 'marketplace'::regnamespace)::text"
    )


def test_draws_are_the_same_on_every_machine() -> None:
    draws = Draws(1, "pinned")
    assert [draws.below(1000) for _ in range(5)] == [948, 901, 152, 965, 793]
    assert Draws(1, "pinned").chance() != Draws(2, "pinned").chance()


def test_skewed_draws_stay_below_their_limit_and_are_bounded() -> None:
    draws = Draws(1, "skewed")
    counts = [0] * 100
    for _ in range(100_000):
        counts[draws.skewed(100)] += 1
    assert counts[0] > 3 * counts[50]
    assert max(counts) < 21 * 1000


def test_shares_give_the_rest_nothing() -> None:
    draws = Draws(1, "share")
    drawn = [draws.share(((300, "a"), (100, "b"))) for _ in range(10_000)]
    assert 2_700 < drawn.count("a") < 3_300
    assert 800 < drawn.count("b") < 1_200
    assert 5_600 < drawn.count(None) < 6_400


def test_a_wheel_turns_evenly_and_money_has_two_digits() -> None:
    assert wheel(A=2, B=1) == ("A", "A", "B")
    assert str(money(1234)) == "12.34"


def test_card_numbers_pass_the_luhn_check() -> None:
    draws = Draws(1, "card")
    for _ in range(200):
        number = people.card_number(draws)
        assert re.fullmatch(r"(400000|555555)\d{10}", number)
        doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(number)]
        assert sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def test_account_numbers_pass_the_check_of_iso_13616() -> None:
    draws = Draws(1, "account")
    for country in words.COUNTRIES:
        account = people.bank_account(draws, country.code)
        turned = account[4:] + account[:4]
        assert int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def test_telephone_numbers_have_the_country_in_front() -> None:
    assert re.fullmatch(r"\+852 [1-9]\d\d [1-9]\d\d [1-9]\d\d", people.phone(Draws(1, "phone"), words.HONG_KONG))


def test_organisations_are_of_every_kind() -> None:
    assert [organisation.id for organisation in words.ORGANISATIONS] == [*range(1, len(words.ORGANISATIONS) + 1)]
    found = [organisation.kind for organisation in words.ORGANISATIONS]
    assert found[0] == "MARKETPLACE"
    assert all(found.count(kind) >= 2 for kind in KINDS[1:])


def test_names_are_written_in_many_scripts_and_mailed_in_one() -> None:
    everybody = list(people.members(300, SEED))
    for script in ("[一-龥]", "[А-я]", "[α-ω]", "[ا-ي]", "[अ-ह]", "[가-힣]", "[à-ü]"):
        assert any(re.search(script, member.name) for member in everybody), script
    assert all(member.email.isascii() for member in everybody)
    assert {member.phone is None for member in everybody} == {True, False}


def test_one_text_in_ten_lets_something_slip() -> None:
    opened = shops.shops(people.members(600, SEED), SEED)
    texts = [product.description for product in shops.products(opened, SEED)]
    slips = [text for text in texts if re.search(r"@|\+\d|\b0\d\d|[０-９]|live:|: \w+$|：", text)]
    assert 0.07 < len(slips) / len(texts) < 0.13
    assert any(re.search("[０-９]{8}", text) for text in slips)


def test_rows_agree_with_each_other(database_url: str) -> None:
    async def contradictions(connection: CopyConnection) -> dict[str, object]:
        await seed(connection, members=MEMBERS, seed=SEED, progress=silent)
        found = {name: await connection.fetch(query) for name, query in CONTRADICTIONS.items()}
        return {name: rows[:3] for name, rows in found.items() if rows}

    assert within(database_url, contradictions) == {}


def test_the_first_members_are_as_documented(database_url: str) -> None:
    async def otherwise(connection: CopyConnection) -> list[str]:
        await seed(connection, members=people.FEWEST, seed=SEED, progress=silent)
        said = {**{str(member): query for member, query in PERSONAS.items()}, **MORE_OF_THE_FIRST}
        return [each for each, query in said.items() if not await connection.fetchval(query)]

    assert within(database_url, otherwise) == []


HELD = """
    select array[coalesce(array_agg(member_id order by member_id) filter (where begun and not ended), '{}')::text,
                 coalesce(array_agg(member_id order by member_id) filter (where ended), '{}')::text,
                 coalesce(array_agg(member_id order by member_id) filter (where not begun), '{}')::text]
    from (select member_id, starts_at <= now() as begun, coalesce(ends_at <= now(), false) as ended
          from {table} where member_id <= 20 and {which}) each
"""


def test_the_first_members_have_each_state_in_force_expired_or_to_come(database_url: str) -> None:
    async def held(connection: CopyConnection, table: str, which: str) -> object:
        return await connection.fetchval(HELD.replace("{table}", table).replace("{which}", which))

    async def found(connection: CopyConnection) -> list[object]:
        await seed(connection, members=people.FEWEST, seed=SEED, progress=silent)
        wanted = [(table, f"organisation_id is not distinct from {of or 'null'}") for table, of in STATES]
        return [await held(connection, *each) for each in (*wanted, ("data_subject_request", "true"))]

    expected = [[f"{{{','.join(map(str, members))}}}" for members in three] for three in (*STATES.values(), REQUESTED)]
    assert within(database_url, found) == expected


def test_legal_instruments_are_as_documented(database_url: str) -> None:
    async def found(connection: CopyConnection) -> dict[str, object]:
        await seed(connection, members=people.FEWEST, seed=SEED, progress=silent)
        rows = await connection.fetch("""
            select reference, kind, organisation_id, approved_at is not null, starts_at <= now() and ends_at > now() as in_force,
                   array_agg(member_id order by member_id) as names
            from legal_instrument join legal_instrument_subject on instrument_id = id group by id order by id""")
        return {row["reference"]: tuple(row.values())[1:] for row in rows}

    assert within(database_url, found) == INSTRUMENTS


def test_the_same_seed_gives_the_same_rows_and_another_others(database_url: str) -> None:
    async def seeded(connection: CopyConnection, number: int) -> dict[str, object]:
        await seed(connection, members=50, seed=number, progress=silent)
        rows = await every_row(connection)
        await connection.execute("truncate marketplace.member, marketplace.organisation cascade")
        return rows

    async def three(connection: CopyConnection) -> list[dict[str, object]]:
        return [await seeded(connection, number) for number in (1, 1, 2)]

    first, again, other = within(database_url, three)
    assert first == again
    assert first["member"] != other["member"]
    assert first["organisation"] == other["organisation"]


def test_every_status_and_state_is_there(database_url: str) -> None:
    async def counted(connection: CopyConnection) -> list[object]:
        await seed(connection, members=MEMBERS, seed=SEED, progress=silent)
        return [
            await connection.fetchval("select count(distinct status) from trade_order"),
            await connection.fetchval("select count(distinct status) from payment"),
            await connection.fetchval("select count(distinct method) from payment"),
            await connection.fetchval("select count(distinct kind) from consent"),
            await connection.fetchval("select array_agg(organisation_id order by id) from contract"),
            await connection.fetchval("select count(*) from trade_order"),
            await connection.fetchval("select count(distinct reason) from dispute"),
            await connection.fetchval("select count(distinct outcome) from dispute"),
            await connection.fetchval("select count(distinct status) from complaint"),
            await connection.fetchval("select count(distinct kind) from legal_instrument"),
        ]

    assert within(database_url, counted) == [6, 5, 3, 4, [4, 5, 2], 10 * MEMBERS, 5, 3, 3, 5]


def test_requests_about_ones_own_data_are_of_every_kind() -> None:
    asked = states.data_subject_requests(10_000, SEED)
    assert {each.kind for each in asked} == {"ACCESS", "CORRECTION", "RETURN", "DESTRUCTION", "MINOR_REMOVAL"}
    assert len(asked) < 1_000


def test_members_leave_realistic_amounts_of_data() -> None:
    bazaar = market(2_000, SEED)
    browsing = Browsing(bazaar.people, SEED)
    messages = Messages(bazaar, SEED)
    sold = list(orders.sales(bazaar, 20_000, SEED))
    each = {
        "browsing events": browsing.event_count,
        "visits": browsing.visit_count,
        "messages": len([*messages.about(sold), *messages.inquiries()]),
        "marketing contacts": len(meetings.marketing_contacts(bazaar.people, SEED)),
        "forum posts": len(publishing.forum_posts(bazaar.people, SEED)),
        "buying requests": len(publishing.buying_requests(bazaar.people, SEED)),
        "complaints": len(complaints.complaints(bazaar.shops.values(), SEED)),
    }
    wanted = (6, 3, 2, 0.3, 0.1, 0.08, 0.02)
    for (what, count), per_member in zip(each.items(), wanted, strict=True):
        assert 0.6 < count / 2_000 / per_member < 1.4, what
    assert len(list(browsing.events(bazaar.product_count, ()))) == browsing.event_count
    assert len(list(browsing.visits())) == browsing.visit_count


def test_members_write_in_many_scripts_and_let_things_slip() -> None:
    bazaar = market(600, SEED)
    messages = [message.body for message in Messages(bazaar, SEED).inquiries()]
    posts = [post.body for post in publishing.forum_posts(market(4_000, SEED).people, SEED)]
    for script in ("[一-龥]", "[ぁ-ん]", "[А-я]", "[α-ω]", "[ا-ي]", "[अ-ह]", "[가-힣]", "[à-ü]", "[ắ-ự]"):
        assert any(re.search(script, text) for text in (*messages, *posts)), script
    slips = (
        r"@[a-z.]*example\.",
        r"\+\d",
        "[０-９]{8}",
        r"\b[45]\d{15}\b",
        r"\d{4} \d{4} \d{4} \d{4}",
        r"[A-Z]{2}\d{18}",
    )
    for form in (*slips, "WeChat|微信号", "Telegram @", "QQ: "):
        assert any(re.search(form, text) for text in messages), form
    assert any(re.search("@|[0-9０-９]{5}|：", text) for text in posts)


def test_devices_have_addresses_of_both_versions_and_every_kind_of_browser() -> None:
    visits = list(Browsing(market(300, SEED).people, SEED).visits())
    assert {ipaddress.ip_address(visit.ip_address).version for visit in visits} == {4, 6}
    assert {visit.device for visit in visits} == {"Desktop", "Phone", "Tablet"}
    # Of ranges that are nobody's.
    assert all(re.match(r"198\.1[89]\.|2001:db8:", visit.ip_address) for visit in visits)


def test_some_complaints_are_published_and_some_will_be() -> None:
    found = complaints.complaints(market(3_000, SEED).shops.values(), SEED)
    now = datetime.now(UTC)
    published = [each.published_at for each in found if each.published_at]
    assert any(at < now for at in published)
    assert any(at > now for at in published)
    assert len(published) < len(found)


def test_a_second_seeding_is_refused(database_url: str) -> None:
    async def twice(connection: CopyConnection) -> None:
        await seed(connection, members=20, seed=1, progress=silent)
        await seed(connection, members=20, seed=1, progress=silent)

    with pytest.raises(AlreadySeeded, match=r"^the marketplace already holds members; to empty it, run: truncate"):
        within(database_url, twice)


def test_too_few_members_are_refused(database_url: str) -> None:
    async def few(connection: CopyConnection) -> None:
        await seed(connection, members=people.FEWEST - 1, seed=1, progress=silent)

    with pytest.raises(TooFewMembers, match="at least 20 members"):
        within(database_url, few)


@pytest.mark.parametrize("at", ["member", "trade_order", "indexes and keys"])
def test_an_interrupted_seeding_leaves_nothing(database_url: str, at: str) -> None:
    def interrupted(table: str, _done: int, _total: int) -> None:
        if table == at:
            raise Interrupted

    async def left(connection: CopyConnection) -> list[object]:
        before = await structure(connection)
        with pytest.raises(Interrupted):
            await seed(connection, members=20, seed=1, progress=interrupted)
        return [await connection.fetchval("select count(*) from organisation"), await structure(connection) == before]

    assert within(database_url, left) == [0, True]


def test_indexes_and_keys_are_as_before_and_numbers_go_on(database_url: str) -> None:
    async def compared(connection: CopyConnection) -> tuple[object, object, object]:
        before = await structure(connection)
        await seed(connection, members=20, seed=1, progress=silent)
        added = await connection.fetchval(
            "insert into member (name, email, kind, registered_at) values ('', '', 'BUYER', now()) returning id"
        )
        return before, await structure(connection), added

    before, after, added = within(database_url, compared)
    assert before == after
    assert added == 21


def test_progress_is_reported_to_the_end(database_url: str) -> None:
    steps: list[tuple[str, int, int]] = []

    def progress(table: str, done: int, total: int) -> None:
        steps.append((table, done, total))

    async def seeded(connection: CopyConnection) -> None:
        await seed(connection, members=20, seed=1, progress=progress)

    within(database_url, seeded)
    ends = {table: (done, total) for table, done, total in steps}
    assert ends["member"] == (20, 20)
    assert ends["trade_order"] == (200, 200)
    assert all(done == total for done, total in ends.values())
