"""Trusted documents: named by a digest, run for one role and purpose, from the text that the owner registered."""

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from graphql import get_introspection_query

from gateway.app import CompilerFactory
from gateway.database.pool import Pool
from gateway.database.session import ReturnedRow
from gateway.demo.development import DevelopmentKey
from gateway.http.media_types import GRAPHQL_RESPONSE, JSON
from gateway.policy import in_force, registration, trusted
from gateway.policy.registration import CheckedDocument, Grantee
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.sql.render import Statement
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy.grants import Policy
from tests.conftest import (
    ADVERTISER,
    ANALYST,
    BANK,
    CONTACTER,
    PUBLIC,
    STAFF,
    Asking,
    Requesting,
    Serving,
    run,
    settings_for,
)

SECOND_FILE = Path(__file__).parents[2] / "policies" / "2013-01-01.toml"

MEMBERS = "query Members($first: Int!) { members(first: $first) { nodes { name email } } }"
TWO = "query A { __typename } query B { companies(first: 1) { totalCount } }"
COMPANIES = "{ companies(first: 3) { nodes { name description } } }"
"""Without a name, and shown to some only by the first policy."""

Gateway = Callable[..., Asking]


@pytest.fixture
def serve(own_market_url: str, key: DevelopmentKey, key_file: Path) -> Generator[Gateway]:
    """Starts a gateway over a marketplace of the test's own."""
    with ExitStack() as stack:

        def started(compiler_factory: Any = CompilerFactory, **settings: Any) -> Asking:
            address = stack.enter_context(
                Serving(
                    settings_for(own_market_url, key_file, shutdown_delay=0, **settings),
                    compiler_factory=compiler_factory,
                )
            )
            asking = Asking(address, key, own_market_url)
            stack.callback(asking.client.close)
            return asking

        yield started


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def trust(url: str, catalog: Catalog, requesting: Requesting, *texts: str) -> None:
    """Registers documents as `veil trust add` does."""

    async def added(connection: Any) -> None:
        policy = await in_force.current_policy(connection, catalog)
        assert policy
        compiler = Compiler(catalog, policy, DEFAULT_LIMITS)
        checked = registration.check(texts, compiler, requesting.role, requesting.purpose)
        await registration.add(connection, checked, requesting.role, requesting.purpose, "the tests")

    run(url, added)


def distrust(url: str, text: str) -> None:
    grantee = Grantee(role=None, purpose=None)
    run(url, lambda connection: registration.remove(connection, [digest(text)], grantee))


def sent(asking: Asking, requesting: Requesting, accept: str = GRAPHQL_RESPONSE, **body: Any) -> httpx.Response:
    headers = {**requesting.headers(asking.key), "accept": accept}
    return asking.client.post("/graphql", json=body, headers=headers)


def by_id(asking: Asking, requesting: Requesting, text: str, **others: Any) -> httpx.Response:
    return sent(asking, requesting, documentId=f"sha256:{digest(text)}", **others)


def by_hash(asking: Asking, requesting: Requesting, text: str, **others: Any) -> httpx.Response:
    """As Apollo's clients do."""
    return sent(asking, requesting, extensions={"persistedQuery": {"version": 1, "sha256Hash": digest(text)}}, **others)


FORMS = pytest.mark.parametrize("form", [by_id, by_hash])


def code(response: httpx.Response) -> str | None:
    body = response.json()
    return body["errors"][0]["extensions"]["code"] if "errors" in body else None


# What is trusted runs.


@FORMS
def test_a_trusted_document_is_answered_and_recorded_as_if_it_were_sent_whole(
    serve: Gateway, own_market_url: str, catalog: Catalog, form: Callable[..., httpx.Response]
) -> None:
    trust(own_market_url, catalog, STAFF, MEMBERS)
    asking = serve()
    variables = {"first": 2}
    response = form(asking, STAFF, MEMBERS, variables=variables)
    whole = asking.post(STAFF, MEMBERS, variables)
    assert response.status_code == 200
    assert response.json()["data"] == whole.json()["data"]
    assert len(response.json()["data"]["members"]["nodes"]) == 2
    record, other = asking.record(response), asking.record(whole)
    assert (record["outcome"], record["operation"]) == ("ANSWERED", "Members")
    same = ("plan", "subjects", "row_count", "requester", "role", "purpose", "policy")
    assert [record[name] for name in same] == [other[name] for name in same]


