"""Serves one application under load, as `veil serve` serves a worker: `python -m benchmarks.serving MODULE:NAME PORT`."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway.serving import SERVER


async def _empty(_request: Request) -> Response:
    return PlainTextResponse("")


def empty() -> Starlette:
    """A route that does nothing: what a request costs whatever is behind it."""
    return Starlette(routes=[Route("/graphql", _empty, methods=["POST"]), Route("/health/ready", _empty)])


if __name__ == "__main__":
    uvicorn.run(sys.argv[1], factory=True, port=int(sys.argv[2]), **SERVER)
