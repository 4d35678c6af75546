"""A server and a gateway over it, for the tests of this room."""

from collections.abc import Generator
from pathlib import Path

import pytest

from gateway.demo.development import DevelopmentKey
from schema.catalog import Catalog
from tests.conftest import Asking, run
from tests.gateway.database.servers import Server, make_marketplace, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Generator[Server]:
    started = Server(tmp_path_factory.mktemp("server"))
    run(started.cluster.url, lambda connection: make_marketplace(connection, catalog))
    yield started
    started.stop()
    started.relay.close()


@pytest.fixture
def asking(server: Server, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    with served(server, key, key_file) as asking:
        yield asking
