"""Asks what the personas of a demo would ask, once, so that a new demo's log has something to tell.

Asked in process, through the same pipeline as any request. Each look is decided and recorded like one.
"""

import asyncio
import json
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.http.console import Persona, StartingQuery
from gateway.http.media_types import JSON
from gateway.http.request import PATH

_STARTED: Final = "lifespan.startup.complete"


@dataclass(slots=True)
class LookedAt:
    """A gateway that looks at its members once it has started (an ASGI application)."""

    gateway: ASGIApp
    personas: Sequence[Persona]
    looking: asyncio.Task[None] | None = field(default=None)
    """The looks, once they have begun."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self.gateway(scope, receive, send)
            return

        async def send_on(message: MutableMapping[str, Any]) -> None:
            await send(message)
            if message["type"] == _STARTED:
                self.looking = asyncio.create_task(self._look())

        await self.gateway(scope, receive, send_on)

    async def _look(self) -> None:
        for persona, query in _queries(self.personas):
            await _ask(self.gateway, persona, query)


def _queries(personas: Sequence[Persona]) -> Iterator[tuple[Persona, StartingQuery]]:
    """Everything that is only a look, of one persona after another."""
    for persona in personas:
        for query in persona.queries:
            if query.query.startswith("query"):
                yield persona, query


async def _ask(gateway: ASGIApp, persona: Persona, query: StartingQuery) -> None:
    headers = [(b"content-type", JSON.encode()), (b"access-purpose", query.purpose.encode())]
    if persona.token:
        headers.append((b"authorization", f"Bearer {persona.token}".encode()))
    if persona.reference:
        headers.append((b"access-reference", persona.reference.encode()))
    body = json.dumps({"query": query.query}).encode()

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(_message: MutableMapping[str, Any]) -> None:
        pass

    scope = {"type": "http", "method": "POST", "path": PATH, "headers": headers, "query_string": b""}
    await gateway({**scope, "client": ("127.0.0.1", 0), "scheme": "http", "http_version": "1.1"}, receive, send)
