"""What is asked of the servers: one question each, which `wrk` posts again and again, for another id each time."""

from dataclasses import dataclass
from typing import Final

from schema.requester import Purpose, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A question and who asks it; `ids` is a query for the ids that its variable `id` goes through."""

    name: str
    role: Role
    purpose: Purpose
    query: str
    ids: str | None = None


POINT: Final = Workload(
    name="point",
    role=Role.PLATFORM,
    purpose=Purpose.SITE_OPERATION,
    query="query Point($id: ID!) { order(id: $id) { id status total currency buyer { id name email } } }",
    ids="{ orders(first: 100) { nodes { id } } }",
)
"""An order with its buyer, masked."""

PAGE: Final = Workload(
    name="page",
    role=Role.PLATFORM,
    purpose=Purpose.SITE_OPERATION,
    query=(
        "query Page { orders(first: 20) { nodes { id status total currency placedAt buyer { id name email }"
        " items { quantity unitPrice product { title } } } } }"
    ),
)
"""Twenty orders, each with its buyer and some three items with their products, masked."""

WORKLOADS: Final = (POINT, PAGE)
