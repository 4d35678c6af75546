"""At the start an operator reads by name which columns hold what their fields cannot show."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from gateway import app
from gateway.settings import Settings
from tests.conftest import run, settings_for

CHANGE = """
alter table order_item alter quantity type bigint;
alter table dispute drop constraint dispute_reason_check, drop constraint dispute_outcome_check;
update dispute set reason = 'CHARGEBACK' where id in (select id from dispute order by id limit 3);
update dispute set outcome = 'refunded' where id = (select min(id) from dispute);
update dispute set outcome = 'ask joan@example.com' where id = (select max(id) from dispute);
"""


def reported(settings: Settings, caplog: pytest.LogCaptureFixture) -> list[str]:
    asyncio.run(app.report_columns(settings))
    return [record.getMessage() for record in caplog.records if record.name == "gateway.column_notices"]


def test_columns_that_fit_their_fields_are_not_mentioned(
    market_url: str, key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert reported(settings_for(market_url, key_file), caplog) == []


def test_what_does_not_fit_is_named_with_its_place_and_number(
    own_market_url: str, key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A word is named; of what is no word it is only said that it is there."""
    run(own_market_url, lambda connection: connection.execute(CHANGE))
    lines = reported(settings_for(own_market_url, key_file), caplog)
    lacks = "its enum lacks it, and it leaves as null"
    assert sorted(lines) == [
        f"the column outcome of dispute holds `refunded` in 1 row: {lacks}",
        f"the column outcome of dispute holds a text that is no word in 1 row: {lacks}",
        "the column quantity of order_item is of type bigint: an `Int` has 32 bits, and a value beyond them leaves as null",
        f"the column reason of dispute holds `CHARGEBACK` in 3 rows: {lacks}",
    ]
    assert "joan" not in caplog.text


def test_a_database_that_is_not_there_is_left_to_readiness(
    market_url: str, key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_for(market_url, key_file, timeout=1)
    gone: Any = settings.model_copy(update={"database": settings.database.__class__("postgresql://a:b@127.0.0.1:1/c")})
    assert reported(gone, caplog) == []
