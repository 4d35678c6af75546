"""The page on adopting a database is run as it stands: each command, each change of a file, the question and its answer."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from gateway.demo import embedded
from gateway.demo.development import ISSUER, DevelopmentKey
from gateway.identity.claims_map import read_claims_map
from schema import conditions
from schema.requester import Party, Purpose, Role
from tests.conftest import SECRET, Databases, PostgreSQL, run
from tests.gateway.cli.test_serving import free_port
from tests.house.test_documents import BLOCK, ROOT, cells, table, text_of, ticked

PAGE = ROOT / "docs" / "adopt.md"
OWNER = "postgresql://owner@db/market"
"""The URL that the page's commands have."""

LOGIN = "shop_login"
_DROP = f"do $$ begin if to_regrole('{LOGIN}') is not null then drop role {LOGIN}; end if; end $$"
VEIL = [sys.executable, "-c", "from gateway.cli.main import main; main()"]


@dataclass(slots=True, kw_only=True)
class Reader:
    """Somebody who does what the page says, in a directory of their own."""

    directory: Path
    url: str
    environment: dict[str, str] = field(default_factory=dict[str, str])
    printed: str = ""
    """What the last commands printed."""
    refused: bool = False
    """Whether one of them was refused, and the page does not show so."""

    def veil(self, *words: str) -> str:
        ended = subprocess.run(
            [*VEIL, *words], cwd=self.directory, env=self._environment(), capture_output=True, text=True, check=False
        )
        self.refused |= ended.returncode != 0
        return ended.stdout + ended.stderr

    def serve(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen([*VEIL, "serve", *words], cwd=self.directory, env=self._environment(), text=True)

    def do(self, language: str, text: str) -> None:
        """What a block of the page says."""
        match language:
            case "sh":
                self._run(text)
            case "sql":
                self._ask(text)
            case "diff":
                self._change(text)
            case "toml":
                policy = self.directory / "shop" / "policies" / "first.toml"
                policy.write_text(f"{policy.read_text('utf-8')}\n{text}", "utf-8")
            case "text":
                self.refused = False
                assert self.printed == text.replace("shop/entities/", f"{self.directory}/shop/entities/")
            case _:
                pass

    def _environment(self) -> Mapping[str, str]:
        return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "200", **self.environment}

    def _run(self, text: str) -> None:
        assert not self.refused, self.printed
        self.printed = ""
        for line in text.splitlines():
            program, *words = line.replace(OWNER, self.url).split()
            if program == "export":
                name, _, value = words[0].partition("=")
                self.environment[name] = value
            else:
                assert program == "veil"
                self.printed += self.veil(*words)

    def _ask(self, text: str) -> None:
        run(self.url, lambda connection: connection.execute(text))

    def _change(self, text: str) -> None:
        """A file's lines that begin with a minus give way to those that begin with a plus."""
        for part in text.split("--- a/")[1:]:
            lines = part.splitlines()
            file = self.directory / lines[0]
            (old,) = (line[1:] for line in lines[2:] if line.startswith("-"))
            (new,) = (line[1:] for line in lines[2:] if line.startswith("+"))
            content = file.read_text("utf-8")
            assert content.count(old) == 1
            file.write_text(content.replace(old, new), "utf-8")


def blocks() -> Iterator[tuple[str, str]]:
    """The blocks of the worked example, each with its language."""
    example = text_of(PAGE).partition("## When the database changes")[0]
    yield from ((language, text) for _, language, text in BLOCK.findall(example))


@pytest.fixture
def reader(databases: Databases, tmp_path: Path) -> Generator[Reader]:
    url = databases.make("template0")
    yield Reader(directory=tmp_path.resolve(), url=url)
    run(url, lambda connection: connection.execute(_DROP))
    databases.drop(url)


def test_the_example_leads_from_a_database_to_a_masked_recorded_answer(reader: Reader) -> None:
    asked, answered, recorded = "", {}, ""
    for language, text in blocks():
        if language == "sql" and text.startswith("select"):
            recorded = text
        else:
            reader.do(language, text)
        if language == "graphql":
            asked = text
        if language == "json":
            answered = json.loads(text)
    assert not reader.refused, reader.printed
    with served(reader) as (address, key):
        assert ask(address, key, asked) == answered
    rows = run(reader.url, lambda connection: connection.fetch(recorded))
    shown = [cells(row) for row in table(PAGE, "| role | purpose | policy | outcome | subject_count |")]
    assert [[str(value) for value in row.values()] for row in rows] == shown
    assert reader.veil("adopt", "--database", reader.url, "--into", "shop") == "the package has what the database has\n"


