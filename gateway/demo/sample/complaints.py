"""Complaints against suppliers: some open, some upheld with a penalty, some published."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from gateway.demo.sample import phrases
from gateway.demo.sample.draws import Draws, moment, second
from gateway.demo.sample.people import FEWEST
from gateway.demo.sample.shops import Shop


class ComplaintRow(NamedTuple):
    """A row of `complaint`."""

    id: int
    against_id: int
    company_id: int
    summary: str
    penalty: str | None
    status: str
    published_at: datetime | None
    against_name: str


class Course(NamedTuple):
    """How far a complaint has come."""

    status: str
    published_at: datetime | None


_PUBLISHED = Course("UPHELD", moment(second(2025)))
_TO_BE_PUBLISHED = Course("UPHELD", moment(second(2098)))
_UNPUBLISHED = Course("OPEN", None)
_DISMISSED = Course("DISMISSED", None)

_COURSES = (
    *((24, _PUBLISHED), (12, Course("UPHELD", None)), (6, Course("OPEN", moment(second(2025)))), (4, _TO_BE_PUBLISHED)),
    *((18, _UNPUBLISHED), (6, _DISMISSED)),
)
"""How many suppliers in a thousand have a complaint against them that has come so far."""

_FIRST_COURSES = {2: _PUBLISHED, 12: _TO_BE_PUBLISHED, 13: _UNPUBLISHED, 18: _DISMISSED}


def complaints(opened: Iterable[Shop], seed: int) -> list[ComplaintRow]:
    draws = Draws(seed, "complaint")
    found: list[ComplaintRow] = []
    for shop in opened:
        owner = shop.company.owner_id
        if course := _FIRST_COURSES.get(owner) if owner <= FEWEST else draws.share(_COURSES):
            found.append(_complaint(draws, len(found) + 1, shop, course))
    return found


def _complaint(draws: Draws, number: int, shop: Shop, course: Course) -> ComplaintRow:
    return ComplaintRow(
        id=number,
        against_id=shop.company.owner_id,
        company_id=shop.company.id,
        summary=draws.pick(phrases.COMPLAINT_SUMMARIES),
        penalty=draws.pick(phrases.PENALTIES) if course.status == "UPHELD" else None,
        status=course.status,
        published_at=course.published_at,
        against_name=shop.company.contact_name,
    )
