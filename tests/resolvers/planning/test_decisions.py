"""What the policy does not grant is in no decision; what it grants on a condition keeps that condition."""

from resolvers.planning.decisions import simplify
from resolvers.planning.plan import CERTAIN, Branch, MaskedColumn, PlanNode, SingleRow, SubjectCondition
from schema.marketplace.conditions import AFFILIATE_ACCOUNT, CASE, COOKIES
from schema.marketplace.words import Purposes, Roles
from schema.treatments import Treatment
from tests.conftest import CARE, PUBLIC, Requesting
from tests.resolvers.conftest import PlanFor

OPEN_CASE = frozenset({SubjectCondition(CASE, "id")})
ACCEPTED = frozenset({SubjectCondition(COOKIES, "id")})


def leaves(nodes: tuple[PlanNode, ...]) -> dict[str, MaskedColumn]:
    (row,) = nodes
    assert isinstance(row, SingleRow)
    ((_, projection),) = row.alternatives
    return {each.key: shown for each in projection if (shown := getattr(each, "shown", None))}


def test_a_branch_that_visibility_implies_needs_no_condition() -> None:
    branches = [Branch(Treatment.PLAIN, frozenset({OPEN_CASE}))]
    assert simplify(branches, frozenset({OPEN_CASE})) == (Branch(Treatment.PLAIN, CERTAIN),)


def test_a_branch_behind_one_that_always_holds_is_dropped() -> None:
    branches = [Branch(Treatment.PLAIN, CERTAIN), Branch(Treatment.PARTIAL, frozenset({ACCEPTED}))]
    assert simplify(branches, CERTAIN) == (Branch(Treatment.PLAIN, CERTAIN),)


def test_two_branches_of_one_treatment_become_one() -> None:
    branches = [Branch(Treatment.PLAIN, frozenset({OPEN_CASE})), Branch(Treatment.PLAIN, frozenset({ACCEPTED}))]
    assert simplify(branches, CERTAIN) == (Branch(Treatment.PLAIN, frozenset({OPEN_CASE, ACCEPTED})),)


def test_the_most_open_treatment_whose_condition_holds_comes_first(plan_for: PlanFor) -> None:
    name = leaves(plan_for(CARE, '{ member(id: "Member:1") { name } }').projection)["name"]
    assert [branch.treatment for branch in name.branches] == [Treatment.PLAIN, Treatment.PARTIAL]
    assert [bool(branch.when == CERTAIN) for branch in name.branches] == [False, True]


def test_a_public_field_is_decided_without_a_condition(plan_for: PlanFor) -> None:
    name = leaves(plan_for(PUBLIC, '{ company(id: "Company:1") { name } }').projection)["name"]
    assert name.branches == (Branch(Treatment.PLAIN, CERTAIN),)


def test_what_two_people_wrote_is_shown_where_the_conditions_of_both_hold(plan_for: PlanFor) -> None:
    """And the name of who wrote it where those of the writer hold."""
    affiliate = Requesting(role=Roles.AFFILIATE, purpose=Purposes.AFFILIATE_SHARING, organisation=2)
    found = leaves(plan_for(affiliate, '{ message(id: "Message:1") { body senderName } }').projection)
    writer, reader = (SubjectCondition(AFFILIATE_ACCOUNT, each) for each in ("sender_id", "recipient_id"))
    assert found["body"].branches == (Branch(Treatment.PLAIN, frozenset({frozenset({writer, reader})})),)
    assert found["senderName"].branches == (Branch(Treatment.PLAIN, frozenset({frozenset({writer})})),)


def test_a_row_is_seen_for_those_of_whom_it_shows_something(plan_for: PlanFor) -> None:
    """A message shows another member its writer alone, so that it is seen for the writer's consent, not the reader's."""
    insight = Requesting(role=Roles.MEMBER, purpose=Purposes.MEMBER_INSIGHT, member=1)
    found = leaves(plan_for(insight, '{ message(id: "Message:1") { senderName } }').projection)
    assert found["senderName"].branches == (Branch(Treatment.PLAIN, CERTAIN),)
