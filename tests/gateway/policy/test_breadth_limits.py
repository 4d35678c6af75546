"""Limits in breadth: whoever saw too many persons today is told of, and refused where the policy says so."""

import re
import time
from collections.abc import Generator, Sequence
from pathlib import Path

import httpx
import pytest

from gateway.demo.development import DevelopmentKey
from gateway.log import erasing
from gateway.policy import in_force
from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.refusals import Code
from tests.conftest import CARE, STAFF, Asking, Requesting, Serving, run, settings_for, silent
from tests.gateway.database.servers import wait_for
from tests.gateway.log.logs import execute, seal, value

CARES = '[role.SERVICE_PROVIDER]\nis = "a company that works for the marketplace under contract"\n'
STAFFS = '[role.PLATFORM]\nis = "the marketplace\'s own services and staff"\n'
QUERY = "query ($n: Int!) { members(first: $n) { nodes { name } } }"


@pytest.fixture
def limited(own_market_url: str, catalog: Catalog, tmp_path: Path) -> str:
    """A marketplace whose policy limits customer care and the staff, and refuses customer care."""
    text = MARKETPLACE.first_policy.read_text("utf-8")
    text = text.replace('version = "2012-06-11"', 'version = "limited"')
    for role, limit in ((CARES, "{ persons = 5, refuse = true }"), (STAFFS, "{ persons = 7 }")):
        assert role in text
        text = text.replace(role, f"{role}breadth = {limit}\n")
    (tmp_path / "limited.toml").write_text(text)
    path = str(tmp_path / "limited.toml")
    run(own_market_url, lambda connection: in_force.activate(connection, path, catalog, "the tests"))
    return own_market_url


@pytest.fixture
def asking(limited: str, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    with Serving(settings_for(limited, key_file)) as address:
        asking = Asking(address, key, limited)
        yield asking
        asking.client.close()


def ask(asking: Asking, requesting: Requesting, persons: int, sub: str | None = None) -> httpx.Response:
    token = asking.key.sign(
        requesting.role, [requesting.purpose], organisation=requesting.organisation, now=time.time(), sub=sub
    )
    return asking.client.post(
        "/graphql",
        json={"query": QUERY, "variables": {"n": persons}},
        headers={"Authorization": f"Bearer {token}", "Access-Purpose": requesting.purpose.value},
    )


def seen(asking: Asking) -> Sequence[float]:
    """Seals the log, lets the gateway look, and tells the metric."""
    seal(asking.url)
    # A look that had begun before ends with the first of these.
    for _ in range(2):
        assert asking.client.get("/health/ready").status_code == 200
    end = time.monotonic() + 10
    while not (found := re.findall(r"^veil_breadth_exceeded (\S+)$", asking.metrics(), re.MULTILINE)):
        assert time.monotonic() < end
    return [float(each) for each in found]


def is_refused(response: httpx.Response) -> bool:
    return response.status_code == 403 and response.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_PERSONS"


def test_a_requester_over_the_limit_is_refused_until_the_day_ends(asking: Asking) -> None:
    """The refusal is recorded. Another requester of the role is answered."""
    assert ask(asking, CARE, 5).status_code == 200
    assert seen(asking) == [0]
    assert ask(asking, CARE, 6).status_code == 200
    assert seen(asking) == [1]
    refused = ask(asking, CARE, 1)
    assert is_refused(refused)
    assert refused.json()["errors"][0]["message"] == Code.TOO_MANY_PERSONS.meaning
    assert "tomorrow" in refused.json()["errors"][0]["extensions"]["hint"]
    record = asking.record(refused)
    assert (record["outcome"], record["requester"]) == ("TOO_MANY_PERSONS", "development:SERVICE_PROVIDER")
    assert ask(asking, CARE, 1, sub="another").status_code == 200
    execute(asking.url, "update veil.access_breadth set day = day - 1")
    execute(asking.url, "update veil.access_breadth_count set day = day - 1")
    assert seen(asking) == [0]
    assert ask(asking, CARE, 1).status_code == 200


def test_a_role_that_is_not_refused_is_told_of_alone(asking: Asking, caplog: pytest.LogCaptureFixture) -> None:
    """By one line for each requester and day, which names nobody, and by the metric."""
    assert ask(asking, STAFF, 8).status_code == 200
    for _ in range(2):
        assert seen(asking) == [1]
        assert ask(asking, STAFF, 8).status_code == 200
    assert ask(asking, CARE, 6).status_code == 200
    assert seen(asking) == [2]
    told = [each.message for each in caplog.records if each.name == "gateway.policy.breadth_limits"]
    assert told == [
        "a requester with the role PLATFORM saw 8 persons today, over the limit of 7, and is not refused",
        "a requester with the role SERVICE_PROVIDER saw 6 persons today, over the limit of 5, and is refused until the day ends",
    ]


def test_a_member_who_is_erased_makes_room(asking: Asking) -> None:
    assert ask(asking, CARE, 6).status_code == 200
    assert seen(asking) == [1]
    member = value(asking.url, "select subject from veil.access_breadth limit 1")
    run(asking.url, lambda connection: erasing.erase(connection, member, silent))
    assert seen(asking) == [0]
    assert ask(asking, CARE, 1).status_code == 200


def test_another_policy_has_other_limits(asking: Asking, catalog: Catalog) -> None:
    """The first has none that refuses."""
    assert ask(asking, CARE, 6).status_code == 200
    seen(asking)
    assert is_refused(ask(asking, CARE, 1))
    run(asking.url, lambda connection: in_force.activate(connection, "2012-06-11", catalog, "the tests"))
    assert seen(asking) == [0]
    assert ask(asking, CARE, 1).status_code == 200


def test_nobody_is_answered_while_the_counts_cannot_be_read(limited: str, key: DevelopmentKey, key_file: Path) -> None:
    """Else whoever is to be refused would be answered."""
    execute(limited, "alter table veil.access_breadth_count rename to lost")
    with Serving(settings_for(limited, key_file)) as address:
        asking = Asking(address, key, limited)
        assert ask(asking, CARE, 1).status_code == 503
        assert "access_breadth_count" in asking.lacking()
        execute(limited, "alter table veil.lost rename to access_breadth_count")
        wait_for(lambda: asking.client.get("/health/ready").status_code == 200)
        assert seen(asking) == [0]
        assert ask(asking, CARE, 1).status_code == 200
        asking.client.close()