def test_an_operation_of_a_trusted_document_is_chosen_by_its_name(
    serve: Gateway, own_market_url: str, catalog: Catalog
) -> None:
    trust(own_market_url, catalog, PUBLIC, TWO)
    asking = serve()
    assert by_id(asking, PUBLIC, TWO, operationName="A").json()["data"] == {"__typename": "Query"}
    assert "companies" in by_id(asking, PUBLIC, TWO, operationName="B").json()["data"]
    assert code(by_id(asking, PUBLIC, TWO)) == "OPERATION"


def test_a_trusted_document_is_kept_as_it_was_registered(serve: Gateway, own_market_url: str, catalog: Catalog) -> None:
    """Its words are the operator's. What a stranger sends is kept by its shape alone, also if it is the same text."""
    text = "{ known: companies(first: 1) { totalCount } }"
    trust(own_market_url, catalog, PUBLIC, text)
    asking = serve()
    query = "select document from veil.access_plan where id = $1"

    def kept(response: httpx.Response) -> str:
        plan = asking.record(response)["plan"]
        return run(own_market_url, lambda connection: connection.fetchval(query, plan))

    assert "known: companies" in kept(by_id(asking, PUBLIC, text))
    assert kept(asking.post(PUBLIC, text)) == "{ companies(first: $value) { totalCount } }"


def test_a_value_in_a_trusted_document_is_written_nowhere(
    serve: Gateway, own_market_url: str, catalog: Catalog, caplog: pytest.LogCaptureFixture
) -> None:
    """An identifier that the owner wrote into it: the suite looks for it in all that is logged."""
    (email,) = run(
        own_market_url, lambda connection: connection.fetchrow("select email from marketplace.member where id = 1")
    )
    text = f"{{ members(filter: {{email: {{eq: {json.dumps(email)}}}}}) {{ nodes {{ name }} }} }}"
    trust(own_market_url, catalog, STAFF, text)
    asking = serve()
    response = by_id(asking, STAFF, text)
    assert len(response.json()["data"]["members"]["nodes"]) == 1
    plan, query = asking.record(response)["plan"], "select document from veil.access_plan where id = $1"
    stored = run(own_market_url, lambda connection: connection.fetchval(query, plan))
    refused = by_id(asking, ANALYST, text)
    everywhere = (stored, caplog.text, asking.metrics(), refused.text, str(asking.record(refused)))
    assert not any(email in text for text in everywhere)


# What is not trusted does not.


def without_record(response: httpx.Response) -> str:
    return response.text.replace(response.headers["access-record"], "")


@pytest.mark.parametrize("other", [ANALYST, CONTACTER, BANK, ADVERTISER, PUBLIC], ids=lambda who: who.purpose)
def test_a_document_trusted_for_one_purpose_is_refused_for_another_as_if_it_were_unknown(
    serve: Gateway, own_market_url: str, catalog: Catalog, other: Requesting
) -> None:
    """Nobody learns which documents others have: neither those of another role, nor those of another purpose."""
    text = "{ __typename }"
    trust(own_market_url, catalog, STAFF, text)
    asking = serve()
    assert by_id(asking, STAFF, text).json()["data"] == {"__typename": "Query"}
    for form in (by_id, by_hash):
        refused, unknown = form(asking, other, text), form(asking, other, "{ x }")
        assert without_record(refused) == without_record(unknown)
        assert refused.status_code == unknown.status_code
    response = by_id(asking, other, text)
    assert (response.status_code, code(response)) == (403, "DOCUMENT_NOT_TRUSTED")
    assert "for one role and purpose" in response.json()["errors"][0]["extensions"]["hint"]
    record = asking.record(response)
    assert (record["outcome"], record["role"], record["purpose"]) == ("DOCUMENT_NOT_TRUSTED", other.role, other.purpose)


@pytest.mark.parametrize("accept", [GRAPHQL_RESPONSE, JSON])
def test_a_hash_that_is_unknown_is_answered_in_the_words_of_apollo(serve: Gateway, accept: str) -> None:
    """Its clients look for the message or the code in an answer of status 200, and then send the document whole."""
    asking = serve()
    response = by_hash(asking, PUBLIC, COMPANIES, accept=accept)
    assert response.status_code == 200
    (error,) = response.json()["errors"]
    assert (error["message"], error["extensions"]["code"]) == ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
    assert "data" not in response.json()
    assert asking.record(response)["outcome"] == "PERSISTED_QUERY_NOT_FOUND"


