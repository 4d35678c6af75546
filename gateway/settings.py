"""The settings of a gateway, read once from the environment (`VEIL_…`) and checked at start.

Each has a default or is required. An error names the setting and what it takes, and never repeats its value.
"""

import enum
import os
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from gateway.database.address import Pooler, parse_address
from gateway.http.addresses import read_networks
from gateway.http.cross_origin import ORIGIN
from gateway.identity.claims_map import read_claims_map
from gateway.identity.issuer import is_local
from gateway.role_limits import read_role_limits
from resolvers.front.document import Limits
from schema.requester import DEFAULT_COUNTRY

PREFIX = "VEIL_"

Positive = Annotated[int, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]


DEFAULT_LIMITS = Limits(document=20_000, tokens=500, depth=15, fields=300, cost=20_000)
"""The limits of a request by default."""


DEFAULT_MARKETPLACE = "schema.marketplace"


class Durable(enum.StrEnum):
    """When a record counts as durable."""

    LOCAL = "local"
    STANDBY = "standby"


class SettingsError(Exception):
    """A setting is missing or cannot be used; the message names each and what is expected."""


class Settings(BaseSettings):
    """One gateway's settings."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    marketplace: Text = Field(
        DEFAULT_MARKETPLACE, description="the marketplace that is served: a Python package, or the folder of one"
    )
    database: SecretStr = Field(description="URL of the PostgreSQL that holds the data and the access log")
    pooler: Pooler = Field(
        Pooler.SESSION,
        description="`transaction` behind a pooler that shares sessions between transactions, else `session`",
    )
    keys: str = Field(description="JWK set (RFC 7517) that verifies tokens: a file or an http(s) URL")
    issuer: Text = Field(description="`iss` that every token must carry")
    audience: Text = Field("veil", description="`aud` that every token must carry")
    secret: SecretStr = Field(
        description="secret of at least 32 characters that pseudonyms are made with; the same for every gateway"
    )
    leeway: float = Field(30, ge=0, allow_inf_nan=False, description="seconds the issuer's clock may differ")
    claims: str | None = Field(
        None,
        description="where tokens hold `role`, `purposes`, `member`, `organisation`, like `role=realm_access.roles`",
    )
    country: str = Field(
        DEFAULT_COUNTRY, pattern="^[A-Z]{2}$", description="country of the marketplace (ISO 3166-1 alpha-2)"
    )
    empty_tables: str | None = Field(
        None,
        description="tables that are rightly empty, separated by spaces; a condition that needs rows there then holds",
    )
    host: Text = Field("127.0.0.1", description="address to serve on")
    port: int = Field(8000, ge=1, le=65535, description="port to serve on")
    admin_host: Text = Field("127.0.0.1", description="address of the admin port")
    admin_port: int | None = Field(
        None, ge=1, le=65535, description="port of `/metrics` and of `/health` in detail; none without it"
    )
    runtime_directory: Path | None = Field(
        None, description="directory for the workers' counts; a temporary one by default"
    )
    request_log: bool = Field(True, description="a line of JSON for each request on standard error")
    workers: Positive = Field(1, description="server processes")
    connections: Positive = Field(4_000, description="maximum open client connections of one worker")
    keep_alive: Positive = Field(75, description="seconds an idle client connection stays open")
    write_timeout: Seconds = Field(60, description="seconds a client may take to read an answer")
    origins: str | None = Field(None, description="origins whose pages may send requests (CORS), separated by spaces")
    pages: bool = Field(True, description="whether pages for people are served, such as `/my-data`")
    shutdown_delay: float = Field(
        1,
        ge=0,
        allow_inf_nan=False,
        description="seconds the gateway keeps serving after SIGTERM, while ready is already 503",
    )
    pool_size: Positive = Field(4, description="database sessions of one worker")
    batch_wait: Seconds = Field(
        0.02, description="seconds a request waits to share a busy session before it uses another"
    )
    batch_calls: Positive = Field(64, description="maximum requests in one shared statement")
    batch_rows: Positive = Field(
        2_000,
        description="maximum cost of one shared statement; slow operations count as more than they are reckoned at",
    )
    ledger: SecretStr | None = Field(
        None,
        description="PostgreSQL URLs of the ledgers that take the records, separated by spaces; `VEIL_DATABASE` by default",
    )
    ledger_views: bool = Field(
        False,
        description="with `VEIL_LEDGER`: the log's tables in `VEIL_DATABASE` are views of the ledgers', and can be asked",
    )
    ledger_sessions: Positive = Field(2, description="sessions of one worker that add records to each ledger")
    write_sessions: Positive = Field(2, description="sessions of one worker that change what members and staff may")
    durable: Durable = Field(
        Durable.LOCAL,
        description="`standby`: a record counts only once a synchronous standby of the ledger has it",
    )
    refusal_window: float = Field(
        1,
        ge=0,
        le=5,
        description="seconds in which like refusals of one requester are counted in one record; at most 5",
    )
    timeout: Seconds = Field(10, le=3_600, description="seconds an operation may take, waiting included; at most 3,600")
    queue: Positive = Field(2_000, description="requests that may wait in one worker")
    overload_wait: Seconds = Field(1, description="seconds after which requests that wait are a sign of overload")
    session_share: str = Field(
        "0.75 PUBLIC=0.5", description="share of a worker's sessions that one requester may use; `ROLE=` for one role"
    )
    compile_rate: str = Field(
        "0.25 PUBLIC=0.05",
        description="seconds a second that one requester's new documents may be compiled; `ROLE=` for one role",
    )
    cost_rate: str = Field(
        "1000000 PUBLIC=20000",
        description="rows a second that one requester's operations may cost; `ROLE=` for one role",
    )
    proxies: str | None = Field(
        None,
        description="addresses or networks of proxies whose `X-Forwarded-For` names the client, separated by spaces",
    )
    body: Positive = Field(100_000, description="maximum bytes of a request body")
    document: Positive = Field(DEFAULT_LIMITS.document, description="maximum characters of a document")
    tokens: Positive = Field(DEFAULT_LIMITS.tokens, description="maximum lexical tokens of a document")
    depth: Positive = Field(DEFAULT_LIMITS.depth, description="maximum levels of fields")
    fields: Positive = Field(
        DEFAULT_LIMITS.fields, description="maximum fields of an operation, with its fragments spread out"
    )
    cost: Positive = Field(
        DEFAULT_LIMITS.cost,
        description="maximum cost of an operation, in rows: about 4 microseconds of the database each",
    )
    document_cache: Positive = Field(
        2_000, description="compiled documents kept in memory; a large document counts as several"
    )
    trusted_only: str | None = Field(
        None, description="roles that may send trusted documents only, separated by spaces"
    )
    sign_in_client: str | None = Field(
        None,
        min_length=1,
        description="what `VEIL_ISSUER` knows the pages as: people sign in there by OpenID Connect; nobody does by default",
    )
    sign_in_secret: SecretStr | None = Field(
        None, description="the secret that the issuer gave for `VEIL_SIGN_IN_CLIENT`; none of a public client"
    )
    sign_in_scope: Text = Field("openid", description="what is asked of the issuer, `openid` among it")
    key_refresh: Seconds = Field(300, description="seconds between two reads of the key set")
    key_grace: Seconds = Field(3_600, description="seconds a key still verifies tokens after it has left the key set")

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value().strip()) < 32:
            raise ValueError("give at least 32 characters, kept secret and never changed")
        return secret

    @field_validator("database")
    @classmethod
    def _of_postgresql(cls, database: SecretStr) -> SecretStr:
        parse_address(database.get_secret_value())
        return database

    @field_validator("ledger")
    @classmethod
    def _each_of_postgresql(cls, ledger: SecretStr | None) -> SecretStr | None:
        urls = ledger.get_secret_value().split() if ledger else ()
        if ledger and not urls:
            raise ValueError("name at least one, or leave it out")
        for url in urls:
            parse_address(url)
        return ledger

    @field_validator("keys")
    @classmethod
    def _readable(cls, keys: str) -> str:
        address = urlsplit(keys)
        if not (address.hostname if address.scheme in ("http", "https") else Path(keys).is_file()):
            raise ValueError("give the path of a file that is there, or an http(s) URL")
        return keys

    @field_validator("sign_in_scope")
    @classmethod
    def _with_openid(cls, scope: str) -> str:
        if "openid" not in scope.split():
            raise ValueError("name `openid` among what is asked")
        return scope

    @field_validator("sign_in_client")
    @classmethod
    def _at_an_address(cls, client: str | None, info: ValidationInfo) -> str | None:
        address = urlsplit(info.data.get("issuer", ""))
        is_safe = address.scheme == "https" or (address.scheme == "http" and is_local(address.hostname or ""))
        if client and not (is_safe and address.hostname):
            raise ValueError("people sign in only where `VEIL_ISSUER` is an address like https://id.example")
        return client

    @field_validator("claims")
    @classmethod
    def _mapping(cls, claims: str | None) -> str | None:
        read_claims_map(claims or "")
        return claims

    @field_validator("origins")
    @classmethod
    def _of_sites(cls, origins: str | None) -> str | None:
        if not all(ORIGIN.fullmatch(origin) for origin in (origins or "").split()):
            raise ValueError("give origins like https://shop.example, without a path")
        return origins

    @field_validator("session_share", "compile_rate", "cost_rate")
    @classmethod
    def _by_role(cls, limits: str) -> str:
        read_role_limits(limits)
        return limits

    @field_validator("proxies")
    @classmethod
    def _of_networks(cls, proxies: str | None) -> str | None:
        read_networks(proxies or "")
        return proxies

    @property
    def limits(self) -> Limits:
        return Limits(document=self.document, tokens=self.tokens, depth=self.depth, fields=self.fields, cost=self.cost)


def read_settings(**known: Any) -> Settings:
    """The settings of this process; `known` ones are not looked for. Raises `SettingsError`."""
    try:
        return Settings(**known)
    except ValidationError as error:
        problems = [f"{PREFIX}{str(each['loc'][0]).upper()}: {_plain_message(each['msg'])}" for each in error.errors()]
        raise SettingsError("\n".join(problems)) from None


def read_limits() -> Limits:
    """The limits of a request in this process, where no gateway runs. Raises `SettingsError`."""
    unused = {"database": "postgresql://", "keys": "http://unused", "issuer": "unused", "secret": "unused" * 6}
    return read_settings(**unused).limits


def _plain_message(message: str) -> str:
    message = message.removeprefix("Value error, ")
    plain = {
        "Field required": "this setting is required",
        "String should have at least 1 character": "give a value that is not empty",
        "String should match pattern '^[A-Z]{2}$'": "give two capital letters, like HK",
    }
    return plain.get(message, message[:1].lower() + message[1:])


def marketplace_name() -> str:
    """The setting VEIL_MARKETPLACE alone: commands that need no gateway need no other."""
    return os.environ.get(f"{PREFIX}MARKETPLACE") or DEFAULT_MARKETPLACE
