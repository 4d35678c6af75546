"""Checks that a policy is sound: each grant shows something, once and unambiguously, and never what no policy may show.

Works on the entries of a policy file and the catalog. An error names the location at fault. Names were checked before, in
`schema.policy.policy_file`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Generic, TypeVar

from schema.catalog import Catalog, Column, Entity
from schema.conditions import Condition
from schema.labels import Form
from schema.policy.grants import Grant, treatment_of
from schema.policy.locations import Location, PolicyError, quoted_list
from schema.requester import Purpose, Role
from schema.rights import Right
from schema.treatments import Treatment

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Located(Generic[_Value]):
    """A value of the file, and its location."""

    location: Location
    value: _Value


def sound(
    grants: Sequence[Located[Grant]], roles: Mapping[Role, Located[frozenset[Purpose]]], catalog: Catalog
) -> Sequence[Grant]:
    """The grants that are sound. The others are rejected, which raises `PolicyError` unless the location says otherwise."""
    kept = [grant for grant in grants if _accepted(grant.location, lambda each=grant: _check(each, roles, catalog))]
    rejected: set[str] = set()
    for group in _by_conditions(kept):
        for earlier, later in combinations(group, 2):
            if _overlap(earlier.value, later.value) and not _accepted(
                later.location, lambda one=earlier, other=later: _check_overlap(one, other, catalog)
            ):
                rejected.add(later.value.id)
    remaining = [grant.value for grant in kept if grant.value.id not in rejected]
    for role, purposes in roles.items():
        _accepted(purposes.location, lambda each=role: _check_completeness(each, roles[each], remaining))
    return remaining


def _accepted(location: Location, check: Callable[[], None]) -> bool:
    """Whether a check finds no mistake. A mistake that it finds is rejected."""
    try:
        check()
    except PolicyError as mistake:
        location.reject(mistake)
        return False
    return True


def _check(grant: Located[Grant], roles: Mapping[Role, Located[frozenset[Purpose]]], catalog: Catalog) -> None:
    _check_content(grant.location, grant.value, catalog)
    _check_purposes(grant.location, grant.value, {role: purposes.value for role, purposes in roles.items()})
    _check_cards(grant.location, grant.value, catalog)
    _check_rights(grant.location, grant.value, catalog)


def _by_conditions(grants: Sequence[Located[Grant]]) -> Iterator[Sequence[Located[Grant]]]:
    """Groups of grants with the same conditions: only these can contradict each other."""
    groups: dict[frozenset[Condition], list[Located[Grant]]] = {}
    for grant in grants:
        groups.setdefault(frozenset(grant.value.conditions), []).append(grant)
    yield from groups.values()


# One grant.


def _check_content(location: Location, grant: Grant, catalog: Catalog) -> None:
    if any(category.is_open for category in grant.categories):
        raise location.at("sees").error("`OPEN` fields are plain for everybody and need no grant")
    if grant.aggregates:
        _check_figures(location, grant)
    elif not (grant.categories or grant.fields or grant.rights):
        raise location.error("it shows nothing; say what it `sees`, what `figures_about`, or what one may change")
    elif not grant.roles or not grant.purposes:
        raise location.error("it shows nothing to anybody; say `who` sees it, and `for` what")
    elif (grant.categories or grant.fields) and not any(True for _ in _covered(grant, catalog)):
        raise location.at("when").error("these conditions never hold for what it `sees`, so it would show nothing")


def _check_figures(location: Location, grant: Grant) -> None:
    if grant.categories or grant.fields or grant.rights or grant.conditions:
        raise location.at("figures_about").error("figures are about all members; put them in a grant of their own")


def _check_purposes(location: Location, grant: Grant, roles: Mapping[Role, frozenset[Purpose]]) -> None:
    for role in sorted(grant.roles):
        if others := sorted(grant.purposes - roles[role]):
            raise location.at("for").error(
                f"`{role}` may not ask for `{others[0]}`; it may for {quoted_list(roles[role])}"
            )


def _check_cards(location: Location, grant: Grant, catalog: Catalog) -> None:
    cards = (column.label.identifier for _, column in _covered(grant, catalog) if column.label.is_a(Form.CARD_NUMBER))
    if all(grant.treatment_of_kind(kind) is not Treatment.PLAIN for kind in cards if kind):
        return
    whole_cards = catalog.marketplace.whole_cards
    for purpose in sorted(grant.purposes):
        needed = whole_cards.get(purpose)
        if needed is None:
            raise location.at("identifiers").error(
                f"for `{purpose}` no card number is shown whole, but only for {quoted_list(whole_cards)};"
                ' add `except = { CARD_NUMBER = "PARTIAL" }`'
            )
        if needed not in grant.conditions:
            raise location.at("identifiers").error(f'a card number is shown whole only `when` "{needed}"; add that')


def _check_rights(location: Location, grant: Grant, catalog: Catalog) -> None:
    """That no third party changes anything, and that each right is about something that can be changed."""
    for right, scope in grant.rights.items():
        here = location.at(right)
        if third := sorted(role for role in grant.roles if role.is_third_party):
            raise here.error(f"`{third[0]}` is a third party, and no third party changes anything")
        if any(each.is_open for each in scope.categories):
            raise here.error("`OPEN` fields are about nobody; what they say changes with the others of their mutation")
        if right is Right.CARRY_OUT and scope.fields:
            raise here.error("what is asked is carried out of whole categories; name categories alone")
        columns = list(_changeable(right, grant, catalog))
        for category in sorted(scope.categories):
            if not any(column.label.category is category for _, column in columns):
                raise here.error(f"nothing of `{category}` can be changed so when these conditions hold; leave it out")
        for field in sorted(scope.fields):
            if not any(f"{entity.name}.{column.name}" == field for entity, column in columns):
                raise here.error(f"`{field}` cannot be changed so when these conditions hold; leave it out")


def _changeable(right: Right, grant: Grant, catalog: Catalog) -> Iterator[tuple[Entity, Column]]:
    """The fields that a grant lets somebody change by a mutation of the marketplace."""
    if right is Right.CARRY_OUT:
        yield from _destroyable(grant, catalog)
    for mutation in catalog.mutations.values():
        times = [each for each in (mutation.started, mutation.ended) if each]
        columns = [*(each.column for each in mutation.inputs.values()), *times]
        for column in columns if mutation.declaration.right is right else ():
            if grant.permits(right, mutation.entity, column):
                yield mutation.entity, column


def _destroyable(grant: Grant, catalog: Catalog) -> Iterator[tuple[Entity, Column]]:
    categories = catalog.destruction.categories if catalog.destruction else ()
    for entity in catalog.entities.values():
        for column in entity.columns.values():
            if column.label.category in categories and grant.permits(Right.CARRY_OUT, entity, column):
                yield entity, column


def _covered(grant: Grant, catalog: Catalog) -> Iterator[tuple[Entity, Column]]:
    """The fields that a grant is about and whose rows its conditions can hold for."""
    for entity in catalog.entities.values():
        if grant.touches(entity):
            yield from ((entity, column) for column in entity.columns.values() if grant.covers(entity, column))


# Two grants that overlap: it must be clear which one holds.


def _overlap(one: Grant, other: Grant) -> bool:
    """Whether both apply to the same requester under the same conditions."""
    return (
        not one.roles.isdisjoint(other.roles)
        and not one.purposes.isdisjoint(other.purposes)
        and set(one.conditions) == set(other.conditions)
    )


def _check_overlap(earlier: Located[Grant], later: Located[Grant], catalog: Catalog) -> None:
    if shared := earlier.value.aggregates & later.value.aggregates:
        raise _repetition(later.location.at("figures_about"), earlier.value, min(shared))
    by_name = {f"{entity.name}.{column.name}": (entity, column) for entity, column in _covered(later.value, catalog)}
    for place, (entity, column) in by_name.items():
        if earlier.value.covers(entity, column):
            _check_field(place, earlier, later, entity, column)
    for shared in sorted(earlier.value.categories & later.value.categories):
        raise _repetition(later.location.at("sees"), earlier.value, shared)


def _check_field(place: str, earlier: Located[Grant], later: Located[Grant], entity: Entity, column: Column) -> None:
    before, now = (treatment_of(grant.value, entity, column) for grant in (earlier, later))
    by_name = [place in grant.value.fields for grant in (earlier, later)]
    if by_name[0] is by_name[1]:
        if before is not now:
            raise later.location.at("sees").error(
                f"`{place}` is {now} here and {before} in `{earlier.value.id}`, under the same conditions;"
                " it is unclear which of them holds"
            )
        if by_name[0]:
            raise _repetition(later.location.at("sees"), earlier.value, place)
    # A single field is an exception to its category. As the most revealing rule wins, it can only open the field further.
    elif now.openness <= before.openness and by_name[1]:
        raise _no_further(later.location, earlier.value, place)
    elif before.openness <= now.openness and by_name[0]:
        raise _no_further(earlier.location, later.value, place)


def _repetition(location: Location, other: Grant, what: str) -> PolicyError:
    return location.error(f"`{other.id}` shows `{what}` already, under the same conditions; say it once")


def _no_further(location: Location, other: Grant, place: str) -> PolicyError:
    return location.at("sees").error(
        f"`{other.id}` shows `{place}` as openly or more, under the same conditions; name a field to open it further"
    )


# All together.


def _check_completeness(role: Role, purposes: Located[frozenset[Purpose]], grants: Sequence[Grant]) -> None:
    served = {purpose for grant in grants if role in grant.roles for purpose in grant.purposes}
    if missing := sorted(purposes.value - served):
        raise purposes.location.at("may_ask_for").error(
            f"no grant shows `{role}` anything for `{missing[0]}`; add a grant, or leave the purpose out"
        )
