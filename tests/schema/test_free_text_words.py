"""What must hold of the words around identifiers. That they are found is tested with the patterns."""

from schema import free_text_words as words

LISTS = {name: value for name, value in vars(words).items() if isinstance(value, str) and name.isupper()}


def test_no_list_names_a_word_twice() -> None:
    for name, value in LISTS.items():
        if not name.startswith("PARTS_OF") and "|" not in value:
            listed = value.split()
            assert len(listed) == len(set(listed)), name


def test_a_number_in_words_is_read_from_the_longest_word_on() -> None:
    """A word within another one would spoil it."""
    pairs = [pair.partition("=") for pair in words.SPOKEN_DIGITS.split()]
    assert all(digit in {"", "+", *"0123456789"} for _, _, digit in pairs)
    lengths = [len(word) for word, _, _ in pairs]
    assert lengths == sorted(lengths, reverse=True)
