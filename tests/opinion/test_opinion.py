"""A second reading of the policy, written without the compiler, comes to the same answers and the same records."""

import itertools
from collections.abc import Iterator

import pytest

from schema.marketplace.words import Roles
from tests.conftest import Databases, run
from tests.opinion import trials
from tests.opinion.deciding import Standpoint
from tests.opinion.proving import Proof
from tests.opinion.viewing import of_view

OPERATIONS = 1_000
AT_MOST = 8_000
"""If by then a grant was never seen to hold, what is tried is of no use."""


@pytest.fixture(scope="module")
def proof(databases: Databases) -> Iterator[Proof]:
    url = databases.make("empty_market")
    run(url, trials.fill)
    with trials.proof_over(url) as proof:
        yield proof
    databases.drop(url)


def test_every_view_offers_what_the_policy_says(proof: Proof) -> None:
    """All fields that are ever shown and no other; and what is plain on every row, to filter and to sort by."""
    policy, catalog = proof.gateway.own.policy, proof.gateway.catalog
    for role in Roles:
        for purpose in policy.roles[role]:
            standpoint = Standpoint(policy=policy, catalog=catalog, role=role, purpose=purpose)
            difference = of_view(standpoint, proof.gateway.own.view(role, purpose))
            assert difference is None, f"{role} for {purpose}: {difference}"


def test_whatever_is_asked_is_answered_and_recorded_as_the_policy_says(proof: Proof) -> None:
    """And every grant was seen to hold, and not to hold. `make proof` goes on for as long as it is let."""
    for seed in itertools.count():
        difference = trials.first_difference(proof, seed=seed, examples=25)
        assert difference is None, f"with seed {seed}: {difference}"
        done = proof.counts.operations
        if done >= OPERATIONS and (done >= AT_MOST or not [*proof.not_witnessed()]):
            break
    assert [*proof.not_witnessed()] == []
