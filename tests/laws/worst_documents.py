"""The worst documents that the limits let through, each in its own way: what is made many times, or long, or deep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schema.marketplace.words import Purposes, Roles
from schema.requester import Purpose, Requester, Role


def _requester(role: Role, purpose: Purpose, *, organisation: int | None = None) -> Requester:
    sub = None if role is Roles.PUBLIC else "somebody"
    return Requester(
        sub=sub, role=role, purpose=purpose, member=None, organisation=organisation, reference=None, key=bytes(32)
    )


PUBLIC = _requester(Roles.PUBLIC, Purposes.PUBLIC_BROWSING)
FIGURES = _requester(Roles.PUBLIC, Purposes.AGGREGATE_SHARING)
CARE = _requester(Roles.SERVICE_PROVIDER, Purposes.ACCOUNT_SERVICE, organisation=4)
STAFF = _requester(Roles.PLATFORM, Purposes.ACCOUNT_SERVICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """A document, and who asks it."""

    text: str
    requester: Requester = PUBLIC
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])


def many(selected: str, times: int) -> str:
    """The same field under many names."""
    return " ".join(f"a{number}: {selected}" for number in range(times))


def companies(selected: str) -> str:
    return f"{{ companies(first: 100) {{ nodes {{ {selected} }} }} }}"


def members(selected: str) -> str:
    return f"{{ members(first: 100) {{ nodes {{ {selected} }} }} }}"


def products(page: str) -> str:
    return f"{{ companies(first: 50) {{ nodes {{ products(first: 10) {{ {page} }} }} }} }}"


BY_ID = 'company(id: "Company:3") { id name }'
FILTERED = 'companies(filter: {name: {startsWith: "z", gt: "a"} country: {in: ["CN"]}}) { nodes { id } }'
MASKS = "id name email phone address city country jobTitle"

FILLED: Mapping[str, Worst] = {
    "free text": Worst(text=companies("description")),
    "aliases of a free text": Worst(text=companies(many("description", 158))),
    "aliases of a name": Worst(text=companies(many("name", 158))),
    "aliases of a number": Worst(text=companies(many("employees", 158))),
    "aliases of a mask": Worst(text=members(many("email", 158)), requester=CARE),
    "masks": Worst(text=members(MASKS), requester=CARE),
    "nothing masked": Worst(text=members(MASKS), requester=STAFF),
    "messages": Worst(text="{ messages(first: 100) { nodes { id body } } }", requester=CARE),
    "hidden fields": Worst(text=members("id hiddenFields"), requester=CARE),
    "masked fields": Worst(text=members("id maskedFields { field treatment }"), requester=CARE),
    "links": Worst(
        text=f"{{ orders(first: 100) {{ nodes {{ {many('buyer { name email phone }', 20)} }} }} }}", requester=CARE
    ),
    "root fields": Worst(text=f"{{ {many('members(first: 1) { nodes { id name email } }', 24)} }}", requester=CARE),
    "ids": Worst(text=f"{{ {many(BY_ID, 30)} }}"),
    "a long list": Worst(
        text="query ($names: [String!]!) { companies(filter: {name: {in: $names}}) { nodes { id } } }",
        variables={"names": [f"no company {number}" for number in range(5_000)]},
    ),
    "long filters": Worst(text=f"{{ {many(FILTERED, 12)} }}"),
}
"""Documents whose pages are full in a marketplace of some size: what they cost is what they take."""

PLAIN = FILLED["nothing masked"]
"""What the others are compared with."""

PARTLY_FILLED: Mapping[str, Worst] = {
    "deep connections": Worst(
        text="{ members(first: 50) { nodes { name purchases(first: 5) { nodes { id seller { name } items { quantity } } } } } }",
        requester=CARE,
    ),
    "connections": Worst(text=members(many("purchases(first: 1) { nodes { id } }", 20)), requester=CARE),
    "counts of a row": Worst(text=members(many("purchases(first: 0) { totalCount }", 20)), requester=CARE),
    "counts of all": Worst(text=f"{{ {many('orders(first: 0) { totalCount }', 10)} }}", requester=CARE),
    "statistics": Worst(
        text='{ orderStatistics(groupBy: COUNTRY, currency: "USD") { groups { key members count average } } }',
        requester=FIGURES,
    ),
    "titles": Worst(text=products(f"nodes {{ {many('title', 50)} }}")),
    "pages again": Worst(text=products(many("nodes { title }", 50))),
    "edges again": Worst(text=products(many("edges { cursor }", 50))),
    "cursors": Worst(text=products(f"edges {{ {many('cursor', 50)} }}")),
    "rows of edges": Worst(text=products(f"edges {{ {many('node { title }', 50)} }}")),
    "ends of pages": Worst(text=products(f"pageInfo {{ {many('endCursor', 50)} }}")),
}
"""Documents that may read far less than they may ask for: they take no more than they cost."""

WITHIN: Mapping[str, Worst] = {**FILLED, **PARTLY_FILLED}

TOO_COSTLY: Mapping[str, Worst] = {
    "descriptions": Worst(text=products(f"nodes {{ {many('description', 150)} }}")),
    "pages of descriptions": Worst(text=products(many("nodes { description }", 75))),
    "descriptions of edges": Worst(text=products(f"edges {{ {many('node { description }', 75)} }}")),
    "counts of all, many": Worst(text=f"{{ {many('orders(first: 0) { totalCount }', 40)} }}", requester=CARE),
}
"""Documents that would take longer than the usual limit of a cost."""

TOO_LONG: Mapping[str, Worst] = {
    "many root fields": Worst(
        text=f"{{ {many('members { nodes { name email phone address } }', 40)} }}", requester=CARE
    ),
    "many links": Worst(
        text=f"{{ orders {{ nodes {{ {many('buyer { name email phone }', 60)} }} }} }}", requester=CARE
    ),
}
"""Documents whose statements would be longer than a session can keep."""
