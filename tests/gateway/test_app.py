"""The composition root: the routes of a gateway, and the settings that reach its pool."""

from pathlib import Path

import httpx

from gateway.app import pool_settings
from gateway.database.migration import required_migrations
from schema.catalog import Catalog
from tests.conftest import Asking, settings_for


def test_a_gateway_says_that_it_lives_and_that_it_is_ready(gateway: Asking) -> None:
    live, ready = (gateway.client.get(f"/health/{question}") for question in ("live", "ready"))
    assert (live.status_code, live.text) == (200, "live\n")
    assert (ready.status_code, ready.text) == (200, "ready\n")


def test_metrics_and_what_is_lacking_are_on_the_admin_port_alone(gateway: Asking) -> None:
    metrics = httpx.get(f"{gateway.address.admin}/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "veil_ready 1.0" in metrics.text
    assert gateway.lacking() == "ready\n"
    assert httpx.get(f"{gateway.address.admin}/health/live").text == "live\n"
    assert httpx.get(f"{gateway.address.admin}/graphql").status_code == 404
    assert gateway.client.get("/metrics").status_code == 404


def test_only_a_browser_gets_the_page(gateway: Asking) -> None:
    page = gateway.client.get("/graphql", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert gateway.client.get("/graphql").status_code == 405


def test_whatever_else_is_asked_for_is_not_there(gateway: Asking) -> None:
    """In production nobody is offered personas and their tokens."""
    for path in ("/", "/personas", "/console/../settings.py", "/docs"):
        assert gateway.client.get(path).status_code == 404


def test_the_pool_is_made_as_the_settings_say(market_url: str, key_file: Path, catalog: Catalog) -> None:
    settings = settings_for(market_url, key_file, pool_size=3, batch_calls=7, timeout=2, queue=11)
    made = pool_settings(settings)
    assert (made.size, made.batch_calls, made.timeout, made.queue) == (3, 7, 2, 11)
    assert made.required_migrations == required_migrations(catalog.marketplace)
