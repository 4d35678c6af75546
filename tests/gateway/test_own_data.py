"""Somebody else's tables behind views: what is wrong with them closes, and is named. It never opens, nor becomes JSON."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from gateway import app
from gateway.database import migration
from gateway.database.migration import MigrationError
from gateway.demo.development import DevelopmentKey
from gateway.settings import Settings
from tests.conftest import CONTACTER, PUBLIC, STAFF, TRADER, Asking, Requesting, Serving, run, settings_for

CONTACTS = "{ members(first: 100) { totalCount nodes { email } } }"
PARTNERS = "{ members(first: 100) { nodes { id name } } }"
COMPANY = "{ companies(first: 3) { nodes { verified } } }"

OTHER_VIEWS = {
    "consent": "id, member_id, {kind} as kind, organisation_id, {given} as given, {starts_at} as starts_at, ends_at",
    "trade_order": (
        "id, buyer_id, seller_id, {status} as status, {placed_at} as placed_at, {total} as total, currency, delivery_name, delivery_address,"
        " delivery_phone, delivery_city, delivery_country, tracking_number"
    ),
    "company": (
        "id, owner_id, name, website, country, city, year_established, employees, main_products, {verified} as verified,"
        " description, contact_name, contact_email, contact_phone, withdrawn_at"
    ),
    "member": (
        "{id} as id, name, email, phone, fax, address, city, {country} as country, job_title, kind,"
        " {registered_at} as registered_at, destroyed_at, password_hash"
    ),
    "product": (
        "id, company_id, owner_id, title, category, price, currency, {minimum_order} as minimum_order, listed_at,"
        " description, withdrawn_at"
    ),
}


def put_behind_view(url: str, table: str, **expressions: str) -> None:
    """The table goes to another schema, and a view stands in its place, with these expressions for its columns."""
    columns = OTHER_VIEWS[table]
    for column in (word.partition("}")[0] for word in columns.split("{")[1:]):
        columns = columns.replace(f"{{{column}}}", expressions.get(column, column))
    change = f"""
        create schema if not exists shop; alter table marketplace.{table} set schema shop;
        create view marketplace.{table} as select {columns} from shop.{table}
    """
    run(url, lambda connection: connection.execute(change))


def migrated(url: str) -> None:
    run(url, lambda connection: migration.migrate(connection, app.catalog()))


Served = Callable[..., Asking]


@pytest.fixture
def served(own_market_url: str, key: DevelopmentKey, key_file: Path) -> Generator[Served]:
    """Serves the marketplace, with some settings."""
    serving: list[tuple[Serving, Asking]] = []

    def serve(**others: Any) -> Asking:
        settings: Settings = settings_for(own_market_url, key_file, **others)
        gateway = Serving(settings)
        asking = Asking(gateway.__enter__(), key, own_market_url)
        serving.append((gateway, asking))
        return asking

    yield serve
    for gateway, asking in serving:
        asking.client.close()
        gateway.__exit__(None, None, None)


def contacts(asking: Asking) -> int:
    return asking.data(CONTACTER, CONTACTS)["members"]["totalCount"]


def opted_out(url: str) -> int:
    refused = """
        select count(distinct member_id) from shop.consent where kind = 'CONTACT_BY_MARKETPLACE' and not given
        and starts_at <= now() and (ends_at is null or ends_at > now())
    """
    return run(url, lambda connection: connection.fetchval(refused))


REFUSE = """
    update shop.consent set kind = 'CONTACT_BY_MARKETPLACE', given = false, starts_at = '2020-01-01Z', ends_at = null
    where member_id % 3 = 0
