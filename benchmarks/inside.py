"""Veil's own parts in this process: what a gateway makes of a request, for the ids, the statements and the stages."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.personas import Persona
from benchmarks.places import DIRECTORY
from gateway import app
from gateway.demo.development import AUDIENCE, ISSUER, DevelopmentKey, secret
from gateway.identity.authenticator import Authenticator, Credentials, TrustedIssuer
from gateway.identity.keys import KeySet
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Call, Compiled, Compiler
from resolvers.front.document import Request
from schema.policy import policy_file
from schema.policy.grants import Policy
from schema.requester import Requester
from schema.tokens import token_of_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """The parts of a gateway that need no database, with the keys and the secret of those under load."""

    key: DevelopmentKey
    policy: Policy
    compiler: Compiler
    identity: Authenticator

    def credentials(self, persona: Persona) -> Credentials:
        headers = persona.headers(self.key)
        return Credentials(
            authorization=headers.get("Authorization"), purpose=headers["Access-Purpose"], reference=None
        )

    def requester(self, persona: Persona) -> Requester:
        return asyncio.run(self.identity.identify(self.credentials(persona), self.policy))

    def call(self, persona: Persona, document: str, variables: Mapping[str, Any]) -> Call:
        request = Request(document=document, operation_name=None, variables=variables)
        call = self.compiler.compile(request, self.requester(persona))
        assert isinstance(call, Call)  # noqa: S101 - the benchmarks only ask
        return call

    def compiled(self, persona: Persona, document: str, variables: Mapping[str, Any]) -> Compiled:
        request = Request(document=document, operation_name=None, variables=variables)
        return self.compiler.compiled(request, persona.role, persona.purpose)

    def identity_of(self, persona: Persona, kind: str, number: int) -> str:
        """A row's id as a persona that sees it masked has to give it."""
        return token_of_id(self.requester(persona).key, kind, number)


def inside(key: DevelopmentKey) -> Inside:
    catalog = app.catalog()
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    keys = KeySet(key.read_key_set, time.time)
    identity = Authenticator(
        keys=keys,
        trust=TrustedIssuer(issuer=ISSUER, audience=AUDIENCE, marketplace=catalog.marketplace),
        # The gateways under load get the secret in hexadecimal, and take it as text.
        secret=secret(DIRECTORY).hex().encode(),
        clock=time.time,
    )
    return Inside(key=key, policy=policy, compiler=Compiler(catalog, policy, DEFAULT_LIMITS), identity=identity)
