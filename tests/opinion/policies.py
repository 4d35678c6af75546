"""Policies there never were: a few grants made up for one role and purpose, to hold the gateway to more than its own.

A new version may be put in force at any time, and is then to be kept to like the one before.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from schema.catalog import Catalog
from schema.labels import Category, Identifier, Identifiers, OwnCategories
from schema.marketplace import conditions as declared
from schema.marketplace.words import Categories, Purposes, Roles
from schema.policy.grants import Grant, Policy, Words
from schema.requester import Purpose, Role
from schema.treatments import Treatment

STANDPOINTS = (
    (Roles.MEMBER, Purposes.MEMBER_TRADING),
    (Roles.MEMBER, Purposes.SELF_SERVICE),
    (Roles.PLATFORM, Purposes.DATA_SUBJECT_REQUEST),
    (Roles.SERVICE_PROVIDER, Purposes.SITE_OPERATION),
    (Roles.AFFILIATE, Purposes.AFFILIATE_SHARING),
    (Roles.PARTNER, Purposes.STATISTICAL_SHARING),
    (Roles.BANK, Purposes.CREDIT_ASSESSMENT),
    (Roles.AUTHORITY, Purposes.COURT_ORDER),
    (Roles.ACQUIRER, Purposes.BUSINESS_TRANSFER),
)
"""Who the made-up grants are for: among them, every condition can hold."""

EVERYWHERE = (declared.COOKIES, declared.NOT_OPTED_OUT, declared.DATA_SUBJECT_REQUEST, declared.ASSESSMENT)
"""Conditions that may hold for any requester, and meet others often."""

SEEN = tuple(category for category in Categories if category not in (OwnCategories.OPEN, OwnCategories.ACCESS_LOG))
"""The log is left out: of its many subjects at once, no condition but `SELF` has a meaning that is settled."""

MOST_GRANTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """A policy that grants something to one role for one purpose, and nothing else to anybody."""

    role: Role
    purpose: Purpose
    policy: Policy

    def __str__(self) -> str:
        grants = "".join(f"\n  {grant_text(grant)}" for grant in self.policy.grants_for(self.role, self.purpose))
        return f"{grants}\n  {words_text(self.policy.words)}"

    @property
    def activation(self) -> str:
        """The SQL that puts it in force."""
        version = self.policy.version
        return (
            "insert into veil.policy_activation (version, digest, content, activated_by)"
            f" values ('{version}', encode(sha256('{version}'), 'hex'), '', 'proof')"
        )


def words_text(words: Words) -> str:
    """The words of a policy in one line."""
    return f"speaks of {', '.join([*words.collected, *words.other_categories, *words.identifiers])}"


def grant_text(grant: Grant) -> str:
    """A grant in one line."""
    seen = ", ".join(
        [*sorted(grant.categories), *sorted(grant.fields), *(f"not {each}" for each in sorted(grant.without))]
    )
    shown = ", ".join([grant.identifiers, *(f"{kind} {treatment}" for kind, treatment in grant.exceptions.items())])
    conditions = " and ".join(map(str, grant.conditions)) or "always"
    return f"{grant.id} sees {seen} ({shown}), when: {conditions}"


def made_up(own: Policy, catalog: Catalog) -> st.SearchStrategy[MadeUp]:
    fields = sorted(
        f"{entity.name}.{column.name}"
        for entity in catalog.entities.values()
        for column in entity.columns.values()
        if column.label.category in SEEN and column.name != "id"
    )

    @st.composite
    def drawn(draw: st.DrawFn) -> MadeUp:
        role, purpose = draw(st.sampled_from(STANDPOINTS))
        several = 1 + draw(st.integers(0, MOST_GRANTS - 1))
        words = _words(draw, own.words)
        grants = tuple(_grant(draw, f"M{n}", words, (role, purpose), fields) for n in range(1, several + 1))
        said = "".join([role, purpose, words_text(words), *map(grant_text, grants)])
        version = "made-up-" + hashlib.sha256(said.encode()).hexdigest()[:12]
        return MadeUp(
            role=role,
            purpose=purpose,
            policy=replace(own, version=version, words=words, grants={(role, purpose): grants}),
        )

    return drawn()


def _words(draw: st.DrawFn, own: Words) -> Words:
    """Often without some: then what the types say is newer than what the policy speaks of."""
    fewer = draw(st.booleans())
    categories = draw(st.sets(st.sampled_from(SEEN), max_size=2)) if fewer else set[Category]()
    kinds = draw(st.sets(st.sampled_from(Identifiers), max_size=3)) if fewer else set[Identifier]()
    return Words(
        collected=tuple(each for each in own.collected if each not in categories),
        other_categories=tuple(each for each in own.other_categories if each not in categories),
        identifiers=tuple(each for each in own.identifiers if each not in kinds),
    )


def _grant(draw: st.DrawFn, name: str, words: Words, asking: tuple[Role, Purpose], fields: Sequence[str]) -> Grant:
    """Of any words: those that the policy does not speak of give nothing, whatever a grant says."""
    role, purpose = asking
    usual = draw(st.sampled_from(Treatment))
    exceptions = draw(st.dictionaries(st.sampled_from(Identifiers), st.sampled_from(Treatment), max_size=3))
    categories = draw(st.lists(st.sampled_from(SEEN), min_size=1, max_size=4, unique=True))
    further = draw(st.lists(st.sampled_from(fields), max_size=2, unique=True))
    without = draw(st.lists(st.sampled_from(fields), max_size=2, unique=True))
    conditions = draw(
        st.lists(st.one_of(st.sampled_from(EVERYWHERE), st.sampled_from(declared.CONDITIONS)), max_size=2, unique=True)
    )
    return Grant(
        id=name,
        roles=frozenset({role}),
        purposes=frozenset({purpose}),
        categories=frozenset(categories),
        fields=frozenset(further),
        without=frozenset(without),
        aggregates=frozenset(),
        identifiers=usual,
        exceptions=exceptions,
        conditions=tuple(conditions),
        clauses=("U4",),
        words=words,
    )
