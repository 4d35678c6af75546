"""A report as a value: a title, paragraphs and tables. It is text and numbers, and says nothing of how it is written."""

from collections.abc import Sequence
from dataclasses import dataclass

ReportCell = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTable:
    """A table with a heading. Each row has a cell for each column."""

    heading: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[ReportCell, ...]]
    empty: str = "none"
    """What is said where there are no rows."""
    starts_page: bool = False
    """Whether it begins a page where it is printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole report."""

    title: str
    paragraphs: Sequence[str]
    tables: Sequence[ReportTable]
