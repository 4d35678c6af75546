"""What stands around the answers: metrics, health, errors of the web, caches. None of it is about anybody."""

import itertools
import re
from typing import get_args

import httpx
import pytest

from gateway.telemetry.spans import Stage
from schema.marketplace.words import Purposes, Roles
from schema.refusals import Code
from tests.conftest import CARE, PUBLIC, STAFF
from tests.inference.conftest import Besieged
from tests.inference.planting import traces, value

CANARY = value("EMAIL", 2)


def test_metrics_count_by_codes_and_name_nobody(besieged: Besieged) -> None:
    """Labels are codes of the policy and of Veil: no organisation, no operation, and no number of rows."""
    besieged.post(CARE, "query Lookup { members { nodes { name } } }")
    besieged.lacking()  # Whoever asks that has all counts written first.
    text = besieged.metrics()
    labels = dict.fromkeys(re.findall(r'(\w+)="', text))
    assert set(labels) == {"role", "purpose", "outcome", "stage", "treatment", "le"}
    codes = {
        "outcome": Code.__members__,
        "role": {each.value for each in Roles},
        "purpose": {each.value for each in Purposes},
        "stage": get_args(Stage),
    }
    for label, known in codes.items():
        assert set(re.findall(rf'{label}="([^"]*)"', text)) <= {*known, "ANSWERED", "none", "queue"}
    assert traces(text) == []


def test_health_says_whether_and_nothing_of_where(besieged: Besieged) -> None:
    assert besieged.client.get("/health/live").text == "live\n"
    assert besieged.client.get("/health/ready").text == "ready\n"


@pytest.mark.parametrize(
    "path",
    [f"/{CANARY}", f"/graphql/{CANARY}", f"/health/{CANARY}", f"/console/{CANARY}", "/console/personas"],
)
def test_a_path_that_leads_nowhere_is_not_repeated(besieged: Besieged, path: str) -> None:
    """And where there are no personas, there is no way to them."""
    for method in ("GET", "POST", "PUT"):
        response = besieged.client.request(method, path)
        assert response.status_code in (404, 405)
        assert traces(response.text + str(dict(response.headers))) == []


def test_the_way_to_the_console_repeats_nothing(besieged: Besieged) -> None:
    response = besieged.client.get(f"/?{CANARY}")
    assert response.status_code == 302
    assert traces(response.text + str(dict(response.headers))) == []


def answers(besieged: Besieged) -> list[httpx.Response]:
    post = besieged.client.post
    return [
        besieged.post(STAFF, "{ members(first: 1) { totalCount } }"),
        besieged.post(STAFF, "{ nowhere }"),
        post("/graphql", content=b"{"),
        post("/graphql", json={"query": "{ companies { totalCount } }"}, headers={"Authorization": f"Bearer {CANARY}"}),
        besieged.client.get("/graphql"),
        besieged.client.get(f"/graphql?query={{companies{{totalCount}}}}&x={CANARY}"),
    ]


def test_nothing_that_was_asked_for_may_be_kept_on_its_way(besieged: Besieged) -> None:
    """Neither an answer nor a refusal, by whatever method."""
    for response in answers(besieged):
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers
        assert "set-cookie" not in response.headers
        assert not any(name.startswith("access-control") for name in response.headers)
        assert traces(response.text) == []


def test_no_header_says_with_what_the_gateway_is_made(besieged: Besieged) -> None:
    for response in answers(besieged):
        assert "server" not in response.headers
        assert "x-powered-by" not in response.headers


def test_records_are_numbered_by_time_and_chance(besieged: Besieged) -> None:
    """From the id of one's own record, nobody works out how many others there were."""
    ids = [besieged.post(PUBLIC, "{ __typename }").headers["access-record"] for _ in range(20)]
    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", each) for each in ids
    )
    assert len({each[-12:] for each in ids}) == len(ids)
    steps = {int(later[-12:], 16) - int(earlier[-12:], 16) for earlier, later in itertools.pairwise(ids)}
    assert len(steps) == len(ids) - 1
