"""A version of the policy is proposed by one officer and put in force by another (V1, V2)."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from gateway.policy import in_force, versions
from schema.catalog import Catalog
from schema.policy import policy_file
from tests.clauses.seeing import Market, act, asking_as, enter
from tests.clauses.test_changes_and_contact import activate, answering_version
from tests.clauses.test_changing import refusal
from tests.clauses.test_entering import by, latest
from tests.conftest import run

SECOND = Path(__file__).parents[1] / "policies" / "2013-01-01.toml"
OFFICER = asking_as("PRIVACY_OFFICER", "privacy_oversight")
HISTORY = "{ policyActivations(first: 1) { nodes { version activatedBy } } }"


@pytest.fixture
def kept(market: Market, catalog: Catalog) -> Generator[str]:
    """The second version, which is kept and not in force; the first is in force again after a test."""

    async def keep(connection: Any) -> int:
        text = policy_file.text_of(SECOND)
        await versions.keep_version(connection, policy_file.parse_policy(text, SECOND.name, catalog), text)
        return await connection.fetchval("select id from veil.policy_version where version = '2013-01-01'")

    yield f"PolicyVersion:{run(market.asking.url, keep)}"
    if answering_version(market) != "2012-06-11":
        activate(market, "2012-06-11", catalog)
        assert answering_version(market) == "2012-06-11"


def proposed(market: Market, version: str, name: str) -> str:
    response = enter(market, "proposePolicy", {"version": version}, by(name, OFFICER))
    assert response.json()["data"] == {"proposePolicy": {"fields": ["version"]}}
    return f"PolicyProposal:{latest(market, 'veil.policy_proposal')['id']}"


@pytest.mark.clause(id="V1")
@pytest.mark.clause(id="V2")
@pytest.mark.grant(id="E9c")
def test_one_officer_proposes_a_version_and_another_puts_it_in_force(market: Market, kept: str) -> None:
    """It is in force at once, with the names of both, and its putting in force is recorded."""
    proposal = proposed(market, kept, "Ann")
    assert answering_version(market) == "2012-06-11"
    code, _ = refusal(act(market, "approvePolicy", proposal, by("Ann", OFFICER)))
    assert (code, answering_version(market)) == ("ARGUMENT", "2012-06-11")
    response = act(market, "approvePolicy", proposal, by("Bo", OFFICER))
    assert response.json()["data"] == {"approvePolicy": {"fields": ["approvedAt"]}}
    assert market.asking.record(response)["outcome"] == "ANSWERED"
    assert answering_version(market) == "2013-01-01"
    (activation,) = market.data(OFFICER, HISTORY)["policyActivations"]["nodes"]
    assert activation == {"version": "2013-01-01", "activatedBy": "Bo, proposed by Ann"}
    late = by("Cy", OFFICER)
    assert refusal(act(market, "approvePolicy", proposal, late))[0] in ("NOT_FOUND", "CONFLICT")
    assert refusal(act(market, "endPolicyProposal", proposal, late))[0] == "NOT_FOUND"


@pytest.mark.grant(id="E9c")
def test_a_proposal_that_is_taken_back_or_replaced_puts_nothing_in_force(market: Market, kept: str) -> None:
    first = proposed(market, kept, "Ann")
    second = proposed(market, kept, "Bo")
    assert refusal(act(market, "approvePolicy", first, by("Cy", OFFICER)))[0] == "NOT_FOUND"
    act(market, "endPolicyProposal", second, by("Bo", OFFICER))
    assert refusal(act(market, "approvePolicy", second, by("Cy", OFFICER)))[0] == "NOT_FOUND"
    assert answering_version(market) == "2012-06-11"


@pytest.mark.grant(id="E9c")
def test_only_a_version_that_is_kept_can_be_proposed(market: Market) -> None:
    for version in ("PolicyVersion:999999", "2013-01-01"):
        given = {"version": version}
        assert refusal(enter(market, "proposePolicy", given, by("Ann", OFFICER)))[0] in ("ARGUMENT", "NOT_FOUND")


def test_a_gateway_cannot_put_in_force_what_one_person_proposed_and_approved(market: Market, kept: str) -> None:
    """Not even with the database's own privileges of whoever changes."""

    async def tried(connection: Any) -> None:
        await connection.execute("set role veil_writer")
        await connection.execute(
            "insert into veil.policy_proposal (version_id, starts_at, entered_by) values ($1, now(), 'Ann')",
            int(kept.partition(":")[2]),
        )
        for approving in ("approved_by = 'Ann', approved_at = now()", "approved_at = now()", "approved_by = 'Bo'"):
            with pytest.raises(Exception, match=r"cannot be approved so|violates check constraint"):
                await connection.execute(f"update veil.policy_proposal set {approving} where approved_at is null")
        with pytest.raises(Exception, match="permission denied"):
            await connection.execute("update veil.policy_proposal set entered_by = 'Bo'")

    run(market.asking.url, tried)
    assert answering_version(market) == "2012-06-11"


def test_what_was_in_force_can_be_proposed_again(market: Market, kept: str, catalog: Catalog) -> None:
    """And a version with other content is not kept in its place."""
    assert run(market.asking.url, lambda connection: in_force.activate(connection, str(SECOND), catalog, "the tests"))
    listed = market.data(OFFICER, "{ policyVersions { nodes { id version } } }")["policyVersions"]["nodes"]
    assert {each["version"] for each in listed} == {"2012-06-11", "2013-01-01"}
    assert kept in {each["id"] for each in listed}
