"""Canaries: identifiers that stand nowhere but in one field of one row, so that one that turns up shows where it is from.

Each holds a mark and its own number, in letters or in digits, in the form its kind of identifier has. In part, as the
policy shows it, none can be recognised.
"""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote, unquote

from tests.inference.expected import ITEM, KINDS, TABLES

LETTERS, DIGITS, GROUPS = "zqkwx", "90210739", "9021:739:"
"""The marks: in words, in numbers, in addresses on the net."""

SEPARATORS = re.compile(r"(?<=[0-9])[ ().\-]+(?=[0-9])")
NUMBERED = (
    re.compile(rf"{LETTERS}([a-p]{{5}})"),
    re.compile(rf"{DIGITS}([0-9]{{5}})"),
    re.compile(rf"{GROUPS}([0-9a-f]{{1,4}}):([0-9a-f]{{1,4}})"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a canary was planted."""

    kind: str
    id: int
    field: str


def value(identifier: str, number: int) -> str:
    """The canary of a number, as an identifier of a kind."""
    word = LETTERS + f"{number:05x}".translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))
    digits = f"{DIGITS}{number:05d}"
    forms = {
        "NAME": f"{word.title()} Harker",
        "EMAIL": f"{word}@{word}.example",
        "PHONE": f"+86 {digits[:4]} {digits[4:8]} {digits[8:]}",
        "POSTAL_ADDRESS": f"{number} {word.title()} Road",
        "IP_ADDRESS": f"2001:db8:77:1:{GROUPS}{number >> 12:x}:{number & 0xFFF:x}",
        "COOKIE": f"{word}-{digits}",
        "CARD_NUMBER": _with_check_digit(f"4{digits}1"),
        "BANK_ACCOUNT": _account(f"{digits}00417"),
        "TRACKING_NUMBER": f"RR{digits}CN",
    }
    if identifier == "FREE_TEXT":
        # Only what can be found by its form: a name cannot.
        return (
            f"Write to {forms['EMAIL']}, call {forms['PHONE']}, WeChat: {word}; pay {forms['BANK_ACCOUNT']} or"
            f" {forms['CARD_NUMBER']}; last seen at {forms['IP_ADDRESS']}."
        )
    return forms[identifier]


def _with_check_digit(digits: str) -> str:
    """A card number that obeys Luhn's rule (ISO/IEC 7812-1), of its other digits."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[::-2]]
    return digits + str(-(sum(doubled) + sum(map(int, digits[-2::-2]))) % 10)


def _account(digits: str) -> str:
    """A German account number with its check digits (ISO 13616)."""
    return f"DE{98 - int(f'{digits}131400') % 97:02d}{digits}"


async def plant(connection: Any) -> Mapping[int, Place]:
    """Puts a canary in place of every identifier that is stored; the place of each by its number."""
    numbers = count(1)
    places: dict[int, Place] = {}
    for kind in KINDS.values():
        for shown in kind.fields.values():
            # A time, an amount or a detail is no text of its own.
            if shown.identifier in (None, "MOMENT", "AMOUNT", "DETAIL") or shown.name == "id":
                continue
            table = TABLES[kind.name].partition(" ")[0]
            identity = ITEM if kind.name == "OrderItem" else "stored.id"
            rows = await connection.fetch(
                f"select {identity} as id from {table} stored where {shown.column} is not null order by 1"
            )
            planted = {next(numbers): row["id"] for row in rows}
            places |= {number: Place(kind=kind.name, id=row, field=shown.name) for number, row in planted.items()}
            await connection.execute(
                f"update {table} as stored set {shown.column} = planted.value"
                f" from unnest($1::bigint[], $2::text[]) planted (id, value) where {identity} = planted.id",
                list(planted.values()),
                [value(shown.identifier, number) for number in planted],
            )
    return places


# How they are found again.


def numbers_in(text: str) -> Iterator[int]:
    """The numbers of all canaries in a text, however they are written out."""
    for written in {text, unquote(text)}:
        folded = SEPARATORS.sub("", written.casefold())
        for word in NUMBERED[0].findall(folded):
            yield int(word.translate(str.maketrans("abcdefghijklmnop", "0123456789abcdef")), 16)
        yield from (int(digits) for digits in NUMBERED[1].findall(folded))
        yield from ((int(high, 16) << 12) + int(low, 16) for high, low in NUMBERED[2].findall(folded))


def _encodings() -> Iterator[str]:
    """The marks as they look once encoded, wherever they stand in what was encoded."""
    marks = [LETTERS, LETTERS.title(), LETTERS.upper(), DIGITS, f"{DIGITS[:4]} {DIGITS[4:]}", GROUPS]
    for mark in map(str.encode, marks):
        for shift in range(3):
            whole = base64.b64encode(bytes(shift) + mark + bytes(3)).decode()
            # Only what the mark alone decides: not the characters it shares with its neighbours.
            inner = whole[(shift * 8 + 5) // 6 : (shift + len(mark)) * 8 // 6]
            yield from (inner, inner.replace("+", "-").replace("/", "_"))
        yield mark.hex()
        yield "".join(f"\\u{byte:04x}" for byte in mark)
        yield "".join(f"%{byte:02x}" for byte in mark)
        yield quote(mark)


ENCODED = tuple(sorted(set(_encodings())))
HEXADECIMAL = tuple(each for each in ENCODED if re.fullmatch(r"[0-9a-f]+|(\\u[0-9a-f]{4})+|(%[0-9a-f]{2})+", each))


def traces(text: str) -> Sequence[str]:
    """What in a text is a canary's, in whatever encoding; nothing where there is none."""
    folded = text.casefold()
    bare = SEPARATORS.sub("", folded)
    plain = [mark for mark in (LETTERS, DIGITS, GROUPS) if mark in bare]
    encoded = [each for each in ENCODED if each in text] + [each for each in HEXADECIMAL if each in folded]
    return sorted({*plain, *encoded})


def surroundings(text: str) -> Sequence[str]:
    """Each trace with a little of what stands around it, to find the leak."""
    folded = text.casefold()
    places = ((trace, folded.find(trace.casefold())) for trace in traces(text))
    return [f"{trace}: …{text[max(0, place - 60) : place + 60]}…" for trace, place in places]
