"""What identifies by coincidence is coarse to strangers; links lead to a member for their own sake alone; tokens are bound.

Each input once led from a pseudonym to a person. The expected values are stated by themselves, from what is stored.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from gateway.demo.development import DevelopmentKey
from schema.marketplace.words import Purposes, Roles
from tests.conftest import CARE, PUBLIC, STAFF, Asking, Requesting, Serving, run, settings_for
from tests.inference.conftest import Besieged, Planted

PARTNER = Requesting(role=Roles.PARTNER, purpose=Purposes.PARTNER_TRACKING, organisation=6)
SHARING_PARTNER = Requesting(role=Roles.PARTNER, purpose=Purposes.STATISTICAL_SHARING, organisation=6)
ADVERTISER = Requesting(role=Roles.ADVERTISER, purpose=Purposes.STATISTICAL_SHARING, organisation=8)
PROVIDER = Requesting(role=Roles.SERVICE_PROVIDER, purpose=Purposes.SITE_OPERATION, organisation=4)
BANK = Requesting(role=Roles.BANK, purpose=Purposes.CREDIT_ASSESSMENT, organisation=10)
INSIGHT = Requesting(role=Roles.MEMBER, purpose=Purposes.MEMBER_INSIGHT, member=2)


def nodes(asking: Asking, requesting: Requesting, connection: str, fields: str) -> Sequence[Mapping[str, Any]]:
    return asking.data(requesting, f"{{ {connection}(first: 100) {{ nodes {{ {fields} }} }} }}")[connection]["nodes"]


def refusal(asking: Asking, requesting: Requesting, query: str) -> str:
    response = asking.post(requesting, query).json()
    assert response["errors"][0]["extensions"]["code"] == "INVALID", response
    return response["errors"][0]["message"]


def is_month(text: str) -> bool:
    moment = datetime.fromisoformat(text)
    return moment == datetime(moment.year, moment.month, 1, tzinfo=UTC)


def is_two_digits(text: str) -> bool:
    return len(text.replace(".", "").lstrip("0").rstrip("0")) <= 2


def stored(asking: Asking, query: str) -> Sequence[Any]:
    return run(asking.url, lambda connection: connection.fetch(query))


# Orders, beside the public catalogue (L4) and beside payments (L8).


def test_a_partner_is_shown_months_and_rounded_totals_and_not_what_was_bought(
    besieged: Besieged, planted: Planted
) -> None:
    shown = nodes(besieged, PARTNER, "orders", "id placedAt total currency status")
    assert len(shown) > 5
    for each in shown:
        row = besieged.row(PARTNER, planted.market, each["id"])
        placed = row.values["placed_at"]
        assert each["placedAt"] == datetime(placed.year, placed.month, 1, tzinfo=UTC).isoformat()
        assert is_two_digits(each["total"])
        assert abs(Decimal(each["total"]) - row.values["total"]) <= row.values["total"] / 20
    for field in ("items { quantity }", "items { unitPrice }", "items { specification }", "items { product { id } }"):
        assert "'items'" in refusal(besieged, PARTNER, f"{{ orders {{ nodes {{ {field} }} }} }}")


def test_a_bank_that_assesses_is_shown_months_and_rounded_amounts(besieged: Besieged) -> None:
    shown = nodes(besieged, BANK, "payments", "paidAt amount")
    assert shown
    assert all(is_month(each["paidAt"]) and is_two_digits(each["amount"]) for each in shown)


def test_what_is_coarse_can_be_neither_filtered_nor_sorted_by_nor_pages_be_in_its_order(besieged: Besieged) -> None:
    at = '{placedAt: {gt: "2020-01-01T00:00:00Z"}}'
    for arguments in (f"filter: {at}", "filter: {total: {gt: 5}}", "orderBy: {placedAt: ASC}", "orderBy: {total: ASC}"):
        refusal(besieged, PARTNER, f"{{ orders({arguments}) {{ totalCount }} }}")
    times = [each["placedAt"] for each in nodes(besieged, PARTNER, "orders", "placedAt")]
    assert times != sorted(times)


def test_the_record_and_the_answer_call_a_coarse_form_partial(besieged: Besieged) -> None:
    response = besieged.post(PARTNER, "{ orders(first: 1) { nodes { placedAt total status } } }")
    treatments = response.json()["extensions"]["privacy"]["treatments"]
    coarse = [{"field": f"Order.{name}", "treatment": "PARTIAL"} for name in ("placedAt", "total")]
    assert treatments == coarse
    record = besieged.record(response)
    query = f"select fields::text from veil.access_plan where id = '{record['plan']}'"
    assert '"Order.total", "treatment": "PARTIAL"' in stored(besieged, query)[0][0]


# Members, beside the dates of what they offer (L5).


def test_a_provider_is_not_shown_when_members_registered(besieged: Besieged) -> None:
    assert "'registeredAt'" in refusal(besieged, PROVIDER, "{ members { nodes { registeredAt } } }")
    shown = nodes(besieged, PROVIDER, "orders", "placedAt total")
    assert all(is_month(each["placedAt"]) and is_two_digits(each["total"]) for each in shown)


def test_staff_are_shown_times_and_totals_whole(besieged: Besieged) -> None:
    operating = Requesting(role=Roles.PLATFORM, purpose=Purposes.SITE_OPERATION, organisation=1)
    for requesting in (STAFF, operating):
        shown = nodes(besieged, requesting, "orders", "placedAt total items { quantity unitPrice product { id } }")
        assert not all(is_month(each["placedAt"]) for each in shown)
        assert not all(is_two_digits(each["total"]) for each in shown)
        assert all(item["unitPrice"] and item["quantity"] for each in shown for item in each["items"])


def test_public_rows_keep_their_exact_times_and_prices(besieged: Besieged) -> None:
    shown = nodes(besieged, PUBLIC, "products", "listedAt price")
    assert not all(is_month(each["listedAt"]) for each in shown)
    assert not all(is_two_digits(each["price"]) for each in shown)


# Pseudonyms of buyers, beside a seller's own orders (L6).


def test_a_pseudonym_is_active_in_a_month_and_not_at_a_time_that_a_seller_knows(besieged: Besieged) -> None:
    shown = nodes(besieged, INSIGHT, "buyerBehaviours", "id lastActiveAt averageOrder ordersPerYear")
    times = dict(map(tuple, stored(besieged, "select member_id, last_active_at from buyer_behaviour")))
    assert len(shown) > 10
    for each in shown:
        active = times[besieged.number(INSIGHT, each["id"])]
        assert each["lastActiveAt"] == datetime(active.year, active.month, 1, tzinfo=UTC).isoformat()
        assert is_two_digits(each["averageOrder"])
        assert is_two_digits(each["ordersPerYear"])


# Visits of two organisations (L7).


def test_visits_that_are_shared_have_no_time_and_those_that_are_tracked_a_month(besieged: Besieged) -> None:
    for requesting in (SHARING_PARTNER, ADVERTISER):
        for each in nodes(besieged, requesting, "visits", "id at browser ipAddress hiddenFields"):
            is_permitted = ":~" not in each["id"]
            assert (each["at"] is not None) is is_permitted is (each["ipAddress"] is not None)
            assert ("at" in each["hiddenFields"]) is not is_permitted
    tracked = nodes(besieged, PARTNER, "visits", "at device")
    assert tracked
    assert all(is_month(each["at"]) for each in tracked)
    for field in ("browser", "operatingSystem", "pagesViewed"):
        assert f"'{field}'" in refusal(besieged, PARTNER, f"{{ visits {{ nodes {{ {field} }} }} }}")


# Tokens of a guess (L11), and links.


@pytest.fixture
def changing(own_market_url: str, key: DevelopmentKey, key_file: Any) -> Iterator[Asking]:
    with Serving(settings_for(own_market_url, key_file)) as address:
        asking = Asking(address, key, own_market_url)
        yield asking
        asking.client.close()


def test_a_token_of_a_guessed_value_is_found_at_nobody_else(changing: Asking) -> None:
    """Two buyers came through a partner; one writes the other's telephone number and name into their own orders."""
    arrive = """
        insert into partner_arrival (organisation_id, member_id, starts_at) values (6, 3, '2000-01-01'), (6, 6, '2000-01-01');
        insert into consent (member_id, kind, given, starts_at) values (3, 'COOKIES', true, now()), (6, 'COOKIES', true, now());
        delete from consent where kind = 'COOKIES' and not given and member_id in (3, 6);
        update trade_order set delivery_phone = '+86 571 1234 5678', delivery_name = 'Guessed Name', delivery_city = buyer_id::text
            where buyer_id in (3, 6)"""
    run(changing.url, lambda connection: connection.execute(f"set search_path = marketplace; {arrive}"))
    shown = nodes(changing, PARTNER, "orders", "deliveryPhone deliveryName deliveryCity")
    tokens = {
        buyer: {(each["deliveryPhone"], each["deliveryName"]) for each in shown if each["deliveryCity"] == buyer}
        for buyer in ("3", "6")
    }
    assert all(len(each) == 1 for each in tokens.values()), tokens
    (one,), (other,) = tokens.values()
    assert not {*one} & {*other}


def test_a_message_leads_to_the_member_whose_case_is_open_and_to_no_other(besieged: Besieged, planted: Planted) -> None:
    """And from a member to their messages only for their own sake: not because the other one has a case."""
    clients = {row[0] for row in stored(besieged, OPEN_CASES)}
    query = "id sender { id } recipient { id }"
    messages = nodes(besieged, CARE, "messages", query)
    assert messages
    for each in messages:
        row = besieged.row(CARE, planted.market, each["id"])
        for name in ("sender", "recipient"):
            member = row.values[f"{name}_id"]
            assert each[name] == ({"id": f"Member:{member}"} if member in clients else None)
    for each in nodes(besieged, CARE, "members", "id messages { totalCount nodes { id } }"):
        member = besieged.row(CARE, planted.market, each["id"]).id
        assert (each["messages"]["totalCount"] > 0) <= (member in clients)


OPEN_CASES = """
select member_id from support_case
where organisation_id = 4 and starts_at <= now() and (ends_at is null or ends_at > now())"""
