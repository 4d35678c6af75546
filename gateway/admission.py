"""Admission: whether something is done for a request at all, before its body is read.

Made from the limits of each role. A requester is a token's `sub`; strangers are told apart by their addresses. Each has
an allowance of compiling and of cost a second. What is not used is saved up for a few seconds, and what was used too
much is paid back before more is admitted. What is refused here is counted, leaves no record, and tells nothing of data.
Only a requester who saw too many persons today is refused with a record.

A requester who is refused and asks on is answered ever more slowly: refusing costs time too.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from gateway.database.batches import Waiter
from gateway.http.addresses import Addresses
from gateway.http.request import PATH, Scope
from gateway.identity.authenticator import KnownRequester
from gateway.role_limits import RoleLimits
from resolvers.cache import LRUCache
from resolvers.changes import ChangeCall
from resolvers.compiler import Call, Compiler
from resolvers.front.document import Request
from schema.policy.grants import Policy
from schema.refusals import Code, Failed, Refused
from schema.requester import Requester, Role

MOST_AT_ONCE: Final = 512
"""Requests that are accepted in one turn of the event loop. So many take some hundredths of a second."""

MOST_LATE: Final = 64
"""Requests of those who were refused for overload that are tried again in one such turn: about a batch of each session."""

LATE_SECONDS: Final = 1.0
"""Seconds without such a refusal after which it is forgotten who was refused."""

SAVED_SECONDS: Final = 2.0
"""Seconds for which an allowance saves up what is not used."""

REQUEST_COST: Final = 25
"""What any request costs besides its operation, in rows."""

NEW_BYTES: Final = 200_000
"""Bytes that new documents add to the log and that count as a second of compiling."""

PACE: Final = 0.02
"""Seconds a refusal waits for each refusal of the same requester that waits already."""

LONGEST_PACE: Final = 1.0

_REQUESTERS: Final = 10_000
"""Requesters whose use is remembered."""

_RATE_HINT: Final = "ask more slowly, or for less; after `Retry-After` seconds there is room again"
_PERSONS_HINT: Final = "ask again tomorrow (the day is in UTC), or ask the contact of the policy for another limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What one requester of a role may use."""

    pool_size: int
    """Database sessions of a worker."""
    public_role: Role
    """That of strangers."""
    sessions: RoleLimits
    """Share of those sessions."""
    compiling: RoleLimits
    """Seconds of compiling a second."""
    cost: RoleLimits
    """Cost of operations a second."""

    def allowance(self, requester: str, role: Role) -> "Allowance":
        """One requester's. Nobody has less than one session."""
        return Allowance(
            waiter=Waiter(requester, max(1, round(self.sessions.of(role) * self.pool_size))),
            compile_rate=self.compiling.of(role),
            cost_rate=self.cost.of(role),
        )


@dataclass(slots=True, kw_only=True)
class Allowance:
    """What one requester may use, and has used.

    Each use moves a time forward by as long as its rate takes to make up for it. While that time is to come, too much
    was used (the generic cell rate algorithm).
    """

    waiter: Waiter
    compile_rate: float
    cost_rate: float
    compiling_paid: float = -math.inf
    cost_paid: float = -math.inf
    refusals: int = 0
    """Those that wait to be sent."""

    def use_compiling(self, seconds: float, now: float) -> None:
        self.compiling_paid = max(self.compiling_paid, now - SAVED_SECONDS) + seconds / self.compile_rate

    def use_cost(self, cost: float, now: float) -> None:
        # As `max` would, in half its time.
        since = now - SAVED_SECONDS
        self.cost_paid = (self.cost_paid if self.cost_paid > since else since) + cost / self.cost_rate  # noqa: FURB136 - half the time


