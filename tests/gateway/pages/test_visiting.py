"""A visit: who is let in, and what becomes of what goes wrong."""

import re
from pathlib import Path

import httpx

from gateway.demo.development import DevelopmentKey
from tests.conftest import MEMBER, STAFF, Databases, Serving, settings_for
from tests.gateway.pages.conftest import Browsing


def test_whoever_is_not_signed_in_is_led_to_where_they_can(browsing: Browsing) -> None:
    page = browsing.get("/my-data")
    assert page.status_code == 401
    assert "<h1>Sign in</h1>" in page.text
    assert 'value="/my-data"' in page.text


def test_a_page_is_kept_nowhere_and_runs_nothing_that_stands_in_it(browsing: Browsing) -> None:
    browsing.sign_in()
    page = browsing.get("/my-data")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]* src=)|<style|style=|\son\w+=|https?://", page.text)


def test_a_form_of_another_site_is_not_taken(browsing: Browsing) -> None:
    """Neither by its origin, nor by what the browser says of it, nor without the proof of a page."""
    foreign = browsing.post("/sign-in", {"token": "x"}, Origin="https://evil.example")
    cross = browsing.post("/sign-in", {"token": "x"}, **{"Sec-Fetch-Site": "cross-site"})
    unproved = browsing.post("/sign-in", {"token": "x", "_proof": "made up"})
    assert [each.status_code for each in (foreign, cross, unproved)] == [403, 403, 403]
    assert "did not come from a page that you opened here" in foreign.text


def test_what_was_typed_before_a_session_ended_can_be_sent_after_signing_in(browsing: Browsing) -> None:
    """It is shown, and nothing of it is sent before somebody says so."""
    expired = browsing.post("/my-data", {"phone": "+44 20 7946 0958", "_key": "one"})
    assert expired.status_code == 401
    assert "What you typed is kept" in expired.text
    signed_in = browsing.post(
        "/sign-in",
        {
            "token": MEMBER.token(browsing.key),
            "next": "/my-data",
            "held_for": "/my-data",
            "held.phone": "+44 20 7946 0958",
            "held._key": "one",
        },
    )
    assert signed_in.status_code == 200
    assert "You are signed in again" in signed_in.text
    assert 'name="phone" value="+44 20 7946 0958"' in signed_in.text
    assert 'name="_key" value="one"' in signed_in.text


def test_who_has_no_such_purpose_is_told_so(browsing: Browsing) -> None:
    """And a token that is none is not kept."""
    assert "not for these pages" in browsing.sign_in(STAFF).text
    refused = browsing.post("/sign-in", {"token": "a.b.c"})
    assert refused.status_code == 422
    assert "not accepted" in refused.text
    assert "veil-session" not in browsing.client.cookies


def test_without_its_ledger_nothing_is_shown_and_nothing_typed_is_lost(
    databases: Databases, key_file: Path, key: DevelopmentKey
) -> None:
    """A page says that nothing can be recorded now, and sends the same form again."""
    url = databases.make("sample_market")
    with Serving(settings_for(url, key_file)) as address, httpx.Client(base_url=address, timeout=30) as client:
        browsing = Browsing(client=client, key=key)
        browsing.sign_in()
        assert browsing.get("/my-data/seen").status_code == 200
        databases.drop(url)
        page = browsing.get("/my-data/seen")
        assert page.status_code == 503
        assert "This cannot be answered now" in page.text
        sent = browsing.post("/my-data/requests", {"what": "requestCopy", "categories": "BUYER", "_key": "kept"})
        assert sent.status_code == 503
        for held in (("what", "requestCopy"), ("categories", "BUYER"), ("_key", "kept")):
            assert 'name="{}" value="{}"'.format(*held) in sent.text
