"""Tokens of issuers that name things in their own way."""

from collections.abc import Mapping

import pytest

from gateway.identity.claims_map import ClaimsMapError, read_claims_map
from schema.marketplace.words import Roles

ISSUERS: Mapping[str, tuple[str, Mapping[str, object], Mapping[str, object]]] = {
    "Keycloak": (
        "role=realm_access.roles purposes=scope organisation=org.id",
        {"realm_access": {"roles": ["offline_access", "BANK"]}, "scope": "openid credit_assessment", "org": {"id": 10}},
        {"role": "BANK", "purposes": ["openid", "credit_assessment"], "organisation": 10},
    ),
    "Entra": (
        "role=roles purposes=scp",
        {"roles": ["PLATFORM"], "scp": "account_service diagnostics"},
        {"role": "PLATFORM", "purposes": ["account_service", "diagnostics"]},
    ),
    "Auth0": (
        "role=https://veil.example/role purposes=permissions member=https://veil.example/member",
        {"https://veil.example/role": "MEMBER", "permissions": ["self_service"], "https://veil.example/member": 12},
        {"role": "MEMBER", "purposes": ["self_service"], "member": 12},
    ),
    "a name with points, within another": ("member=a.b.c", {"a": {"b.c": 1}}, {"member": 1}),
    "two roles of the gateway": ("role=roles", {"roles": ["BANK", "PLATFORM"]}, {}),
    "no role of the gateway": ("role=roles", {"roles": ["admin"]}, {}),
    "a role that is a number": ("role=roles", {"roles": 7}, {}),
    "a path through a text": ("member=a.b", {"a": "b"}, {}),
    "a claim of the gateway's name, which is not where it is read": ("role=roles", {"role": "PLATFORM"}, {}),
    "no map": ("", {"role": "BANK"}, {"role": "BANK"}),
}


@pytest.mark.parametrize("issuer", ISSUERS)
def test_an_issuer_s_claims_are_read_under_its_own_names(issuer: str) -> None:
    text, content, expected = ISSUERS[issuer]
    found = read_claims_map(text).canonical({"sub": "somebody", **content}, tuple(Roles))
    read = {name: found[name] for name in ("role", "purposes", "member", "organisation") if name in found}
    assert found["sub"] == "somebody"
    assert read == expected


@pytest.mark.parametrize("text", ["role", "role=", "=a", "sub=a", "role=a role=b", "role=a, purposes=b=c sub=d"])
def test_a_map_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ClaimsMapError, match=r"role=realm_access\.roles"):
        read_claims_map(text)
