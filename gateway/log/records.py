"""The ids of records, and the values of a record that a call or a refusal brings, by their names.

`schema.access_record` defines the values. Each statement puts them into the order of its own parameters.
"""

import os
import time
from collections.abc import Iterator
from typing import Any

from gateway.identity.authenticator import KnownRequester
from resolvers.compiler import Call
from resolvers.sql.render import REFUSAL
from schema.requester import Requester

Arguments = tuple[Any, ...]
"""What a statement is executed with, in its own order."""


def record_ids() -> Iterator[str]:
    """Ids for records, without end. Later ids sort after earlier ones (UUID version 7, RFC 9562 §5.7, §6.2 method 3).

    Randomness is read from the system a page at a time, because each reading costs as much as all the rest.
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


def answer_arguments(record: str, requester: Requester, trace: str | None, call: Call) -> Arguments:
    """What the statement of a call is executed with."""
    key = requester.key if call.statement.needs_key else None
    return call.statement.arguments({**_call_values(record, requester, trace), "key": key}, call.values)


def refusal_arguments(
    record: str, requester: Requester | KnownRequester, trace: str | None, policy: str, code: str
) -> Arguments:
    """What the statement that records a refusal is executed with."""
    values = {"role": requester.role, "purpose": requester.purpose, "policy": policy, "outcome": code}
    return REFUSAL.arguments(_call_values(record, requester, trace) | values)


def _call_values(record: str, requester: Requester | KnownRequester, trace: str | None) -> dict[str, Any]:
    return {
        "record": record,
        "requester": requester.sub,
        "member": requester.member,
        "organisation": requester.organisation,
        "reference": requester.reference,
        "trace": trace,
    }
