"""Who asks: every role for every purpose it may declare, as anybody it could be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from schema.requester import INSTRUMENT_PURPOSES, THIRD_PARTIES, Purpose, Role
from tests.opinion.market import Market

NEW_REFERENCES = ("REF-1", "REF-2", "REF-3")
"""What instruments that a state adds are cited by."""

NO_ROW = 999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whom a requester says to be, and what for."""

    role: Role
    purpose: Purpose
    member: int | None = None
    organisation: int | None = None
    reference: str | None = None

    def __str__(self) -> str:
        standing = {"member": self.member, "organisation": self.organisation, "reference": self.reference}
        told = "".join(f", {name} {value}" for name, value in standing.items() if value is not None)
        return f"{self.role} for {self.purpose}{told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Whom there is to be."""

    members: Sequence[int]
    organisations: Mapping[str, Sequence[int]]
    """By their kind."""
    references: Sequence[str]

    @classmethod
    def of(cls, market: Market) -> "People":
        organisations: dict[str, list[int]] = {}
        for row in market.rows("organisation"):
            organisations.setdefault(row["kind"], []).append(row["id"])
        return cls(
            members=sorted(row["id"] for row in market.rows("member")),
            organisations={kind: sorted(found) for kind, found in sorted(organisations.items())},
            references=sorted(row["reference"] for row in market.rows("legal_instrument")),
        )

    @property
    def everybody(self) -> Sequence[int]:
        return [each for found in self.organisations.values() for each in found]


def as_somebody(people: People, role: Role, purpose: Purpose) -> st.SearchStrategy[Asking]:
    """Anybody who may have this role: most often of the right kind, at times one that is not there."""
    nobody: st.SearchStrategy[int | None] = st.none()
    organisations = _organisations(people, role) if role in THIRD_PARTIES else nobody
    references = st.one_of(st.sampled_from(NEW_REFERENCES), st.sampled_from([*people.references, "NONE-SUCH"]))
    return st.builds(
        Asking,
        role=st.just(role),
        purpose=st.just(purpose),
        member=st.sampled_from([*people.members, NO_ROW]) if role is Role.MEMBER else nobody,
        organisation=organisations,
        reference=references if purpose in INSTRUMENT_PURPOSES else st.none(),
    )


def _organisations(people: People, role: Role) -> st.SearchStrategy[int]:
    right = st.sampled_from(people.organisations[role.value])
    return st.one_of(right, right, right, st.sampled_from([*people.everybody, NO_ROW]))
