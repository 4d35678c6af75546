"""What a mask shows of a value, by example. That PostgreSQL does the same is a law (`tests/laws`)."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from schema.labels import Identifier, Identifiers
from schema.masks import month_of, partial_form, rounded_amount
from schema.treatments import WITHOUT_PARTIAL

LIMITATIONS = Path(__file__).parents[2] / "docs" / "limitations.md"


def documented_rows(columns: int) -> list[tuple[str, ...]]:
    """The rows of the tables of the limitations that have this many columns of code."""
    lines = [re.findall("`([^`]*)` *[|]", line) for line in LIMITATIONS.read_text("utf-8").splitlines()]
    return [tuple(cells) for cells in lines if len(cells) == columns]


@pytest.mark.parametrize(("kind", "value", "shown"), documented_rows(3))
def test_a_masked_value_is_what_the_limitations_say(kind: str, value: str, shown: str) -> None:
    assert partial_form(Identifiers(kind), value) == shown


def test_the_limitations_list_every_kind_that_has_a_mask() -> None:
    listed = {kind for kind, _, _ in documented_rows(3)} | {Identifiers.FREE_TEXT, Identifiers.POSTAL_ADDRESS}
    assert listed == {kind for kind in Identifiers if kind.form not in WITHOUT_PARTIAL and not kind.is_coincidental}
    assert len(documented_rows(2)) > 50


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("j@e.com", "j***@e***.com"),
        ("J.D@sub.example.org", "J***@s***.org"),
        ("7even@163.net", "7***@1***.net"),
        ("john@example.museum", "j***@e***.***"),
        ("john@example.COM", "j***@e***.***"),
        ("john@com", "j***@c***.com"),
        ("john@例子.com", "j***@****.com"),
        ("'; drop@x.y", "****@x***.***"),
        ("john", "j***@****.***"),
        ("john@", "j***@****.***"),
        ("@example.com", "****@e***.com"),
        ("a@b@c.com", "a***@b***.***"),
        (" john@example.com", "****@e***.com"),
        ("😀@example.com", "****@e***.com"),
        ("", "****@****.***"),
    ],
)
def test_an_email_address_shows_two_first_characters_and_a_common_ending(value: str, shown: str) -> None:
    assert partial_form(Identifiers.EMAIL, value) == shown
    assert len(shown) == 13


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("J", "J. ***"),
        ("john", "j. ***"),
        ("   John", "*. ***"),
        ("Юлия", "Ю. ***"),
        ("Ł", "*. ***"),
        ("欧阳锋", "*. ***"),
        ("👩‍👩‍👧", "*. ***"),
        ("́", "*. ***"),
        ("1st", "*. ***"),
        ("", "*. ***"),
        ("  ", "*. ***"),
    ],
)
def test_a_name_shows_a_first_letter_that_many_share(value: str, shown: str) -> None:
    assert partial_form(Identifiers.NAME, value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("+1 (202) 555-0143", "+1 *** 43"),
        ("+7 912 345 67 89", "+7 *** 89"),
        ("+44 20 7946 0958", "+44 *** 58"),
        ("+852 2345 6789", "+852 *** 89"),
        ("(+86)57487654321", "+86 *** 21"),
        ("+890 12345678", "*** 78"),
        ("+0 12345678", "*** 78"),
        ("0086 574 8765 4321", "*** 21"),
        ("12345678", "*** 78"),
        ("1234567", "*** **"),
        ("+", "*** **"),
        ("john@example.com", "*** **"),
        ("０５７４８７６５４３２１", "*** **"),
        ("", "*** **"),
    ],
)
def test_a_phone_number_shows_a_known_country_code_and_two_digits(value: str, shown: str) -> None:
    assert partial_form(Identifiers.PHONE, value) == shown


@pytest.mark.parametrize(("city", "shown"), [("Ningbo", "Ningbo"), ("", "***"), (None, "***")])
def test_an_address_shows_its_city_and_never_itself(city: str | None, shown: str) -> None:
    assert partial_form(Identifiers.POSTAL_ADDRESS, "12 Main Street", coarse=city) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("255.255.255.255", "255.255.255.0/24"),
        ("::ffff:10.1.2.3", "10.1.2.0/24"),
        ("::1", "::/48"),
        ("2001:DB8::", "2001:db8::/48"),
        ("2001:0:0:1:2:3:4:5", "2001::/48"),
        ("1:2:3:4:5:6:7::", "***"),
        ("1:2:3:4:5:6:7:8:9", "***"),
        ("1::2::3", "***"),
        ("fe80::1%eth0", "***"),
        ("10.1.2.3/8", "***"),
        ("10.1.2", "***"),
        ("10.1.2.256", "***"),
        ("010.1.2.3", "***"),
        ("10.1.2.3\n", "***"),
        ("localhost", "***"),
        ("", "***"),
    ],
)
def test_an_ip_address_shows_its_network_and_other_text_shows_nothing(value: str, shown: str) -> None:
    assert partial_form(Identifiers.IP_ADDRESS, value) == shown


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Identifiers.CARD_NUMBER, "4111111111111111", "**** 1111"),
        (Identifiers.CARD_NUMBER, "41111111111", "**** ****"),
        (Identifiers.CARD_NUMBER, "4111111111111 11", "**** ****"),
        (Identifiers.CARD_NUMBER, "John Smith, Visa", "**** ****"),
        (Identifiers.CARD_NUMBER, "", "**** ****"),
        (Identifiers.BANK_ACCOUNT, "FR1420041010050500013M02606", "**** 2606"),
        (Identifiers.BANK_ACCOUNT, "MT84MALT011000012345MTLCAST001S", "**** 001S"),
        (Identifiers.BANK_ACCOUNT, "ask John Smith", "**** ****"),
        (Identifiers.TRACKING_NUMBER, "1Z999AA10123456784", "*** 84"),
        (Identifiers.TRACKING_NUMBER, "1234567", "*** **"),
        (Identifiers.TRACKING_NUMBER, "none yet", "*** **"),
    ],
)
def test_a_number_shows_its_end_if_it_is_long_enough(kind: Identifier, value: str, shown: str) -> None:
    assert partial_form(kind, value) == shown


@pytest.mark.parametrize("kind", [each for each in Identifiers if each.form in WITHOUT_PARTIAL])
def test_an_id_has_no_partial_form(kind: Identifier) -> None:
    with pytest.raises(ValueError, match="has no partial form"):
        partial_form(kind, "1")


@pytest.mark.parametrize("kind", [each for each in Identifiers if each.is_coincidental])
def test_a_time_an_amount_and_a_detail_have_no_text_for_a_partial_form(kind: Identifier) -> None:
    with pytest.raises(ValueError, match=r"no text|no partial form"):
        partial_form(kind, "1")


def test_a_time_shows_its_month_in_utc() -> None:
    assert month_of(datetime(2012, 6, 11, 8, 30, 1, 5, tzinfo=UTC)) == datetime(2012, 6, 1, tzinfo=UTC)
    west = timezone(timedelta(hours=-8))
    assert month_of(datetime(2012, 5, 31, 23, tzinfo=west)) == datetime(2012, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("12345.67", "12000"),
        ("12500", "13000"),
        ("-12500", "-13000"),
        ("99.60", "100"),
        ("99.40", "99"),
        ("9.96", "10.0"),
        ("5", "5.0"),
        ("0.996", "1.00"),
        ("0.0512", "0.05"),
        ("0.004", "0.00"),
        ("0", "0.00"),
        ("2e200", "1" + "0" * 100),
    ],
)
def test_an_amount_shows_its_first_two_digits(amount: str, shown: str) -> None:
    assert format(rounded_amount(Decimal(amount)), "f") == shown
