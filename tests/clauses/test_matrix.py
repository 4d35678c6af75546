"""Who sees what for which purpose: the policy file, what `veil policy matrix` prints, and these tests say the same."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from gateway.policy import explaining
from schema.catalog import Catalog
from schema.labels import Identifier, Identifiers
from schema.marketplace.conditions import CONDITIONS
from schema.policy.grants import Grant, Policy
from schema.policy.policy_file import load_policy
from tests.clauses.table import EIGHT, KINDS, PURPOSES, TABLE, Granted


@pytest.fixture(scope="module")
def policy(catalog: Catalog) -> Policy:
    return load_policy(catalog.marketplace.first_policy, catalog)


Line = tuple[str, str, str, tuple[tuple[str, str], ...], frozenset[str], str, tuple[str, ...]]


def lines(granted: Iterable[Granted], kinds: dict[str, set[str]] | None = None) -> Counter[Line]:
    """The table's lines, with how each kind of identifier is shown, or each of those that there are."""
    return Counter(
        (
            each.role,
            each.purpose,
            each.category,
            tuple(
                (kind, treatment)
                for kind, treatment in each.treatments.items()
                if kinds is None or kind in kinds.get(each.category, ())
            ),
            each.conditions,
            each.grant,
            each.clauses,
        )
        for each in granted
    )


def test_the_policy_file_grants_what_the_table_says_and_nothing_else(policy: Policy) -> None:
    """Each role, purpose, category and single field; each kind of identifier; each condition and clause."""
    assert lines(loaded(policy)) == lines(TABLE)
    assert len({grant.id for grant in policy.all_grants}) == len({each.grant for each in TABLE}) == 75


def loaded(policy: Policy) -> Iterator[Granted]:
    for (role, purpose), grants in policy.grants.items():
        for grant in grants:
            identifiers = "; ".join(["HIDDEN", *(f"{kind} {_said(grant, kind)}" for kind in Identifiers)])
            conditions = frozenset(condition.name for condition in grant.conditions)
            for what in (
                *grant.categories,
                *grant.fields,
                *(f"figures:{each}" for each in grant.aggregates),
                *(f"not:{each}" for each in grant.without),
                *(
                    f"{right}:{each}"
                    for right, scope in grant.rights.items()
                    for each in (*scope.categories, *scope.fields)
                ),
            ):
                yield Granted(role, purpose, what, identifiers, conditions, grant.id, grant.clauses)


def _said(grant: Grant, kind: Identifier) -> str:
    """The file's word for a kind of identifier; of times, amounts and details, what it comes to."""
    if kind.is_coincidental:
        return grant.treatment_of_kind(kind)
    return grant.exceptions.get(kind, grant.identifiers)


def test_each_role_may_ask_for_the_purposes_the_table_says(policy: Policy) -> None:
    assert {role.value: set(purposes) for role, purposes in policy.roles.items()} == {
        role: set(purposes.split()) for role, purposes in PURPOSES.items()
    }


def test_the_version_speaks_of_the_words_the_table_says_and_of_no_other(policy: Policy) -> None:
    """Whatever else the code knows is hidden: a category or kind is listed here by hand once the policy speaks of it."""
    assert tuple(category.value for category in policy.words.collected) == EIGHT
    assert {category.value for category in policy.words.other_categories} == {
        "COMPLAINTS",
        "ACCESS_LOG",
        "CHOICES",
        "PAPERS",
    }
    assert {kind.value for kind in policy.words.identifiers} == set(KINDS)
    assert all(grant.words is policy.words for grant in policy.all_grants)


@pytest.fixture(scope="module")
def printed(policy: Policy, catalog: Catalog) -> list[str]:
    return list(explaining.matrix_text(explaining.matrix_cells(policy, catalog), catalog))


def test_the_matrix_prints_the_table(printed: list[str], catalog: Catalog) -> None:
    """A heading for each role and purpose; under it what it sees, how what identifies in it is shown, when and why."""
    kinds = identified(catalog)
    shown = [each for each in parsed(printed) if not each.category.startswith("figures:")]
    expected = [each for each in TABLE if not each.category.startswith("figures:")]
    assert lines(shown, kinds) == lines(expected, kinds)
    figures = Counter((each.role, each.category) for each in parsed(printed) if each.category.startswith("figures:"))
    assert figures == Counter((each.role, each.category) for each in TABLE if each.category.startswith("figures:"))


def parsed(printed: Iterable[str]) -> Iterator[Granted]:
    """What the printed lines say, read as a person would."""
    role = purpose = ""
    for line in printed:
        if heading := re.fullmatch(r"([A-Z_]+) · ([a-z_]+)", line):
            role, purpose = heading.groups()
        elif line.startswith("WHEN"):
            return
        elif role and line.startswith("  "):
            what, identifiers, when, grant, because = re.split(r" {2,}", line.strip())
            yield Granted(
                role,
                purpose,
                re.sub(r"^(not|may_\w+) ", r"\1:", what.replace("figures about ", "figures:")),
                identifiers.replace("–", "HIDDEN"),
                frozenset(when.split(" and ")) - {"–"},
                grant,
                tuple(because.split()),
            )


def identified(catalog: Catalog) -> dict[str, set[str]]:
    """The kinds of identifiers there are in each category and field."""
    found: dict[str, set[str]] = {}
    for entity in catalog.entities.values():
        for column in entity.columns.values():
            for place in (column.label.category.value, f"{entity.name}.{column.name}"):
                found.setdefault(place, set()).update(kind.value for kind in column.label.identifiers)
    assert set().union(*found.values()) == set(KINDS)
    return found


def test_the_matrix_fits_a_terminal_and_cuts_nothing_off(printed: list[str]) -> None:
    assert max(map(len, printed)) <= 120
    assert not any("…" in line for line in printed)


def test_the_matrix_says_what_each_condition_stands_for(printed: list[str]) -> None:
    phrases = dict(
        re.findall(r"^  ([A-Z_]+) {2,}(.+)$", "\n".join(printed[printed.index("WHEN (–: always)") :]), re.MULTILINE)
    )
    assert phrases == {condition.name: condition.phrase for condition in CONDITIONS}


def test_a_matrix_without_what_a_policy_does_not_grant_says_that_it_is_refused(printed: list[str]) -> None:
    assert "What no line grants is refused (U4)." in "\n".join(printed)
    assert "(U4)" in "\n".join(printed[-3:])
