"""Which rows a statement reads: those the policy shows, restricted further by what the requester asks for."""

import re

from tests.conftest import CARE, PUBLIC
from tests.resolvers.conftest import Compile


def test_a_filter_stands_beside_the_policy_and_never_instead_of_it(compile_for: Compile) -> None:
    plain = compile_for(CARE, "{ members { nodes { country } } }").statement.sql
    filtered = compile_for(CARE, '{ members(filter: {country: {eq: "DE"}}) { nodes { country } } }').statement.sql
    assert re.search(r"where call\.contract_stands\b", plain)
    assert re.search(r"where call\.contract_stands and m\d\.country = call\.a\d", filtered)


def test_a_value_of_a_filter_is_a_parameter(compile_for: Compile) -> None:
    statement = compile_for(PUBLIC, '{ companies(filter: {name: {startsWith: "Gold"}}) { totalCount } }').statement
    assert re.search(r"starts_with\(c\d\.name, call\.a\d\)", statement.sql)
    assert "Gold" not in statement.sql


def test_rows_alike_in_their_order_are_ordered_by_their_ids(compile_for: Compile) -> None:
    """Otherwise two pages could show one row twice, or not at all."""
    statement = compile_for(PUBLIC, "{ companies(orderBy: {country: DESC}) { nodes { country } } }").statement.sql
    assert re.search(r"order by c\d\.country desc, c\d\.id", statement)


def test_a_row_is_found_by_an_id_in_the_form_it_is_shown_in(compile_for: Compile) -> None:
    statement = compile_for(PUBLIC, '{ company(id: "Company:1") { name } }').statement.sql
    assert re.search(r"c\d\.id = call\.a\d", statement)