class Admission:
    """Admits the requests of one worker."""

    def __init__(
        self,
        would_be_late: Callable[[str], bool],
        saw_too_many: Callable[[Requester, Policy], bool],
        shares: Shares,
        addresses: Addresses,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._would_be_late = would_be_late
        self._saw_too_many = saw_too_many
        self._shares = shares
        self._addresses = addresses
        self._clock = clock
        self._known: LRUCache[str, Allowance] = LRUCache(_REQUESTERS)
        self._strangers: LRUCache[str, Allowance] = LRUCache(_REQUESTERS)
        self._late: LRUCache[bytes | str, str] = LRUCache(_REQUESTERS)
        """The requesters behind those who were refused for overload lately."""
        self._last_late = -math.inf
        """When one was."""
        self._arrivals = 0
        """Requests in this turn of the loop."""
        self._tried = 0
        """Those of them whose senders were refused lately, and which are tried again."""

    def accepts(self, scope: Scope) -> bool:
        """Whether anything is done for a request, of which only the head was read.

        This turn of the loop must have time for it, and its sender must not have been refused for overload just now.
        Whatever is asked beside GraphQL is accepted.
        """
        if not self._arrivals:
            asyncio.get_running_loop().call_soon(self._next_turn)
        self._arrivals += 1
        if self._arrivals <= MOST_AT_ONCE and not len(self._late):
            return True
        is_query = scope["path"] == PATH and scope["method"] == "POST"
        return not is_query or (self._arrivals <= MOST_AT_ONCE and not self._is_late(scope))

    def _is_late(self, scope: Scope) -> bool:
        now = self._clock()
        if now - self._last_late > LATE_SECONDS:
            self._late.clear()
        requester = self._late.get(self._sender(scope))
        if requester is None:
            return False
        if self._tried < MOST_LATE and not self._would_be_late(requester):
            self._tried += 1
            return False
        self._last_late = now
        return True

    def _sender(self, scope: Scope) -> bytes | str:
        """Who sent a request, as far as can be told without reading it."""
        for name, value in scope["headers"]:
            if name == b"authorization":
                return value
        return self._addresses.of(scope)

    def _next_turn(self) -> None:
        self._arrivals = self._tried = 0

    async def admit(self, scope: Scope, requester: Requester | KnownRequester) -> Allowance:
        """The stage `admit`. Who is not known counts as a stranger. Raises `Failed` with OVERLOADED or RATE_LIMITED."""
        allowance = self._allowance(scope, requester)
        now = self._clock()
        if allowance.cost_paid > now:
            raise await self._too_much(allowance, allowance.cost_paid - now)
        if self._would_be_late(allowance.waiter.requester):
            self._late.put(self._sender(scope), allowance.waiter.requester)
            self._last_late = now
            raise overloaded()
        allowance.use_cost(REQUEST_COST, now)
        return allowance

    def check_breadth(self, requester: Requester, policy: Policy) -> None:
        """Raises `Refused` with TOO_MANY_PERSONS if the policy refuses whoever saw as many today.

        Raises `Failed` while that cannot be told.
        """
        if self._saw_too_many(requester, policy):
            raise Refused(Code.TOO_MANY_PERSONS, _PERSONS_HINT)

    async def compile(
        self, allowance: Allowance, compiler: Compiler, request: Request, requester: Requester
    ) -> Call | ChangeCall:
        """The stage `compile`, within an allowance.

        Raises `Refused`; or `Failed` with RATE_LIMITED, for a new document, or for any once far too much was used.
        """
        # A view is made once for all who have a role and a purpose, so its time is nobody's.
        compiler.view(requester.role, requester.purpose)
        began = self._clock()
        late = allowance.compiling_paid - began
        if late > 0 and (late > SAVED_SECONDS or not compiler.knows(request, requester)):
            raise await self._too_much(allowance, late)
        try:
            call = compiler.compile(request, requester)
        finally:
            now = self._clock()
            allowance.use_compiling(now - began, now)
        if call.new_bytes:
            allowance.use_compiling(call.new_bytes / NEW_BYTES, now)
        allowance.use_cost(call.cost, now)
        return call

    def _allowance(self, scope: Scope, requester: Requester | KnownRequester) -> Allowance:
        sub, role = requester.sub, requester.role
        if sub is None or role is None:
            address = self._addresses.of(scope)
            return self._strangers.get(address) or self._added(
                self._strangers, address, "address", self._shares.public_role
            )
        return self._known.get(sub) or self._added(self._known, sub, "sub", role)

    def _added(self, allowances: LRUCache[str, Allowance], name: str, kind: str, role: Role) -> Allowance:
        allowance = self._shares.allowance(f"{kind} {name}", role)
        allowances.put(name, allowance)
        return allowance

    async def _too_much(self, allowance: Allowance, seconds: float) -> Failed:
        """The refusal of a requester who used too much, after a while."""
        allowance.refusals += 1
        try:
            await asyncio.sleep(min(PACE * allowance.refusals, LONGEST_PACE))
        finally:
            allowance.refusals -= 1
        return Failed(Code.RATE_LIMITED, _RATE_HINT, retry_seconds=math.ceil(seconds))


def overloaded() -> Failed:
    return Failed(Code.OVERLOADED, "ask again in a moment, or more slowly")
