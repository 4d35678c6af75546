"""The matrix as a document: every grant, its conditions in words, and what is refused."""

import io

import pytest

from gateway.reports.matrix import matrix_report
from gateway.reports.writing import ReportFormat, write_report
from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.policy.grants import Policy
from schema.policy.policy_file import load_policy


@pytest.fixture(scope="module")
def policy(catalog: Catalog) -> Policy:
    return load_policy(MARKETPLACE.first_policy, catalog)


def test_each_role_has_a_table_with_its_grants_and_its_refusals(catalog: Catalog, policy: Policy) -> None:
    report = matrix_report(policy, "d" * 64, "policy 2012-06-11, as it comes with Veil", catalog)
    *roles, clauses = report.tables
    assert [table.heading.partition(":")[0] for table in roles] == [*policy.roles]
    assert {row[4] for table in roles for row in table.rows} - {"–"} == {grant.id for grant in policy.all_grants}
    assert [row[0] for row in clauses.rows] == [*policy.clauses]
    (advertiser,) = (table for table in roles if table.heading.startswith("ADVERTISER"))
    campaign = [row for row in advertiser.rows if row[0] == "campaign"]
    assert campaign[0][1:] == (
        *("Member.country", "PLAIN", "the subject responded to a campaign of the requester", "G24", "U8"),
    )
    assert campaign[-1][2] == "refused, whatever the case"
    refused = str(campaign[-1][1])
    assert "payment information" in refused
    assert "registration information" not in refused


def test_it_prints_as_a_document_with_a_page_for_each_role(catalog: Catalog, policy: Policy) -> None:
    """With its title, its version, its digest and its date."""
    into = io.StringIO()
    write_report(matrix_report(policy, "d" * 64, "policy 2012-06-11, in force", catalog), ReportFormat.HTML, into)
    page = into.getvalue()
    assert page.count('<h2 class="page">') == len(policy.roles) + 1
    assert "h2.page { break-before: page; }" in page
    for told in ("privacy policy 2012-06-11", "d" * 64, "11 June 2012", "Policy 2012-06-11, in force."):
        assert told in page
