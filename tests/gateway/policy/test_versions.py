"""Versions that are kept: only those without a mistake, and each with what it said first once it was used."""

from typing import Any

import pytest

from gateway.policy import in_force, versions
from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.policy import policy_file
from schema.policy.policy_file import PolicyError
from tests.conftest import run
from tests.gateway.policy.test_in_force import FIRST, SECOND, SECOND_FILE

LISTED = "select version, digest from veil.policy_version order by version"


def keep(url: str, text: str, catalog: Catalog) -> str:
    policy = policy_file.parse_policy(text, "the text", catalog)
    return run(url, lambda connection: versions.keep_version(connection, policy, text))


def listed(url: str) -> dict[str, str]:
    return dict(run(url, lambda connection: connection.fetch(LISTED)))


def test_a_marketplaces_files_are_kept_from_the_first(database_url: str) -> None:
    assert set(listed(database_url)) == {FIRST}


def test_another_text_replaces_one_that_was_never_used(database_url: str, catalog: Catalog) -> None:
    text = SECOND_FILE.read_text("utf-8")
    first = keep(database_url, text, catalog)
    second = keep(database_url, f"{text}# otherwise\n", catalog)
    assert first != second
    assert listed(database_url)[SECOND] == second


def test_what_was_in_force_or_proposed_never_says_something_else(database_url: str, catalog: Catalog) -> None:
    first = MARKETPLACE.first_policy.read_text("utf-8")
    with pytest.raises(PolicyError, match="says something else than before"):
        keep(database_url, f"{first}# otherwise\n", catalog)
    second = SECOND_FILE.read_text("utf-8")
    digest = keep(database_url, second, catalog)
    proposed = (
        "insert into veil.policy_proposal (version_id, starts_at, entered_by)"
        " select id, now(), 'Ann' from veil.policy_version where version = $1"
    )
    run(database_url, lambda connection: connection.execute(proposed, SECOND))
    with pytest.raises(PolicyError, match="give the change a new version"):
        keep(database_url, f"{second}# otherwise\n", catalog)
    assert keep(database_url, second, catalog) == digest


def test_what_was_activated_is_kept(database_url: str, catalog: Catalog) -> None:
    """Also where it was activated before versions were kept."""

    async def activated(connection: Any) -> None:
        await in_force.activate(connection, str(SECOND_FILE), catalog, "the tests")
        await connection.execute("delete from veil.policy_version")
        await versions.keep_known_versions(connection, catalog)

    run(database_url, activated)
    assert set(listed(database_url)) == {FIRST, SECOND}
