"""The page of who can see what: each role and purpose in sentences with their conditions, by the policy in force.

Made from the query `privacyPolicy` and, for a kind of data, from the decisions that planning makes of the same policy. It
looks at nobody's data.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.csv_files import csv_file
from gateway.pages.desk.log_telling import field_in_words
from gateway.pages.visiting import PageVisit
from resolvers.audience import Audience, audience, fields_named
from resolvers.compiler import Compiler
from schema.catalog import Catalog, Column, Entity

WHOLE_POLICY: Final = """\
query PrivacyPolicy {
  privacyPolicy {
    version effectiveFrom contact
    clauses { id section settles }
    roles { role description purposes }
    grants { id roles purposes sentence clauses }
  }
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoCanSeeFilter:
    """What is asked: which data, whom and for what. What is left out is everything."""

    what: str = ""
    role: str = ""
    purpose: str = ""

    @classmethod
    def of(cls, visit: PageVisit) -> "WhoCanSeeFilter":
        return cls(
            what=visit.parameter("what") or "",
            role=visit.parameter("role") or "",
            purpose=visit.parameter("purpose") or "",
        )

    @property
    def parameters(self) -> Mapping[str, str]:
        """The same, for an address."""
        named = {"what": self.what, "role": self.role, "purpose": self.purpose}
        return {name: value for name, value in named.items() if value}

    def takes(self, role: str, purpose: str) -> bool:
        return self.role in ("", role) and self.purpose in ("", purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class CanSee:
    """What somebody sees for a purpose: sentences, each with the fields that it is about and its clauses."""

    role: str
    described: str
    purpose: str
    sentences: Sequence[tuple[str, str, Sequence[str]]]


async def who_can_see_page(visit: PageVisit) -> Response:
    policy = (await visit.ask(WHOLE_POLICY))["privacyPolicy"]
    asked = WhoCanSeeFilter.of(visit)
    compiler = await visit.compiler()
    return visit.page(
        "desk/who_can_see.html",
        asked=asked,
        policy=policy,
        choices=_choices(compiler),
        purposes=sorted({purpose for each in policy["roles"] for purpose in each["purposes"]}),
        found=list(_found(compiler, visit.ground.catalog, policy, asked)),
        settles={each["id"]: each["settles"] for each in policy["clauses"]},
    )


async def who_can_see_csv(visit: PageVisit) -> Response:
    """The same as a file: a line for each sentence."""
    policy = (await visit.ask(WHOLE_POLICY))["privacyPolicy"]
    found = _found(await visit.compiler(), visit.ground.catalog, policy, WhoCanSeeFilter.of(visit))
    lines = (
        [policy["version"], each.role, each.purpose, fields, sentence, " ".join(clauses)]
        for each in found
        for fields, sentence, clauses in each.sentences
    )
    head = [visit.words(f"desk_csv.{each}") for each in ("version", "role", "purpose", "what", "how", "clauses")]
    return csv_file("who-can-see", [head, *lines])


def _choices(compiler: Compiler) -> Mapping[str, Sequence[tuple[str, str]]]:
    """The kinds of data to choose from: those that the policy speaks of."""
    words = compiler.policy.words
    kinds = [(str(each), each.words) for each in words.identifiers if not each.is_coincidental]
    return {"identifiers": kinds, "categories": [(str(each), each.words) for each in words.categories]}


def _found(compiler: Compiler, catalog: Catalog, policy: Mapping[str, Any], asked: WhoCanSeeFilter) -> Iterator[CanSee]:
    """By role and purpose, in the order of the policy."""
    seen = _of_data(compiler, catalog, asked.what) if asked.what else None
    for role in policy["roles"]:
        for purpose in role["purposes"]:
            if not asked.takes(role["role"], purpose):
                continue
            told = seen.get((role["role"], purpose), ()) if seen is not None else _of_grants(policy, role, purpose)
            if told:
                yield CanSee(role=role["role"], described=role["description"], purpose=purpose, sentences=list(told))


def _of_grants(
    policy: Mapping[str, Any], role: Mapping[str, Any], purpose: str
) -> Sequence[tuple[str, str, Sequence[str]]]:
    return [
        ("", each["sentence"], each["clauses"])
        for each in policy["grants"]
        if role["role"] in each["roles"] and purpose in each["purposes"]
    ]


def _of_data(
    compiler: Compiler, catalog: Catalog, what: str
) -> Mapping[tuple[str, str], Sequence[tuple[str, str, Sequence[str]]]]:
    """Who sees a kind of data, and how. Fields that are seen alike share a sentence."""
    alike: dict[tuple[str, str], dict[tuple[str, tuple[str, ...]], list[str]]] = {}
    for each in audience(catalog, compiler.policy, _fields(catalog, what)):
        told = alike.setdefault((each.role.value, each.purpose.value), {})
        told.setdefault((_sentence(each), each.clauses), []).append(field_in_words(each.field))
    return {
        who: [("; ".join(fields), sentence, clauses) for (sentence, clauses), fields in told.items()]
        for who, told in alike.items()
    }


def _fields(catalog: Catalog, what: str) -> list[tuple[Entity, Column]]:
    """The fields of a kind of identifiers, of a category, or the one of a name."""
    of_category = [
        (entity, column)
        for entity in catalog.entities.values()
        for column in entity.columns.values()
        if column.label.category == what
    ]
    return of_category or fields_named(catalog, what)


def _sentence(seen: Audience) -> str:
    return f"{seen.shown} {seen.rows}"
