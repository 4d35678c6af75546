"""The pages of one paper: entered by an officer, looked at, approved by another, and ended.

Each says what it changes and what will be recorded before it is done. A form that is sent twice changes once.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from gateway.pages.asking import NotAnswered
from gateway.pages.desk.officer import OfficerView
from gateway.pages.desk.paper_forms import Control, EnteringForm
from gateway.pages.desk.paper_kinds import PaperFields, PaperKind
from gateway.pages.desk.paper_lists import PAPERS, asked_kind, paper_state
from gateway.pages.desk.paper_showing import shown_by_paper
from gateway.pages.desk.who_has_seen import organisations_to_choose
from gateway.pages.problems import PageProblem, problem_of
from gateway.pages.visiting import PageVisit
from resolvers.descriptions import name_in_words
from schema.catalog import MutationRoot, Scalar
from schema.policy.sentences import in_words


async def new_paper_page(visit: PageVisit) -> Response:
    """The form; what was typed, to be looked at; and, once that is confirmed, the paper."""
    view, kind = await asked_kind(visit)
    if kind is None or kind.enter is None:
        return visit.problem(PageProblem.ABSENT)
    # Asked even where nothing is shown yet, so that nobody without this purpose sees the form.
    entering = await _form(visit, kind.enter, view)
    if visit.request.method != "POST" or visit.form.get("_change"):
        return _form_page(visit, kind, entering)
    if not visit.form.get("_confirmed"):
        return await _preview(visit, kind, entering, view)
    values = entering.values(visit.form, datetime.now(UTC))
    try:
        await visit.change(_entering(kind.enter), {"input": values}, view.purpose)
    except NotAnswered as problem:
        if problem_of(problem.code) not in (PageProblem.NOT_TAKEN, PageProblem.CONFLICT):
            raise
        return _form_page(visit, kind, entering, hint=problem.hint)
    return visit.to(f"{PAPERS}/{kind.listed}", done="entered")


def _entering(mutation: MutationRoot) -> str:
    given = f"{mutation.name[0].upper()}{mutation.name[1:]}Input!"
    return f"mutation EnterPaper($input: {given}) {{ {mutation.name}(input: $input) {{ fields }} }}"


async def _form(visit: PageVisit, mutation: MutationRoot, view: OfficerView) -> EnteringForm:
    await visit.ask("query EnterPaper { __typename }", purpose=view.purpose)
    organisations = await organisations_to_choose(visit)
    return EnteringForm(visit.words, mutation, organisations, "Organisation")


def _form_page(visit: PageVisit, kind: PaperKind, entering: EnteringForm, hint: str | None = None) -> Response:
    return visit.page(
        "desk/paper_new.html",
        status=PageProblem.NOT_TAKEN.status if hint else 200,
        kind=kind,
        fields=entering.fields(visit.form),
        hint=hint,
        controls=Control,
        today=datetime.now(UTC).date().isoformat(),
    )


async def _preview(visit: PageVisit, kind: PaperKind, entering: EnteringForm, view: OfficerView) -> Response:
    values = entering.values(visit.form, datetime.now(UTC))
    return visit.page(
        "desk/paper_preview.html",
        kind=kind,
        told=entering.told(visit.form),
        members=await _members(visit, entering, view),
        showing=await shown_by_paper(visit, view, values, values.get("organisation")),
        again=[(name, value) for name, value in visit.form.typed if name != "_key"],
    )


async def _members(
    visit: PageVisit, entering: EnteringForm, view: OfficerView
) -> Sequence[tuple[str, str | None]] | None:
    """Who is named: each id with the name that it leads to, which is none if nobody has it. None if nobody may be named."""
    values = entering.values(visit.form, datetime.now(UTC))
    named = [each for each in (values.get("member"), *values.get("members", ())) if each]
    if not named:
        return None
    document = "query WhomAPaperNames($ids: [ID!]!) { nodes(ids: $ids) { id ... on Member { name } } }"
    try:
        found = (await visit.ask(document, {"ids": named[:100]}, view.purpose))["nodes"]
    except NotAnswered as problem:
        if problem_of(problem.code) is not PageProblem.NOT_TAKEN:
            raise
        found = []
    names = {each["id"]: each.get("name") for each in found if each}
    return [(each, names.get(each)) for each in named]


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
    holder = (paper.get("organisation") or {}).get("id")
    return visit.page(
        "desk/paper.html",
        kind=kind,
        paper=paper,
        state=state,
        facts=_facts(visit, fields, paper),
        named=[each for part in fields.parts for each in paper[part.name] or ()],
        showing=await shown_by_paper(visit, view, paper, holder) if state != "over" else None,
        may_approve=kind.approve is not None and state == "unapproved",
        may_end=kind.end is not None and state != "over",
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
