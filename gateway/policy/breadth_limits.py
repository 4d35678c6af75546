"""The limits of the policy on how many distinct persons a requester may be shown in a day, and who is over them.

`veil log keep` counts, and each worker reads about once a second who was shown more persons than the least limit.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from gateway.database.pool import Pool
from gateway.policy.in_force import PolicyInForce
from resolvers.sql.render import Statement
from schema.policy.grants import BreadthLimit, Policy
from schema.refusals import Code, Failed
from schema.requester import Requester

_SEEN: Final = Statement(
    sql="""\
with call as (select * from unnest($1::integer[]) with ordinality as call (persons, n))
select n, convert_to(seen.entries, 'UTF8') as json
from call cross join lateral (
    select coalesce(json_agg(json_build_array(day, role, requester, counted.persons)), '[]')::text as entries
    from veil.access_breadth_count counted
    where day = (now() at time zone 'UTC')::date and counted.persons > call.persons
) seen""",
    plan=None,
    treatments=b"",
)


class BreadthLimits:
    """Who is over the limits, as one worker last read it."""

    def __init__(self, pool: Pool, policy: PolicyInForce) -> None:
        self._pool = pool
        self._policy = policy
        self._persons: Mapping[tuple[str, str], int] | None = None
        """By role and requester, of those who were shown more persons today than the least limit; none until it is read."""
        self._told: set[tuple[str, str, str]] = set()
        """The day, role and requester of each line that was logged."""

    @property
    def exceeding(self) -> int:
        """How many requesters are over their limit today."""
        return sum(1 for _ in _over(self._limits(), self._persons or {}))

    def refuses(self, requester: Requester, policy: Policy) -> bool:
        """Whether the policy refuses them for today. Raises `Failed` with UNAVAILABLE while it cannot be told."""
        limit = policy.role_descriptions[requester.role].breadth
        if limit is None or not limit.refuses or requester.sub is None:
            return False
        if self._persons is None:
            raise Failed(Code.UNAVAILABLE, "ask again in a moment", "it is not known yet whom requesters saw today")
        return self._persons.get((requester.role, requester.sub), 0) > limit.persons

    async def refresh(self) -> None:
        """Reads who is over a limit, and logs a line for each who was not before. Raises `Failed`."""
        limits = self._limits()
        if not limits:
            self._persons = {}
            return
        entries = json.loads(await self._pool.ask(_SEEN, min(limit.persons for limit in limits.values())))
        self._persons = {(role, requester): persons for _, role, requester, persons in entries}
        day = entries[0][0] if entries else datetime.now(UTC).date().isoformat()
        self._told = {told for told in self._told if told[0] == day}
        for role, requester, limit in _over(limits, self._persons):
            if (day, role, requester) not in self._told:
                self._told.add((day, role, requester))
                logging.getLogger(__name__).warning("%s", _line(role, self._persons[role, requester], limit))

    def _limits(self) -> Mapping[str, BreadthLimit]:
        """The limits of the policy that is known, by role."""
        policy = self._policy.known
        described = policy.role_descriptions.items() if policy else ()
        return {role.value: description.breadth for role, description in described if description.breadth}


def _over(
    limits: Mapping[str, BreadthLimit], persons: Mapping[tuple[str, str], int]
) -> Iterator[tuple[str, str, BreadthLimit]]:
    """The role, the requester and the limit of each who is over it."""
    for (role, requester), count in persons.items():
        limit = limits.get(role)
        if limit is not None and count > limit.persons:
            yield role, requester, limit


def _line(role: str, persons: int, limit: BreadthLimit) -> str:
    """It names nobody: `veil.access_breadth_count` says who it is."""
    done = "and is refused until the day ends" if limit.refuses else "and is not refused"
    return f"a requester with the role {role} saw {persons} persons today, over the limit of {limit.persons}, {done}"
