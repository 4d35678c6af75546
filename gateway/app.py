"""The composition root: makes every part of a gateway once, from the settings, and joins them.

State is made here and passed; nothing is global. Whatever the settings, the catalog or the policy say wrongly stops
the start.
"""

import asyncio
import gc
import sys
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from starlette.types import ASGIApp

from gateway import column_notices, column_types, index_notices
from gateway import settings as settings_room
from gateway.admission import Admission, Shares, overloaded
from gateway.database import migration
from gateway.database.decisions import PoolSettings
from gateway.database.opening import Use
from gateway.database.pool import Pool, standing_of
from gateway.database.writer import Writer
from gateway.http import console
from gateway.http.addresses import Addresses, read_networks
from gateway.http.connection import GATE, ConnectionLimits, Gate
from gateway.http.cross_origin import cross_origin
from gateway.http.request import PATH, Receive, Scope
from gateway.http.response import ResponseContext, Send, respond
from gateway.http.server import Shutdown
from gateway.http.site import is_of_site, site
from gateway.identity.authenticator import Authenticator, TrustedIssuer
from gateway.identity.claims_map import read_claims_map
from gateway.identity.issuer import Issuer, IssuerClient
from gateway.identity.keys import KeySet, key_source
from gateway.ledger.announcing import Announcer
from gateway.ledger.changing import Changes
from gateway.ledger.ledger import Ledger
from gateway.ledger.records import record_ids, record_statement
from gateway.ledger.refusals import Refusals
from gateway.mapped_columns import mapped_places
from gateway.marketplaces import load_marketplace
from gateway.pages.my_data.copies import copy_routes
from gateway.pages.routes import page_routes
from gateway.pages.sessions import SignIns
from gateway.pages.visiting import Ground
from gateway.pipeline import Pipeline
from gateway.policy.breadth_limits import BreadthLimits
from gateway.policy.in_force import CompilerFactory, PolicyInForce
from gateway.policy.trusted import TrustedDocuments
from gateway.readiness import Readiness
from gateway.role_limits import RoleLimits, read_role_limits
from gateway.settings import Durable, Settings, SettingsError
from gateway.telemetry import metrics
from gateway.telemetry.counts import Counts, WorkerState
from gateway.telemetry.export import set_up_export
from gateway.telemetry.lines import LineWriter, StandardError, log_as_json
from gateway.telemetry.observation import Telemetry
from resolvers.sql.pieces import Sql
from resolvers.sql.render import Installation, Statement
from schema.catalog import Catalog
from schema.catalog_reading import read_catalog
from schema.definition import Marketplace
from schema.requester import Role
from schema.undecided import check_decided


def marketplace(name: str | None = None) -> Marketplace:
    """The marketplace of that name, by default the one that VEIL_MARKETPLACE names. Raises `MarketplaceError`.

    This is the only place that chooses one.
    """
    return load_marketplace(name or settings_room.marketplace_name())


