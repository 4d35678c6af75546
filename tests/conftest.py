"""What the tests stand on: a real PostgreSQL, a sample marketplace in it, and a gateway that serves over real HTTP."""

import asyncio
import itertools
import json
import os
import shutil
import ssl
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
import pytest
import uvicorn

from gateway import app
from gateway.database import migration
from gateway.demo import embedded
from gateway.demo.development import AUDIENCE, ISSUER, DevelopmentKey
from gateway.demo.ending import end_in_order
from gateway.demo.sample import marketplace
from gateway.http.server import uvicorn_options
from gateway.identity.authenticator import Authenticator, Credentials, TrustedIssuer
from gateway.identity.keys import KeySet
from gateway.policy import in_force
from gateway.settings import Settings
from gateway.telemetry.admin import admin_port
from schema.catalog import Catalog, Scalar
from schema.definition import Marketplace
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file
from schema.policy.grants import Policy
from schema.requester import Purpose, Requester, Role
from schema.tokens import id_of_token
from tests import releases
from tests.overhearing import Overheard, search

os.environ["COLUMNS"] = "120"  # what commands print is as wide as the terminal

MEMBERS = 60
SEED = 7
LOGIN, PASSWORD = "veil_test", "not-a-secret"
SECRET = "a secret of at least thirty-two characters"

SESSION = {"search_path": "marketplace, veil, pg_catalog"}
"""Of the owner: the tables need no schema before their names."""

_MEMORY = Path("/dev/shm")  # noqa: S108 - the directory in it is this process's own
_MEMORY_NEEDED = 6 * 2**30
"""The gateway takes no server without `fsync`, which costs nothing in memory. Each database that a test drops waits for it."""

TEST_DATABASE = "VEIL_TEST_DATABASE"
"""The setting that names another server for the suite, as its superuser."""

SEARCHES = pytest.StashKey[list[object]]()
"""What was searched for identifiers, to be reported in the end."""


@pytest.fixture(scope="session", autouse=True)
def overheard() -> Generator[Overheard]:
    """All that is logged while the suite runs."""
    listening = Overheard()
    listening.listen()
    yield listening
    listening.stop()


