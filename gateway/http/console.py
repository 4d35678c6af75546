"""Serves the console: one page, its built files and, in a demo, the personas, the statements and the proofs.

Installing the package builds the files into `gateway/http/graphiql/built`. The console serves only built files, loads
nothing from another host, and offers tokens only when it was given personas.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

BUILT = Path(__file__).parent / "graphiql" / "built"
CONTENT_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".ttf": "font/ttf"}
"""The files a page may load. `BUILT` also holds the page and compressed copies, which have no address of their own."""

HEADERS: Final = {
    # GraphiQL's editor, Monaco, writes styles into the page: hence 'unsafe-inline' for them, and for nothing else.
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; "
        "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


_NOT_KEPT: Final = {**HEADERS, "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingQuery:
    title: str
    purpose: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A requester to try. Without a token it is the public; `reference` names the legal instrument where one is needed."""

    name: str
    role: str
    description: str
    token: str | None
    purposes: Sequence[str]
    reference: str | None
    queries: Sequence[StartingQuery]
    pages: str | None = None
    """The address of the pages for such a requester; none where there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a demo's console offers, and no other: personas with their tokens, the statement and the proof."""

    personas: Callable[[], Sequence[Persona]]
    statement: Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
    """What is told of the statement of a request: its GraphQL, and the role and purpose that ask it."""
    proof: Callable[[str], Awaitable[Mapping[str, Any]]]
    """What is told of the proof of a record, by its id."""


def routes(offer: Offer | None) -> Sequence[BaseRoute]:
    """The console's routes. In production nothing is offered, and there is no route to it."""
    entrance = [Route("/", _to_page), Route("/console/{file}", built_file)]
    if offer is None:
        return entrance

    def personas(_request: Request) -> Response:
        everyone = [asdict(persona) for persona in offer.personas()]
        return JSONResponse({"personas": everyone}, headers=_NOT_KEPT)

    async def statement(request: Request) -> Response:
        try:
            asked = json.loads(await request.body())
        except ValueError:
            return PlainTextResponse("send JSON\n", 400, _NOT_KEPT)
        return JSONResponse(await offer.statement(asked), headers=_NOT_KEPT)

    async def proof(request: Request) -> Response:
        return JSONResponse(await offer.proof(str(request.path_params["record"])), headers=_NOT_KEPT)

    offered = [
        Route("/console/personas", personas),
        Route("/console/statement", statement, methods=["POST"]),
        Route("/console/proof/{record:uuid}", proof),
    ]
    return [*offered, *entrance]


def _to_page(_request: Request) -> Response:
    return RedirectResponse("/graphql", 302, HEADERS)


def page(_request: Request) -> Response:
    """GraphiQL: the answer to `GET /graphql` that accepts HTML."""
    built = BUILT / "index.html"
    if not built.exists():
        problem = "the console is not built: run `pip install --editable .` to build the console\n"
        return PlainTextResponse(problem, 503, _NOT_KEPT)
    # The links carry the build's version, so only the page itself is fetched each time.
    headers = {**HEADERS, "Cache-Control": "no-cache", "Vary": "Accept"}
    return FileResponse(built, headers=headers, media_type="text/html")


def built_file(request: Request) -> Response:
    name: str = request.path_params["file"]
    content_type = CONTENT_TYPES.get(Path(name).suffix)
    # The name is compared with the files that exist. It never becomes part of a path unchecked.
    made = {file.name for file in BUILT.iterdir()} if BUILT.exists() else set[str]()
    if content_type is None or name not in made:
        return PlainTextResponse("no such file of the console\n", 404, HEADERS)
    headers = {**HEADERS, "Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if f"{name}.gz" in made and "gzip" in request.headers.get("accept-encoding", ""):
        name, headers = f"{name}.gz", {**headers, "Content-Encoding": "gzip"}
    return FileResponse(BUILT / name, headers=headers, media_type=content_type)
