"""The forms of what people may write into a field: each checks a value, and gives it as it is stored.

A value that has not the form is refused with what the form is. Nothing of the value itself is repeated.
"""

import enum
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

import phonenumbers

_Value = TypeVar("_Value")

LONGEST_LINE: Final = 200
LONGEST_TEXT: Final = 10_000
MOST_LINES: Final = 20

_CONTROLS: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_TURNS: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_CENT: Final = Decimal("0.01")

_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST_LABEL: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_EXPIRY: Final = re.compile(r"(0[1-9]|1[0-2])/\d{2}")
_ACCOUNT: Final = re.compile(r"[A-Z0-9]{5,34}")
_REFERENCE: Final = re.compile(r"[!-~]([ -~]{0,126}[!-~])?")
_WEB_ADDRESS: Final = re.compile(r"https?://([^/?#:@\s]+)(:\d{1,5})?([/?#]\S*)?")

_COUNTRIES: Final = frozenset(
    """\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD
    CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF
    GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
    KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
    SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
    VN VU WF WS YE YT ZA ZM ZW""".split()  # noqa: SIM905 - 249 quoted words are no list to read
)
"""ISO 3166-1 alpha-2."""


class InputForm(enum.Enum):
    """What a value must be. Its value says so to whoever wrote another."""

    LINE = f"one line of 1 to {LONGEST_LINE} characters"
    TEXT = f"1 to {LONGEST_TEXT} characters, without control characters but the end of a line"
    LINES = f"up to {MOST_LINES} lines of 1 to {LONGEST_LINE} characters each"
    EMAIL = "an e-mail address like `name@example.com`"
    PHONE = "an international telephone number that can exist, like `+44 20 7946 0958`"
    COUNTRY = "a country as ISO 3166-1 writes it in two letters, like `HK`"
    CARD_NUMBER = "a card's number of 12 to 19 digits, the last of which fits the others"
    CARD_EXPIRY = "a month and a year like `09/31`"
    BANK_ACCOUNT = "an account of 5 to 34 letters and digits"
    WEB_ADDRESS = "an address like `https://example.com`"
    COUNT = "a whole number from 0 to 1,000,000,000"
    YEAR = "a year from 1800 to 2100"
    PRICE = "an amount from 0 to 9,999,999,999.99, with two decimals at most"
    CURRENCY = "a currency in three letters, like `USD`"
    REFERENCE = "a reference of 1 to 128 letters, digits and signs of ASCII"
    MOMENT = "a time like `2012-06-11T00:00:00Z`, in the years 1 to 9999"
    WORD = "one of the values of its type"
    """The type has checked it."""


def checked(form: InputForm, value: Any) -> Any:
    """The value as it is stored. Raises `ValueError` if it has not the form."""
    return _CHECKS[form](value)


def _line(value: str) -> str:
    text = unicodedata.normalize("NFC", value).strip()
    return _that(text, 0 < len(text) <= LONGEST_LINE and not _has_controls(text))


def _text(value: str) -> str:
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").strip()
    return _that(text, 0 < len(text) <= LONGEST_TEXT and not _has_controls(text.replace("\n", " ")))


def _lines(value: list[str]) -> list[str]:
    return [_line(each) for each in _that(value, len(value) <= MOST_LINES)]


def _has_controls(text: str) -> bool:
    """Whether it has characters that are no text, or that turn the direction of writing around."""
    return any(unicodedata.category(each) in _CONTROLS or unicodedata.bidirectional(each) in _TURNS for each in text)


def _email(value: str) -> str:
    text = value.strip()
    local, at, host = text.rpartition("@")
    fits = at == "@" and len(text) <= 254 and len(local) <= 64 and _LOCAL.fullmatch(local) is not None
    return _that(text, fits and _is_host(host))


def _is_host(host: str) -> bool:
    """Whether it is the name of a host that is not local, in ASCII (RFC 1123 §2.1)."""
    labels = host.split(".")
    return len(labels) > 1 and all(map(_HOST_LABEL.fullmatch, labels)) and not labels[-1].isdecimal()


def _phone(value: str) -> str:
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        raise ValueError from None
    _that(value, phonenumbers.is_valid_number(number))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _country(value: str) -> str:
    text = value.strip().upper()
    return _that(text, text in _COUNTRIES)


def _card_number(value: str) -> str:
    digits = value.replace(" ", "").replace("-", "")
    return _that(digits, digits.isascii() and digits.isdecimal() and 12 <= len(digits) <= 19 and _is_luhn(digits))


def _is_luhn(digits: str) -> bool:
    """Whether the last digit fits the others (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(each - 9 * (each > 9) for each in doubled) % 10 == 0


def _expiry(value: str) -> str:
    return _that(value, _EXPIRY.fullmatch(value) is not None)


def _bank_account(value: str) -> str:
    account = value.replace(" ", "").upper()
    return _that(account, _ACCOUNT.fullmatch(account) is not None)


def _web_address(value: str) -> str:
    text = value.strip()
    found = _WEB_ADDRESS.fullmatch(text)
    return _that(text, found is not None and len(text) <= LONGEST_LINE and _is_host(found[1]) and text.isascii())


def _currency(value: str) -> str:
    text = value.strip().upper()
    return _that(text, text.isascii() and text.isalpha() and len(text) == 3)


def _reference(value: str) -> str:
    return _that(value, _REFERENCE.fullmatch(value) is not None)


def _moment(value: datetime) -> datetime:
    """Raises `ValueError` or `OverflowError` for what is no moment in UTC."""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError from None


def _that(value: _Value, fits: bool) -> _Value:
    if not fits:
        raise ValueError
    return value


def _whole(least: int, most: int) -> Callable[[int], int]:
    return lambda value: _that(value, least <= value <= most)


def _price(value: Decimal) -> Decimal:
    return _that(value, value.is_finite() and 0 <= value < 10**10 and value == value.quantize(_CENT))


def _word(value: Any) -> Any:
    return value


_CHECKS: Final[Mapping[InputForm, Callable[[Any], Any]]] = {
    InputForm.LINE: _line,
    InputForm.TEXT: _text,
    InputForm.LINES: _lines,
    InputForm.EMAIL: _email,
    InputForm.PHONE: _phone,
    InputForm.COUNTRY: _country,
    InputForm.CARD_NUMBER: _card_number,
    InputForm.CARD_EXPIRY: _expiry,
    InputForm.BANK_ACCOUNT: _bank_account,
    InputForm.WEB_ADDRESS: _web_address,
    InputForm.COUNT: _whole(0, 1_000_000_000),
    InputForm.YEAR: _whole(1800, 2100),
    InputForm.PRICE: _price,
    InputForm.CURRENCY: _currency,
    InputForm.REFERENCE: _reference,
    InputForm.MOMENT: _moment,
    InputForm.WORD: _word,
}
"""The check of each form."""
