"""What a member may ask of their own data, read off the catalog and the view."""

import pytest

from gateway.pages.my_data.own_view import OwnView, main_category
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from schema.catalog import Catalog
from schema.labels import Nature, OwnCategories
from schema.marketplace.words import Categories, Purposes
from schema.policy import policy_file


@pytest.fixture(scope="module")
def view(catalog: Catalog) -> OwnView:
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    return OwnView.of(Compiler(catalog, policy, DEFAULT_LIMITS), catalog, Purposes.SELF_SERVICE)


def test_it_has_every_list_of_what_is_about_somebody(view: OwnView) -> None:
    """But the log, which has a page of its own, and what is about nobody."""
    lists = {each.name: each.category for each in view.lists()}
    assert lists["orders"] is Categories.ACCOUNT_ACTIVITIES
    assert lists["paymentProfiles"] is Categories.PAYMENT
    assert not {"accessRecords", "organisations", "members", "campaigns"} & set(lists)
    assert view.log is not None
    assert view.log.name == "accesses"
    assert all(each.category.nature is not Nature.ACCESS_LOG for each in view.lists())


def test_what_may_be_edited_is_what_the_view_s_input_has(view: OwnView) -> None:
    profile = view.list_named("paymentProfiles")
    assert profile
    mutation = view.editing(profile.entity)
    assert mutation
    assert "cardNumber" in view.inputs(mutation)
    assert "creditLimit" not in view.inputs(mutation)
    assert view.has_version(profile.entity)
    behaviour = view.list_named("buyerBehaviours")
    assert behaviour
    assert view.editing(behaviour.entity) is None


def test_the_member_s_own_fields_have_no_ids(view: OwnView) -> None:
    names = [each.name for each in view.columns(view.me)]
    assert "email" in names
    assert "id" not in names
    assert main_category(view.me) is Categories.REGISTRATION


def test_without_the_log_there_is_nothing_that_leads_to_it(catalog: Catalog) -> None:
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog).without(OwnCategories.ACCESS_LOG)
    assert OwnView.of(Compiler(catalog, policy, DEFAULT_LIMITS), catalog, Purposes.SELF_SERVICE).log is None
