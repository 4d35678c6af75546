"""The rules for figures in a policy file: a budget and bounds, and clear errors where they make no sense."""

import re
from decimal import Decimal

import pytest

from schema.catalog import Catalog
from schema.marketplace.words import Categories
from schema.policy.policy_file import PolicyError, load_policy, parse_policy


def text(catalog: Catalog) -> str:
    return catalog.marketplace.first_policy.read_text("utf-8")


def changed(catalog: Catalog, old: str, new: str) -> str:
    before = text(catalog)
    assert before.count(old) == 1, old
    return before.replace(old, new)


def test_the_first_policy_has_rules_for_all_its_figures(catalog: Catalog) -> None:
    rules = load_policy(catalog.marketplace.first_policy, catalog).figures
    assert rules is not None
    assert (rules.epsilon, rules.delta, rules.months) == (16.0, 1e-6, 12)
    assert set(rules.bounds) == {facts.category for facts in catalog.statistics.values()}
    assert sum(bounds.share for bounds in rules.bounds.values()) == pytest.approx(1)
    assert rules.bounds[Categories.STATISTICAL].largest == {"": Decimal(40)}
    assert rules.bounds[Categories.ACCOUNT_ACTIVITIES].largest["USD"] == 15_000


def test_a_policy_without_figures_needs_no_rules(catalog: Catalog) -> None:
    without = re.sub(r"\[figures\](.|\n)*?(?=# What each may see)", "", text(catalog))
    without = re.sub(r"\[\[grant\]\]\nid = \"G27\"\n(.+\n)+", "", without).replace(', "aggregate_sharing"', "")
    assert parse_policy(without, "none.toml", catalog).figures is None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("epsilon = 16", "epsilon = 0", "figures · epsilon: a number from 0.01 to 50 is expected"),
        ("epsilon = 16", "epsilon = inf", "figures · epsilon: a number from 0.01 to 50 is expected"),
        ("epsilon = 16", 'epsilon = "16"', "figures · epsilon: a number from 0.01 to 50 is expected"),
        ("epsilon = 16", "epsilon = true", "figures · epsilon: a number from 0.01 to 50 is expected"),
        ("epsilon = 16\n", "", "figures: the key `epsilon` is missing"),
        ("delta = 1e-6", "delta = 0.5", "figures · delta: a number from 1e-09 to 0.001 is expected"),
        ("months = 12", "months = 1.5", "figures · months: a whole number from 1 to 120 is expected"),
        ("months = 12", "months = 12\nrounding = 10", "figures · rounding: this key is not known"),
        ("share = 0.7", "share = 0.75", "the shares of all categories together are more than 1, the whole budget"),
        ("contributions = 5", "contributions = 0", "contributions: a whole number from 1 to 1,000 is expected"),
        ("largest = 40", "largest = { USD = 40 }", "largest: a whole number from 1 to 1,000,000,000,000 is expected"),
        ("largest = { CNY", "largest = 5 # { CNY", "a number for each currency is expected, like { USD = 30_000 }"),
        ("EUR = 15_000", "EUR = -1", "largest: a whole number from 1 to"),
        ("[figures_about.BUYER]", "[figures_about.PAYMENT]", "there are no figures about `PAYMENT`, only about"),
        ("[figures]\n", "[figure]\n", "this key is not known"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_place(catalog: Catalog, old: str, new: str, problem: str) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy(changed(catalog, old, new), "new.toml", catalog)
    assert problem in str(refused.value)
    assert re.match(r"new\.toml:\d+: ", str(refused.value))


def test_figures_that_are_granted_need_bounds(catalog: Catalog) -> None:
    without = re.sub(r"\[figures_about\.BUYER\]\n(.+\n)+", "", text(catalog))
    with pytest.raises(PolicyError, match=r"add `\[figures_about.BUYER\]`, because a grant shows its figures"):
        parse_policy(without, "new.toml", catalog)
    bare = re.sub(r"\[figures\](.|\n)*?(?=# What each may see)", "", text(catalog))
    with pytest.raises(PolicyError, match="releases of figures need a budget and bounds"):
        parse_policy(bare, "new.toml", catalog)
