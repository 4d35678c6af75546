"""Whom a record names, and what each was shown: as many entries as rows become one of each person."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.persons import NOBODY, persons


def test_nobody_is_named_by_no_entry() -> None:
    assert persons(None) == persons("") == NOBODY


def test_what_all_are_shown_alike_is_written_once() -> None:
    found = persons("12:.1.0,7:.1.0,12:.1.0")
    assert (found.subjects, found.shown) == ("{12,7}", "0.1")


def test_what_is_shown_of_each_stands_in_their_order() -> None:
    """Of one who was counted alone nothing was shown."""
    found = persons("12:.0,7:.1,12:.2,30,9:")
    assert (found.subjects, found.shown) == ("{12,7,30,9}", "0.2 1 - -")


def test_of_those_who_were_only_counted_nothing_is_shown() -> None:
    found = persons("30,9,30")
    assert (found.subjects, found.shown) == ("{30,9}", "")


ENTRIES = st.lists(
    st.tuples(st.integers(1, 5), st.none() | st.lists(st.integers(0, 12), max_size=3)), min_size=1, max_size=12
)


@given(ENTRIES)
def test_each_person_has_every_class_of_their_entries(entries: list[tuple[int, list[int] | None]]) -> None:
    written = [
        str(subject) if classes is None else f"{subject}:{''.join(f'.{each}' for each in classes)}"
        for subject, classes in entries
    ]
    expected: dict[str, set[int]] = {}
    for subject, classes in entries:
        expected.setdefault(str(subject), set()).update(classes or ())
    found = persons(",".join(written))
    subjects = found.subjects[1:-1].split(",")
    texts = found.shown.split(" ")
    if len(texts) == 1:
        texts *= len(subjects)
    read = {
        subject: {int(each) for each in text.split(".") if each not in ("", "-")}
        for subject, text in zip(subjects, texts, strict=True)
    }
    assert read == expected
