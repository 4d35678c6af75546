"""What this marketplace destroys: every category that may be asked for, and every table that names a member."""

import re
from pathlib import Path

from schema.catalog import Catalog
from schema.marketplace.destruction import DESTRUCTION
from tests.conftest import run

PAGE = Path("docs/rights.md").read_text("utf-8")

NAMING_MEMBERS = """
    select conrelid::regclass::text as table, attname as column
    from pg_constraint join pg_attribute on attrelid = conrelid and attnum = any (conkey)
    where contype = 'f' and confrelid = 'marketplace.member'::regclass"""

STAYS = {"complaint", "data_subject_request", "destruction_receipt", "legal_instrument_subject"}
"""Complaints, what was asked and what was done, and papers: no category that may be asked for."""


def test_every_category_that_may_be_asked_for_can_be_destroyed(catalog: Catalog) -> None:
    (words,) = catalog.mutations["requestDestruction"].inputs.values()
    assert {*(words.words or ())} == {category.value for category in DESTRUCTION.categories}


def test_every_column_that_names_a_member_is_destroyed_or_stays_for_a_reason(market_url: str) -> None:
    """A new table is thought of here before it is destroyed by nobody."""
    rows = run(market_url, lambda connection: connection.fetch(NAMING_MEMBERS))
    columns = {(row["table"].removeprefix("marketplace."), row["column"]) for row in rows}
    destroyed = {(rule.table, rule.member) for rule in DESTRUCTION.rules}
    assert {each for each in columns if each[0] not in STAYS} <= destroyed


def test_each_column_of_a_type_is_emptied_where_its_row_stays(catalog: Catalog) -> None:
    """Of a member's own row: all that is shown of it, and what no field shows too."""
    member = catalog.entities["Member"]
    shown = {column.column for column in member.columns.values()} - {"id"}
    (rule,) = [each for each in DESTRUCTION.rules if each.table == "member"]
    assert shown < {*rule.written}
    assert "password_hash" in rule.emptied


def test_the_page_lists_what_holds_rows() -> None:
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+) \|$", PAGE, re.MULTILINE))
    assert listed == DESTRUCTION.holdings
    assert f"{DESTRUCTION.backup_days} days" in PAGE
