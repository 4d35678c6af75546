"""Many at once: each is answered as if alone, and has a record of its own with the right requester and subjects."""

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from schema.marketplace.words import Roles
from tests.conftest import (
    ADVERTISER,
    ANALYST,
    BANK,
    CARE,
    CONTACTER,
    MEMBER,
    OFFICER,
    PUBLIC,
    STAFF,
    TEN,
    TRADER,
    Asking,
    Requesting,
    run,
)

REQUESTS = 1_000
AT_ONCE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What some ask, with one value that varies; `declared` is its type."""

    asked_by: Sequence[Requesting]
    declared: str
    text: str
    values: Sequence[Any]

    def with_variable(self, value: Any) -> dict[str, Any]:
        return {"query": f"query Many($v: {self.declared}) {self.text}", "variables": {"v": value}}

    def with_literal(self, value: Any) -> dict[str, Any]:
        return {"query": f"query Many {self.text.replace('$v', json.dumps(value))}"}


def document(asked_by: Sequence[Requesting], declared: str, text: str, values: Sequence[Any]) -> Document:
    return Document(asked_by=asked_by, declared=declared, text=text, values=values)


SEVERAL = (STAFF, ANALYST, CARE)
NUMBERS = (0, 2, 20)
MEMBER_IDS = [f"Member:{number}" for number in (1, 3, 10, 999)]
ORDER_IDS = [f"Order:{number}" for number in (2, 4, 448)]
PRODUCT_IDS = [f"Product:{number}" for number in (1, 21, 68)]
COUNTRIES = ("US", "CN", "ZZ")

DOCUMENTS = (
    # What is published.
    document([PUBLIC], "ID!", "{ product(id: $v) { title price company { name } } }", PRODUCT_IDS),
    document([PUBLIC, STAFF], "ID!", "{ product(id: $v) { title description } }", PRODUCT_IDS),
    document([PUBLIC, ANALYST], "Int", "{ companies(first: $v) { totalCount nodes { name country } } }", NUMBERS),
    document([PUBLIC], "String!", "{ companies(filter: {country: {eq: $v}}) { nodes { name } } }", COUNTRIES),
    document(
        [PUBLIC], "[String!]!", "{ companies(filter: {country: {in: $v}}) { totalCount } }", (["US"], ["CN", "IN"])
    ),
    document([PUBLIC], "Int!", "{ companies(last: $v) { edges { cursor node { id } } } }", NUMBERS),
    document(
        [PUBLIC],
        "Decimal!",
        "{ products(first: 3, filter: {price: {gte: $v}}, orderBy: {price: ASC}) { nodes { price } } }",
        ("1", "10.5", "999"),
    ),
    # One member or order, seen by many.
    document(SEVERAL, "ID!", "{ member(id: $v) { id name email phone } }", MEMBER_IDS),
    document([CONTACTER, STAFF], "ID!", "{ member(id: $v) { name email } }", MEMBER_IDS),
    document(SEVERAL, "ID!", "{ order(id: $v) { id status buyer { id name } seller { id } } }", ORDER_IDS),
    document([STAFF, TRADER], "ID!", "{ order(id: $v) { status total payment { method status } } }", ORDER_IDS),
    document([TRADER], "ID!", "{ order(id: $v) { seller { name email } deliveryName } }", ORDER_IDS),
    document([MEMBER], "ID!", "{ order(id: $v) { status deliveryName hiddenFields } }", ORDER_IDS),
    document(
        [STAFF, BANK], "ID!", "{ payment(id: $v) { id status bankAccount } }", ["Payment:2", "Payment:543", "Payment:1"]
    ),
    document(
        [STAFF],
        "ID!",
        "{ node(id: $v) { __typename id ... on Member { city } ... on Order { total } } }",
        [*MEMBER_IDS, *ORDER_IDS],
    ),
    # Pages.
    document(SEVERAL, "Int!", "{ members(first: $v) { totalCount nodes { id name city } } }", NUMBERS),
    document(
        SEVERAL, "Int!", "{ members(last: $v) { nodes { id } pageInfo { hasPreviousPage startCursor } } }", NUMBERS
    ),
    document(
        SEVERAL,
        "Int!",
        "{ orders(first: $v) { nodes { id buyer { id name } items { quantity product { title } } } } }",
        NUMBERS,
    ),
    document(
        [CONTACTER], "String!", "{ members(filter: {country: {eq: $v}}) { totalCount nodes { id name } } }", COUNTRIES
    ),
    document(
        [STAFF], "String!", "{ members(filter: {name: {startsWith: $v}}) { nodes { name } } }", ("S", "G", "李", "'")
    ),
    document(
        [STAFF, CARE],
        "DateTime!",
        "{ orders(first: 2, filter: {placedAt: {gte: $v}}) { nodes { placedAt } } }",
        ("2021-06-01T00:00:00Z", "2026-03-01T08:00:00+08:00"),
    ),
    document([ADVERTISER], "Int", "{ members(first: $v) { nodes { id name email } } }", NUMBERS),
    document(
        [BANK], "Int", "{ payments(first: $v) { nodes { id bankAccount billingName organisation { name } } } }", NUMBERS
    ),
    document([BANK], "Int", "{ payments(last: $v) { totalCount nodes { amount } } }", NUMBERS),
    document([OFFICER], "Int", "{ members(first: $v) { nodes { id name phone } } }", NUMBERS),
    # Oneself.
    document([MEMBER], "Int!", "{ me { name purchases(first: $v) { totalCount nodes { id status } } } }", NUMBERS),
    document([MEMBER], "Boolean!", "{ me { name email @include(if: $v) address @skip(if: $v) } }", (True, False)),
    document([MEMBER], "Int", "{ paymentProfiles(first: $v) { nodes { cardNumber billingName } } }", NUMBERS),
    document([TRADER], "Int!", "{ members(first: $v) { nodes { name email } } }", NUMBERS),
    # Nobody.
    document(TEN, "Int!", "{ organisations(first: $v) { totalCount nodes { name } } }", NUMBERS),
    document(TEN, "String!", "{ __type(name: $v) { fields { name } } }", ("Member", "Order", "Company", "Nothing")),
    # Refused.
    document(TEN, "ID!", "{ passwords(id: $v) }", ("x", "y")),
    document(TEN, "Int!", "{ organisations(first: $v) { totalCount } }", (101, -1)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: by whom, and its body."""

    by: Requesting
    body: str


