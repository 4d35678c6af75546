"""What the clause tests stand on: the markers that say which clause and which grant each shows, and markets to change."""

from collections.abc import Generator
from pathlib import Path

import pytest

from gateway.demo.development import DevelopmentKey
from tests.clauses.seeing import Market
from tests.conftest import Asking, Databases, Serving, settings_for


@pytest.fixture(scope="module")
def market(databases: Databases, key: DevelopmentKey, key_file: Path) -> Generator[Market]:
    """A sample marketplace of a file's own, served. A test that changes a state in it puts it back."""
    url = databases.make("sample_market")
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        yield Market(asking)
        asking.client.close()
    databases.drop(url)


@pytest.fixture(scope="session")
def sample(gateway: Asking) -> Market:
    """The sample marketplace that is shared by all tests that only ask."""
    return Market(gateway)
