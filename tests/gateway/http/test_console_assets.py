"""The console's page and files: what is served of it, with which headers, and to whom it offers personas."""

import asyncio
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from gateway.http import console
from gateway.http.console import Offer, Persona, StartingQuery

POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; "
    "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
SCRIPT = b"console.log('made')"

CARE = Persona(
    name="Customer care",
    role="SERVICE_PROVIDER",
    description="Answers members' questions.",
    token="a.token.signed",
    purposes=("account_service",),
    reference=None,
    queries=(StartingQuery(title="Orders", purpose="account_service", query="query Orders { orders { id } }"),),
)


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "built"
    folder.mkdir()
    (folder / "index.html").write_text("<title>Veil</title>")
    (folder / "console.js").write_bytes(SCRIPT)
    (folder / "console.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "console.css").write_text("body {}")
    (folder / "codicon.ttf").write_bytes(b"font")
    (tmp_path / "secret.js").write_text("not built")
    monkeypatch.setattr(console, "BUILT", folder)
    return folder


async def statement(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is told of the statement of a request."""
    return asked


async def proof(record: str) -> Mapping[str, Any]:
    """What is told of the proof of a record."""
    return {"record": record}


def get(path: str, personas: Sequence[Persona] | None = None, accept_encoding: str = "identity") -> httpx.Response:
    """What a gateway that offers `personas` answers."""
    offered = None if personas is None else Offer(personas=lambda: personas, statement=statement, proof=proof)
    gateway = Starlette(routes=[Route("/graphql", console.page), *console.routes(offered)])

    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(gateway)
        headers = {"accept-encoding": accept_encoding}
        async with httpx.AsyncClient(transport=transport, base_url="http://veil", headers=headers) as browser:
            return await browser.get(path)

    return asyncio.run(answer())


def test_the_page_is_html_asked_for_anew_each_time() -> None:
    """`page` answers the built page, under a policy that lets it load from this host alone, and never from a cache."""
    answer = get("/graphql")
    assert (answer.status_code, answer.text) == (200, "<title>Veil</title>")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["vary"] == "Accept"


def test_every_answer_carries_the_headers_of_safety() -> None:
    """Page, file, personas and refusal alike carry the content security policy, and neither sniff nor refer."""
    for path in ("/graphql", "/console/console.js", "/console/personas", "/console/absent.js"):
        headers = get(path, [CARE]).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("file", "content_type"),
    [
        ("console.js", "text/javascript; charset=utf-8"),
        ("console.css", "text/css; charset=utf-8"),
        ("codicon.ttf", "font/ttf"),
    ],
)
def test_a_built_file_is_served_by_its_type_and_kept_for_ever(file: str, content_type: str) -> None:
    """Scripts, styles and fonts have their own types, and may be cached: their links carry the build's version."""
    answer = get(f"/console/{file}?0123456789abcdef")
    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_the_compressed_copy_goes_to_those_who_accept_it() -> None:
    """The same script arrives either way, compressed only where `Accept-Encoding` names gzip and a copy was made."""
    packed = get("/console/console.js", accept_encoding="br, gzip")
    plain = get("/console/console.js")
    assert packed.content == plain.content == SCRIPT
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] == plain.headers["content-type"]
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in get("/console/console.css", accept_encoding="gzip").headers
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    [
        *("absent.js", "index.html", "console.js.gz", "CONSOLE.JS", "", "%2e", "%2e%2e"),
        *("..%2Fsecret.js", "%2e%2e/secret.js", "..%5Csecret.js", "..%2Fbuilt%2Fconsole.js", "%2Fetc%2Fpasswd"),
        *("console.js%00.css", "sub/console.js"),
    ],
)
def test_nothing_but_a_built_file_is_served(path: str) -> None:
    """A name that the build did not make, or that leads out of its folder, is not found."""
    answer = get(f"/console/{path}")
    assert answer.status_code == 404
    assert "not built" not in answer.text


def test_personas_are_offered_only_where_there_are_any() -> None:
    """A demonstration lists its personas, kept in no cache; in production there is nothing of that name."""
    offered = get("/console/personas", [CARE])
    assert offered.headers["cache-control"] == "no-store"
    assert offered.json() == {
        "personas": [
            {
                "name": "Customer care",
                "role": "SERVICE_PROVIDER",
                "description": "Answers members' questions.",
                "token": "a.token.signed",
                "purposes": ["account_service"],
                "reference": None,
                "queries": [
                    {"title": "Orders", "purpose": "account_service", "query": "query Orders { orders { id } }"}
                ],
                "pages": None,
            }
        ]
    }
    assert get("/console/personas").status_code == get("/console/statement").status_code == 404


def test_a_proof_is_told_of_a_record_in_a_demo_alone() -> None:
    record = "01a22955-d886-76b0-b2db-84d9298557d8"
    assert get(f"/console/proof/{record}", [CARE]).json() == {"record": record}
    assert get("/console/proof/1", [CARE]).status_code == get(f"/console/proof/{record}").status_code == 404


def test_without_a_build_the_page_says_how_to_make_one(built: Path) -> None:
    """The page is unavailable and names the command; its files are simply not there."""
    built.rename(built.with_name("gone"))
    answer = get("/graphql")
    assert answer.status_code == 503
    assert "run `pip install --editable .` to build the console" in answer.text
    assert get("/console/console.js").status_code == 404
