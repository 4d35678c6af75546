"""Statements of destruction: first the locks, then each rule, last what became of it; and no value of a request in them."""

import re

import pytest

from resolvers.compiler import Compiler
from resolvers.front.document import Request
from schema.marketplace.destruction import DESTRUCTION
from tests.clauses.seeing import asking_as

OFFICER = asking_as("PRIVACY_OFFICER", "data_subject_request")
REMOVE = 'mutation {{ carryOutRemoval(id: "DataRequest:{id}", guardianship: "{shown}") {{ fields }} }}'


def statements(compiler: Compiler, number: int = 1, shown: str = "seen") -> list[str]:
    request = Request(document=REMOVE.format(id=number, shown=shown), operation_name=None, variables={})
    found = compiler.planned_changes(request, OFFICER.role, OFFICER.purpose)
    assert found
    return [each.sql for each in found[1].statements]


@pytest.fixture
def texts(compiler: Compiler) -> list[str]:
    return statements(compiler)


def test_the_request_and_its_member_are_locked_before_anything_is_destroyed(texts: list[str]) -> None:
    assert re.findall(r"for update of (\w+)", texts[0]) == ["m1", "person"]
    assert not any("for update" in each for each in texts[1:])


def test_each_rule_has_a_statement_in_its_order(texts: list[str]) -> None:
    """It removes rows of its table, or sets the columns it names to null and no others."""
    assert len(texts) == len(DESTRUCTION.rules) + 2
    for rule, text in zip(DESTRUCTION.rules, texts[1:], strict=False):
        if rule.removes:
            assert f"delete from {rule.table} t1 using work" in text
        else:
            (assigned,) = re.findall(rf"update {rule.table} t1 set (.*?) from work", text)
            marked = [f"{column} = now()" for column in rule.marked]
            assert assigned.split(", ") == [*(f"{column} = null" for column in rule.emptied), *marked]


def test_a_row_is_destroyed_where_nothing_holds_it_and_else_counted(texts: list[str]) -> None:
    for rule, text in zip(DESTRUCTION.rules, texts[1:], strict=False):
        assert text.count(") is not true returning 1") == bool(rule.held), rule.type


def test_the_last_ends_the_request_and_tells(texts: list[str]) -> None:
    assert "update data_subject_request m1 set ends_at = greatest(now(), m1.starts_at)" in texts[-1]
    assert "line.held > 0" in texts[-1]


def test_it_ends_once_each_category_has_a_receipt_that_holds_nothing(texts: list[str]) -> None:
    assert "one = any (receipt.categories)" in texts[-1]
    assert "line.category = one and line.held > 0" in texts[-1]


def test_of_some_categories_each_statement_does_nothing_where_the_request_does_not_name_them(
    compiler: Compiler,
) -> None:
    """The last one says that."""
    text = 'mutation { carryOutDestruction(id: "DataRequest:1", categories: ["BUYER"]) { fields } }'
    request = Request(document=text, operation_name=None, variables={})
    found = compiler.planned_changes(request, OFFICER.role, OFFICER.purpose)
    assert found
    made = [each.sql for each in found[1].statements]
    assert all("<@ m1.categories" in each for each in made)
    assert "end as fault" in made[-1]
    assert "BUYER" not in made[0].replace("'BUYER'", "")


def test_no_value_of_a_request_is_in_a_statement(compiler: Compiler) -> None:
    one, other = statements(compiler, 1, "a passport"), statements(compiler, 2, "'; drop table member --")
    assert one == other
