"""What an officer should know today, over HTTP: seals that are behind, many persons seen, and requests without a contract."""

import re
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from gateway.demo.development import DevelopmentKey
from gateway.policy import in_force
from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from tests.conftest import CARE, Asking, Databases, Serving, run, settings_for
from tests.gateway.log.logs import execute, seal
from tests.gateway.pages.conftest import Browsing


@pytest.fixture
def limited(
    databases: Databases, key_file: Path, key: DevelopmentKey, catalog: Catalog, tmp_path: Path
) -> Generator[tuple[Browsing, Asking]]:
    """An officer where the policy limits how many persons customer care may be shown in a day."""
    url = databases.make("sample_market")
    text = MARKETPLACE.first_policy.read_text("utf-8")
    role = re.search(r"\[roles?\.SERVICE_PROVIDER\]\n", text)
    assert role
    text = text.replace(role[0], f"{role[0]}breadth = {{ persons = 10, refuse = true }}\n")
    file = tmp_path / "limited.toml"
    file.write_text(text.replace('version = "2012-06-11"', 'version = "limited"'), "utf-8")
    run(url, lambda connection: in_force.activate(connection, str(file), catalog, "the tests"))
    with Serving(settings_for(url, key_file)) as address, httpx.Client(base_url=address, timeout=60) as client:
        asking = Asking(address, key, url)
        yield Browsing(client=client, key=key), asking
        asking.client.close()
    databases.drop(url)


def test_who_saw_too_many_persons_is_told(limited: tuple[Browsing, Asking]) -> None:
    """With the limit of their role, and a way to all that they asked."""
    browsing, asking = limited
    browsing.sign_in_to_desk()
    seal(asking.url)
    assert "Nobody is near the limit of their role." in browsing.get("/desk").text
    asking.data(CARE, "query Many { members(first: 20) { nodes { name } } }")
    seal(asking.url)
    page = browsing.get("/desk").text
    assert "One requester saw 20 persons today. The limit is 10." in page
    assert "They are refused until the day ends." in page
    requester = re.search(r'href="(/desk/who-has-seen\?requester=[^"]*)"', page)
    assert requester
    assert "asked for account service and saw data of 20 persons." in browsing.get(requester[1]).text


def test_without_limits_nobody_is_counted(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    assert "The privacy policy in force limits no role, so nobody is counted." in browsing.get("/desk").text


def test_how_far_seals_are_behind_is_told(limited: tuple[Browsing, Asking]) -> None:
    browsing, asking = limited
    browsing.sign_in_to_desk()
    assert "The log was never sealed." in browsing.get("/desk").text
    execute(asking.url, "update veil.access_record set at = at - interval '1 hour'")
    late = browsing.get("/desk").text
    assert "The oldest record without a seal is of" in late
    assert "The seals are behind. Look whether the command veil log keep runs." in late
    seal(asking.url)
    page = browsing.get("/desk").text
    assert "The log was last sealed on" in page
    assert "The seals are behind." not in page


def test_who_asked_after_their_contract_had_ended_is_told(limited: tuple[Browsing, Asking]) -> None:
    """But not where another contract is in force."""
    browsing, asking = limited
    browsing.sign_in_to_desk()
    ended = "update marketplace.contract set ends_at = now() - interval '1 day' where organisation_id = 4 and ends_at is null"
    assert 'after their contract had ended</h2>\n<p class="nothing">Nobody.</p>' in browsing.get("/desk").text
    execute(asking.url, ended)
    execute(
        asking.url,
        "update marketplace.contract set ends_at = now() - interval '1 day' where organisation_id = 4 and ends_at > now()",
    )
    asking.data(CARE, "{ __typename }")
    assert 'after their contract had ended</h2>\n<p class="nothing">Nobody.</p>' in browsing.get("/desk").text
    asking.data(CARE, "query Late { members(first: 1) { nodes { name } } }")
    page = browsing.get("/desk").text
    assert "It asked once since." in page
    assert 'href="/desk/organisations/Organisation:4"' in page
    execute(
        asking.url,
        "insert into marketplace.contract (organisation_id, purposes, starts_at)"
        " values (4, array['account_service'], now())",
    )
    assert "It asked once since." not in browsing.get("/desk").text
