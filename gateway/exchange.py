"""The exchange: what is known of a request while it passes through the stages, and what can interrupt it."""

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
    """Called with each stage as it begins."""
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
    """Another policy came into force after the request was compiled, so its statement returned nothing."""


def internal_error(error: Exception) -> Failed:
    """Logs the error's class and place. Its message may hold a value and is logged nowhere."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "an unknown place"
    logging.getLogger(__name__).error("%s at %s", type(error).__name__, where)
    return Failed(Code.INTERNAL, "report this with the time of your request")
