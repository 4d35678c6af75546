"""The composition root: makes every part of a gateway once, from the settings, and joins them.

State is made here and passed; nothing is global. Whatever the settings, the catalog or the policy say wrongly stops
the start.
"""

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway import console
from gateway import settings as settings_room
from gateway.identity import Identity, Trust
from gateway.keys import KeySet, source
from gateway.lanes import Lanes, Roads
from gateway.pipeline import Pipeline
from gateway.request import Receive, Scope
from gateway.response import Send
from gateway.settings import Settings
from gateway.telemetry import CONTENT_TYPE, Telemetry
from resolvers.compiler import Compiler
from schema import catalog as catalogs
from schema import policy_file
from schema.catalog import Catalog
from schema.entities.query import Query


def catalog() -> Catalog:
    """The catalog of Veil's own types. Raises `CatalogError`."""
    return catalogs.read(Query)


def compiler(settings: Settings) -> Compiler:
    """The compiler of the policy in force. Raises `CatalogError` or `PolicyError`."""
    known = catalog()
    policy = policy_file.load(policy_file.named(settings.policy), known)
    return Compiler(known, policy, settings.limits, remembered=settings.remembered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """`/graphql`: the console for a browser that asks for a page, the pipeline for everybody else."""

    pipeline: Pipeline

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in ("GET", "HEAD") and _wants_page(scope):
            page: Any = console.page(HttpRequest(scope))
            await page(scope, receive, send)
        else:
            await self.pipeline(scope, receive, send)


def _wants_page(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def application(settings: Settings, personas: Callable[[], Sequence[console.Persona]] | None = None) -> Starlette:
    """A gateway. Raises `CatalogError` or `PolicyError`."""
    telemetry = Telemetry()
    compiling = compiler(settings)
    keys = KeySet(
        source(settings.keys), time.time, refresh_seconds=settings.key_refresh, grace_seconds=settings.key_grace
    )
    lanes = Lanes(_roads(settings), on_ride=telemetry.rode)
    identity = Identity(
        keys=keys,
        trust=Trust(issuer=settings.issuer, audience=settings.audience),
        secret=settings.secret.get_secret_value().encode(),
        policy=lambda: compiling.policy,
        clock=time.time,
    )
    pipeline = Pipeline(
        identity=identity,
        compiler=lambda: compiling,
        lanes=lanes,
        telemetry=telemetry,
        country=settings.country,
        body=settings.body,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        await keys.start()
        await lanes.start()
        try:
            yield
        finally:
            await lanes.stop()
            await keys.stop()

    def is_ready() -> bool:
        return lanes.ready and keys.ready

    async def live(_request: HttpRequest) -> Response:
        return PlainTextResponse("live\n")

    async def ready(_request: HttpRequest) -> Response:
        if is_ready():
            return PlainTextResponse("ready\n")
        lacking = "the database cannot be reached" if keys.ready else "the key set cannot be fetched"
        return PlainTextResponse(f"not ready: {lacking}\n", 503, {"Retry-After": "2"})

    async def metrics(_request: HttpRequest) -> Response:
        return Response(telemetry.metrics(waiting=lanes.waiting, ready=is_ready()), media_type=CONTENT_TYPE)

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/graphql", Entrance(pipeline=pipeline)),
            Route("/health/live", live),
            Route("/health/ready", ready),
            Route("/metrics", metrics),
            *console.routes(personas),
        ],
    )


def _roads(settings: Settings) -> Roads:
    return Roads(
        database=settings.database.get_secret_value(),
        lanes=settings.lanes,
        timeout=settings.timeout,
        queue=settings.queue,
        patience=settings.patience,
        ride=settings.ride,
        weight=settings.cost,
    )


def create() -> Starlette:
    """A gateway with the settings of the environment: what a server's worker calls."""
    return application(settings_room.read())
