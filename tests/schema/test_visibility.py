"""What a role may see for a purpose, asked of the policy before any row is read."""

from schema.catalog import Catalog
from schema.marketplace.words import Categories, Purposes, Roles
from schema.policy.grants import Policy
from schema.requester import Purpose, Role
from schema.treatments import Treatment
from schema.visibility import Visibility


def visibility(policy: Policy, role: Role, purpose: Purpose) -> Visibility:
    return Visibility(policy=policy, role=role, purpose=purpose)


def test_a_type_without_a_grant_is_not_seen(catalog: Catalog, policy: Policy) -> None:
    public = visibility(policy, Roles.PUBLIC, Purposes.PUBLIC_BROWSING)
    assert public.sees(catalog.entities["Company"])
    assert not public.sees(catalog.entities["Member"])
    assert public.grants(catalog.entities["Member"]) == ()


def test_what_is_nobodys_is_seen_without_a_grant(catalog: Catalog, policy: Policy) -> None:
    organisation = catalog.entities["Organisation"]
    assert all(visibility(policy, role, purpose).sees(organisation) for role in policy.roles for purpose in Purposes)


def test_a_field_is_plain_everywhere_only_if_every_visible_row_shows_it_so(catalog: Catalog, policy: Policy) -> None:
    """Customer care sees some members plain and the others masked, so their names may neither filter nor sort."""
    member = catalog.entities["Member"]
    care = visibility(policy, Roles.SERVICE_PROVIDER, Purposes.ACCOUNT_SERVICE)
    assert care.is_everywhere(member, member.columns["country"], Treatment.PLAIN)
    assert not care.is_everywhere(member, member.columns["name"], Treatment.PLAIN)


def test_a_role_sees_figures_about_a_category_only_by_a_grant(policy: Policy) -> None:
    assert visibility(policy, Roles.PUBLIC, Purposes.AGGREGATE_SHARING).sees_statistics(Categories.BUYER)
    assert not visibility(policy, Roles.PUBLIC, Purposes.PUBLIC_BROWSING).sees_statistics(Categories.PAYMENT)


def test_the_rules_of_a_field_are_those_of_the_policy(catalog: Catalog, policy: Policy) -> None:
    member = catalog.entities["Member"]
    care = visibility(policy, Roles.SERVICE_PROVIDER, Purposes.ACCOUNT_SERVICE)
    assert [rule.treatment for rule in care.rules(member, member.columns["name"])] == [
        Treatment.PLAIN,
        Treatment.PARTIAL,
    ]


def test_rows_are_filtered_by_an_id_in_the_form_in_which_ids_are_shown(catalog: Catalog, policy: Policy) -> None:
    """An organisation's is plain. A member's is a token to the officer, who sees every row of the log."""
    record, member, organisation = (catalog.entities[name] for name in ("AccessRecord", "Member", "Organisation"))
    officer = visibility(policy, Roles.PRIVACY_OFFICER, Purposes.PRIVACY_OVERSIGHT)
    assert officer.id_form(record, record.id_filters["organisation"], organisation) is Treatment.PLAIN
    assert officer.id_form(record, record.id_filters["member"], member) is Treatment.TOKEN


def test_who_sees_some_rows_filters_them_neither_by_whom_they_are_about_nor_by_parts(
    catalog: Catalog, policy: Policy
) -> None:
    """What is shown of others in the same row is not theirs to ask for."""
    record, member, parts = (catalog.entities[name] for name in ("AccessRecord", "Member", "FieldAccess"))
    own = visibility(policy, Roles.MEMBER, Purposes.SELF_SERVICE)
    assert own.sees(record)
    assert not own.sees_every_row(record)
    assert own.id_form(record, record.id_filters["member"], member) is None
    assert not own.filters_by_parts(record, parts)
    assert visibility(policy, Roles.PRIVACY_OFFICER, Purposes.PRIVACY_OVERSIGHT).filters_by_parts(record, parts)
