"""The webshop's tables in a database of their own, migrated, and a gateway over them."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from gateway import app
from gateway.database import migration
from gateway.demo.development import DevelopmentKey
from gateway.policy import in_force
from tests.conftest import Asking, Databases, Requesting, Serving, run, settings_for
from tests.webshop.marketplace import Purposes, Roles

TABLES = (Path(__file__).parent / "tables.sql").read_text("utf-8")

OWN = Requesting(role=Roles.CUSTOMER, purpose=Purposes.OWN_DATA, member=1)
TRADER = Requesting(role=Roles.CUSTOMER, purpose=Purposes.TRADING, member=1)
SUPPORT = Requesting(role=Roles.CARE, purpose=Purposes.SUPPORT)
NEWSLETTER = Requesting(role=Roles.CARE, purpose=Purposes.NEWSLETTER)


@pytest.fixture(scope="module", autouse=True)
def _served(databases: Databases) -> Generator[None]:
    """The databases of the other marketplace are made by now."""
    assert databases
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VEIL_MARKETPLACE", "tests.webshop")
        yield


async def migrated(connection: Any) -> None:
    await migration.migrate(connection, app.catalog())
    await in_force.ensure_active(connection, app.catalog())


@pytest.fixture(scope="module")
def webshop_url(databases: Databases) -> str:
    """A database with the webshop that no test changes but by asking."""
    url = databases.make("template0")
    run(url, lambda connection: connection.execute(TABLES))
    run(url, migrated)
    return url


@pytest.fixture(scope="module")
def webshop(webshop_url: str, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    with Serving(settings_for(webshop_url, key_file)) as address:
        asking = Asking(address, key, webshop_url)
        yield asking
        asking.client.close()


Ask = Callable[[Requesting, str], Any]


@pytest.fixture
def own_webshop_url(databases: Databases) -> Generator[str]:
    """A webshop of a test's own, not migrated yet."""
    url = databases.make("template0")
    run(url, lambda connection: connection.execute(TABLES))
    yield url
    databases.drop(url)
