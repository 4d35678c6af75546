"""The record of processing (GDPR article 30): what the policy in force grants, beside what was used of it.

A class of a record is counted for each grant that shows its fields so, for its role and purpose, by its clauses.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gateway.log.search import Window
from gateway.log.snapshot import LogError, log_snapshot
from gateway.policy.explaining import matrix_cells
from gateway.policy.in_force import current_policy
from gateway.reports.report import Report, ReportTable
from gateway.reports.usage import (
    RIGHTS,
    RecordedClass,
    UsedPlan,
    category_of,
    clauses_table,
    labelled_column,
    used_plans,
)
from schema.catalog import Catalog
from schema.policy.grants import Grant, Policy, treatment_of
from schema.policy.sentences import in_words, sentence

# The classes of a record are read once: each set of them is counted with its plan.
_USED: Final = """\
select plan, classes, count(*) as answers, count(*) filter (where cross_border) as crossing, max(at) as last
from (
    select plan, at, cross_border,
        case when strpos(shown, ' ') = 0 then shown else (
            select string_agg(distinct class, '.' order by class)
            from string_to_table(translate(shown, ' ', '.'), '.') class where class <> '-'
        ) end as classes
    from veil.access_record
    where outcome = 'ANSWERED' and plan is not null
      and at >= coalesce($1::timestamptz, '-infinity') and at <= coalesce($2::timestamptz, 'infinity')
      and (at < $2) is not false
) used
group by plan, classes"""

_Granted = tuple[str, str, str, str]
"""A grant's id, a role, a purpose, and a category, field or figure that it shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingUse:
    """Answers of one plan that showed the same classes."""

    plan: Any
    """The plan's id."""
    classes: str | None
    answers: int
    crossing: int
    last: datetime


@dataclass(slots=True, kw_only=True)
class _Sum:
    """How often something was used."""

    answers: int = 0
    last: datetime | None = None

    def add(self, used: ProcessingUse) -> None:
        self.answers += used.answers
        self.last = max(self.last or used.last, used.last)

    @property
    def cells(self) -> tuple[int, str]:
        return self.answers, f"{self.last:%Y-%m-%d}" if self.last else "–"


