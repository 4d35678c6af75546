"""The set of a member's own pages."""

from gateway.pages.my_data.area import own_purpose
from schema.catalog import Catalog
from schema.labels import OwnCategories
from schema.marketplace.words import Purposes
from schema.policy import policy_file


def test_members_ask_for_what_shows_them_the_log(catalog: Catalog) -> None:
    """Where no log can be read they ask for the same, by its name."""
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    assert own_purpose(policy, catalog) is Purposes.SELF_SERVICE
    assert own_purpose(policy.without(OwnCategories.ACCESS_LOG), catalog) is Purposes.SELF_SERVICE
