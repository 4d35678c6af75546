"""The kinds of papers that an officer sees."""

from gateway.pages.desk.officer import OfficerView
from gateway.pages.desk.paper_kinds import paper_kinds
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file


def test_each_kind_has_what_may_be_done(catalog: Catalog) -> None:
    """Cases are staff's to enter, and what stops an organisation has a page of its own."""
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)
    schema = compiler.view(Roles.PRIVACY_OFFICER, Purposes.PRIVACY_ADMINISTRATION).graphql
    assert schema.mutation_type
    view = OfficerView(compiler, Purposes.PRIVACY_ADMINISTRATION, schema.type_map, schema.mutation_type.fields)
    kinds = {each.listed: each for each in paper_kinds(view, catalog)}
    assert kinds["contracts"].enter
    assert kinds["contracts"].end
    assert not kinds["contracts"].approve
    assert kinds["legalInstruments"].approve
    assert not kinds["supportCases"].enter
    assert "suspensions" not in kinds
    (suspending,) = paper_kinds(view, catalog, suspensions=True)
    assert suspending.listed == "suspensions"
