"""What happens at once ends in one of the ways it may end, and in no other: over real connections, in any order.

Two editors of one row are raced beside versions, and many choices at once beside choices.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from tests.clauses.seeing import Market, asking_as
from tests.clauses.test_destroying import ask, carry_out, is_open, lines, me, receipts, settle
from tests.conftest import Requesting, run
from tests.gateway.database.servers import wait_for

READERS = 4


def outcome(response: httpx.Response) -> str:
    answer = response.json()
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else "ANSWERED"


def at_once(*each: Callable[[], httpx.Response]) -> Sequence[str]:
    """The outcomes of requests that are sent together."""
    ready = threading.Barrier(len(each))

    def sent(request: Callable[[], httpx.Response]) -> str:
        ready.wait()
        return outcome(request())

    with ThreadPoolExecutor(len(each)) as threads:
        return list(threads.map(sent, each))


@pytest.mark.clause(id="K6")
@pytest.mark.grant(id="E2")
@pytest.mark.parametrize("kind", ["COOKIES", "CONTACT_BY_MEMBERS"])
def test_no_read_that_begins_after_a_withdrawal_shows_what_it_closes(market: Market, kind: str) -> None:
    """A read that began before may show it, or not."""
    who = {
        "COOKIES": asking_as("PLATFORM", "personalisation"),
        "CONTACT_BY_MEMBERS": asking_as("MEMBER", "member_insight", member=1),
    }[kind]
    root = {"COOKIES": "members", "CONTACT_BY_MEMBERS": "messages"}[kind]
    ((member,),) = market.stored("select sender_id from message where sender_id > 1 order by id limit 1")
    choice = f"mutation ($given: Boolean!) {{ setConsent(input: {{kind: {kind}, given: $given}}) {{ fields }} }}"
    market.data(me(member), choice, {"given": True})
    seen: list[tuple[float, bool]] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            began = time.monotonic()
            seen.append((began, shows(market, who, root, member)))

    with ThreadPoolExecutor(READERS) as threads:
        readers = [threads.submit(read) for _ in range(READERS)]
        try:
            wait_for(lambda: any(shown for _, shown in seen))
            market.data(me(member), choice, {"given": False})
            withdrawn = time.monotonic()
            wait_for(lambda: sum(began >= withdrawn for began, _ in seen) >= READERS)
        finally:
            ended.set()
        for each in readers:
            each.result()
    assert not any(shown for began, shown in seen if began >= withdrawn)


def shows(market: Market, who: Requesting, root: str, member: int) -> bool:
    """Whether a requester is shown something of a member."""
    if root == "members":
        return member in market.rows(who, root)
    (name,) = market.stored(f"select sender_name from message where sender_id = {member} order by id limit 1")
    return any(each["senderName"] == name["sender_name"] for each in market.nodes(who, root, "senderName"))


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E6")
def test_of_two_who_carry_a_request_out_at_once_one_does(market: Market) -> None:
    """There is one receipt, and nothing is destroyed twice."""
    for member in (10, 11, 12):
        settle(market, member)
        request = ask(market, member, "BUYER")
        outcomes = at_once(*[lambda request=request: carry_out(market, request)] * 4)
        assert sorted(outcomes) == ["ANSWERED", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"]
        assert len(receipts(market, request)) == 1


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E4")
@pytest.mark.grant(id="E6")
def test_a_request_is_withdrawn_or_carried_out_and_never_both(market: Market) -> None:
    for member in range(13, 19):
        settle(market, member)
        request = ask(market, member, "BUYER")
        withdraw = f'mutation {{ withdrawRequest(id: "{request}") {{ fields }} }}'
        carried_out, withdrawn = at_once(
            lambda request=request: carry_out(market, request),
            lambda member=member, withdraw=withdraw: market.asking.post(me(member), withdraw),
        )
        assert (carried_out, withdrawn) in {
            ("ANSWERED", "NOT_FOUND"),
            ("ANSWERED", "CONFLICT"),
            ("NOT_FOUND", "ANSWERED"),
        }
        left = market.stored(f"select from browsing_event where member_id = {member}")
        assert bool(left) is False or carried_out == "NOT_FOUND"
        assert not is_open(market, request)


ORDER = """
    insert into trade_order (buyer_id, seller_id, status, placed_at, total, currency, delivery_name)
    values ({buyer}, 1, 'PLACED', now(), 10, 'EUR', 'Who ordered late')"""


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E6")
def test_a_destruction_waits_for_an_order_that_is_being_placed_and_holds_it(market: Market) -> None:
    """Whoever places it has named the member by then. It is not delivered, so it stays."""
    member = 20
    settle(market, member)
    request = ask(market, member, "ACCOUNT_ACTIVITIES", "REGISTRATION")
    carried_out = _while_placed(market, ORDER.format(buyer=member), lambda: carry_out(market, request))
    assert outcome(carried_out) == "ANSWERED"
    (receipt,) = receipts(market, request)
    assert lines(receipt)["Order", "ORDER_NOT_DELIVERED"] == (0, 1)
    assert lines(receipt)["Member", "ORDER_NOT_DELIVERED"] == (0, 1)
    assert market.stored(f"select from trade_order where buyer_id = {member} and delivery_name is not null")
    assert is_open(market, request)


def _while_placed(market: Market, order: str, request: Callable[[], httpx.Response]) -> httpx.Response:
    """Sends a request while an order is being placed, and lets the order be there only once the request waits for it."""
    waiting = "select count(*) from pg_locks where not granted"

    async def place(connection: Any, others: ExitStack) -> Any:
        async with connection.transaction():
            await connection.execute(order)
            sent = others.enter_context(ThreadPoolExecutor(1)).submit(request)
            for _ in range(200):
                if await connection.fetchval(waiting):
                    break
                await connection.execute("select pg_sleep(0.05)")
            assert not sent.done()
        return sent

    with ExitStack() as others:
        sent = run(market.asking.url, lambda connection: place(connection, others))
        return sent.result()


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E6")
def test_an_order_that_comes_after_a_destruction_names_nobody_who_is_shown(market: Market) -> None:
    member = 21
    settle(market, member)
    carry_out(market, ask(market, member, "REGISTRATION")).raise_for_status()
    market.change(ORDER.format(buyer=member))
    ((number,),) = market.stored("select max(id) from trade_order")
    asked = f'{{ order(id: "Order:{number}") {{ total buyer {{ name }} }} }}'
    assert market.data(asking_as("PLATFORM", "account_service"), asked)["order"]["buyer"] is None


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E6")
def test_an_order_and_a_destruction_at_once_end_in_one_of_two_ways(market: Market) -> None:
    """It was there before, and is held; or it comes after, and nothing of the member is left for it to show."""
    for member in range(22, 27):
        settle(market, member)
        request = ask(market, member, "ACCOUNT_ACTIVITIES", "REGISTRATION")
        with ThreadPoolExecutor(2) as threads:
            placed = threads.submit(market.change, ORDER.format(buyer=member))
            carried_out = threads.submit(carry_out, market, request)
            placed.result()
            assert outcome(carried_out.result()) == "ANSWERED"
        ((destroyed,),) = market.stored(f"select destroyed_at is not null from member where id = {member}")
        held = ("Member", "ORDER_NOT_DELIVERED") in lines(receipts(market, request)[-1])
        assert destroyed is not held
        assert is_open(market, request) is held
