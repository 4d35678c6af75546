"""Counts records as they are sealed.

By day, role, purpose, organisation and outcome, for `accessSummaries`; and by month, plan and what was shown of it, for
`accessUses`.
"""

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

_ADD_USE: Final = """\
insert into veil.access_use as used (month, plan, classes, answers, cross_border, last)
select date_trunc('month', at, 'UTC'), plan, veil.shown_classes(shown), count(*), count(*) filter (where cross_border), max(at)
from veil.access_record where id = any($1::text[]::uuid[]) and outcome = 'ANSWERED' and plan is not null
group by 1, 2, 3
on conflict (month, plan, classes) do update set
    answers = used.answers + excluded.answers,
    cross_border = used.cross_border + excluded.cross_border,
    last = greatest(used.last, excluded.last)"""


async def add_to_summaries(connection: Any, records: Sequence[str]) -> None:
    """Adds records that are being sealed, each once. A change counts with its outcome, not with its announcement.

    `connection` is the owner's, in the transaction that seals."""
    if records:
        await connection.execute(_ADD, records, ANNOUNCED)
        await connection.execute(_ADD_USE, records)
