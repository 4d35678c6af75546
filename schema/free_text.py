"""Free text with its identifiers replaced by their kind, by evidence: PostgreSQL and Python do the same, step by step.

Escapes are undone first. Addresses, handles and links are found by patterns. A number is a candidate of digits and
what stands between them: its check digits decide, or the numbering of telephones, or the words around it.
The patterns are in `free_text_patterns`. `veil.redact` has the same patterns and the same steps.
"""

import re
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from schema import free_text_patterns as patterns

_FOLD: Final = str.maketrans(patterns.FOLD_FROM, patterns.FOLD_TO)
_ALIKE: Final = str.maketrans(patterns.ALIKE_FROM, patterns.ALIKE_TO)
_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)

_LATIN: Final = str.maketrans(patterns.LATIN_FROM, patterns.LATIN_TO)
_ALPHANUMERIC: Final = string.digits + string.ascii_lowercase
_HEAD: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What may be an identifier, with the characters right before and behind it."""

    number: str
    before: str
    after: str
    last: str
    """What the candidate before it is shown as."""


Judge = Callable[[Candidate], str]
"""What a candidate is shown as."""

_LONGEST_NUMBER: Final = 100
_SHORTEST: Final = 8
_LONG: Final = 1000
_HARDLY_ASCII: Final = 20
_BEFORE: Final = 40
_AFTER: Final = 12
"""Characters that are looked at: of a candidate, before it and behind it."""


def redact(text: str) -> str:
    """Free text with every identifier that can be found in it replaced by its kind; unchanged if there is none."""
    read = _unescaped(text)
    low = read.translate(_LOWER)
    latin = low.translate(_LATIN)
    shown = read
    for ascii_hints, other_hints, form, replacement, pattern in patterns.REPLACED:
        if (not form or re.search(form, read)) and _has((ascii_hints, other_hints), low, latin):
            shown = _replaced(pattern, replacement, shown)
    iban, spelled, *written = patterns.CANDIDATES
    numbers = re.search(patterns.NUMBER, shown) is not None
    if numbers:
        shown = _judged(iban, _account, shown)
    if _has(patterns.SPELLED_HINTS, low, latin):
        shown = _judged(spelled, _spelled, shown)
    if numbers:
        for candidate in written:
            shown = _judged(candidate, _number, shown)
    return text if shown == read else shown


def _replaced(pattern: str, replacement: str, text: str) -> str:
    """A text in which whatever fits a pattern is replaced. What the pattern has in brackets may be kept."""
    shown: list[str] = []
    at = 0
    for found in _found(pattern, text):
        kept = found[1] if found.re.groups else ""
        shown += text[at : found.start()], replacement.replace(r"\1", kept)
        at = found.end()
    return "".join((*shown, text[at:]))


def _found(pattern: str, text: str) -> Iterator[re.Match[str]]:
    """What fits a pattern, the longest of its alternatives each time, as POSIX says. Python takes the first that fits."""
    whole, alternatives = _alternatives(pattern)
    at = 0
    while found := whole.search(text, at):
        fitting = (each for one in alternatives if (each := one.match(text, found.start())))
        longest = max(fitting, key=lambda each: each.end())
        yield longest
        at = longest.end()


@cache
def _alternatives(pattern: str) -> tuple[re.Pattern[str], Sequence[re.Pattern[str]]]:
    """A pattern as a whole, and its alternatives on the outermost level."""
    parts = [""]
    depth = 0
    for piece in re.findall(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", pattern, re.DOTALL):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return re.compile(pattern), [re.compile(part) for part in parts]


def _has(hints: tuple[str, str], low: str, latin: str) -> bool:
    """Whether a text has one of some hints, in ASCII and others; it has if there are none.

    So it does if it is long or hardly ASCII: in such a text a pattern costs less than its hints.
    """
    in_ascii, others = (re.sub(r"[%\\]", "", each).split("|") for each in hints)
    return (
        len(low) > _LONG
        or len(low.encode()) * 10 > len(low) * _HARDLY_ASCII
        or any(hint in low or hint in latin for hint in in_ascii)
        or any(hint in low for hint in others)
    )


def _near(hints: tuple[str, str], before: str) -> bool:
    """Whether what stands before a candidate has one of some hints."""
    low = before.translate(_LOWER)
    return any(hint.strip("%") in low for each in hints for hint in each.split("|"))


def _unescaped(text: str) -> str:
    """A text without invisible characters, and with two layers of HTML entities and percent-escapes undone."""
    text = re.sub(patterns.INVISIBLE, "", text)
    for _ in range(2):
        if re.search(patterns.ESCAPE, text):
            text = re.sub(patterns.ESCAPE, lambda found: _character(found[0]), text)
            text = re.sub(patterns.INVISIBLE, "", text)
    return text


def _character(escape: str) -> str:
    """What an escape stands for; the escape itself if that is no character that can be shown."""
    name = escape.rstrip(";")
    if (at := patterns.ENTITIES.find(f" {name}=")) >= 0:
        return patterns.ENTITIES[at + len(name) + 2]
    code = int(name[2:]) if re.match("&#[0-9]", name) else int(name.lstrip("&#xX%=\\u"), 16)
    return chr(code) if 32 <= code < 0xD800 or 0xE000 <= code <= 0xFFFD else escape


def _judged(candidate: str, judge: Judge, text: str) -> str:
    """A text in which each candidate stands as it is shown."""
    found = [*_found(candidate, text)]
    first, *ends = (*(each.start() for each in found), len(text))
    before = text[:first]
    shown = [before]
    number = ""
    for each, end in zip(found, ends, strict=True):
        last = number
        number, after = each[0], text[each.end() : end]
        if len(number) <= _LONGEST_NUMBER:
            number = judge(Candidate(number=number, before=before[-_BEFORE:], after=after[:_AFTER], last=last))
        shown += number, after
        before = after
    return "".join(shown)


def _spelled(candidate: Candidate) -> str:
    """A number with digits in words: enough of them, those of a telephone number, or any behind a word for one."""
    number = candidate.number
    read = number.translate(_LOWER)
    pairs = [pair.split("=") for pair in patterns.NUMBER_WORDS.split(" ")]
    for word, digit in [pair for pair in pairs if pair[0] in read]:
        read = read.replace(word, digit)
    groups = _groups(read)
    digits = groups.replace(" ", "")
    if groups.startswith("+") and re.search(patterns.SHAPE, groups):
        return "[phone]"
    in_words = len(digits) <= 20 and len(number) >= 2 * len(digits)
    if len(digits) >= 7 and (in_words or re.search(patterns.SHAPE, digits)):
        return "[phone]"
    announced = in_words and len(digits) >= 4 and _near(patterns.PHONE_HINTS, candidate.before)
    return "[phone]" if announced and re.search(patterns.PHONE_BEFORE, candidate.before) else number


def _number(candidate: Candidate) -> str:
    """A number in digits, by its check digits and its form and by the words around it."""
    number, before, after = candidate.number, candidate.before, candidate.after
    phones, accounts = (_near(hints, before) for hints in (patterns.PHONE_HINTS, patterns.ACCOUNT_HINTS))
    if len(number) < _SHORTEST and not (phones or accounts or "[phone]" in candidate.last + before):
        return number
    groups = _groups(number)
    digits = groups.replace(" ", "").replace("+", "")
    if re.search(patterns.CARD_BRAND, digits) and _luhn(digits):
        return "[card number]"
    if groups.startswith("+") and re.search(patterns.SHAPE, groups):
        return "[phone]"
    sign = before.rstrip(patterns.BESIDE)[-1:]
    signed = sign != "" and sign in patterns.SIGNS
    is_account = accounts and 4 <= len(digits) <= 34 and (signed or not digits.endswith("000"))
    if is_account and re.search(patterns.ACCOUNT_BEFORE, before):
        return "[bank account]"
    is_phone = phones and (signed or (len(digits) >= 6 and not re.search(patterns.UNIT_AFTER, after)))
    if is_phone and 5 <= len(digits) <= 30 and re.search(patterns.PHONE_BEFORE, before):
        return "[phone]"
    is_second = 6 <= len(digits) <= 20 and re.search(patterns.SECOND, candidate.last + before)
    if is_second and not re.search(patterns.UNIT_AFTER, after):
        return "[phone]"
    listed = " 0" not in groups and any(sign in number for sign in patterns.LISTED)
    in_parts = len(groups) == 11 and groups[5] == " " and "-" in number
    if listed or in_parts or not re.search(patterns.SHAPE, groups):
        return number
    if re.search(patterns.LABEL_BEFORE, before) or re.search(patterns.UNIT_AFTER, after):
        return number
    return "[phone]"


def _groups(number: str) -> str:
    """The groups of digits of a number, with one space between them."""
    return re.sub("[^0-9+]+", " ", number.translate(_FOLD).translate(_ALIKE)).strip(" ")


def _luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of a card (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _account(candidate: Candidate) -> str:
    """A bank account, if its length and check digits are right (ISO 13616). What stands behind it remains."""
    number = candidate.number
    read = number.translate(_FOLD)
    at = patterns.IBAN_LENGTHS.find(read[:2].upper())
    if at < 0:
        return number
    length = int(patterns.IBAN_LENGTHS[at + 2 : at + 4])
    value, count, ends = [0, 0], 0, len(number)
    for place, character in enumerate(read.translate(_LOWER), 1):
        if (digit := _ALPHANUMERIC.find(character)) >= 0:
            count += 1
            # The country and the check digits are read last.
            part = 1 if count <= _HEAD else 0
            value[part] = (value[part] * (100 if digit > 9 else 10) + digit) % 97
            if count == length:
                ends = place
                break
    remainder = (value[0] * 1_000_000 + value[1]) % 97
    return "[bank account]" + number[ends:] if count == length and remainder == 1 else number
