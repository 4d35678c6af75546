"""All requesters: every role with every purpose the policy file gives it, standing where the sample lets it see rows."""

import tomllib
from collections.abc import Iterator, Mapping

import pytest

from schema.marketplace.marketplace import MARKETPLACE
from schema.requester import INSTRUMENT_PURPOSES, THIRD_PARTIES, Purpose, Role
from tests.conftest import Requesting

ORGANISATIONS: Mapping[Role, int] = {
    Role.AFFILIATE: 2,
    Role.SERVICE_PROVIDER: 4,
    Role.PARTNER: 6,
    Role.ADVERTISER: 8,
    Role.BANK: 10,
    Role.PAYMENT_VENDOR: 12,
    Role.CREDIT_AGENCY: 14,
    Role.CLAIMANT: 18,
    Role.ACQUIRER: 20,
}
OFFICE, COURT = 16, 17
"""The authorities."""

INSTRUMENTS: Mapping[tuple[Role, Purpose], tuple[int, str]] = {
    (Role.AUTHORITY, Purpose.COURT_ORDER): (COURT, "HK-2026-0117"),
    (Role.AUTHORITY, Purpose.AUTHORITY_REQUEST): (OFFICE, "CPO-2026-031"),
    (Role.AUTHORITY, Purpose.BREACH_DISCLOSURE): (OFFICE, "BF-2026-007"),
    (Role.CLAIMANT, Purpose.BREACH_DISCLOSURE): (18, "BF-2026-005"),
}
"""Who holds which instrument in force."""

BUYER, SELLER = 1, 2
"""Members who trade with each other."""


def _everybody() -> Iterator[Requesting]:
    content = tomllib.loads(MARKETPLACE.first_policy.read_text("utf-8"))
    for name, described in content["role"].items():
        for purpose in described["may_ask_for"]:
            yield from _standing(Role(name), Purpose(purpose))


def _standing(role: Role, purpose: Purpose) -> Iterator[Requesting]:
    if role is Role.MEMBER:
        sides = (BUYER, SELLER) if purpose in (Purpose.SELF_SERVICE, Purpose.MEMBER_TRADING) else (BUYER,)
        yield from (Requesting(role=role, purpose=purpose, member=member) for member in sides)
    elif purpose in INSTRUMENT_PURPOSES:
        organisation, reference = INSTRUMENTS[role, purpose]
        yield Requesting(role=role, purpose=purpose, organisation=organisation, reference=reference)
    else:
        yield Requesting(role=role, purpose=purpose, organisation=ORGANISATIONS.get(role))


EVERYBODY = tuple(_everybody())
STRANGERS = tuple(each for each in EVERYBODY if each.role in THIRD_PARTIES or each.role in (Role.MEMBER, Role.PUBLIC))
"""All but the marketplace's own."""


def label(requesting: Requesting) -> str:
    member = f"-{requesting.member}" if requesting.member else ""
    return f"{requesting.role}{member}-{requesting.purpose.value}"


by_everybody = pytest.mark.parametrize("requesting", EVERYBODY, ids=label)
by_strangers = pytest.mark.parametrize("requesting", STRANGERS, ids=label)