def catalog(name: str | None = None) -> Catalog:
    """The catalog of the marketplace's types, all decided on. Raises `CatalogError` or `MarketplaceError`."""
    served = read_catalog(marketplace(name))
    check_decided(served)
    return served


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The ASGI application. What is asked of `/graphql` goes straight into the pipeline; all else is the site's.

    The way through a site's middleware and routes would cost a request half as much as its pipeline does.
    """

    pipeline: Pipeline
    site: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH and not is_of_site(scope):
            await self.pipeline(scope, receive, send)
        else:
            await self.site(scope, receive, send)


def application(
    settings: Settings,
    offered: Callable[[PolicyInForce], console.Offer] | None = None,
    compiler_factory: Callable[..., CompilerFactory] = CompilerFactory,
    lines: LineWriter | None = None,
    ledger: Callable[[Sequence[Pool], Statement], Ledger] = Ledger,
) -> ASGIApp:
    """A gateway; `compiler_factory` makes its compilers, and `ledger` its ledger. Raises `CatalogError`.

    `lines` takes the lines of its requests, which go to standard error without it. `offered` is what a demo's console
    offers, by the policy in force.
    """
    worker = _worker(settings, compiler_factory, lines or LineWriter(StandardError()), ledger)
    pipeline = Pipeline(
        authenticator=_authenticator(settings, worker.served, worker.keys),
        admission=worker.admission,
        policy=worker.policy,
        trusted=worker.trusted,
        pool=worker.pool,
        ledger=worker.ledger,
        changes=worker.changes,
        refusals=worker.refusals,
        telemetry=worker.telemetry,
        check_fit=worker.readiness.check_fit,
        on_outcome=worker.readiness.request_ended,
        record_ids=record_ids(),
        body_limit=settings.body,
    )
    offer = offered(worker.policy) if offered else None
    ground = _ground(settings, worker, pipeline, offer)
    pages = [*copy_routes(ground, has_pages=settings.pages), *(page_routes(ground) if settings.pages else ())]
    gateway = Gateway(pipeline=pipeline, site=site(worker.runs, worker.readiness.check, offer, pages))
    return cross_origin(gateway, (settings.origins or "").split())


def _ground(settings: Settings, worker: "Worker", pipeline: Pipeline, offer: console.Offer | None) -> Ground:
    """What pages stand on: the pipeline that answers GraphQL, and the policy that anybody may read."""
    return Ground(
        pipeline=pipeline,
        policy=worker.policy,
        catalog=catalog(settings.marketplace),
        sessions=SignIns(settings.secret.get_secret_value().encode()),
        form_limit=settings.body,
        personas=offer.personas if offer else None,
        issuer=_issuer(settings, worker.keys),
    )


def _issuer(settings: Settings, keys: KeySet) -> Issuer | None:
    """Where people sign in; none if they bring a token."""
    if settings.sign_in_client is None:
        return None
    secret = settings.sign_in_secret
    client = IssuerClient(
        issuer=settings.issuer,
        client=settings.sign_in_client,
        secret=secret.get_secret_value() if secret else None,
        scope=settings.sign_in_scope,
    )
    return Issuer(client, keys.verify)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What one worker holds while it serves."""

    served: Marketplace
    keys: KeySet
    pool: Pool
    ledger: Ledger
    changes: Changes
    refusals: Refusals
    policy: PolicyInForce
    trusted: TrustedDocuments
    telemetry: Telemetry
    lines: LineWriter
    readiness: Readiness
    shutdown: Shutdown
    admission: Admission

    @asynccontextmanager
    async def runs(self, _app: object) -> AsyncGenerator[Mapping[str, Any]]:
        """Starts everything, gives connections their gate, and in the end stops everything."""
        await self.keys.start()
        await self.ledger.start()
        await self.pool.start()
        await self.trusted.start()
        await self.readiness.check()
        watch = asyncio.create_task(self.readiness.watch())
        try:
            with self.shutdown.on_terminate():
                yield {GATE: self._gate()}
        finally:
            watch.cancel()
            await self.trusted.stop()
            await self.pool.stop()
            await self.changes.stop()
            await self.refusals.stop()
            await self.ledger.stop()
            await self.keys.stop()
            self.telemetry.flush()
            self.lines.close()

    def _gate(self) -> Gate:
        refusal = overloaded()
        response = respond(refusal, ResponseContext(record="", policy="", media_type=None))
        return Gate(
            accepts=self.admission.accepts,
            on_refused=partial(self.telemetry.request_shed, refusal.code),
            response=response.as_http(),
        )


def _worker(
    settings: Settings,
    compiler_factory: Callable[..., CompilerFactory],
    lines: LineWriter,
    ledger_factory: Callable[[Sequence[Pool], Statement], Ledger],
) -> Worker:
    counts = Counts(settings.runtime_directory)
    telemetry = Telemetry(counts, lines if settings.request_log else None)
    keys, pool = _key_set(settings), Pool(pool_settings(settings), on_batch=telemetry.batch_sent)
    served_catalog = catalog(settings.marketplace)
    served = served_catalog.marketplace
    ledger = ledger_factory(_ledger_pools(settings, telemetry), _recording(served))
    policy = PolicyInForce(pool, _compilers(settings, served_catalog, compiler_factory))
    trusted = TrustedDocuments(pool, policy, served, trusted_roles(settings, served))
    shutdown = Shutdown(delay=settings.shutdown_delay)

    def on_known(lacking: str | None) -> None:
        telemetry.flush()
        _count(counts, worker, lacking)

    readiness = Readiness(
        keys=keys,
        pool=pool,
        ledger=ledger,
        member_type=served.member_type,
        policy=policy,
        trusted=trusted,
        breadth=BreadthLimits(pool, policy),
        misfits=column_notices.statement(misfits(served_catalog)),
        mapped=mapped_places(served_catalog),
        privileges=migration.required_privileges(served_catalog),
        is_ending=lambda: shutdown.has_begun,
        on_known=on_known,
    )
    worker = Worker(
        served=served,
        keys=keys,
        pool=pool,
        ledger=ledger,
        changes=_changes(settings, served, ledger),
        refusals=Refusals(ledger, window=settings.refusal_window, most_waiting=settings.queue),
        policy=policy,
        trusted=trusted,
        telemetry=telemetry,
        lines=lines,
        readiness=readiness,
        shutdown=shutdown,
        admission=_admission(shares(settings, served), settings, pool, ledger, readiness.breadth),
    )
    return worker


