"""The composition root: makes every part of a gateway once, from the settings, and joins them.

State is made here and passed; nothing is global. Whatever the settings, the catalog or the policy say wrongly stops
the start.
"""

import asyncio
import gc
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway import console, migration
from gateway import settings as settings_room
from gateway.identity import Identity, Trust
from gateway.keys import KeySet, source
from gateway.lanes import Lanes, Roads
from gateway.pipeline import Pipeline
from gateway.policies import Making, PoliciesInForce
from gateway.records import record_ids
from gateway.request import Receive, Scope
from gateway.response import Send
from gateway.settings import Settings
from gateway.telemetry import CONTENT_TYPE, Telemetry
from schema import catalog as catalogs
from schema.catalog import Catalog
from schema.entities.query import Query
from schema.refusals import Failed

PATH = "/graphql"

LOOK_SECONDS = 1.0
"""How long who asks whether the gateway is ready waits for the database to tell which policy is in force."""


def catalog() -> Catalog:
    """The catalog of Veil's own types. Raises `CatalogError`."""
    return catalogs.read(Query)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The ASGI application. What is asked of `/graphql` goes straight into the pipeline; all else is the site's.

    The way through a site's middleware and routes would cost a request half as much as its pipeline does.
    """

    pipeline: Pipeline
    site: Starlette

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH and not _wants_page(scope):
            await self.pipeline(scope, receive, send)
        else:
            await self.site(scope, receive, send)


def _wants_page(scope: Scope) -> bool:
    """Whether a browser asks for the console."""
    return scope["method"] in ("GET", "HEAD") and any(
        name == b"accept" and b"text/html" in value for name, value in scope["headers"]
    )


def application(
    settings: Settings,
    personas: Callable[[], Sequence[console.Persona]] | None = None,
    making: Callable[..., Making] = Making,
) -> Gateway:
    """A gateway; `making` says how its compilers are made. Raises `CatalogError`."""
    telemetry = Telemetry()
    keys = KeySet(
        source(settings.keys), time.time, refresh_seconds=settings.key_refresh, grace_seconds=settings.key_grace
    )
    lanes = Lanes(_roads(settings), on_ride=telemetry.rode)
    made = making(catalog=catalog(), limits=settings.limits, country=settings.country, remembered=settings.remembered)
    policies = PoliciesInForce(lanes, made)
    identity = Identity(
        keys=keys,
        trust=Trust(issuer=settings.issuer, audience=settings.audience),
        secret=settings.secret.get_secret_value().encode(),
        clock=time.time,
    )
    pipeline = Pipeline(
        identity=identity,
        policies=policies,
        lanes=lanes,
        telemetry=telemetry,
        ids=record_ids(),
        body=settings.body,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        await keys.start()
        await lanes.start()
        await look()
        try:
            yield
        finally:
            await lanes.stop()
            await keys.stop()

    def is_ready() -> bool:
        return lanes.ready and keys.ready and policies.ready

    async def look() -> None:
        # A database that is busy is there all the same.
        with suppress(Failed, TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await policies.look()

    async def live(_request: HttpRequest) -> Response:
        return PlainTextResponse("live\n")

    async def ready(_request: HttpRequest) -> Response:
        await look()
        if is_ready():
            return PlainTextResponse("ready\n")
        lacking = _lacking(keys, lanes)
        return PlainTextResponse(f"not ready: {lacking}\n", 503, {"Retry-After": "2"})

    async def metrics(_request: HttpRequest) -> Response:
        return Response(telemetry.metrics(waiting=lanes.waiting, ready=is_ready()), media_type=CONTENT_TYPE)

    site = Starlette(
        lifespan=lifespan,
        routes=[
            Route(PATH, console.page),
            Route("/health/live", live),
            Route("/health/ready", ready),
            Route("/metrics", metrics),
            *console.routes(personas),
        ],
    )
    return Gateway(pipeline=pipeline, site=site)


def _lacking(keys: KeySet, lanes: Lanes) -> str:
    if not keys.ready:
        return "the key set cannot be fetched"
    return "no policy that can be read is in force" if lanes.ready else lanes.hindrance


def _roads(settings: Settings) -> Roads:
    return Roads(
        database=settings.database.get_secret_value(),
        lanes=settings.lanes,
        timeout=settings.timeout,
        queue=settings.queue,
        patience=settings.patience,
        ride=settings.ride,
        load=settings.load,
        tables=migration.latest(),
    )


def create(making: Callable[..., Making] = Making) -> Gateway:
    """A gateway with the settings of the environment: what a server's worker calls."""
    gateway = application(settings_room.read(), making=making)
    # What is there by now stays: the collector need not look at it again and again.
    gc.freeze()
    return gateway
