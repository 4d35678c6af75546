"""All pages, as routes of the site."""

from pathlib import Path

import httpx

from tests.conftest import Serving, settings_for


def test_pages_can_be_switched_off(market_url: str, key_file: Path) -> None:
    with Serving(settings_for(market_url, key_file, pages=False)) as address:
        for path in ("/my-data", "/sign-in", "/sign-out", "/pages/pages.css"):
            assert httpx.get(f"{address}{path}").status_code == 404