def _changes(settings: Settings, served: Marketplace, ledger: Ledger) -> Changes:
    """A change is recorded in its own transaction, or announced to a ledger elsewhere."""
    recording = _recording(served) if settings.ledger is None else Announcer(ledger, record_ids())
    return Changes(Writer(writer_settings(settings)), recording)


def _ledger_pools(settings: Settings, telemetry: Telemetry) -> Sequence[Pool]:
    return [Pool(each, on_batch=telemetry.records_sent) for each in ledger_settings(settings)]


def _recording(served: Marketplace) -> Statement:
    return record_statement(served.member_type, served.organisation_type)


def misfits(served: Catalog) -> Sql:
    """A query of what does not fit in the tables that a session reads; see `misfits_sql`."""
    needed = migration.required_privileges(served)[Use.READ]
    return column_types.misfits_sql(served, [(table, column) for _, table, column in needed])


def _key_set(settings: Settings) -> KeySet:
    return KeySet(
        key_source(settings.keys), time.time, refresh_seconds=settings.key_refresh, grace_seconds=settings.key_grace
    )


def _compilers(
    settings: Settings, served: Catalog, compiler_factory: Callable[..., CompilerFactory]
) -> CompilerFactory:
    return compiler_factory(
        catalog=served,
        limits=settings.limits,
        installation=installation(settings, served),
        document_cache=settings.document_cache,
        has_log=settings.ledger is None or settings.ledger_views,
    )


def installation(settings: Settings, served: Catalog) -> Installation:
    """What the settings say of the marketplace. Raises `SettingsError`."""
    return Installation(country=settings.country, empty_tables=checked_tables(settings.empty_tables or "", served))


def checked_tables(names: str, served: Catalog) -> frozenset[str]:
    """The tables that are rightly empty. Raises `SettingsError` for one whose emptiness closes nothing."""
    closing = {each.must_be_filled for each in served.marketplace.conditions if each.must_be_filled}
    if not set(names.split()) <= closing:
        raise SettingsError(f"{settings_room.PREFIX}EMPTY_TABLES: give tables among {', '.join(sorted(closing))}")
    return frozenset(names.split())


def role_limits(limits: str, served: Marketplace, setting: str) -> RoleLimits:
    """The limits of each role. Raises `SettingsError` for a role that the marketplace has not."""
    read = read_role_limits(limits)
    _check_roles(read.by_role, served, setting)
    return read


def trusted_roles(settings: Settings, served: Marketplace) -> frozenset[Role]:
    """The roles that may send trusted documents only. Raises `SettingsError` for one that the marketplace has not."""
    names = (settings.trusted_only or "").split()
    _check_roles(names, served, "TRUSTED_ONLY")
    return frozenset(role for role in served.roles if role.value in names)


def _check_roles(names: Iterable[str], served: Marketplace, setting: str) -> None:
    known = [role.value for role in served.roles]
    if not set(names) <= set(known):
        raise SettingsError(f"{settings_room.PREFIX}{setting}: give roles among {', '.join(known)}")


def _count(counts: Counts, worker: Worker, lacking: str | None) -> None:
    """Tells other processes how a worker is."""
    for family, value in (
        (metrics.READY, lacking is None),
        (metrics.WAITING_CALLS, worker.pool.waiting_calls),
        (metrics.WAITING_RECORDS, worker.ledger.waiting_records),
        (metrics.OPEN_SESSIONS, worker.pool.open_sessions),
        (metrics.BUSY_SESSIONS, worker.pool.busy_sessions),
        (metrics.DOCUMENTS, worker.policy.cached_documents),
        (metrics.KEY_SET_AGE, worker.keys.age),
        (metrics.SEAL_LAG, worker.readiness.seal_lag),
        (metrics.BREADTH_EXCEEDED, worker.readiness.breadth.exceeding),
        (metrics.LOST_LINES, worker.lines.lost),
    ):
        counts.set((family.name,), value)
    counts.say(WorkerState(at=time.time(), lacking=lacking))


