"""Who is admitted: whoever used too much is refused until it is paid back, and nobody else is."""

import asyncio
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission import (
    LATE_SECONDS,
    LONGEST_PACE,
    MOST_AT_ONCE,
    MOST_LATE,
    NEW_BYTES,
    PACE,
    REQUEST_COST,
    SAVED_SECONDS,
    Admission,
    Allowance,
    Shares,
    overloaded,
)
from gateway.demo.development import DevelopmentKey
from gateway.http.addresses import Addresses
from gateway.http.request import PATH
from gateway.identity.authenticator import UNKNOWN, KnownRequester
from gateway.role_limits import RoleLimits
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from resolvers.sql.render import ROW_BYTES
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy.policy_file import load_policy
from schema.refusals import Code, Failed, Refused
from schema.requester import Requester
from tests.conftest import PUBLIC, STAFF, Asking, Serving, run, settings_for
from tests.gateway.database.servers import wait_for

SHARES = Shares(
    pool_size=4,
    public_role=Roles.PUBLIC,
    sessions=RoleLimits(default=0.75, by_role={Roles.PUBLIC: 0.1}),
    compiling=RoleLimits(default=0.5),
    cost=RoleLimits(default=100, by_role={Roles.PUBLIC: 50}),
)
BANK = KnownRequester(sub="bank", role=Roles.BANK)
OTHER = KnownRequester(sub="other", role=Roles.BANK)


class Clock:
    """A time that tests set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Door:
    """An admission at a time of the test's choice."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.late: set[str] = set()
        """Whose calls would wait too long."""
        self.admission = Admission(self.late.__contains__, lambda *_: False, SHARES, Addresses(), self.clock)

    def admit(self, requester: Requester | KnownRequester, address: str = "192.0.2.1") -> Allowance:
        return asyncio.run(self.admission.admit(scope(address), requester))

    def code(self, requester: Requester | KnownRequester, address: str = "192.0.2.1") -> Code | None:
        try:
            self.admit(requester, address)
        except Failed as failure:
            return failure.code
        return None


def scope(address: str) -> dict[str, Any]:
    return {"method": "POST", "path": PATH, "client": (address, 1), "headers": []}


def test_what_is_used_too_much_is_paid_back_at_the_rate_of_the_role() -> None:
    door = Door()
    door.admit(BANK).use_cost(100 * (SAVED_SECONDS + 2) - REQUEST_COST, 0)
    with pytest.raises(Failed) as failure:
        door.admit(BANK)
    assert (failure.value.code, failure.value.retry_seconds) == (Code.RATE_LIMITED, 2)
    assert door.code(OTHER) is None
    door.clock.now = 2
    assert door.code(BANK) is None


def test_strangers_are_told_apart_by_their_addresses_alone() -> None:
    door = Door()
    door.admit(UNKNOWN, "192.0.2.1").use_cost(1_000, 0)
    assert door.code(KnownRequester(role=Roles.PUBLIC), "192.0.2.1") is Code.RATE_LIMITED
    assert door.code(UNKNOWN, "192.0.2.2") is None
    assert door.code(BANK, "192.0.2.1") is None


def test_a_token_is_one_requester_from_wherever_it_comes() -> None:
    door = Door()
    door.admit(BANK, "192.0.2.1").use_cost(10_000, 0)
    assert door.code(BANK, "192.0.2.2") is Code.RATE_LIMITED


def test_a_requester_whose_calls_would_wait_too_long_is_refused() -> None:
    door = Door()
    door.late.add("sub bank")
    assert door.code(BANK) is Code.OVERLOADED
    assert door.code(OTHER) is None


def test_whoever_was_refused_for_overload_is_refused_unread_until_they_would_be_in_time() -> None:
    async def scene() -> None:
        door = Door()
        with_token = {**scope("192.0.2.1"), "headers": [(b"authorization", b"Bearer bank")]}
        door.late.add("sub bank")
        assert door.admission.accepts(with_token)
        with pytest.raises(Failed):
            await door.admission.admit(with_token, BANK)
        assert not door.admission.accepts(with_token)
        assert door.admission.accepts(scope("192.0.2.1"))
        assert door.admission.accepts({**with_token, "path": "/health/live"})
        assert door.admission.accepts({**with_token, "method": "GET"})
        door.late.clear()
        assert door.admission.accepts(with_token)

    asyncio.run(scene())


