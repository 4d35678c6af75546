"""Asks the GraphQL API in process: through the same pipeline as any request, decided and recorded like one.

Made from a document with values and from who asks. It must never read or change anything by another way.
"""

import json
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.types import ASGIApp

from gateway.http.media_types import JSON
from gateway.http.request import PATH
from schema.refusals import Code
from schema.requester import Purpose

_PASSED_ON: Final = frozenset({b"x-forwarded-for", b"traceparent"})
"""Headers of a browser's request that the pipeline reads too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuestion:
    """A document with the values of its variables. With a key it changes something, and that once."""

    document: str
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    key: str | None = None


class NotAnswered(Exception):
    """The API refused a question or could not answer it, with its code, its hint and, for a report, the error's id."""

    def __init__(self, code: Code, hint: str, error_id: str | None = None) -> None:
        super().__init__(code.name)
        self.code = code
        self.hint = hint
        self.error_id = error_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """In whose name questions are asked, and for what."""

    pipeline: ASGIApp
    request: Request
    token: str | None
    purpose: Purpose

    async def ask(self, question: PageQuestion) -> Mapping[str, Any]:
        """The data that is answered. Raises `NotAnswered`."""
        content = json.dumps({"query": question.document, "variables": question.variables}).encode()
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        await self.pipeline(self._scope(question.key), receive, send)
        return _data(json.loads(b"".join(each.get("body", b"") for each in sent)))

    def _scope(self, key: str | None) -> MutableMapping[str, Any]:
        headers = [each for each in self.request.scope["headers"] if each[0] in _PASSED_ON]
        headers += [(b"content-type", JSON.encode()), (b"access-purpose", self.purpose.value.encode())]
        if self.token is not None:
            headers.append((b"authorization", b"Bearer " + self.token.encode("ascii", "replace")))
        if key is not None:
            headers.append((b"idempotency-key", key.encode("ascii", "replace")))
        browser = {name: self.request.scope[name] for name in ("client", "server", "scheme", "http_version")}
        own = {"type": "http", "method": "POST", "path": PATH, "raw_path": PATH.encode(), "query_string": b""}
        return {**browser, **own, "headers": headers}


def _data(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    errors = answer.get("errors")
    if not errors:
        return answer["data"]
    told = errors[0]["extensions"]
    raise NotAnswered(Code[told["code"]], told["hint"], told.get("errorId"))
