"""Code is written as the formatter leaves it."""

import subprocess
import sys

import pytest

from gateway.adopting import code

LONG = [f"argument_number_{n}={n}" for n in range(5)]


@pytest.mark.parametrize(
    "written",
    [
        code.call("x = call", ["1", "2"]),
        code.call("x = call", LONG),
        code.call("x = call", LONG * 3),
        code.words("X = ", {"a": "A", "b": "B"}),
        code.words("X = ", {f"word {n}": f"WORD_{n}" for n in range(9)}),
        code.imports("schema.fields", ["data", "Node", "LOG", "entity"]),
        code.imports("schema.fields", [f"Long{n}Name" for n in range(20)]),
        f"x = {code.text('plain')}\ny = {code.text(chr(34))}\nz = {code.text(chr(34) + chr(39))}\nw = {code.text(chr(92))}",
        code.docstring('It says "this"\nand that \\ too'),
    ],
)
def test_the_formatter_changes_nothing(written: str) -> None:
    command = [sys.executable, "-m", "ruff", "format", "--line-length", "120", "--diff", "-"]
    formatted = subprocess.run(command, input=f"{written}\n", capture_output=True, text=True, check=False)
    assert (formatted.returncode, formatted.stdout) == (0, "")


def test_a_text_is_the_text_again() -> None:
    for value in ("plain", 'a "word"', "it's", "\\", """both ' and " """, "a\nb\x00\u2028c", "Straße"):
        assert eval(code.text(value)) == value  # noqa: S307 - the test's own text
