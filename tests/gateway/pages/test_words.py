"""The words of pages."""

import re
from pathlib import Path

from gateway.pages import words
from gateway.pages.words import STRINGS, languages, wording_for

TEMPLATES = Path(words.__file__).parent / "templates"
NAMED = re.compile(r'\bt\("([a-z_.]+)"[,)]')


def test_every_sentence_that_a_template_names_is_there() -> None:
    english = wording_for("en")
    named = {name for file in TEMPLATES.rglob("*.html") for name in NAMED.findall(file.read_text("utf-8"))}
    assert named
    assert [name for name in sorted(named) if english.find(name) is None] == []


def test_dates_and_numbers_are_the_readers() -> None:
    german, american = wording_for("de-DE,de;q=0.9,en;q=0.8"), wording_for("en-US")
    assert german.number(1234567.5) == "1.234.567,5"
    assert american.number(1234567.5) == "1,234,567.5"
    assert german.moment("2026-03-09T14:05:00+00:00") == "9 März 2026, 14:05 UTC"
    assert american.day("2026-03-09T14:05:00+00:00") == "March 9, 2026"


def test_what_no_browser_sends_is_read_as_english() -> None:
    for header in ("", "*", "xx-YY", "de;q=x", "e" * 10_000, "--", "en;q=0"):
        assert wording_for(header).language in languages()
        assert wording_for(header).moment("2026-03-09T14:05:00Z")


def test_each_language_has_a_file() -> None:
    assert "en" in languages()
    assert STRINGS.is_dir()
