"""The statement of a plan: what it is made of, what it is given, and how it differs from others."""

import json

from tests.conftest import ANALYST, PUBLIC, STAFF
from tests.resolvers.conftest import Compile

NAMES = "{ companies { nodes { name } } }"
MEMBERS = "{ members { nodes { id name } } }"


def test_a_statement_is_given_the_key_only_where_it_makes_tokens(compile_for: Compile) -> None:
    assert not compile_for(PUBLIC, NAMES).statement.needs_key
    assert compile_for(ANALYST, MEMBERS).statement.needs_key


def test_a_document_has_one_plan_for_a_role_and_purpose(compile_for: Compile) -> None:
    plans = [compile_for(requesting, NAMES).statement.plan for requesting in (PUBLIC, PUBLIC, STAFF)]
    first, again, others = (plan.id for plan in plans if plan)
    assert first == again != others


def test_a_plan_is_stored_with_the_treatment_of_each_field(compile_for: Compile) -> None:
    plan = compile_for(ANALYST, MEMBERS).statement.plan
    assert plan
    assert {each["field"]: each["treatment"] for each in json.loads(plan.fields)} == {
        "Member.id": "TOKEN",
        "Member.name": "TOKEN",
    }
    assert (plan.role, plan.purpose, plan.policy) == ("PLATFORM", "statistical_analysis", "2012-06-11")


def test_an_answer_reports_only_fields_that_are_not_plain_everywhere(compile_for: Compile) -> None:
    assert compile_for(PUBLIC, NAMES).statement.treatments == b"[]"
    reported = json.loads(compile_for(ANALYST, MEMBERS).statement.treatments)
    assert [each["field"] for each in reported] == ["Member.id", "Member.name"]
