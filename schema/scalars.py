"""Strict scalars: a value is accepted only in the form in which it is written.

Strawberry's own scalars accept `NaN`, `1e999999999` and full-width digits as decimals, and many forms of times.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal as PythonDecimal
from types import MappingProxyType
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,6})?", re.ASCII)
_DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,30}))?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)


WRITTEN: Mapping[str, str] = MappingProxyType(
    {
        "Decimal": 'a string like "12.50" of at most 18 digits before the point and 6 after it',
        "DateTime": 'a string like "2012-06-11T08:00:00Z" (RFC 3339)',
        "Int": "a whole number of 32 bits",
        "Boolean": "true or false",
        "String": "a string",
        "ID": "a string, or a whole number",
    }
)
"""How a value of each scalar is written, by the scalar's name."""


def _decimal(value: object) -> PythonDecimal:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return PythonDecimal(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return PythonDecimal(value)
    raise ValueError(f"a decimal is {WRITTEN['Decimal']}")


def _date_time(value: object) -> datetime:
    """A moment as RFC 3339 writes it. More digits than PostgreSQL keeps are rounded, as it does."""
    written = _DATE_TIME.fullmatch(value.upper()) if isinstance(value, str) else None
    try:
        if written:
            return datetime.fromisoformat(f"{written[1]}{written[3]}") + _fraction(written[2] or "0")
    except (ValueError, OverflowError):
        pass
    raise ValueError(f"a time is {WRITTEN['DateTime']}")


def _fraction(digits: str) -> timedelta:
    """Of a second, in whole microseconds."""
    return timedelta(microseconds=round(PythonDecimal(f"0.{digits}") * 1_000_000))


Decimal = NewType("Decimal", PythonDecimal)
DateTime = NewType("DateTime", datetime)

SCALARS: Mapping[object, ScalarDefinition] = {
    Decimal: strawberry.scalar(
        name="Decimal",
        description="An exact decimal number, as a string.",
        serialize=str,
        parse_value=_decimal,
        specified_by_url="https://www.w3.org/TR/xmlschema11-2/#decimal",
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="A moment in time (RFC 3339).",
        serialize=datetime.isoformat,
        parse_value=_date_time,
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    ),
}
