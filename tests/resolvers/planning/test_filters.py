"""Filters and ids: compared only where the requester sees the value, and disclosed like a selected field."""

import pytest

from resolvers.planning.plan import ConnectionPage, Without
from schema.refusals import Code, Refused
from schema.treatments import Treatment
from tests.conftest import ANALYST, OFFICER, PUBLIC
from tests.resolvers.conftest import PlanFor


def test_a_field_that_rows_are_filtered_by_is_disclosed(plan_for: PlanFor) -> None:
    """A filter reveals as much of it as a selection."""
    plan = plan_for(PUBLIC, '{ companies(filter: {country: {eq: "DE"}}) { totalCount } }')
    assert [each.field for each in plan.disclosures] == ["Company.country"]


def test_a_masked_field_cannot_be_used_to_filter(plan_for: PlanFor) -> None:
    with pytest.raises(Refused) as refused:
        plan_for(ANALYST, '{ members(filter: {name: {eq: "Anna"}}) { totalCount } }')
    assert refused.value.code is Code.INVALID


def test_an_id_is_looked_up_in_each_form_that_a_row_may_show(plan_for: PlanFor) -> None:
    forms = {
        getattr(each, "form", None)
        for who, text in ((PUBLIC, '{ company(id: "x") { name } }'), (ANALYST, '{ member(id: "x") { country } }'))
        for each in plan_for(who, text).parameters
    }
    assert forms == {Treatment.PLAIN, Treatment.TOKEN}


@pytest.mark.parametrize(
    ("wanted", "is_left_out"),
    [
        ("", True),
        ("(filter: {})", True),
        ("(filter: {outcome: {}})", True),
        ("(filter: {outcome: {eq: null}})", True),
        ('(filter: {role: {eq: "BANK"}})', True),
        ('(filter: {outcome: {eq: "DESCRIBED"}})', False),
        ("(filter: {outcome: {isNull: false}})", False),
    ],
)
def test_what_is_left_out_is_listed_where_a_filter_compares_its_field(
    plan_for: PlanFor, wanted: str, is_left_out: bool
) -> None:
    (page,) = plan_for(OFFICER, f"{{ accessRecords{wanted} {{ totalCount }} }}").projection
    assert isinstance(page, ConnectionPage)
    assert any(isinstance(each, Without) for each in page.rows.filters) is is_left_out
