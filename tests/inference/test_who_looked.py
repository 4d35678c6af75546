"""The access log, as those see it who may: of who has looked, nothing that names them; of whom else, nothing at all."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pytest

from tests.conftest import CARE, MEMBER, OFFICER, PUBLIC, STAFF, TRADER, Requesting, run
from tests.inference.conftest import Besieged
from tests.inference.planting import traces, value

LOOKED = "query LookedUp { members(first: 100) { nodes { id name } } }"
OWN = """{ me { accesses(first: 50) { totalCount nodes {
    id at role purpose organisation { id name } reference policy fields { field treatment }
    subjectCount outcome crossBorder
} } } }"""
ALL = (
    OWN.replace("me { accesses(first: 50)", "accessRecords(first: 50)")
    .replace("role", "requester role")
    .replace("policy", "policy operation")
    .removesuffix("} }")
    + "}"
)

NAMED = value("EMAIL", 1)
"""What the credentials of some call their bearer."""


def named(besieged: Besieged, requesting: Requesting) -> Mapping[str, str]:
    """Headers of somebody whose credential names them by a canary."""
    token = besieged.key.sign(
        requesting.role,
        [requesting.purpose],
        member=requesting.member,
        organisation=requesting.organisation,
        sub=NAMED,
        now=time.time(),
    )
    return {"Authorization": f"Bearer {token}", "Access-Purpose": requesting.purpose.value}


def looks(besieged: Besieged, requesting: Requesting, query: str) -> httpx.Response:
    headers = named(besieged, requesting)
    response = besieged.client.post("/graphql", json={"query": query}, headers=headers)
    assert response.status_code == 200
    return response


@pytest.fixture(scope="module")
def looked(besieged: Besieged) -> Sequence[str]:
    """The records of some who have looked at member 1, and of one who was refused."""
    responses = [looks(besieged, each, LOOKED) for each in (CARE, STAFF)]
    responses.append(looks(besieged, TRADER, "query Traded { orders { nodes { buyer { name } } } }"))
    responses.append(looks(besieged, CARE, "query Refused { nowhere }"))
    return [response.headers["access-record"] for response in responses]


def test_a_member_sees_who_has_looked_by_role_and_organisation_alone(besieged: Besieged, looked: Sequence[str]) -> None:
    """Nobody's name, nobody else's id, and no refusal, which showed nothing of her."""
    response = besieged.post(MEMBER, OWN)
    seen = {
        node["id"].removeprefix("AccessRecord:"): node for node in response.json()["data"]["me"]["accesses"]["nodes"]
    }
    assert set(looked[:3]) <= set(seen)
    assert looked[3] not in seen
    assert seen[looked[0]]["organisation"]["name"] == "Clearline Customer Care"
    assert traces(response.text) == []
    assert "development:" not in response.text


def test_a_member_sees_every_access_to_her_data_and_none_but_those(besieged: Besieged) -> None:
    query = "select count(*) from veil.access_record where subjects @> array[1::bigint]"
    stored = run(besieged.url, lambda connection: connection.fetchval(query))
    assert besieged.data(MEMBER, OWN)["me"]["accesses"]["totalCount"] == stored


def test_no_record_of_another_s_data_is_found_by_its_id(besieged: Besieged) -> None:
    """The id that came with an answer is no key to its record."""
    other = besieged.post(PUBLIC, "{ companies { totalCount } }").headers["access-record"]
    query = "query ($id: ID!) { node(id: $id) { __typename } }"
    for requesting in (MEMBER, TRADER, CARE, STAFF, PUBLIC):
        assert besieged.data(requesting, query, {"id": f"AccessRecord:{other}"}) == {"node": None}


def test_the_officer_sees_requesters_as_tokens(besieged: Besieged, looked: Sequence[str]) -> None:
    """Enough to tell one from another, and to find all of the same; not who it was."""
    response = besieged.post(OFFICER, ALL)
    nodes = {
        node["id"].removeprefix("AccessRecord:"): node for node in response.json()["data"]["accessRecords"]["nodes"]
    }
    assert traces(response.text) == []
    by = {nodes[record]["requester"] for record in looked}
    assert len(by) == 1
    assert all(len(token) == 108 for token in by if token)


@pytest.mark.usefixtures("looked")
def test_the_log_is_searched_by_who_looked_only_with_a_token_that_was_shown(besieged: Besieged) -> None:
    """Who they are finds nothing. Tokens have no order."""
    query = (
        "query ($by: String!) { accessRecords(filter: {requester: {eq: $by}}, first: 100) { nodes { id requester } } }"
    )
    every = "{ accessRecords(first: 100) { nodes { requester } } }"
    nodes = besieged.data(OFFICER, every)["accessRecords"]["nodes"]
    tokens = {node["requester"] for node in nodes if node["requester"]}
    assert len(tokens) > 1
    for token in tokens:
        found = besieged.data(OFFICER, query, {"by": token})["accessRecords"]["nodes"]
        assert {node["requester"] for node in found} == {token}
    for given in ("development:SERVICE_PROVIDER", "SERVICE_PROVIDER", ""):
        assert besieged.data(OFFICER, query, {"by": given})["accessRecords"]["nodes"] == []
    for argument in (
        "orderBy: [{requester: ASC}]",
        'filter: {requester: {startsWith: "a"}}',
        "filter: {requester: {isNull: true}}",
        "filter: {subjects: {eq: 1}}",
    ):
        answer = besieged.post(OFFICER, f"{{ accessRecords({argument}) {{ totalCount }} }}").json()
        assert answer["errors"][0]["extensions"]["code"] == "INVALID"


def test_what_a_header_says_is_recorded_as_text_and_nothing_else(besieged: Besieged) -> None:
    """Quotes, commas and what looks like another line of a log: one record, one value."""
    odd = """'); drop table veil.access_record; -- "},{"outcome":"ANSWERED"} %s \\n {}"""
    headers = {**PUBLIC.headers(besieged.key), "Access-Reference": odd}
    response = besieged.client.post("/graphql", json={"query": "{ companies { totalCount } }"}, headers=headers)
    record: Mapping[str, Any] = besieged.record(response)
    assert (record["outcome"], record["role"]) == ("ANSWERED", "PUBLIC")
    assert record["reference"] in (odd, None)


