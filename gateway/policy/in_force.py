"""The policy in force: read from the database, put in force there, and the compiler made for it.

Every statement asks, in the snapshot it reads by, whether its policy is the one in force, and answers nothing if it is
not: the gateway then reads the policy anew and asks again. So a change holds for every gateway at once, and no request
mixes two. Nothing is half-loaded: a policy that cannot be read leaves the gateway unavailable, never with another one.
"""

import asyncio
import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.database.pool import Pool
from resolvers.compiler import Compiler
from resolvers.front.document import Limits
from resolvers.sql.render import Statement
from schema.catalog import Catalog
from schema.policy import policy_file
from schema.policy.changes import Change
from schema.policy.grants import Policy
from schema.policy.policy_file import PolicyError
from schema.refusals import Code, Failed
from schema.requester import Purpose, Role

_IN_FORCE = Statement(
    sql="""\
with call as (select * from unnest($1::boolean[]) with ordinality as call (asks, n))
select n, convert_to(content, 'UTF8') as json
from call cross join (select content from veil.policy_activation order by id desc limit 1) in_force""",
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
    """What a compiler is made with, whatever the policy."""

    catalog: Catalog
    limits: Limits
    country: str
    document_cache: int

    def compiler(self, policy: Policy) -> Compiler:
        return Compiler(self.catalog, policy, self.limits, country=self.country, document_cache=self.document_cache)


class PolicyInForce:
    """The compiler of the policy in force, as far as this worker knows."""

    def __init__(self, lanes: Pool, making: CompilerFactory) -> None:
        self._pool = lanes
        self._factory = making
        self._compiler: Compiler | None = None
        self._content = b""
        """What the policy was read from that was in force last."""
        self._reading = asyncio.Lock()

    @property
    def is_ready(self) -> bool:
        return self._compiler is not None

    async def compiler(self) -> Compiler:
        """Raises `Failed` with UNAVAILABLE while no policy could be read."""
        return self._compiler or await self.successor(None)

    async def refresh(self) -> None:
        """Learns of a change that no request has met yet. Raises `Failed` while no policy could be read."""
        if await self._content_in_force() != self._content:
            await self.successor(self._compiler)

    async def successor(self, superseded: Compiler | None) -> Compiler:
        """The compiler of the policy that took this one's place."""
        async with self._reading:
            if self._compiler is None or self._compiler is superseded:
                # Until the policy in force is read there is none: not even to be called ready by.
                self._compiler = None
                self._compiler = await self._read(superseded)
            return self._compiler

    async def _read(self, superseded: Compiler | None) -> Compiler:
        content = await self._content_in_force()
        if not content:
            raise Failed(Code.UNAVAILABLE, "ask again once a policy is in force")
        try:
            policy = policy_file.parse_policy(content.decode(), "the policy in force", self._factory.catalog)
        except PolicyError as error:
            logging.getLogger(__name__).error("%s", error)
            raise Failed(Code.UNAVAILABLE, "ask again once the gateway knows the policy in force") from None
        self._content = content
        if superseded is not None and superseded.policy.version == policy.version:
            return superseded
        return self._factory.compiler(policy)

    async def _content_in_force(self) -> bytes:
        """The text of the policy in force, empty without one. Raises `Failed` while the database cannot be asked."""
        return await self._pool.execute(_IN_FORCE, (True,))


async def activate(connection: Any, name: str, catalog: Catalog, by: str) -> Policy | None:
    """Puts a policy in force, unless it is already; `connection` is the owner's.

    Raises `PolicyError` when it has a mistake, or its version says something else than it did before.
    """
    path = policy_file.named(name, catalog.marketplace)
    content = policy_file.text_of(path)
    policy = policy_file.parse_policy(content, path.name, catalog)
    digest = hashlib.sha256(content.encode()).hexdigest()
    kept = await connection.fetchval("select digest from veil.policy_activation where version = $1", policy.version)
    if kept not in (None, digest):
        raise PolicyError(f"policy `{policy.version}` says something else than before; give the change a new version")
    activated = await connection.fetchval(_ACTIVATE, policy.version, digest, content, by)
    return policy if activated else None


async def current_policy(connection: Any, catalog: Catalog) -> Policy | None:
    """The policy in force, if one was ever put in force."""
    content = await connection.fetchval("select content from veil.policy_activation order by id desc limit 1")
    return policy_file.parse_policy(content, "the policy in force", catalog) if content else None


async def ensure_active(connection: Any, catalog: Catalog) -> Policy:
    """The policy in force; where none ever was, the marketplace's first is put in force."""
    if found := await current_policy(connection, catalog):
        return found
    await activate(connection, catalog.marketplace.first_version, catalog, "veil migrate")
    return policy_file.load_policy(catalog.marketplace.first_policy, catalog)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPlan:
    """A plan that was recorded: who asked for what, and which fields it may have shown."""

    role: str
    purpose: str
    operation: str | None
    fields: tuple[str, ...]


async def recorded_plans(connection: Any) -> Sequence[RecordedPlan]:
    """Every plan recorded so far, once whatever policy it was made by."""
    rows = await connection.fetch("""
        select distinct role, purpose, operation,
            array(select entry ->> 'field' from jsonb_array_elements(fields) entry) as fields
        from veil.access_plan order by role, purpose, operation
    """)
    return [
        RecordedPlan(role=role, purpose=purpose, operation=operation, fields=tuple(fields))
        for role, purpose, operation, fields in rows
    ]


def affected_plans(plans: Iterable[RecordedPlan], changes: Iterable[Change]) -> Iterator[tuple[RecordedPlan, Change]]:
    """The recorded plans that would show a field otherwise, each with what changes."""
    by_field = {(change.role, change.purpose, change.field): change for change in changes}
    for plan in plans:
        for field in plan.fields:
            if change := by_field.get((Role(plan.role), Purpose(plan.purpose), field)):
                yield plan, change
