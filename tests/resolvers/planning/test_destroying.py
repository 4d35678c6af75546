"""Plans of destruction: of each category that the policy permits, when, and what the log says of it."""

import pytest

from resolvers.compiler import Compiler
from resolvers.front.document import Request
from resolvers.planning.change_plan import AreAmong, CarriedOut, ChangeStep, Unmet
from schema.marketplace.destruction import DESTRUCTION
from schema.refusals import Code, Refused
from tests.clauses.seeing import asking_as
from tests.conftest import STAFF, Requesting

OFFICER = asking_as("PRIVACY_OFFICER", "data_subject_request")
DESTROY = 'mutation { carryOutDestruction(id: "DataRequest:1") { fields } }'
REMOVE = 'mutation { carryOutRemoval(id: "DataRequest:1", guardianship: "seen") { fields } }'


def planned(compiler: Compiler, who: Requesting, text: str) -> tuple[ChangeStep, CarriedOut]:
    request = Request(document=text, operation_name=None, variables={})
    found = compiler.planned_changes(request, who.role, who.purpose)
    assert found
    (step,) = found[0].steps
    assert isinstance(step, ChangeStep)
    assert isinstance(step.change, CarriedOut)
    return step, step.change


def test_each_category_is_carried_out_while_a_request_names_it(compiler: Compiler) -> None:
    _, change = planned(compiler, OFFICER, DESTROY)
    assert [category for category, _ in change.permitted] == [*DESTRUCTION.categories]
    for category, when in change.permitted:
        ((condition,),) = when
        assert (condition.condition.name, condition.subject) == ("DATA_SUBJECT_REQUEST", "member_id")
        assert condition.category is category


def test_the_log_has_the_fields_of_each_category(compiler: Compiler) -> None:
    """None is of another's, and each says what was done with it."""
    step, change = planned(compiler, OFFICER, DESTROY)
    assert len(step.classes) == len(change.permitted)
    assert {each.record for each in step.classes} == {"DESTROYED"}
    assert {each.clauses for each in step.classes} == {("V3", "M1", "A1")}
    fields = [field for each in step.classes for field in each.fields]
    assert len(fields) == len(set(fields))
    assert {"Member.name", "Order.deliveryName", "Visit.browser"} <= set(fields)
    assert not any(field.startswith(("Complaint.", "DataRequest.")) for field in fields)


def test_a_removal_binds_how_guardianship_was_shown(compiler: Compiler) -> None:
    step, change = planned(compiler, OFFICER, REMOVE)
    assert change.shown
    assert len(step.parameters) == len(planned(compiler, OFFICER, DESTROY)[0].parameters) + 1


def test_some_categories_are_bound_and_must_be_named_by_the_request(compiler: Compiler) -> None:
    """Without them it is carried out of all, and nothing more is asked."""
    some = DESTROY.replace('1")', '1", categories: ["BUYER"])')
    step, change = planned(compiler, OFFICER, some)
    assert change.wanted
    (precondition,) = step.preconditions
    assert precondition.question == AreAmong(column="categories", bound=change.wanted)
    assert precondition.unmet is Unmet.WRONG
    step, change = planned(compiler, OFFICER, DESTROY)
    assert (change.wanted, step.preconditions) == (None, ())


def test_who_may_not_has_no_such_mutation(compiler: Compiler) -> None:
    with pytest.raises(Refused) as refused:
        planned(compiler, STAFF, DESTROY)
    assert refused.value.code is Code.INVALID
