"""The pipeline: one request, from its headers to its response, stage by stage.

    policy → head, identify → read → trust → compile → execute → respond

To execute is to record: no answer and no refusal leaves before its record is durable. If another policy comes into force
meanwhile, the request starts again under that policy. The pipeline decides nothing itself.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.database.pool import Pool
from gateway.exchange import Exchange, PolicyChanged, internal_error
from gateway.http.request import BodyReader, Receive, Scope, head, read
from gateway.http.response import Answer, Send, respond
from gateway.identity.authenticator import Authenticator, Unidentified
from gateway.log.records import Arguments, answer_arguments, refusal_arguments
from gateway.policy.in_force import PolicyInForce
from gateway.policy.trusted import TrustedDocuments
from gateway.telemetry import Telemetry
from resolvers.compiler import Compiler
from resolvers.sql.render import REFUSAL, Statement
from schema.policy.grants import Policy
from schema.refusals import Code, Failed, Refused, Unanswered

POLICY_CHANGES = 5
"""How often a request starts again because the policy changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Answers `POST /graphql` (an ASGI application)."""

    policy: PolicyInForce
    authenticator: Authenticator
    trusted: TrustedDocuments
    pool: Pool
    telemetry: Telemetry
    record_ids: Iterator[str]
    """The ids of the records to come."""
    body_limit: int
    """Bytes a body may have."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        body = BodyReader(receive, limit=self.body_limit)
        exchange = Exchange(record=next(self.record_ids), body=body, enter_stage=self.telemetry.stages())
        try:
            outcome = await self._outcome(exchange, scope)
            exchange.enter_stage("respond")
            response = respond(outcome, exchange.context)
        finally:
            exchange.enter_stage(None)
        self.telemetry.request_ended(outcome, time.perf_counter() - began)
        await response.send(send)

    async def _outcome(self, exchange: Exchange, scope: Scope) -> Answer | Unanswered:
        """What becomes of the request under the policy in force, whichever that is in the end."""
        try:
            exchange.enter_stage("policy")
            exchange.compiler = await self.policy.compiler()
            for _ in range(POLICY_CHANGES):
                try:
                    return await self._answer_or_refusal(exchange, exchange.compiler, scope)
                except PolicyChanged:
                    exchange.enter_stage("policy")
                    exchange.compiler = await self.policy.successor(exchange.compiler)
            return Failed(Code.UNAVAILABLE, "ask again in a moment: the policy is being changed")
        except Failed as failure:
            return failure
        except Exception as error:  # noqa: BLE001 - an unforeseen error's message may hold a value, so nobody gets it
            return internal_error(error)

    async def _answer_or_refusal(self, exchange: Exchange, compiler: Compiler, scope: Scope) -> Answer | Unanswered:
        try:
            return await self._answer(exchange, compiler, scope)
        except Refused as refusal:
            return await self._refusal(exchange, compiler.policy, refusal)

    async def _answer(self, exchange: Exchange, compiler: Compiler, scope: Scope) -> Answer:
        exchange.enter_stage("head")
        exchange.head = request_head = head(scope)
        exchange.enter_stage("identify")
        exchange.requester = requester = await self.authenticator.identify(request_head.credentials, compiler.policy)
        exchange.enter_stage("read")
        asked = await read(request_head, exchange.body)
        exchange.enter_stage("trust")
        request = await self.trusted.trust(asked, requester)
        exchange.enter_stage("compile")
        call = compiler.compile(request, requester)
        exchange.enter_stage("execute")
        arguments = answer_arguments(exchange.record, requester, request_head.trace, call)
        data = await self._execute(call.statement, arguments, cost=call.cost)
        return Answer(data=data, treatments=call.statement.treatments)

    async def _refusal(self, exchange: Exchange, policy: Policy, refusal: Refused) -> Refused:
        """Invariant: a refusal without a record does not leave."""
        exchange.enter_stage("execute")
        requester = refusal.known if isinstance(refusal, Unidentified) else exchange.requester
        trace = exchange.head.trace if exchange.head else None
        arguments = refusal_arguments(exchange.record, requester, trace, policy.version, refusal.code.name)
        await self._execute(REFUSAL, arguments)
        return refusal

    async def _execute(self, statement: Statement, arguments: Arguments, *, cost: int = 1) -> bytes:
        answer = await self.pool.execute(statement, arguments, cost=cost)
        if not answer:
            raise PolicyChanged
        return answer
