"""The pages of what members ask of their data: what is open and since when, carried out by an officer, with its receipts."""

import enum
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.asking import NotAnswered
from gateway.pages.desk.officer import CARRYING_OUT, OfficerView
from gateway.pages.desk.removals import ENTER_REMOVAL, REMOVAL_FIELDS
from gateway.pages.desk.today import is_free
from gateway.pages.problems import PageProblem, problem_of
from gateway.pages.request_terms import request_due
from gateway.pages.visiting import NothingOffered, PageVisit
from schema.catalog import MutationRoot
from schema.rights import CarryOutField, EndField

_REQUESTS: Final = "/desk/requests"
_PER_PAGE: Final = 50
_MOST: Final = 100
_REQUEST: Final = ("id", "kind", "categories", "startsAt", "endsAt", "readyAt", "heldUntil")
_REMOVED: Final = "MINOR_REMOVAL"
_COPIED: Final = ("ACCESS", "RETURN")
"""The kinds of requests that a copy answers."""

_RECEIPT: Final = (
    *("id", "carriedOutAt", "carriedOutBy", "categories", "backupsUntil", "policy", "guardianship"),
    "lines { category type destroyed held reason heldUntil }",
)


class CategoryProgress(enum.Enum):
    """How far a category is that a request names."""

    ASKED = enum.auto()
    HELD = enum.auto()
    DONE = enum.auto()


async def open_requests_page(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, CARRYING_OUT)
    if not view.shows("Query", "dataRequests"):
        raise NothingOffered
    now = datetime.now(UTC)
    shown = f"nodes {{ {_shown_fields(view)} }} pageInfo {{ hasNextPage endCursor }}"
    has_holds = view.shows("DataRequestFilter", "heldUntil")
    over = f"over: dataRequests(first: {_MOST}, orderBy: [{{heldUntil: ASC}}], filter: $over) {{ {shown} }}"
    document = (
        "query OpenRequests($first: Int, $after: String, $open: DataRequestFilter, $ending: DataRequestFilter"
        f"{', $over: DataRequestFilter' if has_holds else ''}) {{ {over if has_holds else ''}"
        f" open: dataRequests(first: $first, after: $after, orderBy: [{{startsAt: ASC}}], filter: $open) {{ {shown} }}"
        f" ending: dataRequests(first: {_MOST}, orderBy: [{{startsAt: ASC}}], filter: $ending) {{ {shown} }} }}"
    )
    begun = {"lte": now.isoformat()}
    variables = {
        "first": _PER_PAGE,
        "after": visit.parameter("after"),
        "open": {"startsAt": begun, "endsAt": {"isNull": True}},
        "ending": {"startsAt": begun, "endsAt": {"gt": now.isoformat()}},
        **({"over": {"heldUntil": begun, "endsAt": {"isNull": True}}} if has_holds else {}),
    }
    answer = await visit.ask(document, variables, view.purpose)
    is_first = not visit.parameter("after")
    others = [answer.get("over"), answer["ending"]] if is_first else []
    found = {each["id"]: each for one in (*others, answer["open"]) if one for each in one["nodes"]}
    shown_first = sorted(found.values(), key=lambda each: (not is_free(each, now), each["startsAt"]))
    return visit.page(
        "desk/requests.html",
        requests=[_with_term(each, now) for each in shown_first],
        info=answer["open"]["pageInfo"],
        receipts=await _receipts(visit, view),
        removals=await _removals(visit, view),
        may_enter=ENTER_REMOVAL in view.mutations,
    )


def _shown_fields(view: OfficerView) -> str:
    """What is shown of a request: whose it is only where it names what they registered."""
    member = " ".join(view.of_these("Member", ("id", "name", "email")))
    removal = " ".join(view.of_these("RemovalRequest", REMOVAL_FIELDS))
    linked = (f"member {{ {member} }}", f"removalRequest {{ {removal} }}")
    return " ".join(view.of_these("DataRequest", (*_REQUEST, *linked)))