def _admission(shares_: Shares, settings: Settings, pool: Pool, ledger: Ledger, breadth: BreadthLimits) -> Admission:
    return Admission(
        lambda requester: pool.would_be_late(requester) or ledger.would_be_late(requester),
        breadth.refuses,
        shares_,
        Addresses(read_networks(settings.proxies or "")),
    )


def _authenticator(settings: Settings, served: Marketplace, keys: KeySet) -> Authenticator:
    return Authenticator(
        keys=keys,
        trust=TrustedIssuer(
            issuer=settings.issuer,
            audience=settings.audience,
            leeway_seconds=settings.leeway,
            marketplace=served,
            claims=read_claims_map(settings.claims or ""),
        ),
        secret=settings.secret.get_secret_value().encode(),
        clock=time.time,
    )


async def report_columns(settings: Settings) -> None:
    """Logs which columns hold what their fields cannot show, and which indexes are missing, over a session of its own."""
    one = replace(pool_settings(settings), size=1)
    pool, served = Pool(one), catalog(settings.marketplace)
    await pool.start()
    try:
        await column_notices.log_column_notices(pool, served, installation(settings, served).empty_tables)
        is_ready = pool.is_ready
    finally:
        await pool.stop()
    if is_ready:
        await index_notices.log_missing_indexes(standing_of(one), served)


def pool_settings(settings: Settings) -> PoolSettings:
    served = marketplace(settings.marketplace)
    return PoolSettings(
        database=settings.database.get_secret_value(),
        size=settings.pool_size,
        timeout=settings.timeout,
        queue=settings.queue,
        overload_wait=settings.overload_wait,
        batch_wait=settings.batch_wait,
        batch_calls=settings.batch_calls,
        batch_rows=settings.batch_rows,
        required_migrations=migration.required_migrations(served),
        schema=served.schema,
        pooler=settings.pooler,
    )


def writer_settings(settings: Settings) -> PoolSettings:
    return replace(
        pool_settings(settings),
        use=Use.CHANGE,
        size=settings.write_sessions,
        # Records that commit with changes need what a ledger needs.
        needs_standby=settings.ledger is None and settings.durable is Durable.STANDBY,
    )


LEDGER_BATCH = 256
"""Records that fill a batch."""


def ledger_settings(settings: Settings) -> Sequence[PoolSettings]:
    """Of each ledger. By default it is in the database of the data."""
    urls = (settings.ledger or settings.database).get_secret_value().split()
    return [
        replace(
            pool_settings(settings),
            database=url,
            use=Use.RECORD,
            size=settings.ledger_sessions,
            batch_calls=LEDGER_BATCH,
            # A batch is full by its number of records: what takes long is the disk, which gains by more of them.
            batch_rows=sys.maxsize,
            required_migrations=migration.ledger_migrations(),
            needs_standby=settings.durable is Durable.STANDBY,
        )
        for url in urls
    ]


def shares(settings: Settings, served: Marketplace) -> Shares:
    return Shares(
        public_role=served.public_role,
        pool_size=settings.pool_size,
        sessions=role_limits(settings.session_share, served, "SESSION_SHARE"),
        compiling=role_limits(settings.compile_rate, served, "COMPILE_RATE"),
        cost=role_limits(settings.cost_rate, served, "COST_RATE"),
    )


def connection_limits(settings: Settings) -> ConnectionLimits:
    return ConnectionLimits(
        connections=settings.connections, keep_alive=settings.keep_alive, write_seconds=settings.write_timeout
    )


def create(
    compiler_factory: Callable[..., CompilerFactory] = CompilerFactory,
    ledger: Callable[[Sequence[Pool], Statement], Ledger] = Ledger,
) -> ASGIApp:
    """A gateway with the settings of the environment: what a server's worker calls."""
    settings = settings_room.read_settings()
    lines = LineWriter(StandardError())
    log_as_json(lines)
    set_up_export()
    gateway = application(settings, compiler_factory=compiler_factory, lines=lines, ledger=ledger)
    # What is there by now stays: the collector need not look at it again and again.
    gc.freeze()
    return gateway
