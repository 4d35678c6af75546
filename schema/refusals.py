"""Every way a request ends without an answer, as data: a code, a message, a hint, an HTTP status.

    Unanswered
    ├── Refused   the request is at fault or not allowed; recorded
    └── Failed    the gateway or its database could not, or not for so much; nothing left without its record

Messages and hints use only what the requester may see: never a stored value, never a hidden name.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


class Code(enum.Enum):
    """Why a request got no answer. The README's table is compared with this by a test."""

    BODY_MALFORMED = enum.auto()
    BODY_TOO_LARGE = enum.auto()
    MEDIA_TYPE = enum.auto()
    NOT_ACCEPTABLE = enum.auto()
    METHOD = enum.auto()
    TOKEN_INVALID = enum.auto()
    CLAIMS_INVALID = enum.auto()
    PURPOSE_MISSING = enum.auto()
    PURPOSE_REPEATED = enum.auto()
    PURPOSE_NOT_CARRIED = enum.auto()
    PURPOSE_NOT_FOR_ROLE = enum.auto()
    REFERENCE_MISSING = enum.auto()
    TOO_MANY_PERSONS = enum.auto()
    SUSPENDED = enum.auto()
    HEADER_INVALID = enum.auto()
    DOCUMENT_NOT_TRUSTED = enum.auto()
    PERSISTED_QUERY_NOT_FOUND = enum.auto()
    SYNTAX = enum.auto()
    INVALID = enum.auto()
    LIMIT = enum.auto()
    OPERATION = enum.auto()
    VARIABLE = enum.auto()
    ARGUMENT = enum.auto()
    TOO_COSTLY = enum.auto()
    NOT_FOUND = enum.auto()
    CONFLICT = enum.auto()
    TOO_MANY_ENTRIES = enum.auto()
    KEY_REUSED = enum.auto()
    RATE_LIMITED = enum.auto()
    OVERLOADED = enum.auto()
    TIMED_OUT = enum.auto()
    UNREADABLE = enum.auto()
    UNAVAILABLE = enum.auto()
    INTERNAL = enum.auto()

    @property
    def status(self) -> int:
        """The HTTP status."""
        return _MEANINGS[self].status

    @property
    def meaning(self) -> str:
        return _MEANINGS[self].text

    @property
    def is_document_error(self) -> bool:
        """Whether a legacy `application/json` answer carries it with status 200 (GraphQL over HTTP §6.4.1)."""
        return self in _OF_THE_DOCUMENT


@dataclass(frozen=True, slots=True)
class _Meaning:
    status: int
    text: str


