"""What a demo's console looks up as the owner of the demo's database: the proof of a record, the plan of a statement."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from gateway.database.owner import OwnerError, look_in, owner
from gateway.database.session import GATEWAY_ROLE
from gateway.http.console import Offer, Persona
from gateway.log.proving import prove
from gateway.log.snapshot import LogError
from gateway.log.veil_verify import Checkpoint, Trust, VerificationError, VerifierKey, check_proof
from gateway.policy.explaining import statement_of
from gateway.policy.in_force import PolicyInForce
from resolvers.sql.pieces import join, name, sql
from schema.definition import Marketplace

_KEEP = "select set_config('veil.looked_at', $1, true)"
_PREPARE = "do $$ begin execute 'prepare looked_at as ' || current_setting('veil.looked_at'); end $$"
_TYPES = "select parameter_types::text[] from pg_prepared_statements where name = 'looked_at'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Looks into one demo's database: the URL of its owner, the key of its log and whose tables it has."""

    url: str
    key: VerifierKey
    marketplace: Marketplace

    def offer(self, personas: Callable[[], Sequence[Persona]], policy: PolicyInForce) -> Offer:
        """What the console offers."""
        return Offer(personas=personas, statement=partial(self.statement, policy), proof=self.proof)

    async def statement(self, policy: PolicyInForce, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """The statement of a request, how it was decided and what PostgreSQL plans; or why there is none."""
        told = statement_of(await policy.compiler(), self.marketplace, asked)
        # What is planned is the compiler's own statement, never one that somebody sent.
        return {**told, **await self.plan(told["statement"])} if "statement" in told else told

    async def proof(self, record: str) -> Mapping[str, Any]:
        """The proof that a record is in the sealed log, with what it proves; or why there is none."""
        try:
            async with owner(self.url) as connection:
                proof = await prove(connection, record, None)
            return told_proof(json.loads(proof), self.key)
        except (LogError, OwnerError, VerificationError) as error:
            return {"problem": str(error)}

    async def plan(self, statement: str) -> Mapping[str, Any]:
        """PostgreSQL's plan of a statement, whatever the values of its parameters, and their types. It runs nothing."""
        async with owner(self.url) as connection, connection.transaction(readonly=True):
            await look_in(connection, self.marketplace.schema)
            await connection.execute(sql("set local role {}", name(GATEWAY_ROLE)).text)
            # A generic plan is made without values, so that it can tell none.
            await connection.execute("set local plan_cache_mode = force_generic_plan")
            await connection.fetchval(_KEEP, statement)
            await connection.execute(_PREPARE)
            types = await connection.fetchval(_TYPES)
            nulls = join(", ", (sql("null") for _ in types))
            rows = await connection.fetch(sql("explain execute looked_at ({})", nulls).text)
        return {"plan": "\n".join(row[0] for row in rows), "types": types}


def told_proof(proof: Mapping[str, Any], key: VerifierKey) -> Mapping[str, Any]:
    """A proof, checked, with its figures. Raises `VerificationError`."""
    checked = list(check_proof(proof, Trust(keys=[key])))
    tree, leaf = Checkpoint.read(proof["checkpoint"]).tree, proof["leaves"][0]
    return {
        "proof": proof,
        "checked": checked,
        "origin": key.name,
        "size": tree.size,
        "root": tree.root.hex(),
        "position": leaf["position"],
        "hashes": len(leaf["path"]),
        "key": str(key),
    }
