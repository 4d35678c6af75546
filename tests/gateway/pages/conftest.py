"""Pages over a real gateway, by real HTTP: a browser without a window that keeps cookies and sends forms."""

import re
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path

import httpx
import pytest

from gateway.demo import personas
from gateway.demo.development import DevelopmentKey
from gateway.demo.looking import Looking
from gateway.http.console import Persona
from gateway.log.signing import SigningKey
from schema.catalog import Catalog
from schema.marketplace.words import Purposes
from schema.policy import policy_file
from tests.conftest import MEMBER, OFFICER, Databases, Requesting, Serving, settings_for

TYPED = re.compile(r'<input id="[^"]*" name="([^"]*)" type="(?!hidden|password)[^"]*" value="([^"]*)"')
AREA = re.compile(r'<textarea id="[^"]*" name="([^"]*)"[^>]*>([^<]*)</textarea>')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')

OFFICERS_PURPOSES = (Purposes.PRIVACY_OVERSIGHT, Purposes.DATA_SUBJECT_REQUEST, Purposes.PRIVACY_ADMINISTRATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsing:
    """Somebody who reads pages and sends forms."""

    client: httpx.Client
    key: DevelopmentKey

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)

    def proof(self) -> str:
        """What a form of this browser carries."""
        return hidden_fields(self.get("/sign-in").text)["_proof"]

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]], **headers: str) -> httpx.Response:
        """Sends a form as a browser does, with the proof of its page unless another is given."""
        origin = str(self.client.base_url).rstrip("/")
        sent = {"_proof": self.proof(), **fields} if "_proof" not in fields else fields
        return self.client.post(path, data=dict(sent), headers={"Origin": origin, **headers})

    def send(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> httpx.Response:
        """Opens a page and sends its form, with what is typed or ticked."""
        page = self.get(path).text
        return self.post(path, {**hidden_fields(page), **values_of(page), **fields})

    def sign_in(self, requesting: Requesting = MEMBER) -> httpx.Response:
        return self.post("/sign-in", {"token": requesting.token(self.key), "next": "/my-data"})

    def sign_in_to_desk(self, purposes: Sequence[Purposes] = OFFICERS_PURPOSES, sub: str = "Ann") -> httpx.Response:
        now = time.time() // 600 * 600
        token = self.key.sign(OFFICER.role, purposes, organisation=OFFICER.organisation, sub=sub, now=now)
        return self.post("/sign-in", {"token": token, "next": "/desk"})


def values_of(page: str) -> dict[str, str]:
    """What the visible text fields of a page have in them."""
    found = {unescape(name): unescape(value) for name, value in TYPED.findall(page)}
    return {**found, **{unescape(name): unescape(value) for name, value in AREA.findall(page)}}


def hidden_fields(page: str) -> dict[str, str]:
    return {unescape(name): unescape(value) for name, value in HIDDEN.findall(page)}


@pytest.fixture(scope="session")
def cast(key: DevelopmentKey, catalog: Catalog) -> Sequence[Persona]:
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    return personas.personas(key, policy)


@pytest.fixture(scope="module")
def address(market_url: str, key_file: Path, cast: Sequence[Persona], catalog: Catalog) -> Generator[str]:
    """A gateway that offers personas, as a demo does."""
    looking = Looking(url=market_url, key=SigningKey.generate("veil.test/log").public, marketplace=catalog.marketplace)
    with Serving(settings_for(market_url, key_file), offered=partial(looking.offer, lambda: cast)) as address:
        yield address


@pytest.fixture
def own_browsing(own_market_url: str, key_file: Path, key: DevelopmentKey) -> Generator[Browsing]:
    """Somebody who changes what a test of its own has."""
    with (
        Serving(settings_for(own_market_url, key_file)) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        yield Browsing(client=client, key=key)


@pytest.fixture
def browsing(address: str, key: DevelopmentKey) -> Generator[Browsing]:
    with httpx.Client(base_url=address, timeout=30) as client:
        yield Browsing(client=client, key=key)


@pytest.fixture(scope="module")
def own_address(databases: Databases, key_file: Path) -> Generator[str]:
    """The same over a marketplace of a module's own, which its tests may change."""
    url = databases.make("sample_market")
    with Serving(settings_for(url, key_file)) as address:
        yield address
    databases.drop(url)


@pytest.fixture
def changing(own_address: str, key: DevelopmentKey) -> Generator[Browsing]:
    with httpx.Client(base_url=own_address, timeout=30) as client:
        yield Browsing(client=client, key=key)
