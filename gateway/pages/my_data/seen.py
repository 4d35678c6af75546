"""The page of who has seen a member's data: the newest first, a page at a time, by time and organisation, and as CSV."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response, StreamingResponse

from gateway.pages.asking import NotAnswered
from gateway.pages.csv_files import csv_headers, csv_line
from gateway.pages.my_data.own_view import OwnView, visit_view
from gateway.pages.my_data.sightings import Sighting, Telling
from gateway.pages.periods import day_in_address, period_as_input
from gateway.pages.visiting import PageVisit
from schema.catalog import Scalar

PER_PAGE: Final = 20
_PER_PART: Final = 100
_MOST_ORGANISATIONS: Final = 100
_MOST_LINES: Final = 10_000
"""Records that one CSV file has at most."""

_WANTED: Final = ("id", "at", "role", "purpose", "policy", "reference", "outcome", "announces")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFilter:
    """What of the log is looked at, as the address says it. What cannot be read there is left out."""

    since: str = ""
    until: str = ""
    organisation: str = ""
    with_own: bool = False

    @classmethod
    def of(cls, visit: PageVisit) -> "SeenFilter":
        return cls(
            since=day_in_address(visit.parameter("since")),
            until=day_in_address(visit.parameter("until")),
            organisation=visit.parameter("organisation") or "",
            with_own=visit.parameter("own") == "yes",
        )

    @property
    def parameters(self) -> Mapping[str, str]:
        """The same, for an address."""
        named = {"since": self.since, "until": self.until, "organisation": self.organisation}
        return {**{name: value for name, value in named.items() if value}, **({"own": "yes"} if self.with_own else {})}

    def as_input(self, view: OwnView) -> Mapping[str, Any]:
        """As the API takes it. Of one's own looks nothing is shown unless it is asked for."""
        at = period_as_input(self.since, self.until)
        others = sorted(each.value for each in view.catalog.marketplace.purposes if each is not view.purpose)
        return {
            **({"at": at} if at else {}),
            **({"organisation": {"eq": self.organisation}} if self.organisation else {}),
            **({} if self.with_own else {"purpose": {"in": others}}),
        }


def seen_document(view: OwnView, *, with_organisations: bool = False) -> str:
    """The question of this page, of what the view has.

    With all organisations to choose from, so that the list tells nothing of who has looked.
    """
    assert view.log  # noqa: S101 - whoever asks has looked
    record = view.catalog.entities[view.log.target]
    wanted = [name for name in _WANTED if view.shows(record.name, name)]
    if view.shows(record.name, "organisation"):
        wanted.append("organisation { id name }")
    wanted.append("fields { field treatment clauses }")
    own = [each.name for each in view.columns(view.me) if each.scalar is Scalar.TEXT and each.label.identifiers]
    own += [each.coarse for each in view.columns(view.me) if each.coarse and view.shows(view.me.name, each.coarse)]
    is_offered = with_organisations and view.shows("Query", "organisations")
    organisations = f" organisations(first: {_MOST_ORGANISATIONS}) {{ nodes {{ id name }} }}" if is_offered else ""
    arguments = "first: $first, after: $after, last: $last, before: $before, filter: $filter"
    return (
        f"query WhoHasSeen($first: Int, $after: String, $last: Int, $before: String, $filter: {record.name}Filter) {{"
        f" me {{ {' '.join(dict.fromkeys(own))} {view.log.name}({arguments}) {{ nodes {{ {' '.join(wanted)} }}"
        f" pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}{organisations} }}"
    )


async def seen_page(visit: PageVisit) -> Response:
    view = await visit_view(visit)
    if view.log is None:
        return visit.page("my_data/seen.html", has_log=False)
    asked = SeenFilter.of(visit)
    before, after = visit.parameter("before"), visit.parameter("after")
    page = {"last": PER_PAGE, "before": before} if before else {"first": PER_PAGE, "after": after}
    document = seen_document(view, with_organisations=True)
    answer = await visit.ask(document, {**page, "filter": asked.as_input(view)})
    sightings, info = _told_sightings(visit, view, answer)
    return visit.page(
        "my_data/seen.html",
        has_log=True,
        sightings=sightings,
        info=info,
        asked=asked,
        organisations=_organisations(answer),
        is_first=not (before or after),
    )


async def latest_sightings(visit: PageVisit, view: OwnView, count: int) -> Sequence[Sighting]:
    """The newest looks of others; none where the log cannot be asked."""
    if view.log is None:
        await visit.ask("query MyData { me { id } }")
        return ()
    found, _ = await _sightings(visit, view, {"first": count, "filter": SeenFilter().as_input(view)})
    return found


async def _sightings(
    visit: PageVisit, view: OwnView, variables: Mapping[str, Any]
) -> tuple[Sequence[Sighting], Mapping[str, Any]]:
    return _told_sightings(visit, view, await visit.ask(seen_document(view), variables))


def _told_sightings(
    visit: PageVisit, view: OwnView, answer: Mapping[str, Any]
) -> tuple[Sequence[Sighting], Mapping[str, Any]]:
    assert view.log  # noqa: S101 - whoever asks has looked
    me = answer["me"] or {}
    telling = Telling(visit.words, view, me)
    found: Mapping[str, Any] = me.get(view.log.name) or {"nodes": [], "pageInfo": {}}
    # What became of a change has an entry of its own. Its announcement says nothing more.
    listed = {each["id"].rpartition(":")[2] for each in found["nodes"]}
    told = [each for each in found["nodes"] if each.get("announces") not in listed]
    return [telling.sighting(each) for each in told], found["pageInfo"]


def _organisations(answer: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found = answer.get("organisations") or {"nodes": []}
    return sorted(found["nodes"], key=lambda each: each["name"] or "")


async def seen_csv(visit: PageVisit) -> Response:
    """The same as a file: a line for each field of each record."""
    view = await visit_view(visit)
    if view.log is None:
        return await seen_page(visit)
    asked = SeenFilter.of(visit)
    # The first part is asked before the answer begins, so that a refusal is told as a page.
    first = await _sightings(visit, view, {"first": _PER_PART, "filter": asked.as_input(view)})
    headers = csv_headers("who-has-seen-my-data")
    return StreamingResponse(_lines(visit, view, asked, first), headers=headers, media_type="text/csv")


async def _lines(
    visit: PageVisit, view: OwnView, asked: SeenFilter, part: tuple[Sequence[Sighting], Mapping[str, Any]]
) -> AsyncGenerator[str]:
    columns = ("when", "who", "role", "purpose", "field", "shown", "clauses", "reference", "record")
    yield csv_line([visit.words(f"csv.{each}") for each in columns])
    count = 0
    while True:
        sightings, info = part
        for sighting in sightings:
            count += 1
            for line in _of_sighting(sighting):
                yield csv_line(line)
        if not info.get("hasNextPage") or count >= _MOST_LINES:
            return
        following = {"first": _PER_PART, "after": info["endCursor"], "filter": asked.as_input(view)}
        try:
            part = await _sightings(visit, view, following)
        except NotAnswered:
            yield csv_line([visit.words("csv.broke_off")])
            return


def _of_sighting(sighting: Sighting) -> Sequence[Sequence[str]]:
    before = [sighting.at, sighting.who, sighting.role, sighting.purpose]
    after = [sighting.reference or "", sighting.id]
    doubt = f" ({sighting.outcome})" if sighting.change else ""
    fields = [
        [each.name, f"{each.treatment}{doubt}", " ".join(name for name, _ in each.clauses)] for each in sighting.fields
    ]
    return [[*before, *field, *after] for field in fields or [["", "", ""]]]
