"""A requester has exactly what its role and purpose require, and its key is never printed."""

import asyncio
from typing import Any

import pytest

from gateway.database.batches import PendingCall
from gateway.exchange import Exchange
from gateway.http.request import BodyReader
from gateway.ledger.records import record_statement
from gateway.telemetry.observation import Observation
from schema.marketplace.words import Purposes, Roles
from schema.requester import Purpose, Requester, Role

KEY = b"a secret of thirty-two bytes....".ljust(32, b".")


def requester(**changed: Any) -> Requester:
    role = changed.get("role", Roles.PLATFORM)
    purpose = changed.get("purpose", Purposes.ACCOUNT_SERVICE)
    complete: dict[str, Any] = {
        "sub": None if role is Roles.PUBLIC else "somebody",
        "role": role,
        "purpose": purpose,
        "member": 7 if role is Roles.MEMBER else None,
        "organisation": 20 if role.is_third_party else None,
        "reference": "HK-2026-0117" if purpose.requires_instrument else None,
        "key": KEY,
    }
    return Requester(**{**complete, **changed})


@pytest.mark.parametrize("role", Roles)
@pytest.mark.parametrize("purpose", [Purposes.ACCOUNT_SERVICE, Purposes.COURT_ORDER])
def test_a_complete_requester_can_be_made(role: Role, purpose: Purpose) -> None:
    assert requester(role=role, purpose=purpose).role is role


@pytest.mark.parametrize("role", Roles)
@pytest.mark.parametrize("part", ["sub", "member", "organisation"])
def test_a_requester_has_what_its_role_requires_and_no_more(role: Role, part: str) -> None:
    """Neither without it where it is required, nor with it where it is not."""
    complete = getattr(requester(role=role), part)
    opposite = ("somebody" if part == "sub" else 7) if complete is None else None
    with pytest.raises(ValueError, match=part):
        requester(role=role, **{part: opposite})


@pytest.mark.parametrize("purpose", Purposes)
def test_a_requester_has_a_reference_exactly_where_the_purpose_requires_one(purpose: Purpose) -> None:
    opposite = None if purpose.requires_instrument else "HK-2026-0117"
    with pytest.raises(ValueError, match="reference"):
        requester(purpose=purpose, reference=opposite)


def test_a_requester_needs_a_whole_key() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        requester(key=KEY[1:])


def test_the_key_is_never_printed() -> None:
    """Neither by the requester nor by what holds one, or the key, on its way to the database."""

    async def received() -> dict[str, Any]:
        return {}

    async def printed() -> str:
        call = PendingCall(statement=record_statement("bigint", "bigint"), values=("7", KEY), cost=1, since=0.0)
        exchange = Exchange(
            record="7", body=BodyReader(received, limit=1), observation=Observation(None), requester=requester()
        )
        return f"{requester()} {exchange} {call}"

    text = asyncio.run(printed())
    assert "somebody" in text
    assert "secret" not in text