def pytest_configure() -> None:
    """A run that a signal ends stops its PostgreSQL first."""
    end_in_order()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """One of several processes hands on what it searched to the one that reports."""
    if (handed_on := getattr(session.config, "workeroutput", None)) is not None:
        handed_on["searches"] = [str(found) for found in session.config.stash.get(SEARCHES, [])]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash.setdefault(SEARCHES, []).extend(getattr(node, "workeroutput", {}).get("searches", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for found in config.stash.get(SEARCHES, []):
        terminalreporter.write_line(f"overheard: {found}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgreSQL:
    """The server that the suite runs over."""

    url: str
    """The superuser's."""
    log: Path | None
    """What the server logs; none if another started it."""


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Generator[PostgreSQL]:
    """The server of `VEIL_TEST_DATABASE`; without that setting, an embedded one."""
    if given := os.environ.get(TEST_DATABASE):
        yield PostgreSQL(url=given, log=None)
        return
    with ExitStack() as resources:
        directory = tmp_path_factory.mktemp("postgres")
        # Where somebody says where temporary files go, they go there.
        if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _MEMORY_NEEDED:
            directory = Path(resources.enter_context(TemporaryDirectory(prefix="veil-tests-", dir=_MEMORY)))
        cluster = resources.enter_context(embedded.running(directory))
        yield PostgreSQL(url=cluster.url, log=cluster.directory / "server.log")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return app.catalog()


class Databases:
    """Databases of one server, each made from one that is ready."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._numbers = itertools.count(1)
        self._names: list[str] = []

    def make(self, template: str) -> str:
        """The URL, as the owner, of a new copy."""
        return self.make_named(f"copy_{next(self._numbers)}", template)

    def make_named(self, name: str, template: str) -> str:
        """The same, under a name. Replaces what an earlier run left under it."""
        self.drop(database(self.url, name))
        run(self.url, lambda connection: connection.execute(f"create database {name} template {template}"))
        self._names.append(name)
        return database(self.url, name)

    def drop(self, url: str) -> None:
        name = urlsplit(url).path.removeprefix("/")
        run(self.url, lambda connection: connection.execute(f"drop database if exists {name} with (force)"))

    def drop_all(self) -> None:
        for name in self._names:
            self.drop(database(self.url, name))


def run(url: str, work: Callable[[Any], Any]) -> Any:
    """What `work` gives, done over a connection of its own as the owner."""

    async def connected() -> Any:
        connection = await asyncpg.connect(url, server_settings=SESSION)
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(connected())


def identifiers(url: str, catalog: Catalog) -> set[str]:
    """Every identifier that is stored."""
    places = {
        f"select {column.column} from {each.storage.table}"
        for each in catalog.entities.values()
        if each.storage.subjects and not each.storage.subjects_array
        for column in each.columns.values()
        if column.label.identifier and not column.label.identifier.is_coincidental and column.scalar is Scalar.TEXT
    }
    rows = run(url, lambda connection: connection.fetch(" union ".join(sorted(places))))
    return {row[0] for row in rows if row[0]}


def silent(_table: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture(scope="session")
def databases(
    postgresql: PostgreSQL, catalog: Catalog, overheard: Overheard, pytestconfig: pytest.Config
) -> Generator[Databases]:
    databases = Databases(postgresql.url)
    empty = databases.make_named("empty_market", "template0")
    run(empty, lambda connection: _migrated(connection, catalog))
    sample = databases.make_named("sample_market", "empty_market")
    run(sample, _sampled)
    yield databases
    searched = search(overheard, postgresql.log, identifiers(sample, catalog))
    pytestconfig.stash.setdefault(SEARCHES, []).append(searched)
    if postgresql.log is None:
        databases.drop_all()
    assert searched.found == []


async def _migrated(connection: Any, catalog: Catalog) -> None:
    await migration.migrate(connection, catalog)
    await in_force.ensure_active(connection, catalog)


async def _sampled(connection: Any) -> None:
    await marketplace.seed(connection, members=MEMBERS, seed=SEED, progress=silent)
    await releases.store(connection)


def database(url: str, name: str) -> str:
    """The URL of another database of the same server."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


@pytest.fixture
def database_url(databases: Databases) -> Generator[str]:
    """A database with empty tables."""
    url = databases.make("empty_market")
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def market_url(databases: Databases) -> str:
    """A sample marketplace that no test changes but by asking."""
    return databases.make("sample_market")


@pytest.fixture
def own_market_url(databases: Databases) -> Generator[str]:
    """A sample marketplace of a test's own."""
    url = databases.make("sample_market")
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentKey:
    return DevelopmentKey.in_directory(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory, key: DevelopmentKey) -> Path:
    file = tmp_path_factory.mktemp("published") / "keys.json"
    file.write_text(json.dumps(key.key_set()))
    return file


def settings_for(url: str, key_file: Path, **others: Any) -> Settings:
    known: dict[str, Any] = {
        "database": run(url, lambda connection: migration.create_login(connection, url, LOGIN, PASSWORD)),
        "keys": str(key_file),
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "secret": SECRET,
        "request_log": False,
        # Each refusal is recorded at once.
        "refusal_window": 0,
        # The suite asks more, and newer documents, than anybody would, and on machines as slow as they come.
        "session_share": "1",
        "overload_wait": "60",
        "cost_rate": "1e9",
        "compile_rate": "100",
        **others,
    }
    return Settings(**known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requesting:
    """A requester of the tests: how they present themselves."""

    role: Role
    purpose: Purpose
    member: Any = None
    """An id of the type that the marketplace's members have."""
    organisation: Any = None
    reference: str | None = None
    sub: str | None = None
    """The name in their token; one made of the role by default."""

    def headers(self, key: DevelopmentKey) -> dict[str, str]:
        headers = {"Access-Purpose": self.purpose.value}
        if self.reference:
            headers["Access-Reference"] = self.reference
        if self.role is not Roles.PUBLIC:
            headers["Authorization"] = f"Bearer {self.token(key)}"
        return headers

    def token(self, key: DevelopmentKey) -> str:
        return key.sign(
            self.role,
            [self.purpose],
            member=self.member,
            organisation=self.organisation,
            sub=self.sub,
            now=time.time() // 600 * 600,
        )


class Address(str):
    """Where a gateway serves; `admin` is where its admin port does."""

    __slots__ = ("admin",)

    def __new__(cls, address: str, admin: str) -> Self:
        made = super().__new__(cls, address)
        made.admin = admin
        return made


def identified(headers: Mapping[str, str], key: DevelopmentKey, policy: Policy, served: Marketplace) -> Requester:
    """The requester whom a gateway of the tests makes of these headers."""

    async def made() -> Requester:
        keys = KeySet(key.read_key_set, time.time)
        await keys.start()
        trust = TrustedIssuer(issuer=ISSUER, audience=AUDIENCE, marketplace=served)
        identity = Authenticator(keys=keys, trust=trust, secret=SECRET.encode(), clock=time.time)
        credentials = Credentials(
            authorization=headers.get("Authorization"),
            purpose=headers["Access-Purpose"],
            reference=headers.get("Access-Reference"),
        )
        requester = await identity.identify(credentials, policy)
        await keys.stop()
        return requester

    return asyncio.run(made())


@cache
def certificates() -> ssl.SSLContext:
    """Those that clients trust. Reading them takes longer than most tests ask."""
    return httpx.create_ssl_context()


class Asking:
    """A gateway under test, over HTTP."""

    def __init__(self, address: Address, key: DevelopmentKey, url: str) -> None:
        self.address = address
        self.key = key
        self.url = url
        self.client = httpx.Client(base_url=address, timeout=30, verify=certificates())
        self._keys: dict[Requesting, bytes] = {}

    def number(self, requesting: Requesting, shown: str) -> int:
        """The number behind an id, in the form this requester is shown it."""
        kind, _, identity = shown.partition(":")
        number = id_of_token(self.token_key(requesting), kind, shown) if identity.startswith("~") else int(identity)
        assert number is not None, shown
        return number

    def token_key(self, requesting: Requesting) -> bytes:
        """The key this requester's tokens are made with: nobody has it but the gateway, and who checks on it."""
        if requesting not in self._keys:
            policy = policy_file.load_policy(app.marketplace().first_policy, app.catalog())
            self._keys[requesting] = identified(requesting.headers(self.key), self.key, policy, app.marketplace()).key
        return self._keys[requesting]

    def metrics(self) -> str:
        return httpx.get(f"{self.address.admin}/metrics", verify=certificates()).text

    def lacking(self) -> str:
        """What the admin port says of readiness, after the gateway has looked."""
        self.client.get("/health/ready")
        return httpx.get(f"{self.address.admin}/health/ready", verify=certificates()).text

    def post(self, requesting: Requesting, query: str, variables: Mapping[str, Any] | None = None) -> httpx.Response:
        body = {"query": query, "variables": variables or {}}
        return self.client.post("/graphql", json=body, headers=requesting.headers(self.key))

    def answer(self, requesting: Requesting, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The whole of a response that must be an answer."""
        response = self.post(requesting, query, variables)
        answer = response.json()
        assert "errors" not in answer, answer
        return answer

    def data(self, requesting: Requesting, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        return self.answer(requesting, query, variables)["data"]

    def record(self, response: httpx.Response) -> Mapping[str, Any]:
        """The record of a response, as it is stored."""
        query = "select * from veil.access_record where id = $1::text::uuid"
        found = run(self.url, lambda connection: connection.fetchrow(query, response.headers["access-record"]))
        assert found, "not recorded"
        return dict(found)


class Serving:
    """A gateway served in a thread of its own."""

    def __init__(self, settings: Settings, **others: Any) -> None:
        self._resources = ExitStack()
        directory = Path(self._resources.enter_context(TemporaryDirectory()))
        self._admin = self._resources.enter_context(admin_port("127.0.0.1", 0, directory))
        application = app.application(settings.model_copy(update={"runtime_directory": directory}), **others)
        options = uvicorn_options(app.connection_limits(settings))
        self._server = uvicorn.Server(uvicorn.Config(application, port=0, **options))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Address:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the gateway did not start"
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return Address(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{self._admin}")

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=20)
        self._resources.close()


@pytest.fixture(scope="session")
def gateway(market_url: str, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    """A gateway over the sample marketplace, shared by all tests that only ask."""
    with Serving(settings_for(market_url, key_file)) as address:
        asking = Asking(address, key, market_url)
        yield asking
        asking.client.close()


PUBLIC = Requesting(role=Roles.PUBLIC, purpose=Purposes.PUBLIC_BROWSING)
MEMBER = Requesting(role=Roles.MEMBER, purpose=Purposes.SELF_SERVICE, member=1)
TRADER = Requesting(role=Roles.MEMBER, purpose=Purposes.MEMBER_TRADING, member=1)
STAFF = Requesting(role=Roles.PLATFORM, purpose=Purposes.ACCOUNT_SERVICE, organisation=1)
ANALYST = Requesting(role=Roles.PLATFORM, purpose=Purposes.STATISTICAL_ANALYSIS, organisation=1)
CONTACTER = Requesting(role=Roles.PLATFORM, purpose=Purposes.MEMBER_CONTACT, organisation=1)
AFFILIATE = Requesting(role=Roles.AFFILIATE, purpose=Purposes.SITE_OPERATION, organisation=2)
CARE = Requesting(role=Roles.SERVICE_PROVIDER, purpose=Purposes.ACCOUNT_SERVICE, organisation=4)
FORMER_CARE = Requesting(role=Roles.SERVICE_PROVIDER, purpose=Purposes.ACCOUNT_SERVICE, organisation=5)
ADVERTISER = Requesting(role=Roles.ADVERTISER, purpose=Purposes.CAMPAIGN, organisation=8)
BANK = Requesting(role=Roles.BANK, purpose=Purposes.TRANSACTION_COMPLETION, organisation=10)
VENDOR = Requesting(role=Roles.PAYMENT_VENDOR, purpose=Purposes.TRANSACTION_COMPLETION, organisation=12)
OFFICER = Requesting(role=Roles.PRIVACY_OFFICER, purpose=Purposes.PRIVACY_OVERSIGHT, organisation=1)

TEN = (PUBLIC, MEMBER, TRADER, STAFF, ANALYST, CONTACTER, CARE, ADVERTISER, BANK, OFFICER)
"""The ten personas of the concurrent tests."""
