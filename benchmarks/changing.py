"""A change of members' telephone numbers by staff, beside the same change by hand with the same record: asked in turns, and by 16 at once."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx

from benchmarks.load import drive
from benchmarks.markets import MEMBERS, market, settings
from benchmarks.measuring import raw
from benchmarks.personas import STAFF
from benchmarks.places import err, python_server
from benchmarks.sending import Pace
from benchmarks.turns import Asked, milliseconds
from gateway.demo import embedded
from gateway.demo.development import DevelopmentKey

PHONE: Final = "+44 20 7946 0958"
DOCUMENT: Final = (
    "mutation ($id: ID!, $input: UpdateRegistrationInput!) { updateRegistration(id: $id, input: $input) { fields } }"
)
MEMBERS_CHANGED: Final = range(1, 501)
"""Each request changes another: who changes one row at once waits for its turn."""


def by_veil(member: int) -> Mapping[str, Any]:
    return {"query": DOCUMENT, "variables": {"id": f"Member:{member}", "input": {"phone": PHONE}}}


def by_hand(member: int) -> Mapping[str, Any]:
    return {"id": member, "phone": PHONE}


_AT_ONCE = Pace(seconds=4, connections=16)


def changing(cluster: embedded.Cluster, key: DevelopmentKey, rounds: int) -> None:
    """Prints how long both take, and how many of each are answered a second."""
    there = market(cluster, MEMBERS)
    environment = {**settings(there, key), "VEIL_REQUEST_LOG": "false"}
    with (
        python_server("by hand", "benchmarks.contenders.changing:create", {"DATABASE": there.owner}) as hand,
        python_server("veil", "gateway.app:create", environment) as veil,
        httpx.Client(timeout=60) as client,
    ):
        asked: list[tuple[str, str, Mapping[str, str], Callable[[int], Mapping[str, Any]]]] = [
            (hand.address, "/change", {}, by_hand),
            (veil.address, "/graphql", STAFF.headers(key), by_veil),
        ]
        turns = [
            Asked(client=client, address=address + path, headers=headers, body=body(1))
            for address, path, headers, body in asked
        ]
        one, other = milliseconds(turns, rounds)
        err.print(f"one at a time: {one:.2f} ms by hand, {other:.2f} ms with Veil, {other / one:.2f} times")
        many, fewer = (
            drive(
                address, [raw(path, headers, body(member)) for member in MEMBERS_CHANGED], _AT_ONCE, shown=False
            ).answered_per_second
            for address, path, headers, body in asked
        )
        err.print(
            f"16 at once: {many:,.0f} a second by hand, {fewer:,.0f} with Veil, {many / fewer:.2f} times the cost"
        )
