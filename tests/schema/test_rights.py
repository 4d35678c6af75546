"""Rights: each is a key of the policy file, and has words of its own in the log and for people."""

from schema.policy.policy_file import GRANT
from schema.rights import Right
from schema.treatments import Treatment


def test_each_right_is_a_key_of_a_grant() -> None:
    assert {*Right} <= {*GRANT.optional}


def test_what_is_recorded_of_a_right_is_no_treatment_and_no_other_right() -> None:
    recorded = [right.record for right in Right]
    assert len({*recorded, *(each.value for each in Treatment)}) == len(recorded) + len(Treatment)
    assert all(right.in_words for right in Right)