@contextmanager
def served(reader: Reader) -> Generator[tuple[str, DevelopmentKey]]:
    """A gateway over the package, as the login, once it is ready."""
    key = DevelopmentKey.in_directory(reader.directory / "keys")
    published = reader.directory / "keys.json"
    published.write_text(json.dumps(key.key_set()), "utf-8")
    reader.environment |= {
        "VEIL_DATABASE": re.sub(r"//[^@]*@", f"//{LOGIN}:chosen%20by%20you@", reader.url),
        "VEIL_KEYS": str(published),
        "VEIL_ISSUER": ISSUER,
        "VEIL_SECRET": SECRET,
    }
    port = free_port()
    process = reader.serve("--port", str(port))
    try:
        yield f"http://127.0.0.1:{port}", key
    finally:
        process.terminate()
        process.communicate()


class Staff(Role):
    STAFF = "STAFF", Party.OWN


class Serving(Purpose):
    ACCOUNT_SERVICE = "account_service"


def until_ready(client: httpx.Client, address: str) -> None:
    end = time.monotonic() + 60
    while client.get(f"{address}/health/ready").status_code != 200:
        assert time.monotonic() < end, "the gateway is not ready"
        time.sleep(0.2)


def ask(address: str, key: DevelopmentKey, query: str) -> Any:
    token = key.sign(Staff.STAFF, [Serving.ACCOUNT_SERVICE], now=time.time())
    headers = {"Authorization": f"Bearer {token}", "Access-Purpose": "account_service"}
    with httpx.Client(transport=httpx.HTTPTransport(retries=30), timeout=30) as client:
        until_ready(client, address)
        answer = client.post(f"{address}/graphql", json={"query": query}, headers=headers).json()
    assert "errors" not in answer, answer
    return answer["data"]


def test_the_page_has_each_form_of_condition_and_each_restriction() -> None:
    forms = [ticked(cells(row)[0])[0] for row in table(PAGE, "| form | reads | while there is no such row, or null |")]
    assert sorted(forms) == sorted(each.__name__ for each in get_args(conditions.ConditionDeclaration))
    head = "| restriction | reads | null, or a word that nobody knows |"
    named = [name for row in table(PAGE, head) for name in ticked(cells(row)[0])]
    everything = (*get_args(conditions.Restriction), conditions.NamesPurpose, conditions.NamesCategory)
    assert sorted(named) == sorted(each.__name__ for each in everything)


def test_each_claims_map_of_the_page_can_be_set() -> None:
    maps = [ticked(cells(row)[-1])[0] for row in table(PAGE, "| issuer | where the claims come from | `VEIL_CLAIMS` |")]
    assert [len(read_claims_map(each).paths) for each in maps] == [each.count("=") for each in maps]


def test_the_log_is_silenced_for_a_login_as_the_embedded_server_silences_its_own() -> None:
    settings = dict(re.findall(rf"alter role {LOGIN} set (\w+) = '?([\w-]+)'?;", text_of(PAGE)))
    assert settings == embedded.LOG_SETTINGS


_LOUD = """
    alter database {0} set log_statement = 'all'; alter database {0} set log_min_error_statement = 'error';
    alter database {0} set log_min_messages = 'warning'; alter database {0} set log_error_verbosity = 'verbose'
"""


def test_only_what_this_login_does_is_left_out_of_the_log(postgresql: PostgreSQL, databases: Databases) -> None:
    if postgresql.log is None:
        pytest.skip("the log of a server that others started is not to be read")
    url = databases.make("template0")
    silence = next(text for language, text in BLOCK_OF_PAGE if language == "sql" and text.startswith("alter role"))
    logins = "".join(f"create role {login} login password 'x';" for login in (LOGIN, "shop_worker"))
    name = urlsplit(url).path[1:]
    run(url, lambda connection: connection.execute(f"{logins} {silence} {_LOUD.format(name)}"))
    for login in (LOGIN, "shop_worker"):
        with pytest.raises(asyncpg.InvalidTextRepresentationError):
            run(
                re.sub(r"//[^@]*@", f"//{login}:x@", url),
                lambda connection, login=login: connection.fetchval(f"select 'a value of {login}'::integer"),
            )
    run(url, lambda connection: connection.execute(f"drop role {LOGIN}; drop role shop_worker"))
    databases.drop(url)
    logged = postgresql.log.read_text("utf-8")
    assert "a value of shop_worker" in logged
    assert f"a value of {LOGIN}" not in logged


BLOCK_OF_PAGE = [(language, text) for _, language, text in BLOCK.findall(text_of(PAGE))]
