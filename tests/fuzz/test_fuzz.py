"""A short run of requests by chance, and that what would be wrong with their responses is noticed."""

import json
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest
from graphql import build_schema, parse

from gateway.demo.development import DevelopmentKey
from schema.refusals import Code
from tests.conftest import Asking
from tests.fuzz.judging import Response, problems
from tests.fuzz.shapes import shape
from tests.fuzz.trials import Trial, first_found, requests_over

CASES = 300
SEED = 20_260

VIEW = build_schema("""
    scalar DateTime
    scalar Decimal
    enum Colour { RED GREEN }
    interface Node { id: ID! }
    type Thing implements Node { id: ID!, name: String, colour: Colour, at: DateTime, price: Decimal, size: Int }
    type Other implements Node { id: ID!, size: Int }
    type Query { thing: Thing!, things(first: Int): [Thing!], node(id: ID!): Node }
""")

RECORD = "01890000-0000-7000-8000-000000000000"


def test_no_request_by_chance_fails_or_is_answered_outside_its_view(
    gateway: Asking, market_url: str, key: DevelopmentKey
) -> None:
    with closing(Trial(address=gateway.address, requests=requests_over(market_url, key))) as trial:
        found = first_found(trial, seed=SEED, cases=CASES)
    assert found is None, str(found)
    assert trial.tried.total() >= CASES / 2
    assert trial.tried["valid: answered"] > 20
    assert trial.tried["headers: answered"] + trial.tried["nearly valid: answered"] > 0


WRONG_DATA: Mapping[str, tuple[str, Any]] = {
    "a key is missing": ("{ thing { id name } }", {"thing": {"id": "1"}}),
    "a key is unknown": ("{ thing { id } }", {"thing": {"id": "1", "name": "x"}}),
    "keys are out of order": ("{ thing { id name } }", {"thing": {"name": "x", "id": "1"}}),
    "null where none may be": ("{ thing { id } }", {"thing": {"id": None}}),
    "null for an object": ("{ thing { id } }", {"thing": None}),
    "null in a list": ("{ things { id } }", {"things": [None]}),
    "no list": ("{ things { id } }", {"things": {"id": "1"}}),
    "a number for a text": ("{ thing { name } }", {"thing": {"name": 1}}),
    "a text for a number": ("{ thing { size } }", {"thing": {"size": "1"}}),
    "a truth for a number": ("{ thing { size } }", {"thing": {"size": True}}),
    "a number too large": ("{ thing { size } }", {"thing": {"size": 2**31}}),
    "a value of no enum": ("{ thing { colour } }", {"thing": {"colour": "BLUE"}}),
    "a time without a zone": ("{ thing { at } }", {"thing": {"at": "2012-06-11T08:00:00"}}),
    "no decimal": ("{ thing { price } }", {"thing": {"price": "NaN"}}),
    "a field that is skipped": ("{ thing { id name @skip(if: true) } }", {"thing": {"id": "1", "name": "x"}}),
    "a field of no type of the interface": ('{ node(id: "1") { id } }', {"node": {"id": "1", "name": "x"}}),
}

RIGHT_DATA: Mapping[str, tuple[str, Any]] = {
    "every type": (
        "{ thing { id name colour at price size } }",
        {"thing": {"id": "1", "name": None, "colour": "RED", "at": "2012-06-11T08:00:00Z", "price": "1.50", "size": 1}},
    ),
    "an alias": ("{ it: thing { key: id } }", {"it": {"key": "1"}}),
    "fields of the type": ('{ node(id: "1") { id ... on Thing { name } } }', {"node": {"id": "1", "name": "x"}}),
    "fields of another type": ('{ node(id: "1") { id ... on Thing { name } } }', {"node": {"id": "1"}}),
    "a variable's default": (
        "query A($no: Boolean = true) { thing { id name @skip(if: $no) } }",
        {"thing": {"id": "1"}},
    ),
    "introspection": ('{ __type(name: "Other") { kind name } }', {"__type": {"kind": "OBJECT", "name": "Other"}}),
}


def wrong(document: str, data: object) -> list[str]:
    return list(shape(VIEW, parse(document), None, {}).problems(data))


@pytest.mark.parametrize(("document", "data"), WRONG_DATA.values(), ids=WRONG_DATA)
def test_an_answer_outside_its_view_is_noticed(document: str, data: object) -> None:
    assert len(wrong(document, data)) == 1


@pytest.mark.parametrize(("document", "data"), RIGHT_DATA.values(), ids=RIGHT_DATA)
def test_an_answer_within_its_view_is_not(document: str, data: object) -> None:
    assert wrong(document, data) == []


USUAL = {"content-type": "application/graphql-response+json", "access-record": RECORD}


def responded(status: int, answer: object, headers: Mapping[str, str] = USUAL) -> list[str]:
    response = Response(status=status, headers=headers, body=json.dumps(answer).encode())
    return list(problems(response, b'{"query":"{ thing { id } }"}', VIEW))


PRIVACY = {"privacy": {"policy": "1", "record": RECORD, "treatments": []}}
REFUSED = {
    "errors": [{"message": "no", "extensions": {"code": Code.INVALID.name, "hint": "other"}}],
    "extensions": PRIVACY,
}


def test_a_response_as_it_should_be_has_no_problem() -> None:
    assert responded(200, {"data": {"thing": {"id": "1"}}, "extensions": PRIVACY}) == []
    assert responded(400, REFUSED) == []


def test_a_response_as_it_should_not_be_has_one() -> None:
    assert responded(503, REFUSED)
    assert responded(200, REFUSED)
    assert responded(400, {**REFUSED, "data": None})
    assert responded(400, {"errors": [{"message": "no"}], "extensions": PRIVACY})
    assert responded(400, REFUSED, {**USUAL, "access-record": "another"})
    assert responded(400, REFUSED, {**USUAL, "content-type": "text/html"})
    assert responded(200, {"data": {"thing": {"id": None}}, "extensions": PRIVACY})
    assert responded(200, {"data": {}})
