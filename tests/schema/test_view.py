"""A view holds what its requester may ever see, and nothing of what it may not: no field, no type, no hint of a name.

What may be seen is read here from the policy's file a second time, with nothing of the code that decides by it.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, get_named_type, is_required_argument

from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import Request, parse
from schema.catalog import Catalog, Column, Entity
from schema.fields import MeField, StatisticsField
from schema.labels import OwnCategories
from schema.marketplace import conditions
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file
from schema.refusals import Refused
from schema.requester import Purpose, Role
from schema.view import View
from schema.visibility import Visibility
from tests.conftest import ADVERTISER, Asking

CONTENT: Mapping[str, Any] = tomllib.loads(MARKETPLACE.first_policy.read_text("utf-8"))
CONDITIONS = {each.phrase: each for each in conditions.CONDITIONS}
REQUESTERS = [
    (Roles(role), Purposes(purpose)) for role, said in CONTENT["role"].items() for purpose in said["may_ask_for"]
]
for_everybody = pytest.mark.parametrize(("role", "purpose"), REQUESTERS, ids=lambda each: each.value)


@pytest.fixture(scope="module")
def compiler(catalog: Catalog) -> Compiler:
    return Compiler(catalog, policy_file.load_policy(catalog.marketplace.first_policy, catalog), DEFAULT_LIMITS)


# The policy's file, read a second time.


def granted(role: Role, purpose: Purpose) -> list[Mapping[str, Any]]:
    return [grant for grant in CONTENT["grant"] if role in grant["who"] and purpose in grant["for"]]


def seen(grant: Mapping[str, Any]) -> set[str]:
    """The categories and single fields a grant names."""
    return {
        each for entry in grant.get("sees", []) for each in (CONTENT["collected"] if entry == "COLLECTED" else (entry,))
    }


def touching(role: Role, purpose: Purpose, entity: Entity) -> list[Mapping[str, Any]]:
    """The grants by which rows of an entity may be seen."""
    own = {f"{entity.name}.{name}" for name in entity.columns} | (entity.categories - {OwnCategories.OPEN})
    conditions = (
        (grant, [CONDITIONS[each] for each in grant.get("when", [])])
        for grant in granted(role, purpose)
        if seen(grant) & own
    )
    return [grant for grant, when in conditions if all(each.can_hold(entity.owner) for each in when)]


def shown(grant: Mapping[str, Any], entity: Entity, column: Column) -> str:
    """How a grant shows a field of a row it touches."""
    named = f"{entity.name}.{column.name}"
    covers = named in seen(grant) or (column.label.category in seen(grant) and named not in grant.get("without", []))
    treatment = min((of_kind(grant, kind) for kind in column.label.identifiers), key=OPENNESS.index, default="PLAIN")
    if not covers:
        treatment = "HIDDEN"
    return "TOKEN" if treatment == "HIDDEN" and column.name == "id" else treatment


OPENNESS = ("HIDDEN", "TOKEN", "PARTIAL", "PLAIN")


def of_kind(grant: Mapping[str, Any], kind: str) -> str:
    """How a grant shows one kind of identifier."""
    if said := grant.get("except", {}).get(kind):
        return said
    usual = grant["identifiers"]
    is_own = {*grant["who"]} <= {"PLATFORM", "PRIVACY_OFFICER"} or "the subject is the requester" in grant.get(
        "when", []
    )
    match kind:
        case "MOMENT" | "AMOUNT" | "DETAIL" if is_own:
            return "PLAIN"
        case "MOMENT" | "AMOUNT":
            return "PARTIAL" if usual == "TOKEN" else usual
        case "DETAIL":
            return "PLAIN" if usual == "PLAIN" else "HIDDEN"
        case _:
            return usual


def may_be_seen(role: Role, purpose: Purpose, entity: Entity) -> set[str]:
    """The fields of an entity that some row may ever show."""
    grants = touching(role, purpose, entity)
    is_open = all(column.label.category is OwnCategories.OPEN for column in entity.columns.values())
    return {
        name
        for name, column in entity.columns.items()
        if any(shown(grant, entity, column) != "HIDDEN" for grant in grants)
        or (column.label.category is OwnCategories.OPEN and (grants or is_open))
    }


# What is in a view.


@for_everybody
def test_a_view_has_the_fields_its_requester_may_ever_see_and_no_other(
    compiler: Compiler, catalog: Catalog, role: Role, purpose: Purpose
) -> None:
    types = compiler.view(role, purpose).graphql.type_map
    for entity in catalog.entities.values():
        found = types.get(entity.name)
        fields = set(found.fields) if isinstance(found, GraphQLObjectType) else set[str]()
        assert fields & set(entity.columns) == (may_be_seen(role, purpose, entity) if found else set()), entity.name


def test_a_part_of_a_row_that_shows_nothing_is_in_no_view(catalog: Catalog) -> None:
    """An item is described by both parties: a grant that can hold for the buyer alone shows nothing of it."""
    text = MARKETPLACE.first_policy.read_text("utf-8")
    followed = 'for = ["partner_tracking"]\nsees = ["ACCOUNT_ACTIVITIES"]'
    assert followed in text
    narrowed = text.replace(followed, followed.replace("ACCOUNT_ACTIVITIES", "OrderItem.specification"))
    visibility = Visibility(
        policy=policy_file.parse_policy(narrowed, "narrowed.toml", catalog),
        role=Roles.PARTNER,
        purpose=Purposes.PARTNER_TRACKING,
    )
    assert "OrderItem" not in View(catalog, visibility).graphql.type_map


@for_everybody
def test_a_type_is_in_a_view_only_where_a_row_of_it_may_be_seen(
    compiler: Compiler, catalog: Catalog, role: Role, purpose: Purpose
) -> None:
    """And so is each link, connection, filter, order and root field that would lead to it."""
    types = compiler.view(role, purpose).graphql.type_map
    unseen = {entity.name for entity in catalog.entities.values() if not may_be_seen(role, purpose, entity)}
    for name in unseen:
        assert not {name, f"{name}Connection", f"{name}Edge", f"{name}Filter", f"{name}OrderBy"} & set(types)
    reached = {get_named_type(field.type).name for _, field in fields_of(compiler.view(role, purpose).graphql)}
    assert not unseen & reached


def fields_of(schema: GraphQLSchema) -> Iterator[tuple[str, Any]]:
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            yield from ((f"{name}.{field}", found) for field, found in kind.fields.items())


@for_everybody
def test_the_root_begins_where_a_requester_may_see_something(
    compiler: Compiler, catalog: Catalog, role: Role, purpose: Purpose
) -> None:
    query_type = compiler.view(role, purpose).graphql.query_type
    assert query_type
    figures = {about for grant in granted(role, purpose) for about in grant.get("figures_about", [])}
    for name, root in catalog.roots.items():
        match root.declaration:
            case MeField():
                wanted = role is Roles.MEMBER and bool(may_be_seen(role, purpose, catalog.entities["Member"]))
            case StatisticsField(category=category):
                wanted = category in figures
            case _:
                wanted = root.target is None or bool(may_be_seen(role, purpose, catalog.entities[root.target]))
        assert (name in query_type.fields) is wanted, name


ADMINISTRATION = (Roles.PRIVACY_OFFICER, Purposes.PRIVACY_ADMINISTRATION)
SERVICE, DISPUTES = (
    (Roles.PLATFORM, Purposes.ACCOUNT_SERVICE),
    (Roles.PLATFORM, Purposes.DISPUTE_RESOLUTION),
)
OVERSIGHT, OWN = (Roles.PRIVACY_OFFICER, Purposes.PRIVACY_OVERSIGHT), (Roles.MEMBER, Purposes.SELF_SERVICE)

OTHER_FILTERS = {
    "AccessRecord.organisation": {OVERSIGHT, OWN},
    "AccessRecord.requester": {OVERSIGHT, OWN},
    "AccessRecord.member": {OVERSIGHT},
    "AccessRecord.fields": {OVERSIGHT},
    "AccessSummary.organisation": {OVERSIGHT},
    "Contract.organisation": {ADMINISTRATION},
    "Campaign.organisation": {ADMINISTRATION, OWN},
    "SupportCase.organisation": {ADMINISTRATION, SERVICE, DISPUTES},
    "SupportCase.member": {ADMINISTRATION},
    "AffiliateAccount.organisation": {ADMINISTRATION, OWN},
    "AffiliateAccount.member": {ADMINISTRATION},
    "CreditAssessment.organisation": {ADMINISTRATION, OWN},
    "CreditAssessment.member": {ADMINISTRATION},
    "LegalInstrument.organisation": {ADMINISTRATION},
    "LegalInstrument.member": {ADMINISTRATION},
    "BusinessTransfer.organisation": {ADMINISTRATION},
    "Suspension.organisation": {ADMINISTRATION},
}
"""What rows are filtered by in another way, and by whom: a token that is shown, an id, what is shown to who sees every row."""


@for_everybody
def test_rows_are_filtered_and_sorted_only_by_what_is_plain_on_each(
    compiler: Compiler, catalog: Catalog, role: Role, purpose: Purpose
) -> None:
    """What is masked, tokens included, on a single visible row can be neither compared nor ordered."""
    types = compiler.view(role, purpose).graphql.type_map
    for entity in catalog.entities.values():
        grants = touching(role, purpose, entity)
        for suffix in ("Filter", "OrderBy"):
            compared = types.get(f"{entity.name}{suffix}")
            for name in compared.fields if isinstance(compared, GraphQLInputObjectType) else ():
                if (named := f"{entity.name}.{name}") in OTHER_FILTERS:
                    assert suffix == "Filter"
                    assert (role, purpose) in OTHER_FILTERS[named]
                    continue
                column = entity.columns[name]
                treatments = {shown(grant, entity, column) for grant in grants}
                assert column.label.category is OwnCategories.OPEN or treatments == {"PLAIN"}, f"{entity.name}.{name}"


@for_everybody
def test_no_view_knows_of_passwords(compiler: Compiler, role: Role, purpose: Purpose) -> None:
    assert "password" not in compiler.view(role, purpose).as_str().lower()


# What is said of what is not in it.


SUGGESTION = re.compile(r" Did you mean (.*?)\?")


def problems(view: View, text: str) -> str:
    """All that a requester learns of a document that does not fit its schema, without what may be meant instead.

    Each name that is suggested is one of the view.
    """
    request = Request(document=text, operation_name=None, variables={})
    with pytest.raises(Refused) as refused:
        parse(request, view.graphql, DEFAULT_LIMITS)
    messages = [problem.message for problem in refused.value.problems]
    assert suggested(" ".join(messages)) <= names_of(view.graphql)
    lines = [
        f"{SUGGESTION.sub('', message).rstrip('.')} {problem.locations}"
        for message, problem in zip(messages, refused.value.problems, strict=True)
    ]
    return "\n".join([refused.value.code.name, refused.value.hint, *lines])


def suggested(text: str) -> set[str]:
    """The names that may be meant instead of one that is unknown."""
    return {name for found in SUGGESTION.findall(text) for name in re.findall(r"'(\w+)'", found)}


def names_of(schema: GraphQLSchema) -> set[str]:
    """Every name that introspection shows: of types, fields, arguments and values."""
    names = set(schema.type_map)
    for kind in schema.type_map.values():
        fields = getattr(kind, "fields", {})
        names |= {*fields, *getattr(kind, "values", {})}
        names |= {argument for field in fields.values() for argument in getattr(field, "args", {})}
    return names


def assert_refused_alike(view: View, around: str, each: str, hidden: Collection[str]) -> None:
    """Whether names are hidden or made up, the same is said of them, letter for letter, but for what is meant instead.

    That is named by its likeness to the letters that were sent, out of the view alone. Five fit into one refusal.
    """
    for names in batched(sorted(hidden), 5):
        made_up = [name[:-1] + ("q" if name[-1] != "q" else "z") for name in names]
        actual, expected = (_without(problems(view, _asked(around, each, some)), some) for some in (names, made_up))
        assert actual == expected


def batched(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), size):
        yield names[start : start + size]


def _asked(around: str, each: str, names: Iterable[str]) -> str:
    return around.replace("NAMES", " ".join(each.replace("NAME", name) for name in names))


def _without(text: str, names: Iterable[str]) -> str:
    """The text, with numbers for the names."""
    for number, name in enumerate(names):
        text = re.sub(rf"\b{name}\b", f"NAME{number}", text)
    return text


@for_everybody
def test_a_hidden_name_is_refused_as_one_that_does_not_exist(
    compiler: Compiler, catalog: Catalog, role: Role, purpose: Purpose
) -> None:
    """Fields, types, inputs and roots alike."""
    view = compiler.view(role, purpose)
    types, query_type = view.graphql.type_map, view.graphql.query_type
    assert query_type
    for entity in catalog.entities.values():
        fields = getattr(types.get(entity.name), "fields", {})
        hidden = (set(entity.columns) | set(entity.relations)) - set(fields)
        if entity.name in types and "id" in entity.columns:
            assert_refused_alike(view, f'{{ node(id: "x") {{ ... on {entity.name} {{ NAMES }} }} }}', "NAME", hidden)
    unseen = set(catalog.entities) - set(types)
    assert_refused_alike(view, '{ node(id: "x") { NAMES } }', "... on NAME { __typename }", unseen)
    inputs = {f"{name}Filter" for name in unseen} - set(types)
    assert_refused_alike(view, "query (NAMES) { __typename }", "$NAME: NAME", inputs)
    assert_refused_alike(view, "{ NAMES }", "NAME { totalCount }", set(catalog.roots) - set(query_type.fields))


@for_everybody
def test_a_column_that_cannot_be_compared_is_refused_as_one_that_does_not_exist(
    compiler: Compiler, catalog: Catalog, role: Role, purpose: Purpose
) -> None:
    view = compiler.view(role, purpose)
    types, query_type = view.graphql.type_map, view.graphql.query_type
    assert query_type
    for name, field in query_type.fields.items():
        entity = catalog.entities.get(catalog.roots[name].target or "")
        if entity is None or any(map(is_required_argument, field.args.values())):
            continue
        if compared := getattr(types.get(f"{entity.name}Filter"), "fields", None):
            around = f"{{ {name}(filter: {{ NAMES }}) {{ totalCount }} }}"
            assert_refused_alike(view, around, 'NAME: {eq: "x"}', set(entity.columns) - set(compared))
        if compared := getattr(types.get(f"{entity.name}OrderBy"), "fields", None):
            around = f"{{ {name}(orderBy: [NAMES]) {{ totalCount }} }}"
            assert_refused_alike(view, around, "{NAME: ASC}", set(entity.columns) - set(compared))


def test_a_misspelt_name_is_answered_with_names_of_the_requesters_own_view(compiler: Compiler) -> None:
    """`phone` is a field of members, and not one of an advertiser's: it is not what they may have meant."""

    def message(role: Role, purpose: Purpose, text: str) -> str:
        request = Request(document=text, operation_name=None, variables={})
        with pytest.raises(Refused) as refused:
            parse(request, compiler.view(role, purpose).graphql, DEFAULT_LIMITS)
        return refused.value.problems[0].message

    asked = "{ members { nodes { phne } } }"
    suggestion = " Did you mean 'phone'?"
    misspelt = "Cannot query field 'phne' on type 'Member'."
    assert message(Roles.PLATFORM, Purposes.ACCOUNT_SERVICE, asked) == f"{misspelt}{suggestion}"
    assert message(Roles.ADVERTISER, Purposes.CAMPAIGN, asked) == misspelt


