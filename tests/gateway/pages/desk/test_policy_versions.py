"""The page of a version of the policy, over HTTP: what it changes, and two officers who put it in force."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.demo.development import DevelopmentKey
from gateway.policy import versions
from schema.catalog import Catalog
from schema.policy import policy_file
from tests.conftest import CARE, Asking, Databases, Serving, run, settings_for
from tests.gateway.log.logs import seal
from tests.gateway.pages.conftest import Browsing, hidden_fields

SECOND = "2013-01-01"
SECOND_FILE = Path(__file__).parents[3] / "policies" / f"{SECOND}.toml"
PAGE = f"/desk/policy/versions/{SECOND}"
ASKED = "query Opened { members(first: 3) { nodes { name } } }"


async def keep_second(connection: Any, catalog: Catalog) -> None:
    text = policy_file.text_of(SECOND_FILE)
    await versions.keep_version(connection, policy_file.parse_policy(text, SECOND, catalog), text)


@pytest.fixture
def officer(
    databases: Databases, key_file: Path, key: DevelopmentKey, catalog: Catalog
) -> Generator[tuple[Browsing, Asking]]:
    """An officer where a second version is kept, and somebody has asked for what it closes."""
    url = databases.make("sample_market")
    run(url, lambda connection: keep_second(connection, catalog))
    with (
        Serving(settings_for(url, key_file)) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        asking = Asking(address, key, url)
        asking.data(CARE, ASKED)
        seal(url)
        yield Browsing(client=client, key=key), asking
        asking.client.close()
    databases.drop(url)


def _send(officer: Browsing, doing: str, key: str) -> httpx.Response:
    against = hidden_fields(officer.get(PAGE).text).get("against", "")
    return officer.post(PAGE, {"doing": doing, "against": against, "_key": key})


def test_one_officer_proposes_and_another_puts_in_force(officer: tuple[Browsing, Asking]) -> None:
    """Never the same. It is recorded, and the history says who did both."""
    browsing, asking = officer
    browsing.sign_in_to_desk(sub="Ann")
    assert f'href="{PAGE}"' in browsing.get("/desk/policy").text
    assert "Put it in force now" not in browsing.get(PAGE).text
    assert _send(browsing, "propose", "one").headers["location"] == f"{PAGE}?done=proposed"
    assert "Proposed by Ann on" in browsing.get(PAGE).text
    refused = _send(browsing, "approve", "ann")
    assert refused.status_code == 422
    assert "Nothing was changed." in refused.text
    assert "Version 2012-06-11" in browsing.get("/desk/policy").text
    browsing.sign_in_to_desk(sub="Bo")
    assert _send(browsing, "approve", "bo").headers["location"] == "/desk/policy?done=put_in_force"
    page = browsing.get("/desk/policy").text
    assert f"Version {SECOND}" in page
    assert "by Bo, proposed by Ann." in page
    assert "This version is in force." in browsing.get(PAGE).text
    query = "select fields::text from veil.access_plan where operation = 'DecideVersion'"
    recorded = run(asking.url, lambda connection: connection.fetchval(query))
    assert '"PolicyProposal.approvedAt"' in recorded


def test_what_opens_and_closes_is_told_with_the_operations_it_touches(officer: tuple[Browsing, Asking]) -> None:
    browsing, _ = officer
    browsing.sign_in_to_desk()
    page = browsing.get(PAGE).text
    assert "Here it is compared with version 2012-06-11" in page
    assert "Every token changes: the epoch was 1 and becomes 2" in page
    assert "★ Opens" in page
    assert "Shown as it is: phone (member)." in page
    assert "Only when the subject responded to a campaign of the requester." in page
    assert "<strong>Opened</strong>, asked as SERVICE_PROVIDER for account service" in page
    assert "Used once." in page
    assert "It would show less of: name (member)." in page


def test_a_proposal_is_taken_back(officer: tuple[Browsing, Asking]) -> None:
    browsing, _ = officer
    browsing.sign_in_to_desk(sub="Ann")
    _send(browsing, "propose", "one")
    assert _send(browsing, "end", "two").headers["location"] == "/desk/policy?done=proposal_ended"
    assert "Proposed by" not in browsing.get(PAGE).text
    assert _send(browsing, "approve", "three").status_code == 404


def test_what_was_looked_at_beside_another_version_is_not_done(officer: tuple[Browsing, Asking]) -> None:
    browsing, _ = officer
    browsing.sign_in_to_desk(sub="Ann")
    sent = browsing.post(PAGE, {"doing": "propose", "against": "2001-01-01", "_key": "late"})
    assert sent.status_code == 409


def test_a_version_that_is_not_kept_is_not_there(officer: tuple[Browsing, Asking]) -> None:
    browsing, _ = officer
    browsing.sign_in_to_desk()
    for version in ("2001-01-01", "x%00", "%27"):
        assert browsing.get(f"/desk/policy/versions/{version}").status_code in (404, 422)
