"""A version of the policy beside another, in sentences."""

import asyncio

from gateway.pages.desk.policy_comparing import policy_comparison
from gateway.pages.words import wording_for
from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.policy.policy_file import load_policy, parse_policy
from tests.schema.policy.test_changes import SECOND_FILE


def test_a_version_is_told_by_who_sees_otherwise(catalog: Catalog) -> None:
    old, new = load_policy(MARKETPLACE.first_policy, catalog), load_policy(SECOND_FILE, catalog)
    compared = asyncio.run(policy_comparison(wording_for("en"), old, new, catalog))
    (told,) = compared.by_requester["ADVERTISER", "campaign"]
    assert (told.opens, told.sentence, told.grant) == (True, "Shown as it is: phone (member).", "G24")
    assert compared.others == ["every token changes: the epoch was 1 and becomes 2"]
    assert compared.opening > 0
    assert compared.closing > 0


def test_what_may_be_changed_is_told_apart_from_what_is_seen(catalog: Catalog) -> None:
    text = MARKETPLACE.first_policy.read_text("utf-8")
    less = text.replace('may_edit = ["REGISTRATION", "Dispute.outcome"]', 'may_edit = ["REGISTRATION"]')
    old, new = (parse_policy(each, "a policy", catalog) for each in (text, less))
    compared = asyncio.run(policy_comparison(wording_for("en"), old, new, catalog))
    (told,) = compared.by_requester["PLATFORM", "account_service"]
    assert (told.opens, told.sentence) == (False, "May be changed: outcome (dispute).")
    assert (compared.opening, compared.others) == (0, [])
