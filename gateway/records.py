"""The rows of values that ride: what a call or a refusal tells of itself for its record, before its own parameters.

Made for the columns `resolvers.render` names, in their order.
"""

import os
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gateway.identity import Known
from schema.requester import Requester

Row = tuple[Any, ...]


def new_record() -> UUID:
    """An id for a record: later ones sort behind earlier ones (UUID version 7, RFC 9562 §5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10), "big")
    bits = milliseconds << 80 | 0x7 << 76 | (chance >> 62 & 0xFFF) << 64 | 0b10 << 62 | chance & (1 << 62) - 1
    return UUID(int=bits)


def answer_row(record: UUID, requester: Requester, country: str, trace: str | None, values: Sequence[Any]) -> Row:
    """The values of `resolvers.render.STANDARD` but the first, then the plan's parameters."""
    return (
        record,
        requester.subject,
        requester.member,
        requester.organisation,
        requester.reference,
        country,
        trace,
        requester.key,
        *values,
    )


def refusal_row(record: UUID, who: Requester | Known, trace: str | None, policy: str, code: str) -> Row:
    """The values of `resolvers.render.REFUSAL` but the first."""
    return (
        record,
        who.subject,
        who.member,
        who.organisation,
        who.reference,
        trace,
        who.role,
        who.purpose,
        policy,
        code,
    )
