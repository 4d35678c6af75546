"""The exchange: what is known of a request while it passes through the stages, and what can interrupt it."""

import msgspec

from gateway.admission import Allowance
from gateway.database.batches import GATEWAY, Waiter
from gateway.http.request import BodyReader, Head
from gateway.http.response import Answer, ResponseContext
from gateway.identity.authenticator import UNKNOWN, KnownRequester
from gateway.ledger.announcing import Requested
from gateway.ledger.changing import ChangeContext
from gateway.telemetry.lines import cause_of
from gateway.telemetry.observation import Ended, Observation
from resolvers.changes import ChangeCall
from resolvers.compiler import Call, Compiler
from schema.refusals import Code, Failed, Unanswered
from schema.requester import Requester

POLICY_CHANGES = 5
"""How often a request starts again because the policy changed."""

REPORT = "report this with its `errorId`"


class Exchange(msgspec.Struct, kw_only=True):
    """What is known of a request so far, for its record and its response."""

    record: str
    body: BodyReader
    observation: Observation
    compiler: Compiler | None = None
    """Invariant: one request, one version of the policy."""
    head: Head | None = None
    requester: Requester | KnownRequester = UNKNOWN
    allowance: Allowance | None = None
    call: Call | ChangeCall | None = None

    @property
    def trace(self) -> str | None:
        """The id of the caller's trace."""
        return self.head.trace if self.head else None

    @property
    def waiter(self) -> Waiter:
        """In whose name its calls wait."""
        return self.allowance.waiter if self.allowance else GATEWAY

    @property
    def context(self) -> ResponseContext:
        media_type = self.head.media_type if self.head else None
        policy = self.compiler.policy.version if self.compiler else ""
        return ResponseContext(record=self.record, policy=policy, media_type=media_type)

    def change_context(self, record: str, requester: Requester, key: str | None) -> ChangeContext:
        """What is known of a mutation, whose record will have this id. A refusal of it has the request's own."""
        requested = Requested(waiter=self.waiter, on_sent=self.observation.record_sent)
        return ChangeContext(record=record, requester=requester, trace=self.trace, requested=requested, key=key)

    def ended(self, outcome: Answer | Unanswered, status: int) -> Ended:
        """What became of the request, for the telemetry."""
        return Ended(
            id=self.record,
            outcome="ANSWERED" if isinstance(outcome, Answer) else outcome.code.name,
            status=status,
            failure=outcome if isinstance(outcome, Failed) else None,
            treatments=outcome.treatments if isinstance(outcome, Answer) else None,
            role=self.requester.role,
            purpose=self.requester.purpose,
            trace=self.trace,
            call=self.call,
        )


class PolicyChanged(Exception):
    """Another policy came into force after the request was compiled, so its statement returned nothing."""


def internal_error(error: Exception) -> Failed:
    """A failure that knows the error's kind and place. The error's message may hold a value and goes nowhere."""
    return Failed(Code.INTERNAL, REPORT, cause_of(error))
