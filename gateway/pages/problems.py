"""What went wrong, as a page tells it: what happened, what to do, and whether it can be sent again.

Made from the codes of refusals. It names nothing that the API did not tell.
"""

import enum
import re
from typing import assert_never

from schema.refusals import Code


class PageProblem(enum.Enum):
    """The kinds of problems. Each has its words in the strings, under its name."""

    SIGNED_OUT = enum.auto()
    NOT_PERMITTED = enum.auto()
    UNAVAILABLE = enum.auto()
    TOO_MUCH = enum.auto()
    ABSENT = enum.auto()
    CONFLICT = enum.auto()
    NOT_TAKEN = enum.auto()
    SENT_OTHERWISE = enum.auto()
    FOREIGN_FORM = enum.auto()
    NO_FORM = enum.auto()
    NOT_OFFERED = enum.auto()
    UNFORESEEN = enum.auto()

    @property
    def status(self) -> int:
        """The HTTP status."""
        match self:
            case PageProblem.SIGNED_OUT:
                return 401
            case PageProblem.NOT_PERMITTED | PageProblem.FOREIGN_FORM:
                return 403
            case PageProblem.ABSENT | PageProblem.NOT_OFFERED:
                return 404
            case PageProblem.CONFLICT:
                return 409
            case PageProblem.SENT_OTHERWISE | PageProblem.NOT_TAKEN:
                return 422
            case PageProblem.TOO_MUCH:
                return 429
            case PageProblem.NO_FORM:
                return 400
            case PageProblem.UNAVAILABLE:
                return 503
            case PageProblem.UNFORESEEN:
                return 500
            case _:
                assert_never(self)

    @property
    def may_be_sent_again(self) -> bool:
        """Whether the same form may do better a moment later, or once somebody has looked at it."""
        return self in _TRANSIENT


_TRANSIENT = frozenset(
    {PageProblem.UNAVAILABLE, PageProblem.TOO_MUCH, PageProblem.FOREIGN_FORM, PageProblem.UNFORESEEN}
)

_PROBLEMS = {
    Code.TOKEN_INVALID: PageProblem.SIGNED_OUT,
    Code.CLAIMS_INVALID: PageProblem.SIGNED_OUT,
    Code.PURPOSE_NOT_CARRIED: PageProblem.NOT_PERMITTED,
    Code.PURPOSE_NOT_FOR_ROLE: PageProblem.NOT_PERMITTED,
    Code.DOCUMENT_NOT_TRUSTED: PageProblem.NOT_PERMITTED,
    Code.TOO_MANY_PERSONS: PageProblem.NOT_PERMITTED,
    Code.TOO_MANY_ENTRIES: PageProblem.NOT_PERMITTED,
    Code.NOT_FOUND: PageProblem.ABSENT,
    Code.CONFLICT: PageProblem.CONFLICT,
    Code.ARGUMENT: PageProblem.NOT_TAKEN,
    Code.VARIABLE: PageProblem.NOT_TAKEN,
    Code.KEY_REUSED: PageProblem.SENT_OTHERWISE,
    Code.RATE_LIMITED: PageProblem.TOO_MUCH,
    Code.OVERLOADED: PageProblem.TOO_MUCH,
    Code.TIMED_OUT: PageProblem.UNAVAILABLE,
    Code.UNAVAILABLE: PageProblem.UNAVAILABLE,
}


_NAME = re.compile(r"`input\.(\w+)`")
_QUOTED = re.compile(r"`(?:input\.)?([^`]*)`")


def named_field(hint: str) -> str | None:
    """The field that a hint is about, where it names one."""
    found = _NAME.search(hint)
    return found[1] if found else None


def plain_hint(hint: str, field: str | None = None) -> str:
    """A hint for people. Beside its field it need not name it."""
    about = hint.replace(f"`input.{field}`", "It", 1) if field else hint
    return _QUOTED.sub(r"“\1”", about)


def problem_of(code: Code) -> PageProblem:
    """How a page tells of a code. What a page should never cause is unforeseen."""
    return _PROBLEMS.get(code, PageProblem.UNFORESEEN)
