"""Statements of mutations: what they write are the columns of the plan, and what they compare is bound."""

import re

from resolvers.changes import CompiledChanges
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from tests.conftest import MEMBER, STAFF, Requesting

UPDATE = 'mutation {{ updateRegistration(id: "Member:1"{version}, input: {{{given}}}) {{ {asked} }} }}'


def compiled(compiler: Compiler, who: Requesting, text: str) -> CompiledChanges:
    request = Request(document=text, operation_name=None, variables={})
    found = compiler.planned_changes(request, who.role, who.purpose)
    assert found
    return found[1]


def text_of(compiler: Compiler, who: Requesting, text: str) -> str:
    (statement,) = compiled(compiler, who, text).statements
    return statement.sql


def update(given: str, version: str = "", asked: str = "fields") -> str:
    return UPDATE.format(given=given, version=version, asked=asked)


def test_a_statement_sets_the_columns_that_are_given_and_no_other(compiler: Compiler) -> None:
    text = text_of(compiler, MEMBER, update('phone: "1", jobTitle: null'))
    assert re.findall(r"update member m1 set (.*)", text) == ["phone = call.a2, job_title = null"]


def test_no_value_of_a_request_is_in_a_statement(compiler: Compiler) -> None:
    """So one statement serves all who change the same fields."""
    one, other = (text_of(compiler, MEMBER, update(f'name: "{name}"')) for name in ("Robert'); --", "Alice"))
    assert one == other
    assert "Robert" not in one


def test_the_row_is_looked_for_and_changed_under_the_same_conditions(compiler: Compiler) -> None:
    text = text_of(compiler, MEMBER, update('phone: "1"'))
    assert text.count("m1.id = call.a1 and m1.id = call.member") == 2
    assert (
        "call.member"
        not in text_of(compiler, STAFF, update('phone: "1"')).partition("answer as")[0].partition("found")[2]
    )


def test_a_version_is_compared_where_one_is_given(compiler: Compiler) -> None:
    compared = r"'hex'\) = call\.a\d"
    assert not re.search(compared, text_of(compiler, MEMBER, update('phone: "1"')))
    assert re.search(compared, text_of(compiler, MEMBER, update('phone: "1"', ', version: "x"')))


def test_a_choice_ends_what_was_chosen_before(compiler: Compiler) -> None:
    text = text_of(compiler, MEMBER, "mutation { setConsent(input: {kind: COOKIES, given: true}) { fields } }")
    assert "update consent state set ends_at = greatest(now(), state.starts_at)" in text
    assert "state.kind = found.kind and state.organisation_id is null" in text
    assert "insert into consent as added (member_id, kind, given, starts_at)" in text


def test_what_is_told_is_what_is_asked(compiler: Compiler) -> None:
    text = text_of(compiler, MEMBER, update('phone: "1"', asked="v: version __typename fields"))
    assert """'{"v":' || veil.json_text(changed.version) || ',"__typename":"Changed","fields":["phone"]}'""" in text


def test_the_log_holds_the_fields_and_how_they_were_changed(compiler: Compiler) -> None:
    plan = compiled(compiler, STAFF, update('phone: "1"')).plan
    assert plan.fields == '[{"field": "Member.phone", "treatment": "EDITED"}]'
    assert plan.classes == '[{"treatment": "EDITED", "fields": ["Member.phone"], "clauses": ["U2"]}]'
