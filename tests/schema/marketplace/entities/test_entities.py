"""Every type, asked for over HTTP with all its fields and what they lead to: all of it is there, and masked."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from schema.catalog import Catalog
from schema.fields import ConnectionField
from schema.policy.grants import Policy
from schema.policy.policy_file import load_policy
from schema.view import View
from schema.visibility import Visibility
from tests.conftest import ANALYST, MEMBER, PUBLIC, TRADER, Asking, Requesting, identifiers, run
from tests.overhearing import SHORTEST

PAGE = 100


def test_anybody_reads_the_policy_in_sentences(gateway: Asking, policy: Policy) -> None:
    """What its clauses settle, who its roles are, and each grant."""
    read = gateway.data(
        PUBLIC,
        """{ privacyPolicy {
            clauses { id settles } roles { role description purposes } grants { id roles purposes sentence clauses }
        } }""",
    )["privacyPolicy"]
    assert {each["id"]: each["settles"] for each in read["clauses"]} == {
        clause.id: clause.settles for clause in policy.clauses.values()
    }
    assert {each["role"]: each["description"] for each in read["roles"]} == {
        role.value: description.description for role, description in policy.role_descriptions.items()
    }
    assert [each["id"] for each in read["grants"]] == [grant.id for grant in policy.all_grants]
    (browsing,) = (each for each in read["grants"] if each["id"] == "G1")
    assert browsing["roles"] == ["MEMBER", "PUBLIC"]
    assert browsing["purposes"] == ["public_browsing"]
    assert browsing["sentence"].startswith(
        "When the member has not withdrawn it, MEMBER and PUBLIC see publishing information, for"
    )
    assert browsing["clauses"] == ["U13", "C2"]


@pytest.fixture(scope="module")
def policy(catalog: Catalog) -> Policy:
    return load_policy(catalog.marketplace.first_policy, catalog)


def view(catalog: Catalog, policy: Policy, requesting: Requesting) -> View:
    return View(catalog, Visibility(policy=policy, role=requesting.role, purpose=requesting.purpose))


def fields_of(kind: GraphQLObjectType) -> Mapping[str, GraphQLObjectType | None]:
    """Each field of a type, with the type of the rows it leads to; none where it is a value."""
    found: dict[str, GraphQLObjectType | None] = {}
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            found[name] = None
        else:
            leads = cast("GraphQLObjectType", inner)
            node = get_named_type(leads.fields["nodes"].type) if "nodes" in leads.fields else leads
            found[name] = cast("GraphQLObjectType", node)
    return found


def values_of(kind: GraphQLObjectType) -> str:
    return " ".join(name for name, leads in fields_of(kind).items() if leads is None)


def everything_of(kind: GraphQLObjectType) -> str:
    """A selection of every field of a type, and of the values of all that it leads to."""
    return " ".join(_selected(kind))


def _selected(kind: GraphQLObjectType) -> Iterator[str]:
    for name, leads in fields_of(kind).items():
        if leads is None:
            yield name
        elif "first" in kind.fields[name].args:
            yield f"{name}(first: 2) {{ totalCount nodes {{ {values_of(leads)} }} }}"
        else:
            yield f"{name} {{ {values_of(leads)} }}"


def connections(catalog: Catalog, seen: View) -> Iterator[tuple[str, GraphQLObjectType]]:
    """The connections at the root of a view, with the type of their rows."""
    query = seen.graphql.query_type
    assert query
    for name, leads in fields_of(query).items():
        if isinstance(catalog.roots[name].declaration, ConnectionField) and leads:
            yield name, leads


def fields_without_values(rows: Iterable[Mapping[str, Any]], kind: GraphQLObjectType) -> set[str]:
    names = {name for row in rows for name, value in row.items() if value is not None}
    return {f"{kind.name}.{name}" for name in fields_of(kind)} - {f"{kind.name}.{name}" for name in names}


def test_every_field_of_every_type_is_answered(gateway: Asking, catalog: Catalog, policy: Policy) -> None:
    """The analyst sees all eight categories, each row of them, under pseudonyms."""
    asked = list(connections(catalog, view(catalog, policy, ANALYST)))
    assert len(asked) >= 13
    for name, kind in asked:
        found = gateway.data(ANALYST, f"{{ {name}(first: {PAGE}) {{ totalCount nodes {{ {everything_of(kind)} }} }} }}")
        table = catalog.entities[kind.name].storage.table
        stored = run(gateway.url, lambda connection, table=table: connection.fetchval(f"select count(*) from {table}"))
        assert found[name]["totalCount"] == stored, name
        # What they see was not withdrawn.
        assert fields_without_values(found[name]["nodes"], kind) <= {f"{kind.name}.withdrawnAt"}


def test_a_pseudonymous_answer_holds_no_identifier_of_any_type(
    gateway: Asking, catalog: Catalog, policy: Policy
) -> None:
    asked = connections(catalog, view(catalog, policy, ANALYST))
    answers = [
        gateway.data(ANALYST, f"{{ {name}(first: 10) {{ nodes {{ {everything_of(kind)} }} }} }}")
        for name, kind in asked
    ]
    text = json.dumps(answers, ensure_ascii=False)
    for value in identifiers(gateway.url, catalog):
        # A shorter one might be there by chance.
        assert len(value) < SHORTEST or value not in text, value


OWN = {
    "purchases": "trade_order where buyer_id = 1",
    "paymentProfiles": "payment_profile where member_id = 1",
    "browsing": "browsing_event where member_id = 1",
    "visits": "visit where member_id = 1",
    "marketingContacts": "marketing_contact where member_id = 1",
    "messages": "message where sender_id = 1 or recipient_id = 1",
    "consents": "consent where member_id = 1",
}


@pytest.mark.parametrize("field", OWN)
def test_a_member_sees_everything_stored_about_them(gateway: Asking, field: str) -> None:
    stored = run(gateway.url, lambda connection: connection.fetchval(f"select count(*) from {OWN[field]}"))
    assert stored > 0
    assert gateway.data(MEMBER, f"{{ me {{ {field} {{ totalCount }} }} }}") == {"me": {field: {"totalCount": stored}}}


def test_a_member_sees_their_buying_behaviour_and_dispute(gateway: Asking) -> None:
    query = """{
        me { behaviour { ordersPerYear averageOrder topCategories lastActiveAt hiddenFields } }
        disputes { nodes { id reason openedAt hiddenFields order { id dispute { id } } } }
    }"""
    found = gateway.data(MEMBER, query)
    assert None not in found["me"]["behaviour"].values()
    assert len(found["me"]["behaviour"]["topCategories"]) == 3
    first = next(each for each in found["disputes"]["nodes"] if each["order"]["id"] == "Order:6")
    assert first["order"]["dispute"]["id"] == first["id"]
    assert None not in first.values()


def test_a_member_reads_their_messages_and_the_orders_they_belong_to(gateway: Asking) -> None:
    """Of their own data, without what the other wrote; for trading, the words too."""
    query = "{ me { messages(first: 100) { nodes { body sender { id } recipient { id } order { id } senderEmail } } } }"
    found = gateway.data(MEMBER, query)["me"]["messages"]["nodes"]
    ours = [each for each in found if each["order"] == {"id": "Order:1"}]
    # A member sees their own address, and not that of the other party.
    assert {each["senderEmail"] is None for each in ours} == {True, False}
    assert {each["body"] for each in found} == {None}
    trading = gateway.data(TRADER, "{ messages(first: 100) { nodes { body } } }")["messages"]["nodes"]
    assert len(trading) == len(found)
    assert all(each["body"] for each in trading)
