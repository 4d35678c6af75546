"""What a privacy officer may ask."""

from gateway.pages.desk.officer import OVERSIGHT, OfficerView, oversight_purpose
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file


def test_the_desk_is_for_whoever_oversees(catalog: Catalog) -> None:
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    assert oversight_purpose(policy, catalog) is Purposes.PRIVACY_OVERSIGHT
    assert Purposes.PRIVACY_OVERSIGHT.value == OVERSIGHT


def test_a_page_asks_only_for_what_the_view_has(catalog: Catalog) -> None:
    compiler = Compiler(catalog, policy_file.load_policy(catalog.marketplace.first_policy, catalog), DEFAULT_LIMITS)
    types = compiler.view(Roles.PRIVACY_OFFICER, Purposes.PRIVACY_ADMINISTRATION).graphql.type_map
    view = OfficerView(compiler, Purposes.PRIVACY_ADMINISTRATION, types, {})
    wanted = ("endsAt", "organisation { name }", "reference")
    assert list(view.of_these("Contract", wanted)) == ["endsAt", "organisation { name }"]
    assert not view.shows("Nothing", "id")