def test_of_those_who_were_refused_for_overload_so_many_are_tried_again_in_a_turn_of_the_loop() -> None:
    """All the requests of a turn come before any of them waits, so that none of them would be late."""

    async def scene() -> None:
        door = Door()
        with_token = {**scope("192.0.2.1"), "headers": [(b"authorization", b"Bearer bank")]}

        def taken() -> int:
            return sum(door.admission.accepts(with_token) for _ in range(MOST_LATE + 100))

        door.late.add("sub bank")
        with pytest.raises(Failed):
            await door.admission.admit(with_token, BANK)
        door.late.clear()
        assert taken() == MOST_LATE
        assert door.admission.accepts(scope("192.0.2.1"))
        await asyncio.sleep(0)
        assert taken() == MOST_LATE
        # It is forgotten some time after the last of them was refused.
        await asyncio.sleep(0)
        door.clock.now += LATE_SECONDS + 0.1
        assert taken() == MOST_LATE + 100

    asyncio.run(scene())


def test_nobody_has_less_than_one_session() -> None:
    door = Door()
    assert door.admit(UNKNOWN).waiter.sessions == 1
    assert door.admit(BANK).waiter.sessions == 3


def test_a_turn_of_the_loop_takes_up_so_many_requests() -> None:
    async def scene() -> list[int]:
        door = Door()
        taken: list[int] = []
        for _ in range(2):
            taken.append(sum(door.admission.accepts(scope("192.0.2.1")) for _ in range(MOST_AT_ONCE + 100)))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        return taken

    assert asyncio.run(scene()) == [MOST_AT_ONCE, MOST_AT_ONCE]
    assert overloaded().code is Code.OVERLOADED


def test_who_is_refused_and_asks_on_is_answered_ever_more_slowly() -> None:
    """Two refusals at once take twice as long as one, and none takes longer than the longest."""

    async def refused(times: int) -> float:
        door = Door()
        allowance = await door.admission.admit(scope("192.0.2.1"), UNKNOWN)
        allowance.use_cost(100_000, 0)
        began = asyncio.get_running_loop().time()
        every = (door.admission.admit(scope("192.0.2.1"), UNKNOWN) for _ in range(times))
        failures = await asyncio.gather(*every, return_exceptions=True)
        assert all(isinstance(each, Failed) for each in failures)
        assert allowance.refusals == 0
        return asyncio.get_running_loop().time() - began

    assert PACE * 0.9 <= asyncio.run(refused(1)) < 1
    assert LONGEST_PACE * 0.9 <= asyncio.run(refused(200)) < 3 * LONGEST_PACE


@given(uses=st.lists(st.tuples(st.floats(0, 10), st.floats(0, 2_000)), max_size=30))
def test_nobody_uses_more_than_their_rate_and_what_was_saved_and_one_request(
    uses: list[tuple[float, float]],
) -> None:
    allowance, now, total, largest = SHARES.allowance("bank", Roles.BANK), 0.0, 0.0, 0.0
    for pause, cost in uses:
        now += pause
        if allowance.cost_paid <= now:
            allowance.use_cost(cost, now)
            total += cost
            largest = max(largest, cost)
        assert total <= 100 * (SAVED_SECONDS + now) + largest + 1e-6


# Compiling.


@pytest.fixture(scope="module")
def compiler(catalog: Catalog) -> Compiler:
    return Compiler(catalog, load_policy(catalog.marketplace.first_policy, catalog), DEFAULT_LIMITS)


@pytest.fixture(scope="module")
def requester() -> Requester:
    return Requester(
        sub=None,
        role=Roles.PUBLIC,
        purpose=Purposes.PUBLIC_BROWSING,
        member=None,
        organisation=None,
        reference=None,
        key=bytes(32),
    )


def test_new_documents_are_refused_once_too_much_was_compiled_and_known_ones_are_not(
    compiler: Compiler, requester: Requester
) -> None:
    async def scene() -> None:
        door = Door()
        allowance = await door.admission.admit(scope("192.0.2.1"), requester)
        known, new = asked("{ __typename }"), asked("{ a: __typename }")
        await door.admission.compile(allowance, compiler, known, requester)
        allowance.use_compiling(0.5 * (SAVED_SECONDS + 1.5), 0)
        assert await door.admission.compile(allowance, compiler, known, requester)
        with pytest.raises(Failed) as failure:
            await door.admission.compile(allowance, compiler, new, requester)
        assert (failure.value.code, failure.value.retry_seconds) == (Code.RATE_LIMITED, 2)
        # The shapes of a known document's variables may be new each time.
        allowance.use_compiling(0.5 * SAVED_SECONDS, 0)
        with pytest.raises(Failed):
            await door.admission.compile(allowance, compiler, known, requester)

    asyncio.run(scene())


