"""What is read of the rental, by whom, and what its judge says of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from schema.catalog import Catalog
from schema.policy.policy_file import load_policy
from tests.conftest import identified
from tests.rental.judging import Judge
from tests.rental.requesting import DESK, VISITOR, Asker, Renting, renter, workshop
from tests.rental.sample import RENTERS, ROWS

RENTER_FIELDS = "id name email phone licence address town joined"
BOOKING_FIELDS = "id state begins price note renter { name } tool { title }"
TOOL_FIELDS = "id title kind dailyRate"

LISTS = {
    "renters": f"{{ renters(first: 100) {{ nodes {{ {RENTER_FIELDS} }} }} }}",
    "bookings": f"{{ bookings(first: 100) {{ nodes {{ {BOOKING_FIELDS} }} }} }}",
    "tools": f"{{ tools(first: 100) {{ nodes {{ {TOOL_FIELDS} }} }} }}",
}
SEEN_BY = {
    VISITOR: ("tools",),
    DESK: ("renters", "bookings", "tools"),
    renter(RENTERS[0]): ("renters", "bookings", "tools"),
    workshop("w/a"): ("renters", "bookings", "tools"),
}
"""Which lists there are for whom."""

ASKERS = (VISITOR, DESK, *map(renter, RENTERS), *map(workshop, ("w/a", "w/b", "w'c")), workshop("no such"))


def lists_of(asker: Asker) -> Sequence[str]:
    return next(lists for each, lists in SEEN_BY.items() if each.role is asker.role)


def key_of(renting: Renting, rental: Catalog, asker: Asker) -> bytes:
    """The key of a requester's tokens: nobody has it but the gateway, and who checks on it."""
    policy = load_policy(rental.marketplace.first_policy, rental)
    return identified(asker.headers(renting.key), renting.key, policy, rental.marketplace).key


def judged(renting: Renting, rental: Catalog, asker: Asker) -> Judge:
    stored = {table: renting.rows(f"select * from rental.{table}") for table in ROWS}
    return Judge(asker=asker, key=key_of(renting, rental, asker), stored=stored)


def asked(renting: Renting, asker: Asker, what: str) -> Sequence[Mapping[str, Any]]:
    return renting.data(asker, LISTS[what])[what]["nodes"]
