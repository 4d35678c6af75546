"""The labels of fields."""

from schema.labels import Form, Identifiers, Label
from schema.marketplace.words import Categories
from schema.treatments import WITHOUT_PARTIAL


def test_a_label_has_no_kind_of_identifier_one_or_two() -> None:
    label = Label(category=Categories.BUYER, identifier=Identifiers.FREE_TEXT, also=Identifiers.DETAIL)
    assert label.identifiers == (Identifiers.FREE_TEXT, Identifiers.DETAIL)
    assert Label(category=Categories.BUYER).identifiers == ()


def test_an_id_of_a_row_is_shown_plain_or_as_a_token_and_never_in_part() -> None:
    assert {kind for kind in Identifiers if kind.form is Form.ID} == {Identifiers.MEMBER_ID, Identifiers.ROW_ID}
    assert Form.ID in WITHOUT_PARTIAL
