"""Ids of rows: of which types they are, and how each is written."""

from typing import Literal
from uuid import UUID

IdType = Literal["bigint", "integer", "uuid", "text"]
"""The SQL types of ids."""

LARGEST_ID = 2**63 - 1
"""The largest number an id may be: a PostgreSQL `bigint`."""

LONGEST_ID = 500
"""The most characters of an id that is a text."""


def is_numeric(id_type: IdType) -> bool:
    """Whether ids of this type are numbers."""
    return id_type in ("bigint", "integer")


def read_id(text: str, id_type: IdType) -> int | UUID | str | None:
    """The id that is written so, as the driver takes it; none if no id of the type is."""
    match id_type:
        case "bigint" | "integer":
            return _number(text)
        case "uuid":
            return _uuid(text)
        case "text":
            return text if 0 < len(text) <= LONGEST_ID and _is_stored(text) else None


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return number if (number := int(text)) <= LARGEST_ID and str(number) == text else None


def _uuid(text: str) -> UUID | None:
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None


def _is_stored(text: str) -> bool:
    """Whether PostgreSQL can hold it."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
