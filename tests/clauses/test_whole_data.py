"""All that is held of a member is theirs to see (S1, A1): also what the marketplace notes of its dealings with them."""

import pytest

from tests.clauses.seeing import Market, asking_as

ME = asking_as("MEMBER", "self_service", member=30)
OTHER = asking_as("MEMBER", "self_service", member=31)

NOTED = {
    "assessments": ("credit_assessment", "organisation_id", "10"),
    "affiliateAccounts": ("affiliate_account", "organisation_id", "2"),
    "arrivals": ("partner_arrival", "organisation_id", "6"),
    "campaignResponses": ("campaign_response", "organisation_id, campaign_id", "8, 1"),
}
"""Fields of a member, their tables, and what a row says besides."""


@pytest.mark.clause(id="S1")
@pytest.mark.clause(id="A1")
@pytest.mark.grant(id="G39a")
@pytest.mark.parametrize("field", NOTED)
def test_a_member_sees_what_is_noted_of_them_and_nobody_elses(market: Market, field: str) -> None:
    """Also what has ended."""
    table, columns, values = NOTED[field]
    market.change(f"delete from {table} where member_id in (30, 31)")
    market.change(
        f"insert into {table} (member_id, {columns}, starts_at, ends_at)"
        f" values (30, {values}, now() - interval '2 days', now() - interval '1 day'), (31, {values}, now(), null)"
    )
    query = f"{{ me {{ {field} {{ totalCount nodes {{ id organisation {{ name }} startsAt endsAt }} }} }} }}"
    for who, has_ended in ((ME, True), (OTHER, False)):
        found = market.data(who, query)["me"][field]
        assert (found["totalCount"], len(found["nodes"])) == (1, 1)
        (row,) = found["nodes"]
        assert row["organisation"]["name"]
        assert (row["endsAt"] is not None) is has_ended
    (theirs,) = market.data(OTHER, query)["me"][field]["nodes"]
    assert market.data(ME, "query ($id: ID!) { node(id: $id) { id } }", {"id": theirs["id"]}) == {"node": None}


@pytest.mark.clause(id="A1")
@pytest.mark.clause(id="D1")
@pytest.mark.grant(id="G39b")
def test_a_member_sees_complaints_about_them_without_whom_they_may_name(market: Market) -> None:
    """Published or not; the text may be another's, so identifiers in it are not shown."""
    market.change(
        "insert into complaint (against_id, company_id, summary, status) values"
        " (30, 1, 'Late, says rosa@example.org', 'OPEN'), (31, 1, 'Another', 'OPEN')"
    )
    found = market.data(ME, "{ me { complaints { nodes { summary status publishedAt } } } }")["me"]["complaints"]
    assert {"summary": "Late, says [e-mail]", "status": "OPEN", "publishedAt": None} in found["nodes"]
    assert "Another" not in str(found)
