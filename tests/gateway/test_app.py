"""The composition root: the routes of a gateway, and the settings that reach its pool."""

from pathlib import Path

import httpx
import pytest

from gateway.app import installation, pool_settings
from gateway.database.migration import required_migrations
from gateway.settings import SettingsError
from resolvers.sql.render import Installation
from schema.catalog import Catalog
from tests.conftest import Asking, settings_for


def test_metrics_and_what_is_lacking_are_on_the_admin_port_alone(gateway: Asking) -> None:
    metrics = httpx.get(f"{gateway.address.admin}/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "veil_ready 1.0" in metrics.text
    assert gateway.lacking() == "ready\n"
    assert httpx.get(f"{gateway.address.admin}/health/live").text == "live\n"
    assert httpx.get(f"{gateway.address.admin}/graphql").status_code == 404
    assert gateway.client.get("/metrics").status_code == 404


def test_the_pool_is_made_as_the_settings_say(market_url: str, key_file: Path, catalog: Catalog) -> None:
    settings = settings_for(market_url, key_file, pool_size=3, batch_calls=7, timeout=2, queue=11)
    made = pool_settings(settings)
    assert (made.size, made.batch_calls, made.timeout, made.queue) == (3, 7, 2, 11)
    assert made.required_migrations == required_migrations(catalog.marketplace)


def test_an_operator_vouches_for_a_table_whose_emptiness_would_close(
    market_url: str, key_file: Path, catalog: Catalog
) -> None:
    vouched = settings_for(market_url, key_file, empty_tables="consent", country="PL")
    assert installation(vouched, catalog) == Installation(country="PL", empty_tables=frozenset({"consent"}))
    for mistaken in ("contract", "consent member", "marketplace.consent"):
        settings = settings_for(market_url, key_file, empty_tables=mistaken)
        with pytest.raises(SettingsError, match="VEIL_EMPTY_TABLES: give tables among consent"):
            installation(settings, catalog)
