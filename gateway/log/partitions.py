"""The log's partitions, one for each month of ids, and the index that finds a record by its subjects.

`veil migrate` makes partitions, and `veil log keep` makes those that follow. A record of a time without one goes to
`veil.access_record_other`, and moves when its partition is made.
"""

from typing import Any, Final

_ADD: Final = "select veil.add_partitions()"

_BRING_IN: Final = """\
select gin_clean_pending_list(index.relid)
from pg_partition_tree('veil.access_record_subjects') index where index.isleaf"""


async def add_partitions(connection: Any) -> int:
    """Makes the partitions that are missing, unless the log is being read for long. Returns how many it made."""
    return await connection.fetchval(_ADD)


async def index_subjects(connection: Any) -> None:
    """Brings the subjects of new records into the index.

    Until then PostgreSQL looks through them one by one, so the index finds every record at any time.
    """
    await connection.execute(_BRING_IN)
