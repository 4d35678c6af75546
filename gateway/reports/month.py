"""The month's report for the privacy officer: who asked for what, what was shown, what was refused."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from gateway.log.organisations import organisation_names
from gateway.log.search import Window
from gateway.log.snapshot import log_snapshot
from gateway.reports.report import Report, ReportTable
from gateway.reports.usage import FORMS, RIGHTS, UsedPlan, category_of, used_plans
from schema.access_record import ANNOUNCED, CHANGE_OUTCOMES, DESCRIBED, NOT_DONE, NOT_KNOWN
from schema.catalog import Catalog
from schema.identities import Identity
from schema.labels import Category
from schema.treatments import Treatment

# One pass: by requester, by plan, by day, by instrument.
MONTH_COUNTS: Final = """\
select grouping(role) = 0 and grouping(outcome) = 0 as by_requester, grouping(plan) = 0 as by_plan,
    grouping((at at time zone 'UTC')::date) = 0 as by_day, grouping(reference) = 0 as by_instrument,
    role, purpose, organisation_id as organisation, outcome, plan, (at at time zone 'UTC')::date as day, reference,
    count(*) filter (where outcome = 'ANSWERED') as answers,
    coalesce(sum(coalesce(refusals, 1)) filter (where outcome <> 'ANSWERED'), 0)::bigint as refusals,
    coalesce(sum(subject_count), 0)::bigint as persons, count(*) filter (where cross_border) as crossing
