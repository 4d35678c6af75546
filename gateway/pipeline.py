"""The spine: who asks is identified, what they ask is read and compiled, rides, and is answered, already recorded.

A refusal, at whatever stage, is recorded too before it is told. When another policy came into force meanwhile, the
request is asked anew under that one. Decides nothing, and lets nothing out that its stages
did not make.
"""

import logging
import time
from dataclasses import dataclass

from gateway.identity import NOBODY, Identity, Known, Unidentified
from gateway.lanes import Lanes
from gateway.policies import PoliciesInForce
from gateway.records import Row, answer_row, new_record, refusal_row
from gateway.request import Head, Receive, Scope, head, read
from gateway.response import Answered, Context, Send, respond
from gateway.telemetry import Telemetry
from resolvers.compiler import Compiler
from resolvers.document import Request
from resolvers.render import REFUSAL, Statement
from schema.policy import Policy
from schema.refusals import Code, Ended, Failed, Refused
from schema.requester import Requester

CHANGES = 5
"""How many changes of the policy a request lives through."""


@dataclass(slots=True, kw_only=True)
class Exchange:
    """What is known of a request so far, for its record and its response."""

    record: str
    compiler: Compiler | None = None
    """Invariant: one request, one version of the policy."""
    head: Head | None = None
    who: Requester | Known = NOBODY
    request: Request | None = None


class Superseded(Exception):
    """Another policy came into force while the request was under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Answers `POST /graphql` (an ASGI application)."""

    policies: PoliciesInForce
    identity: Identity
    lanes: Lanes
    telemetry: Telemetry
    country: str
    """The marketplace's own."""
    body: int
    """Bytes a body may have."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        exchange = Exchange(record=new_record())
        with self.telemetry.stage("request"):
            outcome = await self._outcome(exchange, scope, receive)
            response = respond(outcome, _context(exchange))
        self.telemetry.ended(outcome, time.perf_counter() - began)
        await response.send(send)

    async def _outcome(self, exchange: Exchange, scope: Scope, receive: Receive) -> Answered | Ended:
        try:
            exchange.compiler = await self.policies.compiler()
            for _ in range(CHANGES):
                try:
                    return await self._under_policy(exchange, exchange.compiler, scope, receive)
                except Superseded:
                    exchange.compiler = await self.policies.after(exchange.compiler)
            return Failed(Code.UNAVAILABLE, "ask again once the policy in force has settled")
        except Failed as failed:
            return failed
        except Exception as error:  # noqa: BLE001 - what nobody foresaw must not be told to anybody
            return _unforeseen(error)

    async def _under_policy(
        self, exchange: Exchange, compiler: Compiler, scope: Scope, receive: Receive
    ) -> Answered | Ended:
        try:
            return await self._answer(exchange, compiler, scope, receive)
        except Refused as refused:
            return await self._refuse(exchange, compiler.policy, refused)

    async def _answer(self, exchange: Exchange, compiler: Compiler, scope: Scope, receive: Receive) -> Answered:
        stage = self.telemetry.stage
        with stage("identify"):
            exchange.head = asking = head(scope)
            exchange.who = requester = await self.identity.identify(asking.credentials, compiler.policy)
        with stage("read"):
            exchange.request = request = exchange.request or await read(asking, receive, most=self.body)
        with stage("compile"):
            call = compiler.compile(request, requester)
        with stage("ride"):
            row = answer_row(exchange.record, requester, self.country, asking.trace, call.values)
            data = await self._ride(call.statement, row, weight=call.cost)
        return Answered(data=data, treatments=call.statement.treatments)

    async def _refuse(self, exchange: Exchange, policy: Policy, refused: Refused) -> Refused:
        """Invariant: what is not recorded is not told, not even that it was refused."""
        who = refused.known if isinstance(refused, Unidentified) else exchange.who
        trace = exchange.head.trace if exchange.head else None
        row = refusal_row(exchange.record, who, trace, policy.version, refused.code.name)
        await self._ride(REFUSAL, row)
        return refused

    async def _ride(self, statement: Statement, row: Row, *, weight: int = 1) -> bytes:
        answer = await self.lanes.ride(statement, row, weight=weight)
        if not answer:
            raise Superseded
        return answer


def _context(exchange: Exchange) -> Context:
    media_type = exchange.head.media_type if exchange.head else None
    policy = exchange.compiler.policy.version if exchange.compiler else ""
    return Context(record=exchange.record, policy=policy, media_type=media_type)


def _unforeseen(error: Exception) -> Failed:
    """Logged by its kind and place alone: its message may hold a value."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "an unknown place"
    logging.getLogger(__name__).error("%s at %s", type(error).__name__, where)
    return Failed(Code.INTERNAL, "report this with the time of your request")
