"""What went wrong, as a page tells it."""

from gateway.pages.problems import PageProblem, problem_of
from gateway.pages.words import wording_for
from schema.refusals import Code


def test_each_problem_says_what_happened_and_what_to_do() -> None:
    english = wording_for("en")
    for problem in PageProblem:
        assert problem.status >= 400
        for part in ("title", "what", "do"):
            assert english(f"problem.{problem.name}.{part}")


def test_each_code_becomes_a_problem() -> None:
    for code in Code:
        assert problem_of(code) in PageProblem
    assert problem_of(Code.CONFLICT) is PageProblem.CONFLICT
    assert problem_of(Code.SYNTAX) is PageProblem.UNFORESEEN
