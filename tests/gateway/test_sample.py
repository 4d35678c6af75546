"""The sample marketplace: the same everywhere, believable, and whole or not there at all."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar, cast

import asyncpg
import pytest

from gateway.sample import people, shops, words
from gateway.sample.draws import Draws, money, wheel
from gateway.sample.loading import Connection
from gateway.sample.marketplace import AlreadySeeded, TooFewMembers, seed

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
        union all select website from company where website !~ '^https://www\.[a-z0-9-]+\.example\.com$'""",
    "a response without its advertiser's campaign": """
        select r.id from campaign_response r join campaign c on c.id = campaign_id
        where c.organisation_id <> r.organisation_id""",
    "statistics shared with nobody, or else with somebody": """
        select id from consent where (kind = 'STATISTICAL_SHARING') <> (organisation_id is not null)""",
}

# Each must hold: what the module's docstring says of the first members.
PERSONAS = {
    1: """select array_agg(status order by id) = '{PAID,PAID,PLACED,SHIPPED,DELIVERED,DISPUTED,CANCELLED}'
        from trade_order where id <= 7 and buyer_id = 1 and seller_id = 2""",
    2: "select exists (select from company join product on company_id = company.id where company.owner_id = 2)",
    3: "select exists (select from support_case where member_id = 3 and now() between starts_at and ends_at)",
    4: "select exists (select from support_case where member_id = 4 and ends_at < now())",
    5: "select exists (select from support_case where member_id = 5 and starts_at > now())",
    6: "select exists (select from campaign_response where member_id = 6 and organisation_id = 8 and ends_at is null)",
    7: "select exists (select from campaign_response where member_id = 7 and ends_at < now())",
    8: "select exists (select from campaign_response where member_id = 8 and starts_at > now())",
    9: "select array_agg(organisation_id order by id) = '{4,6,8}' from consent where member_id = 9 and given",
    10: "select exists (select from consent where member_id = 10 and kind = 'CONTACT_BY_MARKETPLACE' and not given)",
    12: "select kind = 'BOTH' from member where id = 12",
    20: "select not exists (select from consent where member_id = 20)",
}


def silent(_table: str, _done: int, _total: int) -> None:
    pass


class Interrupted(Exception):
    """Something goes wrong half-way."""


class Opened(Connection, Protocol):
    """A connection of one's own to close."""

    async def close(self) -> None: ...


def within(database_url: str, work: Callable[[Connection], Awaitable[Result]]) -> Result:
    """What `work` gives, done over a connection of its own."""
    connect = cast("Callable[..., Awaitable[Opened]]", asyncpg.connect)

    async def connected() -> Result:
        connection = await connect(database_url, server_settings={"search_path": "marketplace"})
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(connected())


async def every_row(connection: Connection) -> dict[str, object]:
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


async def structure(connection: Connection) -> object:
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


def test_shares_leave_the_rest_without() -> None:
    draws = Draws(1, "share")
    drawn = [draws.share(((300, "a"), (100, "b"))) for _ in range(10_000)]
    assert 2_700 < drawn.count("a") < 3_300
    assert 800 < drawn.count("b") < 1_200
    assert 5_600 < drawn.count(None) < 6_400


def test_wheel_and_money() -> None:
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
    async def contradictions(connection: Connection) -> dict[str, object]:
        await seed(connection, members=MEMBERS, seed=SEED, progress=silent)
        found = {name: await connection.fetch(query) for name, query in CONTRADICTIONS.items()}
        return {name: rows[:3] for name, rows in found.items() if rows}

    assert within(database_url, contradictions) == {}


def test_the_first_members_are_what_they_are_said_to_be(database_url: str) -> None:
    async def otherwise(connection: Connection) -> list[int]:
        await seed(connection, members=people.FEWEST, seed=SEED, progress=silent)
        return [member for member, query in PERSONAS.items() if not await connection.fetchval(query)]

    assert within(database_url, otherwise) == []


def test_the_same_seed_gives_the_same_rows_and_another_others(database_url: str) -> None:
    async def seeded(connection: Connection, number: int) -> dict[str, object]:
        await seed(connection, members=50, seed=number, progress=silent)
        rows = await every_row(connection)
        await connection.execute("truncate marketplace.member, marketplace.organisation cascade")
        return rows

    async def three(connection: Connection) -> list[dict[str, object]]:
        return [await seeded(connection, number) for number in (1, 1, 2)]

    first, again, other = within(database_url, three)
    assert first == again
    assert first["member"] != other["member"]
    assert first["organisation"] == other["organisation"]


def test_every_status_and_state_is_there(database_url: str) -> None:
    async def counted(connection: Connection) -> list[object]:
        await seed(connection, members=MEMBERS, seed=SEED, progress=silent)
        return [
            await connection.fetchval("select count(distinct status) from trade_order"),
            await connection.fetchval("select count(distinct status) from payment"),
            await connection.fetchval("select count(distinct method) from payment"),
            await connection.fetchval("select count(distinct kind) from consent"),
            await connection.fetchval("select array_agg(organisation_id order by id) from contract"),
            await connection.fetchval("select count(*) from trade_order"),
        ]

    assert within(database_url, counted) == [6, 5, 3, 4, [4, 5, 2], 10 * MEMBERS]


def test_a_second_seeding_is_refused(database_url: str) -> None:
    async def twice(connection: Connection) -> None:
        await seed(connection, members=20, seed=1, progress=silent)
        await seed(connection, members=20, seed=1, progress=silent)

    with pytest.raises(AlreadySeeded, match=r"^the marketplace already holds members; to empty it, run: truncate"):
        within(database_url, twice)


def test_too_few_members_are_refused(database_url: str) -> None:
    async def few(connection: Connection) -> None:
        await seed(connection, members=people.FEWEST - 1, seed=1, progress=silent)

    with pytest.raises(TooFewMembers, match="at least 20 members"):
        within(database_url, few)


@pytest.mark.parametrize("at", ["member", "trade_order", "indexes and keys"])
def test_an_interrupted_seeding_leaves_nothing(database_url: str, at: str) -> None:
    def interrupted(table: str, _done: int, _total: int) -> None:
        if table == at:
            raise Interrupted

    async def left(connection: Connection) -> list[object]:
        before = await structure(connection)
        with pytest.raises(Interrupted):
            await seed(connection, members=20, seed=1, progress=interrupted)
        return [await connection.fetchval("select count(*) from organisation"), await structure(connection) == before]

    assert within(database_url, left) == [0, True]


def test_indexes_and_keys_are_as_before_and_numbers_go_on(database_url: str) -> None:
    async def compared(connection: Connection) -> tuple[object, object, object]:
        before = await structure(connection)
        await seed(connection, members=20, seed=1, progress=silent)
        added = await connection.fetchval(
            "insert into member (name, email, kind, registered_at) values ('', '', 'BUYER', now()) returning id"
        )
        return before, await structure(connection), added

    before, after, added = within(database_url, compared)
    assert before == after
    assert added == 21


def test_progress_is_told_to_the_end(database_url: str) -> None:
    told: list[tuple[str, int, int]] = []

    def progress(table: str, done: int, total: int) -> None:
        told.append((table, done, total))

    async def seeded(connection: Connection) -> None:
        await seed(connection, members=20, seed=1, progress=progress)

    within(database_url, seeded)
    ends = {table: (done, total) for table, done, total in told}
    assert ends["member"] == (20, 20)
    assert ends["trade_order"] == (200, 200)
    assert all(done == total for done, total in ends.values())
