"""Changes that are alike are told together."""

from gateway.policy.alike_changes import alike_changes
from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Purposes, Roles
from schema.policy.changes import changes
from schema.policy.policy_file import load_policy
from schema.treatments import Treatment
from tests.schema.policy.test_changes import SECOND_FILE


def test_fields_that_change_alike_share_an_entry(catalog: Catalog) -> None:
    old, new = load_policy(MARKETPLACE.first_policy, catalog), load_policy(SECOND_FILE, catalog)
    found = alike_changes(changes(old, new, catalog))
    (opened,) = found[Roles.ADVERTISER, Purposes.CAMPAIGN]
    assert (opened.opens, opened.treatment, opened.fields) == (True, Treatment.PLAIN, ("Member.phone",))
    assert opened.conditions == ("the subject responded to a campaign of the requester",)
    assert opened.grant == "G24"
    (closed,) = found[Roles.PUBLIC, Purposes.PUBLIC_BROWSING]
    assert not closed.opens
    assert len(closed.fields) == 4
    assert alike_changes(changes(old, old, catalog)) == {}
