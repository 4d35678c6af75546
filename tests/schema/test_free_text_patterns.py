"""How much is found and how little is mangled, over lists of real spellings and of ordinary lines of trade.

The lists are in `tests/texts`, one text a line. The lines with an even number were not looked at while the patterns were
written: what holds of them is what may be expected of texts nobody has seen. Those of the lists named `learned` all
were.
"""

from pathlib import Path

import pytest

from schema.free_text import redact

TEXTS = Path(__file__).parents[1] / "texts"
SPELLINGS = [line.split("\t") for line in (TEXTS / "spellings.tsv").read_text("utf-8").splitlines()]
"""Language, kind, text, and what of it must not be left."""
TRADE_LINES = (TEXTS / "trade-lines.txt").read_text("utf-8").splitlines()
LEARNED_SPELLINGS = [line.split("\t") for line in (TEXTS / "learned-spellings.tsv").read_text("utf-8").splitlines()]
LEARNED_TRADE_LINES = (TEXTS / "learned-trade-lines.txt").read_text("utf-8").splitlines()

SEEN, UNSEEN = slice(0, None, 2), slice(1, None, 2)


@pytest.mark.parametrize(("lines", "least"), [(SEEN, 0.97), (UNSEEN, 0.9)], ids=["seen", "unseen"])
def test_identifiers_are_found_as_members_spell_them(lines: slice, least: float) -> None:
    texts = SPELLINGS[lines]
    missed = [text for _, _, text, secret in texts if secret in redact(text)]
    assert len(missed) <= (1 - least) * len(texts), missed


@pytest.mark.parametrize("lines", [SEEN, UNSEEN], ids=["seen", "unseen"])
def test_ordinary_lines_of_trade_stay_as_they_are(lines: slice) -> None:
    texts = TRADE_LINES[lines]
    changed = [(text, redact(text)) for text in texts if redact(text) != text]
    assert len(changed) <= 0.03 * len(texts), changed


def test_every_spelling_that_was_learned_is_found() -> None:
    missed = [text for _, _, text, secret in LEARNED_SPELLINGS if secret in redact(text)]
    assert missed == []


def test_lines_of_trade_that_look_like_identifiers_stay_as_they_are() -> None:
    changed = [(text, redact(text)) for text in LEARNED_TRADE_LINES if redact(text) != text]
    assert changed == []


def test_the_lists_are_long_and_in_many_languages() -> None:
    assert len(SPELLINGS) >= 150
    assert len(TRADE_LINES) >= 200
    assert {language for language, *_ in SPELLINGS} >= {
        "en",
        "zh",
        "ar",
        "hi",
        "ru",
        "es",
        "pt",
        "de",
        "fr",
        "it",
        "tr",
        "ko",
        "ja",
    }
