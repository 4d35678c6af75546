"""Figures are planned as cells of releases, under the clauses of the grants that allow them."""

from resolvers.planning.parameters import ValueParameter
from resolvers.planning.plan import Summary, SummaryPart
from schema.marketplace.words import Purposes
from schema.treatments import Treatment
from tests.conftest import PUBLIC, Requesting
from tests.resolvers.conftest import PlanFor

ANYBODY = Requesting(role=PUBLIC.role, purpose=Purposes.AGGREGATE_SHARING)
TEXT = '{ orderStatistics(groupBy: COUNTRY, currency: "USD") { groups { key members } total { members } } }'


def test_figures_are_disclosed_in_part_under_their_clause(plan_for: PlanFor) -> None:
    (disclosure,) = plan_for(ANYBODY, TEXT).disclosures
    assert (disclosure.field, disclosure.most, disclosure.clauses) == (
        "Query.orderStatistics",
        Treatment.PARTIAL,
        ("U7",),
    )


def test_a_summary_names_its_facts_dimension_and_unit(plan_for: PlanFor) -> None:
    plan = plan_for(ANYBODY, TEXT)
    (summary,) = plan.projection
    assert isinstance(summary, Summary)
    assert (summary.facts, summary.dimension, summary.is_by_month) == ("order_fact", "country", False)
    assert summary.unit is not None
    assert isinstance(plan.parameters[summary.unit.position - 1], ValueParameter)
    assert [entry.part for entry in summary.entries] == [SummaryPart.GROUPS, SummaryPart.TOTAL]


def test_figures_by_month_are_of_all_releases(plan_for: PlanFor) -> None:
    (summary,) = plan_for(ANYBODY, "{ visitStatistics(groupBy: MONTH) { groups { key } } }").projection
    assert isinstance(summary, Summary)
    assert (summary.dimension, summary.is_by_month, summary.unit) == ("month", True, None)
