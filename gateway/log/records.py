"""The rows of values that ride: what a call or a refusal tells of itself for its record, before its own parameters.

Made for the columns `resolvers.render` names, in their order.
"""

import os
import time
from collections.abc import Iterator
from typing import Any

from gateway.identity.authenticator import KnownRequester
from resolvers.compiler import Call
from schema.requester import Requester

CallRow = tuple[Any, ...]


def record_ids() -> Iterator[str]:
    """Ids for records, without end: later ones sort behind earlier ones (UUID version 7, RFC 9562 §5.7, §6.2 method 3).

    Each process has its own. What is random in them is asked of the system by the page, for to ask costs as much as all
    the rest.
    """
    while True:
        for chance in memoryview(os.urandom(4_096)).cast("Q"):
            moment, beyond = divmod(time.time_ns(), 1_000_000)
            yield "%08x-%04x-7%03x-%04x-%012x" % (  # noqa: UP031 - twice as fast as an f-string
                moment >> 16,
                moment & 0xFFFF,
                (beyond << 12) // 1_000_000,
                chance >> 50 | 0x8000,
                chance & 0xFFFF_FFFF_FFFF,
            )


def answer_row(record: str, requester: Requester, trace: str | None, call: Call) -> CallRow:
    """The values of `resolvers.render.STANDARD`, then those of the plan's parameters."""
    return (
        record,
        requester.sub,
        requester.member,
        requester.organisation,
        requester.reference,
        trace,
        requester.key if call.statement.needs_key else None,
        *call.values,
    )


def refusal_row(record: str, who: Requester | KnownRequester, trace: str | None, policy: str, code: str) -> CallRow:
    """The values of `resolvers.render.REFUSAL`."""
    return (
        record,
        who.sub,
        who.member,
        who.organisation,
        who.reference,
        trace,
        who.role,
        who.purpose,
        policy,
        code,
    )
