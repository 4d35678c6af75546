"""A condition says what it reads and when it can hold; what cannot be is refused when it is declared."""

import dataclasses

import pytest

from schema.conditions import (
    Condition,
    ConditionDeclaration,
    InForce,
    IsRequester,
    IsSet,
    IsWord,
    Level,
    NamesCategory,
    RequesterHas,
    RowHasBegun,
    RowHasNotEnded,
    SubjectHadBefore,
    SubjectHas,
    SubjectHasNone,
    SubjectIsListed,
    SubjectIsPartner,
    SubjectIsRequester,
)
from schema.fields import Storage
from schema.marketplace.conditions import CASE, CONDITIONS, PUBLISHED, SELF

IN_FORCE = InForce(starts="begins", ends="ends")
BLOCKED = SubjectHasNone(
    table="block", subject="renter", where=(IsWord("kind", ("ALL",), ("ALL", "SOME")), IN_FORCE), closes_when_empty=True
)
RENTS = SubjectHas(table="rental", subject="renter", where=(IsRequester("depot"),), unless=(IN_FORCE,))
CAME_BEFORE = SubjectHadBefore(table="call_", subject="caller", starts="begins", where=(IsSet("note"),))
LISTED = SubjectIsListed(
    table="order_",
    key="number",
    where=(NamesCategory("about"),),
    list_table="person",
    list_key="of",
    subject="renter",
)
LENDS = SubjectIsPartner(
    table="loan", members=("lender", "borrower"), where=(IsWord("state", ("OPEN",), ("OPEN", "OVER")),)
)


def condition(holds_if: ConditionDeclaration, *, selective: bool = False) -> Condition:
    return Condition(name="OURS", phrase="ours holds", holds_if=holds_if, is_selective=selective)


@pytest.mark.parametrize(
    ("declared", "reads"),
    [
        (SubjectIsRequester(), {}),
        (BLOCKED, {"block": {"renter", "kind", "begins", "ends"}}),
        (RENTS, {"rental": {"renter", "depot", "begins", "ends"}}),
        (CAME_BEFORE, {"call_": {"caller", "begins", "note"}}),
        (LISTED, {"order_": {"number", "about"}, "person": {"of", "renter"}}),
        (LENDS, {"loan": {"lender", "borrower", "state"}}),
        (
            RequesterHas(table="licence", where=(IsRequester("depot"), IN_FORCE)),
            {"licence": {"depot", "begins", "ends"}},
        ),
    ],
)
def test_a_condition_reads_every_column_it_declares_and_no_other(
    declared: ConditionDeclaration, reads: dict[str, set[str]]
) -> None:
    assert condition(declared).reads == reads


def test_what_asks_for_the_absence_of_rows_says_whether_an_empty_table_closes_it() -> None:
    assert [each.name for each in CONDITIONS if each.holds_when_empty] == ["MAY_BE_TOLD"]
    assert {each.name: each.must_be_filled for each in CONDITIONS if each.must_be_filled} == {
        "NOT_OPTED_OUT": "consent"
    }
    assert not condition(BLOCKED).holds_when_empty
    assert condition(BLOCKED).must_be_filled == "block"
    assert condition(dataclasses.replace(BLOCKED, closes_when_empty=False)).holds_when_empty


def test_a_condition_asks_for_no_word_that_is_not_known() -> None:
    with pytest.raises(ValueError, match="`CLOSED` is none of the words that `state` may have"):
        IsWord("state", ("OPEN", "CLOSED"), ("OPEN", "OVER"))


def test_a_condition_says_of_which_table_it_asks_what() -> None:
    assert condition(LENDS).restrictions == [("loan", IsWord("state", ("OPEN",), ("OPEN", "OVER")))]
    assert condition(RENTS).restrictions == [("rental", IsRequester("depot")), ("rental", IN_FORCE)]
    assert condition(SubjectIsRequester()).restrictions == []


@pytest.mark.parametrize(
    ("declared", "members"),
    [
        (BLOCKED, [("block", "renter")]),
        (CAME_BEFORE, [("call_", "caller")]),
        (LISTED, [("person", "renter")]),
        (LENDS, [("loan", "lender"), ("loan", "borrower")]),
        (RowHasBegun(), []),
        (RowHasNotEnded(), []),
    ],
)
def test_a_condition_says_which_columns_name_members(
    declared: ConditionDeclaration, members: list[tuple[str, str]]
) -> None:
    assert list(condition(declared).members) == members


@pytest.mark.parametrize("declared", [BLOCKED, SubjectIsRequester(), RowHasBegun(), RowHasNotEnded()])
def test_rows_are_not_found_by_a_condition_that_has_none(declared: ConditionDeclaration) -> None:
    """To find rows by the refusals would show who refused."""
    with pytest.raises(ValueError, match="`OURS` has no rows to find others by; it cannot be selective"):
        condition(declared, selective=True)


def test_a_condition_can_hold_only_for_rows_that_have_what_it_reads() -> None:
    published = Storage(table="notice", condition_columns={"PUBLISHED": ("published_at",)})
    assert PUBLISHED.can_hold(published)
    assert not CASE.can_hold(published)
    assert not PUBLISHED.can_hold(Storage(table="notice", subjects=("renter",)))
    assert CASE.can_hold(Storage(table="notice", subjects=("renter",)))


def test_of_many_in_an_array_is_asked_only_whether_the_requester_is_one() -> None:
    """What holds for one of many is no reason to show what is of all."""
    notice = Storage(table="notice", subjects=("renters",), subjects_array=True)
    assert SELF.can_hold(notice)
    others = [each for each in CONDITIONS if each.level is Level.SUBJECT and each is not SELF]
    assert others
    assert not any(each.can_hold(notice) for each in others)


def test_what_somebody_did_before_can_hold_for_the_one_who_did_it_alone() -> None:
    rental = Storage(table="rental", subjects=("renter", "lender"), condition_columns={"OURS": ("renter", "from_")})
    came_before = condition(CAME_BEFORE)
    assert [came_before.can_hold_for(each, rental) for each in rental.subjects] == [True, False]
    assert [CASE.can_hold_for(each, rental) for each in rental.subjects] == [True, True]
    assert came_before.can_hold(rental)
    assert not came_before.can_hold(Storage(table="rental", subjects=("renter",)))
    assert came_before.needs_row


def test_a_condition_is_written_as_its_phrase_and_known_by_its_name() -> None:
    assert str(CASE) == "a case of the subject is open with the requester"
    assert len({*CONDITIONS, *CONDITIONS}) == len(CONDITIONS)
    assert {each.level for each in CONDITIONS} == set(Level)
