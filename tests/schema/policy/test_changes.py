"""What a new version of the policy opens and closes, for each requester and field."""

from collections.abc import Mapping
from pathlib import Path

from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Categories, Purposes, Roles
from schema.policy.changes import Change, changes
from schema.policy.policy_file import load_policy, named
from schema.requester import Purpose, Role
from schema.treatments import Treatment

FIRST = "2012-06-11"
SECOND_FILE = Path(__file__).parents[2] / "policies" / "2013-01-01.toml"


def difference(catalog: Catalog, old: str, new: str) -> Mapping[tuple[Role, Purpose, str], Change]:
    found = changes(
        load_policy(named(old, MARKETPLACE), catalog), load_policy(named(new, MARKETPLACE), catalog), catalog
    )
    return {(each.role, each.purpose, each.field): each for each in found}


def test_a_difference_lists_what_opens_and_what_closes_and_nothing_else(catalog: Catalog) -> None:
    """The head of the second version names six changes; each is found by role, purpose and fields."""
    found = difference(catalog, FIRST, str(SECOND_FILE))
    requesters = {(role, purpose) for role, purpose, _ in found}
    staff = {
        (Roles.PLATFORM, Purposes(each)) for each in ("account_service", "dispute_resolution", "agreement_enforcement")
    }
    assert requesters == {
        *((role, Purposes.PUBLIC_BROWSING) for role in (Roles.PUBLIC, Roles.MEMBER)),
        *staff,
        (Roles.SERVICE_PROVIDER, Purposes.ACCOUNT_SERVICE),
        (Roles.PARTNER, Purposes.AGGREGATE_SHARING),
        (Roles.ADVERTISER, Purposes.CAMPAIGN),
        (Roles.PLATFORM, Purposes.SITE_OPERATION),
    }
    opening = {requester[:2] for requester, change in found.items() if change.opens}
    closing = {requester[:2] for requester, change in found.items() if change.closes}
    assert opening == {(Roles.ADVERTISER, Purposes.CAMPAIGN), (Roles.PLATFORM, Purposes.SITE_OPERATION)}
    assert closing == requesters - opening
    phone = found[Roles.ADVERTISER, Purposes.CAMPAIGN, "Member.phone"]
    assert [(rule.treatment, rule.grant) for rule in phone.opens] == [(Treatment.PLAIN, "G24")]
    browsing = {field for _, purpose, field in found if purpose is Purposes.DISPUTE_RESOLUTION}
    buyer = {
        f"{entity.name}.{column.name}"
        for entity in catalog.entities.values()
        for column in entity.labelled.values()
        if column.label.category is Categories.BUYER
    }
    assert browsing == buyer
    figures = {field for role, _, field in found if role is Roles.PARTNER and field.startswith("Query.")}
    assert figures == {"Query.orderStatistics", "Query.visitStatistics", "Query.buyerStatistics"}


def test_a_change_undone_closes_what_it_opened(catalog: Catalog) -> None:
    there, back = difference(catalog, FIRST, str(SECOND_FILE)), difference(catalog, str(SECOND_FILE), FIRST)
    assert set(there) == set(back)
    assert {where for where, change in there.items() if change.opens} == {
        where for where, change in back.items() if change.closes
    }


def test_a_version_does_not_differ_from_itself(catalog: Catalog) -> None:
    assert difference(catalog, FIRST, FIRST) == {}
