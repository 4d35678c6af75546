"""The page of one paper: what it says, and what may be done with it.

Each says what it changes and what will be recorded before it is done. A form that is sent twice changes once.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from gateway.pages.desk.officer import OfficerView
from gateway.pages.desk.paper_kinds import PaperFields, PaperKind
from gateway.pages.desk.paper_lists import asked_kind, paper_state
from gateway.pages.problems import PageProblem
from gateway.pages.visiting import PageVisit
from resolvers.descriptions import name_in_words
from schema.catalog import Scalar
from schema.policy.sentences import in_words


async def paper_page(visit: PageVisit) -> Response:
    """One paper, and what may be done with it."""
    view, kind = await asked_kind(visit)
    if kind is None:
        return visit.problem(PageProblem.ABSENT)
    if visit.request.method == "POST":
        return await _act(visit, kind, view)
    fields = PaperFields(view, kind, visit.ground.catalog)
    paper = await _paper(visit, fields)
    if paper is None:
        return visit.problem(PageProblem.ABSENT)
    state = paper_state(paper, datetime.now(UTC))
    return visit.page(
        "desk/paper.html",
        kind=kind,
        paper=paper,
        state=state,
        facts=_facts(visit, fields, paper),
        named=[each for part in fields.parts for each in paper[part.name] or ()],
        may_approve=kind.approve is not None and state == "unapproved",
        may_end=kind.end is not None and state != "over",
        in_words=in_words,
    )


async def _paper(visit: PageVisit, fields: PaperFields) -> Mapping[str, Any] | None:
    document = f"query OnePaper($id: ID!) {{ {fields.kind.found}(id: $id) {{ {fields.selection(whole=True)} }} }}"
    answer = await visit.ask(document, {"id": visit.request.path_params["paper"]}, fields.view.purpose)
    return answer[fields.kind.found]


def _facts(visit: PageVisit, fields: PaperFields, paper: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    words = visit.words
    linked = [(each.name, (paper[each.name] or {}).get("name")) for each in fields.links]
    own = [
        (
            each.name,
            _in_words(visit, paper[each.name], each.scalar),
        )
        for each in fields.columns
        if paper[each.name] is not None
    ]
    return [
        (words.or_else("paper_field", name, name_in_words(name).capitalize()), value)
        for name, value in (*linked, *own)
        if value
    ]


def _in_words(visit: PageVisit, value: Any, scalar: Scalar) -> str:
    match value:
        case str() if scalar is Scalar.TIMESTAMP:
            return visit.words.moment(value)
        case str() if scalar is Scalar.ENUM:
            return in_words(value)
        case bool():
            return visit.words("papers.yes" if value else "papers.no")
        case list():
            return visit.words.list([in_words(str(each)) for each in value])
        case _:
            return str(value)


async def _act(visit: PageVisit, kind: PaperKind, view: OfficerView) -> Response:
    doing = visit.form.get("doing")
    mutation = {"approve": kind.approve, "end": kind.end}.get(doing or "")
    if mutation is None:
        return visit.problem(PageProblem.NO_FORM)
    document = f"mutation DecidePaper($id: ID!) {{ {mutation.name}(id: $id) {{ fields }} }}"
    await visit.change(document, {"id": visit.request.path_params["paper"]}, view.purpose)
    done = "approved" if doing == "approve" else "ended"
    return visit.to(visit.request.url.path, done=done)
