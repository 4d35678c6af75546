"""The market as it is stored: every row of every table, fetched whole into dictionaries, and what the time is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]

OWN_TABLES = "select tablename from pg_tables where schemaname = 'marketplace' order by tablename"
LOG_TABLES = (
    *("veil.access_record", "veil.access_field", "veil.access_summary", "veil.access_use"),
    *("veil.planned_operation", "veil.planned_class", "veil.requester_breadth", "veil.checkpoint"),
    *("veil.policy_activation", "veil.policy_version", "veil.policy_proposal"),
)
PAPER_VIEWS = ("legal_paper", "legal_paper_member")
FIGURE_TABLES = ("veil.figure_release", "veil.figure")

PAPERS: Mapping[str, str | None] = {
    "Contract": None,
    "Campaign": None,
    "SupportCase": "member_id",
    "AffiliateAccount": "member_id",
    "CreditAssessment": "member_id",
    "LegalInstrument": "members",
    "BusinessTransfer": None,
    "Suspension": None,
}
"""The marketplace's papers, each with the column that names members."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """All rows by table, at one moment."""

    tables: Mapping[str, Sequence[Row]]
    now: datetime
    _found: dict[tuple[str, str], dict[Any, list[Row]]] = field(default_factory=dict[Any, Any])

    def rows(self, table: str) -> Sequence[Row]:
        return self.tables[table]

    def where(self, table: str, column: str, value: object) -> Sequence[Row]:
        """The rows with this value in a column; none have null."""
        if (table, column) not in self._found:
            self._found[table, column] = _by_value(self.tables[table], column)
        return self._found[table, column].get(value, ()) if value is not None else ()


def _by_value(rows: Sequence[Row], column: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


async def fetch(connection: Any) -> Market:
    """The market as an owner's connection sees it in its transaction, with that transaction's clock."""
    tables = [name for (name,) in await connection.fetch(OWN_TABLES)]
    return Market(
        tables=await _fetched(connection, [*tables, *PAPER_VIEWS, *LOG_TABLES, *FIGURE_TABLES]),
        now=await connection.fetchval("select now()"),
    )


async def with_the_log(connection: Any, market: Market) -> Market:
    """The same market with what has been recorded since."""
    return Market(tables={**market.tables, **await _fetched(connection, LOG_TABLES)}, now=market.now)


async def _fetched(connection: Any, tables: Iterable[str]) -> dict[str, Sequence[Row]]:
    return {table: [dict(row) for row in await connection.fetch(f"select * from {table}")] for table in tables}
