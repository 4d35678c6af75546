"""Which policy a command speaks of, and that it says so."""

import hashlib
from pathlib import Path

import pytest

from gateway.cli.at_hand import policy_at_hand
from schema.catalog import Catalog
from schema.policy.policy_file import PolicyError
from tests.conftest import run
from tests.gateway.cli.conftest import SECOND, Veil


def test_with_a_database_it_is_the_policy_in_force_there(veil: Veil, database_url: str, catalog: Catalog) -> None:
    first = policy_at_hand(None, database_url, catalog)
    assert first.policy.version == "2012-06-11"
    assert veil("policy", "activate", SECOND, "--database", database_url, "--by", "A. Officer", "--yes").code == 0
    second = policy_at_hand(None, database_url, catalog)
    assert second.policy.version == "2013-01-01"
    assert second.digest == hashlib.sha256(Path(SECOND).read_bytes()).hexdigest()
    assert second.origin.startswith("policy 2013-01-01, in force since 20")
    assert second.origin.endswith(" UTC, by A. Officer")
    assert second.lines[:2] == [f"# {second.origin}", f"# sha256:{second.digest}"]


def test_a_version_is_found_in_the_database_by_its_name(veil: Veil, database_url: str, catalog: Catalog) -> None:
    """Also one that comes with Veil no longer."""
    with pytest.raises(PolicyError):
        policy_at_hand("2013-01-01", database_url, catalog)
    assert veil("policy", "activate", SECOND, "--database", database_url, "--yes").code == 0
    assert veil("policy", "activate", "2012-06-11", "--database", database_url, "--yes").code == 0
    stored = policy_at_hand("2013-01-01", database_url, catalog)
    assert stored.origin.startswith("policy 2013-01-01, no longer in force, put in force last 20")
    assert veil("policy", "activate", "2013-01-01", "--database", database_url, "--yes").code == 0
    assert policy_at_hand(None, database_url, catalog).policy.version == "2013-01-01"


def test_without_a_database_it_comes_with_veil_or_is_a_file(catalog: Catalog) -> None:
    assert policy_at_hand(None, None, catalog).lines == []
    assert policy_at_hand(None, None, catalog).origin == "policy 2012-06-11, as it comes with Veil"
    assert policy_at_hand(SECOND, None, catalog).origin == f"policy 2013-01-01, of the file {SECOND}"


def test_where_none_was_ever_in_force_it_says_so(database_url: str, catalog: Catalog) -> None:
    run(database_url, lambda connection: connection.execute("truncate veil.policy_activation"))
    at_hand = policy_at_hand(None, database_url, catalog)
    assert at_hand.lines[0] == "# policy 2012-06-11, as it comes with Veil; it was never in force here"
    assert not at_hand.was_activated