def _with_term(request: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    due = request_due(request["startsAt"])
    return {**request, "due": due.isoformat(), "is_late": due < now, "is_free": is_free(request, now)}


def _shown_receipt(view: OfficerView) -> str:
    return " ".join(view.of_these("DestructionReceipt", _RECEIPT))


async def _receipts(visit: PageVisit, view: OfficerView) -> Sequence[Mapping[str, Any]]:
    """The newest first; none where there is no such thing."""
    if not view.shows("Query", "destructionReceipts"):
        return ()
    document = f"query Receipts {{ destructionReceipts(last: 10) {{ nodes {{ {_shown_receipt(view)} }} }} }}"
    answer = await visit.ask(document, purpose=view.purpose)
    return list(reversed(answer["destructionReceipts"]["nodes"]))


async def _removals(visit: PageVisit, view: OfficerView) -> Sequence[Mapping[str, Any]] | None:
    """What parents and guardians have handed in, the newest first, with what it led to; none where there is no such thing."""
    if not view.shows("Query", "removalRequests"):
        return None
    led_to = "requests(first: 5) { nodes { id endsAt } }"
    shown = " ".join(view.of_these("RemovalRequest", (*REMOVAL_FIELDS, led_to)))
    document = f"query Removals {{ removalRequests(last: {_PER_PAGE}) {{ nodes {{ {shown} }} }} }}"
    answer = await visit.ask(document, purpose=view.purpose)
    return list(reversed(answer["removalRequests"]["nodes"]))


async def request_page(visit: PageVisit) -> Response:
    """One request, what is done by carrying it out, and the receipts."""
    view = await OfficerView.of(visit, CARRYING_OUT)
    if visit.request.method == "POST":
        doing = {"send": _send, "take_back": _take_back}.get(visit.form.get("doing") or "", _carry_out)
        return await doing(visit, view)
    return await _shown(visit, view)


async def _asked(visit: PageVisit, view: OfficerView) -> Mapping[str, Any]:
    receipts = f"receipts(last: {_MOST}) {{ nodes {{ {_shown_receipt(view)} }} }}"
    shown = f"{_shown_fields(view)} {' '.join(view.of_these('DataRequest', (receipts,)))}"
    document = f"query OneRequest($id: ID!) {{ dataRequest(id: $id) {{ {shown} }} }}"
    return await visit.ask(document, {"id": visit.request.path_params["request"]}, view.purpose)


async def _shown(visit: PageVisit, view: OfficerView, hint: str | None = None) -> Response:
    answer = await _asked(visit, view)
    request, now = answer["dataRequest"], datetime.now(UTC)
    if request is None:
        return visit.problem(PageProblem.ABSENT)
    is_open = not request["endsAt"] or datetime.fromisoformat(request["endsAt"]) > now
    receipts = list(reversed((request.get("receipts") or {"nodes": ()})["nodes"]))
    return visit.page(
        "desk/request.html",
        status=PageProblem.NOT_TAKEN.status if hint else 200,
        request=_with_term(request, now),
        member=request.get("member"),
        is_open=is_open,
        carrying_out=_mutation(visit, view, request["kind"]) if is_open else None,
        progress=_progress(request, receipts),
        ticked=visit.form.all("categories"),
        sending=_sending(visit, view, request) if is_open else None,
        taking_back=_ending(visit, view, "endsAt") if is_open and request["kind"] == _REMOVED else None,
        receipts=receipts,
        typed=visit.form.get("shown") or "",
        hint=hint,
    )


def _progress(
    request: Mapping[str, Any], receipts: Sequence[Mapping[str, Any]]
) -> Sequence[tuple[str, CategoryProgress]]:
    """How far each category of a request is, by the newest receipt that is about it."""
    return [(each, _progress_of(each, receipts)) for each in request["categories"]]


def _progress_of(category: str, receipts: Sequence[Mapping[str, Any]]) -> CategoryProgress:
    newest = next((each for each in receipts if category in each["categories"]), None)
    if newest is None:
        return CategoryProgress.ASKED
    is_held = any(each["held"] for each in newest["lines"] or () if each["category"] == category)
    return CategoryProgress.HELD if is_held else CategoryProgress.DONE


def _mutation(visit: PageVisit, view: OfficerView, kind: str) -> MutationRoot | None:
    """What carries out a request of this kind; none if this officer may not."""
    for name, each in visit.ground.catalog.mutations.items():
        declared = each.declaration
        if name in view.mutations and isinstance(declared, CarryOutField) and declared.kind[1] == kind:
            return each
    return None


def _sending(visit: PageVisit, view: OfficerView, request: Mapping[str, Any]) -> MutationRoot | None:
    """What sends the copy that is asked for; none if it was sent, if none is asked for, or if this officer may not."""
    if request["kind"] not in _COPIED or request.get("readyAt"):
        return None
    return _ending(visit, view, "readyAt")


def _ending(visit: PageVisit, view: OfficerView, field: str) -> MutationRoot | None:
    """What sets this time of a request; none if this officer may not."""
    for name, each in visit.ground.catalog.mutations.items():
        is_it = each.entity.name == "DataRequest" and each.ended is not None and each.ended.name == field
        if name in view.mutations and is_it and isinstance(each.declaration, EndField):
            return each
    return None


async def _send(visit: PageVisit, view: OfficerView) -> Response:
    request = (await _asked(visit, view))["dataRequest"]
    mutation = _sending(visit, view, request) if request else None
    if request is None or (mutation is None and not request.get("readyAt")):
        return visit.problem(PageProblem.ABSENT)
    # A form that is sent twice finds the copy sent, and leads to the same page.
    if mutation is not None:
        document = f"mutation SendCopy($id: ID!) {{ {mutation.name}(id: $id) {{ fields }} }}"
        await visit.change(document, {"id": request["id"]}, view.purpose)
    return visit.to(f"{_REQUESTS}/{request['id']}", done="copy_sent")


async def _take_back(visit: PageVisit, view: OfficerView) -> Response:
    request = (await _asked(visit, view))["dataRequest"]
    mutation = _ending(visit, view, "endsAt") if request and request["kind"] == _REMOVED else None
    if request is None or mutation is None:
        return visit.problem(PageProblem.ABSENT)
    document = f"mutation TakeBack($id: ID!) {{ {mutation.name}(id: $id) {{ fields }} }}"
    await visit.change(document, {"id": request["id"]}, view.purpose)
    return visit.to(f"{_REQUESTS}/{request['id']}", done="removal_ended")


async def _carry_out(visit: PageVisit, view: OfficerView) -> Response:
    request = (await _asked(visit, view))["dataRequest"]
    mutation = _mutation(visit, view, request["kind"]) if request else None
    if request is None or mutation is None or not isinstance(mutation.declaration, CarryOutField):
        return visit.problem(PageProblem.ABSENT)
    shown = mutation.declaration.shown
    given, passed = (", $shown: String!", f", {shown}: $shown") if shown else ("", "")
    document = (
        f"mutation CarryOut($id: ID!, $of: [String!]!{given}) {{"
        f" {mutation.name}(id: $id, categories: $of{passed}) {{ fields }} }}"
    )
    # Where nothing is ticked the API refuses, so that it is never taken for all.
    variables = {
        "id": request["id"],
        "of": visit.form.all("categories"),
        **({"shown": (visit.form.get("shown") or "").strip()} if shown else {}),
    }
    try:
        await visit.change(document, variables, view.purpose)
    except NotAnswered as problem:
        if problem_of(problem.code) is not PageProblem.NOT_TAKEN:
            raise
        return await _shown(visit, view, hint=problem.hint)
    return visit.to(f"{_REQUESTS}/{request['id']}", done="carried_out")
