"""Writes a report: as text of 118 columns, as one page of HTML that prints, as CSV, or as Markdown.

A cell may hold what a requester sent: a reference. No form lets it be anything but text.
"""

import csv
import enum
import html
import re
from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import IO, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway.log.search import printable
from gateway.policy.explaining import WIDTH
from gateway.reports.report import Report, ReportCell, ReportTable


class ReportFormat(enum.StrEnum):
    """The form of a report."""

    TEXT = "text"
    HTML = "html"
    CSV = "csv"
    MARKDOWN = "md"


def write_report(report: Report, form: ReportFormat, into: IO[str]) -> None:
    match form:
        case ReportFormat.TEXT:
            _write_text(report, into)
        case ReportFormat.HTML:
            into.writelines(f"{line}\n" for line in _html(report))
        case ReportFormat.CSV:
            _write_csv(report, into)
        case ReportFormat.MARKDOWN:
            into.writelines(f"{line}\n" for line in _markdown(report))


def _shown(cell: ReportCell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else printable(cell)


# Text.


def _write_text(report: Report, into: IO[str]) -> None:
    console = Console(file=into, width=WIDTH, color_system=None, force_terminal=False, highlight=False, markup=False)
    console.print(_shown(report.title))
    for paragraph in report.paragraphs:
        console.print()
        console.print(Text(_shown(paragraph)))
    for table in report.tables:
        console.print()
        console.print(_shown(table.heading))
        console.print(_text_table(table) if table.rows else f"\n  {table.empty}")


def _text_table(table: ReportTable) -> Table:
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column, cell in zip(table.columns, table.rows[0], strict=True):
        drawn.add_column(column, justify="right" if isinstance(cell, int) else "left", overflow="fold")
    for row in table.rows:
        drawn.add_row(*(Text(_shown(cell)) for cell in row))
    return drawn


# HTML.

_STYLE: Final = """\
@page { size: A4; margin: 18mm 15mm; }
body { font: 10.5pt/1.45 Georgia, "Times New Roman", serif; color: #111; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin: 2em 0 .5em; break-after: avoid; }
table { border-collapse: collapse; width: 100%; font-size: .92em; }
thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { border-bottom: 1px solid #bbb; padding: .3em .8em .3em 0; text-align: left; vertical-align: top; overflow-wrap: break-word; }
th { border-bottom-color: #111; } td.day { white-space: nowrap; } td.number, th.number { text-align: right; white-space: nowrap; }
h2.page { break-before: page; }
@media print { body { margin: 0; max-width: none; padding: 0; } }"""
"""Colours are black on white, a head is repeated on each page, and no row is broken."""

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

_WITHIN_NAME: Final = re.compile("(?<=[a-zA-Z][_.])(?=[a-zA-Z])")
"""Where a name like `SERVICE_PROVIDER` may be broken, so that a wide table fits on a page."""

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""The page loads nothing and runs nothing."""


def _html(report: Report) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>{_escaped(report.title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>"
    yield f"<h1>{_escaped(report.title)}</h1>"
    yield from (f"<p>{_escaped(paragraph)}</p>" for paragraph in report.paragraphs)
    for table in report.tables:
        page = ' class="page"' if table.starts_page else ""
        yield f"<h2{page}>{_escaped(table.heading)}</h2>"
        yield from _html_table(table) if table.rows else (f"<p>{_escaped(table.empty)}</p>",)
    yield "</body>\n</html>"


def _html_table(table: ReportTable) -> Iterator[str]:
    numbers = [isinstance(cell, int) for cell in table.rows[0]]
    yield "<table>\n<thead>"
    yield _html_row("th", table.columns, numbers)
    yield "</thead>\n<tbody>"
    yield from (_html_row("td", row, numbers) for row in table.rows)
    yield "</tbody>\n</table>"


def _html_row(tag: str, cells: Iterable[ReportCell], numbers: Iterable[bool]) -> str:
    return f"<tr>{''.join(map(_html_cell, repeat(tag), cells, numbers))}</tr>"


def _html_cell(tag: str, cell: ReportCell, is_number: bool) -> str:
    text = _escaped(cell)
    kind = "number" if is_number else "day" if _DAY.fullmatch(text) else ""
    start = f'{tag} class="{kind}"' if kind else tag
    return f"<{start}>{_WITHIN_NAME.sub('<wbr>', text)}</{tag}>"


def _escaped(cell: ReportCell) -> str:
    return html.escape(_shown(cell))


# Markdown.

_MARKDOWN: Final = re.compile(r"([\\`*_\[\]<>|#])")
"""What would be more than text."""


def _markdown(report: Report) -> Iterator[str]:
    yield f"# {_plain(report.title)}"
    for paragraph in report.paragraphs:
        yield from ("", _plain(paragraph))
    for table in report.tables:
        yield from ("", f"## {_plain(table.heading)}", "")
        if table.rows:
            yield f"| {' | '.join(map(_plain, table.columns))} |"
            yield f"|{'|'.join('---:' if isinstance(cell, int) else '---' for cell in table.rows[0])}|"
            yield from (f"| {' | '.join(map(_plain, row))} |" for row in table.rows)
        else:
            yield table.empty


def _plain(cell: ReportCell) -> str:
    return _MARKDOWN.sub(r"\\\1", _shown(cell))


# CSV.

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes a formula to begin with; the last four are wide forms of the first four."""


def _write_csv(report: Report, into: IO[str]) -> None:
    """Each table under its heading, with an empty line between them."""
    writer = csv.writer(into, lineterminator="\n")
    for position, table in enumerate(report.tables):
        if position:
            into.write("\n")
        writer.writerow([_harmless(table.heading)])
        writer.writerow(map(_harmless, table.columns))
        writer.writerows([_harmless(cell) for cell in row] for row in table.rows)


def _harmless(cell: ReportCell) -> ReportCell:
    """A number as it is; a text that begins like a formula gets an apostrophe before it."""
    if isinstance(cell, int):
        return cell
    text = printable(cell)
    return f"'{text}" if text.lstrip().startswith(_FORMULA_STARTS) else text
