"""Pages as HTML, and the files they load."""

import re

import httpx

from gateway.pages.rendering import STATIC
from tests.gateway.pages.conftest import Browsing


def test_whatever_is_written_into_a_page_is_escaped(browsing: Browsing) -> None:
    """What somebody types comes back as text."""
    typed = '"><script>alert(1)</script>'
    page = browsing.post("/my-data", {"name": typed})
    assert page.status_code == 401
    assert typed not in page.text
    assert "&#34;&gt;&lt;script&gt;" in page.text


def test_a_page_loads_the_stylesheet_the_script_and_the_icon_of_this_host(browsing: Browsing) -> None:
    """Their addresses have their version, so they may be kept."""
    linked = re.findall(r'(?:href|src)="(/pages/[^"]+)"', browsing.get("/sign-in").text)
    assert {each.partition("?")[0].rpartition("/")[2] for each in linked} == {each.name for each in STATIC.iterdir()}
    for each in linked:
        answer: httpx.Response = browsing.get(each)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    for absent in ("/pages/nothing.css", "/pages/..%2Frouting.py", "/pages/"):
        assert browsing.get(absent).status_code == 404


def test_the_script_is_small() -> None:
    assert sum(file.stat().st_size for file in STATIC.glob("*.js")) < 100_000
