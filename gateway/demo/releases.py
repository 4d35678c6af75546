"""The releases of the sample marketplace: those of the last twelve months in which something was ordered."""

from typing import Any

from gateway.figures.budget import RELEASES_A_YEAR
from gateway.figures.months import Month
from gateway.figures.release import release
from gateway.progress import Progress
from schema.catalog import Catalog

# A sample is always of the same months, whenever it is loaded. Those that are not over are not released.
_LAST_MONTH = """\
select to_char(least(max(placed_at), date_trunc('month', now(), 'UTC') - interval '1 second') at time zone 'UTC', 'YYYY-MM')
from marketplace.trade_order"""


async def release_last_year(connection: Any, catalog: Catalog, progress: Progress) -> None:
    """`connection` is the owner's."""
    last = Month.read(await connection.fetchval(_LAST_MONTH))
    for done in range(RELEASES_A_YEAR):
        progress("releases", done, RELEASES_A_YEAR)
        await release(connection, catalog, last.later(done + 1 - RELEASES_A_YEAR), "the sample marketplace")
    progress("releases", RELEASES_A_YEAR, RELEASES_A_YEAR)
