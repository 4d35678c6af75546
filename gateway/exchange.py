"""What is known of a request while it is under way, and how it may end unanswered for no fault of its own."""

import logging

import msgspec

from gateway.http.request import BodyReader, Head
from gateway.http.response import ResponseContext
from gateway.identity.authenticator import UNKNOWN, KnownRequester
from gateway.telemetry import StageListener
from resolvers.compiler import Compiler
from schema.refusals import Code, Failed
from schema.requester import Requester


class Exchange(msgspec.Struct, kw_only=True):
    """What is known of a request so far, for its record and its response."""

    record: str
    body: BodyReader
    enter_stage: StageListener
    """Told of each stage the request comes to."""
    compiler: Compiler | None = None
    """Invariant: one request, one version of the policy."""
    head: Head | None = None
    requester: Requester | KnownRequester = UNKNOWN

    @property
    def context(self) -> ResponseContext:
        media_type = self.head.media_type if self.head else None
        policy = self.compiler.policy.version if self.compiler else ""
        return ResponseContext(record=self.record, policy=policy, media_type=media_type)


class PolicyChanged(Exception):
    """Another policy came into force while the request was under way."""


def internal_error(error: Exception) -> Failed:
    """Logged by its kind and place alone: its message may hold a value."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "an unknown place"
    logging.getLogger(__name__).error("%s at %s", type(error).__name__, where)
    return Failed(Code.INTERNAL, "report this with the time of your request")
