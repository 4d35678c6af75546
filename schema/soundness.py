"""Whether a policy is sound: that each grant gives something, once and clearly, and never what no policy may.

Made from the entries of a policy file and the catalog; every problem is told at the passage that is at fault. Names
are checked before, in `schema.policy_file`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Generic, TypeVar

from schema.catalog import Catalog, Column, Entity
from schema.conditions import Condition
from schema.fields import Summarises
from schema.labels import Category, Identifier
from schema.passages import Passage, PolicyError, listed
from schema.policy import Grant, treated
from schema.requester import Purpose, Role
from schema.treatments import Treatment

What = TypeVar("What")


@dataclass(frozen=True, slots=True)
class Said(Generic[What]):
    """What is said, and where."""

    at: Passage
    what: What


WHOLE_CARD: Mapping[Purpose, Condition] = {
    Purpose.TRANSACTION_COMPLETION: Condition.PAYMENT_ROUTE,
    Purpose.COURT_ORDER: Condition.COURT_ORDER,
}
"""The only purposes for which a card number may ever be shown whole, and the condition it then needs."""


def check(grants: Sequence[Said[Grant]], roles: Mapping[Role, Said[frozenset[Purpose]]], catalog: Catalog) -> None:
    """Raises `PolicyError`."""
    for said in grants:
        _gives_something(said.at, said.what, catalog)
        _can_be_asked_for(said.at, said.what, {role: purposes.what for role, purposes in roles.items()})
        _shows_no_whole_card(said.at, said.what, catalog)
    for alike in _under_the_same_conditions(grants):
        for earlier, later in combinations(alike, 2):
            if _meet(earlier.what, later.what):
                _clear(earlier, later, catalog)
    _grants_all_that_may_be_asked_for(grants, roles)


def _under_the_same_conditions(grants: Sequence[Said[Grant]]) -> Iterator[Sequence[Said[Grant]]]:
    """Only such grants can be unclear together."""
    found: dict[frozenset[Condition], list[Said[Grant]]] = {}
    for said in grants:
        found.setdefault(frozenset(said.what.conditions), []).append(said)
    yield from found.values()


# One grant.


def _gives_something(at: Passage, grant: Grant, catalog: Catalog) -> None:
    if Category.OPEN in grant.categories:
        raise at.at("sees").error("`OPEN` is plain to all and needs no grant")
    if grant.aggregates:
        _gives_figures(at, grant, catalog)
    elif not (grant.categories or grant.fields):
        raise at.error("it gives nothing; say what it `sees`, or what `figures_about`")
    elif not grant.roles or not grant.purposes:
        raise at.error("it gives to nobody; say `who` sees it, and `for` what")
    elif not any(True for _ in _covered(grant, catalog)):
        raise at.at("when").error("this never holds for what it `sees`, so nothing would ever be shown")


def _gives_figures(at: Passage, grant: Grant, catalog: Catalog) -> None:
    if grant.categories or grant.fields or grant.conditions:
        raise at.at("figures_about").error("figures are about all members; put them in a grant of their own")
    there = {root.declaration.category for root in catalog.roots.values() if isinstance(root.declaration, Summarises)}
    if missing := sorted(grant.aggregates - there):
        raise at.at("figures_about").error(
            f"there are no figures about `{missing[0]}`; there are about {listed(there)}"
        )


def _can_be_asked_for(at: Passage, grant: Grant, roles: Mapping[Role, frozenset[Purpose]]) -> None:
    for role in sorted(grant.roles):
        if others := sorted(grant.purposes - roles[role]):
            raise at.at("for").error(f"`{role}` may not ask for `{others[0]}`; it may for {listed(roles[role])}")


def _shows_no_whole_card(at: Passage, grant: Grant, catalog: Catalog) -> None:
    if grant.identifiers[Identifier.CARD_NUMBER] is not Treatment.PLAIN:
        return
    if not any(column.label.identifier is Identifier.CARD_NUMBER for _, column in _covered(grant, catalog)):
        return
    for purpose in sorted(grant.purposes):
        needed = WHOLE_CARD.get(purpose)
        if needed is None:
            raise at.at("identifiers").error(
                f"for `{purpose}` no card number is shown whole, but only for {listed(WHOLE_CARD)};"
                ' add `except = { CARD_NUMBER = "PARTIAL" }`'
            )
        if needed not in grant.conditions:
            raise at.at("identifiers").error(f'a card number is shown whole only `when` "{needed}"; add that')


def _covered(grant: Grant, catalog: Catalog) -> Iterator[tuple[Entity, Column]]:
    """The fields it says something of, where its conditions can hold."""
    for entity in catalog.entities.values():
        if grant.touches(entity):
            yield from ((entity, column) for column in entity.columns.values() if grant.covers(entity, column))


# Two grants that meet: which holds must be clear.


def _meet(one: Grant, other: Grant) -> bool:
    """Whether both give to the same requester on the same conditions."""
    return (
        not one.roles.isdisjoint(other.roles)
        and not one.purposes.isdisjoint(other.purposes)
        and set(one.conditions) == set(other.conditions)
    )


def _clear(earlier: Said[Grant], later: Said[Grant], catalog: Catalog) -> None:
    if twice := earlier.what.aggregates & later.what.aggregates:
        raise _again(later.at.at("figures_about"), earlier.what, min(twice))
    by_name = {f"{entity.name}.{column.name}": (entity, column) for entity, column in _covered(later.what, catalog)}
    for place, (entity, column) in by_name.items():
        if earlier.what.covers(entity, column):
            _clear_of(place, earlier, later, entity, column)
    for twice in sorted(earlier.what.categories & later.what.categories):
        raise _again(later.at.at("sees"), earlier.what, twice)


def _clear_of(place: str, earlier: Said[Grant], later: Said[Grant], entity: Entity, column: Column) -> None:
    before, now = (treated(said.what, entity, column) for said in (earlier, later))
    by_name = [place in said.what.fields for said in (earlier, later)]
    if by_name[0] is by_name[1]:
        if before is not now:
            raise later.at.at("sees").error(
                f"`{place}` is {now} here and {before} in `{earlier.what.id}`, under the same conditions;"
                " which of them holds is unclear"
            )
        if by_name[0]:
            raise _again(later.at.at("sees"), earlier.what, place)
    # A field named singly is an exception to its category: it has to open it further, as the most revealing applies.
    elif now.openness <= before.openness and by_name[1]:
        raise _no_further(later.at, earlier.what, place)
    elif before.openness <= now.openness and by_name[0]:
        raise _no_further(earlier.at, later.what, place)


def _again(at: Passage, other: Grant, what: str) -> PolicyError:
    return at.error(f"`{other.id}` gives `{what}` already, under the same conditions; say it once")


def _no_further(at: Passage, other: Grant, place: str) -> PolicyError:
    return at.at("sees").error(
        f"`{other.id}` shows `{place}` as openly or more, under the same conditions; name a field to open it further"
    )


# All together.


def _grants_all_that_may_be_asked_for(
    grants: Sequence[Said[Grant]], roles: Mapping[Role, Said[frozenset[Purpose]]]
) -> None:
    for role, purposes in roles.items():
        granted = {purpose for said in grants if role in said.what.roles for purpose in said.what.purposes}
        if missing := sorted(purposes.what - granted):
            raise purposes.at.at("may_ask_for").error(
                f"no grant gives `{role}` anything for `{missing[0]}`; grant something, or leave it out"
            )
