"""A view is named if its owner may not read what is behind it, however far behind."""

import json
from typing import Any

import pytest

from gateway import column_notices
from gateway.view_owners import unreadable_views_sql
from tests.conftest import run

_PARTY = "create table party (id bigint, name text, secret text); create role keeper; create role reader"
_VIEW = "create view shown as select id, name from party; alter view shown owner to keeper"
_BEHIND = "create view behind as select id from party; create view shown as select id from behind"


def found(url: str, change: str) -> list[str]:
    async def asked(connection: Any) -> list[str]:
        async with connection.transaction():
            await connection.execute(f"{_PARTY}; {change}")
            statement = column_notices.statement(unreadable_views_sql(["shown", "missing"]))
            said = await connection.fetchval(f"select convert_from(json, 'UTF8') from ({statement.sql}) one", [True])
            await connection.execute("drop owned by keeper, reader cascade; drop role keeper, reader")
        return json.loads(said)

    return run(url, asked)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_VIEW, ["the view shown cannot be read: grant select on marketplace.party to keeper, who owns the view"]),
        (f"{_VIEW}; grant select (id, name) on party to keeper", []),
        (
            f"{_VIEW}; grant select (id) on party to keeper",
            ["the view shown cannot be read: grant select on marketplace.party to keeper, who owns the view"],
        ),
        (
            f"{_BEHIND}; alter view behind owner to keeper",
            ["the view behind cannot be read: grant select on marketplace.party to keeper, who owns the view"],
        ),
        (
            f"{_BEHIND}; alter view shown owner to reader",
            ["the view shown cannot be read: grant select on marketplace.behind to reader, who owns the view"],
        ),
        (f"{_VIEW}; alter view shown set (security_invoker = on)", []),
        ("create table shown (id bigint)", []),
    ],
)
def test_a_view_whose_owner_may_not_read_is_named(database_url: str, change: str, said: list[str]) -> None:
    assert found(database_url, change) == said
