"""A row read for an answer: whose data it is, and how many rows were read for it."""

from resolvers.alternatives import ALWAYS
from resolvers.sql.masking import RowAlias
from resolvers.sql.pieces import constant, name
from resolvers.sql.reading import JsonValue, ReadRow, compose, join_lateral
from schema.catalog import Catalog

NOTHING = JsonValue(text=constant("{}"))


def row_of(catalog: Catalog, entity: str, alias: str, **above: object) -> ReadRow:
    return ReadRow(row=RowAlias(entity=catalog.entities[entity], alias=alias, owner=alias), **above)  # pyright: ignore[reportArgumentType] - the keywords are the test's own


def test_a_row_with_two_data_subjects_names_both(catalog: Catalog) -> None:
    subjects = row_of(catalog, "Order", "o1").subjects(NOTHING).text
    assert "o1.buyer_id::bigint::text" in subjects
    assert "o1.seller_id::bigint::text" in subjects


def test_a_data_subject_that_the_row_above_names_is_not_named_again(catalog: Catalog) -> None:
    below = row_of(catalog, "Member", "m2", parent_names="id", subjects_above=(name("o1", "buyer_id"),))
    assert not below.has_subjects(NOTHING)


def test_what_belongs_to_nobody_names_nobody(catalog: Catalog) -> None:
    row = row_of(catalog, "Organisation", "o1")
    assert not row.has_subjects(NOTHING)
    assert row.subjects(NOTHING).text == "null::text"


def test_the_rows_joined_for_a_value_count_too(catalog: Catalog) -> None:
    joined = join_lateral(constant("{}"), "r1", ALWAYS, subjects=True)
    value = compose(constant("{}"), [joined, NOTHING])
    assert (len(value.joins), [each.text for each in value.subjects]) == (1, ["r1.subjects"])
    assert row_of(catalog, "Organisation", "o1").row_count(value).text == "1 + coalesce(r1.rows, 0)"
