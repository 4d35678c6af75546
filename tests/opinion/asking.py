"""Requesters: every role for every purpose it may declare, as anybody it could be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from schema.marketplace.words import Purposes, Roles
from schema.requester import Purpose, Role
from tests.opinion.conditions import OF_A_COURT
from tests.opinion.market import Market

INSTRUMENTS: Mapping[Purpose, str] = {
    Purposes.COURT_ORDER: "COURT_ORDER",
    Purposes.AUTHORITY_REQUEST: "AUTHORITY_REQUEST",
    Purposes.BREACH_DISCLOSURE: "BREACH_FINDING",
}
"""Which kind of instrument each purpose requires."""

NEW_REFERENCE = "NEW-{}"
"""What an instrument that a state adds is cited by: `NEW-COURT_ORDER`."""

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
        details = "".join(f", {name} {value}" for name, value in standing.items() if value is not None)
        return f"{self.role} for {self.purpose}{details}"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Whom there is to be."""

    members: Sequence[int]
    organisations: Mapping[str, Sequence[int]]
    """By their kind."""
    references: Mapping[str, Sequence[str]]
    """By the kind of instrument."""
    holders: Mapping[str, int]
    """The organisation of each instrument, by its reference."""

    @classmethod
    def of(cls, market: Market) -> "People":
        organisations: dict[str, list[int]] = {}
        for row in market.rows("organisation"):
            organisations.setdefault(row["kind"], []).append(row["id"])
        references = {kind: [NEW_REFERENCE.format(kind)] for kind in INSTRUMENTS.values()}
        for row in market.rows("legal_instrument"):
            kind = "COURT_ORDER" if row["kind"] in OF_A_COURT else row["kind"]
            references[kind].append(row["reference"])
        return cls(
            members=sorted(row["id"] for row in market.rows("member")),
            organisations={kind: sorted(found) for kind, found in sorted(organisations.items())},
            references={kind: sorted(found) for kind, found in references.items()},
            holders={row["reference"]: row["organisation_id"] for row in market.rows("legal_instrument")},
        )

    @property
    def everybody(self) -> Sequence[int]:
        return [each for found in self.organisations.values() for each in found]


def as_somebody(people: People, role: Role, purpose: Purpose) -> st.SearchStrategy[Asking]:
    """Anybody who may have this role: most often of the right kind, at times one that is not there."""
    nobody: st.SearchStrategy[int | None] = st.none()
    somebody = st.builds(
        Asking,
        role=st.just(role),
        purpose=st.just(purpose),
        member=st.sampled_from([*people.members, NO_ROW]) if role is Roles.MEMBER else nobody,
        organisation=_organisations(people, role) if role.is_third_party else nobody,
        reference=_references(people, INSTRUMENTS[purpose]) if purpose in INSTRUMENTS else st.none(),
    )
    return st.one_of(somebody, _as_holder(people, role, purpose)) if purpose in INSTRUMENTS else somebody


def _as_holder(people: People, role: Role, purpose: Purpose) -> st.SearchStrategy[Asking]:
    """Who holds an instrument of the sample, and cites it."""
    held = [reference for reference in people.references[INSTRUMENTS[purpose]] if reference in people.holders]
    return st.sampled_from(held).map(
        lambda reference: Asking(
            role=role, purpose=purpose, organisation=people.holders[reference], reference=reference
        )
    )


def _references(people: People, kind: str) -> st.SearchStrategy[str]:
    """Most often one of the right kind, and often the new one."""
    others = [reference for found in people.references.values() for reference in found]
    right = people.references[kind]
    new = NEW_REFERENCE.format(kind)
    return st.one_of(st.just(new), st.just(new), st.sampled_from(right), st.sampled_from([*others, "NONE-SUCH"]))


def _organisations(people: People, role: Role) -> st.SearchStrategy[int]:
    right = organisations(people, role.value)
    return st.one_of(right, right, right, right, st.sampled_from([*people.everybody, NO_ROW]))


def organisations(people: People, kind: str) -> st.SearchStrategy[int]:
    """Of one kind, and most often the first of it, so that the requester is often in what a state is about."""
    found = people.organisations[kind]
    return st.one_of(st.just(found[0]), st.just(found[0]), st.sampled_from(found))
