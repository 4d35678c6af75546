"""Expressions that stand in a statement: whole, on one line, and with the columns that they read."""

import pytest

from schema.mapping import expression_problem, plain_table


@pytest.mark.parametrize(
    "expression",
    [
        "first_name || ' ' || last_name",
        "coalesce(a, (b), 'it''s (not) closed')",
        '"odd""name"',
        "case a when ';' then '--' end",
    ],
)
def test_a_whole_expression_can_stand_in_brackets(expression: str) -> None:
    reads = {"first_name || ' ' || last_name": ("first_name", "last_name"), '"odd""name"': ("odd",)}
    assert expression_problem(expression, reads.get(expression, ("a",))) is None


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("", "is not whole"),
        ("(a", "is not whole"),
        ("a) or (true", "is not whole"),
        ("a -- the rest", "has `--` where it cannot stand"),
        ("a /* the rest", "has `/*` where it cannot stand"),
        ("a; drop table b", "has `;` where it cannot stand"),
        ("a || 'open", "has `'` where it cannot stand"),
        ('a || "open', 'has `"` where it cannot stand'),
        ("a || $1", "has `$` where it cannot stand"),
        ("a ||\nb", "is not one line"),
        ("b", "does not read `a`"),
        ("ab + a1", "does not read `a`"),
    ],
)
def test_what_would_change_the_statement_around_it_cannot(expression: str, problem: str) -> None:
    assert expression_problem(expression, ("a",)) == problem


def test_an_expression_says_what_it_reads() -> None:
    assert expression_problem("a", ()) == "does not say with `reads` which columns it reads"


def test_a_table_has_one_name_whether_its_schema_is_named_or_not() -> None:
    assert plain_table("shop.customer", "shop") == plain_table("customer", "shop") == "customer"
    assert plain_table("veil.access_record", "shop") == "veil.access_record"