_MEANINGS: Mapping[Code, _Meaning] = MappingProxyType(
    {
        Code.BODY_MALFORMED: _Meaning(400, "the body is not a GraphQL request in JSON"),
        Code.BODY_TOO_LARGE: _Meaning(413, "the body is larger than allowed"),
        Code.MEDIA_TYPE: _Meaning(415, "the body is not `application/json`"),
        Code.NOT_ACCEPTABLE: _Meaning(406, "the `Accept` header names no media type the gateway offers"),
        Code.METHOD: _Meaning(405, "a GraphQL request must use POST"),
        Code.TOKEN_INVALID: _Meaning(401, "the bearer token is malformed, unsigned, expired or from another issuer"),
        Code.CLAIMS_INVALID: _Meaning(401, "the bearer token lacks a claim that its role needs"),
        Code.PURPOSE_MISSING: _Meaning(403, "the request declares no purpose"),
        Code.PURPOSE_REPEATED: _Meaning(403, "the request declares more than one purpose"),
        Code.PURPOSE_NOT_CARRIED: _Meaning(403, "the token does not carry this purpose"),
        Code.PURPOSE_NOT_FOR_ROLE: _Meaning(403, "the policy does not give this purpose to this role"),
        Code.REFERENCE_MISSING: _Meaning(403, "the purpose needs a legal instrument, and none is named"),
        # Not 429: a client that repeats by itself would only add refusals until the day ends.
        Code.TOO_MANY_PERSONS: _Meaning(403, "this requester saw more persons today than the policy allows"),
        Code.SUSPENDED: _Meaning(403, "the requester's organisation is suspended: it is shown nothing"),
        Code.HEADER_INVALID: _Meaning(400, "a header is repeated, too long or not text"),
        Code.DOCUMENT_NOT_TRUSTED: _Meaning(403, "the document is not trusted for this role and purpose"),
        # Apollo's clients send the document itself only after an answer with status 200.
        Code.PERSISTED_QUERY_NOT_FOUND: _Meaning(
            200, "no trusted document has this hash; Apollo's clients send it whole"
        ),
        Code.SYNTAX: _Meaning(400, "the document is not valid GraphQL syntax"),
        Code.INVALID: _Meaning(400, "the document does not fit the requester's schema"),
        Code.LIMIT: _Meaning(400, "the document is larger or deeper than allowed, or repeats a field too often"),
        Code.OPERATION: _Meaning(400, "it is unclear which operation of the document to run"),
        Code.VARIABLE: _Meaning(400, "a variable's value does not fit its type"),
        Code.ARGUMENT: _Meaning(400, "an argument's value cannot be used"),
        Code.TOO_COSTLY: _Meaning(400, "the operation could cost more than allowed, or its statement is too long"),
        Code.NOT_FOUND: _Meaning(404, "there is no such row that this requester may change"),
        Code.CONFLICT: _Meaning(409, "the row is not as it was read: somebody has changed it"),
        # Not 429: a client that repeats by itself would only add refusals until the day ends.
        Code.TOO_MANY_ENTRIES: _Meaning(403, "this member has entered as much today as they may"),
        Code.KEY_REUSED: _Meaning(422, "this idempotency key was used for another request"),
        Code.RATE_LIMITED: _Meaning(429, "this requester has asked for too much"),
        Code.OVERLOADED: _Meaning(503, "too many requests are waiting"),
        Code.TIMED_OUT: _Meaning(504, "the database took too long"),
        Code.UNREADABLE: _Meaning(503, "the tables hold what cannot be read as the answer needs it"),
        Code.UNAVAILABLE: _Meaning(503, "the gateway cannot answer at the moment"),
        Code.INTERNAL: _Meaning(500, "the gateway failed unexpectedly"),
    }
)

_OF_THE_DOCUMENT = (
    Code.SYNTAX,
    Code.INVALID,
    Code.LIMIT,
    Code.OPERATION,
    Code.VARIABLE,
    Code.ARGUMENT,
    Code.TOO_COSTLY,
    Code.NOT_FOUND,
    Code.CONFLICT,
    Code.TOO_MANY_ENTRIES,
    Code.KEY_REUSED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One entry of a response's `errors`; `locations` are (line, column) pairs, as the GraphQL specification §7.1.2."""

    message: str
    locations: tuple[tuple[int, int], ...] = ()

    def as_json(self, code: Code, hint: str, **others: str) -> dict[str, Any]:
        places = [{"line": line, "column": column} for line, column in self.locations]
        located = {"locations": places} if places else {}
        return {"message": self.message, **located, "extensions": {"code": code.name, "hint": hint, **others}}


class Unanswered(Exception):
    """A request ended without an answer."""

    def __init__(self, code: Code, hint: str, *problems: Problem) -> None:
        super().__init__(code.name)
        self.code = code
        self.hint = hint
        self.problems = problems or (Problem(message=code.meaning),)


class Refused(Unanswered):
    """The request is at fault or not allowed."""


class Failed(Unanswered):
    """The gateway or its database could not. `cause` is a kind of error and its place, for the log alone.

    `retry_seconds` says when it may be able to; without it, the code does.
    """

    def __init__(self, code: Code, hint: str, cause: str | None = None, retry_seconds: int | None = None) -> None:
        super().__init__(code, hint)
        self.cause = cause
        self.retry_seconds = retry_seconds

    @property
    def is_only_counted(self) -> bool:
        """Whether there are too many of them to have a line each."""
        return self.code in (Code.RATE_LIMITED, Code.OVERLOADED)

    @property
    def is_of_tables(self) -> bool:
        """Whether the tables may not be such as the catalog says."""
        return self.code is Code.UNREADABLE or (self.cause or "").rpartition(" ")[2].startswith(("42", "0A"))

    @property
    def is_for_lack_of_space(self) -> bool:
        """Whether the database had no space left."""
        return (self.cause or "").startswith("DiskFullError")
