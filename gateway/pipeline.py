"""The spine: who asks is identified, what they ask is read and compiled, rides, and is answered, already recorded.

A refusal, at whatever stage, is recorded too before it is told. When another policy came into force meanwhile, the
request is asked anew under that one. Decides nothing, and lets nothing out that its stages did not make.
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
from gateway.telemetry import Telemetry
from resolvers.compiler import Compiler
from resolvers.sql.render import REFUSAL, Statement
from schema.policy.grants import Policy
from schema.refusals import Code, Failed, Refused, Unanswered

CHANGES = 5
"""How many changes of the policy a request lives through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Answers `POST /graphql` (an ASGI application)."""

    policy: PolicyInForce
    authenticator: Authenticator
    pool: Pool
    telemetry: Telemetry
    record_ids: Iterator[str]
    """Of the records to come."""
    body_limit: int
    """Bytes a body may have."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        at = self.telemetry.stages()
        exchange = Exchange(
            record=next(self.record_ids), body=BodyReader(receive, limit=self.body_limit), enter_stage=at
        )
        try:
            outcome = await self._outcome(exchange, scope)
            response = respond(outcome, exchange.context)
        finally:
            at(None)
        self.telemetry.request_ended(outcome, time.perf_counter() - began)
        await response.send(send)

    async def _outcome(self, exchange: Exchange, scope: Scope) -> Answer | Unanswered:
        try:
            exchange.compiler = await self.policy.compiler()
            for _ in range(CHANGES):
                try:
                    return await self._under_policy(exchange, exchange.compiler, scope)
                except PolicyChanged:
                    exchange.compiler = await self.policy.successor(exchange.compiler)
            return Failed(Code.UNAVAILABLE, "ask again once the policy in force has settled")
        except Failed as failed:
            return failed
        except Exception as error:  # noqa: BLE001 - what nobody foresaw must not be told to anybody
            return internal_error(error)

    async def _under_policy(self, exchange: Exchange, compiler: Compiler, scope: Scope) -> Answer | Unanswered:
        try:
            return await self._answer(exchange, compiler, scope)
        except Refused as refused:
            return await self._refuse(exchange, compiler.policy, refused)

    async def _answer(self, exchange: Exchange, compiler: Compiler, scope: Scope) -> Answer:
        exchange.enter_stage("identify")
        exchange.head = asking = head(scope)
        exchange.requester = requester = await self.authenticator.identify(asking.credentials, compiler.policy)
        exchange.enter_stage("read")
        request = await read(asking, exchange.body)
        exchange.enter_stage("compile")
        call = compiler.compile(request, requester)
        row = answer_arguments(exchange.record, requester, asking.trace, call)
        data = await self._execute(exchange, call.statement, row, cost=call.cost)
        return Answer(data=data, treatments=call.statement.treatments)

    async def _refuse(self, exchange: Exchange, policy: Policy, refused: Refused) -> Refused:
        """Invariant: what is not recorded is not told, not even that it was refused."""
        who = refused.known if isinstance(refused, Unidentified) else exchange.requester
        trace = exchange.head.trace if exchange.head else None
        row = refusal_arguments(exchange.record, who, trace, policy.version, refused.code.name)
        await self._execute(exchange, REFUSAL, row)
        return refused

    async def _execute(self, exchange: Exchange, statement: Statement, row: Arguments, *, cost: int = 1) -> bytes:
        exchange.enter_stage("execute")
        answer = await self.pool.execute(statement, row, cost=cost)
        if not answer:
            raise PolicyChanged
        return answer
