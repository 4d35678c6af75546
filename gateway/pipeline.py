"""The pipeline: one request, from its headers to its response, stage by stage.

    policy → head, identify → admit → read → trust → compile → execute → record (or change) → respond

No answer, no refusal and no change without its durable record. If the policy changes meanwhile, the request starts again
under the new one. What is not admitted is counted, and leaves no record. The pipeline decides nothing itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gateway.admission import Admission
from gateway.database.pool import Pool
from gateway.exchange import POLICY_CHANGES, Exchange, PolicyChanged, internal_error
from gateway.http.request import BodyReader, Receive, Scope, head, idempotency_key, read
from gateway.http.response import Answer, Send, respond
from gateway.identity.authenticator import Authenticator, Unidentified
from gateway.ledger.changing import Changes
from gateway.ledger.ledger import Ledger
from gateway.ledger.records import Refusal, answered
from gateway.ledger.refusals import Refusals, RefusedRequest
from gateway.policy.in_force import PolicyInForce
from gateway.policy.trusted import TrustedDocuments
from gateway.telemetry.observation import Telemetry
from resolvers.changes import ChangeCall
from resolvers.compiler import Call, Compiler
from schema.policy.grants import Policy
from schema.refusals import Code, Failed, Refused, Unanswered
from schema.requester import Requester


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Answers `POST /graphql` (an ASGI application)."""

    policy: PolicyInForce
    authenticator: Authenticator
    admission: Admission
    trusted: TrustedDocuments
    pool: Pool
    ledger: Ledger
    changes: Changes
    refusals: Refusals
    telemetry: Telemetry
    check_fit: Callable[[], None]
    """Raises `Failed` while the tables are not such as the catalog says."""
    on_outcome: Callable[[Failed | None], None]
    """Called with the failure of each request, or with none."""
    record_ids: Iterator[str]
    """The ids of the records to come."""
    body_limit: int
    """Bytes a body may have."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = BodyReader(receive, limit=self.body_limit)
        with self.telemetry.observe(scope) as observation:
            exchange = Exchange(record=next(self.record_ids), body=body, observation=observation)
            outcome = await self._outcome(exchange, scope)
            failure = outcome if isinstance(outcome, Failed) else None
            observation.enter_stage("respond", failure)
            response = respond(outcome, exchange.context)
            self.telemetry.request_ended(observation, exchange.ended(outcome, response.status))
        self.on_outcome(failure)
        await response.send(send)

    async def _outcome(self, exchange: Exchange, scope: Scope) -> Answer | Unanswered:
        """What becomes of the request under the policy in force, whichever that is in the end."""
        try:
            exchange.observation.enter_stage("policy")
            exchange.compiler = await self.policy.compiler()
            self.check_fit()
            for _ in range(POLICY_CHANGES):
                try:
                    return await self._answer_or_refusal(exchange, exchange.compiler, scope)
                except PolicyChanged:
                    exchange.observation.enter_stage("policy")
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
            return await self._refusal(exchange, compiler.policy, refusal, scope)

    async def _answer(self, exchange: Exchange, compiler: Compiler, scope: Scope) -> Answer:
        exchange.observation.enter_stage("head")
        exchange.head = request_head = head(scope)
        exchange.observation.enter_stage("identify")
        exchange.requester = requester = await self.authenticator.identify(request_head.credentials, compiler.policy)
        exchange.observation.enter_stage("admit")
        exchange.allowance = allowance = await self.admission.admit(scope, requester)
        self.admission.check_breadth(requester, compiler.policy)
        exchange.observation.enter_stage("read")
        asked = await read(request_head, exchange.body)
        exchange.observation.enter_stage("trust")
        request = await self.trusted.trust(asked, requester)
        exchange.observation.enter_stage("compile")
        exchange.call = call = await self.admission.compile(allowance, compiler, request, requester)
        if isinstance(call, ChangeCall):
            return await self._change(exchange, call, requester, idempotency_key(scope))
        return await self._execute(exchange, call, requester)

    async def _execute(self, exchange: Exchange, call: Call, requester: Requester) -> Answer:
        exchange.observation.enter_stage("execute")
        sent, waiter = exchange.observation.statement_sent, exchange.waiter
        arguments = call.arguments(requester)
        found = await self.pool.execute(call.statement, arguments, cost=call.cost, on_sent=sent, waiter=waiter)
        if found is None:
            raise PolicyChanged
        exchange.observation.enter_stage("record")
        record = answered(exchange.record, requester, exchange.trace, call.plan, found)
        await self.ledger.record(record, waiter, exchange.observation.record_sent)
        return Answer.of(found, call.statement.treatments)

    async def _change(self, exchange: Exchange, call: ChangeCall, requester: Requester, key: str | None) -> Answer:
        exchange.observation.enter_stage("change")
        made = await self.changes.change(call, exchange.change_context(next(self.record_ids), requester, key))
        if made is None:
            raise PolicyChanged
        exchange.record = made.record
        return Answer(data=made.answer, treatments=b"[]")

    async def _refusal(self, exchange: Exchange, policy: Policy, refusal: Refused, scope: Scope) -> Refused:
        """Invariant: a refusal without a record does not leave."""
        if isinstance(refusal, Unidentified):
            exchange.requester = refusal.known
        if exchange.allowance is None:
            exchange.observation.enter_stage("admit", refusal)
            exchange.allowance = await self.admission.admit(scope, exchange.requester)
        exchange.observation.enter_stage("record", refusal)
        refused = Refusal.of(exchange.requester, policy.version, refusal.code.name)
        sent, waiter = exchange.observation.record_sent, exchange.waiter
        request = RefusedRequest(record=exchange.record, trace=exchange.trace, waiter=waiter, on_sent=sent)
        exchange.record = await self.refusals.record(refused, request)
        return refusal
