"""Migration: the tables are made once, and the gateway's role may do what it needs and no more."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.database import migration
from gateway.database.migration import OFFICER_ROLE, MigrationError, migrate, required_migrations
from gateway.database.session import GATEWAY_ROLE, LEDGER_ROLE
from schema.catalog import Catalog
from tests.conftest import run

PRIVILEGES = """\
select distinct table_schema || ' ' || privilege_type from (
    select grantee, table_schema, privilege_type from information_schema.column_privileges
    union select grantee, table_schema, privilege_type from information_schema.table_privileges
) as privilege
where table_schema in ('marketplace', 'veil') and grantee = """


def migrated(url: str, catalog: Catalog) -> list[str]:
    return run(url, lambda connection: migrate(connection, catalog))


def values(url: str, query: str) -> set[Any]:
    return {row[0] for row in run(url, lambda connection: connection.fetch(query))}


def test_what_is_up_to_date_is_left_as_it_is(database_url: str, catalog: Catalog) -> None:
    assert migrated(database_url, catalog) == []
    assert set(required_migrations(catalog.marketplace)) == values(database_url, "select name from veil.migration")


def test_a_file_that_was_changed_after_it_was_applied_is_refused(database_url: str, catalog: Catalog) -> None:
    run(database_url, lambda connection: connection.execute("update veil.migration set digest = 'another'"))
    with pytest.raises(MigrationError, match="has changed since it was applied"):
        migrated(database_url, catalog)


def privileges(url: str, role: str) -> set[str]:
    return values(url, f"{PRIVILEGES}'{role}'")


def test_the_gateway_reads_and_does_nothing_else(database_url: str) -> None:
    assert privileges(database_url, GATEWAY_ROLE) == {"marketplace SELECT", "veil SELECT"}


def test_the_ledger_adds_and_sees_nothing_of_the_marketplace(database_url: str) -> None:
    assert privileges(database_url, LEDGER_ROLE) == {"veil SELECT", "veil INSERT"}


def test_the_officer_reads_the_log_and_nothing_of_the_marketplace(database_url: str) -> None:
    """Nor may they name anything there."""
    assert privileges(database_url, OFFICER_ROLE) == {"veil SELECT"}
    schemas = "select schema from (values ('marketplace'), ('veil')) one (schema) where has_schema_privilege"
    assert values(database_url, f"{schemas}('{OFFICER_ROLE}', schema, 'usage')") == {"veil"}


@pytest.mark.parametrize("role", [GATEWAY_ROLE, LEDGER_ROLE, OFFICER_ROLE])
def test_a_privilege_that_somebody_added_is_taken_back(database_url: str, catalog: Catalog, role: str) -> None:
    before = privileges(database_url, role)
    run(database_url, lambda connection: connection.execute(f"grant delete on marketplace.member to {role}"))
    assert privileges(database_url, role) == before | {"marketplace DELETE"}
    migrated(database_url, catalog)
    assert privileges(database_url, role) == before


def test_a_login_is_made_once_and_given_a_new_password_later(database_url: str) -> None:
    for password in ("first password", "second/password"):
        url = run(
            database_url,
            lambda connection, password=password: migration.create_login(connection, database_url, "a_login", password),
        )
        assert values(url, "select current_user::text") == {"a_login"}
    assert "second%2Fpassword" in url


def test_the_gateway_may_use_the_functions_of_statements(database_url: str, catalog: Catalog) -> None:
    """Also where an operator has taken functions from everybody."""
    taken = "revoke execute on all functions in schema veil from public, veil_gateway"
    run(database_url, lambda connection: connection.execute(taken))
    usable = """\
select has_function_privilege('veil_gateway', function, 'execute')
from unnest(array['veil.json_text(text)', 'veil.redact(text)', 'veil.cursor(bytea, bytea, text)']) as needed (function)"""
    assert values(database_url, usable) == {False}
    migrated(database_url, catalog)
    assert values(database_url, usable) == {True}


CENTRAL = ("member", "trade_order", "order_item", "product", "visit", "buyer_behaviour")
"""The tables that figures are made from."""


@pytest.mark.parametrize("table", CENTRAL)
def test_what_goes_with_a_table_is_made_again_over_the_view_in_its_place(
    database_url: str, catalog: Catalog, table: str
) -> None:
    """As the README says to put one's own data in."""
    put_away = f"create schema shop; create table shop.kept as select * from {table}; drop table {table} cascade"
    run(database_url, lambda connection: connection.execute(put_away))
    with pytest.raises(MigrationError) as refused:
        migrated(database_url, catalog)
    assert str(refused.value) == f"the table or view {table} is missing: make it, then run `veil migrate`"
    in_place = f"create view {table} as select * from shop.kept"
    run(database_url, lambda connection: connection.execute(in_place))
    assert set(migrated(database_url, catalog)) & {f"marketplace/00{n}_{of}_fact" for n, of in FACTS}
    assert migrated(database_url, catalog) == []


