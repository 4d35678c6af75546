"""The letter that answers a member who asks who was shown their data (GDPR article 15).

Made from the log as the API shows it to an officer. It names organisations and never a person, has no name of an operation,
and leaves out accesses under a legal instrument of which members must not be told yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.asking import NotAnswered
from gateway.pages.desk.log_search import LogFilter
from gateway.pages.desk.log_telling import LogTelling
from gateway.pages.desk.officer import ADMINISTRATION, OVERSIGHT, OfficerView
from gateway.pages.desk.who_has_seen import PER_PART, log_telling, records_page
from gateway.pages.problems import PageProblem, problem_of
from gateway.pages.visiting import NothingOffered, PageVisit
from schema.policy.sentences import in_words

_MOST: Final = 1_000
"""Accesses that a letter is made of. Of a longer time the officer makes several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterGroup:
    """What one recipient was shown for one purpose."""

    recipient: str
    purpose: str
    times: int
    first: str
    last: str
    shown: Sequence[str]
    references: Sequence[str]


async def reply_letter_page(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, OVERSIGHT)
    asked = replace(LogFilter.of(visit), outcome="answered")
    if not asked.member:
        return visit.to("/desk/members")
    if not view.shows("Query", "accessRecords"):
        return visit.page("desk/who_has_seen.html", has_log=False)
    member = await _member(visit, view, asked.member)
    if member is None:
        return visit.problem(PageProblem.ABSENT)
    records, is_whole = await _records(visit, view, asked)
    withheld = await _withheld(visit)
    told = [each for each in records if _may_be_told(each, withheld)]
    return visit.page(
        "desk/letter.html",
        asked=asked,
        member=member,
        groups=_groups(log_telling(visit, view), told),
        is_whole=is_whole,
        contact=view.compiler.policy.contact,
        today=datetime.now(UTC).date(),
    )


async def _records(visit: PageVisit, view: OfficerView, asked: LogFilter) -> tuple[Sequence[Mapping[str, Any]], bool]:
    """The accesses of the time, and whether they are all."""
    found: list[Mapping[str, Any]] = []
    after = None
    while len(found) < _MOST:
        part = await records_page(visit, view, {"first": PER_PART, "after": after, "filter": asked.as_input})
        found += part["nodes"]
        if not part["pageInfo"]["hasNextPage"]:
            return found, True
        after = part["pageInfo"]["endCursor"]
    return found, False


async def _member(visit: PageVisit, view: OfficerView, member: str) -> Mapping[str, Any] | None:
    shown = " ".join(view.of_these("Member", ("id", "name", "email", "city", "country")))
    return (await visit.ask(f"query WhoseLetter($id: ID!) {{ member(id: $id) {{ {shown} }} }}", {"id": member}))[
        "member"
    ]


def _may_be_told(record: Mapping[str, Any], withheld: frozenset[str] | None) -> bool:
    """Where it cannot be known until when instruments are secret, nothing under one is told."""
    reference = record.get("reference")
    return not reference or (withheld is not None and reference not in withheld)


async def _withheld(visit: PageVisit) -> frozenset[str] | None:
    """The instruments of which members must not be told yet; none where this cannot be seen."""
    try:
        view = await OfficerView.of(visit, ADMINISTRATION)
    except NothingOffered:
        return None
    if not (view.shows("Query", "legalInstruments") and view.shows("LegalInstrument", "toldFrom")):
        return None
    try:
        return await _secret(visit, view)
    except NotAnswered as problem:
        if problem_of(problem.code) is PageProblem.NOT_PERMITTED:
            return None
        raise


async def _secret(visit: PageVisit, view: OfficerView) -> frozenset[str]:
    document = (
        "query SecretInstruments($after: String, $now: DateTime) {"
        " legalInstruments(first: 100, after: $after, filter: {toldFrom: {gt: $now}}) {"
        " nodes { reference } pageInfo { hasNextPage endCursor } } }"
    )
    found: set[str] = set()
    after: str | None = None
    while True:
        variables = {"after": after, "now": datetime.now(UTC).isoformat()}
        part = (await visit.ask(document, variables, view.purpose))["legalInstruments"]
        found.update(each["reference"] for each in part["nodes"] if each["reference"])
        if not part["pageInfo"]["hasNextPage"]:
            return frozenset(found)
        after = part["pageInfo"]["endCursor"]


def _groups(telling: LogTelling, records: Sequence[Mapping[str, Any]]) -> Sequence[LetterGroup]:
    """By recipient and purpose, in their order."""
    alike: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for each in records:
        alike.setdefault((telling.recipient(each), each["purpose"]), []).append(each)
    return [_group(telling, who, alike[who]) for who in sorted(alike)]


def _group(telling: LogTelling, who: tuple[str, str], records: Sequence[Mapping[str, Any]]) -> LetterGroup:
    fields = [field for each in records for field in each.get("fields") or ()]
    return LetterGroup(
        recipient=who[0],
        purpose=in_words(who[1]),
        times=len(records),
        first=min(each["at"] for each in records),
        last=max(each["at"] for each in records),
        shown=telling.shown(fields),
        references=sorted({each["reference"] for each in records if each.get("reference")}),
    )
