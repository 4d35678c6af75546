"""What commands print: lines, errors, progress bars; and the options several of them share."""

from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gateway.demo.sample import marketplace

DIRECTORY = Path(".veil")
Directory = Annotated[Path, typer.Option(metavar="DIRECTORY", help="directory of the demo's database and keys")]
Database = Annotated[
    str,
    typer.Option(
        metavar="URL", envvar="VEIL_DATABASE", help="URL of the database, with the login that owns its tables"
    ),
]
Json = Annotated[bool, typer.Option("--json", help="as JSON")]
Yes = Annotated[bool, typer.Option("--yes", help="do not ask")]

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)


def refuse(problem: str) -> NoReturn:
    err.print(f"veil: {problem}", highlight=False, markup=False, style="red")
    raise SystemExit(1)


def say(text: str) -> None:
    out.print(text, highlight=False, markup=False)


@contextmanager
def progress_bar() -> Generator[marketplace.Progress]:
    """Shows the progress of long work: one bar, which says what is done just now."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    bar = Progress(*columns, console=err)
    with ExitStack() as begun:

        def report(table: str, done: int, total: int) -> None:
            if not bar.tasks:
                begun.enter_context(bar)  # not before: work that reports no progress leaves no empty line
                bar.add_task(table)
            bar.update(bar.tasks[0].id, description=table.replace("_", " "), completed=done, total=total)

        yield report


def tell(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)
