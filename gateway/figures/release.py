"""Makes the release of a month: bounded and exact in the database, recorded, then drawn and stored.

A month is released once, after it is over by the database's clock. Its record is durable before anything is drawn. What
is stored never changes: figures are read from there, and from nowhere else.
"""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

from gateway.database.migration import FIGURES_ROLE
from gateway.database.session import store_plans
from gateway.figures.budget import Budget, dimension_budgets, release_budget
from gateway.figures.cells import Cell, ExactCell, drawn
from gateway.figures.months import Month, Period
from gateway.ledger.records import record_ids, released, store_record
from gateway.policy import in_force
from resolvers.sql.pieces import name
from resolvers.sql.releases import exact_figures_sql, groupings
from resolvers.sql.render import PlanRecord
from resolvers.sql.statistics import TOGETHER
from schema.catalog import Catalog
from schema.fields import StatisticsField, StructuralEnum
from schema.policy.figures import FigureBounds, FigureRules
from schema.policy.grants import Policy
from schema.treatments import Treatment

OPERATION = "FiguresRelease"

_WORK_AS: LiteralString = "select set_config('role', rolname, true) from pg_roles where rolname = $1"

_STORE: LiteralString = """\
insert into veil.figure (facts, unit, dimension, month, key, members, count, sum)
select $1, unit, $2, $3, key, members, count, sum
from unnest($4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::numeric[]) as cell (unit, key, members, count, sum)"""

# A policy that has changed since would have recorded another version.
_BEGIN: LiteralString = """\
insert into veil.figure_release (month, policy, record)
select $1, $2, $3 where $2 = (select version from veil.policy_activation order by id desc limit 1)
on conflict do nothing returning month"""


class ReleaseError(Exception):
    """Nothing was released; the message says why."""


