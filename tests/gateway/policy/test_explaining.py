"""The policy in words: its differences and its explanations."""

from gateway.policy import explaining
from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.policy.changes import changes
from schema.policy.policy_file import load_policy
from tests.schema.policy.test_changes import SECOND_FILE


def test_a_difference_is_listed_by_requester_with_a_star_where_something_opens(catalog: Catalog) -> None:
    old, new = load_policy(MARKETPLACE.first_policy, catalog), load_policy(SECOND_FILE, catalog)
    lines = [*explaining.epoch_change(old, new), *explaining.changes_text(changes(old, new, catalog))]
    assert lines[0] == "every token changes: the epoch was 1 and becomes 2"
    text = "\n".join(lines)
    assert (
        "\nADVERTISER · campaign\n  ★ Member.phone: now PLAIN when the subject responded to a campaign of the requester (G24)"
    ) in text
    assert "\nPARTNER · aggregate_sharing\n" in text
    assert "    Query.orderStatistics, Query.visitStatistics and Query.buyerStatistics: no longer PARTIAL (G27)" in text
    assert max(map(len, lines)) <= 120
