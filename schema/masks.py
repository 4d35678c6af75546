"""What PARTIAL makes of a value, in Python: the reference the SQL is held to.

Every form is total. Its width is fixed, except for what it means to show: a country code, a network, a city, the text
around an identifier.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import MAX_PREC, ROUND_HALF_UP, Context, Decimal
from typing import Final

from schema.free_text import redact
from schema.labels import Form, Identifier


def partial_form(identifier: Identifier, value: str, *, coarse: str | None = None) -> str:
    """The partial form of one value: its kind is visible, the value is not. `coarse` is the city of a postal address."""
    match identifier.form:
        case Form.EMAIL:
            return _partial_email(value)
        case Form.NAME:
            return f"{_initial(value, NAME_INITIALS)}. ***"
        case Form.PHONE:
            return _partial_phone(value)
        case Form.POSTAL_ADDRESS:
            return coarse or "***"
        case Form.IP_ADDRESS:
            return _network(value)
        case Form.CARD_NUMBER | Form.ACCOUNT_NUMBER | Form.SHORT_NUMBER:
            return ENDINGS[identifier.form].of(value)
        case Form.FREE_TEXT:
            return redact(value)
        case Form.ID | Form.OPAQUE | Form.DETAIL:
            raise ValueError(f"`{identifier}` has no partial form")
        case Form.TIME | Form.AMOUNT:
            raise ValueError(f"`{identifier}` is no text")


def month_of(moment: datetime) -> datetime:
    """The partial form of a time: the start of its month, in UTC."""
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


AMOUNT_DIGITS: Final = 2
"""The significant digits of an amount that are shown. None of them is finer than a hundredth."""

LARGEST_AMOUNT: Final = Decimal("1e100")
"""A larger amount is shown as this one: PostgreSQL rounds numbers of thousands of digits in more than one way."""

_EXACT: Final = Context(prec=MAX_PREC)


def rounded_amount(amount: Decimal) -> Decimal:
    """The partial form of an amount: its first two digits. A half is rounded away from zero."""
    bounded = max(min(amount, LARGEST_AMOUNT), -LARGEST_AMOUNT)
    whole = len(str(abs(int(bounded)))) if abs(bounded) >= 1 else 0
    unit = Decimal((0, (1,), whole - AMOUNT_DIGITS))
    return bounded.quantize(unit, rounding=ROUND_HALF_UP, context=_EXACT)


DIGITS: Final = "0123456789"
CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Ranges = tuple[tuple[str, str], ...]

NAME_INITIALS: Final[Ranges] = (("A", "Z"), ("a", "z"), ("А", "я"))
"""Ranges of first letters of a name that are shown: a few dozen letters. A star replaces any other first letter.

A Chinese first character is the whole surname, and a rare character or an emoji identifies its bearer.
"""

ADDRESS_INITIALS: Final[Ranges] = (("a", "z"), ("0", "9"), ("A", "Z"))
"""Ranges of first characters of an e-mail address and its domain that are shown, the usual ones first."""

COMMON_DOMAINS: Final = ("com", "net", "org")
"""Top-level domains that are shown. Most others name a country or a trade, and some have few members."""


def _initial(text: str, shown: Ranges) -> str:
    first = text[:1]
    return first if any(start <= first <= end for start, end in shown) else "*"


def _partial_email(value: str) -> str:
    domain = value.partition("@")[2].partition("@")[0]
    ending = domain.rpartition(".")[2]
    return (
        f"{_initial(value, ADDRESS_INITIALS)}***@{_initial(domain, ADDRESS_INITIALS)}***."
        f"{ending if ending in COMMON_DOMAINS else '***'}"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The last characters of a number that are shown, if the number is long enough and ends in allowed characters."""

    stars: str
    width: int
    shortest: int
    allowed: str

    def of(self, value: str) -> str:
        end = value[-self.width :]
        shown = len(value) >= self.shortest and not end.strip(self.allowed)
        return f"{self.stars} {end if shown else '*' * self.width}"


ENDINGS: Final[Mapping[Form, Ending]] = {
    Form.CARD_NUMBER: Ending(stars="****", width=4, shortest=12, allowed=DIGITS),
    Form.ACCOUNT_NUMBER: Ending(stars="****", width=4, shortest=12, allowed=DIGITS + CAPITALS),
    Form.SHORT_NUMBER: Ending(stars="***", width=2, shortest=8, allowed=DIGITS + CAPITALS),
}


# Phone numbers.

TWO_DIGIT_COUNTRY_CODES: Final = (
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 "
    "91 92 93 94 95 98"
)
"""Country calling codes of two digits (ITU-T E.164); 1 and 7 have one digit."""

THREE_DIGIT_COUNTRY_CODES: Final = "21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99"
"""The first two digits of three-digit calling codes. No country has any other code."""

LONGEST_PHONE: Final = 40
"""Characters that are read. Finding digits takes time that grows with the square of the length."""


def _partial_phone(value: str) -> str:
    digits = "".join(character for character in value[:LONGEST_PHONE] if character in DIGITS)
    if len(digits) < 8:
        return "*** **"
    return f"{_country_code(digits) if value.lstrip(' (').startswith('+') else ''}*** {digits[-2:]}"


def _country_code(digits: str) -> str:
    if digits[0] in "17":
        return f"+{digits[:1]} "
    if digits[:2] in TWO_DIGIT_COUNTRY_CODES:
        return f"+{digits[:2]} "
    return f"+{digits[:3]} " if digits[:2] in THREE_DIGIT_COUNTRY_CODES else ""


# IP addresses. What matches is an address to `ipaddress` and to `inet` alike, so that neither ever raises.

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_GROUP = "[0-9a-fA-F]{1,4}"
_GROUPS = f"{_GROUP}(?::{_GROUP})*"

IPV4: Final = rf"(?:::ffff:)?(?:{_OCTET}\.){{3}}{_OCTET}"
"""An IPv4 address, mapped into IPv6 or not."""

IPV6: Final = f"(?:{_GROUP}:){{7}}{_GROUP}|(?:{_GROUPS})?::(?:{_GROUPS})?"
"""An IPv6 address, if it has no more than seven colons."""

IPV6_WITH_IPV4: Final = "2002:"
"""The prefix of IPv6 addresses that contain an IPv4 address in their first 48 bits (RFC 3056). They are not shown."""


def _network(value: str) -> str:
    if re.fullmatch(IPV4, value):
        return f"{value.rstrip(DIGITS).lstrip(':f')}0/24"
    if value.count(":") < 8 and not value.startswith(IPV6_WITH_IPV4) and re.fullmatch(IPV6, value):
        return str(ipaddress.IPv6Network((value, 48), strict=False))
    return "***"