class AlreadyReleased(ReleaseError):
    def __init__(self, month: Month) -> None:
        super().__init__(f"{month} was released before, and is never released again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What was released: its month, its record, and how many cells are shown."""

    month: Month
    record: str
    cells: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grouping:
    """The exact cells of one dimension, and what may be spent on showing them."""

    facts: StatisticsField
    dimension: str
    cells: Sequence[ExactCell]
    bounds: FigureBounds
    budget: Budget

    def drawn(self) -> Sequence[Cell]:
        return drawn(self.cells, self.facts, self.bounds, self.budget)


async def release(connection: Any, catalog: Catalog, month: Month | None, by: str) -> Release:
    """Releases a month, by default the one that is over. `connection` may work as the role for figures.

    Raises `ReleaseError`, or `OpenDPNotInstalled` without OpenDP.
    """
    async with _releasing(connection, catalog):
        policy, rules = await _rules(connection, catalog)
        month = await _month(connection, month)
        exact = await _exact(connection, catalog, rules, month)
        record = await _record(connection, catalog, policy, by, sum(each.count for each in _together(exact)))
    async with _releasing(connection, catalog):
        if not await connection.fetchval(_BEGIN, str(month), policy.version, record):
            raise ReleaseError("another release or another policy came first; run it again")
        shown = [(each, each.drawn()) for each in exact]
        for grouping, cells in shown:
            await _store(connection, grouping, month, cells)
    return Release(month=month, record=record, cells=sum(len(cells) for _, cells in shown))


@asynccontextmanager
async def _releasing(connection: Any, catalog: Catalog) -> AsyncGenerator[None]:
    """A transaction of the role that may release, over one snapshot, durable when it ends."""
    search_path = f"{name(catalog.marketplace.schema).text}, veil, pg_catalog"
    async with connection.transaction(isolation="repeatable_read"):
        if not await connection.fetchval(_WORK_AS, FIGURES_ROLE):
            raise ReleaseError(f"the database has no role `{FIGURES_ROLE}` yet; run `veil migrate` first")
        await connection.execute("set local synchronous_commit = on")
        # Facts are in the marketplace's tables.
        await connection.fetchval("select set_config('search_path', $1, true)", search_path)
        yield


async def _rules(connection: Any, catalog: Catalog) -> tuple[Policy, FigureRules]:
    policy = await in_force.current_policy(connection, catalog)
    if policy is None:
        raise ReleaseError("no policy is in force yet; `veil migrate` puts the first one in force")
    if policy.figures is None:
        raise ReleaseError(f"policy {policy.version} shows figures to nobody, so none are released")
    return policy, policy.figures


async def _month(connection: Any, month: Month | None) -> Month:
    current = Month.read(await connection.fetchval("select to_char(now() at time zone 'UTC', 'YYYY-MM')"))
    chosen = month or current.later(-1)
    if chosen >= current:
        raise ReleaseError(f"{chosen} is not over yet")
    if await connection.fetchval("select exists (select from veil.figure_release where month = $1)", str(chosen)):
        raise AlreadyReleased(chosen)
    return chosen


# What is exact.


async def _exact(connection: Any, catalog: Catalog, rules: FigureRules, month: Month) -> Sequence[_Grouping]:
    found: list[_Grouping] = []
    for facts in catalog.statistics.values():
        if facts.category in rules.bounds:
            found += await _groupings(connection, facts, rules, month)
    return found


async def _groupings(connection: Any, facts: StatisticsField, rules: FigureRules, month: Month) -> Sequence[_Grouping]:
    bounds = rules.bounds[facts.category]
    of_period, of_month = groupings(facts)
    period = month.period(rules.months) if facts.month else month.until_its_end
    cells = await _cells(connection, facts, bounds, of_period, period)
    cells |= await _cells(connection, facts, bounds, of_month, month.period(1)) if of_month else {}
    dimensions = [_name(each) for each in (*of_period, *of_month)]
    budgets = dimension_budgets(release_budget(rules).part(bounds.share), len(dimensions) - 1)
    return [
        _Grouping(facts=facts, dimension=dimension, cells=cells.get(dimension, []), bounds=bounds, budget=part)
        for dimension, part in zip(dimensions, budgets, strict=True)
    ]


async def _cells(
    connection: Any,
    facts: StatisticsField,
    bounds: FigureBounds,
    dimensions: Sequence[StructuralEnum | None],
    period: Period,
) -> dict[str, list[ExactCell]]:
    rows = await connection.fetch(
        exact_figures_sql(facts, dimensions),
        period.since,
        period.until,
        bounds.contributions,
        list(bounds.largest),
        list(bounds.largest.values()),
    )
    found: dict[str, list[ExactCell]] = {}
    for unit, dimension, key, members, count, total in rows:
        cell = ExactCell(unit=unit, key=key, members=members, count=count, sum=total)
        found.setdefault(dimension, []).append(cell)
    return found


def _name(dimension: StructuralEnum | None) -> str:
    return dimension.value if dimension else TOGETHER


def _together(exact: Sequence[_Grouping]) -> Sequence[ExactCell]:
    return [cell for grouping in exact if grouping.dimension == TOGETHER for cell in grouping.cells]


# What is recorded and stored.


async def _record(connection: Any, catalog: Catalog, policy: Policy, by: str, rows: int) -> str:
    """The id of the record: of as many rows as count, and of nobody by name."""
    fields = json.dumps([{"field": f"Query.{name}", "treatment": Treatment.PARTIAL} for name in catalog.statistics])
    purpose = catalog.marketplace.figures_purpose
    # Invariant: the catalog has figures only where there is such a purpose.
    assert purpose  # noqa: S101
    plan = PlanRecord(
        role=catalog.marketplace.own_role,
        purpose=purpose,
        policy=policy.version,
        operation=OPERATION,
        document="veil figures release",
        fields=fields,
    )
    record = next(record_ids())
    await store_plans(connection, [plan])
    await store_record(connection, released(record, by, plan, rows))
    return record


async def _store(connection: Any, grouping: _Grouping, month: Month, cells: Sequence[Cell]) -> None:
    columns = zip(*((cell.unit, cell.key, cell.members, cell.count, cell.sum) for cell in cells), strict=True)
    values = [list(column) for column in columns] or [[], [], [], [], []]
    await connection.execute(_STORE, grouping.facts.table, grouping.dimension, str(month), *values)
