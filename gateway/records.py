"""The rows of values that ride: what a call or a refusal tells of itself for its record, before its own parameters.

Made for the columns `resolvers.render` names, in their order.
"""

import os
import time
from collections.abc import Sequence
from typing import Any

from gateway.identity import Known
from schema.requester import Requester

Row = tuple[Any, ...]


def new_record() -> str:
    """An id for a record: later ones sort behind earlier ones (UUID version 7, RFC 9562 §5.7)."""
    moment, chance = time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10)) & _CHANCE
    digits = f"{moment << 80 | _VERSION | chance:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


_VERSION = 7 << 76 | 0b10 << 62
_CHANCE = ~(0xF << 76 | 0b11 << 62)
"""The bits that are neither the version nor the variant."""


def answer_row(record: str, requester: Requester, country: str, trace: str | None, values: Sequence[Any]) -> Row:
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


def refusal_row(record: str, who: Requester | Known, trace: str | None, policy: str, code: str) -> Row:
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
