"""A route that does nothing: what a request costs whatever is behind it."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


async def _empty(_request: Request) -> Response:
    return PlainTextResponse("")


def create() -> Starlette:
    return Starlette(routes=[Route("/graphql", _empty, methods=["POST"]), Route("/health/ready", _empty)])
