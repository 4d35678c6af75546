"""What stands on the log's tables that Veil did not put there."""

from typing import Any

import pytest

from gateway.log import guards
from gateway.log.snapshot import log_snapshot
from tests.conftest import run


def found(url: str) -> list[str]:
    async def asked(connection: Any) -> list[str]:
        view = await guards.expected_view(connection)
        async with log_snapshot(connection):
            return list(await guards.found(connection, view))

    return run(url, asked)


def test_nothing_is_reported_of_tables_that_were_migrated(database_url: str) -> None:
    assert found(database_url) == []


@pytest.mark.parametrize("table", guards.TABLES)
def test_each_table_of_the_log_is_looked_at(table: str, database_url: str) -> None:
    """For triggers, rules, row security and grants."""
    for statement in (
        "create function veil.nothing() returns trigger language plpgsql as 'begin return null; end'",
        f"create trigger swallowed before insert on veil.{table} for each row execute function veil.nothing()",
        f"create rule ignored as on delete to veil.{table} do instead nothing",
        f"create policy hidden on veil.{table} using (false)",
        f"alter table veil.{table} enable row level security",
        f"grant update on veil.{table} to veil_gateway",
        f"grant select on veil.{table} to public",
    ):
        run(database_url, lambda connection, text=statement: connection.execute(text))
    assert found(database_url) == [
        f"everybody may SELECT on veil.{table}",
        f"row security is on for veil.{table}",
        f"the policy hidden is on veil.{table}",
        f"the rule ignored is on veil.{table}",
        f"the trigger swallowed is on veil.{table}",
        f"veil_gateway may UPDATE on veil.{table}",
    ]


def test_a_grant_on_a_column_is_found(database_url: str) -> None:
    grant = "grant update (subjects) on veil.access_record to veil_gateway"
    run(database_url, lambda connection: connection.execute(grant))
    assert found(database_url) == ["veil_gateway may UPDATE on veil.access_record"]


def test_a_role_that_reads_may_add_no_record(database_url: str) -> None:
    """The ledger's alone may, and that of the releases."""
    grant = "grant insert (id, policy, outcome) on veil.access_record to veil_gateway"
    run(database_url, lambda connection: connection.execute(grant))
    assert found(database_url) == ["veil_gateway may INSERT on veil.access_record"]


def test_a_view_in_the_place_of_a_table_is_found(database_url: str) -> None:
    swap = """
        alter table veil.checkpoint rename to true_checkpoint;
        create view veil.checkpoint as select * from veil.true_checkpoint"""
    run(database_url, lambda connection: connection.execute(swap))
    assert "veil.checkpoint is no table" in found(database_url)


def test_a_changed_view_is_found(database_url: str) -> None:
    changed = """
        create or replace view veil.access_field as
        select id as record, 1::bigint as subject, 1::bigint as line, role as field, role as treatment, role as clauses
        from veil.access_plan"""
    run(database_url, lambda connection: connection.execute(changed))
    assert found(database_url) == ["the view veil.access_field was changed"]
