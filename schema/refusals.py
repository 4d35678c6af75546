"""Every way a request ends without an answer, as data: a code, a message, a hint, an HTTP status.

    Ended
    ├── Refused   the request is at fault, or not allowed; recorded
    └── Failed    the gateway or its database could not; nothing left without its record

Messages and hints use only what the requester may see: never a stored value, never a hidden name.
"""

import enum
from dataclasses import dataclass
from typing import Any


class Code(enum.Enum):
    """(HTTP status, what it means). The README's table is compared with this by a test."""

    BODY_MALFORMED = (400, "the body is not a GraphQL request in JSON")
    BODY_TOO_LARGE = (413, "the body is larger than allowed")
    MEDIA_TYPE = (415, "the body is not `application/json`")
    NOT_ACCEPTABLE = (406, "the `Accept` header names no media type the gateway offers")
    METHOD = (405, "a GraphQL request must use POST")
    TOKEN_INVALID = (401, "the bearer token is malformed, unsigned, expired or from another issuer")
    CLAIMS_INVALID = (401, "the bearer token lacks a claim that its role needs")
    PURPOSE_MISSING = (403, "the request declares no purpose")
    PURPOSE_REPEATED = (403, "the request declares more than one purpose")
    PURPOSE_NOT_CARRIED = (403, "the token does not carry this purpose")
    PURPOSE_NOT_FOR_ROLE = (403, "the policy does not give this purpose to this role")
    REFERENCE_MISSING = (403, "the purpose needs a legal instrument, and none is named")
    HEADER_INVALID = (400, "a header is repeated, too long or not text")
    SYNTAX = (400, "the document is not valid GraphQL syntax")
    INVALID = (400, "the document does not fit the requester's schema")
    LIMIT = (400, "the document is larger or deeper than allowed")
    OPERATION = (400, "it is unclear which operation of the document to run")
    VARIABLE = (400, "a variable's value does not fit its type")
    ARGUMENT = (400, "an argument's value cannot be used")
    TOO_COSTLY = (400, "the operation could return more rows than allowed")
    OVERLOADED = (503, "too many requests are waiting")
    TIMED_OUT = (504, "the database took too long")
    UNAVAILABLE = (503, "the gateway cannot answer at the moment")
    INTERNAL = (500, "the gateway failed unexpectedly")

    @property
    def status(self) -> int:
        return self.value[0]

    @property
    def is_document_error(self) -> bool:
        """Whether a legacy `application/json` answer carries it with status 200 (GraphQL over HTTP §6.4.1)."""
        return self in _OF_THE_DOCUMENT

    @property
    def meaning(self) -> str:
        return self.value[1]


_OF_THE_DOCUMENT = (
    Code.SYNTAX,
    Code.INVALID,
    Code.LIMIT,
    Code.OPERATION,
    Code.VARIABLE,
    Code.ARGUMENT,
    Code.TOO_COSTLY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One entry of a response's `errors`; `locations` are (line, column) pairs, as the GraphQL specification §7.1.2."""

    message: str
    locations: tuple[tuple[int, int], ...] = ()

    def as_json(self, code: Code, hint: str) -> dict[str, Any]:
        places = [{"line": line, "column": column} for line, column in self.locations]
        located = {"locations": places} if places else {}
        return {"message": self.message, **located, "extensions": {"code": code.name, "hint": hint}}


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
    """The gateway or its database could not."""
