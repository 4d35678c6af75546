"""How the clause tests look: as somebody, for something, at the sample marketplace and at the state it is in.

Rows are recognised by their ids; tokens are opened with the requester's key, which the gateway alone has.
"""

import re
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx

from schema.marketplace.words import Purposes, Roles
from schema.requester import Purpose, Role
from tests.conftest import Asking, Requesting, run

ORGANISATIONS: Mapping[Role, int] = {
    Roles.PLATFORM: 1,
    Roles.PRIVACY_OFFICER: 1,
    Roles.AFFILIATE: 2,
    Roles.SERVICE_PROVIDER: 4,
    Roles.PARTNER: 6,
    Roles.ADVERTISER: 8,
    Roles.BANK: 10,
    Roles.PAYMENT_VENDOR: 12,
    Roles.CREDIT_AGENCY: 14,
    Roles.AUTHORITY: 16,
    Roles.CLAIMANT: 18,
    Roles.ACQUIRER: 20,
}
"""The first organisation of each kind; each kind but the marketplace has a second, of the number behind."""

COURT = 17
REFERENCES: Mapping[tuple[Role, Purpose], str] = {
    (Roles.AUTHORITY, Purposes.COURT_ORDER): "HK-2026-0117",
    (Roles.AUTHORITY, Purposes.AUTHORITY_REQUEST): "CPO-2026-031",
    (Roles.AUTHORITY, Purposes.BREACH_DISCLOSURE): "BF-2026-007",
    (Roles.CLAIMANT, Purposes.BREACH_DISCLOSURE): "BF-2026-005",
}


def asking_as(
    role: str, purpose: str, *, member: int | None = None, organisation: int | None = None, reference: str | None = None
) -> Requesting:
    """A requester of a role for a purpose; by default, one with whom something is in force."""
    known, declared = Roles(role), Purposes(purpose)
    usual = COURT if declared is Purposes.COURT_ORDER else ORGANISATIONS.get(known)
    return Requesting(
        role=known,
        purpose=declared,
        member=member or (1 if known is Roles.MEMBER else None),
        organisation=organisation or usual,
        reference=reference or REFERENCES.get((known, declared)),
    )


class State(NamedTuple):
    """A row that a condition reads, by its table and what finds it there."""

    table: str
    where: str


IN_FORCE = "starts_at <= now() and (ends_at is null or ends_at > now())"

TERMS: Mapping[str, tuple[str, str, bool]] = {
    "in force": ("now() - interval '1 second'", "now() + interval '1 hour'", True),
    "not begun": ("now() + interval '1 minute'", "null", False),
    "begun this moment, without end": ("now()", "null", True),
    "ended a second ago": ("now() - interval '1 day'", "now() - interval '1 second'", False),
    "in force again": ("now() - interval '1 day'", "now() + interval '1 minute'", True),
    "withdrawn this moment": ("now() - interval '1 day'", "now()", False),
}
"""From when until when something holds, and whether it does."""


@dataclass(frozen=True, slots=True)
class Market:
    """A sample marketplace, served, and its database as the owner sees it."""

    asking: Asking

    # What is seen.

    def data(self, who: Requesting, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        return self.asking.data(who, query, variables)

    def nodes(self, who: Requesting, root: str, fields: str) -> list[dict[str, Any]]:
        """All rows seen, page by page."""
        query = f"query ($after: String) {{ {root}(first: 100, after: $after) {{ nodes {{ {fields} }} {PAGE} }} }}"
        found: list[dict[str, Any]] = []
        after = None
        while True:
            page = self.data(who, query, {"after": after})[root]
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    def rows(self, who: Requesting, root: str) -> set[int]:
        """The numbers of the rows seen."""
        return {self.asking.number(who, each["id"]) for each in self.nodes(who, root, "id")}

    def refusal(self, who: Requesting, query: str) -> str:
        """The code of a refusal."""
        return code(self.asking.post(who, query))

    # What there is.

    def stored(self, query: str) -> list[Any]:
        return run(self.asking.url, lambda connection: connection.fetch(query))

    def numbers(self, query: str) -> set[int]:
        """The first column of what a query finds."""
        return {row[0] for row in self.stored(query)}

    def change(self, statement: str) -> None:
        run(self.asking.url, lambda connection: connection.execute(statement))

    @contextmanager
    def meanwhile(self, state: State, **values: str) -> Generator[None]:
        """For as long as it lasts, a row says something else: each column what an SQL expression gives."""
        table, where = state
        columns = ", ".join(values)
        ((key, *before),) = self.stored(f"select id, {columns} from {table} where {where}")
        assignments = ", ".join(f"{column} = {value}" for column, value in values.items())
        self.change(f"update {table} set {assignments} where id = {key}")
        try:
            yield
        finally:
            kept = ", ".join(f"{column} = ${number}" for number, column in enumerate(values, 1))
            restored = f"update {table} set {kept} where id = {key}"
            run(self.asking.url, lambda connection: connection.execute(restored, *before))

    def holds_while(self, state: State, seen: Callable[[], bool], *, unless: bool = False) -> None:
        """Asks again after each change of a state's term: something is seen while it holds and at no other time.

        With `unless`, while it does not hold.
        """
        with self.meanwhile(state, starts_at="starts_at", ends_at="ends_at"):
            (key,) = self.numbers(f"select id from {state.table} where {state.where}")
            for term, (starts, ends, holds) in TERMS.items():
                self.change(f"update {state.table} set starts_at = {starts}, ends_at = {ends} where id = {key}")
                assert seen() is (holds is not unless), term


PAGE = "pageInfo { hasNextPage endCursor }"


def code(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    return error["extensions"]["code"]


# Papers.

OFFICER = asking_as("PRIVACY_OFFICER", "privacy_administration")


def enter(market: Market, name: str, given: Mapping[str, Any], who: Requesting | None = None) -> httpx.Response:
    """What is answered to a row that is entered."""
    kind = f"{name[0].upper()}{name[1:]}Input!"
    text = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ fields }} }}"
    return market.asking.post(who or OFFICER, text, {"input": given})


def act(market: Market, name: str, row: str, who: Requesting | None = None) -> httpx.Response:
    """What is answered to the end or the approval of a row."""
    return market.asking.post(who or OFFICER, f"mutation ($id: ID!) {{ {name}(id: $id) {{ fields }} }}", {"id": row})


# What each kind of identifier looks like.

PARTLY: Mapping[str, str] = {
    "NAME": r".\. \*\*\*|\*\*\*",
    "EMAIL": r".\*\*\*@.\*\*\*\.\w+|\S*\*\*\*\S*",
    "PHONE": r"(\+\d{1,3} )?\*\*\* \d\d|\*\*\*",
    "IP_ADDRESS": r"(\d+\.){3}0/24|[0-9a-f:]+::/48|\*\*\*",
    "CARD_NUMBER": r"\*{4}( \d{4})?",
    "BANK_ACCOUNT": r"\*{4}( \w{4})?",
    "TRACKING_NUMBER": r"\*{3}( \w{2})?",
}
"""In part. A postal address is its city, free text is itself without the identifiers in it; ids and cookies have none."""

TOKEN = r"\w+:~[0-9a-f]{32}|[A-Za-z0-9+/=]{20,24}"

SEALED = r"[A-Za-z0-9+/]{107}="
"""The token of a text that stands for an id: 80 bytes."""


def is_in_part(kind: str, value: str) -> bool:
    return re.fullmatch(PARTLY[kind], value) is not None


def is_token(value: str) -> bool:
    return re.fullmatch(TOKEN, value) is not None or re.fullmatch(SEALED, value) is not None
