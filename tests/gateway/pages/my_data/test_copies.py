"""A copy of a member's data (V3, A1): sent by staff, fetched once by the member alone, whole in what was asked for."""

import csv
import io
import json
import zipfile
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.demo.development import DevelopmentKey
from gateway.pages.my_data import copies
from tests.clauses.seeing import Market, asking_as, code
from tests.conftest import Asking, Databases, Requesting, Serving, settings_for

ME = asking_as("MEMBER", "self_service", member=2)
OTHER = asking_as("MEMBER", "self_service", member=5)
STAFF = asking_as("PLATFORM", "data_subject_request")
OFFICER = asking_as("PRIVACY_OFFICER", "data_subject_request")
ALL = (
    *("REGISTRATION", "PUBLISHING", "BUYER", "PAYMENT", "ACCOUNT_ACTIVITIES", "STATISTICAL", "MARKETING", "PERSONAL"),
)


@pytest.fixture(scope="module")
def market(databases: Databases, key: DevelopmentKey, key_file: Path) -> Generator[Market]:
    url = databases.make("sample_market")
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        yield Market(asking)
        asking.client.close()
    databases.drop(url)


def asked(market: Market, categories: Sequence[str] = ALL, mutation: str = "requestCopy") -> str:
    """The id of a request of mine that is open."""
    text = f"mutation ($of: [String!]!) {{ {mutation}(input: {{categories: $of}}) {{ fields }} }}"
    market.data(ME, text, {"of": categories})
    rows = market.data(ME, "{ me { requests(first: 100) { nodes { id endsAt readyAt } } } }")["me"]["requests"]["nodes"]
    return next(each["id"] for each in reversed(rows) if each["endsAt"] is None and each["readyAt"] is None)


def send(market: Market, who: Requesting, request: str) -> httpx.Response:
    return market.asking.post(who, "mutation ($id: ID!) { sendCopy(id: $id) { fields } }", {"id": request})


def fetch(market: Market, who: Requesting | None, request: str) -> httpx.Response:
    headers = who.headers(market.asking.key) if who else {}
    return market.asking.client.get(f"/copies/{request}", headers=headers)


def files(response: httpx.Response) -> Mapping[str, str]:
    with zipfile.ZipFile(io.BytesIO(response.raise_for_status().content)) as found:
        return {name: found.read(name).decode() for name in found.namelist()}


@pytest.mark.parametrize("who", [STAFF, OFFICER], ids=["staff", "officer"])
def test_a_member_fetches_all_that_was_asked_for_once(market: Market, who: Requesting) -> None:
    request = asked(market)
    assert code(fetch(market, ME, request)) == "NOT_FOUND"  # before it is sent
    assert send(market, who, request).json()["data"] == {"sendCopy": {"fields": ["readyAt"]}}
    assert code(fetch(market, OTHER, request)) == "NOT_FOUND"
    response = fetch(market, ME, request)
    assert response.headers["content-type"] == "application/zip"
    assert "no-store" in response.headers["cache-control"]
    found = files(response)
    tables = {
        "members": "member where id = 2",
        "companies": "company where owner_id = 2",
        "products": "product where owner_id = 2",
        "orders": "trade_order where 2 in (buyer_id, seller_id)",
        "payments": "payment where buyer_id = 2",
        "messages": "message where 2 in (sender_id, recipient_id)",
        "visits": "visit where member_id = 2",
        "forumPosts": "forum_post where author_id = 2",
    }
    for name, rows in tables.items():
        stored = len(market.stored(f"select from {rows}"))
        assert len(json.loads(found[f"{name}.json"])) == stored, name
        assert len(list(csv.reader(io.StringIO(found[f"{name}.csv"])))) == stored + 1, name
    assert json.loads(found["members.json"])[0]["email"] == market.stored("select email from member where id = 2")[0][0]
    again = fetch(market, ME, request)
    assert (again.status_code, code(again)) == (404, "NOT_FOUND")
    ((ended,),) = market.stored(f"select ends_at is not null from data_subject_request where id = {request[12:]}")
    assert ended


def test_a_copy_has_no_more_than_was_asked_for(market: Market) -> None:
    request = asked(market, ["STATISTICAL"], "requestReturn")
    send(market, STAFF, request).raise_for_status()
    assert set(files(fetch(market, ME, request))) == {"request.json", "visits.json", "visits.csv"}


def test_whatever_is_in_a_copy_is_recorded(market: Market) -> None:
    """Its parts, like any answer; and that it was fetched, or refused, by whom."""
    request = asked(market, ["REGISTRATION"])
    send(market, STAFF, request).raise_for_status()
    before = market.stored("select count(*) from veil.access_record where 2 = any (subjects)")[0][0]
    files(fetch(market, ME, request))
    after = market.stored("select count(*) from veil.access_record where 2 = any (subjects)")[0][0]
    assert after - before == 3  # the request, the one list, and that it was fetched
    refused = "select count(*) from veil.access_record where outcome = 'NOT_FOUND' and member_id = 5"
    ((none,),) = market.stored(refused)
    request = asked(market, ["REGISTRATION"])
    send(market, STAFF, request).raise_for_status()
    assert code(fetch(market, OTHER, request)) == "NOT_FOUND"
    assert market.stored(refused) == [(none + 1,)]
    files(fetch(market, ME, request))


def test_only_what_was_asked_for_is_sent(market: Market) -> None:
    """Not a destruction, not what was withdrawn, not what was sent; and by nobody else."""
    destruction = asked(market, ["REGISTRATION"], "requestDestruction")
    copied = asked(market, ["REGISTRATION"])
    assert code(send(market, STAFF, destruction)) == "NOT_FOUND"
    text = f'mutation {{ sendCopy(id: "{copied}") {{ fields }} }}'
    for who in (ME, asking_as("PLATFORM", "account_service"), asking_as("BANK", "credit_assessment")):
        assert market.refusal(who, text) == "INVALID"
    send(market, STAFF, copied).raise_for_status()
    assert code(send(market, STAFF, copied)) == "NOT_FOUND"
    market.data(ME, "mutation ($id: ID!) { withdrawRequest(id: $id) { fields } }", {"id": copied})
    assert code(fetch(market, ME, copied)) == "NOT_FOUND"
    market.data(ME, "mutation ($id: ID!) { withdrawRequest(id: $id) { fields } }", {"id": destruction})


def test_of_those_who_fetch_at_once_one_gets_it(market: Market) -> None:
    request = asked(market)
    send(market, STAFF, request).raise_for_status()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: fetch(market, ME, request).status_code, range(4)))
    assert found.count(200) == 1
    assert set(found) <= {200, 404, 503}


def test_who_says_nothing_or_asks_for_headers_alone_fetches_nothing(market: Market) -> None:
    request = asked(market, ["REGISTRATION"])
    send(market, STAFF, request).raise_for_status()
    assert fetch(market, None, request).status_code in (401, 403)
    head = market.asking.client.head(f"/copies/{request}", headers=ME.headers(market.asking.key))
    assert head.status_code == 405
    assert "request.json" in files(fetch(market, ME, request))


def test_a_copy_that_is_too_large_leaves_its_request_open(market: Market, monkeypatch: Any) -> None:
    request = asked(market)
    send(market, STAFF, request).raise_for_status()
    with monkeypatch.context() as patched:
        patched.setattr(copies, "MOST_ROWS", 3)
        assert code(fetch(market, ME, request)) == "TOO_COSTLY"
    assert "request.json" in files(fetch(market, ME, request))
