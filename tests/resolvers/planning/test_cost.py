"""The cost of an operation grows with the rows it may return, and with what it counts."""

from collections import Counter

from resolvers.planning.cost import COUNT, SEARCH, TEXT, cost_terms
from resolvers.planning.parameters import PageSizeParameter
from resolvers.planning.plan import CostTerm
from tests.conftest import PUBLIC
from tests.resolvers.conftest import PlanFor

SIZE = PageSizeParameter(slot=None)


def test_terms_that_cost_nothing_are_left_out() -> None:
    assert cost_terms(Counter({(): 0, (SIZE,): 3})) == (CostTerm(3, (SIZE,)),)


def test_a_page_within_a_page_costs_the_product_of_their_sizes(plan_for: PlanFor) -> None:
    text = "{ companies(first: 2) { nodes { products(first: 3) { nodes { title } } } } }"
    terms = plan_for(PUBLIC, text).cost
    assert max(len(term.sizes) for term in terms) == 2


def test_counting_all_rows_costs_a_search_and_counting_related_rows_less(plan_for: PlanFor) -> None:
    everything = plan_for(PUBLIC, "{ companies { totalCount } }").cost
    related = plan_for(PUBLIC, "{ companies { nodes { products { totalCount } } } }").cost
    assert max(term.factor for term in everything) >= SEARCH
    assert COUNT <= max(term.factor for term in related) < SEARCH


def test_a_field_under_a_second_name_is_written_again(plan_for: PlanFor) -> None:
    """And not made again."""
    once = sum(term.factor for term in plan_for(PUBLIC, "{ companies { nodes { name } } }").cost)
    twice = sum(term.factor for term in plan_for(PUBLIC, "{ companies { nodes { name again: name } } }").cost)
    assert twice == once + TEXT
