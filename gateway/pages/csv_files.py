"""Lists as CSV files, a line at a time, that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from starlette.responses import Response

from gateway.pages.rendering import PAGE_HEADERS

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_line(cells: Sequence[str]) -> str:
    """A line of CSV. A text that begins like a formula gets an apostrophe before it."""
    line = io.StringIO()
    csv.writer(line).writerow(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells)
    return line.getvalue()


def csv_headers(name: str) -> Mapping[str, str]:
    """Those of a file to be saved under a name."""
    return {**PAGE_HEADERS, "Content-Disposition": f'attachment; filename="{name}.csv"'}


def csv_file(name: str, lines: Iterable[Sequence[str]]) -> Response:
    """A file that is whole already."""
    return Response("".join(map(csv_line, lines)), headers=csv_headers(name), media_type="text/csv")