"""


@pytest.mark.parametrize(
    "worded",
    [
        {"kind": "case kind when 'CONTACT_BY_MARKETPLACE' then 'MARKETING' else kind end"},
        {"kind": "case kind when 'CONTACT_BY_MARKETPLACE' then null else kind end"},
        {"kind": "lower(kind)"},
        {"starts_at": "null::timestamptz"},
        {"given": "nullif(given, false)"},
        {},
    ],
    ids=str,
)
def test_who_opted_out_in_other_words_is_not_contacted(
    own_market_url: str, served: Served, worded: dict[str, str]
) -> None:
    put_behind_view(own_market_url, "consent", **worded)
    run(own_market_url, lambda connection: connection.execute(REFUSE))
    migrated(own_market_url)
    everybody = run(own_market_url, lambda connection: connection.fetchval("select count(*) from member"))
    assert 0 < opted_out(own_market_url) < everybody
    shown = contacts(served())
    assert shown <= everybody - opted_out(own_market_url)
    assert worded or shown == everybody - opted_out(own_market_url)


def test_an_empty_table_of_consents_opens_nothing_until_somebody_vouches_for_it(
    own_market_url: str, served: Served
) -> None:
    put_behind_view(own_market_url, "consent")
    run(own_market_url, lambda connection: connection.execute("delete from shop.consent"))
    migrated(own_market_url)
    assert contacts(served()) == 0
    assert contacts(served(empty_tables="consent")) == 60


@pytest.mark.parametrize("word", ["'canceled'", "'cancelled'", "null::text", "'CANCELLED'"])
def test_an_order_that_was_cancelled_in_other_words_makes_nobody_a_partner(
    own_market_url: str, served: Served, word: str
) -> None:
    put_behind_view(own_market_url, "trade_order", status=word)
    migrated(own_market_url)
    names = [each["name"] for each in served().data(TRADER, PARTNERS)["members"]["nodes"]]
    assert len(names) <= 1


def test_a_country_in_small_letters_is_no_other_country(own_market_url: str, served: Served) -> None:
    put_behind_view(own_market_url, "member", country="lower('HK')")
    migrated(own_market_url)
    asking = served()
    assert asking.record(asking.post(STAFF, CONTACTS))["cross_border"] is False


def test_a_country_that_is_none_is_recorded_as_another(own_market_url: str, served: Served) -> None:
    put_behind_view(own_market_url, "member", country="'Hong Kong'::text")
    migrated(own_market_url)
    asking = served()
    assert asking.record(asking.post(STAFF, CONTACTS))["cross_border"] is True


# Types. `veil migrate` already says it; who replaces a view later is told by readiness.


@pytest.mark.parametrize(
    ("table", "expressions", "said"),
    [
        ("member", {"id": "'u' || id"}, "the column member.id is of type text: make it bigint"),
        (
            "company",
            {"verified": "case when verified then 'ACTIVE' else 'NEW' end"},
            "the column company.verified is of type text: make it boolean",
        ),
        (
            "product",
            {"minimum_order": """'1,"price":"0.01"'::text"""},
            "the column product.minimum_order is of type text: make it integer",
        ),
        (
            "trade_order",
            {"total": "total || ' EUR'"},
            "the column trade_order.total is of type text: make it numeric",
        ),
        (
            "member",
            {"registered_at": "registered_at at time zone 'UTC'"},
            "the column member.registered_at is of type timestamp without time zone: make it timestamptz",
        ),
    ],
)
def test_a_column_of_another_type_is_named_and_never_becomes_json(
    own_market_url: str, served: Served, table: str, expressions: dict[str, str], said: str
) -> None:
    put_behind_view(own_market_url, table, **expressions)
    with pytest.raises(MigrationError) as refused:
        migrated(own_market_url)
    assert said in str(refused.value).splitlines()
    granted = f"grant select on marketplace.{table} to veil_gateway"
    run(own_market_url, lambda connection: connection.execute(granted))
    asking = served()
    assert asking.client.get("/health/ready").status_code == 503
    assert said in asking.lacking()
    assert_unavailable(asking, PUBLIC, COMPANY)


def assert_unavailable(asking: Asking, requesting: Requesting, query: str) -> None:
    response = asking.post(requesting, query)
    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"


@pytest.mark.parametrize(
    ("change", "query", "status"),
    [
        ("drop view company", COMPANY, 503),
        ("alter view company rename column verified to checked", COMPANY, 503),
        ("alter view company owner to veil_officer", COMPANY, 503),
        (
            (
                "drop view company; create view company as select id, owner_id, name, website, country, city, year_established,"
                " employees, main_products, 'ACTIVE'::text as verified, description, contact_name, contact_email,"
                " contact_phone, withdrawn_at from shop.company; grant select on company to veil_gateway"
            ),
            COMPANY,
            500,
        ),
    ],
    ids=["dropped", "renamed", "not to be read", "replaced"],
)
def test_a_view_that_changes_under_a_running_gateway_answers_nobody(
    own_market_url: str, served: Served, change: str, query: str, status: int
) -> None:
    """What is of another type fails in the statement, until readiness has noticed."""
    put_behind_view(own_market_url, "company")
    migrated(own_market_url)
    asking = served()
    assert asking.data(PUBLIC, query)
    run(own_market_url, lambda connection: connection.execute(change))
    response = asking.post(PUBLIC, query)
    assert response.status_code in {status, 503}
    assert "data" not in response.json()
    assert asking.client.get("/health/ready").status_code == 503
    assert "company" in asking.lacking()
    assert_unavailable(asking, PUBLIC, query)
