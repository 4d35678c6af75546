"""`Content-Type` and `Accept`, read as RFC 9110 §8.3 and §12.5 say: what comes, and what to answer in.

Knows the two media types of GraphQL over HTTP §4. What is not written as the RFC says is taken for nothing.
"""

import re
from functools import lru_cache
from typing import Final

GRAPHQL_RESPONSE: Final = "application/graphql-response+json"
JSON: Final = "application/json"

_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_WORD: Final = r"[!#$%&'*+.^_`|~0-9a-z-]+"
_OPENED: Final = r'"(?:[^"\\]|\\.)*+\\?(?:"|$)'
"""Quoted, to the end where nothing closes it."""
_BETWEEN_COMMAS: Final = re.compile(rf'(?:[^,"]|{_OPENED})+')
_BETWEEN_SEMICOLONS: Final = re.compile(rf'(?:[^;"]|{_OPENED})+')
_RANGE: Final = re.compile(rf"{_WORD}/{_WORD}")
_PARAMETER: Final = re.compile(rf"({_WORD})=({_WORD}|{_QUOTED})")
_WEIGHT: Final = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")

Range = tuple[str, dict[str, str]]
"""A media type or range and its parameters, in lower case."""
Choice = tuple[float, int]
"""The weight of what matches most exactly, and how exactly: 2 by name, 1 by its first half, 0 as anything."""


@lru_cache(maxsize=64)
def is_json(content_type: str) -> bool:
    """Whether a body of this type is JSON in UTF-8."""
    found = _range(content_type)
    return found is not None and found[0] == JSON and _is_utf8(found)


@lru_cache(maxsize=256)
def response_media_type(accept: str) -> str | None:
    """The media type to answer in; none if neither is accepted (GraphQL over HTTP §6.1).

    Where both are as welcome, the newer is sent to those who name it.
    """
    if not accept.strip():
        return JSON
    ranges = [found for entry in _BETWEEN_COMMAS.findall(accept) if (found := _range(entry)) and _is_utf8(found)]
    newer, older = _choice(GRAPHQL_RESPONSE, ranges), _choice(JSON, ranges)
    if max(newer, older)[0] == 0 == min(newer, older)[0]:
        return None
    by_name = newer[1] == 2
    return GRAPHQL_RESPONSE if newer[0] > older[0] or (newer[0] == older[0] and by_name) else JSON


def _choice(media_type: str, ranges: list[Range]) -> Choice:
    exactness = {media_type: 2, "application/*": 1, "*/*": 0}
    matching = [(exactness[kind], _weight(parameters)) for kind, parameters in ranges if kind in exactness]
    exact, weight = max(matching, default=(0, 0.0))
    return weight, exact


def _weight(parameters: dict[str, str]) -> float:
    return float(parameters.get("q", "1"))


def _range(text: str) -> Range | None:
    kind, *rest = [part.strip(" \t").lower() for part in _BETWEEN_SEMICOLONS.findall(text)] or [""]
    parameters = [_PARAMETER.fullmatch(part) for part in rest if part]
    if not _RANGE.fullmatch(kind) or not all(parameters):
        return None
    found = {each[1]: each[2].strip('"') for each in parameters if each}
    return (kind, found) if _WEIGHT.fullmatch(found.get("q", "1")) else None


def _is_utf8(found: Range) -> bool:
    return found[1].get("charset", "utf-8") == "utf-8"
