"""What a refusal says: what to change, by names of the requester's own; no value, no hidden name, no number of rows."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type

from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.view import View
from tests.conftest import CARE, FORMER_CARE, PUBLIC, STAFF, Requesting
from tests.inference.conftest import Besieged, Planted
from tests.inference.expected import KINDS
from tests.inference.planting import traces, value
from tests.inference.requesters import BUYER, STRANGERS, by_everybody, by_strangers
from tests.schema.test_view import SUGGESTION, names_of, suggested

CANARY = value("EMAIL", 1)
NUMBER = value("CARD_NUMBER", 1)

WITH_VALUES = {
    "a text for a number": f'{{ products(first: "{CANARY}") {{ totalCount }} }}',
    "a number too large": f"{{ products(first: {NUMBER}) {{ totalCount }} }}",
    "a decimal point": f"{{ products(first: {NUMBER}.5) {{ totalCount }} }}",
    "a text for a decimal": f'{{ products(filter: {{price: {{eq: "{CANARY}"}}}}) {{ totalCount }} }}',
    "a text for a time": f'{{ products(filter: {{listedAt: {{gt: "{CANARY}"}}}}) {{ totalCount }} }}',
    "a text for a truth": f'{{ companies(filter: {{verified: {{eq: "{CANARY}"}}}}) {{ totalCount }} }}',
    "a number for a text": f"{{ products(filter: {{title: {{eq: {NUMBER}}}}}) {{ totalCount }} }}",
    "a text for an object": f'{{ products(filter: "{CANARY}") {{ totalCount }} }}',
    "a list of texts for numbers": f'{{ products(filter: {{minimumOrder: {{in: ["{CANARY}"]}}}}) {{ totalCount }} }}',
    "a filter by what is not there": f'{{ products(filter: {{nowhere: {{eq: "{CANARY}"}}}}) {{ totalCount }} }}',
    "an order by a text": f'{{ products(orderBy: [{{title: "{CANARY}"}}]) {{ totalCount }} }}',
    "a choice that is a text": f'{{ node(id: ["{CANARY}"]) {{ id }} }}',
    "a default of another type": f'query ($n: Int = "{CANARY}") {{ products(first: $n) {{ totalCount }} }}',
    "a switch that is a text": f'{{ products @skip(if: "{CANARY}") {{ totalCount }} }}',
    "a text out of place": f'{{ products "{CANARY}" {{ totalCount }} }}',
    "a block of text out of place": f'{{ products """{CANARY}\n{CANARY}""" {{ totalCount }} }}',
    "a number out of place": f"{{ products {NUMBER} {{ totalCount }} }}",
    "a text that does not end": f'{{ node(id: "{CANARY}) {{ id }} }}',
    "a text with a false escape": f'{{ node(id: "{CANARY}\\q") {{ id }} }}',
    "an id that is none": f'{{ products(after: "{CANARY}") {{ totalCount }} }}',
}


@pytest.mark.parametrize("query", WITH_VALUES.values(), ids=WITH_VALUES)
def test_a_refusal_repeats_no_value_of_the_document(besieged: Besieged, query: str) -> None:
    """A log of a client's errors would otherwise name the people it asked about."""
    response = besieged.post(PUBLIC, query)
    assert "errors" in response.json()
    assert traces(response.text) == []


@pytest.mark.parametrize(
    "kind",
    ["Int", "Int!", "ID!", "Boolean!", "DateTime", "Decimal!", "String", "ProductFilter", "[ProductOrderBy!]"],
)
@pytest.mark.parametrize("given", [CANARY, int(NUMBER), [CANARY], {CANARY: CANARY}, {"title": CANARY}])
def test_a_refusal_repeats_no_value_of_a_variable(besieged: Besieged, kind: str, given: object) -> None:
    used = {
        "Int": "products(first: $v)",
        "Int!": "products(first: $v)",
        "ID!": "node(id: $v)",
        "Boolean!": "products @skip(if: $v)",
        "DateTime": "products(filter: {listedAt: {gt: $v}})",
        "Decimal!": "products(filter: {price: {gt: $v}})",
        "String": "products(after: $v)",
        "ProductFilter": "products(filter: $v)",
        "[ProductOrderBy!]": "products(orderBy: $v)",
    }[kind]
    body = "{ id }" if kind == "ID!" else "{ totalCount }"
    response = besieged.post(PUBLIC, f"query ($v: {kind}) {{ {used} {body} }}", {"v": given})
    assert response.status_code == 200
    assert traces(response.text) == []


