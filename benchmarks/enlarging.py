"""What a curve needs that no marketplace has yet: policies of thousands of grants, logs of millions of records."""

import hashlib
import itertools
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.markets import Market, fetch_as_owner, run_as_owner
from benchmarks.personas import OPERATOR
from benchmarks.workloads import PAGE
from gateway import app
from gateway.database import migration
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from schema.conditions import Condition, Level
from schema.marketplace.marketplace import MARKETPLACE
from schema.policy import policy_file
from schema.requester import Purpose, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Seconds it takes to read a policy and check it, and then to compile the first request under it."""

    read: float
    first: float


class Policies:
    """Veil's own policy, with more and more grants that are each another requester's."""

    def __init__(self) -> None:
        self._catalog = app.catalog()
        self.own = MARKETPLACE.first_policy.read_text("utf-8")
        self._policy = policy_file.parse_policy(self.own, MARKETPLACE.first_version, self._catalog)

    def enlarged(self, size: int) -> str:
        """With so many grants altogether, under a version of its own."""
        known = {grant.id for granted in self._policy.grants.values() for grant in granted}
        if size <= len(known):
            return self.own
        added = "".join(itertools.islice(self._grants(), size - len(known)))
        return self.own.replace(f'"{MARKETPLACE.first_version}"', f'"grants-{size}"', 1) + added

    def _grants(self) -> Iterator[str]:
        """Single fields, under ever other conditions, for everybody but the requesters that are measured."""
        measured = (OPERATOR.role, OPERATOR.purpose)
        others = [
            (role, purpose) for role in self._catalog.marketplace.roles for purpose in sorted(self._policy.roles[role])
        ]
        others.remove(measured)
        conditions = [
            each
            for each in self._catalog.marketplace.conditions
            if each.level is Level.SUBJECT and not each.names_categories
        ]
        sets = itertools.chain.from_iterable(itertools.combinations(conditions, number) for number in (4, 5, 6, 7))
        numbered = enumerate(itertools.product(sets, others), 1)
        return (_grant(number, role, purpose, when) for number, (when, (role, purpose)) in numbered)

    def timed(self, text: str) -> Took:
        began = time.perf_counter()
        policy = policy_file.parse_policy(text, "an enlarged policy", self._catalog)
        read = time.perf_counter()
        compiler = Compiler(self._catalog, policy, DEFAULT_LIMITS)
        compiler.compiled(Request(document=PAGE, operation_name=None, variables={}), OPERATOR.role, OPERATOR.purpose)
        return Took(read=read - began, first=time.perf_counter() - read)


def _grant(number: int, role: Role, purpose: Purpose, when: tuple[Condition, ...]) -> str:
    conditions = ", ".join(f'"{each.phrase}"' for each in when)
    return (
        f'\n[[grant]]\nid = "X{number}"\nwho = ["{role.value}"]\nfor = ["{purpose.value}"]\nsees = ["Member.city"]\n'
        f'identifiers = "HIDDEN"\nwhen = [{conditions}]\nbecause = ["U4"]\n'
    )


_ACTIVATED = """
insert into veil.policy_activation (version, digest, content, activated_by) select $1, $2, $3, 'benchmark'
where (select version from veil.policy_activation order by id desc limit 1) is distinct from $1"""


def put_in_force(market: Market, text: str) -> None:
    """A policy known to be sound, which `veil policy activate` would check again."""
    version = next(line.split('"')[1] for line in text.splitlines() if line.startswith("version"))
    fetch_as_owner(market, _ACTIVATED, version, hashlib.sha256(text.encode()).hexdigest(), text)


_AT_ONCE = 1_000_000

_INDEX: Final = re.compile(r"create index (access_record_\w+) on veil\.access_record\b[^;]*")
_INDEXES: Final = {
    found[1]: found[0]
    for found in _INDEX.finditer((Path(migration.__file__).parent / "tables" / "001_log.sql").read_text("utf-8"))
}
"""The statement of each index of the log, by its name."""

_PLANS = """
insert into veil.access_plan (id, role, purpose, policy, operation, document, fields)
select lpad(number::text, 32, '0')::uuid, 'PLATFORM', 'site_operation', '2012-06-11', 'Point', 'query Point',
    '[{"field": "Member.name", "treatment": "PARTIAL"}]'::jsonb
