"""Signing in and out: by a token from one's issuer, at the issuer itself or, in a demo, as a persona.

A token is tried before it is kept, by a question to the API. It goes into an encrypted cookie, and nowhere else.
"""

from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway.pages.asking import NotAnswered, PageQuestion
from gateway.pages.forms import SentForm
from gateway.pages.issuer_entrance import issuer_routes
from gateway.pages.problems import PageProblem, problem_of
from gateway.pages.rendering import static_file
from gateway.pages.sessions import LONGEST_KEPT_TOKEN
from gateway.pages.visiting import HELD, HELD_FOR, SIGN_IN, Area, Ground, PageVisit, page_route

SIGN_OUT = "/sign-out"


def entrance_routes(ground: Ground, areas: Sequence[Area]) -> Sequence[BaseRoute]:
    """Where people sign in, for whichever area they came from."""

    async def sign_in(visit: PageVisit) -> Response:
        visit.area = _area_of(_leads_to(visit, areas), areas)
        return await _sign_in(visit, areas)

    async def why_not(visit: PageVisit, token: str, on: str) -> str | None:
        visit.area = _area_of(on, areas)
        return await _why_not(visit, token)

    def leads_to(visit: PageVisit) -> str:
        return _leads_to(visit, areas)

    return [
        *issuer_routes(ground, areas[0], why_not, leads_to),
        page_route(ground, areas[0], SIGN_IN, sign_in, is_open=True),
        page_route(ground, areas[0], SIGN_OUT, _sign_out, is_open=True),
        Route("/pages/{file}", static_file),
    ]


async def _sign_in(visit: PageVisit, areas: Sequence[Area]) -> Response:
    leads_to = _leads_to(visit, areas)
    if visit.request.method == "POST":
        return await _signed_in(visit, leads_to)
    persona = visit.parameter("persona")
    # A browser says whether a page of this very site led here. Another site cannot sign anybody in.
    if persona and visit.request.headers.get("sec-fetch-site") == "same-origin":
        return await _enter(visit, _token_of(visit, persona), leads_to)
    return visit.sign_in_page(leads_to=leads_to, held=(), held_for="")


async def _signed_in(visit: PageVisit, leads_to: str) -> Response:
    persona = visit.form.get("persona")
    token = _token_of(visit, persona) if persona else (visit.form.get("token") or "").strip()
    return await _enter(visit, token, leads_to)


async def _enter(visit: PageVisit, token: str | None, leads_to: str) -> Response:
    token = (token or "").removeprefix("Bearer ").strip()
    held = [(name, value) for name, value in visit.form.typed if name.startswith(HELD)]
    told = await _why_not(visit, token)
    if told:
        held_for = visit.form.get(HELD_FOR) or ""
        return visit.sign_in_page(status=422, refused=told, held=held, held_for=held_for, leads_to=leads_to)
    response = _held_page(visit, held) if held else visit.to(leads_to)
    visit.ground.sessions.sign_in(visit.request, response, token)
    return response


def _held_page(visit: PageVisit, held: Sequence[tuple[str, str]]) -> Response:
    """What somebody typed before their session ended, to be sent now."""
    typed = [(name.removeprefix(HELD), value) for name, value in held]
    path = visit.form.get(HELD_FOR) or visit.area.path
    address = path if path.startswith(f"{visit.area.path}/") else visit.area.path
    return visit.page("held.html", again=typed, typed=visit.visible(typed), address=address)


async def _why_not(visit: PageVisit, token: str) -> str | None:
    """The name of the sentence that says why a token cannot be used here; none if it can."""
    if not token:
        return "sign_in.none"
    if len(token) > LONGEST_KEPT_TOKEN:
        return "sign_in.too_long"
    asker = await visit.asker(token)
    try:
        await asker.ask(PageQuestion(document="query SignIn { __typename }"))
    except NotAnswered as problem:
        match problem_of(problem.code):
            case PageProblem.SIGNED_OUT:
                return "sign_in.not_genuine"
            case PageProblem.NOT_PERMITTED:
                return "sign_in.not_for_this"
            case _:
                raise
    return None


def _token_of(visit: PageVisit, persona: str) -> str | None:
    offered = visit.ground.personas() if visit.ground.personas else ()
    return next((each.token for each in offered if each.name == persona), None)


async def _sign_out(visit: PageVisit) -> Response:
    if visit.request.method != "POST":
        return visit.to(SIGN_IN)
    visit.form = SentForm()
    response = visit.to(SIGN_IN, done="signed_out")
    visit.ground.sessions.sign_out(visit.request, response)
    return response


def _leads_to(visit: PageVisit, areas: Sequence[Area]) -> str:
    """The page to go on to: one of these sets, whatever the address says."""
    asked = visit.form.get("next") or visit.parameter("next") or ""
    allowed = any(asked == each.path or asked.startswith((f"{each.path}/", f"{each.path}?")) for each in areas)
    return asked if allowed and asked.isprintable() and "\\" not in asked else areas[0].path


def _area_of(path: str, areas: Sequence[Area]) -> Area:
    return next((each for each in areas if path.startswith(each.path)), areas[0])
