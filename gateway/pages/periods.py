"""Periods that an address names by their first and last day."""

from collections.abc import Mapping
from datetime import date, timedelta


def day_in_address(text: str | None) -> str:
    """A day, as an address has it. What cannot be read as one is left out."""
    try:
        return date.fromisoformat(text or "").isoformat()
    except ValueError:
        return ""


def period_as_input(since: str, until: str) -> Mapping[str, str]:
    """The days from one to the other, each of which may be left out, as a filter of the API takes them."""
    first = {"gte": f"{since}T00:00:00Z"} if since else {}
    last = date.fromisoformat(until) if until else None
    if last is None or last == date.max:
        return first
    return {**first, "lt": f"{last + timedelta(days=1)}T00:00:00Z"}