from veil.access_record where at >= $1 and at < $2 and outcome <> all ($3::text[])
group by grouping sets (
    (role, purpose, organisation_id, outcome), (plan), ((at at time zone 'UTC')::date),
    (reference, role, purpose, organisation_id)
)"""

_DESCRIPTIONS: Final = "select count(*) from veil.access_record where at >= $1 and at < $2 and outcome = $3"

_CHANGES_NOT_MADE: Final = """\
select count(*) filter (where outcome = $3), count(*) filter (where outcome <> $3)
from veil.access_record record where at >= $1 and at < $2 and (outcome in ($3, $4) or outcome = $5
  and not exists (select from veil.access_record ended where ended.id = record.announces::uuid))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    """How many records have something in common, and how many persons and borders these name."""

    by_requester: bool
    by_plan: bool
    by_day: bool
    by_instrument: bool
    role: str | None
    purpose: str | None
    organisation: str | None
    """By its name, where that is known."""
    outcome: str | None
    plan: Any
    day: date | None
    reference: str | None
    answers: int
    refusals: int
    persons: int
    crossing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMonth:
    """A month in UTC."""

    year: int
    month: int

    @property
    def window(self) -> Window:
        following = (self.year + self.month // 12, self.month % 12 + 1)
        return Window(since=datetime(self.year, self.month, 1, tzinfo=UTC), until=datetime(*following, 1, tzinfo=UTC))


async def month_report(connection: Any, catalog: Catalog, month: ReportMonth) -> Report:
    """The report of a month."""
    window = month.window
    async with log_snapshot(connection):
        rows = await connection.fetch(MONTH_COUNTS, window.since, window.until, (DESCRIBED, *CHANGE_OUTCOMES))
        described = await connection.fetchval(_DESCRIPTIONS, window.since, window.until, DESCRIBED)
        not_made = await connection.fetchrow(
            _CHANGES_NOT_MADE, window.since, window.until, NOT_DONE, NOT_KNOWN, ANNOUNCED
        )
        named = await organisation_names(
            connection, catalog, (row["organisation"] for row in rows if row["organisation"])
        )
        counts = [replace(_Count(**dict(row)), organisation=_named(row["organisation"], named)) for row in rows]
        plans = await used_plans(connection, (each.plan for each in counts if each.by_plan))
    days = sorted((each for each in counts if each.by_day), key=lambda each: each.day or date.min)
    totals = [sum(getattr(each, name) for each in days) for name in ("answers", "refusals", "persons", "crossing")]
    return Report(
        title=f"Access to personal data in {window.since:%B %Y}",
        paragraphs=[
            "Requests answered: {:,}. Refused: {:,}. Members named in answers, each as often as they were named: {:,}. Answers"
            " that crossed a border: {:,}. Days are in UTC.".format(*totals),
            *_described(described),
            *_not_made(*not_made),
        ],
        tables=(
            _by_requester(each for each in counts if each.by_requester),
            _by_category([each for each in counts if each.by_plan], plans, catalog),
            _by_instrument(each for each in counts if each.by_instrument and each.reference is not None),
            _refusals(each for each in counts if each.by_requester and each.refusals),
            _by_day(days),
        ),
    )


def _described(count: int) -> Sequence[str]:
    """What is said of requests that no data was read for, if there are any."""
    return [f"Requests that were told the schema or the policy alone: {count:,}."] if count else []


def _not_made(not_done: int, not_known: int) -> Sequence[str]:
    """What is said of changes that were announced and are not known to have been made, if there are any."""
    if not not_done + not_known:
        return []
    return [
        f"Changes announced and not made: {not_done:,}. Announced, and not known whether they were made: {not_known:,}."
    ]


def _named(organisation: Identity | None, names: Mapping[Identity, str]) -> str | None:
    if organisation is None:
        return None
    return f"{names[organisation]} ({organisation})" if organisation in names else str(organisation)


def _known(value: object) -> str:
    return "–" if value is None else str(value)


def _requester(count: _Count) -> tuple[str, str, str]:
    return _known(count.role), _known(count.purpose), _known(count.organisation)


def _by_requester(counts: Iterable[_Count]) -> ReportTable:
    sums: dict[tuple[str, str, str], list[int]] = {}
    for each in counts:
        total = sums.setdefault(_requester(each), [0, 0, 0, 0])
        for place, number in enumerate((each.answers, each.refusals, each.persons, each.crossing)):
            total[place] += number
    columns = ("role", "purpose", "organisation", "answers", "refusals", "members", "across a border")
    return ReportTable(
        heading="Who asked", columns=columns, rows=[(*who, *total) for who, total in sorted(sums.items())]
    )


def _by_category(counts: Sequence[_Count], plans: Mapping[Any, UsedPlan], catalog: Catalog) -> ReportTable:
    """Answers by what they may have shown at the most."""
    answers: dict[tuple[str, str, str, str], int] = {}
    for each in counts:
        if plan := plans.get(each.plan):
            for shown in _shown(plan, catalog):
                key = (plan.role, plan.purpose, *shown)
                answers[key] = answers.get(key, 0) + each.answers
    columns = ("role", "purpose", "category", "at the most", "answers")
    return ReportTable(
        heading="What answers may have shown",
        columns=columns,
        rows=[(*key, count) for key, count in sorted(answers.items())],
    )


def _shown(plan: UsedPlan, catalog: Catalog) -> Iterator[tuple[str, str]]:
    most: dict[Category, str] = {}
    done: dict[tuple[str, str], None] = {}
    for field, treatment in plan.fields.items():
        category = category_of(field, catalog)
        if category and not category.is_open and treatment in RIGHTS:
            done[category.words, FORMS[treatment]] = None
        elif category and not category.is_open:
            known = most.get(category, treatment)
            most[category] = max(known, treatment, key=lambda each: Treatment(each).openness)
    for category, treatment in most.items():
        yield category.words, FORMS.get(treatment, treatment.lower())
    yield from done


def _by_instrument(counts: Iterable[_Count]) -> ReportTable:
    rows = sorted(
        (_known(each.reference), *_requester(each), each.answers, each.refusals, each.persons) for each in counts
    )
    columns = ("instrument", "role", "purpose", "organisation", "answers", "refusals", "members")
    return ReportTable(heading="Under a legal instrument", columns=columns, rows=rows)


def _refusals(counts: Iterable[_Count]) -> ReportTable:
    rows = sorted((_known(each.outcome), *_requester(each), each.refusals) for each in counts)
    columns = ("code", "role", "purpose", "organisation", "refusals")
    return ReportTable(heading="What was refused", columns=columns, rows=rows)


def _by_day(counts: Iterable[_Count]) -> ReportTable:
    rows = [(_known(each.day), each.answers, each.refusals, each.persons, each.crossing) for each in counts]
    columns = ("day", "answers", "refusals", "members", "across a border")
    return ReportTable(heading="Day by day", columns=columns, rows=rows)
