"""A version of the policy beside the one in force: what it opens and closes, and which recorded operations it touches.

Made from the two policies by the comparison that `veil policy diff` and `simulate` make. It looks at nobody's data.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from gateway.pages.desk.log_lists import planned_operations, uses_between
from gateway.pages.desk.log_telling import field_in_words
from gateway.pages.visiting import PageVisit
from gateway.pages.words import Wording
from gateway.policy.alike_changes import AlikeChange, alike_changes
from gateway.policy.explaining import breadth_changes, epoch_change, figures_change, words_change
from gateway.policy.in_force import RecordedPlan, affected_plans
from resolvers.descriptions import name_in_words
from schema.catalog import Catalog
from schema.policy.changes import Change, changes
from schema.policy.grants import Policy
from schema.rights import Right

_YEAR: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChange:
    """Data that some role sees otherwise for a purpose, in sentences."""

    opens: bool
    sentence: str
    when: str | None
    grant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyComparison:
    """All that another version changes."""

    changes: Sequence[Change]
    by_requester: Mapping[tuple[str, str], Sequence[ToldChange]]
    others: Sequence[str]
    """What changes beside fields."""

    @property
    def opening(self) -> int:
        return sum(each.opens for group in self.by_requester.values() for each in group)

    @property
    def closing(self) -> int:
        return sum(not each.opens for group in self.by_requester.values() for each in group)


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedOperation:
    """A recorded operation whose answers would be others, and how often it was used within a year."""

    plan: RecordedPlan
    opened: Sequence[str]
    closed: Sequence[str]


async def policy_comparison(words: Wording, before: Policy, after: Policy, catalog: Catalog) -> PolicyComparison:
    """Compared beside the requests that the worker answers meanwhile, for it takes its time."""
    found = await asyncio.to_thread(lambda: list(changes(before, after, catalog)))
    told = {
        (role.value, purpose.value): [line for each in group for line in _told(words, each)]
        for (role, purpose), group in alike_changes(found).items()
    }
    return PolicyComparison(changes=found, by_requester=told, others=_others(before, after))


def _others(before: Policy, after: Policy) -> Sequence[str]:
    return [
        " ".join(line.removeprefix("★").strip() for line in lines)
        for each in (epoch_change, words_change, figures_change, breadth_changes)
        if (lines := list(each(before, after)))
    ]


def _told(words: Wording, change: AlikeChange) -> Iterator[ToldChange]:
    """A sentence for what is seen, and one for what may be changed."""
    named: dict[str, list[str]] = {}
    for field in change.fields:
        right, _, name = field.rpartition(" ")
        named.setdefault(right, []).append(_named(name))
    when = words("policy_change.when", conditions=words.list(list(change.conditions))) if change.conditions else None
    for right, fields in named.items():
        does = Right(right).in_words if right else words.or_else("seen.how", change.treatment, change.treatment)
        may = "may" if right else "shown"
        sentence = words(f"policy_change.{may}", does=does, fields=words.list(fields))
        yield ToldChange(opens=change.opens, sentence=sentence, when=when, grant=change.grant)


def _named(field: str) -> str:
    return name_in_words(field.removeprefix("Query.")) if field.startswith("Query.") else field_in_words(field)


async def touched_operations(visit: PageVisit, comparison: PolicyComparison) -> Sequence[TouchedOperation]:
    """Those whose fields change, the most used first."""
    today = datetime.now(UTC).date()
    recorded = _recorded(await planned_operations(visit), await _uses(visit, today))
    touched: dict[RecordedPlan, list[Change]] = {}
    for plan, change in affected_plans(recorded, comparison.changes):
        touched.setdefault(plan, []).append(change)
    found = [
        TouchedOperation(
            plan=plan,
            opened=[_named(each.field) for each in found if each.opens],
            closed=[_named(each.field) for each in found if each.closes],
        )
        for plan, found in touched.items()
    ]
    return sorted(found, key=lambda each: (-each.plan.answers, each.plan.role, each.plan.operation or ""))


async def _uses(visit: PageVisit, today: date) -> Mapping[str, tuple[int, datetime]]:
    """How often each plan was used within a year, and when last."""
    uses: dict[str, tuple[int, datetime]] = {}
    first = (today - _YEAR).replace(day=1)
    for each in await uses_between(visit, first.isoformat(), (today + _YEAR).isoformat()):
        if plan := each["plan"]:
            last = datetime.fromisoformat(each["last"])
            answers, before = uses.get(plan["id"], (0, last))
            uses[plan["id"]] = (answers + each["answers"], max(before, last))
    return uses


def _recorded(
    operations: Sequence[Mapping[str, Any]], uses: Mapping[str, tuple[int, datetime]]
) -> Sequence[RecordedPlan]:
    """Plans that differ only in their policy count once."""
    sums: dict[tuple[Any, ...], list[tuple[int, datetime]]] = {}
    for each in operations:
        key = (each["role"], each["purpose"], each["operation"], tuple(each["fields"]))
        sums.setdefault(key, []).extend([uses[each["id"]]] if each["id"] in uses else [])
    return [
        RecordedPlan(
            role=role,
            purpose=purpose,
            operation=operation,
            fields=fields,
            answers=sum(answers for answers, _ in used),
            last=max((last for _, last in used), default=None),
            organisations=(),
        )
        for (role, purpose, operation, fields), used in sums.items()
    ]