def test_a_document_that_a_client_sends_with_its_hash_runs_and_is_not_trusted_by_that(serve: Gateway) -> None:
    """An automatic registration would let anybody trust a document."""
    asking = serve()
    assert len(by_hash(asking, PUBLIC, COMPANIES, query=COMPANIES).json()["data"]["companies"]["nodes"]) == 3
    assert code(by_hash(asking, PUBLIC, COMPANIES)) == "PERSISTED_QUERY_NOT_FOUND"


@FORMS
def test_a_text_beside_the_digest_of_a_trusted_document_does_not_run_in_its_place(
    serve: Gateway, own_market_url: str, catalog: Catalog, form: Callable[..., httpx.Response]
) -> None:
    trust(own_market_url, catalog, STAFF, MEMBERS)
    for only in (None, "PLATFORM"):
        asking = serve(trusted_only=only)
        response = form(asking, STAFF, MEMBERS, query="{ members { totalCount } }")
        assert (response.status_code, code(response)) == (400, "BODY_MALFORMED")
        assert asking.record(response)["outcome"] == "BODY_MALFORMED"


# Roles that may send no other.


def test_a_role_can_be_held_to_its_trusted_documents(serve: Gateway, own_market_url: str, catalog: Catalog) -> None:
    """What it sends whole runs if it is one of them, to the last blank; introspection is refused like any other."""
    trust(own_market_url, catalog, STAFF, MEMBERS)
    asking = serve(trusted_only="ADVERTISER PLATFORM")
    variables = {"first": 1}
    assert code(by_id(asking, STAFF, MEMBERS, variables=variables)) is None
    assert code(asking.post(STAFF, MEMBERS, variables)) is None
    for text in (f"{MEMBERS} ", "{ __typename }", get_introspection_query()):
        for requesting in (STAFF, ANALYST, ADVERTISER):
            response = asking.post(requesting, text)
            assert (response.status_code, code(response)) == (403, "DOCUMENT_NOT_TRUSTED")
            assert asking.record(response)["outcome"] == "DOCUMENT_NOT_TRUSTED"
        assert code(by_hash(asking, STAFF, text, query=text)) == "DOCUMENT_NOT_TRUSTED"
    assert code(asking.post(PUBLIC, "{ __typename }")) is None


def test_introspection_can_be_trusted(serve: Gateway, own_market_url: str, catalog: Catalog) -> None:
    text = get_introspection_query()
    trust(own_market_url, catalog, PUBLIC, text)
    asking = serve(trusted_only="PUBLIC")
    assert by_id(asking, PUBLIC, text).json()["data"] == asking.post(PUBLIC, text).json()["data"]
    assert "__schema" in by_id(asking, PUBLIC, text).json()["data"]


# Changes.


def test_a_document_is_trusted_from_when_it_is_added_until_soon_after_it_is_removed(
    serve: Gateway, own_market_url: str, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trusted, "READ_SECONDS", 0.2)
    monkeypatch.setattr(trusted, "UNKNOWN_SECONDS", 0)
    asking = serve(trusted_only="PUBLIC")
    assert code(by_id(asking, PUBLIC, COMPANIES)) == "DOCUMENT_NOT_TRUSTED"
    trust(own_market_url, catalog, PUBLIC, COMPANIES)
    assert code(by_id(asking, PUBLIC, COMPANIES)) is None
    distrust(own_market_url, COMPANIES)
    until = time.monotonic() + 5
    while code(by_id(asking, PUBLIC, COMPANIES)) is None:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert code(asking.post(PUBLIC, COMPANIES)) == "DOCUMENT_NOT_TRUSTED"