def drawn(number: int) -> list[Asked]:
    """Requests drawn from all documents, values and personas; members ask for themselves."""
    chance = random.Random(7)
    asked: list[Asked] = []
    for _ in range(number):
        chosen = chance.choice(DOCUMENTS)
        by = chance.choice(chosen.asked_by)
        if by.role is Roles.MEMBER:
            by = replace(by, member=chance.randint(1, 3))
        value = chance.choice(chosen.values)
        body = chance.choice((chosen.with_variable, chosen.with_literal))(value)
        asked.append(Asked(by=by, body=json.dumps(body)))
    return asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """An answer or refusal, but for what is each request's own; and its record's id."""

    status: int
    answer: Any
    record: str


async def all_at_once(gateway: Asking, asked: Sequence[Asked], *, at_once: int) -> list[Got]:
    """What each gets, in the order asked; `at_once` clients take turns at asking."""
    got: dict[int, Got] = {}
    left = iter(enumerate(asked))

    async def client() -> None:
        async with httpx.AsyncClient(base_url=gateway.address, timeout=60, trust_env=False) as connection:
            for number, each in left:
                got[number] = await one(connection, gateway, each)

    await asyncio.gather(*(client() for _ in range(at_once)))
    return [got[number] for number in range(len(asked))]


async def one(client: httpx.AsyncClient, gateway: Asking, asked: Asked) -> Got:
    headers = {**asked.by.headers(gateway.key), "content-type": "application/json"}
    response = await client.post("/graphql", content=asked.body, headers=headers)
    answer = response.json()
    record = answer["extensions"]["privacy"].pop("record")
    assert record == response.headers["access-record"]
    return Got(status=response.status_code, answer=answer, record=record)


RECORDS = """\
select id::text, requester, role, purpose, member_id, organisation_id, outcome, subjects, row_count, plan
from veil.access_record where id = any($1::text[]::uuid[])"""


def records(gateway: Asking, got: Sequence[Got]) -> dict[str, Any]:
    found = run(gateway.url, lambda connection: connection.fetch(RECORDS, [each.record for each in got]))
    return {row["id"]: {name: value for name, value in row.items() if name != "id"} for row in found}


@pytest.fixture(scope="module")
def requests() -> list[Asked]:
    return drawn(REQUESTS)


def test_a_thousand_concurrent_requests_are_answered_and_recorded_as_if_alone(
    gateway: Asking, requests: list[Asked]
) -> None:
    """Ten personas, some thirty documents, values as literals and as variables; many share a batch."""
    different = list(dict.fromkeys(requests))
    alone = asyncio.run(all_at_once(gateway, different, at_once=1))
    together = asyncio.run(all_at_once(gateway, requests, at_once=AT_ONCE))
    expected = dict(zip(different, alone, strict=True))
    recorded_alone, recorded = records(gateway, alone), records(gateway, together)
    assert len(recorded) == REQUESTS
    for asked, got in zip(requests, together, strict=True):
        due = expected[asked]
        assert (got.status, got.answer) == (due.status, due.answer), asked
        assert recorded[got.record] == recorded_alone[due.record], asked
        assert recorded[got.record] == recorded[got.record] | who(asked.by), asked


def who(by: Requesting) -> dict[str, Any]:
    """What every record says of who asked."""
    third_party = by.role not in (Roles.PUBLIC, Roles.MEMBER, Roles.PLATFORM, Roles.PRIVACY_OFFICER)
    return {
        "requester": None if by.role is Roles.PUBLIC else f"development:{by.role}",
        "role": by.role,
        "purpose": by.purpose,
        "member_id": by.member,
        "organisation_id": by.organisation if third_party else None,
    }


def test_the_concurrent_requests_cover_every_persona_and_many_plans(gateway: Asking, requests: list[Asked]) -> None:
    """And not only refusals, nor only of one kind."""
    assert {replace(asked.by, member=None) for asked in requests} == {replace(each, member=None) for each in TEN}
    got = asyncio.run(all_at_once(gateway, requests[:200], at_once=AT_ONCE))
    found = records(gateway, got).values()
    assert len({each["plan"] for each in found}) > 30
    assert sum(each["outcome"] == "ANSWERED" for each in found) > 150
    assert sum(bool(each["subjects"]) for each in found) > 80
