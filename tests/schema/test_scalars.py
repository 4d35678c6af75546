"""Decimals and times: one way to write each, and nothing else is taken for one."""

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


parse = SCALARS[DateTime].parse_value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2012-01-01T00:00:00Z", "2012-01-01T00:00:00+00:00"),
        ("2012-01-01t00:00:00z", "2012-01-01T00:00:00+00:00"),
        ("2012-01-01T00:00:00.5+01:00", "2012-01-01T00:00:00.500000+01:00"),
        ("2012-01-01T00:00:00.1234567Z", "2012-01-01T00:00:00.123457+00:00"),
        ("2012-01-01T00:00:00.123456489+01:00", "2012-01-01T00:00:00.123456+01:00"),
        ("2012-12-31T23:59:59.9999999Z", "2013-01-01T00:00:00+00:00"),
        ("2012-01-01T00:00:00-00:00", "2012-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999+00:00"),
    ],
)
def test_a_time_is_read_and_rounded_to_microseconds(written: str, read: str) -> None:
    assert parse
    assert parse(written).isoformat() == read


@pytest.mark.parametrize(
    "written",
    [
        "2012-01-01",
        "2012-01-01T00:00:00",
        "2012-01-01 00:00:00Z",
        "2012-01-01T00:00:00.Z",
        "2012-01-01T00:00:00,5Z",
        "2012-13-01T00:00:00Z",
        "2012-01-01T24:00:00Z",
        "2012-01-01T00:00:00+24:00",
        "9999-12-31T23:59:59.9999999Z",
        "２０12-01-01T00:00:00Z",
        "2012-01-01T00:00:00." + "1" * 31 + "Z",
        20120101,
        None,
    ],
)
def test_what_is_no_time_is_refused(written: object) -> None:
    assert parse
    with pytest.raises(ValueError, match="RFC 3339"):
        parse(written)


def test_each_scalar_names_the_page_that_specifies_it() -> None:
    assert {scalar.name: scalar.specified_by_url for scalar in SCALARS.values()} == {
        "Decimal": "https://www.w3.org/TR/xmlschema11-2/#decimal",
        "DateTime": "https://www.rfc-editor.org/rfc/rfc3339",
    }
