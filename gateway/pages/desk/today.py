"""The officer's first page: which requests are open, which papers end soon, what was refused last, and alarms."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from starlette.responses import Response

from gateway.pages.asking import NotAnswered
from gateway.pages.desk.alarms import AskedAfterEnd, asked_after_end, breadth_today, seal_lag
from gateway.pages.desk.officer import ADMINISTRATION, OVERSIGHT, OfficerView
from gateway.pages.problems import PageProblem, problem_of
from gateway.pages.request_terms import request_due
from gateway.pages.visiting import NothingOffered, PageVisit

SOON: Final = timedelta(days=60)
"""A paper that ends within this time is told of."""

_MOST: Final = 10
_LISTS: Final = (
    *(("contracts", "Contract"), ("legalInstruments", "LegalInstrument"), ("campaigns", "Campaign")),
    ("businessTransfers", "BusinessTransfer"),
)


async def today_page(visit: PageVisit) -> Response:
    now = datetime.now(UTC)
    view = await OfficerView.of(visit, OVERSIGHT)
    # Before anything else is asked, which is recorded too.
    lag = await seal_lag(visit, view, now)
    answer = await visit.ask(_document(view), _moments(now))
    return visit.page(
        "desk/today.html",
        requests=_requests(answer, now),
        refusals=(answer.get("accessRecords") or {}).get("nodes"),
        papers=await _of_papers(_papers(visit, now)),
        lag=lag,
        breadth=await breadth_today(visit, view, now),
        without_contract=await _of_papers(_without_contract(visit, view, now)),
    )


def _moments(now: datetime) -> Mapping[str, Any]:
    return {"now": now.isoformat(), "most": _MOST}


def _document(view: OfficerView) -> str:
    asked: list[str] = ["__typename"]
    if view.shows("Query", "dataRequests"):
        held = " ".join(view.of_these("DataRequest", ("heldUntil",)))
        shown = f"nodes {{ id kind categories startsAt endsAt {held} }} totalCount"
        order = "first: $most, orderBy: [{startsAt: ASC}]"
        asked += [
            f"open: dataRequests({order}, filter: {{endsAt: {{isNull: true}}, startsAt: {{lte: $now}}}}) {{ {shown} }}",
            f"ending: dataRequests({order}, filter: {{endsAt: {{gt: $now}}, startsAt: {{lte: $now}}}}) {{ {shown} }}",
        ]
        if view.shows("DataRequestFilter", "heldUntil"):
            over = "first: $most, orderBy: [{heldUntil: ASC}], filter: {heldUntil: {lte: $now}, endsAt: {isNull: true}}"
            asked.append(f"over: dataRequests({over}) {{ {shown} }}")
    if view.shows("Query", "accessRecords"):
        refused = "first: $most, filter: {refusals: {gte: 1}}"
        told = "nodes { id at role purpose outcome refusals organisation { id name } }"
        asked.append(f"accessRecords({refused}) {{ {told} }}")
    return f"query Today($now: DateTime, $most: Int) {{ {' '.join(asked)} }}"


def _requests(answer: Mapping[str, Any], now: datetime) -> Sequence[Mapping[str, Any]] | None:
    """Those that are open: whose hold is over before the others, then the longest first; none where they are not shown."""
    if "open" not in answer:
        return None
    lists = (answer.get("over"), answer["open"], answer["ending"])
    by_id = {each["id"]: each for one in lists if one for each in one["nodes"]}
    found = [
        {**each, "is_late": _is_late(each["startsAt"], now), "is_free": is_free(each, now)} for each in by_id.values()
    ]
    return sorted(found, key=lambda each: (not each["is_free"], each["startsAt"] or ""))[:_MOST]


def is_free(request: Mapping[str, Any], now: datetime) -> bool:
    """Whether something of it was held, and can be destroyed by now."""
    until = request.get("heldUntil")
    return until is not None and datetime.fromisoformat(until) <= now


def _is_late(since: str | None, now: datetime) -> bool:
    return since is not None and request_due(since) < now


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePapers:
    """Papers that somebody has to look at, each with its list and its kind."""

    ending: Sequence[tuple[str, str, Mapping[str, Any]]]
    unapproved: Sequence[tuple[str, str, Mapping[str, Any]]]


_TOLD: Final = ("organisation { name }", "endsAt", "name", "reference", "purposes")


_Found = TypeVar("_Found")


async def _of_papers(asking: Awaitable[_Found]) -> _Found | None:
    """What is told of papers; none where no officer sees them."""
    try:
        return await asking
    except NothingOffered:
        return None
    except NotAnswered as problem:
        # An officer whose token is not for papers sees the rest of the page.
        if problem_of(problem.code) is PageProblem.NOT_PERMITTED:
            return None
        raise


async def _without_contract(visit: PageVisit, view: OfficerView, now: datetime) -> Sequence[AskedAfterEnd] | None:
    return await asked_after_end(visit, view, await OfficerView.of(visit, ADMINISTRATION), now)


async def _papers(visit: PageVisit, now: datetime) -> DuePapers:
    view = await OfficerView.of(visit, ADMINISTRATION)
    asked = _papers_document(view)
    answer = await visit.ask(asked, {**_moments(now), "soon": (now + SOON).isoformat()}, view.purpose)
    found = [
        (state, (name, kind, each))
        for name, kind in _LISTS
        for state in ("ending", "unapproved")
        for each in (answer.get(f"{state}_{name}") or {"nodes": ()})["nodes"]
        if not each["endsAt"] or datetime.fromisoformat(each["endsAt"]) > now
    ]
    return DuePapers(
        ending=sorted((each for state, each in found if state == "ending"), key=lambda each: each[2]["endsAt"]),
        unapproved=[each for state, each in found if state == "unapproved"],
    )


def _papers_document(view: OfficerView) -> str:
    asked = ["__typename"]
    for name, kind in _LISTS:
        if not view.shows("Query", name):
            continue
        shown = f"{{ nodes {{ id {' '.join(view.of_these(kind, _TOLD))} }} }}"
        ends = "first: $most, orderBy: [{endsAt: ASC}], filter: {endsAt: {gt: $now, lt: $soon}}"
        asked.append(f"ending_{name}: {name}({ends}) {shown}")
        if view.shows(f"{kind}Filter", "approvedAt"):
            asked.append(f"unapproved_{name}: {name}(first: $most, filter: {{approvedAt: {{isNull: true}}}}) {shown}")
    return f"query PapersDue($now: DateTime, $soon: DateTime, $most: Int) {{ {' '.join(asked)} }}"
