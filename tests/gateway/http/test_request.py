"""What comes over HTTP: whatever is sent, it is answered or refused with a code, recorded, and nothing breaks."""

import json
import socket
import struct
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from gateway.http.media_types import GRAPHQL_RESPONSE, JSON
from gateway.settings import DEFAULT_LIMITS
from resolvers.front.document import document_digest
from schema.marketplace.words import Purposes, Roles
from schema.refusals import Code
from schema.requester import Purpose
from tests.conftest import MEMBER, PUBLIC, STAFF, Asking, Requesting, run

FAILURES = {Code.RATE_LIMITED, Code.OVERLOADED, Code.TIMED_OUT, Code.UNREADABLE, Code.UNAVAILABLE, Code.INTERNAL}
"""What the request by itself is not to blame for: `test_admission` and `test_pool` show these."""

EARLIER = {Code.TOO_MANY_PERSONS, Code.SUSPENDED}
"""What comes of requests before: `test_breadth_limits` and `test_entering` show it."""

OF_CHANGES = {Code.NOT_FOUND, Code.CONFLICT, Code.TOO_MANY_ENTRIES, Code.KEY_REUSED}
"""What a mutation is refused with: `tests/clauses/test_changing.py` shows it."""

TYPENAME = document_digest("{ __typename }")
ANSWERED = '{"query": "{ __typename }"}'
SECRET = "rosa@example.org"
"""Sent where it must not come back, nor be kept."""

