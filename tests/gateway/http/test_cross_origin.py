"""Pages of other sites: they may ask where the setting names their origin, and a browser's question is no access."""

from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from gateway.demo.development import DevelopmentKey
from gateway.settings import SettingsError, read_settings
from tests.conftest import PUBLIC, SECRET, Asking, Serving, run, settings_for

SHOP = "https://shop.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "access-purpose,authorization"}


@pytest.fixture(scope="module")
def open_to_shop(market_url: str, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    with Serving(settings_for(market_url, key_file, origins=f"{SHOP} http://localhost:3000")) as address:
        asking = Asking(address, key, market_url)
        yield asking
        asking.client.close()


def preflight(gateway: Asking, origin: str) -> httpx.Response:
    return gateway.client.options("/graphql", headers={"Origin": origin, **PREFLIGHT})


def records(gateway: Asking) -> int:
    return run(gateway.url, lambda connection: connection.fetchval("select count(*) from veil.access_record"))


def test_a_page_of_a_named_origin_may_ask(open_to_shop: Asking) -> None:
    before = records(open_to_shop)
    allowed = preflight(open_to_shop, SHOP)
    assert records(open_to_shop) == before
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == SHOP
    assert "POST" in allowed.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in allowed.headers
    answer = open_to_shop.client.post("/graphql", json={"query": "{ __typename }"}, headers={"Origin": SHOP})
    assert answer.json()["data"]
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert "Access-Record" in answer.headers["access-control-expose-headers"]
    assert "Origin" in answer.headers["vary"]


def test_a_page_of_another_origin_may_not(open_to_shop: Asking) -> None:
    before = records(open_to_shop)
    refused = preflight(open_to_shop, "https://shop.example.evil.example")
    assert records(open_to_shop) == before
    assert refused.status_code == 400
    assert "access-control-allow-origin" not in refused.headers


def test_without_the_setting_no_page_may_ask_and_a_preflight_leaves_no_record(gateway: Asking) -> None:
    before = records(gateway)
    refused = preflight(gateway, SHOP)
    assert records(gateway) == before
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    answer = gateway.post(PUBLIC, "{ __typename }")
    assert not [name for name in (*refused.headers, *answer.headers) if name.startswith("access-control")]


@pytest.mark.parametrize("origins", ["*", "shop.example", "https://shop.example/", f"{SHOP},http://localhost"])
def test_an_origin_is_a_scheme_and_a_host(origins: str, key_file: Path) -> None:
    with pytest.raises(SettingsError, match=r"VEIL_ORIGINS: give origins like https://shop\.example, without a path"):
        read_settings(database="postgresql:///x", keys=str(key_file), issuer="x", secret=SECRET, origins=origins)
