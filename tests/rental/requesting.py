"""Who asks at the rental: requesters whose ids are texts."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx

from gateway.demo.development import DevelopmentKey
from tests.conftest import Address, run
from tests.rental.shop.words import Purposes, Roles


@dataclass(frozen=True, slots=True)
class Asker:
    """A requester."""

    role: Roles
    purpose: Purposes
    id: str | None = None
    """The renter or the workshop."""

    def headers(self, key: DevelopmentKey) -> dict[str, str]:
        headers = {"Access-Purpose": self.purpose.value}
        if not self.role.is_public:
            headers["Authorization"] = f"Bearer {self._token(key)}"
        return headers

    def _token(self, key: DevelopmentKey) -> str:
        return key.sign(
            self.role,
            [self.purpose],
            member=self.id if self.role.is_member else None,
            organisation=self.id if self.role.is_third_party else None,
            now=time.time() // 600 * 600,
        )


@dataclass
class Renting:
    """A gateway over the rental."""

    address: Address
    key: DevelopmentKey
    url: str

    @cached_property
    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=30)

    def post(self, asker: Asker, query: str, variables: Mapping[str, Any] | None = None) -> httpx.Response:
        body = {"query": query, "variables": variables or {}}
        return self.client.post("/graphql", json=body, headers=asker.headers(self.key))

    def data(self, asker: Asker, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        answer = self.post(asker, query, variables).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def refused(self, asker: Asker, query: str, variables: Mapping[str, Any] | None = None) -> str:
        """The code of a refusal."""
        answer = self.post(asker, query, variables).json()
        assert answer.get("data") is None, answer
        return answer["errors"][0]["extensions"]["code"]

    def change(self, *statements: str) -> None:
        """Changes what is stored."""
        if statements:
            run(self.url, lambda connection: connection.execute(";".join(statements)))

    def rows(self, query: str) -> list[dict[str, Any]]:
        return [dict(row) for row in run(self.url, lambda connection: connection.fetch(query))]


VISITOR = Asker(Roles.VISITOR, Purposes.BROWSING)
DESK = Asker(Roles.DESK, Purposes.RENTING_OUT)
OVERSIGHT = Asker(Roles.DESK, Purposes.OVERSIGHT)


def renter(ref: str) -> Asker:
    return Asker(Roles.RENTER, Purposes.OWN_ACCOUNT, ref)


def workshop(code: str) -> Asker:
    return Asker(Roles.WORKSHOP, Purposes.REPAIRING, code)
