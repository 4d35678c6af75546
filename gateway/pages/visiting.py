"""A visit: one request to a page, from who is signed in to what is answered.

    session → form → handler, which asks the API → page

Made from what all pages stand on. Whatever goes wrong becomes a page that says what happened and what to do, and that
keeps what was typed.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from gateway.http.console import Persona
from gateway.identity.issuer import Issuer
from gateway.pages.asking import Asker, NotAnswered, PageQuestion
from gateway.pages.forms import PROOF, SENDING, FormRefused, SentForm, new_key, read_form
from gateway.pages.problems import PageProblem, plain_hint, problem_of
from gateway.pages.rendering import PAGE_HEADERS, render_page
from gateway.pages.sessions import SignedIn, SignIns
from gateway.pages.words import Wording, wording_for
from gateway.policy.in_force import PolicyInForce
from gateway.telemetry.lines import cause_of
from resolvers.compiler import Compiler
from schema.catalog import Catalog
from schema.policy.grants import Policy
from schema.refusals import Failed
from schema.requester import Purpose

SIGN_IN: Final = "/sign-in"

DONE: Final = "done"
"""The part of an address that says what was just done, as a name of the strings."""

HELD: Final = "held."
"""Begins the names of fields that wait for somebody to sign in again."""

HELD_FOR: Final = "held_for"
"""The address that they wait for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What all pages stand on."""

    pipeline: ASGIApp
    policy: PolicyInForce
    catalog: Catalog
    sessions: SignIns
    form_limit: int
    """Bytes a form may have."""
    personas: Callable[[], Sequence[Persona]] | None
    """Those of a demo, who sign in without a token of their own."""
    issuer: Issuer | None
    """Where people sign in to get a token; none where they bring one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A set of pages for one kind of requester."""

    path: str
    name: str
    """In the strings."""
    sections: tuple[str, ...]
    """The pages of its navigation, by their last part; the first is its home."""
    purpose_of: Callable[[Policy, Catalog], Purpose | None]
    """What its pages ask for; none where the policy has nothing of the kind."""
    persona_role: str
    """Whose pages these are, of the personas of a demo."""


@dataclass(slots=True, kw_only=True)
class PageVisit:
    """One request to a page."""

    ground: Ground
    area: Area
    request: Request
    session: SignedIn
    words: Wording
    form: SentForm = field(default_factory=SentForm)

    async def compiler(self) -> Compiler:
        """Of the policy in force, which is public: who may see what is told from it. Raises `Failed`."""
        return await self.ground.policy.compiler()

    async def purpose(self) -> Purpose:
        """What this area asks for. Raises `NothingOffered` or `Failed`."""
        compiler = await self.compiler()
        purpose = self.area.purpose_of(compiler.policy, self.ground.catalog)
        if purpose is None:
            raise NothingOffered
        return purpose

    def purpose_named(self, name: str) -> Purpose:
        """A purpose of this marketplace. Raises `NothingOffered` where it has none of this name."""
        purpose = self.ground.catalog.marketplace.purpose_named(name)
        if purpose is None:
            raise NothingOffered
        return purpose

    async def asker(self, token: str | None, purpose: Purpose | None = None) -> Asker:
        """Who asks, for what this area asks for or for another purpose of the same person."""
        asked_for = purpose or await self.purpose()
        return Asker(pipeline=self.ground.pipeline, request=self.request, token=token, purpose=asked_for)

    async def ask(
        self, document: str, variables: Mapping[str, Any] | None = None, purpose: Purpose | None = None
    ) -> Mapping[str, Any]:
        """The data that the API answers. Raises `NotAnswered`."""
        asker = await self.asker(self.session.token, purpose)
        return await asker.ask(PageQuestion(document=document, variables=variables or {}))

    async def change(
        self, document: str, variables: Mapping[str, Any], purpose: Purpose | None = None
    ) -> Mapping[str, Any]:
        """The same of a mutation, which a form sent twice does once. Raises `NotAnswered`."""
        asker = await self.asker(self.session.token, purpose)
        return await asker.ask(PageQuestion(document=document, variables=variables, key=self.form.key))

    def parameter(self, name: str) -> str | None:
        """A part of the address."""
        return self.request.query_params.get(name) or None

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        return render_page(template, {**self._context(), **context}, status)

    def _context(self) -> Mapping[str, Any]:
        done = self.parameter(DONE)
        return {
            "t": self.words,
            "area": self.area,
            "here": self.request.url.path,
            "session": self.session,
            "proof_name": PROOF,
            "proof": self.ground.sessions.proof(self.session.visitor),
            "key_name": SENDING,
            "key": new_key(),
            "done": f"done.{done}" if done and isinstance(self.words.find(f"done.{done}"), str) else None,
            "link": link_query,
            "is_demo": self.ground.personas is not None,
            "has_issuer": self.ground.issuer is not None,
        }

    def to(self, path: str, **parameters: str) -> Response:
        """Leads on once something was done, so that loading the page again does it not again."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return RedirectResponse(f"{path}{query}", 303, PAGE_HEADERS)

    def problem(self, problem: PageProblem, hint: str | None = None, error_id: str | None = None) -> Response:
        """The page that says what happened. What was typed can be sent again from it."""
        return self.page(
            "problem.html",
            status=problem.status,
            problem=problem.name,
            hint=hint,
            error_id=error_id,
            again=self.form.typed if problem.may_be_sent_again else (),
            typed=self.visible(self.form.typed),
        )

    def sign_in_page(self, *, told: PageProblem | None = None, status: int = 200, **context: Any) -> Response:
        """Where to sign in. What was typed by somebody whose session ended waits there."""
        held = [(f"{HELD}{name}", value) for name, value in self.form.typed]
        context = {"held": held, "held_for": self.request.url.path, "leads_to": self._asked_for(), **context}
        everyone = self.ground.personas() if self.ground.personas else ()
        offered = [each for each in everyone if each.role == self.area.persona_role]
        return self.page("sign_in.html", status=status, told=told and told.name, personas=offered, **context)

    def _asked_for(self) -> str:
        """The page that was asked for, with its query."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query and self.request.method != "POST" else url.path

    def visible(self, typed: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
        """What somebody typed or chose themselves, with its label: not what the form carried."""
        return [
            (self.words.or_else("label", name, name), value)
            for name, value in typed
            if value and not name.startswith("_")
        ]


def link_query(parameters: Mapping[str, str], **others: str) -> str:
    """The query of a link: what the page was asked with, and what is asked otherwise."""
    return urlencode({**parameters, **others})


class NothingOffered(Exception):
    """The policy in force has no such pages for anybody."""


Handler = Callable[[PageVisit], Awaitable[Response]]


def page_route(ground: Ground, area: Area, path: str, handler: Handler, *, is_open: bool = False) -> Route:
    """The route of a page. Whoever is not signed in is led to where they can, unless it is open to all."""

    async def answer(request: Request) -> Response:
        session = ground.sessions.of(request)
        words = wording_for(request.headers.get("accept-language", ""))
        visit = PageVisit(ground=ground, area=area, request=request, session=session, words=words)
        response = await _answered(visit, handler, is_open)
        ground.sessions.remember(request, response, session.visitor)
        return response

    return Route(path, answer, methods=["GET", "POST"])


async def _answered(visit: PageVisit, handler: Handler, is_open: bool) -> Response:
    try:
        if visit.request.method == "POST":
            ground = visit.ground
            visit.form = await read_form(visit.request, ground.sessions, visit.session.visitor, ground.form_limit)
        if not is_open and visit.session.token is None:
            told = PageProblem.SIGNED_OUT if visit.session.has_expired or visit.form.typed else None
            return visit.sign_in_page(told=told, status=PageProblem.SIGNED_OUT.status)
        return await handler(visit)
    except FormRefused as refusal:
        visit.form = refusal.form
        return visit.problem(PageProblem.FOREIGN_FORM if refusal.is_foreign else PageProblem.NO_FORM)
    except NothingOffered:
        return visit.problem(PageProblem.NOT_OFFERED)
    except Failed as failure:
        return visit.problem(problem_of(failure.code))
    except NotAnswered as problem:
        return _told(visit, problem)
    except Exception as error:  # noqa: BLE001 - an unforeseen error's message may hold a value, so nobody gets it
        logging.getLogger(__name__).error("a page failed: %s", cause_of(error))
        return visit.problem(PageProblem.UNFORESEEN)


def _told(visit: PageVisit, problem: NotAnswered) -> Response:
    kind = problem_of(problem.code)
    if kind is PageProblem.SIGNED_OUT and not visit.session.is_by_proxy:
        return visit.sign_in_page(told=kind, status=kind.status)
    hint = plain_hint(problem.hint) if kind is PageProblem.NOT_TAKEN else None
    return visit.problem(kind, hint, problem.error_id)
