"""A release: recorded first, made once, never changed, and made by a role that can do nothing else."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from gateway.database.owner import OwnerError, owner
from gateway.figures.months import Month
from gateway.figures.noise import OpenDPNotInstalled
from gateway.figures.release import AlreadyReleased, Release, ReleaseError, release
from schema.catalog import Catalog
from tests.conftest import run
from tests.releases import activate_for_few

JULY = Month.read("2026-07")
"""A month after those that tests have released."""

EVERYTHING = "select * from veil.figure order by facts, unit, dimension, month, key"


def released(url: str, catalog: Catalog, month: Month | None = JULY) -> Release:
    async def work() -> Release:
        async with owner(url) as connection:
            return await release(connection, catalog, month, "A. Officer")

    return asyncio.run(work())


def fetched(url: str, query: str, *values: Any) -> list[Mapping[str, Any]]:
    return [dict(row) for row in run(url, lambda connection: connection.fetch(query, *values))]


def changed(url: str, statement: str) -> Any:
    return run(url, lambda connection: connection.execute(statement))


def test_a_release_has_its_record_which_names_the_policy_and_nobody(
    own_market_url: str, catalog: Catalog, tmp_path: Path
) -> None:
    version = run(own_market_url, lambda connection: activate_for_few(connection, catalog, tmp_path))
    done = released(own_market_url, catalog)
    (kept,) = fetched(own_market_url, "select * from veil.figure_release where month = '2026-07'")
    assert (str(kept["record"]), kept["policy"]) == (done.record, version)
    (record,) = fetched(own_market_url, "select * from veil.access_record where id = $1::text::uuid", done.record)
    assert (record["requester"], record["role"], record["purpose"]) == ("A. Officer", "PLATFORM", "aggregate_sharing")
    assert (record["operation"], record["policy"], record["outcome"]) == ("FiguresRelease", version, "ANSWERED")
    assert (record["subjects"], record["row_count"] > 100) == ([], True)
    assert record["at"] <= kept["released_at"]
    (plan,) = fetched(own_market_url, "select * from veil.access_plan where id = $1", record["plan"])
    assert "Query.orderStatistics" in plan["fields"]
    assert done.cells == len(fetched(own_market_url, "select from veil.figure where month = '2026-07'")) > 0
    assert min(row["members"] for row in fetched(own_market_url, EVERYTHING)) >= 10


def test_a_month_is_released_once(own_market_url: str, catalog: Catalog) -> None:
    released(own_market_url, catalog)
    before = fetched(own_market_url, EVERYTHING)
    with pytest.raises(AlreadyReleased, match="2026-07 was released before"):
        released(own_market_url, catalog)
    assert fetched(own_market_url, EVERYTHING) == before


@pytest.mark.parametrize(
    "statement",
    [
        "update veil.figure set count = count + 1",
        "delete from veil.figure where month = '2026-06'",
        "delete from veil.figure_release where month = '2026-06'",
        "update veil.figure_release set month = '2026-09' where month = '2026-06'",
        "truncate veil.figure_release, veil.figure",
        "insert into veil.figure select * from veil.figure",
    ],
)
def test_what_was_released_cannot_be_changed_even_by_the_owner(own_market_url: str, statement: str) -> None:
    before = fetched(own_market_url, EVERYTHING)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        changed(own_market_url, statement)
    assert fetched(own_market_url, EVERYTHING) == before


def test_by_default_the_month_that_is_over_is_released(own_market_url: str, catalog: Catalog) -> None:
    (now,) = fetched(own_market_url, "select to_char(now() at time zone 'UTC', 'YYYY-MM') as month")
    assert released(own_market_url, catalog, None).month == Month.read(now["month"]).later(-1)
    with pytest.raises(ReleaseError, match="is not over yet"):
        released(own_market_url, catalog, Month.read(now["month"]))


def test_without_its_record_nothing_is_released(
    own_market_url: str, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails after the record leaves a record without a release, and never the other way round."""
    before = fetched(own_market_url, EVERYTHING)
    changed(
        own_market_url, "alter table veil.access_record add constraint refused check (operation <> 'FiguresRelease')"
    )
    with pytest.raises(OwnerError):
        released(own_market_url, catalog)
    changed(own_market_url, "alter table veil.access_record drop constraint refused")

    def fails() -> None:
        raise OpenDPNotInstalled

    monkeypatch.setattr("gateway.figures.noise._opendp", fails)
    with pytest.raises(OpenDPNotInstalled):
        released(own_market_url, catalog)
    assert fetched(own_market_url, EVERYTHING) == before
    assert fetched(own_market_url, "select from veil.figure_release where month = '2026-07'") == []
    assert len(fetched(own_market_url, "select from veil.access_record where operation = 'FiguresRelease'")) == 1


def test_a_policy_that_shows_no_figures_has_no_releases(own_market_url: str, catalog: Catalog) -> None:
    changed(own_market_url, "delete from veil.policy_activation")
    with pytest.raises(ReleaseError, match="no policy is in force yet"):
        released(own_market_url, catalog)


# Who may do what.


def privileges(url: str, role: str) -> set[tuple[str, str]]:
    rows = fetched(
        url,
        "select distinct privilege_type, table_name from information_schema.column_privileges where grantee = $1",
        role,
    )
    return {(row["privilege_type"], row["table_name"]) for row in rows}


def test_the_role_for_figures_reads_facts_and_adds_releases_and_records(own_market_url: str) -> None:
    facts = {"order_fact", "visit_fact", "buyer_fact"}
    added = {"access_plan", "access_record", "figure_release", "figure"}
    read = {*facts, "policy_activation", "access_plan", "access_record", "figure_release"}
    assert privileges(own_market_url, "veil_figures") == {
        *(("INSERT", table) for table in added),
        *(("SELECT", table) for table in read),
    }


def test_the_gateway_reads_releases_and_no_facts(own_market_url: str) -> None:
    granted = privileges(own_market_url, "veil_gateway")
    assert {("SELECT", "figure"), ("SELECT", "figure_release")} <= granted
    assert ("INSERT", "figure") not in granted
    assert not {table for _, table in granted if table.endswith("_fact")}


def test_a_login_with_that_role_alone_can_release(own_market_url: str, catalog: Catalog) -> None:
    changed(
        own_market_url,
        "do $$ begin if not exists (select from pg_roles where rolname = 'releaser') then"
        " create role releaser login noinherit password 'not-a-secret'; end if; end $$;"
        " grant veil_figures to releaser",
    )
    parts = urlsplit(own_market_url)
    url = urlunsplit(parts._replace(netloc=f"releaser:not-a-secret@{parts.netloc.rpartition('@')[2]}"))
    assert released(url, catalog).month == JULY
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        changed(url, "set role veil_figures; select name from marketplace.member")