def test_documents_that_are_unknown_make_the_gateway_read_once_a_second_at_most(
    serve: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The readings are few, however many documents are asked for."""
    readings: list[Statement] = []
    execute = Pool.execute

    async def watched(pool: Pool, statement: Statement, values: Sequence[Any], **others: Any) -> ReturnedRow | None:
        if "veil.trusted_document" in statement.sql:
            readings.append(statement)
        return await execute(pool, statement, values, **others)

    monkeypatch.setattr(Pool, "execute", watched)
    asking = serve()
    # The first is unknown a second after the start, so that it must cause a reading.
    time.sleep(trusted.UNKNOWN_SECONDS)
    before, began = len(readings), time.monotonic()
    for number in range(60):
        by_id(asking, PUBLIC, f"# {number}")
    assert 0 < len(readings) - before <= 2 * (time.monotonic() - began) + 2


def test_a_document_that_a_new_policy_does_not_fit_is_refused_by_that_policy(
    serve: Gateway, own_market_url: str, catalog: Catalog
) -> None:
    """Being trusted grants nothing: it is compiled in the view of its sender."""
    trust(own_market_url, catalog, PUBLIC, COMPANIES)
    asking = serve()
    assert code(by_id(asking, PUBLIC, COMPANIES)) is None
    run(own_market_url, lambda connection: in_force.activate(connection, str(SECOND_FILE), catalog, "the tests"))
    assert code(by_id(asking, PUBLIC, COMPANIES)) == "INVALID"


# Compiling.


@contextmanager
def compilers_of_a_start(serve: Gateway) -> Generator[Sequence[Compiler]]:
    """The compilers of a gateway that has started and has not been asked."""
    made: list[Compiler] = []

    class Watched(CompilerFactory):
        def compiler(self, policy: Policy) -> Compiler:
            made.append(super().compiler(policy))
            return made[-1]

    asking = serve(compiler_factory=Watched)
    assert asking.client.get("/health/ready").status_code == 200
    yield made


def test_trusted_documents_are_compiled_before_the_gateway_is_ready(
    serve: Gateway, own_market_url: str, catalog: Catalog
) -> None:
    """Each operation of each, as if no variable were given."""
    trust(own_market_url, catalog, STAFF, MEMBERS, TWO)
    trust(own_market_url, catalog, PUBLIC, COMPANIES)
    with compilers_of_a_start(serve) as (compiler,):
        assert compiler.cached_counts == (4, 4)


@pytest.mark.parametrize(("bound", "most"), [("COMPILED_DOCUMENTS", 2), ("COMPILE_SECONDS", -1.0)])
def test_compiling_them_is_bounded_in_count_and_time(
    serve: Gateway, own_market_url: str, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, bound: str, most: float
) -> None:
    """Those beyond are compiled when somebody asks."""
    texts = [f"query Q{number} {{ __typename }}" for number in range(5)]
    trust(own_market_url, catalog, PUBLIC, *texts)
    monkeypatch.setattr(trusted, bound, most)
    monkeypatch.setattr(trusted, "_PAGE", 2)
    with compilers_of_a_start(serve) as (compiler,):
        assert compiler.cached_counts[0] == max(most, 0)
    asking = serve()
    assert {code(by_id(asking, PUBLIC, text)) for text in texts} == {None}


# Privileges.


@pytest.mark.parametrize(
    "statement",
    [
        "insert into veil.trusted_document (role, purpose, document) values ('PUBLIC', 'public_browsing', '{ x }')",
        "update veil.trusted_document set document = 'x'",
        "delete from veil.trusted_document",
        "truncate veil.trusted_document",
        "select added_by from veil.trusted_document",
    ],
)
def test_a_gateway_cannot_trust_a_document(market_url: str, key_file: Path, statement: str) -> None:
    """Its login may read what is trusted for whom."""
    url = settings_for(market_url, key_file).database.get_secret_value()

    async def tried() -> None:
        connection: Any = await asyncpg.connect(url, server_settings={"role": "veil_gateway"})
        try:
            await connection.fetchval("select document from veil.trusted_document limit 1")
            await connection.execute(statement)
        finally:
            await connection.close()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        asyncio.run(tried())


def test_a_document_of_a_role_that_this_version_does_not_know_is_left_alone(
    serve: Gateway, own_market_url: str, catalog: Catalog
) -> None:
    trust(own_market_url, catalog, PUBLIC, COMPANIES)
    text = "{ __typename }"
    strange = CheckedDocument(text=text, operations=[None])

    async def added(connection: Any) -> None:
        await registration.add(connection, [strange], Roles.PUBLIC, Purposes.PUBLIC_BROWSING, "a later version")
        await connection.execute("update veil.trusted_document set role = 'ALIEN' where digest = $1", digest(text))

    run(own_market_url, added)
    asking = serve()
    assert code(by_id(asking, PUBLIC, COMPANIES)) is None
    assert code(by_id(asking, PUBLIC, text)) == "DOCUMENT_NOT_TRUSTED"
