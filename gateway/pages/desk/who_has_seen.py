"""The page of who has seen what: the log, the newest first, by member, requester, organisation, field and time; and as CSV."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response, StreamingResponse

from gateway.pages.asking import NotAnswered
from gateway.pages.csv_files import csv_headers, csv_line
from gateway.pages.desk.log_search import LogFilter
from gateway.pages.desk.log_telling import LogTelling
from gateway.pages.desk.officer import OVERSIGHT, OfficerView
from gateway.pages.visiting import PageVisit

_PER_PAGE: Final = 20
PER_PART: Final = 100
_MOST_LINES: Final = 10_000
"""Records that one CSV file has at most."""

_WANTED: Final = (
    *("id", "at", "requester", "role", "purpose", "reference", "policy", "operation", "subjectCount", "outcome"),
    *("refusals", "crossBorder", "organisation { id name }", "fields { field treatment }"),
)
_CELLS: Final = ("at", "role", "purpose", "outcome", "subjectCount", "reference", "requester", "id")


async def records_page(visit: PageVisit, view: OfficerView, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """A page of the log: `nodes` and `pageInfo`. Looking is recorded."""
    document = (
        "query WhoHasSeenWhat($first: Int, $after: String, $last: Int, $before: String, $filter: AccessRecordFilter) {"
        " accessRecords(first: $first, after: $after, last: $last, before: $before, filter: $filter) {"
        f" nodes {{ {' '.join(view.of_these('AccessRecord', _WANTED))} }}"
        " pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"
    )
    return (await visit.ask(document, variables))["accessRecords"]


def log_telling(visit: PageVisit, view: OfficerView) -> LogTelling:
    marketplace = visit.ground.catalog.marketplace
    return LogTelling(words=visit.words, policy=view.compiler.policy, marketplace=marketplace)


async def who_has_seen_page(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, OVERSIGHT)
    if not view.shows("Query", "accessRecords"):
        return visit.page("desk/who_has_seen.html", has_log=False)
    asked = LogFilter.of(visit)
    before, after = visit.parameter("before"), visit.parameter("after")
    page = {"last": _PER_PAGE, "before": before} if before else {"first": _PER_PAGE, "after": after}
    found = await records_page(visit, view, {**page, "filter": asked.as_input})
    telling = log_telling(visit, view)
    return visit.page(
        "desk/who_has_seen.html",
        has_log=True,
        asked=asked,
        entries=[telling.entry(each) for each in found["nodes"]],
        info=found["pageInfo"],
        is_first=not (before or after),
        organisations=await organisations_to_choose(visit),
        roles=view.compiler.policy.role_descriptions,
    )


async def organisations_to_choose(visit: PageVisit) -> Sequence[Mapping[str, Any]]:
    answer = await visit.ask("query Organisations { organisations(first: 100) { nodes { id name kind country } } }")
    return sorted(answer["organisations"]["nodes"], key=lambda each: each["name"] or "")


async def who_has_seen_csv(visit: PageVisit) -> Response:
    """The same as a file: a line for each field of each record."""
    view = await OfficerView.of(visit, OVERSIGHT)
    if not view.shows("Query", "accessRecords"):
        return await who_has_seen_page(visit)
    # The first part is asked before the answer begins, so that a refusal is told as a page.
    first = await records_page(visit, view, {"first": PER_PART, "filter": LogFilter.of(visit).as_input})
    lines = _lines(visit, view, first)
    return StreamingResponse(lines, headers=csv_headers("who-has-seen-what"), media_type="text/csv")


async def _lines(visit: PageVisit, view: OfficerView, part: Mapping[str, Any]) -> AsyncGenerator[str]:
    yield csv_line([*_CELLS, "organisation", "field", "treatment"])
    asked, count = LogFilter.of(visit).as_input, 0
    while True:
        for record in part["nodes"]:
            count += 1
            before = [str(record.get(name) or "") for name in _CELLS]
            before.append((record.get("organisation") or {}).get("name") or "")
            for field in record.get("fields") or [{"field": "", "treatment": ""}]:
                yield csv_line([*before, field["field"], field["treatment"]])
        info = part["pageInfo"]
        if not info["hasNextPage"] or count >= _MOST_LINES:
            return
        try:
            part = await records_page(visit, view, {"first": PER_PART, "after": info["endCursor"], "filter": asked})
        except NotAnswered:
            yield csv_line([visit.words("csv.broke_off")])
            return
