"""A database of the rental, and a gateway that serves it over real HTTP."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from gateway import app
from gateway.database import migration
from gateway.demo.development import DevelopmentKey
from gateway.policy import in_force
from schema.catalog import Catalog
from tests.conftest import Databases, Serving, run, settings_for
from tests.rental.requesting import Renting
from tests.rental.sample import ROWS

NAME = "tests.rental.shop"
"""What VEIL_MARKETPLACE says."""


@pytest.fixture(scope="session")
def rental() -> Catalog:
    return app.catalog(NAME)


@pytest.fixture(scope="module")
def rental_url(databases: Databases, rental: Catalog) -> Generator[str]:
    """A rental with its sample."""
    url = databases.make_named("rental", "template0")
    run(url, lambda connection: _made(connection, rental))
    yield url
    databases.drop(url)


async def _made(connection: Any, rental: Catalog) -> None:
    await migration.migrate(connection, rental)
    await in_force.ensure_active(connection, rental)
    for table, rows in ROWS.items():
        columns = list(rows[0])
        places = ", ".join(f"${n}" for n, _ in enumerate(columns, 1))
        insert = f"insert into rental.{table} ({', '.join(columns)}) values ({places})"
        await connection.executemany(insert, [tuple(row.values()) for row in rows])


@pytest.fixture(scope="module")
def renting(rental_url: str, key: DevelopmentKey, key_file: Path) -> Generator[Renting]:
    with Serving(settings_for(rental_url, key_file, marketplace=NAME)) as address:
        renting = Renting(address=address, key=key, url=rental_url)
        yield renting
        renting.client.close()
