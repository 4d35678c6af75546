"""Thousands of identifiers that stand nowhere else, and a session of everybody with everything: none of them gets out.

In answers a canary stands only where the policy shows that field of that row plain to the requester. In logs, spans, metrics,
errors and the database's own log none stands ever, in no encoding.
"""

import base64
import json
import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, get_args
from urllib.parse import quote

import httpx
import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from gateway.database.session import GATEWAY_ROLE
from gateway.telemetry.lines import RequestLine
from gateway.telemetry.spans import Stage
from schema.labels import Form, Identifiers
from tests.conftest import CARE, PUBLIC, STAFF, PostgreSQL, Requesting, run
from tests.inference.conftest import Besieged, Planted, overheard_of
from tests.inference.expected import PLAIN
from tests.inference.planting import LETTERS, numbers_in, surroundings, traces, value
from tests.inference.requesters import by_everybody
from tests.overhearing import Overheard, search

KINDS = [each for each in Identifiers if each.form is not Form.ID and not each.is_coincidental]


# That a canary would be heard.

ENCODINGS: Mapping[str, Callable[[str], str]] = {
    "as it is": str,
    "in capitals": str.upper,
    "JSON": json.dumps,
    "JSON, every character escaped": lambda text: "".join(f"\\u{ord(each):04x}" for each in text),
    "URL": quote,
    "URL, every character escaped": lambda text: "".join(f"%{ord(each):02X}" for each in text),
    "digits only": lambda text: "".join(each for each in text if each.isalnum() or each in "@:"),
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal capitals": lambda text: text.encode().hex().upper(),
    **{
        f"base64 from {shift}": lambda text, shift=shift: base64.b64encode(b"x" * shift + text.encode()).decode()
        for shift in range(3)
    },
    **{
        f"base64url from {shift}": lambda text, shift=shift: base64.urlsafe_b64encode(
            b"x" * shift + text.encode()
        ).decode()
        for shift in range(3)
    },
    "a cursor": lambda text: base64.b64encode(json.dumps([text, "1"]).encode()).decode(),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_canary_is_found_in_every_encoding(kind: str, encoding: str) -> None:
    """The search would find what it is for."""
    for number in (1, 57, 4_711, 65_536, 99_999):
        text = f"WARNING:gateway:{ENCODINGS[encoding](value(kind, number))} at 12:31"
        assert traces(text), text


def test_what_is_no_canary_is_not_found() -> None:
    assert traces("Member:~c51db9cb03af1f2e96d9d2eb6d8560b 01a20f07-d122-7bdb-9cb9-917a23e7f124 9021-073 zqk") == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_canary_shows_where_it_is_from(kind: str) -> None:
    for number in (1, 57, 4_711, 65_536, 99_999):
        assert set(numbers_in(f"x {value(kind, number)} y")) == {number}


def test_the_suite_s_own_search_finds_what_is_logged(tmp_path: Any) -> None:
    """In a message, its arguments or a traceback; in the server's log; as it is or encoded."""
    heard, log = Overheard(), tmp_path / "server.log"
    log.write_text("DETAIL: Key (email)=(jane@example.com) already exists.\n")
    heard.texts |= {"a ValueError of 'Jane Harker'", base64.b64encode(b"...+86 139 1234 5678").decode()}
    stored = {"jane@example.com", "Jane Harker", "+86 139 1234 5678", "John Doe", "Jane"}
    assert len(search(heard, log, stored).found) == 3


# Answers.


def everything(kind: GraphQLObjectType, depth: int) -> str:
    """All of a type that needs no argument, and of what it leads to."""
    fields = ["__typename"]
    for name, field in kind.fields.items():
        target = get_named_type(field.type)
        if is_leaf_type(target):
            fields.append(name)
        elif (
            isinstance(target, GraphQLObjectType) and depth and not any(map(is_required_argument, field.args.values()))
        ):
            page = "(first: 2)" if "first" in field.args else ""
            inner = "{ nodes " + everything_of_page(target, depth - 1) + " }" if page else everything(target, depth - 1)
            fields.append(f"{name}{page} {inner}")
    return f"{{ {' '.join(fields)} }}"


def everything_of_page(kind: GraphQLObjectType, depth: int) -> str:
    node = get_named_type(kind.fields["nodes"].type)
    assert isinstance(node, GraphQLObjectType)
    return everything(node, depth)


def leaves(answer: object) -> Iterator[str]:
    match answer:
        case dict():
            yield from (leaf for key, each in answer.items() for leaf in (str(key), *leaves(each)))
        case list():
            yield from (leaf for each in answer for leaf in leaves(each))
        case str():
            yield answer
        case _:
            pass


def shown(text: str) -> Iterator[int]:
    """The canaries of a value. Of one that holds some encoded, its whole text would have to be read."""
    yield from numbers_in(text)
    assert list(numbers_in(text)) or not traces(text), text


def wrongly_shown(planted: Planted, requesting: Requesting, answer: object) -> Iterator[str]:
    """The canaries of an answer that the policy does not show plain to this requester."""
    for leaf in leaves(answer):
        for number in shown(leaf):
            place = planted.places[number]
            treatments = planted.market.treatments(requesting, planted.market.rows[place.kind][place.id])
            if treatments is None or treatments[place.field] != PLAIN:
                yield f"{place} in {leaf}"


@by_everybody
def test_a_canary_is_answered_only_where_the_policy_shows_it_plain(
    besieged: Besieged, planted: Planted, requesting: Requesting
) -> None:
    """All of every type, and of all that it leads to, on the first page and the last; and each row's cursor."""
    root = besieged.view(requesting).query_type
    assert root
    for name, field in root.fields.items():
        kind = get_named_type(field.type)
        if not isinstance(kind, GraphQLObjectType) or any(map(is_required_argument, field.args.values())):
            continue
        for page in ("(first: 6)", "(last: 4)") if "first" in field.args else ("",):
            whole = f"{{ nodes {everything_of_page(kind, 1)} }}" if page else everything(kind, 1)
            answer = besieged.answer(requesting, f"{{ {name}{page} {whole} }}")
            assert list(wrongly_shown(planted, requesting, answer)) == [], name
    for connection, kind in besieged.connections(requesting).items():
        edges = besieged.harvest(requesting, connection, kind).edges
        assert list(wrongly_shown(planted, requesting, list(edges))) == [], connection


def test_canaries_are_answered_where_the_policy_shows_them(besieged: Besieged, planted: Planted) -> None:
    """Else the tests here would show nothing."""
    seen = {
        number
        for leaf in leaves(besieged.data(STAFF, "{ members(first: 100) { nodes { name email } } }"))
        for number in shown(leaf)
    }
    fields = {planted.places[number].field for number in seen}
    assert fields == {"name", "email"}
    assert len(seen) == 2 * len(planted.market.rows["Member"])


# Refusals and failures.

CANARIES = [value(kind, number) for number, kind in enumerate(KINDS, 90_000)]


def refusals(besieged: Besieged) -> Iterator[httpx.Response]:
    """Requests with a canary wherever a request has room for one, none of which can be answered."""
    post = besieged.client.post
    right = PUBLIC.headers(besieged.key)
    for canary in CANARIES:
        plain = canary.encode("ascii", "ignore").decode()
        named = quote(canary, safe="").replace("%", "_").replace("-", "_").replace(".", "_")
        for document in (
            f'{{ nowhere(x: "{canary}") }}',
            f'{{ products(filter: {{price: {{eq: "{canary}"}}}}) {{ totalCount }} }}',
            f'query ($x: Int = "{canary}") {{ products(first: $x) {{ totalCount }} }}',
            f"# {canary}\n{{ products(first: 101) {{ totalCount }} }}",
            f'mutation {{ write(to: "{canary}") }}',
        ):
            yield post("/graphql", json={"query": document}, headers=right)
        for variables in ({"x": canary}, {"x": [canary]}, {"x": {canary: canary}}, {canary: canary}):
            query = "query ($x: Int!) { products(first: $x) { totalCount } }"
            yield post("/graphql", json={"query": query, "variables": variables}, headers=right)
        yield post("/graphql", json={"query": "{ __typename }", "operationName": canary}, headers=right)
        yield post("/graphql", json={"query": "{ __typename } # " + canary * 5_000}, headers=right)
        yield post("/graphql", content=f'{{"query": "{canary}'.encode(), headers=right)
        yield post("/graphql", content=canary.encode(), headers={"content-type": plain})
        yield post("/graphql", content=b"{}", headers={"content-type": "application/json", "accept": plain})
        yield post("/graphql", content=b"{}", headers={"access-purpose": plain})
        yield post("/graphql", content=b"{}", headers={"access-reference": plain * 9})
        yield post("/graphql", content=b"{}", headers={"authorization": f"Bearer {plain}"})
        yield post("/graphql", content=b"{}", headers={"authorization": f"Bearer {forged(plain)}"})
        yield post("/graphql", content=b"{}", headers={"traceparent": plain, "cookie": plain, "x-forwarded-for": plain})
        yield besieged.client.get(f"/graphql?query={quote(canary)}", headers={"accept": "application/json"})
        yield besieged.client.get(f"/{named}?{quote(canary)}")
        token = besieged.key.sign(CARE.role, [CARE.purpose], sub=canary, now=time.time())
        yield post("/graphql", content=b"{}", headers={"authorization": f"Bearer {token}", "access-purpose": plain})


def forged(subject: str) -> str:
    parts = ({"alg": "Ed25519", "kid": subject}, {"sub": subject, "iss": subject})
    head, payload = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return f"{head}.{payload}.{base64.urlsafe_b64encode(bytes(64)).decode().rstrip('=')}"


def test_refusals_hold_no_canary_that_was_sent_as_a_value(besieged: Besieged) -> None:
    """A refusal repeats an unknown name; it repeats no value, header or path."""
    count = 0
    for response in refusals(besieged):
        count += 1
        assert response.status_code in (200, 400, 401, 403, 404, 405, 406, 413, 415), response.text
        assert traces(response.text) == [], response.request.content[:300]
    assert count > 200


def test_a_canary_that_is_a_name_in_a_document_is_repeated_to_its_author_alone(besieged: Besieged) -> None:
    """What the document says is repeated to who wrote it, and to no log."""
    name = f"{LETTERS}aaabc"
    answer = besieged.post(PUBLIC, f"query {name} {{ {name} {name}: companies {{ {name} }} }}").json()
    assert name in answer["errors"][0]["message"]
    assert besieged.data(PUBLIC, f"query {name} {{ {name}: companies {{ {name}: totalCount }} }}")[name][name] > 0


@contextmanager
def broken(url: str, breaking: Sequence[str], mending: Sequence[str]) -> Generator[None]:
    for statement in breaking:
        run(url, lambda connection, statement=statement: connection.execute(statement))
    try:
        yield
    finally:
        for statement in mending:
            run(url, lambda connection, statement=statement: connection.execute(statement))


READ = "{ members(first: 50) { nodes { id name email phone address } } }"
RAISE = f"""
    create function shout() returns trigger language plpgsql as $$ begin
        raise %s '%% {value("EMAIL", 90_100)} %%', new.requester, new.id using detail = '{value("NAME", 90_101)}';
        return new;
    end $$;
    create trigger shout before insert on veil.access_record for each row execute function shout()"""
SILENCE = "drop trigger shout on veil.access_record; drop function shout()"


@pytest.mark.parametrize(
    ("breaking", "mending"),
    [
        ([f"revoke select on member from {GATEWAY_ROLE}"], [f"grant select on member to {GATEWAY_ROLE}"]),
        (
            ["alter table member rename column phone to telephone"],
            ["alter table member rename column telephone to phone"],
        ),
        ([RAISE % "exception"], [SILENCE]),
        ([RAISE % "warning"], [SILENCE]),
        (
            [
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'veil' and datname = current_database()"
            ],
            [],
        ),
    ],
    ids=[
        "a right that is missing",
        "a column that is missing",
        "an error",
        "a warning",
        "lost sessions",
    ],
)
def test_batches_that_fail_say_nothing_of_what_they_carried(
    besieged: Besieged, breaking: Sequence[str], mending: Sequence[str]
) -> None:
    with broken(besieged.url, breaking, mending):
        for requesting in (STAFF, CARE, PUBLIC):
            response = besieged.post(requesting, READ, {"x": value("EMAIL", 90_103)})
            if "errors" in response.json():
                assert traces(response.text) == []
    until = time.monotonic() + 20
    while "errors" in besieged.post(STAFF, READ).json():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_a_batch_that_takes_too_long_says_nothing_either(besieged: Besieged) -> None:
    """While somebody holds the table, readers wait until their time is up."""

    async def held(connection: Any) -> httpx.Response:
        async with connection.transaction():
            await connection.execute("lock table member in access exclusive mode")
            return besieged.post(STAFF, READ)

    response = run(besieged.url, held)
    assert response.status_code == 504
    assert traces(response.text) == []


# All it has said.


def test_nothing_the_gateway_says_of_itself_holds_a_canary(besieged: Besieged, planted: Planted) -> None:
    """Its logs at their most talkative, its spans, its metrics: of all that was asked here and before."""
    besieged.post(STAFF, READ)
    report = overheard_of(besieged, planted)
    assert report.canaries > 1_000
    assert report.found == []
    assert report.lengths["spans"] > 1_000
    assert "DEBUG:" in besieged.words["stderr"]
    assert surroundings(besieged.metrics()) == []


def test_the_database_s_own_log_holds_no_canary(besieged: Besieged, postgresql: PostgreSQL) -> None:
    if postgresql.log is None:
        pytest.skip("the server's log is not ours: another started the server")
    besieged.post(STAFF, READ)
    log = postgresql.log.read_text("utf-8", "replace")
    assert log
    assert surroundings(log) == []


ATTRIBUTES = {
    *("http.request.method", "http.route", "http.response.status_code", "url.path", "url.scheme", "error.type"),
    *("graphql.operation.type", "db.system.name", "db.operation.name", "db.operation.batch.size"),
    *("veil.record", "veil.error", "veil.outcome", "veil.role", "veil.purpose", "veil.plan"),
}
"""All that a span may say."""


def test_spans_are_stages_and_statements_and_say_nothing_but_codes(besieged: Besieged) -> None:
    """A name, times and codes: no event, no exception's words."""
    # The row has another version, so that nothing is changed.
    change = 'mutation { updateRegistration(id: "Member:1", version: "none", input: {city: "Leeds"}) { fields } }'
    assert besieged.post(STAFF, change).json()["errors"][0]["extensions"]["code"] == "CONFLICT"
    for _ in range(3):
        besieged.post(PUBLIC, "{ companies { totalCount } }")
    # The last line may be half written.
    spans = [json.loads(line) for line in besieged.words["spans"].splitlines()[:-1][-1_000:]]
    names = {
        kind: {span["name"] for span in spans if span["kind"] == kind} for kind in {span["kind"] for span in spans}
    }
    assert names["SpanKind.INTERNAL"] == set(get_args(Stage))
    assert names["SpanKind.CLIENT"] <= {"SELECT", "INSERT"}
    assert names["SpanKind.SERVER"] <= {"POST /graphql", "GET /graphql"}
    # A stage's span lies within its request's, and ends where the next begins.
    by_id = {span["context"]["span_id"]: span for span in spans}
    for span in spans:
        if outer := by_id.get(span["parent_id"]):
            assert outer["start_time"] <= span["start_time"] <= span["end_time"] <= outer["end_time"]
    assert {name for span in spans for name in span["attributes"]} <= ATTRIBUTES
    assert all((span["events"], span["links"]) == ([], []) for span in spans)
    words = {str(value) for span in spans for value in span["attributes"].values()}
    assert {word for word in words if not re.fullmatch(r"[A-Za-z_/0-9-]{1,40}", word)} == set()


def test_a_request_s_line_says_nothing_but_codes(besieged: Besieged) -> None:
    """An operation's name is its author's. It stands in no line, whoever the author is."""
    named = "Confidential_matter_of_the_author"
    for requesting in (PUBLIC, STAFF, CARE):
        besieged.post(requesting, f"query {named} {{ companies {{ totalCount }} }}")
    time.sleep(0.5)
    lines = [
        json.loads(line) for line in besieged.words["stderr"].splitlines() if line.startswith('{"event":"request"')
    ]
    assert len(lines) > 3
    assert named not in besieged.words["stderr"]
    for line in lines:
        assert set(line) <= set(RequestLine.__struct_fields__) | {"event"}
        texts = [value for name, value in line.items() if isinstance(value, str) and name not in ("time", "cause")]
        assert [text for text in texts if not re.fullmatch(r"[A-Za-z_0-9-]{1,40}", text)] == []
