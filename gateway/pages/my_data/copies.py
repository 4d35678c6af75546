"""A member's copy of their data: a zip of JSON and CSV, made when it is fetched, of what the API answers to that member.

Made from the request, the member's token and the view. It is kept nowhere, and whatever is in it was recorded like any answer.
"""

import asyncio
import io
import json
import time
import zipfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from gateway.pages.asking import Asker, NotAnswered, PageQuestion
from gateway.pages.csv_files import csv_line
from gateway.pages.my_data.area import MY_DATA, own_purpose
from gateway.pages.my_data.own_view import OwnView
from gateway.pages.problems import PageProblem
from gateway.pages.visiting import Ground, PageVisit, page_route
from schema.catalog import Entity
from schema.fields import ConnectionField, PartsField
from schema.refusals import Code, Failed, Problem, Unanswered

FROM_PAGE: Final = "/my-data/copy"
"""Where a form of the member's pages fetches it."""

COPIES_AT_ONCE: Final = 2
"""Copies that a worker makes at the same time; of one request, one."""

MOST_ROWS: Final = 200_000
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_SECONDS: Final = 120.0

_PER_PART: Final = 100
_PAUSE: Final = 0.5
"""Seconds until a part is asked for again that was refused because its member asked for much."""

_ASKED: Final = "query Copy($id: ID!) { dataRequest(id: $id) { id kind categories readyAt endsAt } }"
_FETCHED: Final = "mutation FetchCopy($id: ID!) { fetchCopy(id: $id) { fields } }"
_TOO_LARGE: Final = "ask for a copy of fewer categories"
_BUSY: Final = "ask again in a moment: this copy, or others, are being made"


@dataclass(slots=True)
class Copies:
    """The copies of one worker."""

    ground: Ground
    _making: set[str] = field(default_factory=set[str])

    async def answer(self, request: Request) -> Response:
        """The copy, or why there is none. Whoever asks for headers alone fetches nothing."""
        if request.method != "GET":
            return _refusal(Code.METHOD, "fetch a copy with GET")
        try:
            return await self._copy(request, request.path_params["request"], _token(request))
        except NotAnswered as problem:
            return _refusal(problem.code, problem.hint)
        except Unanswered as problem:
            return _refusal(problem.code, problem.hint)

    async def download(self, visit: PageVisit) -> Response:
        """The copy, for a form of the member's pages: fetching it ends the request, so that a link must not."""
        identity = visit.form.get("copy")
        if identity is None:
            return visit.problem(PageProblem.ABSENT)
        return await self._copy(visit.request, identity, visit.session.token)

    async def _copy(self, request: Request, identity: str, token: str | None) -> Response:
        compiler = await self.ground.policy.compiler()
        purpose = own_purpose(compiler.policy, self.ground.catalog)
        if purpose is None:
            return _refusal(Code.PURPOSE_NOT_FOR_ROLE, "the policy gives members no copies")
        asker = Asker(pipeline=self.ground.pipeline, request=request, token=token, purpose=purpose)
        asked = (await asker.ask(PageQuestion(document=_ASKED, variables={"id": identity})))["dataRequest"]
        fetched = PageQuestion(document=_FETCHED, variables={"id": identity})
        if asked is None or asked["readyAt"] is None or asked["endsAt"] is not None:
            # It refuses, and records that.
            await asker.ask(fetched)
            raise Failed(Code.OVERLOADED, _BUSY)
        if identity in self._making or len(self._making) >= COPIES_AT_ONCE:
            raise Failed(Code.OVERLOADED, _BUSY)
        self._making.add(identity)
        try:
            made = await _Making(asker, OwnView.of(compiler, self.ground.catalog, purpose)).made(asked)
        finally:
            self._making.discard(identity)
        # Of two who fetch at once, one gets it.
        await asker.ask(fetched)
        headers = {"Content-Disposition": 'attachment; filename="copy.zip"', "Cache-Control": "no-store"}
        return Response(made, media_type="application/zip", headers=headers)


def copy_routes(ground: Ground, *, has_pages: bool) -> Sequence[BaseRoute]:
    known = ground.catalog
    if "fetchCopy" not in known.mutations or "dataRequest" not in known.roots:
        return []
    copies = Copies(ground)
    by_token = Route("/copies/{request}", copies.answer, methods=["GET"])
    return [by_token, *([page_route(ground, MY_DATA, FROM_PAGE, copies.download)] if has_pages else [])]


