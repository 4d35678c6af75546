"""The policy in force: stored in the database, read from it, and compiled by.

Every statement checks, in its own snapshot, that its policy is still in force, and returns nothing otherwise. The gateway
then reads the policy again and repeats the request. So a change applies to all gateways at once, and no request mixes two
policies. If the policy in force cannot be read, the gateway is unavailable; it never falls back to another policy. What
it says of roles, purposes, conditions or labels that this version of Veil does not know gives nothing; the rest holds.
"""

import asyncio
import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gateway.database.pool import Pool
from gateway.policy.versions import keep_known_versions, keep_version
from resolvers.compiler import Compiler
from resolvers.front.document import Limits
from resolvers.sql.render import Installation, Statement
from schema.catalog import Catalog
from schema.labels import OwnCategories
from schema.policy import policy_file
from schema.policy.changes import Change
from schema.policy.grants import Policy
from schema.policy.policy_file import PolicyError
from schema.refusals import Code, Failed

_IN_FORCE = Statement(
    sql="""\
with call as (select * from unnest($1::boolean[]) with ordinality as call (asks, n))
select n, convert_to(digest || content, 'UTF8') as json
from call cross join (select digest, content from veil.policy_activation order by id desc limit 1) in_force""",
    plan=None,
    treatments=b"",
)

_ACTIVATE = """\
insert into veil.policy_activation (version, digest, content, activated_by)
select $1, $2, $3, $4
where (select version from veil.policy_activation order by id desc limit 1) is distinct from $1
returning id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompilerFactory:
    """Makes the compiler of any policy."""

    catalog: Catalog
    limits: Limits
    installation: Installation
    document_cache: int
    has_log: bool
    """Whether the log can be read in the database of the data. Else nobody may ask it there: it would tell of nothing."""

    def compiler(self, policy: Policy) -> Compiler:
        policy = policy if self.has_log else policy.without(OwnCategories.ACCESS_LOG)
        return Compiler(
            self.catalog,
            policy,
            self.limits,
            installation=self.installation,
            document_cache=self.document_cache,
        )


class PolicyInForce:
    """The compiler of the policy that this worker last knew to be in force."""

    def __init__(self, pool: Pool, factory: CompilerFactory) -> None:
        self._pool = pool
        self._factory = factory
        self._compiler: Compiler | None = None
        self._content = b""
        """The digest and the text of that policy."""
        self._lock = asyncio.Lock()

    @property
    def is_ready(self) -> bool:
        return self._compiler is not None

    @property
    def known(self) -> Policy | None:
        """The policy itself; none while none can be read."""
        return self._compiler.policy if self._compiler else None

    @property
    def cached_documents(self) -> int:
        """How many documents the compiler remembers."""
        return self._compiler.cached_counts[0] if self._compiler else 0

    async def compiler(self) -> Compiler:
        """The stage `policy`. Raises `Failed` with UNAVAILABLE while no policy can be read."""
        return self._compiler or await self.successor(None)

    async def refresh(self) -> None:
        """Notices a change before a request does. Raises `Failed` while no policy can be read."""
        if await self._content_in_force() != self._content:
            await self.successor(self._compiler)

    async def successor(self, superseded: Compiler | None) -> Compiler:
        """The compiler of the policy that replaced this one."""
        async with self._lock:
            if self._compiler is None or self._compiler is superseded:
                # Until the policy in force is read there is none, and the gateway is not ready.
                self._compiler = None
                self._compiler = await self._read(superseded)
            return self._compiler

    async def _read(self, superseded: Compiler | None) -> Compiler:
        content = await self._content_in_force()
        if not content:
            raise Failed(Code.UNAVAILABLE, "ask again once a policy is in force")
        try:
            policy = _read(content, "the policy in force", self._factory.catalog)
        except PolicyError as error:
            logging.getLogger(__name__).error("%s", error)
            raise Failed(Code.UNAVAILABLE, "ask again once the gateway knows the policy in force") from None
        if content != self._content:
            for mistake in policy.ignored:
                logging.getLogger(__name__).warning("%s (this gives nothing; the rest of the policy holds)", mistake)
        self._content = content
        if superseded is not None and superseded.policy.version == policy.version:
            return superseded
        return self._factory.compiler(policy)

    async def _content_in_force(self) -> bytes:
        """The digest and the text of the policy in force, empty if there is none. Raises `Failed` while the database is unavailable."""
        return await self._pool.ask(_IN_FORCE, True)


async def activate(connection: Any, name: str, catalog: Catalog, by: str) -> Policy | None:
    """Puts a policy in force. None if it is in force already. `connection` is the owner's.

    Raises `PolicyError` if the policy has a mistake, or if this version had another content before.
    """
    content, source = await named_text(connection, name, catalog)
    policy = policy_file.parse_policy(content, source, catalog)
    digest = await keep_version(connection, policy, content)
    activation = await connection.fetchval(_ACTIVATE, policy.version, digest, content, by)
    return policy if activation else None


async def named_text(connection: Any, name: str, catalog: Catalog) -> tuple[str, str]:
    """The text of a policy and what errors call it: a file's, a version's that was in force here, or one's of the marketplace.

    Raises `PolicyError` if there is none of that name.
    """
    if not name.endswith(".toml") and (stored := await activations(connection, name)):
        return stored[0].content, stored[0].version
    path = policy_file.named(name, catalog.marketplace)
    return policy_file.text_of(path), path.name


def has_edited_file(version: str, content: str, catalog: Catalog) -> bool:
    """Whether the marketplace's file of a version says something else than that version does."""
    path = catalog.marketplace.policies / f"{version}.toml"
    return path.is_file() and policy_file.text_of(path) != content


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """That a version was put in force: by whom, when, and what it says."""

    version: str
    digest: str
    activated_by: str
    activated_at: datetime
    content: str


