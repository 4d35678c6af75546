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
    BODY_TOO_LARGE = (413, "the body is larger than the gateway reads")
    MEDIA_TYPE = (415, "the body is not `application/json`")
    NOT_ACCEPTABLE = (406, "the `Accept` header names no media type the gateway can answer in")
    METHOD = (405, "only POST carries a GraphQL request")
    TOKEN_INVALID = (401, "the bearer token is malformed, unsigned, expired or of another issuer")
    CLAIMS_INVALID = (401, "the bearer token lacks a claim the role stands on")
    PURPOSE_MISSING = (403, "no purpose was declared")
    PURPOSE_REPEATED = (403, "more than one purpose was declared")
    PURPOSE_NOT_CARRIED = (403, "the purpose is not among those the credential carries")
    PURPOSE_NOT_FOR_ROLE = (403, "the policy gives this purpose to other roles")
    REFERENCE_MISSING = (403, "the purpose needs a legal instrument")
    HEADER_INVALID = (400, "a header is repeated, too long or not text")
    SYNTAX = (400, "the document is not GraphQL")
    INVALID = (400, "the document does not fit the requester's schema")
    LIMIT = (400, "the document is larger or deeper than the gateway reads")
    OPERATION = (400, "which operation of the document to run is unclear")
    VARIABLE = (400, "a variable's value does not fit its type")
    ARGUMENT = (400, "an argument's value is not usable")
    TOO_COSTLY = (400, "the operation could return more rows than allowed")
    OVERLOADED = (503, "more requests wait than the gateway holds")
    TIMED_OUT = (504, "the database took longer than the gateway waits")
    UNAVAILABLE = (503, "the gateway cannot answer at present")
    INTERNAL = (500, "the gateway failed")

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
