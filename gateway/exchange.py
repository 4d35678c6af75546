"""What is known of a request while it is under way, and how it may end unanswered for no fault of its own."""

import logging

import msgspec

from gateway.identity import NOBODY, Known
from gateway.request import Body, Head
from gateway.response import Context
from gateway.telemetry import Stages
from resolvers.compiler import Compiler
from schema.refusals import Code, Failed
from schema.requester import Requester


class Exchange(msgspec.Struct, kw_only=True):
    """What is known of a request so far, for its record and its response."""

    record: str
    body: Body
    at: Stages
    """Told of each stage the request comes to."""
    compiler: Compiler | None = None
    """Invariant: one request, one version of the policy."""
    head: Head | None = None
    who: Requester | Known = NOBODY

    @property
    def context(self) -> Context:
        media_type = self.head.media_type if self.head else None
        policy = self.compiler.policy.version if self.compiler else ""
        return Context(record=self.record, policy=policy, media_type=media_type)


class Superseded(Exception):
    """Another policy came into force while the request was under way."""


def unforeseen(error: Exception) -> Failed:
    """Logged by its kind and place alone: its message may hold a value."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "an unknown place"
    logging.getLogger(__name__).error("%s at %s", type(error).__name__, where)
    return Failed(Code.INTERNAL, "report this with the time of your request")
