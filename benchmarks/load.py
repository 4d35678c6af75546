"""`python -m benchmarks load URL [FILE]`: drives a running gateway with your own documents and tokens.

FILE is a list in JSON. Each entry is sent in turn, or more often by its `weight`:

    [{"query": "{ members(first: 5) { nodes { name } } }", "token": "$STAFF_TOKEN", "purpose": "account_service"},
     {"file": "order.graphql", "variables": {"id": "Order:4"}, "weight": 3}]

`token` is the token itself, or a variable of the environment that holds it. `reference` and `operationName` may be given
too. Without FILE, a stranger asks for the policy's version.
"""

import argparse
import asyncio
import json
import math
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.measuring import raw
from benchmarks.sending import ANSWERED, Pace, Sender, Sent

_DEFAULT: Final = [{"query": "{ privacyPolicy { version } }"}]

_HEADERS: Final = {"purpose": "Access-Purpose", "reference": "Access-Reference"}

_ACCEPT: Final = "application/graphql-response+json"

_SHARES: Final = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99.9": 0.999, "most": 1.0}

out = Console()
err = Console(stderr=True)


def main(given: Sequence[str]) -> None:
    arguments = _arguments(given)
    parts = urlsplit(arguments.url)
    path = parts.path if parts.path not in ("", "/") else "/graphql"
    entries = json.loads(arguments.file.read_text("utf-8")) if arguments.file else _DEFAULT
    folder = arguments.file.parent if arguments.file else Path()
    requests = [each for entry in entries for each in _requests(entry, folder, path, parts.netloc)]
    pace = Pace(
        seconds=arguments.seconds, connections=arguments.connections, rate=arguments.rate, give_up=arguments.give_up
    )
    try:
        sent = drive(arguments.url, requests, pace, shown=not arguments.json)
    except OSError as error:
        raise SystemExit(f"{arguments.url} cannot be reached: {error.strerror}") from None
    if arguments.json:
        sys.stdout.write(json.dumps(as_json(sent)) + "\n")
    else:
        _print(sent, pace)


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks load", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", help="of the gateway, like http://127.0.0.1:8000")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rate", type=float, help="requests a second, whatever the gateway does (open loop)")
    parser.add_argument(
        "--give-up", type=float, default=math.inf, help="seconds a request of an open loop waits for a free connection"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args(given)


def _requests(entry: Mapping[str, Any], folder: Path, path: str, host: str) -> Iterable[bytes]:
    """One entry as it goes over the wire, as often as its weight says."""
    query = (folder / entry["file"]).read_text("utf-8") if "file" in entry else entry["query"]
    body = {"query": query} | {name: entry[name] for name in ("variables", "operationName") if name in entry}
    headers = {"Host": host, "Accept": _ACCEPT}
    headers |= {header: entry[name] for name, header in _HEADERS.items() if name in entry}
    if token := entry.get("token"):
        if token.startswith("$") and token[1:] not in os.environ:
            raise SystemExit(f"there is no {token[1:]} in the environment")
        headers["Authorization"] = f"Bearer {os.environ[token[1:]] if token.startswith('$') else token}"
    return [raw(path, headers, body)] * entry.get("weight", 1)


def drive(address: str, requests: Sequence[bytes], pace: Pace, *, shown: bool) -> Sent:
    """Sends the requests, with a progress bar on standard error if that is wanted. Raises `OSError`."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[speed]}"))
    with Progress(*columns, console=err, disable=not shown) as progress:
        task = progress.add_task("sending", total=pace.seconds, speed="")

        def report(seconds: float, count: int) -> None:
            progress.update(task, completed=seconds, speed=f"{count / seconds:,.0f} a second")

        async def send() -> Sent:
            return await Sender(address, requests, pace).send_all(report)

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(send())


def as_json(sent: Sent) -> Mapping[str, Any]:
    """The figures by name; times in milliseconds."""
    return {
        "seconds": sent.seconds,
        "answered_per_second": sent.answered_per_second,
        "answered_within_a_second": sent.answered_within(1.0),
        "ended": sent.ended,
        "milliseconds": {name: 1000 * sent.percentile(share) for name, share in _SHARES.items()},
        "requests": {code: len(took) for code, took in sorted(sent.took.items())},
        "unsent": sent.unsent,
    }


def _print(sent: Sent, pace: Pace) -> None:
    loop = f"{pace.rate:,g} requests a second were due" if pace.rate else f"{pace.connections:,} connections"
    out.print(f"{loop}; {sent.answered_per_second:,.1f} were answered a second", highlight=False)
    table = Table("outcome", "requests", *_SHARES)
    for code, took in sorted(sent.took.items(), key=lambda each: (each[0] != ANSWERED, each[0])):
        times = (f"{1000 * sent.percentile(share, code):,.1f} ms" for share in _SHARES.values())
        table.add_row(code, f"{len(took):,}", *times)
    out.print(table)
    if sent.unsent:
        out.print(f"{sent.unsent:,} more were due and found no free connection", highlight=False)
