"""Preconditions as SQL: in doubt they are not met, and what another does meanwhile is asked of the row once more."""

from resolvers.compiler import Compiler
from tests.clauses.seeing import asking_as
from tests.resolvers.sql.test_changing import text_of

OFFICER = asking_as("PRIVACY_OFFICER", "privacy_administration")


def test_the_first_that_is_not_met_is_named_by_its_number(compiler: Compiler) -> None:
    text = text_of(
        compiler,
        OFFICER,
        'mutation { enterContract(input: {organisation: "Organisation:2", purposes: ["site_operation"]}) { fields } }',
    )
    assert "is not true then 0" in text
    assert "is not true then 1" in text
    assert "from found where found.fault is null" in text
    assert "'FAULT ' || found.fault" in text


def test_whoever_approves_is_asked_of_the_row_twice(compiler: Compiler) -> None:
    """Once to tell why not, and once as it is changed."""
    text = text_of(compiler, OFFICER, 'mutation { approveInstrument(id: "LegalInstrument:1") { fields } }')
    assert text.count("m1.entered_by <> call.a2") == 2
    assert text.count("m1.approved_at is null") == 2
