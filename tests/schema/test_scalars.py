"""Decimals and times: one way to write each, and nothing else is taken for one."""

from datetime import UTC, datetime
from decimal import Decimal as PythonDecimal

import pytest

from schema.scalars import SCALARS, DateTime, Decimal

parse_decimal = SCALARS[Decimal].parse_value
parse_time = SCALARS[DateTime].parse_value


@pytest.mark.parametrize(
    ("written", "value"), [("12.50", "12.50"), ("-0.000001", "-0.000001"), (7, "7"), ("9" * 18, "9" * 18)]
)
def test_a_decimal_keeps_its_digits(written: object, value: str) -> None:
    assert parse_decimal
    assert str(parse_decimal(written)) == value
    assert parse_decimal(written) == PythonDecimal(value)


@pytest.mark.parametrize(
    "written", ["NaN", "Infinity", "1e9", "１２", "1,000", " 1", "", "0.1234567", "9" * 19, 1.5, True, 10**18]
)
def test_whatever_else_looks_like_a_number_is_no_decimal(written: object) -> None:
    assert parse_decimal
    with pytest.raises(ValueError, match="a decimal is a string like"):
        parse_decimal(written)


def test_a_time_keeps_its_zone() -> None:
    assert parse_time
    assert parse_time("2012-06-11T08:00:00Z") == datetime(2012, 6, 11, 8, tzinfo=UTC)
    assert parse_time("2012-06-11T08:00:00.5+08:00") == datetime(2012, 6, 11, 0, 0, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["2012-06-11", "2012-06-11 08:00:00Z", "2012-06-11T08:00:00", "20120611T080000Z", "now", 1_339_401_600]
)
def test_a_time_without_its_zone_or_in_another_form_is_refused(written: object) -> None:
    assert parse_time
    with pytest.raises(ValueError, match="a time is a string like"):
        parse_time(written)
