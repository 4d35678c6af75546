"""The site: all that is served beside GraphQL. The console, pages, health, and the answer to another site's page."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from gateway.http import console
from gateway.http.request import PATH, Scope


def is_of_site(scope: Scope) -> bool:
    """Whether what is asked of GraphQL's address is the site's to answer."""
    return _wants_page(scope) or _is_preflight(scope)


def _wants_page(scope: Scope) -> bool:
    """Whether a browser asks for the console."""
    return scope["method"] in ("GET", "HEAD") and any(
        name == b"accept" and b"text/html" in value for name, value in scope["headers"]
    )


def _is_preflight(scope: Scope) -> bool:
    """Whether a browser asks if another site's page may ask (CORS §3.2.2). It asks for no data, and leaves no record."""
    return scope["method"] == "OPTIONS" and any(
        name == b"access-control-request-method" for name, _ in scope["headers"]
    )


def site(
    runs: Callable[[object], AbstractAsyncContextManager[Mapping[str, Any]]],
    check: Callable[[], Awaitable[str | None]],
    offer: console.Offer | None,
    pages: Sequence[BaseRoute] = (),
) -> ASGIApp:
    """The site of a worker that serves while `runs` lasts; `check` finds what it lacks to be ready. `pages` are for people."""

    async def ready(_request: Request) -> Response:
        # Strangers learn no more than that.
        if await check() is None:
            return PlainTextResponse("ready\n")
        return PlainTextResponse("not ready\n", 503, {"Retry-After": "2"})

    served = Starlette(
        lifespan=runs,
        routes=[
            Route(PATH, _refuse_preflight, methods=["OPTIONS"]),
            Route(PATH, console.page),
            Route("/health/live", _live),
            Route("/health/ready", ready),
            *console.routes(offer),
            *pages,
        ],
    )
    # Behind a proxy, a redirect would send the token in the clear.
    served.router.redirect_slashes = False
    return served


async def _live(_request: Request) -> Response:
    return PlainTextResponse("live\n")


async def _refuse_preflight(_request: Request) -> Response:
    return PlainTextResponse("pages of other sites may not ask; see VEIL_ORIGINS\n", 405, {"Allow": "POST"})
