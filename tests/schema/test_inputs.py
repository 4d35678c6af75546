"""What people may write: each form takes what it says, gives it as it is stored, and refuses all else."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.inputs import InputForm, checked

TAKEN: list[tuple[InputForm, Any, Any]] = [
    (InputForm.LINE, "  Zoë\u0301 ", "Zoë\u0301"),
    (InputForm.LINE, "Zoe\u0308", "Zoë"),
    (InputForm.TEXT, "One\r\nTwo ", "One\nTwo"),
    (InputForm.LINES, [" a", "b "], ["a", "b"]),
    (InputForm.EMAIL, " first.last+tag@mail.example.com ", "first.last+tag@mail.example.com"),
    (InputForm.PHONE, "+442079460958", "+44 20 7946 0958"),
    (InputForm.COUNTRY, "hk", "HK"),
    (InputForm.CARD_NUMBER, "4111 1111-1111 1111", "4111111111111111"),
    (InputForm.CARD_EXPIRY, "09/31", "09/31"),
    (InputForm.BANK_ACCOUNT, "gb29 nwbk 6016 1331 9268 19", "GB29NWBK60161331926819"),
    (InputForm.WEB_ADDRESS, "https://shop.example.com:8443/a?b#c", "https://shop.example.com:8443/a?b#c"),
    (InputForm.COUNT, 0, 0),
    (InputForm.YEAR, 1998, 1998),
    (InputForm.PRICE, Decimal("9.50"), Decimal("9.50")),
    (InputForm.CURRENCY, "usd", "USD"),
    (InputForm.REFERENCE, "HK-2026-0117", "HK-2026-0117"),
    (
        InputForm.MOMENT,
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8))),
        datetime(2025, 12, 31, 16, tzinfo=UTC),
    ),
    (InputForm.WORD, "COOKIES", "COOKIES"),
]

REFUSED: list[tuple[InputForm, Any]] = [
    (InputForm.LINE, " "),
    (InputForm.REFERENCE, "Ünï"),
    (InputForm.REFERENCE, " x"),
    (InputForm.REFERENCE, "x" * 129),
    (InputForm.MOMENT, datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8)))),
    (InputForm.LINE, "a\nb"),
    (InputForm.LINE, "a\x00b"),
    (InputForm.LINE, "a\u202eb"),
    (InputForm.LINE, "a" * 201),
    (InputForm.TEXT, "a" * 10_001),
    (InputForm.TEXT, "a\x07"),
    (InputForm.LINES, ["a"] * 21),
    (InputForm.LINES, ["a", ""]),
    (InputForm.EMAIL, "name@localhost"),
    (InputForm.EMAIL, "name@@example.com"),
    (InputForm.EMAIL, "na me@example.com"),
    (InputForm.EMAIL, "name@example.com\nBcc: other@example.com"),
    (InputForm.EMAIL, "name@-example.com"),
    (InputForm.EMAIL, "name@192.168.0.1"),
    (InputForm.PHONE, "020 7946 0958"),
    (InputForm.PHONE, "+1 555"),
    (InputForm.PHONE, "+999 123 456 789"),
    (InputForm.COUNTRY, "XX"),
    (InputForm.COUNTRY, "HKG"),
    (InputForm.CARD_NUMBER, "4111111111111112"),
    (InputForm.CARD_NUMBER, "٤١١١١١١١١١١١١١١١"),
    (InputForm.CARD_EXPIRY, "13/31"),
    (InputForm.BANK_ACCOUNT, "12/34"),
    (InputForm.WEB_ADDRESS, "javascript:alert(1)"),
    (InputForm.WEB_ADDRESS, "https://user@example.com"),
    (InputForm.WEB_ADDRESS, "https://localhost"),
    (InputForm.COUNT, -1),
    (InputForm.COUNT, 1_000_000_001),
    (InputForm.YEAR, 1799),
    (InputForm.PRICE, Decimal("0.001")),
    (InputForm.PRICE, Decimal(-1)),
    (InputForm.PRICE, Decimal("1e10")),
    (InputForm.PRICE, Decimal("NaN")),
    (InputForm.CURRENCY, "US"),
]


@pytest.mark.parametrize(("form", "value", "stored"), TAKEN)
def test_what_has_its_form_is_stored_in_it(form: InputForm, value: Any, stored: Any) -> None:
    """What is stored would be taken again, and stay as it is."""
    assert checked(form, value) == stored
    assert checked(form, stored) == stored


@pytest.mark.parametrize(("form", "value"), REFUSED)
def test_what_has_not_its_form_is_refused(form: InputForm, value: Any) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        checked(form, value)


def test_every_form_is_tried() -> None:
    assert {form for form, _, _ in TAKEN} == {*InputForm}
    assert {form for form, _ in REFUSED} == {*InputForm} - {InputForm.WORD}


NO_TEXTS = (InputForm.LINES, InputForm.COUNT, InputForm.YEAR, InputForm.PRICE, InputForm.MOMENT)
TEXTS = [each for each in InputForm if each not in NO_TEXTS]


@given(form=st.sampled_from(TEXTS), value=st.text())
def test_any_text_is_stored_in_its_form_or_refused(form: InputForm, value: str) -> None:
    """No text makes it fail otherwise."""
    try:
        stored = checked(form, value)
    except ValueError:
        return
    assert checked(form, stored) == stored
