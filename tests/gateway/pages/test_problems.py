"""What went wrong, as a page tells it."""

from gateway.pages.problems import PageProblem, named_field, plain_hint, problem_of
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


def test_a_hint_is_told_in_words() -> None:
    hint = "`input.phone` must be a number like `+44`"
    assert named_field(hint) == "phone"
    assert named_field("a page may have rows") is None
    assert plain_hint(hint, "phone") == "It must be a number like “+44”"
    assert plain_hint(hint) == "“phone” must be a number like “+44”"
