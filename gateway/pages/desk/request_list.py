"""The open requests of members as a file: what each asks, since when, when it is due, and whose it is."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.csv_files import csv_file
from gateway.pages.desk.officer import CARRYING_OUT, OfficerView
from gateway.pages.request_terms import request_due
from gateway.pages.visiting import NothingOffered, PageVisit

_PER_PART: Final = 100
_MOST_PARTS: Final = 50
_HEAD: Final = ("id", "kind", "categories", "since", "due", "ends", "member", "name", "email")


async def open_requests_csv(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, CARRYING_OUT)
    if not view.shows("Query", "dataRequests"):
        raise NothingOffered
    now = datetime.now(UTC)
    found = [each async for each in _requests(visit, view)]
    whose = await _whose(visit, view)
    is_open = (each for each in found if not each["endsAt"] or datetime.fromisoformat(each["endsAt"]) > now)
    return csv_file("open-requests", [_HEAD, *(_line(each, whose.get(each["id"], {})) for each in is_open)])


def _line(request: Mapping[str, Any], member: Mapping[str, Any]) -> Sequence[str]:
    due = request_due(request["startsAt"])
    own = (request["id"], request["kind"], " ".join(request["categories"] or ()), request["startsAt"])
    theirs = (member.get(name) or "" for name in ("id", "name", "email"))
    return [*own, due.isoformat(), request["endsAt"] or "", *theirs]


async def _requests(visit: PageVisit, view: OfficerView) -> AsyncGenerator[Mapping[str, Any]]:
    """Those without an end first, then those whose end is to come, the longest open first."""
    document = (
        "query ListRequests($first: Int, $after: String, $filter: DataRequestFilter) {"
        " dataRequests(first: $first, after: $after, orderBy: [{startsAt: ASC}], filter: $filter) {"
        " nodes { id kind categories startsAt endsAt } pageInfo { hasNextPage endCursor } } }"
    )
    now = datetime.now(UTC).isoformat()
    for ends_at in ({"isNull": True}, {"gt": now}):
        after: str | None = None
        for _ in range(_MOST_PARTS):
            filters = {"startsAt": {"lte": now}, "endsAt": ends_at}
            variables = {"first": _PER_PART, "after": after, "filter": filters}
            part = (await visit.ask(document, variables, view.purpose))["dataRequests"]
            for each in part["nodes"]:
                yield each
            if not part["pageInfo"]["hasNextPage"]:
                break
            after = part["pageInfo"]["endCursor"]


async def _whose(visit: PageVisit, view: OfficerView) -> Mapping[str, Mapping[str, Any]]:
    """The members who ask, by their requests: a request itself does not say whose it is."""
    if not view.shows("Query", "members") or not view.shows("Member", "requests"):
        return {}
    shown = " ".join(view.of_these("Member", ("id", "name", "email")))
    document = (
        "query WhoAsks($first: Int, $after: String) { members(first: $first, after: $after) {"
        f" nodes {{ {shown} requests(first: 10) {{ nodes {{ id }} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    )
    found: dict[str, Mapping[str, Any]] = {}
    after: str | None = None
    for _ in range(_MOST_PARTS):
        part = (await visit.ask(document, {"first": _PER_PART, "after": after}, view.purpose))["members"]
        found |= {request["id"]: member for member in part["nodes"] for request in member["requests"]["nodes"]}
        if not part["pageInfo"]["hasNextPage"]:
            break
        after = part["pageInfo"]["endCursor"]
    return found
