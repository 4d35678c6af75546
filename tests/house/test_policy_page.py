"""The page for privacy officers is true: its words are the code's, its example is a grant, its commands run."""

import shlex
from collections.abc import Sequence

from schema.conditions import Condition
from schema.labels import Identifiers
from schema.marketplace.conditions import CONDITIONS
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Purposes, Roles
from schema.policy import figures, policy_file
from schema.policy.locations import AllowedKeys
from schema.treatments import Treatment
from tests.house.test_documents import CLI, POLICY_PAGE, blocks, cells, parsed, table, text_of, ticked

WORDS: dict[str, Sequence[str]] = {
    "role": [each.value for each in Roles],
    "purpose": [each.value for each in Purposes],
    "category": [each.value for each in MARKETPLACE.all_categories if not each.is_open],
    "identifier": [each.value for each in Identifiers],
    "treatment": [each.value for each in Treatment],
    "kind of organisation": list(MARKETPLACE.organisation_kinds),
}
"""The words of a policy policy_file. `OPEN` is none: it needs no grant, and may be given none."""

TABLES: dict[str, AllowedKeys] = {
    "top": policy_file.POLICY,
    "clause": policy_file.CLAUSE,
    "role": policy_file.ROLE,
    "breadth": policy_file.BREADTH,
    "grant": policy_file.GRANT,
    "figures": figures.FIGURES,
    "figures_about": figures.BOUNDS,
}


def test_the_grammar_has_every_key_where_it_may_be_said_and_whether_it_must() -> None:
    """In the order of the code; a key that may be left out says when it may not, or `no`."""
    rows = [cells(row) for row in table(POLICY_PAGE, "| where | key | needed | says | allowed |")]
    described = [(where, *ticked(key), needed == "yes") for where, key, needed, *_ in rows]
    assert described == [(where, key, key in keys.required) for where, keys in TABLES.items() for key in keys.all]


def test_the_grammar_has_every_word() -> None:
    rows = [row.strip("|").split("|") for row in table(POLICY_PAGE, "| word | is one of |")]
    assert {word.strip(): ticked(allowed) for word, allowed in rows} == WORDS


def test_the_grammar_has_every_condition_with_what_it_is_asked_of_and_what_it_reads() -> None:
    rows = [
        cells(row) for row in table(POLICY_PAGE, "| condition | short | of | reads beside the row | empty: holds for |")
    ]
    described = [(*ticked(phrase), *ticked(short), of, reads, empty) for phrase, short, of, reads, empty in rows]
    assert described == [
        (each.phrase, each.name, each.level.value, _reads(each), _holds_when_empty(each)) for each in CONDITIONS
    ]


def _reads(condition: Condition) -> str:
    tables = (
        f"`{name}`: {', '.join(f'`{column}`' for column in sorted(each))}" for name, each in condition.reads.items()
    )
    return "; ".join(tables) or "–"


def _holds_when_empty(condition: Condition) -> str:
    if not condition.reads:
        return "–"
    return "everybody" if condition.holds_when_empty else "nobody"


KINDS_OF_WORDS = {
    "may_ask_for": "purposes",
    "stands_on": "kind of organisation",
    "who": "roles",
    "for": "purposes",
    "sees": "categories",
    "identifiers": "treatment",
    "except": "identifiers, each with a treatment",
    "when": "conditions",
    "figures_about": "categories",
}
"""The keys whose values are words."""


def test_the_grammar_says_of_each_key_which_words_it_takes() -> None:
    rows = [cells(row) for row in table(POLICY_PAGE, "| where | key | needed | says | allowed |")]
    allowed = {ticked(key)[0]: allowed for _, key, _, _, allowed in rows}
    assert [key for key, words in KINDS_OF_WORDS.items() if words not in allowed[key]] == []


def test_the_example_is_a_grant_of_the_policy() -> None:
    (example,) = blocks(POLICY_PAGE, "toml")
    assert example in MARKETPLACE.first_policy.read_text("utf-8")


def test_every_command_on_the_page_can_be_given() -> None:
    lines = [line for block in blocks(POLICY_PAGE, "sh") for line in block.splitlines()]
    lines += [text for text in ticked(text_of(POLICY_PAGE)) if text.startswith("veil ") and "…" not in text]
    assert len(lines) > 8
    for line in lines:
        program, *words = shlex.split(line)
        assert program in ("veil", "pytest")
        if program == "veil":
            parsed(CLI, words)
