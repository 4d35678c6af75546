"""Counts the distinct persons that each requester was shown in a day (in UTC), as records are sealed.

Only the roles that the policy in force limits are counted, and only persons of whom something was shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from schema.identities import Identity
from schema.policy.policy_file import limited_roles

_ACTIVATION: Final = "select max(id) from veil.policy_activation"

_CONTENT: Final = "select content from veil.policy_activation where id = $1"

# A record has the classes of each subject in their order, or once for all of them.
_ADD: Final = """\
with seen as (
    select distinct (at at time zone 'UTC')::date as day, requester, role, subject
    from veil.access_record record
    cross join lateral unnest(subjects, string_to_array(shown, ' ')) as seen (subject, classes)
    where record.id = any($1::text[]::uuid[]) and role = any($2::text[]) and requester is not null
      and at >= date_trunc('day', now(), 'UTC') - interval '1 day'
      and subject is not null and coalesce(classes, shown) not in ('', '-')
), added as (
    insert into veil.access_breadth (day, requester, role, subject) select day, requester, role, subject from seen
    on conflict do nothing returning day, requester, role
)
insert into veil.access_breadth_count as counted (day, requester, role, persons)
select day, requester, role, count(*) from added group by day, requester, role
on conflict (day, requester, role) do update set persons = counted.persons + excluded.persons"""

_REMOVE_OLD: Final = """\
with gone as (delete from veil.access_breadth where day < (now() at time zone 'UTC')::date - 1)
delete from veil.access_breadth_count where day < (now() at time zone 'UTC')::date - 1"""

_REMOVE_MEMBER: Final = """\
with gone as (
    delete from veil.access_breadth where subject = $1 or (requester, role) in (
        select requester, role from veil.access_record where id = any($2::text[]::uuid[]) and member_id = $1)
    returning day, requester, role
), fewer as (
    select day, requester, role, count(*) as persons from gone group by day, requester, role
)
update veil.access_breadth_count counted set persons = counted.persons - fewer.persons
from fewer where (counted.day, counted.requester, counted.role) = (fewer.day, fewer.requester, fewer.role)"""

_REMOVE_EMPTY: Final = "delete from veil.access_breadth_count where persons = 0"


@dataclass(slots=True, kw_only=True, eq=False)
class BreadthCount:
    """Counts for the roles that the policy limits. It reads a policy once."""

    _activation: int | None = None
    _roles: Sequence[str] = ()

    async def add(self, connection: Any, records: Sequence[str]) -> None:
        """Adds records that are being sealed. `connection` is the owner's, in the transaction that seals."""
        activation = await connection.fetchval(_ACTIVATION)
        if activation != self._activation:
            self._roles = limited_roles(await connection.fetchval(_CONTENT, activation))
            self._activation = activation
        if records and self._roles:
            await connection.execute(_ADD, records, self._roles)


async def remove_old_days(connection: Any) -> None:
    """Removes what is about days before yesterday."""
    await connection.execute(_REMOVE_OLD)


async def remove_member(connection: Any, member: Identity, records: Sequence[str]) -> None:
    """Removes a member, as one who was seen, and as the requester of some of these records."""
    await connection.execute(_REMOVE_MEMBER, member, records)
    await connection.execute(_REMOVE_EMPTY)
