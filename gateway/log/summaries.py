"""Counts records as they are sealed: by day, role, purpose, organisation and outcome, for `accessSummaries`."""

from collections.abc import Sequence
from typing import Any, Final

from schema.access_record import ANNOUNCED

_ADD: Final = """\
insert into veil.access_summary as summary
    (day, role, purpose, organisation_id, outcome, requests, persons, cross_border)
select date_trunc('day', at, 'UTC'), role, purpose, organisation_id, outcome,
    sum(coalesce(refusals, 1)), least(coalesce(sum(subject_count), 0), 2147483647), count(*) filter (where cross_border)
from veil.access_record where id = any($1::text[]::uuid[]) and outcome <> $2
group by 1, 2, 3, 4, 5
on conflict (day, role, purpose, organisation_id, outcome) do update set
    requests = summary.requests + excluded.requests,
    persons = least(summary.persons::bigint + excluded.persons, 2147483647),
    cross_border = summary.cross_border + excluded.cross_border"""


async def add_to_summaries(connection: Any, records: Sequence[str]) -> None:
    """Adds records that are being sealed, each once. A change counts with its outcome, not with its announcement.

    `connection` is the owner's, in the transaction that seals."""
    if records:
        await connection.execute(_ADD, records, ANNOUNCED)