def _token(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else None


def _refusal(code: Code, hint: str) -> Response:
    """As GraphQL's address says it."""
    problem = Problem(message=code.meaning).as_json(code, hint)
    return JSONResponse({"errors": [problem]}, code.status, {"Cache-Control": "no-store"})


@dataclass(slots=True)
class _Making:
    """The making of one copy."""

    asker: Asker
    view: OwnView
    rows: int = 0
    size: int = 0
    until: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)

    async def made(self, asked: Mapping[str, Any]) -> bytes:
        """A zip with two files for each type that has something of the categories. Raises `NotAnswered` and `Failed`."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as files:
            about = {"policy": self.view.policy.version, **asked}
            files.writestr("request.json", json.dumps(about, indent=2))
            for root, entity, fields in self._lists(asked["categories"]):
                rows = [row async for row in self._rows(root, fields)]
                files.writestr(f"{root}.json", json.dumps(rows, ensure_ascii=False, indent=2))
                files.writestr(f"{root}.csv", "".join(csv_line(line) for line in _lines(entity, rows)))
        return content.getvalue()

    def _lists(self, categories: Sequence[str]) -> Sequence[tuple[str, Entity, str]]:
        """The root lists of what is asked for, each with what is asked of its rows."""
        roots = [
            (name, self.view.catalog.entities[root.target])
            for name, root in self.view.catalog.roots.items()
            if isinstance(root.declaration, ConnectionField) and root.target and self.view.shows("Query", name)
        ]
        found = ((name, entity, self._fields(entity, categories)) for name, entity in roots)
        return [(name, entity, fields) for name, entity, fields in found if fields]

    def _fields(self, entity: Entity, categories: Sequence[str]) -> str | None:
        """What is asked of an entity's rows; none if nothing of it is of these categories."""
        own = [
            column
            for name, column in entity.labelled.items()
            if name in entity.columns and self.view.shows(entity.name, name)
        ]
        if not any(column.label.category.value in categories for column in own):
            return None
        names = [each.name for each in own if each.label.category.is_open or each.label.category.value in categories]
        links = [f"{each.name} {{ id }}" for each in self.view.links(entity) if self.view.shows(each.target, "id")]
        parts = [
            f"{name} {{ {' '.join(each.name for each in self.view.columns(part))} }}"
            for name, relation in entity.relations.items()
            if isinstance(relation.declaration, PartsField) and self.view.shows(entity.name, name)
            for part in [self.view.catalog.entities[relation.target]]
        ]
        return " ".join([*names, *links, *parts])

    async def _rows(self, root: str, fields: str) -> AsyncGenerator[Mapping[str, Any]]:
        """All rows of a list, a part at a time."""
        document = f"query Copied($after: String) {{ {root}(first: {_PER_PART}, after: $after) {{"
        document += f" nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        after: str | None = None
        while True:
            part = (await self._part(document, after))[root]
            self.rows += len(part["nodes"])
            self.size += len(json.dumps(part["nodes"]))
            if self.rows > MOST_ROWS or self.size > MOST_BYTES:
                raise Failed(Code.TOO_COSTLY, _TOO_LARGE)
            for row in part["nodes"]:
                yield row
            if not part["pageInfo"]["hasNextPage"]:
                return
            after = part["pageInfo"]["endCursor"]

    async def _part(self, document: str, after: str | None) -> Mapping[str, Any]:
        while True:
            if time.monotonic() > self.until:
                raise Failed(Code.TIMED_OUT, _TOO_LARGE)
            try:
                return await self.asker.ask(PageQuestion(document=document, variables={"after": after}))
            except NotAnswered as problem:
                if problem.code not in (Code.RATE_LIMITED, Code.OVERLOADED):
                    raise
                await asyncio.sleep(_PAUSE)


def _lines(entity: Entity, rows: Sequence[Mapping[str, Any]]) -> Sequence[Sequence[str]]:
    """The lines of a CSV file: its columns, and each row. What leads on is an id, and what is a list is as JSON."""
    if not rows:
        return [list(entity.columns)]
    names = list(rows[0])
    return [names, *([_cell(row[name]) for name in names] for row in rows)]


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case {"id": str(identity)}:
            return identity
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)
