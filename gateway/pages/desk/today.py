"""The officer's first page: which requests are open, which papers end soon, and what was refused last."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.asking import NotAnswered
from gateway.pages.desk.officer import ADMINISTRATION, OVERSIGHT, OfficerView
from gateway.pages.problems import PageProblem, problem_of
from gateway.pages.visiting import NothingOffered, PageVisit
from schema.policy.sentences import in_words

SOON: Final = timedelta(days=60)
"""A paper that ends within this time is told of."""

_MOST: Final = 10
_TERM: Final = timedelta(days=30)
"""After which a member has waited for longer than the month that GDPR article 12 gives."""

_ENDING: Final = (("contracts", "Contract"), ("legalInstruments", "LegalInstrument"), ("campaigns", "Campaign"))


async def today_page(visit: PageVisit) -> Response:
    now = datetime.now(UTC)
    answer = await visit.ask(_document(await OfficerView.of(visit, OVERSIGHT)), _moments(now))
    return visit.page(
        "desk/today.html",
        requests=_requests(answer, now),
        refusals=(answer.get("accessRecords") or {}).get("nodes"),
        ending=await _ending(visit, now),
        in_words=in_words,
    )


def _moments(now: datetime) -> Mapping[str, Any]:
    return {"now": now.isoformat(), "most": _MOST}


def _document(view: OfficerView) -> str:
    asked: list[str] = ["__typename"]
    if view.shows("Query", "dataRequests"):
        shown = "nodes { id kind categories startsAt endsAt } totalCount"
        order = "first: $most, orderBy: [{startsAt: ASC}]"
        asked += [
            f"open: dataRequests({order}, filter: {{endsAt: {{isNull: true}}, startsAt: {{lte: $now}}}}) {{ {shown} }}",
            f"ending: dataRequests({order}, filter: {{endsAt: {{gt: $now}}, startsAt: {{lte: $now}}}}) {{ {shown} }}",
        ]
    if view.shows("Query", "accessRecords"):
        # Every other outcome sorts behind it.
        refused = 'first: $most, filter: {outcome: {gt: "ANSWERED"}}'
        told = "nodes { id at role purpose outcome refusals organisation { id name } }"
        asked.append(f"accessRecords({refused}) {{ {told} }}")
    return f"query Today($now: DateTime, $most: Int) {{ {' '.join(asked)} }}"


def _requests(answer: Mapping[str, Any], now: datetime) -> Sequence[Mapping[str, Any]] | None:
    """Those that are open, the longest first; none where they are not shown."""
    if "open" not in answer:
        return None
    found = sorted([*answer["open"]["nodes"], *answer["ending"]["nodes"]], key=lambda each: each["startsAt"] or "")
    return [{**each, "is_late": _is_late(each["startsAt"], now)} for each in found[:_MOST]]


def _is_late(since: str | None, now: datetime) -> bool:
    return since is not None and now - datetime.fromisoformat(since) > _TERM


async def _ending(visit: PageVisit, now: datetime) -> Sequence[tuple[str, Mapping[str, Any]]] | None:
    """Papers that end soon, each with its kind; none where no officer sees papers."""
    try:
        view = await OfficerView.of(visit, ADMINISTRATION)
    except NothingOffered:
        return None
    ends = "first: $most, orderBy: [{endsAt: ASC}], filter: {endsAt: {gt: $now, lt: $soon}}"
    lists = [(name, kind) for name, kind in _ENDING if view.shows("Query", name)]
    if not lists:
        return None
    asked = (f"{name}({ends}) {{ nodes {{ id {' '.join(view.of_these(kind, _TOLD))} }} }}" for name, kind in lists)
    document = f"query PapersEndingSoon($now: DateTime, $soon: DateTime, $most: Int) {{ {' '.join(asked)} }}"
    try:
        answer = await visit.ask(document, {**_moments(now), "soon": (now + SOON).isoformat()}, view.purpose)
    except NotAnswered as problem:
        # An officer whose token is not for papers sees the rest of the page.
        if problem_of(problem.code) is PageProblem.NOT_PERMITTED:
            return None
        raise
    found = [(kind, each) for name, kind in lists for each in answer[name]["nodes"]]
    return sorted(found, key=lambda each: each[1]["endsAt"])


_TOLD: Final = ("organisation { name }", "endsAt", "name", "reference", "purposes")
