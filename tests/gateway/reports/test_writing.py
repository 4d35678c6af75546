"""How a report is written: every form has all of it, and no text of a requester does anything."""

import csv
import io

import pytest

from gateway.reports.report import Report, ReportTable
from gateway.reports.writing import ReportFormat, write_report

EVIL = '=HYPERLINK("http://evil") <script>alert(1)</script> \x1b[2J\u202e'

REPORT = Report(
    title="A <title>",
    paragraphs=["One & two."],
    tables=(
        ReportTable(heading="Things", columns=("thing", "count"), rows=[(EVIL, 1_234), ("plain", -5)]),
        ReportTable(heading="Nothing", columns=("thing",), rows=[], empty="no things"),
    ),
)


def written(form: ReportFormat, report: Report = REPORT) -> str:
    into = io.StringIO()
    write_report(report, form, into)
    return into.getvalue()


def test_text_has_all_of_it_within_its_width() -> None:
    lines = written(ReportFormat.TEXT).splitlines()
    assert max(map(len, lines)) <= 118
    assert [line.split()[-1] for line in lines if "script" in line or "plain" in line] == ["1,234", "-5"]
    assert {"A <title>", "One & two.", "Things", "  no things"} <= set(lines)


@pytest.mark.parametrize("form", ReportFormat)
def test_no_form_has_a_character_that_a_terminal_obeys(form: ReportFormat) -> None:
    text = written(form)
    assert ("\x1b" in text, "\u202e" in text) == (False, False)


def test_html_is_one_page_that_runs_and_loads_nothing() -> None:
    """What was sent as markup is text."""
    page = written(ReportFormat.HTML)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<title>A &lt;title&gt;</title>" in page
    assert "default-src 'none'" in page
    assert ("http-equiv" in page, "src=" in page, "href=" in page) == (True, False, False)
    assert ("@page" in page, "table-header-group" in page, "no things" in page) == (True, True, True)


def test_csv_has_each_table_under_its_heading() -> None:
    """A number stays a number."""
    rows = list(csv.reader(io.StringIO(written(ReportFormat.CSV), newline="")))
    assert rows == [
        ["Things"],
        ["thing", "count"],
        ["'" + EVIL.replace("\x1b", "?").replace("\u202e", "?"), "1234"],
        ["plain", "-5"],
        [],
        ["Nothing"],
        ["thing"],
    ]


def test_markdown_has_each_table_under_its_heading() -> None:
    """What would be more than text is escaped."""
    lines = written(ReportFormat.MARKDOWN).splitlines()
    assert lines[0] == r"# A \<title\>"
    assert "| thing | count |" in lines
    assert "|---|---:|" in lines
    assert "| plain | -5 |" in lines
    assert r"\<script\>alert(1)\</script\>" in written(ReportFormat.MARKDOWN)
    assert lines[-1] == "no things"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\uff1d", "\r@"])
def test_a_spreadsheet_reads_no_text_as_a_formula(start: str) -> None:
    """Whatever stands before it."""
    table = ReportTable(heading="Things", columns=("thing",), rows=[(f"{start}1+1",)])
    text = written(ReportFormat.CSV, Report(title="", paragraphs=(), tables=(table,)))
    assert text.splitlines()[2].lstrip('"')[0] in ("'", "?")
