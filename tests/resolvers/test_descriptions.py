"""Everything in a view has its sentence, and each sentence is what planning decides."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from graphql import GraphQLSchema, is_introspection_type

from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.descriptions import SHOWN, describe
from resolvers.front.document import Request
from resolvers.planning.plan import CERTAIN, Branch, Disclosure
from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file
from schema.requester import Purpose, Role
from schema.treatments import Treatment
from schema.view import View
from tests.schema.test_view import REQUESTERS

for_everybody = pytest.mark.parametrize(("role", "purpose"), REQUESTERS, ids=lambda each: each.value)
CLAUSES = re.compile(r"\(((?:[A-Z]\d+ ?)+)\)$")
FORMS = {"by its month", "by its first two digits"}
"""What is said of times and amounts in place of `in part`."""


@pytest.fixture(scope="module")
def compiler(catalog: Catalog) -> Compiler:
    return Compiler(catalog, policy_file.load_policy(MARKETPLACE.first_policy, catalog), DEFAULT_LIMITS)


def types_of(view: View) -> Mapping[str, Any]:
    """The types of a view, by name."""
    return view.graphql.type_map


def described(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Everything that a schema may describe, by where it stands, with its description."""
    for name, kind in schema.type_map.items():
        if is_introspection_type(kind):
            continue
        yield name, kind.description
        for field, found in getattr(kind, "fields", {}).items():
            yield f"{name}.{field}", found.description
            yield from (
                (f"{name}.{field}({each})", one.description) for each, one in getattr(found, "args", {}).items()
            )
        yield from ((f"{name}.{each}", value.description) for each, value in getattr(kind, "values", {}).items())
    for directive in schema.directives:
        yield f"@{directive.name}", directive.description
        yield from ((f"@{directive.name}({each})", one.description) for each, one in directive.args.items())


@for_everybody
def test_nothing_in_a_view_is_without_a_sentence(compiler: Compiler, role: Role, purpose: Purpose) -> None:
    """Types, fields, arguments, inputs, values of enums, and directives."""
    described_view = compiler.described_view(role, purpose).graphql
    assert [place for place, text in described(described_view) if not text or not text.endswith((".", ")"))] == []


def test_nothing_in_the_whole_schema_is_without_a_sentence(catalog: Catalog) -> None:
    whole = View(catalog)
    describe(whole.graphql, catalog, None)
    assert [place for place, text in described(whole.graphql) if not text] == []
    assert types_of(whole)["Member"].fields["email"].description == (
        "The e-mail address they registered. Registration information: e-mail addresses."
    )


def disclosures(compiler: Compiler, catalog: Catalog, role: Role, purpose: Purpose) -> Mapping[str, Disclosure]:
    """How planning shows each field of a view, by the field's name."""
    types = types_of(compiler.view(role, purpose))
    found: dict[str, Disclosure] = {}
    for entity in catalog.entities.values():
        if entity.name not in types or "id" not in entity.columns:
            continue
        fields = [name for name in types[entity.name].fields if name in entity.columns]
        for name in types[entity.name].fields:
            target = catalog.entities.get(entity.relations[name].target) if name in entity.relations else None
            if target and target.storage.is_part:
                parts = [each for each in types[target.name].fields if each in target.columns]
                fields.append(f"{name} {{ {' '.join(parts)} }}")
        document = f'{{ node(id: "1") {{ ... on {entity.name} {{ {" ".join(fields)} }} }} }}'
        plan = compiler.plan(Request(document=document, operation_name=None, variables={}), role, purpose)
        found |= {each.field: each for each in plan.disclosures}
    return found


@for_everybody
def test_each_field_says_how_its_requester_is_shown_it(
    compiler: Compiler, catalog: Catalog, role: Role, purpose: Purpose
) -> None:
    """Each case of what planning decides is there, in its order, with its conditions, and no other."""
    types = types_of(compiler.described_view(role, purpose))
    for field, disclosure in disclosures(compiler, catalog, role, purpose).items():
        entity, _, name = field.partition(".")
        description: str = types[entity].fields[name].description
        said = re.search(r"Shown ([^.]*(?:\.(?! |$)[^.]*)*)\.", description)
        assert said, description
        cases = said[1].split("; ")
        assert (cases[-1] == "otherwise as null") is (disclosure.least is Treatment.HIDDEN), description
        shown = cases[: len(disclosure.branches)]
        assert len(cases) == len(disclosure.branches) + (disclosure.least is Treatment.HIDDEN), description
        for case, branch in zip(shown, disclosure.branches, strict=True):
            assert_says(case, branch)


def assert_says(case: str, branch: Branch) -> None:
    treatment, _, when = case.removeprefix("otherwise ").partition(" when ")
    assert treatment == SHOWN[branch.treatment] or (treatment in FORMS and branch.treatment is Treatment.PARTIAL)
    assert (branch.when == CERTAIN) is (when == "")
    wanted = {frozenset(phrase(held.condition.phrase, held.subject) for held in one) for one in branch.when}
    said = [frozenset(each.split(" and ")) for each in when.split(", or when ")] if when else [frozenset[str]()]
    assert {frozenset(" and ".join(sorted(one)).split(" and ")) if one else one for one in wanted} == set(said)
    assert len(said) == len(set(said))


def phrase(text: str, subject: str | None) -> str:
    """The policy's phrase, with whom it is about where the row tells several apart."""
    if subject and subject.endswith("_id"):
        person = f"the {subject.removesuffix('_id')}"
        return text.replace("the subject", person) if "the subject" in text else f"{text} ({person})"
    return text


@for_everybody
def test_clauses_are_told_to_those_who_may_be_told_why(
    compiler: Compiler, catalog: Catalog, role: Role, purpose: Purpose
) -> None:
    """To the marketplace's own and to members; and then those that an answer would name."""
    schema = compiler.described_view(role, purpose).graphql
    told = {place: found[1] for place, text in described(schema) if (found := CLAUSES.search(text or ""))}
    if not role.sees_clauses:
        assert told == {}
        return
    planned = disclosures(compiler, catalog, role, purpose)
    assert told == {place: " ".join(each.clauses) for place, each in planned.items() if each.clauses}


def test_a_field_tells_what_it_is_and_how_it_is_shown(compiler: Compiler) -> None:
    view = types_of(compiler.described_view(Roles.SERVICE_PROVIDER, Purposes.ACCOUNT_SERVICE))
    assert view["Member"].description == (
        "A registered member of the marketplace."
        " Rows are shown when a contract with the requester is in force and names the purpose."
    )
    assert view["Member"].fields["email"].description == (
        "The e-mail address they registered. Registration information: e-mail addresses."
        " Shown as stored when a case of the subject is open with the requester; otherwise in part."
    )
    assert view["Order"].fields["buyer"].description == "Buyer: a registered member of the marketplace."
    assert "when a case of the buyer is open" in view["Order"].fields["deliveryName"].description
