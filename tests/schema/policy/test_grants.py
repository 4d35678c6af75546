"""`decide`: absence is refusal, the most open rule comes first, and a visible row has an id."""

from collections.abc import Iterator
from dataclasses import replace

from schema.catalog import Catalog, Column, Entity
from schema.labels import Category, Identifiers, OwnCategories
from schema.marketplace.words import Purposes, Roles
from schema.policy.grants import OPEN_TO_ALL, Policy, decide, permit, treatment_of
from schema.rights import Right
from schema.treatments import Treatment


def fields(catalog: Catalog) -> Iterator[tuple[Entity, Column]]:
    for entity in catalog.entities.values():
        yield from ((entity, column) for column in entity.columns.values())


def test_without_a_grant_nothing_but_what_is_nobodys_is_shown(catalog: Catalog, policy: Policy) -> None:
    """The public has no grant for a court order."""
    for entity, column in fields(catalog):
        rules = decide(policy, Roles.PUBLIC, Purposes.COURT_ORDER, entity, column)
        assert rules == ((OPEN_TO_ALL,) if column.label.category is OwnCategories.OPEN else ())


def test_the_most_open_rule_comes_first_and_no_rule_hides(catalog: Catalog, policy: Policy) -> None:
    for role, purposes in policy.roles.items():
        for purpose in purposes:
            for entity, column in fields(catalog):
                openness = [rule.treatment.openness for rule in decide(policy, role, purpose, entity, column)]
                assert openness == sorted(openness, reverse=True)
                assert Treatment.HIDDEN.openness not in openness


def test_a_visible_row_shows_its_id_at_least_as_a_token(catalog: Catalog, policy: Policy) -> None:
    for grant in [grant for granted in policy.grants.values() for grant in granted if not grant.aggregates]:
        for entity in catalog.entities.values():
            if grant.touches(entity) and "id" in entity.columns:
                assert treatment_of(grant, entity, entity.columns["id"]) in (Treatment.TOKEN, Treatment.PLAIN)


def test_a_grant_is_of_the_roles_and_purposes_it_names(policy: Policy) -> None:
    for (role, purpose), grants in policy.grants.items():
        assert all(role in grant.roles and purpose in grant.purposes for grant in grants)


def test_nobody_elses_exact_times_amounts_and_details_are_seen_where_identifiers_are_masked(
    catalog: Catalog, policy: Policy
) -> None:
    """But by the marketplace's own, and by the member whose data it is."""
    own = {Roles.PLATFORM, Roles.PRIVACY_OFFICER}
    for (role, purpose), grants in policy.grants.items():
        for grant in grants:
            whole = role in own or "the subject is the requester" in map(str, grant.conditions)
            for entity, column in fields(catalog):
                if not any(each.is_coincidental for each in column.label.identifiers) or not grant.covers(
                    entity, column
                ):
                    continue
                shown = treatment_of(grant, entity, column)
                if whole and column.label.identifier and column.label.identifier.is_coincidental:
                    assert shown is Treatment.PLAIN, (grant.id, purpose, column.name)
                elif grant.identifiers in (Treatment.PARTIAL, Treatment.TOKEN) and not whole:
                    is_coarse = column.label.identifier in (Identifiers.MOMENT, Identifiers.AMOUNT)
                    assert shown is (Treatment.PARTIAL if is_coarse else Treatment.HIDDEN), (grant.id, column.name)


def test_of_an_identifier_in_two_ways_the_stricter_treatment_holds(catalog: Catalog, policy: Policy) -> None:
    """Analysts see details whole and no free text; under contract, free text is seen in part and details are not."""
    item = catalog.entities["OrderItem"]
    specification = item.columns["specification"]
    analysts, _ = policy.grants_for(Roles.PLATFORM, Purposes.STATISTICAL_ANALYSIS)
    (provider,) = policy.grants_for(Roles.SERVICE_PROVIDER, Purposes.SITE_OPERATION)
    staff, _ = policy.grants_for(Roles.PLATFORM, Purposes.SITE_OPERATION)
    assert treatment_of(analysts, item, specification) is Treatment.HIDDEN
    assert treatment_of(provider, item, specification) is Treatment.HIDDEN
    assert treatment_of(staff, item, specification) is Treatment.PARTIAL


def test_without_a_category_no_grant_shows_anything_of_it(catalog: Catalog, policy: Policy) -> None:
    """Not by a single field either. All else stays as it was."""
    log, key = catalog.entities["AccessRecord"], (Roles.PRIVACY_OFFICER, Purposes.PRIVACY_OVERSIGHT)
    (grant, *others) = policy.grants[key]
    single = replace(grant, categories=frozenset[Category](), fields=frozenset({"AccessRecord.role"}), conditions=())
    granting = replace(policy, grants={**policy.grants, key: (single, *others)})
    assert decide(granting, *key, log, log.columns["role"])
    silent = granting.without(OwnCategories.ACCESS_LOG)
    for entity, column in fields(catalog):
        is_of_log = column.label.category is OwnCategories.ACCESS_LOG
        for role, purpose in policy.grants:
            before = decide(granting, role, purpose, entity, column)
            assert decide(silent, role, purpose, entity, column) == (() if is_of_log else before)


def test_without_a_grant_nothing_may_be_changed(catalog: Catalog, policy: Policy) -> None:
    """Nor anything that is nobody's. Each permission has the clauses and the conditions of its grant."""
    grants = {grant.id: grant for grant in policy.all_grants}
    for role in Roles:
        for purpose in Purposes:
            for right in Right:
                for entity, column in fields(catalog):
                    permitted = permit(policy, role, purpose, right, entity, column)
                    expected = [
                        grant.id
                        for grant in policy.grants_for(role, purpose)
                        if right in grant.rights and grant.rights[right].covers(entity, column)
                    ]
                    assert [each.grant for each in permitted] == expected
                    assert not permitted or not (column.label.category.is_open or role.is_third_party)
                    for each in permitted:
                        assert (each.clauses, each.conditions) == (
                            grants[each.grant].clauses,
                            grants[each.grant].conditions,
                        )


def test_a_word_that_a_policy_does_not_speak_of_is_changed_by_nobody(catalog: Catalog, policy: Policy) -> None:
    member = catalog.entities["Member"]
    without = policy.without(member.columns["name"].label.category)
    found = permit(without, Roles.MEMBER, Purposes.SELF_SERVICE, Right.EDIT, member, member.columns["name"])
    assert found == ()