from generate_series(1, 100) number
union all select '00000000-0000-0000-0000-000000000000',
    'BANK', 'transaction_completion', '2012-06-11', 'Rare', 'query Rare',
    '[{"field": "Payment.cardNumber", "treatment": "PLAIN"}]'
on conflict do nothing"""

# The oldest are ten answers and ten refusals that nothing else is like. Of a hundred others one is of a refusal. All are of
# this month, and so in one partition.
_FILLED = """
insert into veil.access_record (id, at, requester, role, purpose, organisation_id, reference, policy, plan, operation,
    outcome, refusals, subjects, shown, row_count, cross_border, trace)
select uuidv7(moment - clock_timestamp()), moment,
    case when is_rare then 'rare' else 'requester-' || number % 1000 end,
    case when is_rare then 'BANK' else 'PLATFORM' end,
    case when is_rare then 'transaction_completion' else 'site_operation' end,
    case when is_rare then 10 else 1 end,
    case when is_rare then 'RARE-1' when number % 10 = 1 then 'COMMON-1' end,
    '2012-06-11',
    case when refused then null when is_rare then '00000000-0000-0000-0000-000000000000'
        else lpad((1 + number % 100)::text, 32, '0')::uuid end,
    case when not refused then 'Point' end,
    case when not refused then 'ANSWERED' when is_rare then 'INVALID' else 'PURPOSE_NOT_CARRIED' end,
    case when refused then case when is_rare then 1000 else 1 end end,
    case when refused then '{}' when is_rare then array[2] || subjects
        when (number + 1) % greatest($3::bigint / 10000, 1) = 0 then array[1] || subjects else subjects end,
    case when refused then '' else '0' end, case when refused then 0 else SUBJECTS end, false, md5(number::text)
from (
    select number, started + (now() - started) * (number::float8 / $3::bigint) as moment, number <= 20 as is_rare,
        case when number <= 20 then number > 10 else number % 100 = 0 end as refused,
        array[DRAWN]::bigint[] as subjects
    from generate_series($1::bigint, $2::bigint) number
    cross join (select date_trunc('month', now(), 'UTC') as started) month
) filled"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a log is filled with."""

    most: int
    """Records that it will have: they are spread evenly over the month so far."""
    members: int
    """Whom its records may be about, by chance. Member 1 is in 10,000 of `most` besides, and member 2 in the rare ones."""
    subjects: int
    """How many a record is about."""


def recorded(market: Market, size: int) -> None:
    """A log of so many records, each of an answer about three members, or of a refusal."""
    emptied(market)
    grown(market, 0, size, Contents(most=size, members=market.members, subjects=3))


def emptied(market: Market) -> None:
    """A log without records."""
    run_as_owner(market, "truncate veil.access_record")
    grown(market, 0, 0, Contents(most=0, members=0, subjects=0))


def grown(market: Market, before: int, size: int, contents: Contents) -> None:
    """Adds records to those that were filled in before, until these are so many. The indexes are made anew."""
    run_as_owner(market, *(f"drop index if exists veil.{name}" for name in _INDEXES), _PLANS)
    drawn = ", ".join(["1 + (random() * ($4::bigint - 1))::bigint"] * contents.subjects)
    filled = _FILLED.replace("DRAWN", drawn).replace("SUBJECTS", str(contents.subjects))
    for first in range(before + 1, size + 1, _AT_ONCE):
        fetch_as_owner(market, filled, first, min(size, first + _AT_ONCE - 1), contents.most, contents.members)
    run_as_owner(
        market,
        "set maintenance_work_mem = '1GB'",
        *_INDEXES.values(),
        "vacuum (analyze) veil.access_record",
        "checkpoint",
    )
