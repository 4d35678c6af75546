"""What a curve needs that no marketplace has yet: policies of thousands of grants, logs of millions of records."""

import hashlib
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks.markets import Market, fetch_as_owner, run_as_owner
from benchmarks.personas import OPERATOR
from benchmarks.workloads import PAGE
from gateway import app
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


_INDEXES: Final = (
    "create index access_record_at on veil.access_record (at, id)",
    "create index access_record_subjects on veil.access_record using gin (subjects)",
)
_AT_ONCE = 1_000_000

_FILLED = """
insert into veil.access_record (id, at, requester, role, purpose, organisation_id, policy, plan, operation, outcome,
    subjects, row_count, cross_border)
select uuidv7(), now() - number * interval '10 milliseconds',
    'development:PLATFORM', 'PLATFORM', 'site_operation', 1, '2012-06-11', gen_random_uuid(), 'Point', 'ANSWERED',
    array[1 + number % $3, 1 + (number * 7919) % $3, 1 + (number * 104729) % $3], 3, false
from generate_series($1::bigint, $2::bigint) number"""


def recorded(market: Market, size: int) -> None:
    """A log of so many records, over the last days: each of an answer about three members."""
    run_as_owner(market, "truncate veil.access_record", *(f"drop index if exists veil.{name}" for name in _names()))
    for first in range(1, size + 1, _AT_ONCE):
        fetch_as_owner(market, _FILLED, first, min(size, first + _AT_ONCE - 1), market.members)
    run_as_owner(market, "set maintenance_work_mem = '512MB'", *_INDEXES, "vacuum (analyze) veil.access_record")


def _names() -> Iterator[str]:
    return (index.split()[2] for index in _INDEXES)
