"""`veil log erase`: takes a member out of the records of the log, which go on to verify.

A record that names the member names one person fewer. It gets a new leaf. The old leaf keeps its hash, and loses its
salt, so that nobody can guess from the hash whom the record named. Nor does the count of whom a requester saw name them.
"""

from typing import Any, Final

from gateway.log.breadth import remove_member
from gateway.log.leaves import lock_tree, replace_leaves
from gateway.log.snapshot import LogError, log_snapshot, log_transaction
from gateway.progress import Progress
from schema.identities import Identity

_CHUNK: Final = 1_000
"""Records that are changed at once. The log is not sealed meanwhile."""

_NAMING: Final = """\
select id::text, exists (select from veil.proof_leaf leaf where leaf.record = entry.id and leaf.salt is not null)
from veil.access_record entry where member_id = $1 or subjects @> array[$1] order by id"""

_ERASE: Final = """\
update veil.access_record set
    requester = case when member_id = $2 then null else requester end,
    subjects = array_replace(subjects, $2, null),
    trace = case when member_id = $2 then null else trace end,
    member_id = nullif(member_id, $2)
where id = any($1::text[]::uuid[])"""


async def erase(connection: Any, member: Identity, progress: Progress) -> int:
    """Erases a member from all records. Returns from how many. Raises `LogError` if one of them is not sealed yet.

    What is done stays done if it is stopped, and the next run goes on.
    """
    async with log_snapshot(connection):
        rows = await connection.fetch(_NAMING, member)
    if not all(is_sealed for _, is_sealed in rows):
        raise LogError("records of that member are not sealed yet; run `veil log keep`, then try again")
    records = [record for record, _ in rows]
    async with log_transaction(connection):
        await lock_tree(connection)
        await remove_member(connection, member, records)
    for start in range(0, len(records), _CHUNK):
        chunk = records[start : start + _CHUNK]
        async with log_transaction(connection):
            await lock_tree(connection)
            await connection.execute(_ERASE, chunk, member)
            await replace_leaves(connection, chunk)
        progress("records changed", start + len(chunk), len(records))
    return len(records)
