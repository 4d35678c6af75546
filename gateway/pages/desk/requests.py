"""The pages of what members ask of their data: what is open and since when, carried out by an officer, with its receipts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.asking import NotAnswered
from gateway.pages.desk.officer import CARRYING_OUT, OfficerView
from gateway.pages.problems import PageProblem, problem_of
from gateway.pages.request_terms import request_due
from gateway.pages.visiting import NothingOffered, PageVisit
from schema.catalog import MutationRoot
from schema.rights import CarryOutField, EndField

_REQUESTS: Final = "/desk/requests"
_PER_PAGE: Final = 50
_MOST: Final = 100
_ASKED: Final = "nodes { id kind categories startsAt endsAt } pageInfo { hasNextPage endCursor }"
_REQUEST: Final = ("id", "kind", "categories", "startsAt", "endsAt", "readyAt")
_COPIED: Final = ("ACCESS", "RETURN")
"""The kinds of requests that a copy answers."""

_RECEIPT: Final = (
    *("id", "carriedOutAt", "carriedOutBy", "categories", "backupsUntil", "policy", "guardianship", "request { id }"),
    "lines { category type destroyed held reason heldUntil }",
)

_REMOVAL: Final = ("id", "minor", "name", "contact", "relation", "message", "receivedAt")


async def open_requests_page(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, CARRYING_OUT)
    if not view.shows("Query", "dataRequests"):
        raise NothingOffered
    now = datetime.now(UTC)
    document = (
        "query OpenRequests($first: Int, $after: String, $open: DataRequestFilter, $ending: DataRequestFilter) {"
        f" open: dataRequests(first: $first, after: $after, orderBy: [{{startsAt: ASC}}], filter: $open) {{ {_ASKED} }}"
        f" ending: dataRequests(first: {_MOST}, orderBy: [{{startsAt: ASC}}], filter: $ending) {{ {_ASKED} }}"
        f" {_whose(view)} }}"
    )
    begun = {"lte": now.isoformat()}
    variables = {
        "first": _PER_PAGE,
        "after": visit.parameter("after"),
        "open": {"startsAt": begun, "endsAt": {"isNull": True}},
        "ending": {"startsAt": begun, "endsAt": {"gt": now.isoformat()}},
    }
    answer = await visit.ask(document, variables, view.purpose)
    is_first = not visit.parameter("after")
    found = [*(answer["ending"]["nodes"] if is_first else ()), *answer["open"]["nodes"]]
    return visit.page(
        "desk/requests.html",
        requests=[_with_term(each, now) for each in sorted(found, key=lambda each: each["startsAt"])],
        info=answer["open"]["pageInfo"],
        whose=_by_request(answer),
        receipts=(await _receipts(visit, view))[:10],
        removals=await _removals(visit, view),
    )


def _whose(view: OfficerView) -> str:
    """Members with an open request are shown by their names; a request itself does not say whose it is."""
    if not view.shows("Query", "members") or not view.shows("Member", "requests"):
        return ""
    shown = " ".join(view.of_these("Member", ("id", "name", "email")))
    return f"members(first: {_MOST}) {{ nodes {{ {shown} requests(first: {_MOST}) {{ nodes {{ id }} }} }} }}"


def _by_request(answer: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    members = (answer.get("members") or {"nodes": []})["nodes"]
    return {request["id"]: member for member in members for request in member["requests"]["nodes"]}


def _with_term(request: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    due = request_due(request["startsAt"])
    return {**request, "due": due.isoformat(), "is_late": due < now}


async def _receipts(visit: PageVisit, view: OfficerView) -> Sequence[Mapping[str, Any]]:
    """The newest first; none where there is no such thing."""
    if not view.shows("Query", "destructionReceipts"):
        return ()
    shown = " ".join(view.of_these("DestructionReceipt", _RECEIPT))
    document = f"query Receipts {{ destructionReceipts(last: {_MOST}) {{ nodes {{ {shown} }} }} }}"
    answer = await visit.ask(document, purpose=view.purpose)
    return list(reversed(answer["destructionReceipts"]["nodes"]))


async def _removals(visit: PageVisit, view: OfficerView) -> Sequence[Mapping[str, Any]]:
    """What parents and guardians have handed in, the newest first; none where there is no such thing."""
    if not view.shows("Query", "removalRequests"):
        return ()
    shown = " ".join(view.of_these("RemovalRequest", _REMOVAL))
    document = f"query Removals {{ removalRequests(last: {_PER_PAGE}) {{ nodes {{ {shown} }} }} }}"
    answer = await visit.ask(document, purpose=view.purpose)
    return list(reversed(answer["removalRequests"]["nodes"]))


async def request_page(visit: PageVisit) -> Response:
    """One request, what is done by carrying it out, and the receipts."""
    view = await OfficerView.of(visit, CARRYING_OUT)
    if visit.request.method == "POST":
        return await (_send(visit, view) if visit.form.get("doing") == "send" else _carry_out(visit, view))
    return await _shown(visit, view)


async def _asked(visit: PageVisit, view: OfficerView) -> Mapping[str, Any]:
    shown = " ".join(view.of_these("DataRequest", _REQUEST))
    document = f"query OneRequest($id: ID!) {{ dataRequest(id: $id) {{ {shown} }} {_whose(view)} }}"
    return await visit.ask(document, {"id": visit.request.path_params["request"]}, view.purpose)


async def _shown(visit: PageVisit, view: OfficerView, hint: str | None = None) -> Response:
    answer = await _asked(visit, view)
    request, now = answer["dataRequest"], datetime.now(UTC)
    if request is None:
        return visit.problem(PageProblem.ABSENT)
    is_open = not request["endsAt"] or datetime.fromisoformat(request["endsAt"]) > now
    return visit.page(
        "desk/request.html",
        status=PageProblem.NOT_TAKEN.status if hint else 200,
        request=_with_term(request, now),
        member=_by_request(answer).get(request["id"]),
        is_open=is_open,
        carrying_out=_mutation(visit, view, request["kind"]) if is_open else None,
        sending=_sending(visit, view, request) if is_open else None,
        receipts=[
            each for each in await _receipts(visit, view) if (each.get("request") or {}).get("id") == request["id"]
        ],
        typed=visit.form.get("shown") or "",
        hint=hint,
    )


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
    for name, each in visit.ground.catalog.mutations.items():
        if name in view.mutations and each.entity.name == "DataRequest" and isinstance(each.declaration, EndField):
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


async def _carry_out(visit: PageVisit, view: OfficerView) -> Response:
    request = (await _asked(visit, view))["dataRequest"]
    mutation = _mutation(visit, view, request["kind"]) if request else None
    if request is None or mutation is None or not isinstance(mutation.declaration, CarryOutField):
        return visit.problem(PageProblem.ABSENT)
    shown = mutation.declaration.shown
    given, passed = (", $shown: String!", f", {shown}: $shown") if shown else ("", "")
    document = f"mutation CarryOut($id: ID!{given}) {{ {mutation.name}(id: $id{passed}) {{ fields }} }}"
    variables = {"id": request["id"], **({"shown": (visit.form.get("shown") or "").strip()} if shown else {})}
    try:
        await visit.change(document, variables, view.purpose)
    except NotAnswered as problem:
        if problem_of(problem.code) is not PageProblem.NOT_TAKEN:
            raise
        return await _shown(visit, view, hint=problem.hint)
    return visit.to(f"{_REQUESTS}/{request['id']}", done="carried_out")
