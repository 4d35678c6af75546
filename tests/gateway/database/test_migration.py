"""Migration: the tables are made once, and the gateway's role may do what it needs and no more."""

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
