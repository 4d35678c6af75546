"""Guesses which kind of identifier a column holds: by its name, its type, and the form of its values.

A guess is for a person to look at. In doubt the kind is the one that shows less.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.adopting.naming import words_of
from gateway.adopting.reading import Table, TableColumn
from schema.labels import Identifiers

TEXTS: Final = frozenset({"text", "character varying", "character", "citext", "name"})
NUMBERS: Final = frozenset({"numeric", "money", "real", "double precision"})
WHOLE_NUMBERS: Final = frozenset({"smallint", "integer", "bigint"})
_TIMES: Final = frozenset({"timestamp with time zone", "timestamp without time zone"})

_OF_MANY: Final = 0.8
"""The part of the values that must have a form."""

_LONG_TEXT: Final = 40
"""Characters of a text beyond which it is a sentence rather than a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A kind of identifier, and what it was guessed by."""

    kind: Identifiers | None
    by: str = ""


def is_secret(column: TableColumn) -> bool:
    """Whether its name says that it holds what proves who somebody is."""
    words = words_of(column.name)
    return not {*words}.isdisjoint(_SECRETS) or any(_holds(words, pair) for pair in _SECRET_PAIRS)


def is_of_a_person(table: Table) -> bool:
    """Whether a table has columns that only a person's row has, so that its `name` is somebody's."""
    return any(_by_name(words_of(each)) in _OF_PERSONS for each in table.columns)


def guess(column: TableColumn, table: Table) -> Guess:
    """The kind of identifier in a column."""
    if column.type in ("inet", "cidr"):
        return Guess(kind=Identifiers.IP_ADDRESS, by="type")
    if column.type in _TIMES:
        return Guess(kind=Identifiers.MOMENT, by="type")
    if column.type in NUMBERS or (column.type in WHOLE_NUMBERS and {*words_of(column.name)} & _AMOUNTS):
        return Guess(kind=Identifiers.AMOUNT, by="type")
    if column.type == "date":
        return Guess(kind=Identifiers.DETAIL, by="type")
    return _of_text(column, table) if column.type in TEXTS and not column.words else Guess(kind=None)


def _of_text(column: TableColumn, table: Table) -> Guess:
    words = words_of(column.name)
    if kind := _by_name(words):
        return Guess(kind=kind, by="name")
    if words[-1:] == ["name"] and is_of_a_person(table):
        return Guess(kind=Identifiers.NAME, by="name")
    if words[-1:] == ["by"]:
        return Guess(kind=Identifiers.DETAIL, by="name")
    for kind, has_form in _FORMS.items():
        if _most(column.sample, has_form):
            return Guess(kind=kind, by="values")
    return Guess(kind=None)


def _most(sample: Sequence[str], has_form: Callable[[str], object]) -> bool:
    filled = [value for value in sample if value.strip()]
    return bool(filled) and sum(1 for value in filled if has_form(value)) >= _OF_MANY * len(filled)


# By name.


def _by_name(words: Sequence[str]) -> Identifiers | None:
    """The kind that a name says. An id is of a row, whatever it is called, unless a browser keeps it."""
    kinds = _NAMES if not is_id(words) else {Identifiers.COOKIE: _NAMES[Identifiers.COOKIE]}
    for kind, phrases in kinds.items():
        if any(_holds(words, phrase) for phrase in phrases):
            return kind
    return None


def is_id(words: Sequence[str]) -> bool:
    """Whether a name is that of an id."""
    return words[-1:] in (["id"], ["uuid"])


def _holds(words: Sequence[str], phrase: str) -> bool:
    """Whether the words of a phrase follow each other there."""
    wanted = phrase.split()
    return any(list(words[start : start + len(wanted)]) == wanted for start in range(len(words)))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


_SECRETS: Final = _listed(
    "password, passwd, pwd, passphrase, secret, token, otp, totp, salt, pin, cvv, cvc, credentials"
)
_SECRET_PAIRS: Final = _listed("api key, private key, secret key, access key, recovery code, security answer")

_NAMES: Final[Mapping[Identifiers, Sequence[str]]] = {
    Identifiers.EMAIL: _listed("email, e mail, mail address"),
    Identifiers.IP_ADDRESS: _listed("ip, ipaddress, remote addr"),
    Identifiers.PHONE: _listed("phone, telephone, tel, mobile, cell, fax, msisdn, whatsapp"),
    Identifiers.CARD_NUMBER: _listed("card number, cardnumber, cc number, pan"),
    Identifiers.BANK_ACCOUNT: _listed("iban, account number, bank account, routing number, sort code"),
    Identifiers.TRACKING_NUMBER: _listed("tracking number, tracking no, tracking code, waybill, awb"),
    Identifiers.COOKIE: _listed("cookie, session id, visitor id, device id, anonymous id, fingerprint, advertising id"),
    Identifiers.POSTAL_ADDRESS: _listed(
        "address, street, postal code, postcode, postalcode, zip, zipcode, line1, line2, line3, line 1, line 2, line 3, "
        "address1, address2, street1, street2, house number, house no, apartment"
    ),
    Identifiers.NAME: _listed(
        "first name, last name, full name, middle name, given name, family name, maiden name, surname, firstname, lastname, "
        "fullname, nickname, username, user name, screen name, contact name, holder name, cardholder, recipient name, "
        "customer name, author name"
    ),
    Identifiers.DETAIL: _listed(
        "tax id, tax number, vat, ssn, social security, passport, national id, id number, license number, user agent, useragent, birthday, birth date, "
        "date of birth, dob, gender, latitude, longitude, last4, last 4, last four, bin, avatar, photo, picture"
    ),
    Identifiers.FREE_TEXT: _listed(
        "note, notes, comment, comments, message, body, remark, remarks, feedback, bio, about, description, reason, review, "
        "instructions, content, subject, memo, reply, answer"
    ),
}

_OF_PERSONS: Final = frozenset({Identifiers.EMAIL, Identifiers.PHONE, Identifiers.POSTAL_ADDRESS})

_AMOUNTS: Final = frozenset(
    _listed("amount, total, subtotal, price, cost, fee, balance, tax, discount, sum, refund, salary, limit")
)

# By the form of values.

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_IP: Final = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}(?:/\d+)?|(?=.*:.*:)[0-9A-Fa-f:.]{3,45}")
_PHONE: Final = re.compile(r"(?:\+|00)[\d\s().-]{7,20}\d")
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}")


def _is_card(value: str) -> bool:
    digits = re.sub(r"[ -]", "", value)
    if not re.fullmatch(r"\d{13,19}", digits):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


_FORMS: Final[Mapping[Identifiers, Callable[[str], object]]] = {
    Identifiers.EMAIL: lambda value: _EMAIL.fullmatch(value.strip()),
    Identifiers.IP_ADDRESS: lambda value: _IP.fullmatch(value.strip()),
    Identifiers.CARD_NUMBER: _is_card,
    Identifiers.BANK_ACCOUNT: lambda value: _IBAN.fullmatch(value.strip()),
    Identifiers.PHONE: lambda value: _PHONE.fullmatch(value.strip()),
    Identifiers.FREE_TEXT: lambda value: len(value) > _LONG_TEXT and value.count(" ") > 4,
}
