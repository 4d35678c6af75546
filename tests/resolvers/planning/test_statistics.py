"""Figures are planned from facts, under the clauses of the grants that allow them."""

from resolvers.planning.plan import Summary, SummaryPart
from schema.requester import Purpose
from schema.treatments import Treatment
from tests.conftest import PUBLIC, Requesting
from tests.resolvers.conftest import PlanFor

ANYBODY = Requesting(role=PUBLIC.role, purpose=Purpose.AGGREGATE_SHARING)
TEXT = '{ orderStatistics(groupBy: COUNTRY, currency: "USD") { groups { key members } total { members } } }'


def test_figures_are_disclosed_in_part_under_their_clause(plan_for: PlanFor) -> None:
    (disclosure,) = plan_for(ANYBODY, TEXT).disclosures
    assert (disclosure.field, disclosure.most, disclosure.clauses) == (
        "Query.orderStatistics",
        Treatment.PARTIAL,
        ("U7",),
    )


def test_a_summary_names_its_dimension_filters_and_members(plan_for: PlanFor) -> None:
    (summary,) = plan_for(ANYBODY, TEXT).projection
    assert isinstance(summary, Summary)
    assert (summary.dimension, summary.members) == ("country", ("member_id", "seller_id"))
    assert [column for column, _ in summary.filters] == ["currency"]
    assert [entry.part for entry in summary.entries] == [SummaryPart.GROUPS, SummaryPart.TOTAL]
