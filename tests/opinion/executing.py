"""The gateway as it is: its identity, compiler and SQL over a real database, within a transaction that is undone.

Within one transaction the clock stands still, so that a state can end at the very moment of the read; and what was
changed and recorded for an example is gone with it.
"""

import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

import asyncpg
from graphql import GraphQLSchema, build_schema, print_schema

from gateway import app
from gateway.database.opening import Use
from gateway.database.session import GATEWAY_ROLE, LEDGER_ROLE, session_settings, store_plans
from gateway.demo.development import AUDIENCE, ISSUER, DevelopmentKey
from gateway.identity.authenticator import Authenticator, Credentials, TrustedIssuer
from gateway.identity.keys import KeySet
from gateway.ledger.records import Read, Record, Refusal, answered, record_ids, record_statement, refused
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Call, Compiler
from resolvers.front.document import Request
from resolvers.sql.render import Installation, Statement
from schema.catalog import Catalog
from schema.marketplace.words import Roles
from schema.policy import policy_file
from schema.policy.grants import Policy
from schema.refusals import Code, Refused
from schema.requester import Purpose, Requester, Role
from tests.opinion.asking import Asking

SECRET = b"a secret of at least thirty-two bytes"
COUNTRY = "HK"
"""The marketplace's own."""

AS_OWNER = "set local role none"
AS_GATEWAY = f"set local role {GATEWAY_ROLE}"
AS_LEDGER = f"set local role {LEDGER_ROLE}"

