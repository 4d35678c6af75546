"""Names are those that a person would give."""

import pytest

from gateway.adopting.naming import field_name, free, link_name, listed_name, member_name, single_name, type_name


@pytest.mark.parametrize(
    ("table", "type_", "listed", "single"),
    [
        ("orders", "Order", "orders", "order"),
        ("order_line", "OrderLine", "order_lines", "order_line"),
        ("OrderItems", "OrderItem", "order_items", "order_item"),
        ("categories", "Category", "categories", "category"),
        ("addresses", "Address", "addresses", "address"),
        ("customer_address", "CustomerAddress", "customer_addresses", "customer_address"),
        ("statuses", "Status", "statuses", "status"),
        ("boxes", "Box", "boxes", "box"),
        ("media", "Media", "media", "media"),
        ("class", "Class", "classes", "class_"),
        ("2fa", "Table2Fa", "table_2_fas", "table_2_fa"),
    ],
)
def test_a_table_gives_its_type_and_its_lists_their_names(table: str, type_: str, listed: str, single: str) -> None:
    assert type_name(table) == type_
    assert (listed_name(type_), single_name(type_)) == (listed, single)


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("billingAddress", "billing_address"),
        ("HTTPStatus", "http_status"),
        ("from", "from_"),
        ("id", "id_"),
        ("2nd_line", "n_2_nd_line"),
        ("Straße", "stra_e"),
        ("-", "column"),
    ],
)
def test_a_column_gives_a_field_a_name_that_python_takes(column: str, field: str) -> None:
    assert field_name(column) == field
    assert field.isidentifier()


def test_a_link_is_called_after_what_it_leads_to() -> None:
    assert [link_name(each) for each in ("buyer_id", "buyerId", "parent", "id")] == ["buyer", "buyer", "parent", "id_"]


def test_a_word_becomes_a_member_of_an_enum() -> None:
    assert [member_name(each) for each in ("in transit", "partially-refunded", "24h", "")] == [
        *("IN_TRANSIT", "PARTIALLY_REFUNDED", "N_24_H", "EMPTY"),
    ]


def test_a_name_that_is_taken_gets_more_words() -> None:
    assert free("order", {"order", "order_row"}, "row") == "order_row_row"
