"""How long the officer and a member look for records in a large log: the first page of each filter, one request at a time."""

import hashlib
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from benchmarks.enlarging import Contents
from benchmarks.inside import Inside
from benchmarks.markets import Market, fetch_as_owner, settings
from benchmarks.personas import MEMBER, OFFICER, Persona
from benchmarks.places import python_server

FOUND_HEAD: Final = ("found by", "what is common, ms", "what is rare, ms")

_SEEN: Final = "{ me { accesses(first: 20) { nodes { at role purpose } } } }"

_FILTERED: Final = "{ accessRecords(first: 20, filter: {FILTER}) { nodes { at role purpose outcome requester } } }"

_LONG: Final = 2.0
"""Seconds: what takes longer is not asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """One gateway, and who asks it."""

    client: httpx.Client
    inside: Inside
    rounds: int

    def answer(self, document: str, persona: Persona = OFFICER) -> Mapping[str, Any]:
        response = self.client.post("/graphql", json={"query": document}, headers=persona.headers(self.inside.key))
        return response.json()

    def milliseconds(self, document: str, persona: Persona = OFFICER) -> str:
        """The median, after a first time; of what is refused, with the code of that."""
        took = list[float]()
        while len(took) <= self.rounds:
            began = time.perf_counter()
            answer = self.answer(document, persona)
            took.append(time.perf_counter() - began)
            if "errors" in answer:
                return f"{took[-1] * 1_000:,.0f}: {answer['errors'][0]['extensions']['code']}"
            if len(took) > 1 and took[-1] > _LONG:
                return f"{took[-1] * 1_000:,.0f}"
        return f"{statistics.median(took[1:]) * 1_000:,.1f}"


def finding(market: Market, inside: Inside, contents: Contents, rounds: int) -> Iterator[Sequence[str]]:
    """A row for each filter, over a log that was filled so."""
    environment = {**settings(market, inside.key), "VEIL_REQUEST_LOG": "false"}
    with (
        python_server("Veil", "gateway.app:create", environment) as veil,
        httpx.Client(base_url=veil.address, timeout=60) as client,
    ):
        asking = _Asking(client=client, inside=inside, rounds=rounds)
        yield ("a member's own accesses, of 10,000", asking.milliseconds(_SEEN, MEMBER), "–")
        yield ("nothing", asking.milliseconds(_filtered("{}")), "–")
        for name, pair in _filters(asking, market, contents).items():
            yield (name, *(asking.milliseconds(_filtered(each)) for each in pair))


def _filtered(by: str) -> str:
    return _FILTERED.replace("{FILTER}", by)


def _filters(asking: _Asking, market: Market, contents: Contents) -> Mapping[str, tuple[str, str]]:
    """By name, a filter by what is common and one by what only the oldest records have."""
    ((oldest,),) = fetch_as_owner(market, "select min(at) + interval '1 second' from veil.access_record")
    return {
        "role": ('{role: {eq: "PLATFORM"}}', '{role: {eq: "BANK"}}'),
        "purpose": ('{purpose: {eq: "site_operation"}}', '{purpose: {eq: "transaction_completion"}}'),
        "role and purpose": (
            '{role: {eq: "PLATFORM"}, purpose: {eq: "site_operation"}}',
            '{role: {eq: "BANK"}, purpose: {eq: "transaction_completion"}}',
        ),
        "outcome": ('{outcome: {eq: "ANSWERED"}}', '{outcome: {eq: "INVALID"}}'),
        "outcome and refusals": (
            '{outcome: {eq: "PURPOSE_NOT_CARRIED"}, refusals: {gte: 1}}',
            '{outcome: {eq: "INVALID"}, refusals: {gte: 1}}',
        ),
        "refusals": ("{refusals: {gte: 1}}", "{refusals: {gte: 1000}}"),
        "field": ('{fields: {field: "Member.name"}}', '{fields: {field: "Payment.cardNumber"}}'),
        "field and treatment": (
            '{fields: {field: "Member.name", treatment: "PARTIAL"}}',
            '{fields: {field: "Payment.cardNumber", treatment: "PLAIN"}}',
        ),
        "member": (_by_member(asking, 1), _by_member(asking, 2)),
        "organisation": ('{organisation: {eq: "Organisation:1"}}', '{organisation: {eq: "Organisation:10"}}'),
        "legal instrument": ('{reference: {eq: "COMMON-1"}}', '{reference: {eq: "RARE-1"}}'),
        "requester": (_by_requester(asking, "COMMON-1"), _by_requester(asking, "RARE-1")),
        "trace": (_by_trace(contents.most), _by_trace(1)),
        "time": (f'{{at: {{gt: "{oldest.isoformat()}"}}}}', f'{{at: {{lt: "{oldest.isoformat()}"}}}}'),
    }


def _by_member(asking: _Asking, member: int) -> str:
    return f'{{member: {{eq: "{asking.inside.identity_of(OFFICER, "Member", member)}"}}}}'


def _by_requester(asking: _Asking, reference: str) -> str:
    """By whoever cited a legal instrument last."""
    answer = asking.answer(_filtered(f'{{reference: {{eq: "{reference}"}}}}'))
    return f'{{requester: {{eq: "{answer["data"]["accessRecords"]["nodes"][0]["requester"]}"}}}}'


def _by_trace(number: int) -> str:
    trace = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()
    return f'{{trace: {{eq: "{trace}"}}}}'
