"""A kind of identifier is guessed by name, type and form. In doubt it is the one that shows less."""

import pytest

from gateway.adopting.kinds import guess, is_secret
from gateway.adopting.reading import Table, TableColumn
from schema.labels import Identifiers


def kind(name: str, *sample: str, type_: str = "text", beside: str = "title") -> Identifiers | None:
    column = TableColumn(name=name, type=type_, sample=sample)
    others = {beside: TableColumn(name=beside, type="text")}
    return guess(column, Table(schema="shop", name="some", columns={name: column, **others})).kind


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("email", Identifiers.EMAIL),
        ("contactEmail", Identifiers.EMAIL),
        ("e_mail_address", Identifiers.EMAIL),
        ("phone_number", Identifiers.PHONE),
        ("fax", Identifiers.PHONE),
        ("first_name", Identifiers.NAME),
        ("username", Identifiers.NAME),
        ("billing_address_1", Identifiers.POSTAL_ADDRESS),
        ("zip", Identifiers.POSTAL_ADDRESS),
        ("line1", Identifiers.POSTAL_ADDRESS),
        ("line_2", Identifiers.POSTAL_ADDRESS),
        ("address1", Identifiers.POSTAL_ADDRESS),
        ("order_line", None),
        ("tax_number", Identifiers.DETAIL),
        ("ip_address", Identifiers.IP_ADDRESS),
        ("last_ip", Identifiers.IP_ADDRESS),
        ("card_number", Identifiers.CARD_NUMBER),
        ("iban", Identifiers.BANK_ACCOUNT),
        ("tracking_number", Identifiers.TRACKING_NUMBER),
        ("session_id", Identifiers.COOKIE),
        ("vat_number", Identifiers.DETAIL),
        ("user_agent", Identifiers.DETAIL),
        ("confirmed_by", Identifiers.DETAIL),
        ("internal_notes", Identifiers.FREE_TEXT),
        ("title", None),
        ("shipping_method", None),
        ("zipped", None),
        ("shipping_address_id", None),
        ("product_handle", None),
    ],
)
def test_a_name_tells(name: str, expected: Identifiers | None) -> None:
    assert kind(name) is expected


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (("ada@example.org", "bob@example.org"), Identifiers.EMAIL),
        (("192.0.2.7", "2001:db8::1"), Identifiers.IP_ADDRESS),
        (("4111 1111 1111 1111",), Identifiers.CARD_NUMBER),
        (("4111 1111 1111 1112",), None),
        (("DE89 3704 0044 0532 0130 00",), Identifiers.BANK_ACCOUNT),
        (("+47 21 00 00 00", "0049 30 1234567"), Identifiers.PHONE),
        (("Please ring twice, and leave it with the neighbour.",), Identifiers.FREE_TEXT),
        (("red", "green", "ada@example.org"), None),
        (("", " "), None),
        ((), None),
    ],
)
def test_the_form_of_values_tells_where_the_name_does_not(
    sample: tuple[str, ...], expected: Identifiers | None
) -> None:
    assert kind("x", *sample) is expected


@pytest.mark.parametrize(
    ("type_", "name", "expected"),
    [
        ("inet", "seen_from", Identifiers.IP_ADDRESS),
        ("timestamp with time zone", "placed", Identifiers.MOMENT),
        ("date", "birth", Identifiers.DETAIL),
        ("numeric", "weight", Identifiers.AMOUNT),
        ("integer", "total", Identifiers.AMOUNT),
        ("integer", "stars", None),
        ("boolean", "email", None),
    ],
)
def test_the_type_tells(type_: str, name: str, expected: Identifiers | None) -> None:
    assert kind(name, type_=type_) is expected


def test_a_name_is_somebodys_where_a_person_is() -> None:
    assert kind("name", beside="email") is Identifiers.NAME
    assert kind("name", beside="price") is None
    assert kind("display_name", beside="address_id") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("password_hash", True),
        ("api_key", True),
        ("refreshToken", True),
        ("cvv", True),
        ("key", False),
        ("pinned", False),
    ],
)
def test_a_secret_is_known_by_its_name(name: str, expected: bool) -> None:
    assert is_secret(TableColumn(name=name, type="text")) is expected