# Hidden names.


@pytest.fixture(scope="module")
def everything(catalog: Catalog) -> Mapping[str, GraphQLObjectType]:
    """All types there are, for any requester."""
    types = View(catalog).graphql.type_map
    return {name: kind for name, kind in types.items() if isinstance(kind, GraphQLObjectType) and name[0] != "_"}


def refusal_text(besieged: Besieged, requesting: Requesting, query: str) -> str:
    """What is said of a document, without the names that may be meant instead: those are the requester's own."""
    answer = besieged.post(requesting, query).json()
    assert "data" not in answer
    text = json.dumps([(error["message"], error["extensions"]) for error in answer["errors"]])
    assert suggested(text) <= names_of(besieged.view(requesting))
    return SUGGESTION.sub("", text)


@by_strangers
def test_what_is_hidden_is_refused_as_what_does_not_exist(
    besieged: Besieged, everything: Mapping[str, GraphQLObjectType], requesting: Requesting
) -> None:
    """Types, root fields and fields that others have: nothing tells that they have them."""
    types = besieged.view(requesting).type_map
    for query in hidden(besieged, requesting, everything):
        for name in re.findall(r"«(\w+)»", query):
            assert name not in types
        asked = query.replace("«", "").replace("»", "")
        nowhere = re.sub(r"«\w+»", "Nowhere", query)
        (name,) = set(re.findall(r"«(\w+)»", query))
        assert refusal_text(besieged, requesting, asked) == refusal_text(besieged, requesting, nowhere).replace(
            "Nowhere", name
        )


def hidden(besieged: Besieged, requesting: Requesting, everything: Mapping[str, GraphQLObjectType]) -> Iterator[str]:
    """Documents that name, between « and », what this requester does not have."""
    view = besieged.view(requesting)
    assert view.query_type
    absent = [name for name in everything["Query"].fields if name not in view.query_type.fields]
    yield from (f"{{ «{name}» {{ __typename }} }}" for name in absent[:4])
    unknown = [name for name in everything if name not in view.type_map]
    yield from (f"{{ node(id: 1) {{ ... on «{name}» {{ __typename }} }} }}" for name in unknown[:4])
    for connection, kind in besieged.connections(requesting).items():
        missing = [name for name in everything[kind.name].fields if name not in kind.fields]
        yield from (f"{{ {connection} {{ nodes {{ «{name}» }} }} }}" for name in missing[:3])


LIKE = ("emial", "phones", "adress", "cardNumbers", "deliveryNam", "membr", "payments_", "Ordr", "__tpyename")


@by_strangers
def test_a_refusal_guesses_only_what_the_requester_has(besieged: Besieged, requesting: Requesting) -> None:
    for connection in list(besieged.connections(requesting))[:2]:
        for name in LIKE:
            text = refusal_text(besieged, requesting, f"{{ {connection}({name}: 1) {{ nodes {{ {name} }} }} {name}Q }}")
            assert "mean" not in text
            assert text.count("Cannot query field") == 2


