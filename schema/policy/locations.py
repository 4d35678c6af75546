"""Locations in a policy file, and the values that are read there.

An error names the file, the line and what is allowed there. This module knows TOML, and none of the policy's rules.
"""

import dataclasses
import enum
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

_Choice = TypeVar("_Choice", bound=enum.StrEnum)
_Value = TypeVar("_Value")


class PolicyError(Exception):
    """A policy file has a mistake; the message names the file, the line and what is allowed there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedKeys:
    """The keys that a table of the file must and may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.required, *self.optional)


def _raise(mistake: PolicyError) -> None:
    raise mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """An entry of the file, or one key of it. Without a header it is the part before the first entry."""

    file: str
    text: str
    reject: Callable[[PolicyError], None] = _raise
    """What becomes of a mistake that is one word's, role's or grant's alone. It raises, or that part is left out."""
    name: str = "policy"
    """Its name in errors."""
    header: str = ""
    number: int = 0
    """How many entries with the same header come before it."""
    key: str = ""

    def at(self, key: str) -> "Location":
        return dataclasses.replace(self, key=key)

    def error(self, problem: str) -> PolicyError:
        where = f"{self.name} · {self.key}" if self.key else self.name
        return PolicyError(f"{self.file}:{self._line()}: {where}: {problem}")

    def _line(self) -> int:
        lines = self.text.splitlines()
        start = self._start(lines)
        end = next((n for n in range(start + 1, len(lines)) if lines[n].startswith("[")), len(lines))
        assignment = re.compile(rf"\s*{re.escape(self.key)}\s*=")
        return next((n for n in range(start, end) if self.key and assignment.match(lines[n])), start) + 1

    def _start(self, lines: Sequence[str]) -> int:
        headers = [n for n, line in enumerate(lines) if line.partition("#")[0].strip() == self.header]
        return headers[self.number] if self.header and self.number < len(headers) else 0

    # Reading the values there.

    def tables(self, kind: str, content: object) -> Iterator[tuple["Location", Mapping[str, Any]]]:
        """Each `[[kind]]` with its location."""
        if not isinstance(content, list) or not all(isinstance(entry, dict) for entry in content):
            raise self.at(kind).error(f"entries are expected, each under a line `[[{kind}]]`")
        for number, entry in enumerate(content):
            name = f"{kind} {entry.get('id', number + 1)}"
            yield dataclasses.replace(self, name=name, header=f"[[{kind}]]", number=number), entry

    def table(self, name: str, content: object) -> tuple["Location", Mapping[str, Any]]:
        """`[name]` with its location."""
        if not isinstance(content, dict):
            raise self.at(name).error(f"keys are expected, under a line `[{name}]`")
        return dataclasses.replace(self, name=name, header=f"[{name}]"), content

    def named_tables(self, kind: str, content: object) -> Iterator[tuple["Location", str, Mapping[str, Any]]]:
        """Each `[kind.NAME]` with its location and name."""
        if not isinstance(content, dict) or not all(isinstance(entry, dict) for entry in content.values()):
            raise self.at(kind).error(f"entries are expected, each under a line `[{kind}.NAME]`")
        for name, entry in content.items():
            yield dataclasses.replace(self, name=f"{kind} {name}", header=f"[{kind}.{name}]"), name, entry

    def check(self, keys: AllowedKeys, entry: Mapping[str, Any]) -> None:
        """Raises `PolicyError` if a required key is missing or a key is unknown."""
        for key in entry:
            if key not in keys.all:
                raise self.at(key).error(f"this key is not known; it must be one of {quoted_list(keys.all)}")
        for key in keys.required:
            if key not in entry:
                raise self.error(f"the key `{key}` is missing")

    def text_of(self, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.error("a text is expected")
        return value

    def value_of(self, kind: type[_Value], value: object, expected: str) -> _Value:
        # Not `isinstance`: in Python `True` is an integer, and a `datetime` is a date.
        if type(value) is not kind:
            raise self.error(f"{expected} is expected")
        return value

    def texts(self, entries: object) -> Sequence[str]:
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise self.error('a list of texts is expected, like ["MEMBER"]')
        return entries

    def pairs(self, entries: object) -> Mapping[str, str]:
        if not isinstance(entries, dict) or not all(isinstance(entry, str) for entry in entries.values()):
            raise self.error('names with a text each are expected, like { NAME = "PLAIN" }')
        return entries

    def choices(self, choices: Iterable[_Choice], entries: object) -> Sequence[_Choice]:
        """Those of the choices with these values. Other values are rejected."""
        allowed = {choice.value: choice for choice in choices}
        return [allowed[entry] for entry in self.known(allowed, self.texts(entries))]

    def known(self, allowed: Iterable[str], entries: Iterable[str]) -> Sequence[str]:
        """The entries that are allowed. The others are rejected."""
        names, found = list(allowed), list[str]()
        for entry in entries:
            if entry in names:
                found.append(entry)
            else:
                self.reject(self._unknown(entry, names))
        return found

    def among(self, allowed: Iterable[str], entries: Iterable[str]) -> Sequence[str]:
        """The entries. Raises `PolicyError` if one of them is not allowed."""
        names, choices = list(allowed), list(entries)
        for entry in choices:
            if entry not in names:
                raise self._unknown(entry, names)
        return choices

    def _unknown(self, entry: str, names: Iterable[str]) -> PolicyError:
        return self.error(f"`{entry}` is not known here; it must be one of {quoted_list(names)}")


def quoted_list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
