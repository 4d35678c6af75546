"""The spine: who asks is identified, what they ask is read and compiled, rides, and is answered, already recorded.

A refusal, at whatever stage, is recorded too before it is told. When another policy came into force meanwhile, the
request is asked anew under that one. Decides nothing, and lets nothing out that its stages did not make.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.exchange import Exchange, Superseded, unforeseen
from gateway.identity import Identity, Unidentified
from gateway.lanes import Lanes
from gateway.policies import PoliciesInForce
from gateway.records import Row, answer_row, refusal_row
from gateway.request import Body, Receive, Scope, head, read
from gateway.response import Answered, Send, respond
from gateway.telemetry import Telemetry
from resolvers.compiler import Compiler
from resolvers.render import REFUSAL, Statement
from schema.policy import Policy
from schema.refusals import Code, Ended, Failed, Refused

CHANGES = 5
"""How many changes of the policy a request lives through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Answers `POST /graphql` (an ASGI application)."""

    policies: PoliciesInForce
    identity: Identity
    lanes: Lanes
    telemetry: Telemetry
    ids: Iterator[str]
    """Of the records to come."""
    body: int
    """Bytes a body may have."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        at = self.telemetry.stages()
        exchange = Exchange(record=next(self.ids), body=Body(receive, most=self.body), at=at)
        try:
            outcome = await self._outcome(exchange, scope)
            response = respond(outcome, exchange.context)
        finally:
            at(None)
        self.telemetry.ended(outcome, time.perf_counter() - began)
        await response.send(send)

    async def _outcome(self, exchange: Exchange, scope: Scope) -> Answered | Ended:
        try:
            exchange.compiler = await self.policies.compiler()
            for _ in range(CHANGES):
                try:
                    return await self._under_policy(exchange, exchange.compiler, scope)
                except Superseded:
                    exchange.compiler = await self.policies.after(exchange.compiler)
            return Failed(Code.UNAVAILABLE, "ask again once the policy in force has settled")
        except Failed as failed:
            return failed
        except Exception as error:  # noqa: BLE001 - what nobody foresaw must not be told to anybody
            return unforeseen(error)

    async def _under_policy(self, exchange: Exchange, compiler: Compiler, scope: Scope) -> Answered | Ended:
        try:
            return await self._answer(exchange, compiler, scope)
        except Refused as refused:
            return await self._refuse(exchange, compiler.policy, refused)

    async def _answer(self, exchange: Exchange, compiler: Compiler, scope: Scope) -> Answered:
        exchange.at("identify")
        exchange.head = asking = head(scope)
        exchange.who = requester = await self.identity.identify(asking.credentials, compiler.policy)
        exchange.at("read")
        request = await read(asking, exchange.body)
        exchange.at("compile")
        call = compiler.compile(request, requester)
        row = answer_row(exchange.record, requester, asking.trace, call)
        data = await self._ride(exchange, call.statement, row, weight=call.cost)
        return Answered(data=data, treatments=call.statement.treatments)

    async def _refuse(self, exchange: Exchange, policy: Policy, refused: Refused) -> Refused:
        """Invariant: what is not recorded is not told, not even that it was refused."""
        who = refused.known if isinstance(refused, Unidentified) else exchange.who
        trace = exchange.head.trace if exchange.head else None
        row = refusal_row(exchange.record, who, trace, policy.version, refused.code.name)
        await self._ride(exchange, REFUSAL, row)
        return refused

    async def _ride(self, exchange: Exchange, statement: Statement, row: Row, *, weight: int = 1) -> bytes:
        exchange.at("ride")
        answer = await self.lanes.ride(statement, row, weight=weight)
        if not answer:
            raise Superseded
        return answer