def test_what_is_refused_is_paid_for_too(compiler: Compiler, requester: Requester) -> None:
    async def scene() -> float:
        door = Door()
        allowance = await door.admission.admit(scope("192.0.2.1"), requester)
        with pytest.raises(Refused):
            await door.admission.compile(allowance, compiler, asked("{ nothing }"), requester)
        return allowance.compiling_paid

    assert asyncio.run(scene()) == -SAVED_SECONDS


def test_a_new_document_is_paid_for_by_what_it_adds_to_the_log(catalog: Catalog, requester: Requester) -> None:
    """Its plan once, whatever words it is asked for with, and whoever asks; and then its record."""
    policy = load_policy(catalog.marketplace.first_policy, catalog)
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)

    async def paid(*documents: str) -> float:
        door = Door()
        allowance = await door.admission.admit(scope("192.0.2.1"), requester)
        for document in documents:
            await door.admission.compile(allowance, compiler, asked(document), requester)
        # The clock stands still, so compiling itself takes no time.
        return (allowance.compiling_paid + SAVED_SECONDS) * allowance.compile_rate * NEW_BYTES

    first = "{ companies(first: 1) { nodes { name } } }"
    size = compiler.compile(asked(first), requester).plan.bytes
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)
    assert asyncio.run(paid(first)) == pytest.approx(size)
    assert asyncio.run(paid(first, "{ a: companies(first: 2) { b: nodes { c: name } } }")) == pytest.approx(ROW_BYTES)
    longer = "{ companies(first: 1) { nodes { name city } } }"
    assert asyncio.run(paid(longer, longer)) > size


def test_nobody_pays_for_a_view_that_all_of_a_role_share(catalog: Catalog, requester: Requester) -> None:
    """Else whoever asks first after a start would be refused their next document."""
    policy = load_policy(catalog.marketplace.first_policy, catalog)
    others = [Compiler(catalog, policy, DEFAULT_LIMITS) for _ in range(4)]
    fresh = others.pop()
    times = [perf_counter()]
    for other in others:
        other.view(requester.role, requester.purpose)
        times.append(perf_counter())
    making = min(after - before for before, after in pairwise(times))

    async def paid() -> float:
        admission = Admission(lambda _: False, lambda *_: False, SHARES, Addresses())
        allowance = await admission.admit(scope("192.0.2.1"), requester)
        await admission.compile(allowance, fresh, asked("{ __typename }"), requester)
        return allowance.compiling_paid + SAVED_SECONDS - perf_counter()

    # The requester has half a second of compiling a second.
    assert asyncio.run(paid()) < making


def test_whoever_saw_too_many_persons_is_refused_with_a_record(catalog: Catalog, requester: Requester) -> None:
    """It is a refusal and no failure, because it tells of data."""
    policy = load_policy(catalog.marketplace.first_policy, catalog)
    Admission(lambda _: False, lambda *_: False, SHARES, Addresses()).check_breadth(requester, policy)
    with pytest.raises(Refused) as caught:
        Admission(lambda _: False, lambda *_: True, SHARES, Addresses()).check_breadth(requester, policy)
    assert caught.value.code is Code.TOO_MANY_PERSONS


def asked(document: str) -> Request:
    return Request(document=document, operation_name=None, variables={})


# Over HTTP.


def test_too_much_is_refused_with_429_and_counted_and_leaves_no_record(
    own_market_url: str, key: DevelopmentKey, key_file: Path
) -> None:
    settings = settings_for(own_market_url, key_file, cost_rate="1000000 PUBLIC=1")
    with Serving(settings) as address:
        asking = Asking(address, key, own_market_url)
        assert asking.post(PUBLIC, "{ __typename }").status_code == 200
        before = records(own_market_url)
        refused = asking.post(PUBLIC, "{ __typename }")
        assert refused.status_code == 429
        assert 15 <= int(refused.headers["retry-after"]) <= 30
        assert "access-record" not in refused.headers
        (error,) = refused.json()["errors"]
        assert error["message"] == Code.RATE_LIMITED.meaning
        assert set(error["extensions"]) == {"code", "hint"}
        assert records(own_market_url) == before
        # A refusal would need a record: its requester may have none either. Nobody else waits for that.
        assert asking.post(PUBLIC, "{ nothing }").status_code == 429
        unknown = {"Authorization": "Bearer a.b.c"}
        assert asking.client.post("/graphql", json={"query": "{ nothing }"}, headers=unknown).status_code == 429
        assert asking.post(STAFF, "{ __typename }").status_code == 200
        wait_for(lambda: 'outcome="RATE_LIMITED",purpose="public_browsing",role="PUBLIC"} 2.0' in asking.metrics())
        asking.client.close()


def records(url: str) -> int:
    return run(url, lambda connection: connection.fetchval("select count(*) from veil.access_record"))
