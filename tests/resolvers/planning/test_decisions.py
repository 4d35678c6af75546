"""What the policy does not grant is in no decision; what it grants on a condition keeps that condition."""

from resolvers.planning.decisions import simplify
from resolvers.planning.plan import CERTAIN, Branch, MaskedColumn, PlanNode, SingleRow, SubjectCondition
from schema.marketplace.conditions import CASE, COOKIES
from schema.treatments import Treatment
from tests.conftest import CARE, PUBLIC
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