@by_strangers
def test_introspection_knows_no_more_than_the_view(
    besieged: Besieged, everything: Mapping[str, GraphQLObjectType], requesting: Requesting
) -> None:
    """A type that is hidden is as absent by its name as one that is not there, and nothing is deprecated."""
    types = besieged.view(requesting).type_map
    query = "query ($n: String!) { __type(name: $n) { name fields { name } } }"
    unknown = [name for name in everything if name not in types]
    for name in ("Nowhere", *unknown[:5]):
        assert besieged.data(requesting, query, {"n": name}) == {"__type": None}
    kept = [kind for name, kind in types.items() if isinstance(kind, GraphQLObjectType) and name[0] != "_"]
    reached = {get_named_type(field.type).name for kind in kept for field in kind.fields.values()}
    found_by_id = {kind.name for kind in kept if kind.interfaces}
    assert {kind.name for kind in kept} <= reached | found_by_id | {"Query", "Mutation"}
    for kind in kept:
        for field in kind.fields.values():
            assert field.deprecation_reason is None
            assert all(argument.deprecation_reason is None for argument in field.args.values())


@by_everybody
def test_a_view_has_exactly_what_its_requester_may_ever_see(
    besieged: Besieged, planted: Planted, requesting: Requesting
) -> None:
    """A field that is hidden on every row is not in it, and neither is a type no row of which is ever shown."""
    types = besieged.view(requesting).type_map
    for name, kind in KINDS.items():
        if isinstance(seen := types.get(name), GraphQLObjectType):
            assert planted.market.sees(requesting, kind), name
            may = {field for field, shown in kind.fields.items() if planted.market.most(requesting, kind, shown)}
            assert {field for field in seen.fields if field in kind.fields} == may, name


# Numbers of rows.


COSTLY = "{ orders(first: 100) { nodes { buyer { purchases(first: 100) { nodes { dispute { reason } } } } } } }"


def test_a_bound_is_about_the_question_not_about_the_rows(besieged: Besieged, planted: Planted) -> None:
    """Who sees orders and who sees none, for one role and purpose, are refused in the same words."""
    seen = [sum(1 for _ in planted.market.visible(each, "Order")) for each in (CARE, FORMER_CARE)]
    assert seen[0] > seen[1] == 0
    refused, other = (besieged.post(each, COSTLY).json()["errors"] for each in (CARE, FORMER_CARE))
    assert refused[0]["extensions"]["code"] == "TOO_COSTLY"
    assert refused == other


def test_a_bound_tells_roles_apart_by_what_their_statements_cost_alone(besieged: Besieged) -> None:
    """Masks and conditions cost, and a policy is no secret."""
    nobody = Requesting(role=Roles.SERVICE_PROVIDER, purpose=Purposes.SITE_OPERATION, organisation=5)
    trader = Requesting(role=Roles.MEMBER, purpose=Purposes.MEMBER_TRADING, member=BUYER)
    answers = [json.dumps(besieged.post(each, COSTLY).json()["errors"]) for each in (nobody, trader, CARE, STAFF)]
    assert len({re.sub(r"it costs [0-9]+ rows", "", answer) for answer in answers}) == 1


@by_strangers
def test_an_answer_never_says_why_to_a_third_party(besieged: Besieged, requesting: Requesting) -> None:
    """To a third party a field is masked, by a treatment; only a member sees the clause."""
    for connection, kind in besieged.connections(requesting).items():
        fields = " ".join(name for name in kind.fields if name in ("id", "email", "name", "body", "at", "total"))
        answer = besieged.answer(requesting, f"{{ {connection}(first: 1) {{ nodes {{ __typename {fields} }} }} }}")
        for treatment in _treatments(answer, requesting):
            expected = {"field", "treatment"} | ({"clause"} if requesting.role is Roles.MEMBER else set())
            assert set(treatment) == expected


def _treatments(answer: Mapping[str, Any], requesting: Requesting) -> list[Mapping[str, Any]]:
    privacy = answer["extensions"]["privacy"]
    told = {"instrumentApplies"} if requesting.role is Roles.AUTHORITY else set[str]()
    assert set(privacy) == {"policy", "record", "treatments", *told}
    return privacy["treatments"]


def test_every_stranger_is_here() -> None:
    assert {each.role for each in STRANGERS} == set(Roles) - {Roles.PLATFORM, Roles.PRIVACY_OFFICER}
