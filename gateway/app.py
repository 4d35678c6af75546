"""The composition root: makes every part of a gateway once, from the settings, and joins them.

State is made here and passed; nothing is global. Whatever the settings, the catalog or the policy say wrongly stops
the start.
"""

import asyncio
import gc
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from gateway import settings as settings_room
from gateway.database import migration
from gateway.database.decisions import PoolSettings
from gateway.database.pool import Pool
from gateway.http import console
from gateway.http.connection import ConnectionLimits
from gateway.http.cross_origin import cross_origin
from gateway.http.request import Receive, Scope
from gateway.http.response import Send
from gateway.http.server import Shutdown
from gateway.identity.authenticator import Authenticator, TrustedIssuer
from gateway.identity.claims_map import read_claims_map
from gateway.identity.keys import KeySet, key_source
from gateway.log.records import record_ids
from gateway.pipeline import Pipeline
from gateway.policy.in_force import CompilerFactory, PolicyInForce
from gateway.policy.trusted import TrustedDocuments
from gateway.readiness import Readiness
from gateway.settings import Settings
from gateway.telemetry import metrics
from gateway.telemetry.counts import Counts, WorkerState
from gateway.telemetry.export import set_up_export
from gateway.telemetry.lines import LineWriter, StandardError, log_as_json
from gateway.telemetry.observation import Telemetry
from schema import catalog as catalogs
from schema.catalog import Catalog
from schema.definition import Marketplace
from schema.marketplace.marketplace import MARKETPLACE

PATH = "/graphql"


def marketplace() -> Marketplace:
    """The marketplace that is served: this is the only place that chooses one."""
    return MARKETPLACE


def catalog() -> Catalog:
    """The catalog of the marketplace's types. Raises `CatalogError`."""
    return catalogs.read_catalog(marketplace())


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The ASGI application. What is asked of `/graphql` goes straight into the pipeline; all else is the site's.

    The way through a site's middleware and routes would cost a request half as much as its pipeline does.
    """

    pipeline: Pipeline
    site: Starlette

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH and not (_wants_page(scope) or _is_preflight(scope)):
            await self.pipeline(scope, receive, send)
        else:
            await self.site(scope, receive, send)


def _wants_page(scope: Scope) -> bool:
    """Whether a browser asks for the console."""
    return scope["method"] in ("GET", "HEAD") and any(
        name == b"accept" and b"text/html" in value for name, value in scope["headers"]
    )


def _is_preflight(scope: Scope) -> bool:
    """Whether a browser asks if another site's page may ask (CORS §3.2.2). It asks for no data, and leaves no record."""
    return scope["method"] == "OPTIONS" and any(
        name == b"access-control-request-method" for name, _ in scope["headers"]
    )


def _refuse_preflight(_request: HttpRequest) -> Response:
    return PlainTextResponse("pages of other sites may not ask; see VEIL_ORIGINS\n", 405, {"Allow": "POST"})


