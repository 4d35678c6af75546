"""Filters and ids: compared only where the requester sees the value, and disclosed like a selected field."""

import pytest

from schema.refusals import Code, Refused
from schema.treatments import Treatment
from tests.conftest import ANALYST, PUBLIC
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
