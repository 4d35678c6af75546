"""Signing in at an issuer, over real HTTP: a provider with keys of its own, and a browser between it and the pages."""

from collections.abc import Generator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import OKPKey
from pydantic import SecretStr

from gateway.settings import SettingsError, read_settings
from tests.conftest import Asking, Serving, settings_for
from tests.gateway.identity.provider import CLIENT, SECRET, Provider, providing


@pytest.fixture
def provider() -> Generator[Provider]:
    with providing() as made:
        yield made


@pytest.fixture
def browser(market_url: str, key_file: Path, provider: Provider) -> Generator[httpx.Client]:
    settings = settings_for(
        market_url,
        key_file,
        issuer=provider.address,
        audience=CLIENT,
        keys=f"{provider.address}/keys",
        sign_in_client=CLIENT,
        sign_in_secret=SecretStr(SECRET),
    )
    with Serving(settings) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def _there(browser: httpx.Client, leads_to: str = "/my-data") -> httpx.Response:
    """What the issuer answers to somebody whom the pages send there."""
    sent = browser.get("/sign-in/issuer", params={"next": leads_to})
    assert sent.status_code == 303
    return httpx.get(sent.headers["location"])


def _back(browser: httpx.Client, answer: httpx.Response, **otherwise: str) -> httpx.Response:
    """The way back, on which a browser sends no cookie that is the site's own alone."""
    url = httpx.URL(answer.headers["location"])
    return browser.get(url.copy_merge_params(otherwise), headers={"Sec-Fetch-Site": "cross-site"})


def test_a_member_signs_in_at_the_issuer_and_out_again(browser: httpx.Client, provider: Provider) -> None:
    assert '<a class="button main" href="/sign-in/issuer?next=%2Fmy-data">' in browser.get("/my-data").text
    page = _back(browser, _there(browser, "/my-data/held"))
    assert page.status_code == 200
    assert '<meta http-equiv="refresh" content="0; url=/my-data/held">' in page.text
    assert "What is held about you" in browser.get("/my-data/held").text
    (asked,) = provider.asked
    assert asked["code_challenge_method"] == "S256"
    assert (asked["scope"], asked["response_type"]) == ("openid", "code")
    origin = str(browser.base_url).rstrip("/")
    proof = browser.get("/my-data/held").text.partition('name="_proof" value="')[2].partition('"')[0]
    out = browser.post("/sign-out", data={"_proof": proof}, headers={"Origin": origin})
    assert out.headers["location"] == "/sign-in?done=signed_out"
    assert browser.get("/my-data").status_code == 401
    assert 'href="/sign-out/issuer"' in browser.get("/sign-in?done=signed_out").text
    ended = urlsplit(browser.get("/sign-out/issuer").headers["location"])
    assert ended.path == "/end"
    assert parse_qs(ended.query)["client_id"] == [CLIENT]


def test_what_a_sign_in_is_finished_with_is_in_a_cookie_that_nobody_reads(browser: httpx.Client) -> None:
    sent = browser.get("/sign-in/issuer")
    cookie = sent.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=600" in cookie
    state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
    assert state not in cookie


def test_nobody_is_signed_in_by_the_answer_to_somebody_else(browser: httpx.Client) -> None:
    """Not with another state, without one, from another issuer, in another browser, or twice."""
    for otherwise in ({"state": "another"}, {"state": ""}, {"iss": "https://other.example"}, {"code": ""}):
        page = _back(browser, _there(browser), **otherwise)
        assert page.status_code == 422
        assert "You were not signed in" in page.text
        assert browser.get("/my-data").status_code == 401
    answer = _there(browser)
    with httpx.Client(base_url=browser.base_url, timeout=30) as other:
        assert "began in another browser" in _back(other, answer).text
    assert _back(browser, answer).status_code == 200
    again = _back(browser, answer)
    assert "That took too long, or began in another browser." in again.text


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"iss": "https://other.example"}, {"exp": 1}],
    ids=str,
)
def test_an_id_token_is_taken_only_if_it_is_of_this_sign_in(
    browser: httpx.Client, provider: Provider, claims: dict[str, object]
) -> None:
    provider.claims = claims
    assert _back(browser, _there(browser)).status_code == 422
    assert browser.get("/my-data").status_code == 401


def test_a_token_of_another_key_or_for_another_purpose_signs_nobody_in(
    browser: httpx.Client, provider: Provider
) -> None:
    """The gateway accepts it by the same rules as any token."""
    provider.signs_with = OKPKey.generate_key("Ed25519", {"kid": "one"})
    assert "You were not signed in" in _back(browser, _there(browser)).text
    provider.signs_with = None
    provider.claims = {"purposes": ["member_trading"]}
    assert "not for these pages" in _back(browser, _there(browser)).text
    provider.claims, provider.refuses = {}, True
    assert "You were not signed in" in _back(browser, _there(browser)).text


def test_an_issuer_that_does_not_describe_itself_is_told(browser: httpx.Client, provider: Provider) -> None:
    for described in (
        {"issuer": "https://other.example"},
        {"authorization_endpoint": "http://other.example/authorize"},
        {"token_endpoint": None},
    ):
        provider.described = described
        page = browser.get("/sign-in/issuer")
        assert page.status_code == 422
        assert "does not answer now" in page.text
    provider.described = {}
    assert browser.get("/sign-in/issuer").status_code == 303


def test_nobody_is_led_to_another_site(browser: httpx.Client) -> None:
    for elsewhere in ("https://other.example", "//other.example", "/graphql"):
        assert 'content="0; url=/my-data"' in _back(browser, _there(browser, elsewhere)).text


def test_without_the_setting_nobody_signs_in_at_an_issuer(gateway: Asking) -> None:
    assert gateway.client.get("/sign-in/issuer").status_code == 404
    assert "/sign-in/issuer" not in gateway.client.get("/sign-in").text
    with pytest.raises(SettingsError, match="VEIL_SIGN_IN_CLIENT: people sign in only where `VEIL_ISSUER`"):
        read_settings(
            database="postgresql://",
            keys="http://unused",
            issuer="veil",
            secret="unused" * 6,
            sign_in_client="pages",
        )
    with pytest.raises(SettingsError, match="VEIL_SIGN_IN_SCOPE: name `openid`"):
        read_settings(
            database="postgresql://",
            keys="http://unused",
            issuer="veil",
            secret="unused" * 6,
            sign_in_scope="email",
        )
