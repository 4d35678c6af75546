"""Names of types, fields and modules, made of the names of tables and columns."""

import keyword
import re
from collections.abc import Collection, Sequence
from typing import Final

_WORD: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")

_SAME: Final = ("series", "news", "data", "media", "information", "status", "address", "business", "process", "access")
"""Endings that a plural adds to, or that have none."""


def words_of(name: str) -> Sequence[str]:
    """The words of a name, in small letters: of `billingAddress2` and `billing_address_2` the same."""
    return [each.lower() for each in _WORD.findall(name)]


def singular(word: str) -> str:
    """Of an English noun, as far as its ending tells."""
    if word.endswith(_SAME) or not word.endswith("s") or len(word) < 4:
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "ches", "shes", "xes", "zes", "uses")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


def plural(word: str) -> str:
    """Of an English noun, as far as its ending tells."""
    if word.endswith(("series", "news", "data", "media", "information")):
        return word
    if word.endswith("y") and word[-2:-1] not in (*"aeiou", ""):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "ch", "sh", "x", "z")) else f"{word}s"


def type_name(table: str) -> str:
    """`OrderItem` of `order_items`."""
    *first, last = words_of(table) or ["table"]
    name = "".join(each.capitalize() for each in (*first, singular(last)))
    return name if name[0].isalpha() else f"Table{name}"


def field_name(column: str) -> str:
    """`billing_address` of `billingAddress`; never a word of Python's."""
    return _usable("_".join(words_of(column)) or "column")


def member_name(word: str) -> str:
    """`IN_TRANSIT` of `in transit`: what a member of an enum is called."""
    name = "_".join(words_of(word)).upper() or "EMPTY"
    return name if name[0].isalpha() else f"N_{name}"


def link_name(column: str) -> str:
    """`buyer` of `buyer_id`: the row that a column leads to."""
    words = [*words_of(column)]
    if len(words) > 1 and words[-1] in ("id", "key", "uuid", "fk", "ref"):
        words.pop()
    return _usable("_".join(words) or "row")


def listed_name(type_: str) -> str:
    """`order_items` of `OrderItem`: its rows, and the module it is in."""
    *first, last = words_of(type_)
    return _usable("_".join((*first, plural(last))))


def single_name(type_: str) -> str:
    """`order_item` of `OrderItem`: one of its rows."""
    return _usable("_".join(words_of(type_)))


def free(name: str, taken: Collection[str], more: str) -> str:
    """The name, or with `more` behind it if it is taken."""
    while name in taken:
        name = f"{name}_{more}"
    return name


def _usable(name: str) -> str:
    name = name if name[0].isalpha() else f"n_{name}"
    return f"{name}_" if keyword.iskeyword(name) or name in _TAKEN else name


_TAKEN: Final = ("id", "hidden_fields", "masked_fields", "str", "int", "bool", "list", "data", "link", "parts")
"""Names that a class of an entity has, or reads."""
