"""The SQL of conditions is made from declarations alone: those here are another marketplace's."""

import dataclasses

import pytest

from resolvers.planning.plan import SubjectCondition
from resolvers.sql.conditions import condition_sql, found_sql, gathered_sql, instrument_sql, requester_condition_sql
from schema.catalog import Catalog, Entity
from schema.conditions import (
    Condition,
    ConditionDeclaration,
    InForce,
    IsFalse,
    IsReference,
    IsRequester,
    IsRequesterOrNobody,
    IsSet,
    IsToCome,
    IsTrue,
    IsWord,
    NamesCategory,
    NamesPurpose,
    RequesterHas,
    RowHas,
    RowHasBegun,
    RowHasNone,
    RowHasNotEnded,
    RowNamesRequester,
    SubjectHadBefore,
    SubjectHas,
    SubjectHasNone,
    SubjectIsListed,
    SubjectIsPartner,
    SubjectIsRequester,
)
from schema.fields import Join, Storage
from schema.marketplace.words import Categories, Purposes
from tests.conftest import CARE, CONTACTER, PUBLIC, VENDOR
from tests.resolvers.conftest import Compile

IN_FORCE = InForce(starts="begins", ends="ends")
IS_IN_FORCE = "state.begins <= now() and (state.ends is null or state.ends > now())"


@pytest.fixture
def entity(catalog: Catalog) -> Entity:
    storage = Storage(
        table="rental",
        subjects=("renter",),
        condition_columns={
            "LENDS": ("lender", "renter"),
            "STARTED": ("from_",),
            "GOES_ON": ("to_",),
            "PAID": Join(near="id", far="rental"),
            "UNPAID": Join(near="id", far="rental"),
            "CAME_BEFORE": ("renter", "from_"),
        },
    )
    return dataclasses.replace(catalog.entities["Member"], storage=storage, owner=storage)


def condition(name: str, holds_if: ConditionDeclaration, *, selective: bool = False) -> Condition:
    return Condition(name=name, phrase=name.lower(), holds_if=holds_if, is_selective=selective)


@pytest.mark.parametrize(
    ("held", "text"),
    [
        (condition("SELF", SubjectIsRequester()), "r.renter = call.member"),
        (condition("LENDS", RowNamesRequester()), "(r.lender = call.member or r.renter = call.member)"),
        (condition("STARTED", RowHasBegun()), "r.from_ <= now()"),
        (condition("GOES_ON", RowHasNotEnded()), "r.to_ is null"),
        (
            condition(
                "PAID",
                RowHas(
                    table="bill",
                    where=(IsWord("state", ("PAID", "PART"), ("PAID", "PART", "OPEN")), IsRequester("depot")),
                ),
            ),
            (
                "(select true from bill state where r.id = state.rental and state.state in ('PAID', 'PART')"
                " and state.depot = call.organisation limit 1)"
            ),
        ),
        (
            condition(
                "UNPAID",
                RowHasNone(
                    table="bill",
                    where=(IsWord("kind", ("A", "B"), ("A", "B")), IsToCome("due_from")),
                    closes_when_empty=False,
                ),
            ),
            (
                "(select true from bill state where r.id = state.rental and (state.due_from > now()"
                " or (state.kind in ('A', 'B')) is not true) limit 1) is null"
            ),
        ),
        (condition("LICENSED", RequesterHas(table="licence", where=())), "call.licensed_stands"),
        (
            condition(
                "BLOCKED",
                SubjectHasNone(
                    table="block",
                    subject="renter",
                    where=(IsWord("kind", ("A",), ("A", "B")), IsTrue("whole"), IsSet("note"), IN_FORCE),
                    closes_when_empty=True,
                ),
            ),
            (
                "call.block_filled and r.renter is not null and (select true from block state where r.renter = state.renter"
                " and (state.kind = 'A' and (state.whole) is not false and state.note is not null"
                " or (state.kind in ('A', 'B')) is not true)"
                " and (state.begins <= now()) is not false and (state.ends > now()) is not false limit 1) is null"
            ),
        ),
        (
            condition(
                "AGREED",
                SubjectHas(
                    table="consent",
                    subject="renter",
                    where=(IsTrue("given"), IN_FORCE),
                    unless=(IsFalse("given"), IsRequesterOrNobody("depot")),
                ),
            ),
            (
                f"(select true from consent state where r.renter = state.renter and state.given and {IS_IN_FORCE}"
                " and (select true from consent refusal where refusal.renter = state.renter and (not refusal.given) is not false"
                " and (coalesce(refusal.depot, call.organisation) = call.organisation) is not false limit 1) is null limit 1)"
            ),
        ),
        (
            condition(
                "CAME_BEFORE",
                SubjectHadBefore(
                    table="call_", subject="caller", starts="begins", where=(IsRequester("depot"), IsSet("note"))
                ),
            ),
            (
                "(select true from call_ state where r.renter = state.caller and state.begins <= r.from_"
                " and state.depot = call.organisation and state.note is not null limit 1)"
            ),
        ),
        (
            condition(
                "NAMED",
                SubjectIsListed(
                    table="warrant",
                    key="number",
                    where=(IsReference("number"), NamesCategory("about")),
                    list_table="person",
                    list_key="warrant",
                    subject="renter",
                ),
            ),
            (
                "(select true from warrant state join person named on named.warrant = state.number"
                " where r.renter = named.renter and state.number = call.reference and 'BUYER' = any (state.about) limit 1)"
            ),
        ),
        (
            condition(
                "KNOWN",
                SubjectIsPartner(
                    table="loan",
                    members=("lender", "borrower"),
                    where=(IsWord("state", ("it's on",), ("it's on", "it's over")),),
                ),
            ),
            (
                "(select true from (select lender as member_id, borrower as partner_id from loan where state = 'it''s on'"
                " union all select borrower, lender from loan where state = 'it''s on') state"
                " where r.renter = state.member_id and state.partner_id = call.member limit 1)"
            ),
        ),
    ],
    ids=lambda each: each.name if isinstance(each, Condition) else "",
)
def test_every_kind_of_condition_is_made_from_its_declaration(held: Condition, text: str, entity: Entity) -> None:
    asked = SubjectCondition(held, "renter" if held.level.value == "subject" else None, Categories.BUYER)
    assert condition_sql(asked, entity, "r").text == text


