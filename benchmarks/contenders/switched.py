"""Veil with parts switched off, to price them: without its log, and without the policy in force.

The switches are here alone: it is the gateway as it is, but for a ledger that adds nothing and a compiler that takes
pieces out of what the real one made. Its answers must not be sent to anybody.
"""

import dataclasses
import re
from collections.abc import Callable
from functools import partial

import msgspec
from starlette.types import ASGIApp

from gateway.app import create
from gateway.database.batches import Waiter
from gateway.ledger.ledger import Ledger
from gateway.ledger.records import Record
from gateway.policy.in_force import CompilerFactory
from resolvers.changes import ChangeCall
from resolvers.compiler import Call, Compiler
from resolvers.front.document import Request
from resolvers.sql.render import Statement
from schema.policy.grants import Policy
from schema.requester import Requester

Rewriting = Callable[[str], str]

_TOLD = re.compile(r", subjects, rows,\n.* as cross_border\nfrom answer", re.DOTALL)
_IN_FORCE = re.compile(r"with in_force as materialized \(\n.*?\n\), (call as)", re.DOTALL)
_UNDER_POLICY = re.compile(r"\n *where '[^']+' = \(select version from in_force\)")


def without_log(sql: str) -> str:
    """Gathers nothing of what a record would hold: whose data is in an answer, what was shown, and how many rows."""
    told = ", null::text as subjects, 0 as rows, null::boolean as cross_border\nfrom answer"
    return _once(_TOLD, told, sql).replace("), answer as materialized (", "), answer as not materialized (")


def without_policy(sql: str) -> str:
    """Nor does it ask which policy is in force."""
    return _once(_UNDER_POLICY, "", _once(_IN_FORCE, r"with \1", without_log(sql)))


def _once(pattern: re.Pattern[str], put: str, sql: str) -> str:
    rewritten, times = pattern.subn(put, sql)
    if times != 1:
        raise SystemExit(
            f"the statement is not as these benchmarks know it: {pattern.pattern!r} is in it {times} times"
        )
    return rewritten


class Rewritten(Compiler):
    """A compiler whose statements are rewritten, each once."""

    def __init__(self, making: "RewrittenMaking", policy: Policy) -> None:
        super().__init__(
            making.catalog,
            policy,
            making.limits,
            installation=making.installation,
            document_cache=making.document_cache,
        )
        self._rewriting = making.rewriting
        self._statements: dict[Statement, Statement] = {}

    def compile(self, request: Request, requester: Requester) -> Call | ChangeCall:
        call = super().compile(request, requester)
        if isinstance(call, ChangeCall):
            return call
        return msgspec.structs.replace(call, statement=self._rewritten(call.statement))

    def _rewritten(self, statement: Statement) -> Statement:
        known = self._statements
        if statement not in known:
            known[statement] = dataclasses.replace(statement, sql=self._rewriting(statement.sql))
        return known[statement]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RewrittenMaking(CompilerFactory):
    """Makes such a compiler."""

    rewriting: Rewriting

    def compiler(self, policy: Policy) -> Compiler:
        return Rewritten(self, policy)


class NoLedger(Ledger):
    """A ledger that takes every record and adds none."""

    async def record(self, record: Record, waiter: Waiter, on_sent: Callable[[str, int], None] | None = None) -> None:
        pass


def unlogged() -> ASGIApp:
    """Veil without its log."""
    return create(partial(RewrittenMaking, rewriting=without_log), NoLedger)


def bare() -> ASGIApp:
    """Veil without its log, and whatever policy is in force."""
    return create(partial(RewrittenMaking, rewriting=without_policy), NoLedger)