FACTS = ((3, "order"), (4, "visit"), (5, "buyer"))


@pytest.mark.parametrize(
    ("lost", "name"),
    [
        ("drop function veil.json_text(text)", "veil/003_text"),
        ("drop function veil.redact(text), veil.json_text(text)", "veil/003_text"),
        ("drop function veil.cursor(bytea, bytea, text)", "veil/005_cursor"),
        ("drop view veil.access_field", "veil/008_access_field"),
        ("drop view visit_fact", "marketplace/004_visit_fact"),
    ],
)
def test_a_view_or_function_that_is_lost_is_made_again(
    database_url: str, catalog: Catalog, lost: str, name: str
) -> None:
    run(database_url, lambda connection: connection.execute(lost))
    assert migrated(database_url, catalog) == [name]
    assert migrated(database_url, catalog) == []


def test_a_table_of_the_log_that_is_lost_is_named_and_never_made_empty(database_url: str, catalog: Catalog) -> None:
    run(database_url, lambda connection: connection.execute("drop table veil.checkpoint cascade"))
    with pytest.raises(
        MigrationError, match=r"^veil.checkpoint is missing, though Veil made it: restore it from a backup"
    ):
        migrated(database_url, catalog)


def test_facts_of_the_operators_own_are_left_alone(database_url: str, catalog: Catalog) -> None:
    own = "create table kept as select * from order_fact; drop view order_fact; alter table kept rename to order_fact"
    run(database_url, lambda connection: connection.execute(own))
    forget = "delete from veil.migration where name = 'marketplace/003_order_fact'"
    for change in ("select", forget):
        run(database_url, lambda connection, change=change: connection.execute(change))
        migrated(database_url, catalog)
        assert values(database_url, "select relkind from pg_class where oid = 'order_fact'::regclass") == {b"r"}


def test_facts_that_cannot_be_made_are_named(database_url: str, catalog: Catalog) -> None:
    change = """
        drop view order_fact; alter table order_item drop constraint order_item_pkey, drop constraint order_item_line_check;
        alter table order_item alter line type text
    """
    run(database_url, lambda connection: connection.execute(change))
    with pytest.raises(MigrationError) as refused:
        migrated(database_url, catalog)
    said = "`marketplace/003_order_fact` cannot be applied (UndefinedFunctionError); make order_fact yourself"
    assert str(refused.value) == said


def test_a_later_file_passes_over_a_table_that_gave_way_to_a_view(
    database_url: str, catalog: Catalog, tmp_path: Path
) -> None:
    """It changes the other tables, and the view is told to have what it lacks."""
    assert catalog.marketplace.tables
    for file in catalog.marketplace.tables.glob("*.sql"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    (tmp_path / "010_more.sql").write_text(
        "alter table marketplace.payment add column fee numeric;\n"
        "create index payment_fee on marketplace.payment (fee);\n"
        "alter table marketplace.dispute add column fee numeric;\n"
    )
    view = "create schema shop; alter table payment set schema shop; create view payment as select * from shop.payment"
    run(database_url, lambda connection: connection.execute(view))
    later = replace(catalog, marketplace=replace(catalog.marketplace, tables=tmp_path))
    assert migrated(database_url, later) == ["marketplace/010_more"]
    fees = "select relname from pg_class join pg_attribute on attrelid = pg_class.oid where attname = 'fee'"
    assert values(database_url, fees) == {"dispute"}


def test_a_login_that_may_make_no_roles_is_told_what_to_do(database_url: str, catalog: Catalog) -> None:
    async def as_poor(connection: Any) -> None:
        grants = "grant all on schema veil to poor; grant create on database {} to poor"
        database = await connection.fetchval("select current_database()")
        await connection.execute(f"create role poor; {grants.format(database)}; set role poor")
        await migrate(connection, catalog)

    away, back = ("officer", "officer_away"), ("officer_away", "officer")
    rename = "alter role veil_{} rename to veil_{}"
    run(database_url, lambda connection: connection.execute(rename.format(*away)))
    try:
        with pytest.raises(
            MigrationError, match=r"^this login may not make the role `veil_officer`; let it: `alter role"
        ):
            run(database_url, as_poor)
    finally:
        mend = f"{rename.format(*back)}; drop owned by poor; drop role poor"
        run(database_url, lambda connection: connection.execute(mend))