def test_a_condition_of_the_requester_names_the_purpose() -> None:
    licensed = condition("LICENSED", RequesterHas(table="licence", where=(IsRequester("depot"), NamesPurpose("uses"))))
    assert requester_condition_sql(licensed, Purposes.CAMPAIGN).text == (
        "(select true from licence state where state.depot = call.organisation and 'campaign' = any (state.uses) limit 1)"
    )


def test_rows_are_found_by_a_condition_that_holds_for_few(entity: Entity) -> None:
    declared = SubjectHas(table="case_", subject="renter", where=(IsRequester("depot"),))
    held = SubjectCondition(condition("CASE", declared, selective=True), "renter")
    predicate = frozenset({frozenset({held})})
    assert found_sql(predicate, entity, "r", "f").text == "r.renter = any (f.found1)"
    assert [values.text for values in gathered_sql(predicate, entity)] == [
        "array(select state.renter as value from case_ state where state.depot = call.organisation)"
    ]
    paid = SubjectCondition(condition("PAID", RowHas(table="bill", where=(IsTrue("due"),)), selective=True))
    predicate = frozenset({frozenset({paid})})
    assert found_sql(predicate, entity, "r", "f").text == "r.id = any (f.found1)"
    assert [values.text for values in gathered_sql(predicate, entity)] == [
        "array(select state.rental as value from bill state where state.due)"
    ]


# In the statements of this marketplace.

MEMBERS = "{ members { nodes { name } } }"


def test_a_condition_of_the_requester_is_read_once_for_a_call(compile_for: Compile) -> None:
    """However many rows and fields depend on it."""
    statement = compile_for(CARE, "{ members { nodes { name email phone } } }").statement.sql
    assert statement.count("from contract state") == 1


def test_a_state_holds_by_the_clock_of_the_database(compile_for: Compile) -> None:
    statement = compile_for(CARE, MEMBERS).statement.sql
    in_force = "state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())"
    assert statement.count(in_force) == statement.count("state.starts_at")


def test_a_state_is_looked_up_for_the_requester_of_the_call(compile_for: Compile) -> None:
    statement = compile_for(VENDOR, "{ payments { nodes { cardNumber } } }").statement.sql
    assert statement.count("state.organisation_id = call.organisation") == statement.count("from payment state")


def test_an_objection_to_contact_must_be_absent(compile_for: Compile) -> None:
    """Silence is consent here, so the statement looks for a refusal and finds none."""
    statement = compile_for(CONTACTER, MEMBERS).statement.sql
    assert "state.kind = 'CONTACT_BY_MARKETPLACE' and (not state.given) is not false" in statement
    assert "limit 1) is null" in statement


def test_without_a_condition_no_state_is_read(compile_for: Compile) -> None:
    assert " state where" not in compile_for(PUBLIC, "{ companies { nodes { name } } }").statement.sql


def test_an_instrument_is_looked_for_whomever_and_whatever_it_names() -> None:
    """Without its list and without its categories: they are asked of each person and each field."""
    paper = SubjectIsListed(
        table="paper",
        key="id",
        where=(IsReference("number"), IsRequester("office"), NamesCategory("categories"), IN_FORCE),
        list_table="paper_person",
        list_key="paper",
        subject="person",
    )
    condition = Condition(name="PAPER", phrase="a paper names the subject", holds_if=paper)
    assert condition.instrument is paper
    assert instrument_sql([paper]).text == (
        "exists (select from paper state where state.number = call.reference and state.office = call.organisation"
        f" and {IS_IN_FORCE})"
    )
    uncited = dataclasses.replace(paper, where=(IsRequester("office"),))
    assert dataclasses.replace(condition, holds_if=uncited).instrument is None
