"""What a plan shows to a role for a purpose, and on which conditions."""

from dataclasses import replace

import pytest

from schema.marketplace.words import Purposes, Roles
from schema.refusals import Code, Refused
from schema.treatments import Treatment
from tests.conftest import AFFILIATE, ANALYST, CARE, PUBLIC, Requesting
from tests.resolvers.conftest import Compile, PlanFor

MEMBERS = "query Members { members { nodes { id name country } } }"
BROWSER = Requesting(role=Roles.MEMBER, purpose=Purposes.PUBLIC_BROWSING, member=1)


def test_a_plan_discloses_each_field_at_its_most_and_its_least_open(plan_for: PlanFor) -> None:
    """Customer care sees members with an open case plain, and others masked."""
    disclosed = {each.field: (each.most, each.least) for each in plan_for(CARE, MEMBERS).disclosures}
    assert disclosed["Member.name"] == (Treatment.PLAIN, Treatment.PARTIAL)
    assert disclosed["Member.country"] == (Treatment.PLAIN, Treatment.PLAIN)


def test_a_field_is_shown_alike_to_every_requester_of_one_role_and_purpose(compile_for: Compile) -> None:
    other = Requesting(role=CARE.role, purpose=CARE.purpose, organisation=5)
    assert compile_for(CARE, MEMBERS) is compile_for(other, MEMBERS)


def test_a_condition_of_the_requester_is_part_of_the_plan(plan_for: PlanFor) -> None:
    assert len(plan_for(AFFILIATE, MEMBERS).requester_conditions) == 1
    assert plan_for(ANALYST, MEMBERS).requester_conditions == frozenset()


def test_the_public_and_members_cannot_write_an_operation_name_into_the_log(plan_for: PlanFor) -> None:
    """Members read these names, so they must not carry a stranger's text."""
    text = "query Spam { companies { totalCount } }"
    assert plan_for(PUBLIC, text).operation is None
    assert plan_for(BROWSER, text).operation is None
    assert plan_for(CARE, MEMBERS).operation == "Members"


def test_first_and_last_together_are_refused(compile_for: Compile) -> None:
    with pytest.raises(Refused) as refused:
        compile_for(PUBLIC, "{ companies(first: 1, last: 1) { totalCount } }")
    assert (refused.value.code, refused.value.hint) == (Code.ARGUMENT, "give `first` or `last`, not both")


@pytest.mark.parametrize(
    ("text", "reads_data"),
    [
        ("{ __typename __schema { queryType { name } } privacyPolicy { version } }", False),
        ("{ __typename companies(first: 0) { totalCount } }", True),
        ('{ node(id: "x") { __typename } }', True),
        ('{ orderStatistics(groupBy: COUNTRY, currency: "USD") { __typename } }', True),
    ],
)
def test_a_plan_knows_whether_it_reads_data(plan_for: PlanFor, text: str, reads_data: bool) -> None:
    who = replace(PUBLIC, purpose=Purposes.AGGREGATE_SHARING) if "Statistics" in text else PUBLIC
    assert plan_for(who, text).reads_data is reads_data
