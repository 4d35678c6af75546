"""Tokens in place of ids, and pseudonyms in place of values."""

import base64
import re

from schema.labels import Identifiers
from schema.tokens import (
    TEXT_STEP,
    id_of_token,
    pseudonym,
    text_id_of_token,
    text_of_token,
    token_of_id,
    token_of_text,
    token_of_text_id,
)

KEY, OTHER_KEY = bytes(32), bytes([1]) * 32


def test_a_token_opens_with_its_key_and_kind_alone() -> None:
    token = token_of_id(KEY, "Member", 7)
    assert re.fullmatch("Member:~[0-9a-f]{32}", token)
    assert id_of_token(KEY, "Member", token) == 7
    assert id_of_token(OTHER_KEY, "Member", token) is None
    assert id_of_token(KEY, "Order", token) is None
    assert id_of_token(KEY, "Order", token.replace("Member", "Order")) is None


def test_the_token_of_an_id_that_is_no_number_opens_with_its_key_and_kind_alone() -> None:
    token = token_of_text_id(KEY, "Rental", "r:1~x")
    assert token.startswith("Rental:~")
    assert text_id_of_token(KEY, "Rental", token) == "r:1~x"
    assert text_id_of_token(OTHER_KEY, "Rental", token) is None
    assert text_id_of_token(KEY, "Order", token.replace("Rental", "Order")) is None
    assert id_of_token(KEY, "Rental", token) is None


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
        for kind in (Identifiers.EMAIL, Identifiers.NAME)
    }
    assert len(made) == 4
    assert all(re.fullmatch("[A-Za-z0-9+/]{20}", each) for each in made)


PLACE = "AccessRecord.requester"


def test_the_token_of_a_text_opens_with_its_key_and_field_alone() -> None:
    for text in ("", "member:3", 'a "name"\n é 判', "x" * 500):
        token = token_of_text(KEY, PLACE, text)
        assert text_of_token(KEY, PLACE, token) == text
        assert text_of_token(OTHER_KEY, PLACE, token) is None
        assert text_of_token(KEY, "Order.requester", token) is None


def test_a_sealed_text_tells_little_of_its_length() -> None:
    """Usual ids all have one length."""
    lengths = {len(base64.b64decode(token_of_text(KEY, PLACE, "x" * size))) for size in range(61)}
    assert lengths == {16 + TEXT_STEP}


def test_a_sealed_text_has_one_spelling_and_is_not_made_up() -> None:
    token = token_of_text(KEY, PLACE, "member:3")
    assert token.endswith("=")
    before = token[:-2]
    spellings = [f"{before}{letter}=" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"]
    assert [text_of_token(KEY, PLACE, each) for each in spellings if each != token] == [None] * 63
    assert [text_of_token(KEY, PLACE, each) for each in (f"{token}\n", f" {token}", "", "é", "AAAA")] == [None] * 5
