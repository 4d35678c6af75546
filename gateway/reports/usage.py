"""What a report says of many records: how often each plan was used, and which classes of it were shown.

Records are counted by their plan in one pass of the database. What a plan shows is looked up once for each plan.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.reports.report import ReportTable
from schema.catalog import Catalog, Column, Entity
from schema.labels import Category
from schema.policy.grants import Policy
from schema.rights import Right
from schema.treatments import Treatment

FORMS: Final[Mapping[str, str]] = {
    Treatment.PLAIN: "as stored",
    Treatment.PARTIAL: "in part",
    Treatment.TOKEN: "as a pseudonym",
    **{right.record: right.in_words for right in Right},
}
"""How a field was shown, or what was done with it, for people."""

RIGHTS: Final[Mapping[str, Right]] = {right.record: right for right in Right}
"""What the log says of fields with which something was done, instead of a treatment."""


_WORD: Final = re.compile(r"[A-Z]?[^A-Z.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedClass:
    """Fields that a row showed by one treatment, under the same clauses."""

    fields: tuple[str, ...]
    treatment: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedPlan:
    """A plan in the log: for whom and what it was made, and all that it may show."""

    role: str
    purpose: str
    policy: str
    fields: Mapping[str, str]
    """The most that each field may have shown, by its name."""
    classes: Sequence[RecordedClass]

    def shown(self, classes: str | None) -> Sequence[RecordedClass]:
        """The classes that a record names, like `0.3`. What the plan does not have is left out."""
        numbers = (int(each) for each in (classes or "").split(".") if each.isdecimal())
        return [self.classes[number] for number in numbers if number < len(self.classes)]


_PLANS: Final = """\
select id, role, purpose, policy, fields::text, classes::text from veil.access_plan where id = any($1::uuid[])"""


async def used_plans(connection: Any, plans: Iterable[Any]) -> Mapping[Any, UsedPlan]:
    """The plans of these ids."""
    rows = await connection.fetch(_PLANS, list({plan for plan in plans if plan}))
    return {
        plan: UsedPlan(
            role=role,
            purpose=purpose,
            policy=policy,
            fields={entry["field"]: entry["treatment"] for entry in json.loads(fields)},
            classes=[
                RecordedClass(fields=tuple(each["fields"]), treatment=each["treatment"], clauses=tuple(each["clauses"]))
                for each in json.loads(classes)
            ],
        )
        for plan, role, purpose, policy, fields, classes in rows
    }


def labelled_column(field: str, catalog: Catalog) -> tuple[Entity, Column] | None:
    """The field, or what rows are filtered by, of a name like `Member.email`; none if the catalog has it no longer."""
    entity = catalog.entities.get(field.partition(".")[0])
    column = {**entity.id_filters, **entity.labelled}.get(field.partition(".")[2]) if entity else None
    return (entity, column) if entity and column else None


def category_of(field: str, catalog: Catalog) -> Category | None:
    """The category of a field; for figures about many, the category these are about."""
    owner, _, name = field.partition(".")
    if owner == "Query" and name in catalog.statistics:
        return catalog.statistics[name].category
    found = labelled_column(field, catalog)
    return found[1].label.category if found else None


def in_categories(fields: Iterable[tuple[str, str]], catalog: Catalog) -> Iterator[str]:
    """Fields with their treatments, by category: `payment information: payment card number in part`."""
    by_category: dict[str, dict[str, list[str]]] = {}
    for field, treatment in sorted(set(fields)):
        category = category_of(field, catalog)
        if category and category.is_open:
            continue
        words = category.words if category else "information of another kind"
        form = FORMS.get(treatment, treatment.lower())
        by_category.setdefault(words, {}).setdefault(form, []).append(field)
    for words, forms in sorted(by_category.items()):
        yield f"{words}: {'; '.join(f'{_names(names)} {form}' for form, names in forms.items())}"


def _names(fields: Iterable[str]) -> str:
    """`Order.deliveryName` as `order delivery name`, and so on."""
    words = (" ".join(_WORD.findall(field.removeprefix("Member."))).lower() for field in fields)
    return ", ".join(words)


def clauses_table(cited: Iterable[tuple[str, str]], policies: Mapping[str, Policy]) -> ReportTable:
    """What clauses say in words. Each is cited with the version of the policy that it is of."""
    rows = [
        (clause, version, f"{stated.section}: {stated.settles}" if stated else "this version is not known here")
        for version, clause in sorted(set(cited), key=lambda each: (each[0], _clause_order(each[1])))
        for stated in [policies[version].clauses.get(clause) if version in policies else None]
    ]
    return ReportTable(heading="What the clauses say", columns=("clause", "policy", "it says"), rows=rows)


def _clause_order(clause: str) -> tuple[str, int]:
    digits = clause.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return clause.removesuffix(digits), int(digits) if digits.isdecimal() else 0