def application(
    settings: Settings,
    personas: Callable[[], Sequence[console.Persona]] | None = None,
    compiler_factory: Callable[..., CompilerFactory] = CompilerFactory,
    lines: LineWriter | None = None,
) -> ASGIApp:
    """A gateway; `compiler_factory` makes its compilers. Raises `CatalogError`.

    `lines` takes the lines of its requests, which go to standard error without it.
    """
    counts = Counts(settings.runtime_directory)
    lines = lines or LineWriter(StandardError())
    telemetry = Telemetry(counts, lines if settings.request_log else None)
    keys = KeySet(
        key_source(settings.keys), time.time, refresh_seconds=settings.key_refresh, grace_seconds=settings.key_grace
    )
    pool = Pool(pool_settings(settings), on_batch=telemetry.batch_sent)
    served_catalog = catalog()
    factory = compiler_factory(
        catalog=served_catalog, limits=settings.limits, country=settings.country, document_cache=settings.document_cache
    )
    policy = PolicyInForce(pool, factory)
    trusted = TrustedDocuments(pool, policy, settings.trusted_roles)
    authenticator = Authenticator(
        keys=keys,
        trust=TrustedIssuer(
            issuer=settings.issuer,
            audience=settings.audience,
            leeway_seconds=settings.leeway,
            claims=read_claims_map(settings.claims or ""),
        ),
        secret=settings.secret.get_secret_value().encode(),
        clock=time.time,
    )
    shutdown = Shutdown(delay=settings.shutdown_delay)

    def on_known(lacking: str | None) -> None:
        telemetry.flush()
        counts.set((metrics.READY.name,), lacking is None)
        counts.set((metrics.WAITING_CALLS.name,), pool.waiting_calls)
        counts.set((metrics.OPEN_SESSIONS.name,), pool.open_sessions)
        counts.set((metrics.BUSY_SESSIONS.name,), pool.busy_sessions)
        counts.set((metrics.DOCUMENTS.name,), policy.cached_documents)
        counts.set((metrics.KEY_SET_AGE.name,), keys.age)
        counts.set((metrics.LOST_LINES.name,), lines.lost)
        counts.say(WorkerState(at=time.time(), lacking=lacking))

    readiness = Readiness(
        keys=keys,
        pool=pool,
        policy=policy,
        trusted=trusted,
        privileges=migration.required_privileges(served_catalog),
        is_ending=lambda: shutdown.has_begun,
        on_known=on_known,
    )
    pipeline = Pipeline(
        authenticator=authenticator,
        policy=policy,
        trusted=trusted,
        pool=pool,
        telemetry=telemetry,
        on_outcome=readiness.request_ended,
        record_ids=record_ids(),
        body_limit=settings.body,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        await keys.start()
        await pool.start()
        await trusted.start()
        await readiness.check()
        watch = asyncio.create_task(readiness.watch())
        try:
            with shutdown.on_terminate():
                yield
        finally:
            watch.cancel()
            await trusted.stop()
            await pool.stop()
            await keys.stop()
            telemetry.flush()
            lines.close()

    async def live(_request: HttpRequest) -> Response:
        return PlainTextResponse("live\n")

    async def ready(_request: HttpRequest) -> Response:
        # Strangers learn no more than that.
        if await readiness.check() is None:
            return PlainTextResponse("ready\n")
        return PlainTextResponse("not ready\n", 503, {"Retry-After": "2"})

    site = Starlette(
        lifespan=lifespan,
        routes=[
            Route(PATH, _refuse_preflight, methods=["OPTIONS"]),
            Route(PATH, console.page),
            Route("/health/live", live),
            Route("/health/ready", ready),
            *console.routes(personas),
        ],
    )
    # Behind a proxy, a redirect would send the token in the clear.
    site.router.redirect_slashes = False
    return cross_origin(Gateway(pipeline=pipeline, site=site), (settings.origins or "").split())


def pool_settings(settings: Settings) -> PoolSettings:
    return PoolSettings(
        database=settings.database.get_secret_value(),
        size=settings.pool_size,
        timeout=settings.timeout,
        queue=settings.queue,
        batch_wait=settings.batch_wait,
        batch_calls=settings.batch_calls,
        batch_rows=settings.batch_rows,
        required_migrations=migration.required_migrations(marketplace()),
        pooler=settings.pooler,
    )


def connection_limits(settings: Settings) -> ConnectionLimits:
    return ConnectionLimits(
        connections=settings.connections, keep_alive=settings.keep_alive, write_seconds=settings.write_timeout
    )


def create(compiler_factory: Callable[..., CompilerFactory] = CompilerFactory) -> ASGIApp:
    """A gateway with the settings of the environment: what a server's worker calls."""
    settings = settings_room.read_settings()
    lines = LineWriter(StandardError())
    log_as_json(lines)
    set_up_export()
    gateway = application(settings, compiler_factory=compiler_factory, lines=lines)
    # What is there by now stays: the collector need not look at it again and again.
    gc.freeze()
    return gateway
