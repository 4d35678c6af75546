"""Signing in and out."""

import base64

from tests.conftest import MEMBER
from tests.gateway.pages.conftest import Browsing


def test_a_token_is_kept_encrypted_where_no_script_and_no_other_site_reaches_it(browsing: Browsing) -> None:
    """In a cookie, and neither in a page nor in an address."""
    token = MEMBER.token(browsing.key)
    signed_in = browsing.sign_in()
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/my-data")
    cookie = signed_in.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    value = browsing.client.cookies["veil-session"].strip('"')
    for part in token.split("."):
        assert part not in cookie
        assert part.encode() not in base64.urlsafe_b64decode(value)
    assert token not in browsing.get("/my-data").text


def test_away_from_this_machine_cookies_go_over_tls_alone(browsing: Browsing) -> None:
    page = browsing.get("/sign-in", Host="shop.example")
    assert "__Host-veil-visitor=" in page.headers["set-cookie"]
    assert "Secure" in page.headers["set-cookie"]


def test_a_persona_signs_in_from_a_page_of_this_site_alone(browsing: Browsing) -> None:
    """A link of another site only shows the page."""
    link = "/sign-in?persona=Member%201,%20a%20buyer&next=/my-data"
    assert browsing.get(link, **{"Sec-Fetch-Site": "cross-site"}).status_code == 200
    assert "veil-session" not in browsing.client.cookies
    assert browsing.get(link, **{"Sec-Fetch-Site": "same-origin"}).status_code == 303
    assert browsing.get("/my-data").status_code == 200


def test_nobody_is_led_to_another_site(browsing: Browsing) -> None:
    for elsewhere in (
        "https://evil.example",
        "//evil.example",
        "/my-data/../../evil",
        "/my-dataevil",
        "/\\evil.example",
    ):
        page = browsing.post("/sign-in", {"token": MEMBER.token(browsing.key), "next": elsewhere})
        assert page.headers["location"].startswith("/my-data")
        assert "evil.example" not in page.headers["location"]


def test_a_proxys_token_needs_no_cookie_and_ends_with_the_proxy(browsing: Browsing) -> None:
    page = browsing.get("/my-data", Authorization=f"Bearer {MEMBER.token(browsing.key)}")
    assert page.status_code == 200
    assert "Sign out" not in page.text


def test_signing_out_forgets_the_token(browsing: Browsing) -> None:
    browsing.sign_in()
    assert browsing.post("/sign-out", {}).headers["location"] == "/sign-in?done=signed_out"
    assert "You are signed out." in browsing.get("/sign-in?done=signed_out").text
    assert browsing.get("/my-data").status_code == 401
