"""The language of destruction: what a rule reads and writes is said by the rule alone."""

from schema.conditions import InForce, IsTrue, IsUnset, NamesCategory
from schema.destruction import (
    DestroyedRows,
    Destruction,
    HeldBy,
    Hold,
    KeptFor,
    MemberList,
    Through,
    names_category,
)
from schema.fields import Join
from tests.rental.shop.words import Categories

ORDERED = Hold(
    name="LISTED",
    phrase="a list names them",
    table="paper",
    where=(NamesCategory("about"), IsTrue("valid"), InForce(starts="begins", ends="ends")),
    ends="ends",
    listed=MemberList(table="paper_person", names="paper", member="person"),
)
BOOKED = Hold(name="OUT", phrase="a tool is out", table="booking", where=(IsUnset("returned"),))
NOTES = DestroyedRows(
    category=Categories.RENTALS,
    table="note",
    member="renter",
    type="Note",
    emptied=("words",),
    through=Through(table="booking", join=Join(near="booking", far="number")),
    held=(HeldBy(hold=BOOKED, near="booking", far=("number",)), HeldBy(hold=ORDERED, near="renter")),
)
BOOKINGS = DestroyedRows(
    category=Categories.RENTALS,
    table="booking",
    member="renter",
    type="Booking",
    held=(KeptFor(name="LAW", phrase="a law asks for it", years=3, since="begins"),),
)
RULES = Destruction(rules=(NOTES, BOOKINGS), backup_days=7)


def test_rows_are_removed_where_no_column_is_emptied() -> None:
    assert (NOTES.removes, BOOKINGS.removes) == (False, True)
    assert RULES.removed_tables == {"booking"}
    assert dict(RULES.emptied_columns()) == {"note": ("words",)}


def test_a_rule_reads_its_rows_and_what_holds_them() -> None:
    """A part's member is where its owner is."""
    assert set(NOTES.read_columns()) == {
        *(("booking", "renter"), ("note", "booking"), ("booking", "number"), ("booking", "returned")),
        *(("paper", column) for column in ("about", "valid", "begins", "ends", "id")),
        *(("paper_person", column) for column in ("paper", "person")),
    }
    assert set(BOOKINGS.read_columns()) == {("booking", "renter"), ("booking", "begins")}


def test_what_holds_rows_has_a_word_and_a_phrase() -> None:
    assert RULES.holdings == {"OUT": "a tool is out", "LISTED": "a list names them", "LAW": "a law asks for it"}
    assert names_category(ORDERED) == NamesCategory("about")
    assert names_category(BOOKED) is None


def test_the_categories_are_those_of_the_rules() -> None:
    assert RULES.categories == (Categories.RENTALS,)
