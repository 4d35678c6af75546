"""Tokens in place of ids, and pseudonyms in place of values."""

import re

from schema.labels import Identifier
from schema.tokens import id_of_token, pseudonym, token_of_id

KEY, OTHER_KEY = bytes(32), bytes([1]) * 32


def test_a_token_opens_with_its_key_and_kind_alone() -> None:
    token = token_of_id(KEY, "Member", 7)
    assert re.fullmatch("Member:~[0-9a-f]{32}", token)
    assert id_of_token(KEY, "Member", token) == 7
    assert id_of_token(OTHER_KEY, "Member", token) is None
    assert id_of_token(KEY, "Order", token) is None
    assert id_of_token(KEY, "Order", token.replace("Member", "Order")) is None


def test_a_token_has_one_spelling() -> None:
    """Two spellings of one token would be two names of one row, and `bytes.fromhex` reads capitals and spaces."""
    token = token_of_id(KEY, "Member", 7)
    digits = token.removeprefix("Member:~")
    for spelled in (
        digits,
        token.upper(),
        f"Member:~{digits.upper()}",
        f"Member:~{digits[:16]} {digits[16:]}",
        f"{token}\n",
    ):
        assert id_of_token(KEY, "Member", spelled) is None


def test_a_pseudonym_differs_by_key_and_by_kind() -> None:
    made = {
        pseudonym(key, kind, "john@example.com", [1])
        for key in (KEY, OTHER_KEY)
        for kind in (Identifier.EMAIL, Identifier.NAME)
    }
    assert len(made) == 4
    assert all(re.fullmatch("[A-Za-z0-9+/]{20}", each) for each in made)
