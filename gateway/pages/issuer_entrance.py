"""Signing in at the issuer, by OpenID Connect: there, back again with a token, and out.

    sign in here → the issuer → back here, where the token is tried and kept → on

What a sign-in must be finished with is in an encrypted cookie of its own, for ten minutes.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from gateway.identity.issuer import BegunSignIn, Issuer, IssuerUnusable, SignInRefused
from gateway.pages.rendering import PAGE_HEADERS
from gateway.pages.sessions import is_on_this_machine
from gateway.pages.visiting import SIGN_IN, Area, Ground, PageVisit, page_route

_THERE: Final = "/sign-in/issuer"
_BACK: Final = "/sign-in/back"
_OUT: Final = "/sign-out/issuer"

Trying = Callable[[PageVisit, str, str], Awaitable[str | None]]
"""Says why a token cannot be used for the page to go on to; none if it can."""

Leading = Callable[[PageVisit], str]
"""The page to go on to."""


def issuer_routes(ground: Ground, area: Area, why_not: Trying, leads_to: Leading) -> Sequence[BaseRoute]:
    """None where nobody signs in at an issuer."""
    issuer = ground.issuer
    if issuer is None:
        return []

    async def there(visit: PageVisit) -> Response:
        return await _there(visit, issuer, leads_to(visit))

    async def back(visit: PageVisit) -> Response:
        return await _back(visit, issuer, why_not)

    async def out(visit: PageVisit) -> Response:
        return await _out(visit, issuer)

    return [
        page_route(ground, area, path, page, is_open=True)
        for path, page in ((_THERE, there), (_BACK, back), (_OUT, out))
    ]


async def _there(visit: PageVisit, issuer: Issuer, leads_to: str) -> Response:
    try:
        address, begun = await issuer.begin(leads_to, _own_address(visit, _BACK))
    except IssuerUnusable:
        return _refused(visit, "sign_in.issuer_silent", leads_to)
    response = RedirectResponse(address, 303, PAGE_HEADERS)
    visit.ground.sessions.begin(visit.request, response, begun.as_text())
    return response


async def _back(visit: PageVisit, issuer: Issuer, why_not: Trying) -> Response:
    kept = visit.ground.sessions.begun(visit.request)
    if kept is None:
        return _refused(visit, "sign_in.issuer_late")
    begun = BegunSignIn.of_text(kept)
    response = await _entered(visit, issuer, begun, why_not)
    visit.ground.sessions.forget_begun(visit.request, response)
    return response


async def _entered(visit: PageVisit, issuer: Issuer, begun: BegunSignIn, why_not: Trying) -> Response:
    try:
        tokens = await issuer.tokens(visit.request.query_params, begun, _own_address(visit, _BACK))
    except IssuerUnusable:
        return _refused(visit, "sign_in.issuer_silent", begun.leads_to)
    except SignInRefused:
        return _refused(visit, "sign_in.issuer_refused", begun.leads_to)
    told: str | None = None
    for token in tokens:
        told = await why_not(visit, token, begun.leads_to)
        if told is None:
            # The way here began on another site, so a redirect would carry no cookie that is this site's alone.
            response = visit.page("signed_in.html", leads_to=begun.leads_to)
            visit.ground.sessions.sign_in(visit.request, response, token)
            return response
    return _refused(visit, told or "sign_in.issuer_refused", begun.leads_to)


async def _out(visit: PageVisit, issuer: Issuer) -> Response:
    try:
        address = await issuer.ending(_own_address(visit, SIGN_IN))
    except IssuerUnusable:
        address = None
    return RedirectResponse(address, 303, PAGE_HEADERS) if address else visit.to(SIGN_IN)


def _refused(visit: PageVisit, told: str, leads_to: str | None = None) -> Response:
    leads_to = leads_to or visit.area.path
    return visit.sign_in_page(status=422, refused=told, held=(), held_for="", leads_to=leads_to)


def _own_address(visit: PageVisit, path: str) -> str:
    """An address of this site, as browsers reach it: over TLS, but for this very machine."""
    scheme = "http" if is_on_this_machine(visit.request) else "https"
    return f"{scheme}://{visit.request.headers.get('host', '')}{path}"
