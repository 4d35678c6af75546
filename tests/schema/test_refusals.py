"""How a request ends without an answer: each code has its status, its meaning and its place in the response."""

import pytest

from schema.refusals import Code, Failed, Problem, Refused, Unanswered


@pytest.mark.parametrize("code", Code)
def test_a_code_has_a_status_of_an_error_and_a_meaning(code: Code) -> None:
    """But for the one that Apollo's clients expect with status 200."""
    assert 400 <= code.status < 600 or code is Code.PERSISTED_QUERY_NOT_FOUND
    assert code.meaning


def test_an_error_of_the_document_is_the_callers() -> None:
    """Only such errors go with status 200 in a legacy `application/json` response."""
    assert {code.status for code in Code if code.is_document_error} == {400, 403, 404, 409, 422}
    assert not Code.TOKEN_INVALID.is_document_error
    assert not Code.BODY_MALFORMED.is_document_error


def test_a_problem_is_an_entry_of_errors() -> None:
    problem = Problem(message="Cannot query field 'x'.", locations=((2, 5),))
    assert problem.as_json(Code.INVALID, "see the schema") == {
        "message": "Cannot query field 'x'.",
        "locations": [{"line": 2, "column": 5}],
        "extensions": {"code": "INVALID", "hint": "see the schema"},
    }
    assert "locations" not in Problem(message="no").as_json(Code.INVALID, "")


@pytest.mark.parametrize("kind", [Refused, Failed])
def test_without_a_problem_of_its_own_an_end_reports_what_its_code_means(kind: type[Unanswered]) -> None:
    ended = kind(Code.TIMED_OUT, "ask for less")
    assert ended.problems == (Problem(message=Code.TIMED_OUT.meaning),)
    assert str(ended) == "TIMED_OUT"
