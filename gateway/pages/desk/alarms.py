"""What an officer should know today: how far the log's seals are behind, who saw many persons, and who asked without a contract.

Made of what the API tells. Nothing here decides anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from gateway.pages.desk.officer import OfficerView
from gateway.pages.visiting import PageVisit

LATE_SEAL: Final = timedelta(minutes=1)
"""A seal is late if the oldest record without one is older than this. Usually it is a second."""

_NEAR: Final = 0.8
"""The part of a limit from which a requester is told of."""

_MOST: Final = 10
_SINCE: Final = timedelta(days=60)
"""Contracts that ended within this time are looked after."""

_BREADTHS: Final = """\
query SawMany($today: DateTime, $first: Int) {
  requesterBreadths(first: $first, filter: {day: {gte: $today}}, orderBy: [{persons: DESC}]) {
    nodes { role persons records(first: 1) { nodes { requester organisation { name } } } }
  }
}"""

_ENDED: Final = """\
query EndedContracts($since: DateTime, $now: DateTime) {
  contracts(first: 100, orderBy: [{endsAt: DESC}], filter: {endsAt: {gte: $since, lte: $now}}) {
    nodes { endsAt organisation { id name } }
  }
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealLag:
    """How far the seals of the log are behind."""

    sealed_at: str | None
    """When the log was last sealed; none if it never was."""
    oldest: str | None
    """When the oldest record came that is not sealed; none if all are."""
    is_late: bool


async def seal_lag(visit: PageVisit, view: OfficerView, now: datetime) -> SealLag | None:
    """None where the log cannot be asked."""
    if not (view.shows("Query", "logCheckpoints") and view.shows("Query", "accessRecords")):
        return None
    found = (await visit.ask("query LastSeal { logCheckpoints(first: 1) { nodes { at } } }"))["logCheckpoints"]["nodes"]
    sealed_at = found[0]["at"] if found else None
    document = (
        "query NotSealed($filter: AccessRecordFilter) { accessRecords(last: 1, filter: $filter) { nodes { at } } }"
    )
    # Records of every outcome are sealed.
    wanted = {"outcome": {"isNull": False}, **({"at": {"gt": sealed_at}} if sealed_at else {})}
    records = (await visit.ask(document, {"filter": wanted}))["accessRecords"]
    oldest = records["nodes"][0]["at"] if records["nodes"] else None
    is_late = oldest is not None and now - datetime.fromisoformat(oldest) > LATE_SEAL
    return SealLag(sealed_at=sealed_at, oldest=oldest, is_late=is_late)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreadthAlarm:
    """A requester who was shown many persons today, beside the limit of their role."""

    role: str
    organisation: str | None
    requester: str | None
    persons: int
    limit: int
    is_over: bool
    is_refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BreadthToday:
    """Who is near a limit or over it. Without limits nobody is counted."""

    has_limits: bool
    alarms: Sequence[BreadthAlarm]


async def breadth_today(visit: PageVisit, view: OfficerView, now: datetime) -> BreadthToday | None:
    """None where the log cannot be asked."""
    if not view.shows("Query", "requesterBreadths"):
        return None
    described = view.compiler.policy.role_descriptions
    limits = {role.value: each.breadth for role, each in described.items() if each.breadth}
    if not limits:
        return BreadthToday(has_limits=False, alarms=())
    today = now.astimezone(UTC).date().isoformat()
    answer = await visit.ask(_BREADTHS, {"today": f"{today}T00:00:00Z", "first": 100})
    return BreadthToday(has_limits=True, alarms=list(_alarms(answer["requesterBreadths"]["nodes"], limits))[:_MOST])


def _alarms(counted: Sequence[Mapping[str, Any]], limits: Mapping[str, Any]) -> Iterator[BreadthAlarm]:
    for each in counted:
        limit = limits.get(each["role"])
        if limit is None or each["persons"] < limit.persons * _NEAR:
            continue
        record = next(iter(each["records"]["nodes"]), {})
        is_over = each["persons"] > limit.persons
        yield BreadthAlarm(
            role=each["role"],
            organisation=(record.get("organisation") or {}).get("name"),
            requester=record.get("requester"),
            persons=each["persons"],
            limit=limit.persons,
            is_over=is_over,
            is_refused=is_over and limit.refuses,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAfterEnd:
    """An organisation that asked after its last contract had ended."""

    organisation: Mapping[str, Any]
    ended_at: str
    requests: int
    last: Mapping[str, Any]
    was_refused: bool


async def asked_after_end(
    visit: PageVisit, view: OfficerView, papers: OfficerView, now: datetime
) -> Sequence[AskedAfterEnd] | None:
    """The organisations whose last contract ended lately, and that asked since. None where this cannot be seen."""
    if not (view.shows("Query", "accessRecords") and papers.shows("Query", "contracts")):
        return None
    moments = {"since": (now - _SINCE).isoformat(), "now": now.isoformat()}
    contracts = (await visit.ask(_ENDED, moments, papers.purpose))["contracts"]["nodes"]
    latest = _latest(contracts)
    if not latest:
        return ()
    others = await visit.ask(*_in_force(latest, now), papers.purpose)
    ended = [
        each
        for position, each in enumerate(latest)
        if not any(others[f"{name}{position}"]["nodes"] for name in ("open", "ending"))
    ]
    if not ended:
        return ()
    answer = await visit.ask(*_asked_since(ended))
    return [
        AskedAfterEnd(
            organisation=organisation,
            ended_at=ended_at,
            requests=found["totalCount"],
            last=found["nodes"][0],
            was_refused=found["nodes"][0]["refusals"] is not None,
        )
        for position, (organisation, ended_at) in enumerate(ended)
        if (found := answer[f"asked{position}"])["nodes"]
    ]


_Ended = tuple[Mapping[str, Any], str]
"""An organisation, and when its contract ended."""


def _latest(contracts: Sequence[Mapping[str, Any]]) -> Sequence[_Ended]:
    """Each organisation with its contract that ended last, of contracts of which the last comes first."""
    ends: dict[str, _Ended] = {}
    for each in contracts:
        if organisation := each["organisation"]:
            ends.setdefault(organisation["id"], (organisation, each["endsAt"]))
    return list(ends.values())[:_MOST]


def _in_force(ended: Sequence[_Ended], now: datetime) -> tuple[str, Mapping[str, Any]]:
    """Asks whether each organisation has another contract, without an end or with one to come."""
    asked, filters = [], {}
    for position, (organisation, _) in enumerate(ended):
        for name, ends_at in (("open", {"isNull": True}), ("ending", {"gt": now.isoformat()})):
            asked.append(f"{name}{position}: contracts(first: 1, filter: ${name}{position}) {{ nodes {{ id }} }}")
            filters[f"{name}{position}"] = {"organisation": {"eq": organisation["id"]}, "endsAt": ends_at}
    given = ", ".join(f"${name}: ContractFilter" for name in filters)
    return f"query OtherContracts({given}) {{ {' '.join(asked)} }}", filters


def _asked_since(ended: Sequence[_Ended]) -> tuple[str, Mapping[str, Any]]:
    """A question about each organisation, in one document."""
    given = ", ".join(f"$filter{position}: AccessRecordFilter" for position in range(len(ended)))
    asked = " ".join(
        f"asked{position}: accessRecords(first: 1, filter: $filter{position})"
        " { nodes { at purpose outcome refusals } totalCount }"
        for position in range(len(ended))
    )
    filters = {
        f"filter{position}": {"organisation": {"eq": organisation["id"]}, "at": {"gte": ended_at}}
        for position, (organisation, ended_at) in enumerate(ended)
    }
    return f"query AskedAfterTheirContract({given}) {{ {asked} }}", filters
