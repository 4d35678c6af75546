"""A cost is the cost: it agrees with the time of PostgreSQL, and neither a statement nor a session grows without bound.

Times are held between documents, by turns, and never against a clock.
"""

import asyncio
import dataclasses
import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from gateway.demo import personas
from gateway.demo.sample import marketplace
from gateway.settings import DEFAULT_LIMITS
from resolvers.binding import cost_of, example_variables
from resolvers.compiler import Compiler
from resolvers.front.document import Request, parse
from resolvers.planning.cost import LONGEST_STATEMENT, statement_cost
from schema.catalog import Catalog
from schema.policy import policy_file
from schema.refusals import Code, Refused
from tests.conftest import TEST_DATABASE, Databases, run, silent
from tests.laws.backends import backend, call_of, cost_by_time
from tests.laws.worst_documents import CARE, FILLED, PARTLY_FILLED, TOO_COSTLY, TOO_LONG, WITHIN, Worst, many

FACTOR = 3
MEMBERS = 1_000

KEPT_MIB = 30
"""What one session may keep more for one document, in MiB."""


@pytest.fixture(scope="module")
def limited(catalog: Catalog) -> Compiler:
    return Compiler(catalog, policy_file.load_policy(catalog.marketplace.first_policy, catalog), DEFAULT_LIMITS)


@pytest.fixture(scope="module")
def compiler(catalog: Catalog, limited: Compiler) -> Compiler:
    """Whatever an operation costs."""
    return Compiler(catalog, limited.policy, dataclasses.replace(DEFAULT_LIMITS, cost=10**9))


@pytest.fixture(scope="module")
def filled_url(databases: Databases) -> Generator[str]:
    """A marketplace in which pages are full."""
    url = databases.make("empty_market")

    async def fill(connection: Any) -> None:
        await marketplace.seed(connection, members=MEMBERS, seed=7, progress=silent)
        await connection.execute("analyze")

    run(url, fill)
    yield url
    databases.drop(url)


def by_time(url: str, compiler: Compiler, worst: Worst, *, most: float) -> float:
    async def found() -> float | None:
        async with backend(url) as session:
            if not session.is_here:
                return None
            return await cost_by_time(session, compiler, worst, least=1 / FACTOR, most=most)

    ratio = asyncio.run(found())
    if ratio is None:
        assert TEST_DATABASE in os.environ, "the processes of the suite's own server can be looked at"
        pytest.skip(f"the server of {TEST_DATABASE} runs elsewhere, so its time cannot be measured")
    return ratio


@pytest.mark.parametrize("worst", FILLED.values(), ids=FILLED.keys())
def test_what_an_operation_costs_is_what_it_takes(filled_url: str, compiler: Compiler, worst: Worst) -> None:
    assert 1 / FACTOR <= by_time(filled_url, compiler, worst, most=FACTOR) <= FACTOR


@pytest.mark.parametrize("worst", PARTLY_FILLED.values(), ids=PARTLY_FILLED.keys())
def test_an_operation_takes_no_more_than_it_may_cost(filled_url: str, compiler: Compiler, worst: Worst) -> None:
    assert by_time(filled_url, compiler, worst, most=float("inf")) >= 1 / FACTOR


@pytest.mark.parametrize("worst", WITHIN.values(), ids=WITHIN.keys())
def test_the_worst_that_is_answered_is_within_the_usual_limit(limited: Compiler, worst: Worst) -> None:
    assert call_of(limited, worst)


@pytest.mark.parametrize("worst", TOO_COSTLY.values(), ids=TOO_COSTLY.keys())
def test_what_takes_longer_is_refused(limited: Compiler, compiler: Compiler, worst: Worst) -> None:
    assert call_of(compiler, worst)
    with pytest.raises(Refused) as refused:
        call_of(limited, worst)
    assert refused.value.code is Code.TOO_COSTLY


@pytest.mark.parametrize("worst", TOO_LONG.values(), ids=TOO_LONG.keys())
def test_a_statement_is_no_longer_than_a_session_can_keep(compiler: Compiler, worst: Worst) -> None:
    """Whatever cost is allowed."""
    with pytest.raises(Refused) as refused:
        call_of(compiler, worst)
    assert refused.value.code is Code.TOO_COSTLY
    assert "too long a statement" in refused.value.hint


def longest(compiler: Compiler) -> Iterator[Worst]:
    """Documents as long as a statement may be, in two ways."""
    for asked in ("members { nodes { name email phone address } }", "member(id: 1) { name email phone address }"):
        lengths = (Worst(text=f"{{ {many(asked, times)} }}", requester=CARE) for times in range(20, 42))
        *_, one = (each for each in lengths if is_answered(compiler, each))
        yield one


def is_answered(compiler: Compiler, worst: Worst) -> bool:
    try:
        call_of(compiler, worst)
    except Refused:
        return False
    return True


def test_a_session_keeps_little_for_the_worst_documents(market_url: str, compiler: Compiler) -> None:
    """By PostgreSQL's own figures, the catalogs that it looks up among them."""
    found = [*WITHIN.values(), *longest(compiler)]
    assert max(len(call_of(compiler, worst).statement.sql) for worst in found) > 0.9 * LONGEST_STATEMENT

    async def kept(worst: Worst) -> float:
        async with backend(market_url) as session:
            before = await session.kept_mebibytes()
            await session.answer(call_of(compiler, worst), worst)
            return await session.kept_mebibytes() - before

    assert max(asyncio.run(kept(worst)) for worst in found) < KEPT_MIB


def test_what_people_ask_is_far_from_the_limits(limited: Compiler) -> None:
    """As personas ask it, their pages of the usual size."""
    for cast in personas.CAST:
        for purpose, _, query in cast.queries:
            request = Request(document=query, operation_name=None, variables={})
            document, _ = parse(request, limited.view(cast.role, purpose).graphql, DEFAULT_LIMITS)
            compiled = limited.compiled(request, cast.role, purpose)
            length = len(compiled.statement.sql)
            cost = cost_of(compiled.cost, {**example_variables(document), **document.literals})
            assert cost + statement_cost(length) < DEFAULT_LIMITS.cost / 2
            assert length < LONGEST_STATEMENT / 9