async def processing_report(connection: Any, catalog: Catalog, window: Window) -> Report:
    """The record of processing. Raises `LogError` if no policy was ever in force, `PolicyError` if it cannot be read."""
    async with log_snapshot(connection):
        used = [ProcessingUse(**dict(row)) for row in await connection.fetch(_USED, window.since, window.until)]
        plans = await used_plans(connection, (each.plan for each in used))
        policy = await current_policy(connection, catalog)
    if policy is None:
        raise LogError("no policy is in force in this database; run `veil migrate`, or give the database of the data")
    return record_of_processing(policy, catalog, Processing(used=used, plans=plans, period=_period(window)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """What was used in a period, and the plans by their ids."""

    used: Sequence[ProcessingUse]
    plans: Mapping[Any, UsedPlan]
    period: str
    """In words."""


def record_of_processing(policy: Policy, catalog: Catalog, processing: Processing) -> Report:
    """What a policy grants, beside what was used of it."""
    used, plans = processing.used, processing.plans
    granted, others = _Attribution(policy=policy, catalog=catalog).sums(used, plans)
    cells = list(matrix_cells(policy, catalog))
    cited = [(policy.version, clause) for cell in cells for clause in cell.clauses.split()]
    return Report(
        title="Record of processing",
        paragraphs=[
            f"By the privacy policy of version {policy.version}, in effect from {policy.effective_from:%-d %B %Y}.",
            f"Questions go to {policy.contact}. The persons concerned are the marketplace's members.",
            f"Use is that of {processing.period} (UTC): answers that showed somebody's data under a grant.",
            "An answer that several grants allow alike counts for each of them.",
        ],
        tables=(
            _recipients(policy),
            _granted(policy, catalog, granted),
            _unused(policy, granted),
            _under_earlier(others),
            _transfers(used, plans),
            clauses_table(cited, {policy.version: policy}),
        ),
    )


def _period(window: Window) -> str:
    if not (window.since or window.until):
        return "all time"
    return f"{window.since or 'the beginning'} to {window.until or 'now'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attribution:
    """Says which grants of the policy allow what was shown."""

    policy: Policy
    catalog: Catalog

    def sums(
        self, used: Iterable[ProcessingUse], plans: Mapping[Any, UsedPlan]
    ) -> tuple[Mapping[_Granted, _Sum], Mapping[tuple[str, str, str, str], _Sum]]:
        """Use by grant; and by role, purpose, category and version, what no grant of this policy allows."""
        granted: dict[_Granted, _Sum] = {}
        others: dict[tuple[str, str, str, str], _Sum] = {}
        for each in used:
            if plan := plans.get(each.plan):
                allowed, not_allowed = self._of_answer(plan, plan.shown(each.classes))
                for key in allowed:
                    granted.setdefault(key, _Sum()).add(each)
                for category in not_allowed:
                    others.setdefault((plan.role, plan.purpose, category, plan.policy), _Sum()).add(each)
        return granted, others

    def _of_answer(self, plan: UsedPlan, shown: Iterable[RecordedClass]) -> tuple[set[_Granted], set[str]]:
        grants = self._grants(plan)
        allowed = {
            (grant.id, plan.role, plan.purpose, f"figures about {category}")
            for field in plan.fields
            if field.startswith("Query.") and (category := category_of(field, self.catalog))
            for grant in grants
            if category in grant.aggregates
        }
        not_allowed: set[str] = set()
        for each in shown:
            for field in each.fields:
                by_field = {
                    (grant.id, plan.role, plan.purpose, what)
                    for grant in grants
                    if (what := self._what(grant, each, field))
                }
                allowed |= by_field
                if not by_field:
                    not_allowed.add(category_of(field, self.catalog) or field)
        return allowed, not_allowed

    def _grants(self, plan: UsedPlan) -> Sequence[Grant]:
        role = self.catalog.marketplace.role_named(plan.role)
        purpose = self.catalog.marketplace.purpose_named(plan.purpose)
        # A record may be of another version, which had others.
        return self.policy.grants_for(role, purpose) if role and purpose else ()

    def _what(self, grant: Grant, shown: RecordedClass, field: str) -> str | None:
        """The category or field of the grant by which it shows a field so; none if it does not."""
        found = labelled_column(field, self.catalog)
        if found is None or not set(grant.clauses) <= set(shown.clauses):
            return None
        entity, column = found
        if right := RIGHTS.get(shown.treatment):
            scope = grant.rights.get(right)
            if scope is None or not grant.permits(right, entity, column):
                return None
            return f"{right} {field if field in scope.fields else column.label.category}"
        if treatment_of(grant, entity, column) != shown.treatment:
            return None
        if grant.covers(entity, column):
            return field if field in grant.fields else column.label.category
        # The id of a row that is shown for the sake of another field.
        return next(iter(sorted(grant.categories & entity.categories)), None) or next(
            (each for each in sorted(grant.fields) if each.startswith(f"{entity.name}.")), None
        )


def _recipients(policy: Policy) -> ReportTable:
    rows = [
        (
            role,
            description.description,
            description.requires_organisation or "–",
            ", ".join(map(in_words, sorted(policy.roles[role]))),
        )
        for role, description in policy.role_descriptions.items()
    ]
    columns = ("role", "is", "organisation", "may ask for")
    return ReportTable(heading="Recipients and purposes", columns=columns, rows=rows)


def _granted(policy: Policy, catalog: Catalog, sums: Mapping[_Granted, _Sum]) -> ReportTable:
    rows = [
        (
            *(
                cell.role,
                in_words(cell.purpose),
                _what_in_words(cell.what, catalog),
                cell.identifiers,
                cell.when,
                cell.grant,
                cell.clauses,
            ),
            *sums.get((cell.grant, cell.role, cell.purpose, cell.what), _Sum()).cells,
        )
        for cell in matrix_cells(policy, catalog)
        if not cell.what.startswith("not ")
    ]
    columns = ("role", "purpose", "what", "identifiers", "when", "grant", "clauses", "answers", "last")
    return ReportTable(heading="Granted, and used", columns=columns, rows=rows)


def _what_in_words(what: str, catalog: Catalog) -> str:
    """A category, figures about one, or a field."""
    *before, last = what.split(" ")
    category = next((each for each in catalog.marketplace.all_categories if each == last), None)
    return " ".join([*before, category.words]) if category else what


def _unused(policy: Policy, sums: Mapping[_Granted, _Sum]) -> ReportTable:
    used = {grant for grant, *_ in sums}
    rows = [(grant.id, sentence(grant)) for grant in policy.all_grants if grant.id not in used]
    return ReportTable(heading="Grants that nobody used", columns=("grant", "it grants"), rows=rows)


def _under_earlier(sums: Mapping[tuple[str, str, str, str], _Sum]) -> ReportTable:
    rows = [(*key, *each.cells) for key, each in sorted(sums.items())]
    columns = ("role", "purpose", "category", "policy", "answers", "last")
    return ReportTable(heading="Shown by what is granted no longer", columns=columns, rows=rows)


def _transfers(used: Iterable[ProcessingUse], plans: Mapping[Any, UsedPlan]) -> ReportTable:
    crossing: dict[tuple[str, str], int] = {}
    for each in used:
        if each.crossing and (plan := plans.get(each.plan)):
            key = (plan.role, plan.purpose)
            crossing[key] = crossing.get(key, 0) + each.crossing
    rows = [(*key, count) for key, count in sorted(crossing.items())]
    return ReportTable(heading="Answers across a border", columns=("role", "purpose", "answers"), rows=rows)
