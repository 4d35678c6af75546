"""The requester: a person or organisation, their role and their purpose.

A `Requester` that lacks what its role or purpose requires cannot be made: the constructor refuses.
"""

import enum
from dataclasses import dataclass, field
from typing import Final, Self

from schema.identities import Identity


class Party(enum.Enum):
    """Who asks in a role."""

    PUBLIC = "nobody in particular: no token"
    MEMBER = "a data subject: the token names the member"
    OWN = "the marketplace itself"
    THIRD_PARTY = "an organisation: the token names it"
    AUTHORITY = "an organisation whose tokens are of one legal instrument each"


class Role(enum.StrEnum):
    """A role. Each marketplace has its own: a subclass whose members have a party."""

    party: Party

    def __new__(cls, value: str, party: Party) -> Self:
        made = str.__new__(cls, value)
        made._value_ = value
        made.party = party
        return made

    @property
    def is_own(self) -> bool:
        """Whether it is the marketplace itself."""
        return self.party is Party.OWN

    @property
    def is_public(self) -> bool:
        return self.party is Party.PUBLIC

    @property
    def is_member(self) -> bool:
        return self.party is Party.MEMBER

    @property
    def is_anybodys(self) -> bool:
        """Whether anybody can have it. What such requesters write in a document is not for the log."""
        return self.is_public or self.is_member

    @property
    def is_third_party(self) -> bool:
        """Whether it requires an organisation. The token names it."""
        return self.party in (Party.THIRD_PARTY, Party.AUTHORITY)

    @property
    def is_authority(self) -> bool:
        """Whether it is told if its own instrument applies."""
        return self.party is Party.AUTHORITY

    @property
    def sees_clauses(self) -> bool:
        """Whether answers name the clause behind each treatment."""
        return self.is_own or self.is_member


class Purpose(enum.StrEnum):
    """A purpose. Each marketplace has its own: a subclass whose members say whether they require a legal instrument."""

    requires_instrument: bool
    """Whether the header `Access-Reference` must name a legal instrument."""

    def __new__(cls, value: str, requires_instrument: bool = False) -> Self:
        made = str.__new__(cls, value)
        made._value_ = value
        made.requires_instrument = requires_instrument
        return made


DEFAULT_COUNTRY: Final = "HK"
"""The country the marketplace is in by default (ISO 3166-1 alpha-2)."""

KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """The sender of a request, with a role and a purpose.

    Only a MEMBER has a `member`, only a third party an `organisation`, only a purpose with a legal instrument a
    `reference`, and each of them always has it. Everybody but PUBLIC has a `sub`. Raises `ValueError` otherwise.
    """

    sub: str | None
    """The token's claim of that name."""
    role: Role
    purpose: Purpose
    member: Identity | None
    organisation: Identity | None
    reference: str | None
    key: bytes = field(repr=False)
    """Makes and opens this requester's tokens. It is never printed."""

    def __post_init__(self) -> None:
        required = {
            "sub": not self.role.is_public,
            "member": self.role.is_member,
            "organisation": self.role.is_third_party,
            "reference": self.purpose.requires_instrument,
        }
        for name, is_required in required.items():
            if is_required is (getattr(self, name) is None):
                raise ValueError(
                    f"{self.role} for {self.purpose}: `{name}` is {'missing' if is_required else 'too much'}"
                )
        if len(self.key) != KEY_BYTES:
            raise ValueError(f"a requester's key has {KEY_BYTES} bytes")
