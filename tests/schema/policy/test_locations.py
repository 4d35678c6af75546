"""Where in a policy file a mistake is: every error names the file, the line and what is allowed."""

import enum
from collections.abc import Callable
from typing import Any

import pytest

from schema.policy.locations import AllowedKeys, Location, PolicyError

TEXT = """\
version = "1"

[[grant]]
id = "G1"
who = ["MEMBER"]

[[grant]]
id = "G2"
who = ["BANK"]

[role.BANK]
is = "a bank"
"""
CONTENT: dict[str, Any] = {"grant": [{"id": "G1"}, {"id": "G2"}], "role": {"BANK": {"is": "a bank"}}}
FILE = Location(file="policy.toml", text=TEXT)


class Colour(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


def problem(reading: Callable[[], object]) -> str:
    with pytest.raises(PolicyError) as refused:
        reading()
    return str(refused.value)


def test_an_error_names_the_line_of_its_key_in_its_own_entry() -> None:
    first, second = (place for place, _ in FILE.tables("grant", CONTENT["grant"]))
    assert str(first.at("who").error("no")) == "policy.toml:5: grant G1 · who: no"
    assert str(second.at("who").error("no")) == "policy.toml:9: grant G2 · who: no"


def test_an_error_about_a_key_that_is_not_there_names_the_entry() -> None:
    ((bank, name, _),) = FILE.named_tables("role", CONTENT["role"])
    assert name == "BANK"
    assert str(bank.at("may_ask_for").error("no")) == "policy.toml:11: role BANK · may_ask_for: no"


def test_an_entry_has_all_its_keys_and_no_other() -> None:
    keys = AllowedKeys(required=("id", "who"), optional=("when",))
    FILE.check(keys, {"id": 1, "who": 2, "when": 3})
    assert problem(lambda: FILE.check(keys, {"id": 1})).endswith("policy: the key `who` is missing")
    assert "this key is not known; it must be one of `id`, `when`, `who`" in problem(
        lambda: FILE.check(keys, {"id": 1, "who": 2, "why": 3})
    )


def test_a_choice_is_one_of_those_there_are() -> None:
    assert FILE.choices(Colour, ["blue", "red"]) == [Colour.BLUE, Colour.RED]
    assert "`green` is not known here; it must be one of `blue`, `red`" in problem(
        lambda: FILE.choices(Colour, ["green"])
    )


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (lambda: FILE.text_of(" "), "a text is expected"),
        (lambda: FILE.texts("MEMBER"), "a list of texts is expected"),
        (lambda: FILE.pairs(["NAME"]), "names with a text each are expected"),
        (lambda: FILE.value_of(int, True, "a whole number"), "a whole number is expected"),
        (lambda: [*FILE.tables("grant", {"id": "G1"})], "entries are expected, each under a line `[[grant]]`"),
        (lambda: [*FILE.named_tables("role", [])], "entries are expected, each under a line `[role.NAME]`"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_what_is_expected(reading: Callable[[], object], expected: str) -> None:
    assert expected in problem(reading)
