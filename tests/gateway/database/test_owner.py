"""What the owner of the tables reads when the database refuses: what to change, and no word of the database's own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gateway.database.owner import OwnerError, owner

PASSWORD = "not-to-be-printed"


def problem(url: str, work: Callable[[Any], Awaitable[Any]]) -> str:
    async def attempt() -> None:
        async with owner(url) as connection:
            await work(connection)

    with pytest.raises(OwnerError) as refused:
        asyncio.run(attempt())
    return str(refused.value)


async def nothing(_connection: Any) -> None:
    pass


@pytest.mark.parametrize("url", [f"postgresql://veil:{PASSWORD}@127.0.0.1:1/veil", f"no URL {PASSWORD}"])
def test_a_database_out_of_reach_is_reported_without_its_url(url: str) -> None:
    reported = problem(url, nothing)
    assert reported.startswith("the database cannot be reached (")
    assert PASSWORD not in reported


def test_a_database_without_tables_is_to_be_migrated_first(market_url: str) -> None:
    reported = problem(market_url, lambda connection: connection.execute("select * from veil.no_such_table"))
    assert reported == "the database does not have Veil's tables; run `veil migrate` first"


def test_whatever_else_the_database_refuses_is_reported_by_its_class(market_url: str) -> None:
    """Its own words may hold values."""
    reported = problem(market_url, lambda connection: connection.execute(f"select '{PASSWORD}'::integer"))
    assert reported == "the database refused it (InvalidTextRepresentationError)"
