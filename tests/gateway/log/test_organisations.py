"""The names of organisations, where this login may read them."""

from typing import Any

from gateway.log.organisations import organisation_names
from schema.catalog import Catalog
from tests.conftest import run


def test_organisations_are_named_where_the_marketplace_is(market_url: str, catalog: Catalog) -> None:
    named = run(market_url, lambda connection: organisation_names(connection, catalog, (4, 4, 999)))
    query = "select name from marketplace.organisation where id = 4"
    assert named == {4: run(market_url, lambda connection: connection.fetchval(query))}


def test_without_the_marketplace_none_is_named(database_url: str, catalog: Catalog) -> None:
    async def unnamed(connection: Any) -> Any:
        await connection.execute("drop schema marketplace cascade")
        return await organisation_names(connection, catalog, (4,))

    assert run(database_url, unnamed) == {}
