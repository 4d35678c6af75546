"""All requesters: every role with every purpose the policy file gives it, standing where the sample lets it see rows."""

import tomllib
from collections.abc import Iterator, Mapping

import pytest

from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Purposes, Roles
from schema.requester import Purpose, Role
from tests.conftest import Requesting

ORGANISATIONS: Mapping[Role, int] = {
    Roles.AFFILIATE: 2,
    Roles.SERVICE_PROVIDER: 4,
    Roles.PARTNER: 6,
    Roles.ADVERTISER: 8,
    Roles.BANK: 10,
    Roles.PAYMENT_VENDOR: 12,
    Roles.CREDIT_AGENCY: 14,
    Roles.CLAIMANT: 18,
    Roles.ACQUIRER: 20,
}
OFFICE, COURT = 16, 17
"""The authorities."""

INSTRUMENTS: Mapping[tuple[Role, Purpose], tuple[int, str]] = {
    (Roles.AUTHORITY, Purposes.COURT_ORDER): (COURT, "HK-2026-0117"),
    (Roles.AUTHORITY, Purposes.AUTHORITY_REQUEST): (OFFICE, "CPO-2026-031"),
    (Roles.AUTHORITY, Purposes.BREACH_DISCLOSURE): (OFFICE, "BF-2026-007"),
    (Roles.CLAIMANT, Purposes.BREACH_DISCLOSURE): (18, "BF-2026-005"),
}
"""Who holds which instrument in force."""

BUYER, SELLER = 1, 2
"""Members who trade with each other."""


def _everybody() -> Iterator[Requesting]:
    content = tomllib.loads(MARKETPLACE.first_policy.read_text("utf-8"))
    for name, described in content["role"].items():
        for purpose in described["may_ask_for"]:
            yield from _standing(Roles(name), Purposes(purpose))


def _standing(role: Role, purpose: Purpose) -> Iterator[Requesting]:
    if role is Roles.MEMBER:
        sides = (BUYER, SELLER) if purpose in (Purposes.SELF_SERVICE, Purposes.MEMBER_TRADING) else (BUYER,)
        yield from (Requesting(role=role, purpose=purpose, member=member) for member in sides)
    elif purpose.requires_instrument:
        organisation, reference = INSTRUMENTS[role, purpose]
        yield Requesting(role=role, purpose=purpose, organisation=organisation, reference=reference)
    else:
        yield Requesting(role=role, purpose=purpose, organisation=ORGANISATIONS.get(role))


EVERYBODY = tuple(_everybody())
STRANGERS = tuple(each for each in EVERYBODY if each.role.is_third_party or each.role in (Roles.MEMBER, Roles.PUBLIC))
"""All but the marketplace's own."""


def label(requesting: Requesting) -> str:
    member = f"-{requesting.member}" if requesting.member else ""
    return f"{requesting.role}{member}-{requesting.purpose.value}"


by_everybody = pytest.mark.parametrize("requesting", EVERYBODY, ids=label)
by_strangers = pytest.mark.parametrize("requesting", STRANGERS, ids=label)