RECORDED = """\
select record.*, plan.fields::text as fields, plan.classes::text as classes
from veil.access_record record left join veil.access_plan plan on plan.id = record.plan
where record.id = any ($1::uuid[])"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a call: its answer or the code it was refused with, and its record."""

    answer: bytes | None
    treatments: bytes | None
    code: str | None
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A policy, and the gateway's compiler for it."""

    policy: Policy
    compiler: Compiler
    _views: dict[tuple[Role, Purpose], GraphQLSchema] = field(default_factory=dict[tuple[Role, Purpose], GraphQLSchema])

    def view(self, role: Role, purpose: Purpose) -> GraphQLSchema:
        """The view of a role and purpose, without anything of the gateway's behind its types."""
        if (role, purpose) not in self._views:
            self._views[role, purpose] = build_schema(print_schema(self.compiler.view(role, purpose).graphql))
        return self._views[role, purpose]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """One gateway over one connection."""

    connection: Any
    catalog: Catalog
    own: Rules
    """The clock that it goes by, by default."""
    identity: Authenticator
    key: DevelopmentKey

    def rules(self, policy: Policy) -> Rules:
        return Rules(
            policy=policy,
            compiler=Compiler(
                self.catalog, policy, DEFAULT_LIMITS, installation=Installation(country=COUNTRY), document_cache=200
            ),
        )

    async def requester(self, asking: Asking, policy: Policy) -> Requester:
        """The requester, as the gateway makes them of their headers."""
        credentials = Credentials(
            authorization=None if asking.role is Roles.PUBLIC else f"Bearer {self._token(asking)}",
            purpose=asking.purpose.value,
            reference=asking.reference,
        )
        return await self.identity.identify(credentials, policy)

    def _token(self, asking: Asking) -> str:
        subject = f"{asking.role}:{asking.member or asking.organisation or 0}"
        return self.key.sign(
            asking.role,
            [asking.purpose],
            member=asking.member,
            organisation=asking.organisation,
            sub=subject,
            now=time.time() // 3600 * 3600,
            lifetime_seconds=36_000,
        )

    async def execute(self, calls: Sequence[tuple[Requester, Request]], rules: Rules) -> Sequence[Outcome]:
        """The outcome of each call. Calls of one statement share a batch."""
        compiled = [_compiled(rules, requester, request) for requester, request in calls]
        batches: dict[Statement, list[tuple[int, Any]]] = {}
        for n, ((requester, _), call) in enumerate(zip(calls, compiled, strict=True)):
            if isinstance(call, Call):
                batches.setdefault(call.statement, []).append((n, call.arguments(requester)))
        read: dict[int, Read] = {}
        for statement, rows in batches.items():
            found = await self._read(statement, [row for _, row in rows])
            read |= {n: row for (n, _), row in zip(rows, found, strict=True)}
        for n, row in read.items():
            if row.get("suspended"):
                compiled[n] = Refused(Code.SUSPENDED, "")
        ids = list(islice(record_ids(), len(calls)))
        records = [
            answered(ids[n], requester, None, call.plan, read[n])
            if isinstance(call, Call)
            else refused(ids[n], Refusal.of(requester, rules.policy.version, call.code.name), None, 1)
            for n, ((requester, _), call) in enumerate(zip(calls, compiled, strict=True))
        ]
        recorded = await self._recorded(ids, records)
        return [_outcome(call, read.get(n), recorded[ids[n]]) for n, call in enumerate(compiled)]

    async def _read(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> Sequence[Read]:
        prepared = await self.connection.prepare(statement.sql)
        found = {row["n"]: row for row in await prepared.fetch(*zip(*rows, strict=True))}
        return [found[n] for n, _ in enumerate(rows, 1)]

    async def _recorded(self, ids: Sequence[str], records: Sequence[Record]) -> Mapping[str, Mapping[str, Any]]:
        """The records, as the log has them once the ledger has added them."""
        await self.connection.execute(AS_LEDGER)
        plans = [record.plan for record in records if record.plan]
        if plans:
            await store_plans(self.connection, plans)
        added = await self.connection.fetch(
            record_statement("bigint", "bigint").sql, *zip(*(record.values for record in records), strict=True)
        )
        assert len(added) == len(records)
        async with self.as_owner():
            rows = await self.connection.fetch(RECORDED, [UUID(each) for each in ids])
        return {str(row["id"]): dict(row) for row in rows}

    @asynccontextmanager
    async def as_owner(self) -> AsyncGenerator[None]:
        await self.connection.execute(AS_OWNER)
        yield
        await self.connection.execute(AS_GATEWAY)

    @asynccontextmanager
    async def transaction(self, changes: Sequence[str]) -> AsyncGenerator[None]:
        """A market with some changes, for as long as the body lasts."""
        transaction = self.connection.transaction()
        await transaction.start()
        try:
            await self.connection.execute(";\n".join([AS_OWNER, *changes, AS_GATEWAY]))
            yield
        finally:
            await transaction.rollback()


def _compiled(rules: Rules, requester: Requester, request: Request) -> Call | Refused:
    try:
        call = rules.compiler.compile(request, requester)
    except Refused as refused:
        return refused
    assert isinstance(call, Call)
    return call


def _outcome(call: Call | Refused, read: Read | None, record: Mapping[str, Any]) -> Outcome:
    if isinstance(call, Call) and read:
        return Outcome(answer=read["json"], treatments=call.statement.treatments, code=None, record=record)
    assert isinstance(call, Refused)
    return Outcome(answer=None, treatments=None, code=call.code.name, record=record)


@asynccontextmanager
async def gateway(url: str) -> AsyncGenerator[Gateway]:
    """A gateway over a sample marketplace; `url` is its owner's."""
    catalog = app.catalog()
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    key = DevelopmentKey.generate()
    keys = KeySet(key.read_key_set, time.time)
    # The gateway's own session, except that a transaction may be idle.
    session = session_settings(60, Use.READ, "marketplace") | {
        "idle_in_transaction_session_timeout": "0",
        "default_transaction_read_only": "off",
    }
    connection = await asyncpg.connect(url, statement_cache_size=200, server_settings=session)
    try:
        yield Gateway(
            connection=connection,
            catalog=catalog,
            own=Rules(
                policy=policy,
                compiler=Compiler(
                    catalog, policy, DEFAULT_LIMITS, installation=Installation(country=COUNTRY), document_cache=200
                ),
            ),
            identity=Authenticator(
                keys,
                TrustedIssuer(issuer=ISSUER, audience=AUDIENCE, marketplace=catalog.marketplace),
                SECRET,
                time.time,
            ),
            key=key,
        )
    finally:
        await connection.close()