COURT = Requesting(role=Roles.AUTHORITY, purpose=Purposes.COURT_ORDER, organisation=16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request with something wrong in it, the refusal due, and what its hint must name."""

    code: Code
    names: str
    who: Requesting | None = STAFF
    """As whom it is recorded; none: as nobody."""
    headers: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    """Replace those that `who` sends; with none, left out."""
    body: str = ANSWERED
    method: str = "POST"
    purpose: Purpose | None = Purposes.ACCOUNT_SERVICE
    """As which it is recorded."""


def asking(query: str, **others: Any) -> str:
    return json.dumps({"query": query, **others})


REFUSED = {
    "a body that is no JSON": Sent(code=Code.BODY_MALFORMED, names='{"query":', body=SECRET),
    "a body of too many bytes": Sent(code=Code.BODY_TOO_LARGE, names="100000 bytes", body=asking("#" * 100_000)),
    "a body that is said to be text": Sent(
        code=Code.MEDIA_TYPE, names="`Content-Type: application/json`", headers={"content-type": "text/plain"}
    ),
    "a body that is compressed": Sent(
        code=Code.MEDIA_TYPE, names="does not read `gzip`", headers={"content-encoding": "gzip"}
    ),
    "a body encoded in somebody's own way": Sent(
        code=Code.MEDIA_TYPE, names="without a `Content-Encoding`", headers={"content-encoding": SECRET}
    ),
    "an answer wanted as text": Sent(
        code=Code.NOT_ACCEPTABLE, names="`application/json`", headers={"accept": "text/plain"}
    ),
    "a request by GET": Sent(
        code=Code.METHOD,
        names="(urql: `preferGetMethod: false`; Apollo: no `useGETForQueries` and no `useGETForHashedQueries`)",
        method="GET",
    ),
    "a token that is none": Sent(
        code=Code.TOKEN_INVALID, names="`Authorization: Bearer`", who=None, headers={"authorization": "Bearer nonsense"}
    ),
    "a token without the member it requires": Sent(
        code=Code.CLAIMS_INVALID,
        names="`member`",
        who=Requesting(role=Roles.MEMBER, purpose=Purposes.SELF_SERVICE),
        purpose=None,
    ),
    "no purpose": Sent(
        code=Code.PURPOSE_MISSING, names="`Access-Purpose`", headers={"access-purpose": None}, purpose=None
    ),
    "two purposes": Sent(
        code=Code.PURPOSE_REPEATED,
        names="`Access-Purpose`",
        headers={"access-purpose": "account_service, marketing"},
        purpose=None,
    ),
    "a purpose the token does not carry": Sent(
        code=Code.PURPOSE_NOT_CARRIED,
        names="the token carries ",
        headers={"access-purpose": SECRET},
        purpose=None,
    ),
    "a purpose of other roles": Sent(
        code=Code.PURPOSE_NOT_FOR_ROLE,
        names="the policy allows for the role",
        who=Requesting(role=Roles.MEMBER, purpose=Purposes.MARKETING, member=1),
        purpose=Purposes.MARKETING,
    ),
    "no legal instrument": Sent(
        code=Code.REFERENCE_MISSING, names="`Access-Reference`", who=COURT, purpose=Purposes.COURT_ORDER
    ),
    "a reference that is too long": Sent(
        code=Code.HEADER_INVALID, names="`Access-Reference`", headers={"access-reference": "x" * 129}
    ),
    "a document that is not trusted": Sent(
        code=Code.DOCUMENT_NOT_TRUSTED, names="`veil trust add`", body=json.dumps({"documentId": f"sha256:{'0' * 64}"})
    ),
    "a hash that is not trusted": Sent(
        code=Code.PERSISTED_QUERY_NOT_FOUND,
        names="`query`",
        body=json.dumps({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}),
    ),
    "a document that is no GraphQL": Sent(code=Code.SYNTAX, names="`locations`", body=asking("{ me")),
    "a field there is not": Sent(code=Code.INVALID, names="see the Docs panel", body=asking("{ passwords }")),
    "a document of too many characters": Sent(
        code=Code.LIMIT, names=f"{DEFAULT_LIMITS.document}", body=asking("#" * (DEFAULT_LIMITS.document + 1))
    ),
    "a document of too many tokens": Sent(
        code=Code.LIMIT,
        names=f"{DEFAULT_LIMITS.tokens} tokens",
        body=asking("{" + " __typename" * DEFAULT_LIMITS.tokens + "}"),
    ),
    "an operation of too many levels": Sent(
        code=Code.LIMIT,
        names=f"{DEFAULT_LIMITS.depth} fields deep",
        body=asking("{ orders { nodes " + "{ buyer { purchases { nodes " * 5 + "{ id }" + "} } }" * 5 + " } }"),
    ),
    "an operation of too many fields": Sent(
        code=Code.LIMIT,
        names=f"{DEFAULT_LIMITS.fields} fields",
        body=asking(
            "{ organisations { nodes { ...A } } }"
            "fragment A on Organisation { ...B ...B ...B ...B ...B ...B ...B ...B ...B }"
            "fragment B on Organisation { ...C ...C ...C ...C ...C ...C ...C ...C ...C }"
            "fragment C on Organisation { id name kind country id name kind country }"
        ),
    ),
    "two operations and no name": Sent(
        code=Code.OPERATION, names="`operationName`", body=asking("query A { __typename } query B { __typename }")
    ),
    "the name of no operation": Sent(
        code=Code.OPERATION, names="`operationName`", body=asking("query A { __typename }", operationName=SECRET)
    ),
    "a variable of another type": Sent(
        code=Code.VARIABLE,
        names="`$first` must be a `Int!`",
        body=asking("query ($first: Int!) { orders(first: $first) { totalCount } }", variables={"first": SECRET}),
    ),
    "a variable without a value": Sent(
        code=Code.VARIABLE, names="`$id`", body=asking("query ($id: ID!) { member(id: $id) { name } }")
    ),
    "a page of too many rows": Sent(
        code=Code.ARGUMENT, names="0 to 100 rows", body=asking("{ orders(first: 101) { totalCount } }")
    ),
    "a cursor that is none": Sent(
        code=Code.ARGUMENT,
        names="cursor of this same connection",
        body=asking("query ($a: String) { orders(after: $a) { totalCount } }", variables={"a": SECRET}),
    ),
    "a text PostgreSQL cannot hold": Sent(
        code=Code.ARGUMENT,
        names="U+0000",
        body=asking('{ members(filter: {city: {eq: "\\u0000"}}) { totalCount } }'),
    ),
    "an operation that could return too much": Sent(
        code=Code.TOO_COSTLY,
        names=f"{DEFAULT_LIMITS.cost} are allowed; ask for smaller pages",
        body=asking("{ members(first: 100) { nodes { purchases(first: 100) { nodes { items { quantity } } } } } }"),
    ),
}


def sent(gateway: Asking, request: Sent) -> httpx.Response:
    usual = {"content-type": JSON, "accept": GRAPHQL_RESPONSE, **(request.who or PUBLIC).headers(gateway.key)}
    headers = {**{name.lower(): value for name, value in usual.items()}, **request.headers}
    kept = {name: value for name, value in headers.items() if value is not None}
    return gateway.client.request(request.method, "/graphql", content=request.body, headers=kept)


@pytest.mark.parametrize("request_", [pytest.param(each, id=name) for name, each in REFUSED.items()])
def test_a_refusal_has_its_code_and_what_to_change_and_is_recorded(gateway: Asking, request_: Sent) -> None:
    response = sent(gateway, request_)
    errors = response.json()["errors"]
    assert response.status_code == request_.code.status
    assert {error["extensions"]["code"] for error in errors} == {request_.code.name}
    assert all(request_.names in error["extensions"]["hint"] for error in errors)
    record = gateway.record(response)
    assert record["outcome"] == request_.code.name
    assert recorded(record) == expected(request_)
    assert response.json()["extensions"] == {
        "privacy": {"policy": "2012-06-11", "record": response.headers["access-record"]}
    }


def recorded(record: Mapping[str, Any]) -> tuple[object, ...]:
    assert (record["plan"], record["subjects"], record["row_count"]) == (None, [], 0)
    return tuple(record[name] for name in ("requester", "role", "member_id", "organisation_id", "purpose"))


def expected(request: Sent) -> tuple[object, ...]:
    who = request.who
    if who is None:
        return (None, None, None, None, None)
    # The marketplace's own stand on no organisation, whatever their token says.
    organisation = None if who.role is Roles.PLATFORM else who.organisation
    return (f"development:{who.role}", who.role, who.member, organisation, request.purpose)


def test_every_code_of_a_refusal_is_shown_here() -> None:
    assert {request.code for request in REFUSED.values()} == set(Code) - FAILURES - EARLIER - OF_CHANGES


@pytest.mark.parametrize("request_", [pytest.param(each, id=name) for name, each in REFUSED.items()])
def test_a_refusal_gives_nothing_back_of_what_was_sent_as_a_value(gateway: Asking, request_: Sent) -> None:
    response = sent(gateway, request_)
    assert SECRET not in response.text
    assert SECRET not in str(gateway.record(response))


def test_the_answer_to_a_refused_token_says_how_to_authenticate(gateway: Asking) -> None:
    for name in ("a token that is none", "a token without the member it requires"):
        assert sent(gateway, REFUSED[name]).headers["www-authenticate"] == 'Bearer realm="veil", error="invalid_token"'


@pytest.mark.parametrize("name", [name for name, request in REFUSED.items() if request.code.is_document_error])
def test_what_is_wrong_with_a_document_has_status_200_for_clients_that_accept_plain_json(
    gateway: Asking, name: str
) -> None:
    request = REFUSED[name]
    response = gateway.client.post(
        "/graphql", content=request.body, headers={**STAFF.headers(gateway.key), "content-type": JSON, "accept": JSON}
    )
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert "data" not in response.json()
    assert response.json()["errors"][0]["extensions"]["code"] == request.code.name


def test_no_response_may_be_kept(gateway: Asking) -> None:
    for response in (sent(gateway, REFUSED["no purpose"]), gateway.post(STAFF, "{ __typename }")):
        assert response.headers["cache-control"] == "no-store"


# Bodies.

DEEP = 48_000
MALFORMED = {
    "null": b"null",
    "a number": b"5",
    "a text": b'"x"',
    "a boolean": b"true",
    "a list": b"[]",
    "a batch": b"[" + ANSWERED.encode() + b"]",
    "an object without a query": b"{}",
    "a query that is null": b'{"query": null}',
    "a query that is a number": b'{"query": 5}',
    "a name that is a number": b'{"query": "{ __typename }", "operationName": 5}',
    "variables in a list": b'{"query": "{ __typename }", "variables": []}',
    "variables in a text": b'{"query": "{ __typename }", "variables": "{}"}',
    "extensions in a text": b'{"query": "{ __typename }", "extensions": "x"}',
    "a number of 5,000 digits": b"9" * 5_000,
    "a variable of 5,000 digits": b'{"query": "{ __typename }", "variables": {"a": %b}}' % (b"9" * 5_000),
    "lists 100,000 levels deep": b"[" * 100_000,
    "variables that are deep": b'{"query": "{ __typename }", "variables": {"a": %b%b}}' % (b"[" * DEEP, b"]" * DEEP),
    "objects that are deep": b'{"query": "{ __typename }", "variables": %b' % (b'{"a":' * 19_000),
    "no number": b'{"query": "{ __typename }", "variables": {"a": NaN}}',
    "a number without end": b'{"query": "{ __typename }", "variables": {"a": 1e999}}',
    "bytes that are no UTF-8": b'{"query": "{ __typename }\xff"}',
    "a byte order mark": b"\xef\xbb\xbf" + ANSWERED.encode(),
    "UTF-16": ANSWERED.encode("utf-16"),
    "half a surrogate pair": b'{"query": "{ __typename #\\ud800 }"}',
    "nothing": b"",
    "blanks": b"  ",
    "a query that is null beside extensions": b'{"query": null, "extensions": {}}',
    "a document's id that is a number": b'{"documentId": 5}',
    "a document's id of another form": b'{"documentId": "Members"}',
    "a document's id in capitals": b'{"documentId": "sha256:%b"}' % (b"A" * 64),
    "a hash of another version": b'{"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "%b"}}}'
    % (b"0" * 64),
    "a hash that is too short": b'{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "00"}}}',
    "a document's id and a hash": b'{"documentId": "%b", "extensions": {"persistedQuery": {}}}' % (b"0" * 64),
    "a query with another's id": b'{"query": "{ __typename }", "documentId": "%b"}' % (b"0" * 64),
    "a query with another's hash": (
        b'{"query": "{ __typename }", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "%b"}}}'
        % (b"0" * 64)
    ),
    "something behind it": ANSWERED.encode() + b"x",
    "two requests": ANSWERED.encode() * 2,
    "two queries": b'{"query": "{ __typename }", "query": "{ __typename }"}',
    "two queries, one in disguise": b'{"query":"{ __typename }","qu\\u0065ry":"{ __typename }"}',
    "two values of a variable": b'{"query":"query ($a: Int) { __typename }","variables":{"a":1,"a":1}}',
    "two values of a variable, one with a colon in disguise": (
        b'{"query":"query ($a: String) { __typename }","variables":{"a":1,"a":"\\u003a"}}'
    ),
    "two values within a variable": b'{"query":"{ __typename }","variables":{"a":[{"b":1,"b":2}]}}',
    "two extensions": b'{"query": "{ __typename }", "extensions": {}, "extensions": {}}',
}


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in MALFORMED.items()])
def test_a_body_that_is_no_request_is_refused_as_malformed(gateway: Asking, body: bytes) -> None:
    response = posted(gateway, body)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BODY_MALFORMED"
    assert gateway.record(response)["outcome"] == "BODY_MALFORMED"


@pytest.mark.parametrize(
    "others",
    [
        '"variables": null',
        '"operationName": ""',
        '"variables": {"query": 1, "a": {"query": 2}}',
        '"operationName": null',
        '"extensions": {"a": 1}',
        f'"extensions": {{"persistedQuery": {{"version": 1, "sha256Hash": "{TYPENAME}", "miss": true}}}}',
        f'"documentId": "sha256:{TYPENAME}"',
        f'"documentId": "{TYPENAME}"',
        '"of another protocol": [1, {"a": 2}]',
    ],
)
def test_what_may_stand_beside_a_query_does_no_harm(gateway: Asking, others: str) -> None:
    response = posted(gateway, f'{{"query": "{{ __typename }}", {others}}}'.encode())
    assert response.json()["data"] == {"__typename": "Query"}


def test_a_body_is_read_up_to_its_bound_and_no_further(gateway: Asking) -> None:
    room = 100_000 - len(ANSWERED)
    assert posted(gateway, ANSWERED.encode() + b" " * room).status_code == 200
    assert posted(gateway, ANSWERED.encode() + b" " * (room + 1)).status_code == 413


def test_a_body_that_comes_in_pieces_is_bounded_too(gateway: Asking) -> None:
    """Without a `Content-Length` only what has come can be counted; the rest is not waited for."""

    def pieces(number: int) -> Iterator[bytes]:
        yield ANSWERED.encode()
        for _ in range(number):
            yield b" " * 50_000

    assert posted(gateway, pieces(1)).status_code == 200
    assert posted(gateway, pieces(3)).json()["errors"][0]["extensions"]["code"] == "BODY_TOO_LARGE"


def posted(gateway: Asking, body: bytes | Iterator[bytes], **headers: str) -> httpx.Response:
    return gateway.client.post("/graphql", content=body, headers={"content-type": JSON, "accept": "*/*", **headers})


# Media types (GraphQL over HTTP §4 and §6.1).


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "APPLICATION/JSON",
        "application/json; profile=x",
    ],
)
def test_a_body_may_be_said_to_be_json_in_these_words(gateway: Asking, content_type: str) -> None:
    assert posted(gateway, ANSWERED.encode(), **{"content-type": content_type}).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/graphql",
        GRAPHQL_RESPONSE,
        "application/json; charset=latin1",
        "application/json; charset=utf-16",
        "application/json, text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
    ],
)
def test_a_body_of_any_other_kind_is_refused(gateway: Asking, content_type: str) -> None:
    response = posted(gateway, ANSWERED.encode(), **{"content-type": content_type})
    assert response.status_code == 415
    assert gateway.record(response)["outcome"] == "MEDIA_TYPE"


def test_a_body_of_no_kind_is_refused(gateway: Asking) -> None:
    assert httpx.post(f"{gateway.address}/graphql", content=ANSWERED.encode()).status_code == 415


@pytest.mark.parametrize(
    ("accept", "answered_in"),
    [
        ("*/*", JSON),
        ("", JSON),
        (JSON, JSON),
        ("application/*", JSON),
        ("text/plain, */*;q=0.1", JSON),
        ("APPLICATION/JSON; charset=utf-8", JSON),
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}; charset=utf-8, {JSON};q=0.9", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE};q=0, {JSON}", JSON),
        (f"{GRAPHQL_RESPONSE};q=0.000, {JSON};q=0.001", JSON),
    ],
)
def test_an_answer_comes_in_what_is_accepted(gateway: Asking, accept: str, answered_in: str) -> None:
    """The newer media type shows by its status what is wrong with a document; plain JSON always has 200."""
    answer = posted(gateway, ANSWERED.encode(), accept=accept)
    refusal = posted(gateway, b'{"query": "{ nothing }"}', accept=accept)
    assert answer.status_code == 200
    assert refusal.status_code == (400 if answered_in == GRAPHQL_RESPONSE else 200)
    for response in (answer, refusal):
        assert response.headers["content-type"] == f"{answered_in}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/plain", "text/html", "application/json;q=0", "*/*; q=0.0"])
def test_an_answer_in_nothing_else_is_to_be_had(gateway: Asking, accept: str) -> None:
    response = posted(gateway, ANSWERED.encode(), accept=accept)
    assert response.status_code == 406
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_ACCEPTABLE"


# Methods.


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PURGE"])
def test_only_post_carries_a_request(gateway: Asking, method: str) -> None:
    """Not even with a body that would be answered, nor with a query in the address."""
    headers = {"content-type": JSON, "accept": "*/*"}
    response = gateway.client.request(
        method, "/graphql?query=%7B__typename%7D", content=ANSWERED.encode(), headers=headers
    )
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert gateway.record(response)["outcome"] == "METHOD"
    assert response.text == "" or response.json()["errors"][0]["extensions"]["code"] == "METHOD"


# What no client library sends.


def raw(gateway: Asking, request: bytes, *, whole: bool = True) -> bytes:
    """What comes back for these bytes until the gateway closes the connection."""
    place = urlsplit(gateway.address)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall(request)
        if not whole:
            return b""
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def request_with(*headers: bytes, body: bytes = ANSWERED.encode(), length: bool = True) -> bytes:
    lines = [b"POST /graphql HTTP/1.1", b"Host: gateway", b"Connection: close", b"Content-Type: application/json"]
    lengths = [b"Content-Length: %d" % len(body)] if length else []
    return b"\r\n".join([*lines, *headers, *lengths, b"", body])


def code(response: bytes) -> str:
    return json.loads(response.partition(b"\r\n\r\n")[2])["errors"][0]["extensions"]["code"]


def recorded_by(gateway: Asking, response: bytes) -> str:
    (line,) = (line for line in response.split(b"\r\n") if line.startswith(b"access-record: "))
    query = "select outcome from veil.access_record where id = $1::text::uuid"
    return run(gateway.url, lambda connection: connection.fetchval(query, line.split()[1].decode()))


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        (b"Authorization", "HEADER_INVALID"),
        (b"Access-Purpose", "PURPOSE_REPEATED"),
        (b"access-PURPOSE", "PURPOSE_REPEATED"),
        (b"Access-Reference", "HEADER_INVALID"),
        (b"Content-Type", "HEADER_INVALID"),
        (b"traceparent", "HEADER_INVALID"),
    ],
)
def test_a_header_that_comes_twice_is_refused(gateway: Asking, name: bytes, refusal: str) -> None:
    """A proxy in front may have read the one, and the gateway the other; so neither is believed, even when equal."""
    response = raw(gateway, request_with(name + b": public_browsing", name.lower() + b": public_browsing"))
    assert code(response) == refusal
    assert recorded_by(gateway, response) == refusal


@pytest.mark.parametrize(
    "header",
    [
        "Access-Reference: é".encode(),
        "Access-Purpose: é".encode("latin-1"),
        b"Authorization: Bearer " + b"x" * 8_192,
        b"Access-Reference: " + b"x" * 60_000,
    ],
    ids=["UTF-8", "Latin-1", "a long token", "a long reference"],
)
def test_a_header_that_is_no_text_or_too_long_is_refused(gateway: Asking, header: bytes) -> None:
    response = raw(gateway, request_with(header))
    assert code(response) == "HEADER_INVALID"
    assert recorded_by(gateway, response) == "HEADER_INVALID"


SMUGGLED = b"GET /health/live HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n"
CHUNKED = b"%x\r\n%b\r\n0\r\n\r\n" % (len(ANSWERED), ANSWERED.encode())


@pytest.mark.parametrize(
    "lengths",
    [
        [b"Content-Length: 4", b"Transfer-Encoding: chunked"],
        [b"Transfer-Encoding: chunked", b"Content-Length: 4"],
        [b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"],
        [b"Transfer-Encoding: xchunked", b"Content-Length: 4"],
        [b"Content-Length: 5", b"Content-Length: 0"],
        [b"Content-Length: 5, 5"],
        [b"Content-Length: +5"],
        [b"Transfer-Encoding : chunked"],
    ],
    ids=lambda lengths: b" ".join(lengths).decode(),
)
def test_a_second_request_cannot_be_smuggled_in_a_body(gateway: Asking, lengths: list[bytes]) -> None:
    """Where two readers could find two ends of the body, the connection is closed at the first."""
    response = raw(gateway, request_with(*lengths, body=CHUNKED + SMUGGLED, length=False))
    assert response.startswith(b"HTTP/1.1 400 ")
    assert response.count(b"HTTP/1.1") == 1
    assert b"live" not in response
    assert b"data" not in response


def test_two_requests_on_one_connection_are_answered_in_turn(gateway: Asking) -> None:
    first = request_with().replace(b"Connection: close\r\n", b"")
    response = raw(gateway, first + request_with(b"Access-Purpose: nonsense"))
    assert response.index(b'{"data"') < response.index(b"PURPOSE_NOT_CARRIED")


# Clients that leave.


def test_a_client_that_leaves_in_the_middle_of_its_body_is_recorded(gateway: Asking) -> None:
    before = outcomes(gateway, "BODY_MALFORMED")
    raw(gateway, request_with(b"Content-Length: 1000", length=False), whole=False)
    wait_for(lambda: outcomes(gateway, "BODY_MALFORMED") == before + 1)


def test_a_client_that_leaves_before_its_answer_is_recorded_as_answered(gateway: Asking) -> None:
    """The data was read: whether anybody still took it, nobody can know."""
    body, trace = asking('{ product(id: "Product:1") { title } }').encode(), uuid4().hex
    traced = f"traceparent: 00-{trace}-00f067aa0ba902b7-01".encode()
    raw(gateway, request_with(traced, body=body), whole=False)
    wait_for(lambda: answered(gateway, trace) == 1)


def test_clients_that_leave_take_nothing_from_those_who_stay(gateway: Asking) -> None:
    body = asking('{ product(id: "Product:1") { title } }').encode()
    for _ in range(50):
        raw(gateway, request_with(body=body), whole=False)
    assert posted(gateway, body).json()["data"] == {"product": {"title": "Chrome oil filter"}}


def outcomes(gateway: Asking, outcome: str) -> int:
    query = "select count(*) from veil.access_record where outcome = $1"
    return run(gateway.url, lambda connection: connection.fetchval(query, outcome))


def answered(gateway: Asking, trace: str) -> int:
    query = "select count(*) from veil.access_record where outcome = 'ANSWERED' and trace = $1"
    return run(gateway.url, lambda connection: connection.fetchval(query, trace))


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


# Traces.


def test_the_caller_s_trace_is_kept_with_the_record(gateway: Asking) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    response = posted(gateway, ANSWERED.encode(), traceparent=f"00-{trace}-b7ad6b7169203331-01")
    assert gateway.record(response)["trace"] == trace
    assert gateway.record(posted(gateway, ANSWERED.encode(), traceparent=SECRET))["trace"] is None


def test_a_member_sees_the_clause_of_a_treatment_and_a_third_party_only_the_treatment(gateway: Asking) -> None:
    own = gateway.answer(MEMBER, "{ paymentProfiles { nodes { cardNumber } } }")["extensions"]["privacy"]
    assert own["treatments"] == [{"field": "PaymentProfile.cardNumber", "treatment": "PARTIAL", "clause": "S1 A1"}]
    assert set(own) == {"policy", "record", "treatments"}


# How it is sent.


@pytest.mark.skipif(sys.platform != "linux", reason="counts packets as Linux does")
def test_an_answer_is_one_packet(gateway: Asking) -> None:
    """uvicorn would send its head, then its body."""
    place = urlsplit(gateway.address)
    request = request_with().replace(b"Connection: close\r\n", b"")
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        for _ in range(20):
            connection.sendall(request)
            head, _, body = connection.recv(65_536).partition(b"\r\n\r\n")
            assert b"content-length: %d" % len(body) in head
            assert json.loads(body)["data"] == {"__typename": "Query"}
        # `tcpi_data_segs_in` of `struct tcp_info` (linux/tcp.h).
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160)
        assert struct.unpack_from("I", info, 152) == (20,)


def test_a_client_that_waits_for_continue_gets_it(gateway: Asking) -> None:
    """Before the answer, and before the body has come (RFC 9110 §10.1.1)."""
    place = urlsplit(gateway.address)
    head, _, body = request_with(b"Expect: 100-continue").partition(b"\r\n\r\n")
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")
