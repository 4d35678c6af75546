"""What is asked before a row is added or approved: each question with a hint that names the input."""

from resolvers.compiler import Compiler
from resolvers.planning.change_plan import AreThere, HasWord, IsBehind, IsByAnother, IsEmpty, IsFilled, IsToBegin, Unmet
from tests.clauses.seeing import asking_as
from tests.resolvers.planning.test_changing import planned, step

OFFICER = asking_as("PRIVACY_OFFICER", "privacy_administration")

ENTER = """mutation {
    enterAffiliateAccount(input: {organisation: "Organisation:2", member: "Member:1"%s}) { fields }
}"""


def test_what_a_row_names_must_be_there_and_of_its_kind(compiler: Compiler) -> None:
    found = step(planned(compiler, OFFICER, ENTER % "")).preconditions
    assert [(type(each.question), each.unmet) for each in found] == [
        (AreThere, Unmet.ABSENT),
        (AreThere, Unmet.ABSENT),
        (HasWord, Unmet.WRONG),
    ]
    assert all("`input.organisation`" in each.hint or "`input.member`" in each.hint for each in found)


def test_times_are_compared_with_now_and_with_each_other(compiler: Compiler) -> None:
    times = ', startsAt: "2031-01-01T00:00:00Z", endsAt: "2032-01-01T00:00:00Z"'
    found = step(planned(compiler, OFFICER, ENTER % times)).preconditions[3:]
    assert [type(each.question) for each in found] == [IsToBegin, IsBehind, IsBehind]
    assert [isinstance(each.question, IsBehind) and each.question.start is not None for each in found] == [
        False,
        False,
        True,
    ]


def test_a_row_is_approved_by_another_once_with_what_it_needs(compiler: Compiler) -> None:
    text = 'mutation { approveTransfer(id: "BusinessTransfer:1") { fields } }'
    found = step(planned(compiler, OFFICER, text)).preconditions
    assert [(type(each.question), each.unmet) for each in found] == [
        (IsByAnother, Unmet.WRONG),
        (IsEmpty, Unmet.DONE),
        (IsFilled, Unmet.WRONG),
    ]
