"""The words of pages: sentences of one file for each language, and dates and numbers as the reader's country writes them.

Made from `strings/*.toml` and the header `Accept-Language`. Babel knows how languages count and how countries write.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal

STRINGS: Final = Path(__file__).parent / "strings"
FIRST_LANGUAGE: Final = "en"

_RANGE: Final = re.compile(r"([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)(?:;q=([01](?:\.\d{0,3})?))?")
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The sentences of a language, and the formats of a reader's locale. Times are in UTC, and say so."""

    language: str
    locale: Locale
    strings: Mapping[str, Any]

    def __call__(self, name: str, /, **values: Any) -> str:
        """The sentence of this name, with its values. One that counts `count` has a form for each number."""
        found = self.find(name)
        if found is None:
            raise KeyError(name)
        if isinstance(found, Mapping):
            form = Locale(self.language).plural_form(values["count"])
            found = found.get(form, found["other"])
        written = {name: self.number(each) if isinstance(each, int) else each for name, each in values.items()}
        return str(found).format_map(written)

    def find(self, name: str) -> Any:
        """What stands under this name: a sentence, its forms, or nothing."""
        here: Any = self.strings
        for part in name.split("."):
            here = here.get(part) if isinstance(here, Mapping) else None
        return here

    def or_else(self, group: str, name: str, fallback: str) -> str:
        """The words for a name of the API, such as a purpose; for one that a group lacks, the fallback."""
        found = self.find(group)
        return str(found[name]) if isinstance(found, Mapping) and name in found else fallback

    def moment(self, text: str) -> str:
        when = datetime.fromisoformat(text).astimezone(UTC)
        return f"{format_datetime(when, 'd MMM y, HH:mm', locale=self.locale)} UTC"

    def day(self, when: date | str) -> str:
        if isinstance(when, str):
            when = datetime.fromisoformat(when).astimezone(UTC).date()
        return format_date(when, "long", locale=self.locale)

    def number(self, value: Decimal | str | float) -> str:
        """As many decimals as it has."""
        exact = Decimal(str(value))
        decimals = -min(int(exact.as_tuple().exponent), 0)
        return format_decimal(exact, f"#,##0.{'0' * decimals}" if decimals else "#,##0", locale=self.locale)

    def list(self, parts: list[str]) -> str:
        return format_list(parts, locale=Locale(self.language)) if parts else ""


@lru_cache
def _strings(language: str) -> Mapping[str, Any]:
    return tomllib.loads((STRINGS / f"{language}.toml").read_text("utf-8"))


@lru_cache
def languages() -> frozenset[str]:
    """The languages that pages are written in."""
    return frozenset(file.stem for file in STRINGS.glob("*.toml"))


@lru_cache(256)
def wording_for(accept_language: str) -> Wording:
    """What a reader reads, by what their browser accepts."""
    accepted = _accepted(accept_language[:_LONGEST])
    language = next((each.language for each in accepted if each.language in languages()), FIRST_LANGUAGE)
    locale = accepted[0] if accepted else Locale(FIRST_LANGUAGE)
    return Wording(language=language, locale=locale, strings=_strings(language))


def _accepted(header: str) -> list[Locale]:
    """The locales that a browser names and Babel knows, the best first."""
    ranked: list[tuple[float, str]] = []
    for part in header.split(","):
        found = _RANGE.fullmatch(part.replace(" ", ""))
        if found and float(found[2] or 1):
            ranked.append((-float(found[2] or 1), found[1]))
    locales: list[Locale] = []
    for _, tag in sorted(ranked, key=lambda each: each[0]):
        try:
            locales.append(Locale.parse(tag, sep="-"))
        except (UnknownLocaleError, ValueError):
            continue
    return locales
