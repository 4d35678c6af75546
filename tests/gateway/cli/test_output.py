"""What commands print: a line as it is, an error in red on standard error, one bar of progress."""

import pytest

from gateway.cli.output import progress_bar, refuse, say, tell


def test_a_line_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Brackets are no markup, and no width folds it."""
    line = "[bold]not markup[/bold] " + "word " * 100
    say(line)
    assert capsys.readouterr().out == f"{line}\n"


def test_lines_are_printed_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    tell(["one", "two"])
    assert capsys.readouterr().out == "one\ntwo\n"


def test_a_refusal_ends_the_command_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        refuse("there is no [such] thing")
    printed = capsys.readouterr()
    assert (ended.value.code, printed.out, printed.err) == (1, "", "veil: there is no [such] thing\n")


def test_progress_goes_to_standard_error_as_one_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar() as report:
        for table in ("member", "trade_order"):
            report(table, 5, 5)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("5/5") == 1
    assert "trade order" in printed.err


def test_without_progress_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar():
        pass
    assert capsys.readouterr().err == ""