_ACTIVATIONS: Final = """\
select version, digest, activated_by, activated_at, content from veil.policy_activation
where version = coalesce($1, version) order by id desc"""


async def activations(connection: Any, version: str | None = None) -> Sequence[Activation]:
    """Every activation, of one version or of all. The newest is first: of all, it is in force."""
    return [Activation(**dict(row)) for row in await connection.fetch(_ACTIVATIONS, version)]


def stored_policy(stored: Activation, catalog: Catalog) -> Policy:
    """The policy of an activation. Raises `PolicyError` if it was changed in the database."""
    return _read(f"{stored.digest}{stored.content}".encode(), stored.version, catalog)


async def current_policy(connection: Any, catalog: Catalog) -> Policy | None:
    """The policy in force; none if none ever was. Raises `PolicyError`."""
    content = await connection.fetchval("select digest || content from veil.policy_activation order by id desc limit 1")
    return _read(content.encode(), "the policy in force", catalog) if content else None


async def activated_policies(connection: Any, catalog: Catalog) -> Mapping[str, Policy]:
    """Every version that was ever in force, by its name. One that this version of Veil cannot read is left out."""
    rows = await connection.fetch("select distinct version, digest || content from veil.policy_activation")
    policies: dict[str, Policy] = {}
    for version, content in rows:
        with suppress(PolicyError):
            policies[version] = _read(content.encode(), version, catalog)
    return policies


def _read(content: bytes, source: str, catalog: Catalog) -> Policy:
    """A policy that was activated, perhaps by another version of Veil. Raises `PolicyError`."""
    return policy_file.parse_policy_in_force(_checked_text(content), source, catalog)


def _checked_text(content: bytes) -> str:
    """The text of a policy from its digest and its text. Raises `PolicyError` if they do not fit."""
    digest, text = content[:_DIGEST], content[_DIGEST:]
    if hashlib.sha256(text).hexdigest().encode() != digest:
        raise PolicyError("the policy in force is not what its digest says: it was changed in the database")
    return text.decode()


_DIGEST: Final = 64
"""The digits of a digest."""


async def ensure_active(connection: Any, catalog: Catalog) -> Policy:
    """The policy in force; where there never was one, puts the marketplace's first in force. Keeps all that are known."""
    policy = await current_policy(connection, catalog)
    if policy is None:
        await activate(connection, catalog.marketplace.first_version, catalog, "veil migrate")
        policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    await keep_known_versions(connection, catalog)
    return policy


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPlan:
    """A plan in the log: the role, the purpose, and the fields it may have shown."""

    role: str
    purpose: str
    operation: str | None
    fields: tuple[str, ...]
    answers: int
    """How often it was answered."""
    last: datetime | None
    """When last."""
    organisations: tuple[int, ...]
    """By whom, of third parties."""


async def recorded_plans(connection: Any) -> Sequence[RecordedPlan]:
    """Every plan in the log. Plans that differ only in their policy count once."""
    rows = await connection.fetch("""
        with used as (
            select plan, organisation_id, count(*) as answers, max(at) as last
            from veil.access_record where plan is not null and outcome = 'ANSWERED' group by plan, organisation_id
        )
        select role, purpose, operation, fields, coalesce(sum(answers), 0)::bigint as answers, max(last) as last,
            coalesce(array_agg(distinct organisation_id) filter (where organisation_id is not null), '{}') as organisations
        from (
            select id, role, purpose, operation,
                array(select entry ->> 'field' from jsonb_array_elements(fields) entry) as fields
            from veil.access_plan
        ) made left join used on used.plan = made.id
        group by role, purpose, operation, fields order by role, purpose, operation
    """)
    return [_recorded(row) for row in rows]


def _recorded(row: Any) -> RecordedPlan:
    return RecordedPlan(
        role=row["role"],
        purpose=row["purpose"],
        operation=row["operation"],
        fields=tuple(row["fields"]),
        answers=row["answers"],
        last=row["last"],
        organisations=tuple(row["organisations"]),
    )


def affected_plans(plans: Iterable[RecordedPlan], changes: Iterable[Change]) -> Iterator[tuple[RecordedPlan, Change]]:
    """The recorded plans that would show a field otherwise, each with the change."""
    by_field = {(change.role.value, change.purpose.value, change.field): change for change in changes}
    for plan in plans:
        for field in plan.fields:
            if change := by_field.get((plan.role, plan.purpose, field)):
                yield plan, change
