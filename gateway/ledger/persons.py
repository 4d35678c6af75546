"""Whom a record names, and what each was shown: read from the text that the statement of the read returns.

The text has entries like `12:0.3`, one for each row about a person: the person, and the classes of what the row shows of
them (`resolvers.sql.shown`). The record has each person once.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Persons:
    """The persons of a record, as it holds them."""

    subjects: str
    """As an array of PostgreSQL: `{12,7}`."""
    shown: str
    """The classes of each, in their order, `0.3 - 1` (`-` for none); or once, if all have the same."""


NOBODY: Final = Persons("{}", "")


def persons(entries: str | None) -> Persons:
    """Each person of some entries once, with all classes that any of their entries has."""
    if not entries:
        return NOBODY
    # Most answers show the same of everybody they name.
    classes = entries.partition(",")[0].partition(":")[2]
    ended = f"{entries},"
    alone = ended.replace(f":{classes},", ",")
    if ":" not in alone and (not classes or ended.count(f":{classes},") == ended.count(",")):
        return Persons(f"{{{','.join(dict.fromkeys(alone[:-1].split(',')))}}}", _ordered(classes))
    return _each(entries)


def _each(entries: str) -> Persons:
    shown: dict[str, str] = {}
    for entry in entries.split(","):
        subject, _, classes = entry.partition(":")
        known = shown.get(subject)
        if known is None:
            shown[subject] = classes
        elif known != classes:
            shown[subject] = f"{known}.{classes}"
    # Hardly any two persons of a page are shown something else.
    ordered = {classes: _ordered(classes) for classes in set(shown.values())}
    texts = set(ordered.values())
    each = texts.pop() if len(texts) == 1 else " ".join(ordered[classes] or "-" for classes in shown.values())
    return Persons(f"{{{','.join(shown)}}}", each)


def _ordered(classes: str) -> str:
    """The classes once each, in the order of their numbers."""
    return ".".join(sorted(set(classes.split(".")) - {""}, key=int))
