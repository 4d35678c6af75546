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
from schema.fields import StatisticsField
from schema.labels import Category, Identifier
from schema.policy.grants import Grant, treatment_of
from schema.policy.locations import Location, PolicyError, quoted_list
from schema.requester import Purpose, Role
from schema.treatments import Treatment

What = TypeVar("What")


@dataclass(frozen=True, slots=True)
class Located(Generic[What]):
    """What is said, and where."""

    location: Location
    value: What


def check_soundness(
    grants: Sequence[Located[Grant]], roles: Mapping[Role, Located[frozenset[Purpose]]], catalog: Catalog
) -> None:
    """Raises `PolicyError`."""
    for said in grants:
        _gives_something(said.location, said.value, catalog)
        _can_be_asked_for(said.location, said.value, {role: purposes.value for role, purposes in roles.items()})
        _shows_no_whole_card(said.location, said.value, catalog)
    for alike in _under_the_same_conditions(grants):
        for earlier, later in combinations(alike, 2):
            if _meet(earlier.value, later.value):
                _clear(earlier, later, catalog)
    _grants_all_that_may_be_asked_for(grants, roles)


def _under_the_same_conditions(grants: Sequence[Located[Grant]]) -> Iterator[Sequence[Located[Grant]]]:
    """Only such grants can be unclear together."""
    found: dict[frozenset[Condition], list[Located[Grant]]] = {}
    for said in grants:
        found.setdefault(frozenset(said.value.conditions), []).append(said)
    yield from found.values()


# One grant.


def _gives_something(at: Location, grant: Grant, catalog: Catalog) -> None:
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


def _gives_figures(at: Location, grant: Grant, catalog: Catalog) -> None:
    if grant.categories or grant.fields or grant.conditions:
        raise at.at("figures_about").error("figures are about all members; put them in a grant of their own")
    there = {
        root.declaration.category for root in catalog.roots.values() if isinstance(root.declaration, StatisticsField)
    }
    if missing := sorted(grant.aggregates - there):
        raise at.at("figures_about").error(
            f"there are no figures about `{missing[0]}`; there are about {quoted_list(there)}"
        )


def _can_be_asked_for(at: Location, grant: Grant, roles: Mapping[Role, frozenset[Purpose]]) -> None:
    for role in sorted(grant.roles):
        if others := sorted(grant.purposes - roles[role]):
            raise at.at("for").error(f"`{role}` may not ask for `{others[0]}`; it may for {quoted_list(roles[role])}")


def _shows_no_whole_card(at: Location, grant: Grant, catalog: Catalog) -> None:
    if grant.identifiers[Identifier.CARD_NUMBER] is not Treatment.PLAIN:
        return
    if not any(column.label.identifier is Identifier.CARD_NUMBER for _, column in _covered(grant, catalog)):
        return
    whole_cards = catalog.marketplace.whole_cards
    for purpose in sorted(grant.purposes):
        needed = whole_cards.get(purpose)
        if needed is None:
            raise at.at("identifiers").error(
                f"for `{purpose}` no card number is shown whole, but only for {quoted_list(whole_cards)};"
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


def _clear(earlier: Located[Grant], later: Located[Grant], catalog: Catalog) -> None:
    if twice := earlier.value.aggregates & later.value.aggregates:
        raise _again(later.location.at("figures_about"), earlier.value, min(twice))
    by_name = {f"{entity.name}.{column.name}": (entity, column) for entity, column in _covered(later.value, catalog)}
    for place, (entity, column) in by_name.items():
        if earlier.value.covers(entity, column):
            _clear_of(place, earlier, later, entity, column)
    for twice in sorted(earlier.value.categories & later.value.categories):
        raise _again(later.location.at("sees"), earlier.value, twice)


def _clear_of(place: str, earlier: Located[Grant], later: Located[Grant], entity: Entity, column: Column) -> None:
    before, now = (treatment_of(said.value, entity, column) for said in (earlier, later))
    by_name = [place in said.value.fields for said in (earlier, later)]
    if by_name[0] is by_name[1]:
        if before is not now:
            raise later.location.at("sees").error(
                f"`{place}` is {now} here and {before} in `{earlier.value.id}`, under the same conditions;"
                " which of them holds is unclear"
            )
        if by_name[0]:
            raise _again(later.location.at("sees"), earlier.value, place)
    # A field named singly is an exception to its category: it has to open it further, as the most revealing applies.
    elif now.openness <= before.openness and by_name[1]:
        raise _no_further(later.location, earlier.value, place)
    elif before.openness <= now.openness and by_name[0]:
        raise _no_further(earlier.location, later.value, place)


def _again(at: Location, other: Grant, what: str) -> PolicyError:
    return at.error(f"`{other.id}` gives `{what}` already, under the same conditions; say it once")


def _no_further(at: Location, other: Grant, place: str) -> PolicyError:
    return at.at("sees").error(
        f"`{other.id}` shows `{place}` as openly or more, under the same conditions; name a field to open it further"
    )


# All together.


def _grants_all_that_may_be_asked_for(
    grants: Sequence[Located[Grant]], roles: Mapping[Role, Located[frozenset[Purpose]]]
) -> None:
    for role, purposes in roles.items():
        granted = {purpose for said in grants if role in said.value.roles for purpose in said.value.purposes}
        if missing := sorted(purposes.value - granted):
            raise purposes.location.at("may_ask_for").error(
                f"no grant gives `{role}` anything for `{missing[0]}`; grant something, or leave it out"
            )
