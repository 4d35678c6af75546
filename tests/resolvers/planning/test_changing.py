"""Plans of mutations: what is permitted on a condition is planned with it, and what is not never comes so far."""

from collections.abc import Mapping
from typing import Any

import pytest

from resolvers.compiler import Compiler
from resolvers.front.document import Request
from resolvers.planning.change_plan import ChangePlan, ChangeStep, EditedRow, EndedRow, EnteredRow, RootTypeName
from resolvers.planning.plan import CERTAIN
from schema.refusals import Code, Refused
from tests.conftest import MEMBER, STAFF, Requesting

UPDATE = 'mutation {{ updateRegistration(id: "Member:1", input: {{{given}}}) {{ fields }} }}'


def planned(compiler: Compiler, who: Requesting, text: str, variables: Mapping[str, Any] | None = None) -> ChangePlan:
    request = Request(document=text, operation_name=None, variables=variables or {})
    found = compiler.planned_changes(request, who.role, who.purpose)
    assert found
    return found[0]


def step(plan: ChangePlan) -> ChangeStep:
    (only,) = plan.steps
    assert isinstance(only, ChangeStep)
    return only


def test_a_row_may_be_changed_where_the_conditions_of_its_grants_hold(compiler: Compiler) -> None:
    """A member's own row; of staff, who correct anybody's, any row."""
    own = step(planned(compiler, MEMBER, UPDATE.format(given='name: "A"'))).change
    assert isinstance(own, EditedRow)
    ((condition,),) = own.rows.visible
    assert (condition.condition.name, condition.subject) == ("SELF", "id")
    anybodys = step(planned(compiler, STAFF, UPDATE.format(given='name: "A"'))).change
    assert isinstance(anybodys, EditedRow)
    assert anybodys.rows.visible == CERTAIN


def test_what_is_recorded_are_the_fields_and_the_clauses_that_permit_it(compiler: Compiler) -> None:
    """In the order of the input's type, so that one change has one statement however it is written."""
    texts = [UPDATE.format(given=given) for given in ('phone: "1", email: "2"', 'email: "2", phone: "1"')]
    for text in texts:
        (found,) = step(planned(compiler, MEMBER, text)).classes
        assert (found.fields, found.record, found.clauses) == (("Member.email", "Member.phone"), "EDITED", ("S1", "A1"))
        (found,) = step(planned(compiler, STAFF, text)).classes
        assert found.clauses == ("U2",)


def test_null_empties_and_what_is_not_given_stays(compiler: Compiler) -> None:
    text = """mutation ($a: String, $b: String, $c: String) {
        updateRegistration(id: "Member:1", input: {phone: $a, fax: $b, city: $c, address: null}) { fields }
    }"""
    change = step(planned(compiler, MEMBER, text, {"a": "1", "b": None})).change
    assert isinstance(change, EditedRow)
    assert {each.column.name: each.bound is None for each in change.assignments} == {
        "phone": False,
        "fax": True,
        "address": True,
    }


def test_a_row_that_is_added_is_the_requesters_and_replaces_those_of_its_key(compiler: Compiler) -> None:
    change = step(planned(compiler, MEMBER, "mutation { setConsent(input: {kind: COOKIES, given: true}) { fields } }"))
    assert isinstance(change.change, EnteredRow)
    ((condition,),) = change.change.when
    assert (condition.condition.name, condition.subject) == ("SELF", "member_id")
    assert [column.name for column in change.change.key] == ["kind", "organisation"]


@pytest.mark.parametrize(("given", "hint"), [("", "give in `input`"), ("email: null", "`email` may not be empty")])
def test_what_changes_nothing_or_empties_what_must_be_is_refused(compiler: Compiler, given: str, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        planned(compiler, MEMBER, UPDATE.format(given=given))
    assert refused.value.code is Code.ARGUMENT
    assert hint in refused.value.hint


def test_the_name_of_an_operation_by_just_anybody_is_not_kept(compiler: Compiler) -> None:
    text = UPDATE.format(given='name: "A"').replace("mutation", "mutation Mine")
    assert planned(compiler, MEMBER, text).operation is None
    assert planned(compiler, STAFF, text).operation == "Mine"


def test_a_types_name_is_a_step_that_changes_nothing(compiler: Compiler) -> None:
    (only,) = planned(compiler, MEMBER, "mutation { __typename }").steps
    assert isinstance(only, RootTypeName)


def test_a_row_that_ends_is_the_requesters(compiler: Compiler) -> None:
    """What is recorded is its end, which the grant lets be changed."""
    ended = step(planned(compiler, MEMBER, 'mutation { withdrawRequest(id: "DataRequest:1") { fields } }'))
    assert isinstance(ended.change, EndedRow)
    ((condition,),) = ended.change.rows.visible
    assert (condition.condition.name, condition.subject) == ("SELF", "member_id")
    assert [(each.fields, each.clauses) for each in ended.classes] == [(("DataRequest.endsAt",), ("V3", "A1"))]
