"""A database that nobody made for Veil, and what is read of it."""

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

import pytest

from gateway.adopting.declaring import declare_package
from gateway.adopting.package import EntityClass, MarketplacePackage
from gateway.adopting.reading import Table, read_tables
from tests.conftest import Databases, run

SHOP = Path(__file__).parent / "adopting" / "shop.sql"


@pytest.fixture(scope="session")
def kept_shop_url(databases: Databases) -> str:
    """The shop's database, which no test changes."""
    return made_shop(databases)


@pytest.fixture
def shop_url(databases: Databases) -> Generator[str]:
    """A database of the shop, of a test's own."""
    url = made_shop(databases)
    yield url
    databases.drop(url)


def made_shop(databases: Databases) -> str:
    url = databases.make("template0")
    run(url, lambda connection: connection.execute(SHOP.read_text("utf-8")))
    return url


@pytest.fixture(scope="session")
def tables(kept_shop_url: str) -> Sequence[Table]:
    return run(kept_shop_url, read_tables)


@pytest.fixture(scope="session")
def package(tables: Sequence[Table]) -> MarketplacePackage:
    return declare_package("shop", tables, None)


@pytest.fixture(scope="session")
def entities(package: MarketplacePackage) -> Mapping[str, EntityClass]:
    return {entity.name: entity for entity in package.entities}
