"""What planning collects: parameters once each, and switches in an order of their own."""

from resolvers.front.selection import Slot
from resolvers.planning.context import Planning
from resolvers.planning.parameters import PageSizeParameter, ParameterRef
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy.policy_file import load_policy
from schema.visibility import Visibility
from tests.conftest import PUBLIC
from tests.resolvers.conftest import PlanFor


def planning(catalog: Catalog) -> Planning:
    policy = load_policy(catalog.marketplace.first_policy, catalog)
    visibility = Visibility(policy=policy, role=Roles.PUBLIC, purpose=Purposes.PUBLIC_BROWSING)
    return Planning(visibility=visibility, catalog=catalog)


def test_equal_parameters_share_one_place(catalog: Catalog) -> None:
    ours = planning(catalog)
    first, other = PageSizeParameter(slot=Slot(("a",))), PageSizeParameter(slot=Slot(("b",)))
    assert [ours.bind(each) for each in (first, other, first)] == [ParameterRef(1), ParameterRef(2), ParameterRef(1)]
    assert ours.parameters == [first, other]


def test_a_field_without_switches_is_always_included(plan_for: PlanFor) -> None:
    """And takes no parameter."""
    assert len(plan_for(PUBLIC, "{ companies { nodes { name } } }").parameters) == 1
