"""The page of what a member asks of their data: a copy, its return, its destruction; what is open, and taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.asking import NotAnswered
from gateway.pages.my_data.own_view import OwnView, is_in_force, visit_view
from gateway.pages.my_data.receipts import own_receipts
from gateway.pages.problems import PageProblem, plain_hint, problem_of
from gateway.pages.request_terms import request_due
from gateway.pages.visiting import PageVisit
from schema.catalog import MutationRoot
from schema.policy.sentences import in_words
from schema.rights import EndField, EnterField, Right

_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Askable:
    """Something that a member may ask."""

    mutation: str
    kind: str
    title: str
    about: str
    categories: Sequence[tuple[str, str]]
    """Each category that it may name, with its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """Something that a member asked."""

    id: str
    title: str
    categories: str
    since: str
    due: str
    is_late: bool
    until: str | None
    is_open: bool
    is_ready: bool
    """Whether a copy can be fetched."""


async def requests_page(visit: PageVisit) -> Response:
    view = await visit_view(visit)
    if visit.request.method == "POST":
        return await (_taken_back if visit.form.get("withdraw") else _asked)(visit, view)
    return await _page(visit, view)


async def _asked(visit: PageVisit, view: OwnView) -> Response:
    mutation = asking(view).get(visit.form.get("what") or "")
    categories = visit.form.all("categories")
    if mutation is None or not categories:
        return await _page(visit, view, told="requests.name_both", status=422)
    if _needs_to_be_sure(mutation) and visit.form.get("sure") != "yes":
        return await _page(visit, view, told="requests.be_sure", status=422)
    input_type = f"{mutation.name[0].upper()}{mutation.name[1:]}Input"
    document = f"mutation Ask($input: {input_type}!) {{ {mutation.name}(input: $input) {{ fields }} }}"
    try:
        await visit.change(document, {"input": {"categories": categories}})
    except NotAnswered as problem:
        if problem_of(problem.code) is not PageProblem.NOT_TAKEN:
            raise
        return await _page(visit, view, told="requests.not_taken", hint=plain_hint(problem.hint), status=422)
    return visit.to("/my-data/requests", done="asked")


async def _taken_back(visit: PageVisit, view: OwnView) -> Response:
    mutation = _ending(view)
    if mutation is None:
        return visit.problem(PageProblem.ABSENT)
    document = f"mutation TakeBack($id: ID!) {{ {mutation.name}(id: $id) {{ fields }} }}"
    await visit.change(document, {"id": visit.form.get("withdraw") or ""})
    return visit.to("/my-data/requests", done="taken_back")


def asking(view: OwnView) -> Mapping[str, MutationRoot]:
    """The mutations by which a member asks something of their data, by name."""
    return {
        name: mutation
        for name, mutation in view.catalog.mutations.items()
        if isinstance(mutation.declaration, EnterField)
        and mutation.declaration.right is Right.ENTER
        and name in view.mutations
        and set(mutation.inputs) == {"categories"}
        and "kind" in mutation.constants
    }


def _ending(view: OwnView) -> MutationRoot | None:
    entities = {each.entity.name for each in asking(view).values()}
    for name, mutation in view.catalog.mutations.items():
        if isinstance(mutation.declaration, EndField) and mutation.entity.name in entities and name in view.mutations:
            return mutation
    return None


def _needs_to_be_sure(mutation: MutationRoot) -> bool:
    return mutation.constants["kind"] == "DESTRUCTION"


async def _page(visit: PageVisit, view: OwnView, *, status: int = 200, **told: Any) -> Response:
    found = await _found(visit, view)
    return visit.page(
        "my_data/requests.html",
        status=status,
        told=told.get("told"),
        hint=told.get("hint"),
        askable=[_askable(visit, view, each) for each in asking(view).values()],
        open=[each for each in found if each.is_open],
        over=[each for each in found if not each.is_open],
        may_take_back=_ending(view) is not None,
        receipts=await own_receipts(visit, view),
        what=visit.form.get("what"),
        ticked=visit.form.all("categories"),
        asks_to_be_sure=any(map(_needs_to_be_sure, asking(view).values())),
    )


async def _found(visit: PageVisit, view: OwnView) -> Sequence[AskedFor]:
    """What was asked, the newest first."""
    entity = next((each.entity for each in asking(view).values()), None)
    if entity is None:
        return ()
    name = next((name for name, each in view.me.relations.items() if each.target == entity.name), None)
    if name is None or not view.shows(view.me.name, name):
        return ()
    ready = " readyAt" if view.shows(entity.name, "readyAt") else ""
    answer = await visit.ask(
        f"query Requests {{ me {{ {name}(last: {_MOST}) {{ nodes {{ id kind categories startsAt endsAt{ready} }} }} }} }}"
    )
    nodes = (answer["me"] or {name: {"nodes": []}})[name]["nodes"]
    return [_asked_for(visit, view, each) for each in reversed(nodes)]


def _asked_for(visit: PageVisit, view: OwnView, row: Mapping[str, Any]) -> AskedFor:
    due = request_due(row["startsAt"])
    return AskedFor(
        id=row["id"],
        title=visit.words.or_else("requests.title_of", row["kind"], in_words(row["kind"])),
        categories=visit.words.list([_category(view, each) for each in row["categories"] or ()]),
        since=row["startsAt"],
        due=due.isoformat(),
        is_late=due < datetime.now(UTC),
        until=row["endsAt"],
        is_open=is_in_force(row),
        is_ready=row.get("readyAt") is not None and row["endsAt"] is None,
    )


def _askable(visit: PageVisit, view: OwnView, mutation: MutationRoot) -> Askable:
    kind = mutation.constants["kind"]
    return Askable(
        mutation=mutation.name,
        kind=kind,
        title=visit.words.or_else("requests.title_of", kind, in_words(kind)),
        about=visit.words.or_else("requests.about", kind, ""),
        categories=[(each, _category(view, each)) for each in mutation.inputs["categories"].words or ()],
    )


def _category(view: OwnView, name: str) -> str:
    return next((each.words for each in view.catalog.marketplace.all_categories if each == name), in_words(name))