def test_no_third_party_writes_into_a_member_s_log(besieged: Besieged) -> None:
    """The name of an operation is its author's. A member's schema does not have it, and so it cannot be asked for."""
    looks(besieged, CARE, "query YOUR_ACCOUNT_WAS_STOLEN__call_0044_20_7946_0000 { members { nodes { name } } }")
    assert "STOLEN" not in besieged.post(MEMBER, OWN).text
    for asked in ("nodes { operation }", 'filter: {operation: {eq: "x"}}', "orderBy: [{operation: ASC}]"):
        arguments, fields = ("", asked) if asked.startswith("nodes") else (f"({asked})", "totalCount")
        answer = besieged.post(MEMBER, f"{{ me {{ accesses{arguments} {{ {fields} }} }} }}").json()
        assert answer["errors"][0]["extensions"]["code"] == "INVALID"
    assert "STOLEN" in besieged.post(OFFICER, ALL).text


def test_nobody_without_a_token_writes_into_a_member_s_log(besieged: Besieged) -> None:
    """The access is shown. A reference is not, because anybody may choose one."""
    query = {
        "query": "query YouOweUsMoney { forumPosts(first: 100) { nodes { body } } companies(first: 100) { nodes { name } } }"
    }
    response = besieged.client.post("/graphql", json=query, headers={"Access-Reference": "call us at once"})
    seen = {node["id"]: node for node in besieged.data(MEMBER, OWN)["me"]["accesses"]["nodes"]}
    record = seen[f"AccessRecord:{response.headers['access-record']}"]
    assert (record["role"], record["reference"]) == ("PUBLIC", None)