def test_over_http_a_hidden_name_is_refused_as_one_that_does_not_exist(gateway: Asking) -> None:
    def refusal(name: str) -> str:
        response = gateway.post(ADVERTISER, f"{{ members {{ nodes {{ name {name} }} }} }}")
        return response.text.replace(response.headers["access-record"], "").replace(name, "")

    assert refusal("phone") == refusal("phony") == refusal("pHone")


# Labels.


def printed(sdl: str) -> dict[str, str]:
    """The label printed with each field, by `Type.field`."""
    found: dict[str, str] = {}
    for type_name, body in re.findall(r"^type (\w+)[^{]*\{\n(.*?)^\}", sdl, re.MULTILINE | re.DOTALL):
        for field, label in re.findall(r"^  (\w+)(?:\([^)]*\))?: [^@\n]+@data\((.*)\)$", body, re.MULTILINE):
            found[f"{type_name}.{field}"] = label
    return found


def labels(entities: Sequence[Entity]) -> dict[str, str]:
    labelled = {
        f"{entity.name}.{name}": column.label for entity in entities for name, column in entity.labelled.items()
    }
    return {
        place: ", ".join(
            filter(
                None,
                (
                    f'category: "{label.category}"',
                    label.identifier and f'identifier: "{label.identifier}"',
                    label.also and f'also: "{label.also}"',
                ),
            )
        )
        for place, label in labelled.items()
    }


def test_the_whole_schema_prints_the_label_of_every_field(catalog: Catalog) -> None:
    assert printed(View(catalog).as_str()) == labels([*catalog.entities.values()])


@for_everybody
def test_a_view_prints_the_labels_of_its_fields_and_of_no_other(
    compiler: Compiler, catalog: Catalog, role: Role, purpose: Purpose
) -> None:
    view = compiler.view(role, purpose)
    every = labels([*catalog.entities.values()])
    present = {name for name, _ in fields_of(view.graphql)}
    assert printed(view.as_str()) == {name: label for name, label in every.items() if name in present}
