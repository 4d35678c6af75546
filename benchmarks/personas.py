"""Requesters: roles and purposes with their members and organisations in the sample marketplace, and their headers."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.demo.development import DevelopmentKey
from schema.identities import Identity
from schema.marketplace.words import Purposes, Roles
from schema.requester import Purpose, Role

LIFETIME = 24 * 60 * 60
"""Seconds a token holds: longer than any run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A role and a purpose, with the member or organisation that they require."""

    role: Role
    purpose: Purpose
    member: Identity | None = None
    organisation: Identity | None = None

    def headers(self, key: DevelopmentKey) -> Mapping[str, str]:
        headers = {"Access-Purpose": self.purpose.value}
        if self.role is not Roles.PUBLIC:
            token = key.sign(
                self.role,
                [self.purpose],
                member=self.member,
                organisation=self.organisation,
                lifetime_seconds=LIFETIME,
                now=time.time(),
            )
            headers["Authorization"] = f"Bearer {token}"
        return headers


OPERATOR: Final = Persona(role=Roles.PLATFORM, purpose=Purposes.SITE_OPERATION)
"""Sees all that the common workloads ask for, masked."""

STAFF: Final = Persona(role=Roles.PLATFORM, purpose=Purposes.ACCOUNT_SERVICE)
"""Sees the same, plain."""

ANALYST: Final = Persona(role=Roles.PLATFORM, purpose=Purposes.STATISTICAL_ANALYSIS)
ADVERTISER: Final = Persona(role=Roles.ADVERTISER, purpose=Purposes.CAMPAIGN, organisation=8)
VISITOR: Final = Persona(role=Roles.PUBLIC, purpose=Purposes.PUBLIC_BROWSING)
MEMBER: Final = Persona(role=Roles.MEMBER, purpose=Purposes.SELF_SERVICE, member=1)
TRADER: Final = Persona(role=Roles.MEMBER, purpose=Purposes.MEMBER_TRADING, member=1)
CARE: Final = Persona(role=Roles.SERVICE_PROVIDER, purpose=Purposes.ACCOUNT_SERVICE, organisation=4)
BANK: Final = Persona(role=Roles.BANK, purpose=Purposes.TRANSACTION_COMPLETION, organisation=10)
OFFICER: Final = Persona(role=Roles.PRIVACY_OFFICER, purpose=Purposes.PRIVACY_OVERSIGHT)
