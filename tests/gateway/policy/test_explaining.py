"""The policy in words: its differences and its explanations."""

import dataclasses

import pytest

from gateway.policy import explaining
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Roles
from schema.policy.changes import changes
from schema.policy.grants import BreadthLimit, Policy
from schema.policy.policy_file import load_policy
from schema.refusals import Problem
from tests.schema.policy.test_changes import SECOND_FILE


def test_lines_are_as_wide_as_the_terminal_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to 118 columns, and with the indent of what is continued."""
    text = "word " * 60
    for columns, widest in (("80", 78), ("300", 118), ("10", 38)):
        monkeypatch.setenv("COLUMNS", columns)
        first, second, *_ = explaining.wrapped(text, 6)
        assert widest - 5 < len(first) <= max(widest, 40)
        assert second.startswith("      word")


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


def test_a_document_is_shown_with_a_mark_below_what_is_wrong() -> None:
    """A place that is not in it has no mark."""
    document = "{\n  members { nam }\n}"
    problems = [Problem(message="There is no `nam`.", locations=((2, 13), (9, 1)))]
    assert list(explaining.misfit_text(document, problems)) == [
        "There is no `nam`.",
        "    2 |   members { nam }",
        "      |             ^",
    ]


def test_the_statement_of_a_request_comes_with_how_it_was_decided(catalog: Catalog) -> None:
    compiler = Compiler(catalog, load_policy(MARKETPLACE.first_policy, catalog), DEFAULT_LIMITS)
    asked = {"query": "{ members { nodes { email } } }", "role": "SERVICE_PROVIDER", "purpose": "account_service"}
    told = explaining.statement_of(compiler, MARKETPLACE, asked)
    assert told["statement"].startswith("with in_force as materialized (")
    assert "Member.email (U5 U2)\n  PLAIN    when a case of the subject is open" in told["decisions"]
    assert "\nU5    How We May Use" in told["decisions"]
    refused = explaining.statement_of(compiler, MARKETPLACE, {**asked, "query": "{ nothing }"})
    assert refused["problem"].startswith("INVALID: ")
    unknown = explaining.statement_of(compiler, MARKETPLACE, {**asked, "purpose": "curiosity"})
    assert unknown == {"problem": "the marketplace has no such role or purpose"}


def test_limits_in_breadth_are_told_and_so_is_their_change(catalog: Catalog) -> None:
    policy = load_policy(MARKETPLACE.first_policy, catalog)
    bank = policy.role_descriptions[Roles.BANK]
    both: list[Policy] = []
    for refuses in (True, False):
        limited = dataclasses.replace(bank, breadth=BreadthLimit(persons=5000, refuses=refuses))
        both.append(dataclasses.replace(policy, role_descriptions={**policy.role_descriptions, Roles.BANK: limited}))
    refusing, reporting = both
    text = " ".join(" ".join(explaining.policy_text(refusing)).split())
    assert "One who saw more than 5,000 persons in a day is refused until the day ends." in text
    assert list(explaining.breadth_changes(refusing, refusing)) == []
    assert list(explaining.breadth_changes(refusing, reporting)) == [
        "BANK has another limit: One who saw more than 5,000 persons in a day is reported."
    ]
    without = dataclasses.replace(
        policy,
        role_descriptions={**policy.role_descriptions, Roles.BANK: dataclasses.replace(bank, breadth=None)},
    )
    assert list(explaining.breadth_changes(refusing, without)) == ["BANK has another limit: none."]


def test_rules_for_figures_are_told_and_so_is_their_change(catalog: Catalog) -> None:
    policy = load_policy(MARKETPLACE.first_policy, catalog)
    assert policy.figures
    text = " ".join(" ".join(explaining.policy_text(policy)).split())
    assert "twelve releases together keep within an epsilon of 16 and a delta of 1e-06." in text
    assert (
        "From statistical information, with 15% of that: of each member at most 3 count, each with 40 at most." in text
    )
    assert "100,000 CNY, 15,000 EUR" in text
    assert list(explaining.figures_change(policy, policy)) == []
    other = dataclasses.replace(policy, figures=dataclasses.replace(policy.figures, epsilon=4.0))
    changed = "\n".join(explaining.figures_change(policy, other))
    assert changed.startswith("figures are released by other rules:\nOnce a month")
    assert "an epsilon of 4 and" in " ".join(changed.split())
    without = dataclasses.replace(policy, figures=None)
    assert list(explaining.figures_change(policy, without))[1:] == ["they are released no longer"]
