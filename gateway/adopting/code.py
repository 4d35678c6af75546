"""Python as the formatter leaves it: what fits stands on one line of 120 columns, else in brackets on several."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

LINE_WIDTH: Final = 120
"""Columns of a line."""

_INDENT: Final = "    "


def text(value: str) -> str:
    """A text as it is written in code. Whatever it holds, it is one text."""
    written = "".join(_character(each) for each in value)
    if '"' in value and "'" not in value:
        return f"'{written}'"
    return '"' + written.replace('"', '\\"') + '"'


def _character(character: str) -> str:
    """What cannot be printed is written by its number; a quote is left to who knows in which quotes it stands."""
    return character if character.isprintable() and character != "\\" else repr(character)[1:-1]


def bracketed(head: str, brackets: str, parts: Sequence[str], depth: int = 0) -> str:
    """`head` and the parts in brackets: in one line, on one line of their own, or each on its own."""
    indent, (opening, closing) = _INDENT * depth, brackets
    line = f"{indent}{head}{opening}{', '.join(parts)}{closing}"
    if len(line) <= LINE_WIDTH or not parts:
        return line
    inner = f"{indent}{_INDENT}{', '.join(parts)}"
    if len(inner) <= LINE_WIDTH and brackets != "{}":
        return f"{indent}{head}{opening}\n{inner}\n{indent}{closing}"
    each = "".join(f"{indent}{_INDENT}{part},\n" for part in parts)
    return f"{indent}{head}{opening}\n{each}{indent}{closing}"


def call(head: str, arguments: Sequence[str], depth: int = 0) -> str:
    """A call; `head` is all of the line before its bracket."""
    return bracketed(head, "()", arguments, depth)


def keywords(values: Mapping[str, str | None]) -> list[str]:
    """Keyword arguments, without those that are none."""
    return [f"{name}={value}" for name, value in values.items() if value is not None]


def words(head: str, values: Mapping[str, str]) -> str:
    """A dictionary of texts, of a module."""
    return bracketed(head, "{}", [f"{text(key)}: {text(value)}" for key, value in values.items()])


def docstring(sentence: str, depth: int = 0) -> str:
    """A docstring of one line."""
    plain = "".join(_character(each) for each in " ".join(sentence.split())).replace('"""', "'''")
    end = " " if plain.endswith('"') else ""
    return f'{_INDENT * depth}"""{plain}{end}"""'


def imports(module: str, names: Iterable[str]) -> str:
    """`from module import …`, in the order that the linter asks for."""
    ordered = sorted(set(names), key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    line = f"from {module} import {', '.join(ordered)}"
    if len(line) <= LINE_WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"{_INDENT}{name}," for name in ordered), ")"])
