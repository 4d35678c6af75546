"""The kinds of papers that an officer sees."""

from gateway.pages.desk.officer import OfficerView
from gateway.pages.desk.paper_kinds import paper_kinds
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file


def test_each_kind_is_listed_and_found(catalog: Catalog) -> None:
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)
    types = compiler.view(Roles.PRIVACY_OFFICER, Purposes.PRIVACY_ADMINISTRATION).graphql.type_map
    view = OfficerView(compiler, Purposes.PRIVACY_ADMINISTRATION, types, {})
    kinds = {each.listed: each for each in paper_kinds(view, catalog)}
    assert kinds["contracts"].found == "contract"
    assert {"legalInstruments", "campaigns", "businessTransfers", "supportCases"} <= kinds.keys()
