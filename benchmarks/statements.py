"""Veil's own statement by itself: run by `pgbench`, with nothing but PostgreSQL behind it.

Prepared once a connection, in a session like the gateway's, with the parameters of one call; only the record's id is made by
the database, and the order asked for is another each time where a workload goes through many.
"""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from benchmarks.inside import Inside
from benchmarks.markets import EVERY, Market
from benchmarks.measuring import Measured
from benchmarks.personas import OPERATOR
from benchmarks.places import cpu
from benchmarks.workloads import PAGE, POINT
from gateway.database.opening import Use
from gateway.database.session import session_settings
from gateway.demo import embedded
from resolvers.planning.parameters import IdParameter
from resolvers.sql.call import STANDARD_COLUMNS
from resolvers.sql.render import Statement

_ENDED_WITHIN = 0.2
"""Seconds until PostgreSQL's processes for `pgbench` have ended, and count as their parent's."""

_PARAMETER = re.compile(r"\$(\d+)::")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What `pgbench` runs: a script, and the values of its variables."""

    text: str
    variables: Mapping[str, str]


def script(inside: Inside, market: Market, name: str) -> Script:
    """The statement of a workload, as the operator asks it."""
    document, variables = {"point": (POINT, {"id": "Order:1"}), "page": (PAGE, {})}[name]
    requester = inside.requester(OPERATOR)
    call = inside.call(OPERATOR, document, variables)
    row = call.arguments(requester)
    given = {number: _array(value) for number, value in enumerate(row, 1)}
    orders = [
        number for number, parameter in _parameters(inside) if name == "point" and isinstance(parameter, IdParameter)
    ]
    return _script(call.statement, given, orders, market)


def _parameters(inside: Inside) -> Sequence[tuple[int, object]]:
    """The point's own parameters by their numbers."""
    request = inside.compiled(OPERATOR, POINT, {"id": ""})
    return list(enumerate(request.parameters, len(STANDARD_COLUMNS) + 1))


def _script(statement: Statement, given: Mapping[int, str], orders: Sequence[int], market: Market) -> Script:
    def put(found: re.Match[str]) -> str:
        number = int(found[1])
        return "array[:chosen]::" if number in orders else f":p{number}::"

    body = _PARAMETER.sub(put, statement.sql)
    choosing = f"\\set chosen {EVERY} * random(1, {2 * market.members - 10})\n" if orders else ""
    return Script(
        text=f"{choosing}{body};\n",
        variables={f"p{number}": text for number, text in given.items() if number not in orders},
    )


def literals(row: Sequence[object]) -> Sequence[str]:
    """An array of each value, as a constant of SQL."""
    return ["'" + _array(value).replace("'", "''") + "'" for value in row]


def _array(value: object) -> str:
    """An array of one value, as PostgreSQL reads it."""
    match value:
        case None:
            return "{NULL}"
        case bytes():
            return '{"' + "\\\\x" + value.hex() + '"}'
        case _:
            return '{"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"}'


def run(script: Script, market: Market, database: int, *, connections: int, seconds: float) -> Measured:
    """One run of `pgbench`, in place of a server."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "statement.sql"
        file.write_text(script.text)
        variables = [f"-D{name}={text}" for name, text in script.variables.items()]
        command = [str(_pgbench()), "-n", "-Mprepared", f"-c{connections}", "-j1", f"-T{max(1, round(seconds))}"]
        before = cpu(database)
        ran = subprocess.run(
            [*command, "-l", f"--log-prefix={folder}/took", f"-f{file}", *variables],
            env=_environment(market),
            capture_output=True,
            text=True,
            check=False,
        )
        time.sleep(_ENDED_WITHIN)
        after = cpu(database)
        if ran.returncode:
            raise SystemExit(f"pgbench did not finish: {ran.stderr}")
        took = sorted(_latencies(Path(folder)))
    return Measured(
        per_second=float(ran.stdout.rpartition("tps = ")[2].split()[0]),
        p50=took[len(took) // 2],
        p99=took[len(took) * 99 // 100],
        server=None,
        database=(after - before) / len(took) * 1e6,
        memory=None,
    )


def _latencies(folder: Path) -> Sequence[float]:
    """Microseconds of each run of the statement: the third field of each line."""
    lines = (line for log in folder.glob("took*") for line in log.read_text().splitlines())
    return [float(line.split()[2]) for line in lines]


def _pgbench() -> Path:
    return embedded.programs() / "pgbench"


def _environment(market: Market) -> Mapping[str, str]:
    parts = urlsplit(market.gateway)
    host, port = (parse_qs(parts.query)[name][0] for name in ("host", "port"))
    options = " ".join(
        f"-c {name}={value.replace(' ', chr(92) + ' ')}"
        for name, value in session_settings(10, Use.READ, "marketplace").items()
    )
    return {
        "PATH": os.environ.get("PATH", ""),
        "PGHOST": host,
        "PGPORT": port,
        "PGUSER": parts.username or "",
        "PGPASSWORD": parts.password or "",
        "PGDATABASE": parts.path.lstrip("/"),
        "PGOPTIONS": options,
    }
