"""The documents are true: what they say is compared with the code, and what they show is run."""

import ast
import json
import re
import shlex
import tomllib
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

import httpx
import pytest
import typer
from pydantic.fields import FieldInfo

from gateway.cli.main import veil
from gateway.database import migration
from gateway.demo import embedded, personas
from gateway.demo.development import DevelopmentKey
from gateway.demo.sample import marketplace
from gateway.http.console import Persona
from gateway.identity.claims_map import read_claims_map
from gateway.settings import DEFAULT_LIMITS, PREFIX, Settings
from gateway.telemetry.metrics import prometheus_text
from gateway.telemetry.spans import Stage
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file
from schema.policy.grants import Policy
from schema.refusals import Code
from tests.conftest import Databases, Serving, run, settings_for, silent

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
OPERATIONS = ROOT / "docs" / "operations.md"
LOG = ROOT / "docs" / "log.md"
POLICY_PAGE = ROOT / "docs" / "policy.md"
PAGES = sorted((ROOT / "docs").glob("*.md"))
DOCUMENTS = (*sorted(ROOT.glob("*.md")), *PAGES)

LONGEST_SENTENCE = 25
"""Words."""

DEMO_MEMBERS, DEMO_SEED = 1_000, 1
"""What `veil demo` makes by default."""

BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
GENERATED = re.compile(r"<!-- \w+ -->.*?<!-- end -->", re.DOTALL)
"""What the benchmarks write into a page."""
LINK = re.compile(r"\[[^\]]+\]\(([^)#]+)\)")
POLICY_ID = re.compile(r"\b(?:[CUDBKMSVAF][1-9]\d?|G[1-9]\d?[a-z]?)\b")
CLI: Any = typer.main.get_command(veil)


def text_of(document: Path) -> str:
    return document.read_text("utf-8")


def blocks(document: Path, language: str) -> list[str]:
    return [block[2] for block in BLOCK.findall(text_of(document)) if block[1] == language]


def sentences(document: Path) -> Iterator[str]:
    """The sentences of paragraphs, list items and table cells; code is one word, and a link is its text."""
    prose = GENERATED.sub("", BLOCK.sub("", text_of(document)))
    prose = re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", re.sub(r"(?:`[^`]+`\s*)+", "code ", prose))
    for part in re.split(r"\n\s*\n|\n\s*(?=[-*] |\d+\. |\||#)|\|", prose):
        yield from re.split(r"(?<=[.!?:;])\s+", part.strip())


def table(document: Path, head: str) -> list[str]:
    """The rows of every table whose head this is."""
    lines = text_of(document).splitlines()
    starts = [position + 2 for position, line in enumerate(lines) if line == head]
    assert starts, f"{document.name} has no table with the head {head}"
    return [row for start in starts for row in _rows(lines[start:])]


def _rows(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield line


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def ticked(cell: str) -> list[str]:
    """What a cell has in backticks."""
    return re.findall(r"`([^`]+)`", cell)


# Tables.


def test_the_settings_table_is_that_of_the_settings() -> None:
    """Name, default and meaning of each, in their order."""
    assert table(README, "| setting | default | meaning |") == [
        f"| `{PREFIX}{name.upper()}` | {_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    return "none" if field.default is None else f"`{field.default}`"


def test_each_claims_map_of_the_readme_can_be_set() -> None:
    maps = [ticked(row)[0] for row in table(README, "| issuer | `VEIL_CLAIMS` |")]
    assert [len(read_claims_map(each).paths) for each in maps] == [each.count("=") for each in maps]


def test_the_reasons_of_the_operations_page_are_what_the_gateway_says() -> None:
    """Each is a text of the code, word for word but for its placeholders."""
    reasons = [cells(row)[0] for row in table(OPERATIONS, "| reason | what to do |")]
    said = [pattern for file in (ROOT / "gateway").rglob("*.py") for pattern in texts_in(file)]
    assert [each for each in reasons if not any(re.fullmatch(pattern, each) for pattern in said)] == []


def texts_in(file: Path) -> Iterator[str]:
    """A pattern for each text of a module. A placeholder is one word, and the end of a line is no part of it."""
    for node in ast.walk(ast.parse(text_of(file))):
        if isinstance(node, ast.JoinedStr):
            parts = node.values
            yield "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value.removeprefix("not ready: ").removesuffix("\n"))


def test_the_metrics_of_the_operations_page_are_those_of_the_gateway() -> None:
    metrics = prometheus_text([]).decode()
    named = [ticked(row)[0] for row in table(OPERATIONS, "| metric | meaning |")]
    assert named == re.findall(r"^# TYPE (\w+)", metrics, re.MULTILINE)


def test_the_table_of_refusals_has_every_code() -> None:
    """Code, status and meaning, in their order."""
    assert table(README, "| code | status | meaning |") == [
        f"| `{code.name}` | {code.status} | {code.meaning} |" for code in Code
    ]


def test_the_stages_are_where_the_architecture_says_and_refuse_with_what_it_says() -> None:
    """Each row names a function that is there; a file's rows have the codes it refuses with; no code is without a row."""
    refusals: dict[str, set[str]] = {}
    for row in table(ARCHITECTURE, "| stage | where | from → to | codes it may refuse with |"):
        stage, where, _, codes = cells(row)
        file, function = ticked(where)
        assert function in defined(ROOT / file), f"{stage}: {file} has no {function}"
        refusals.setdefault(file, set()).update(ticked(codes))
    assert refusals == {file: codes_in(ROOT / file) for file in refusals}
    assert set().union(*refusals.values()) == {code.name for code in Code}


def test_the_spans_are_the_stages_of_the_table_in_its_order() -> None:
    """`compile` is the span of the stages from parse to bind; `Compiler.compile` joins them."""
    stages = [cells(row)[0] for row in table(ARCHITECTURE, "| stage | where | from → to | codes it may refuse with |")]
    compiled = ["parse", "coerce", "select", "plan", "render", "bind"]
    assert [stage for stage in stages if stage not in compiled] == [
        each for each in get_args(Stage) if each != "compile"
    ]
    begun = re.findall(r'enter_stage\("(\w+)"', text_of(ROOT / "gateway" / "pipeline.py"))
    assert set(begun) == set(get_args(Stage))


def defined(file: Path) -> set[str]:
    """The functions of a module, and the methods of its classes with the class before them."""
    names: set[str] = set()
    for node in ast.parse(text_of(file)).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
            names.update(f"{node.name}.{each.name}" for each in methods)
    return names


def codes_in(file: Path) -> set[str]:
    """What a stage refuses with. That `respond` gives some codes a header of their own is no refusal."""
    # Planning is one stage in a folder of its own.
    files = sorted(file.parent.glob("*.py")) if file.parent.name == "planning" else [file]
    texts = "".join(text_of(each) for each in files)
    return set() if file.stem == "response" else set(re.findall(r"\bCode\.([A-Z_]+)", texts))


@pytest.mark.parametrize("relation", ["access_record", "access_plan"])
def test_the_log_has_the_columns_that_are_described(market_url: str, relation: str) -> None:
    """Every column of the two tables."""
    query = """
        select attname from pg_attribute
        where attrelid = ('veil.' || $1)::regclass and attnum > 0 and not attisdropped"""
    stored = [row[0] for row in run(market_url, lambda connection: connection.fetch(query, relation))]
    described = [ticked(row)[0] for row in table(LOG, "| column | holds |")]
    start = described.index("id", 1 if relation == "access_plan" else 0)
    assert sorted(described[start : start + len(stored)]) == sorted(stored)


# Names.


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    """A relative link is the path of a file or folder."""
    links = [link for link in LINK.findall(text_of(document)) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_clause_and_grant_a_document_names_is_the_policys(document: Path, policy: Policy) -> None:
    """`U4` or `G3b` in the prose is the id of a clause or grant."""
    prose = BLOCK.sub("", text_of(document))
    grants = {grant.id for granted in policy.grants.values() for grant in granted}
    assert set(POLICY_ID.findall(prose)) - set(policy.clauses) - grants == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_file_a_document_names_is_there(document: Path) -> None:
    """A path in backticks, from the root."""
    named = [
        name for name in ticked(BLOCK.sub("", text_of(document))) if re.fullmatch(r"[\w/]+\.(py|toml|md|sql)", name)
    ]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_command_in_the_readme_can_be_given() -> None:
    """The command, its options and the names its arguments must choose from; for `make`, the target."""
    commands = [line for block in blocks(README, "sh") for line in block.splitlines()]
    commands += [name for name in ticked(BLOCK.sub("", text_of(README))) if name.startswith(("veil ", "make "))]
    assert len(commands) > 5
    for command in commands:
        program, *words = shlex.split(command, comments=True)
        if program == "make":
            assert re.search(rf"^{words[0]}:", text_of(ROOT / "Makefile"), re.MULTILINE), command
        else:
            assert program == "veil"
            parsed(CLI, words)


def parsed(command: Any, words: Sequence[str]) -> None:
    """Raises a usage error where the command line would."""
    while hasattr(command, "commands"):
        command, words = command.commands[words[0]], words[1:]
    if words:
        command.make_context(command.name, list(words))
    else:
        assert callable(command.callback)


def test_every_command_of_the_log_s_page_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEIL_DATABASE", "postgresql://owner@db/market")
    commands = [line for block in blocks(LOG, "sh") for line in block.splitlines()]
    assert len(commands) > 5
    for command in commands:
        program, *words = shlex.split(command, comments=True)
        assert program == "veil"
        parsed(CLI, words)


def test_the_readme_leads_to_every_page() -> None:
    links = {(ROOT / link).resolve() for link in LINK.findall(text_of(README)) if "://" not in link}
    assert {page.name for page in DOCUMENTS if page not in links} == {README.name}


def test_the_rooms_are_in_the_layers_that_the_architecture_draws() -> None:
    """The top layers of each package, as the import linter has them."""
    drawn: dict[str, list[set[str]]] = {}
    (drawing,) = (block for block in blocks(ARCHITECTURE, "text") if block.startswith("gateway     cli"))
    for layers in drawing.strip().split("\n\n"):
        package = layers.split()[0]
        drawn[package] = [set(line.split(" : ")) for line in map(str.strip, layers.removeprefix(package).splitlines())]
    contracts = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    held = {each["containers"][0]: each["layers"] for each in contracts if "containers" in each}
    assert drawn == {package: [set(layer.split(" : ")) for layer in held[package]] for package in drawn}


def test_nobody_asks_for_a_decision_but_those_the_architecture_names() -> None:
    """The modules that import `decide`, and so may call it."""
    named = re.search(r"Its only callers\s+are\s+(`[^`]+`)\s+and\s+(`[^`]+`)", text_of(ARCHITECTURE))
    assert named
    callers = {
        file.relative_to(ROOT).as_posix()
        for package in ("gateway", "resolvers", "schema")
        for file in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(text_of(file)))
        if isinstance(node, ast.ImportFrom) and "decide" in [alias.name for alias in node.names]
    }
    assert callers == {name.strip("`") for name in named.groups()}


# English.


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_no_sentence_is_too_long(document: Path) -> None:
    words = {sentence: len(re.findall(r"\S*\w\S*", sentence)) for sentence in sentences(document)}
    assert [sentence for sentence, count in words.items() if count > LONGEST_SENTENCE] == []


# Answers.


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The marketplace of `veil demo`, served."""

    address: str
    cast: Mapping[str, Persona]

    def answer(self, persona: str, purpose: str, query: str) -> dict[str, Any]:
        token = self.cast[persona].token
        headers = {"Access-Purpose": purpose} | ({"Authorization": f"Bearer {token}"} if token else {})
        return httpx.post(f"{self.address}/graphql", json={"query": query}, headers=headers, timeout=30).json()


@pytest.fixture(scope="module")
def policy(catalog: Catalog) -> Policy:
    return policy_file.load_policy(catalog.marketplace.first_policy, catalog)


@pytest.fixture(scope="module")
def demo(databases: Databases, key: DevelopmentKey, key_file: Path, policy: Policy) -> Generator[Demo]:
    url = databases.make("empty_market")
    work = {"members": DEMO_MEMBERS, "seed": DEMO_SEED, "progress": silent}
    run(url, lambda connection: marketplace.seed(connection, **cast("Any", work)))
    everybody = {persona.name: persona for persona in personas.personas(key, policy)}
    with Serving(settings_for(url, key_file)) as address:
        yield Demo(address=address, cast=everybody)
    databases.drop(url)


def shown_answers() -> list[tuple[str, str, Any]]:
    """(persona, purpose, the JSON shown) of the README."""
    found = re.findall(r"\*\*([^*]+)\*\*, for `(\w+)`.*?```json\n(.*?)```", text_of(README), re.DOTALL)
    return [(persona, purpose, json.loads(shown)) for persona, purpose, shown in found]


@pytest.mark.parametrize(("persona", "purpose", "shown"), shown_answers(), ids=lambda value: str(value)[:20])
def test_the_readme_shows_what_a_persona_is_answered(demo: Demo, persona: str, purpose: str, shown: Any) -> None:
    """The members or, where it is refused, the errors; to the letter."""
    (query,) = blocks(README, "graphql")
    answer = demo.answer(persona, purpose, query)
    assert (answer["errors"] if "errors" in answer else answer["data"]["members"]["nodes"]) == shown


def test_the_readme_says_how_to_keep_a_database_s_own_log_quiet() -> None:
    """As the embedded one does."""
    log_settings = re.findall(r"`(log_\w+) = (\S+?)`", " ".join(text_of(README).split()))
    assert dict(log_settings) == embedded.LOG_SETTINGS


def test_the_readme_shows_the_extensions_of_customer_care_s_answer(demo: Demo) -> None:
    """The version, an id, and the treatments of the question above."""
    (query,) = blocks(README, "graphql")
    (shown,) = (json.loads(block) for block in blocks(README, "json") if '"treatments"' in block)
    privacy = demo.answer("Customer care", "account_service", query)["extensions"]["privacy"]
    assert {**privacy, "record": shown["record"]} == shown


def test_the_architecture_shows_a_statement_that_veil_makes(catalog: Catalog, policy: Policy) -> None:
    """That of the query above it, but for where its lines break."""
    (shown,) = blocks(ARCHITECTURE, "sql")
    asked = re.search(r"`(query \w+ \{[^`]+)`", text_of(ARCHITECTURE))
    assert asked
    request = Request(document=asked[1], operation_name=None, variables={})
    made = Compiler(catalog, policy, DEFAULT_LIMITS).compiled(request, Roles.SERVICE_PROVIDER, Purposes.ACCOUNT_SERVICE)
    assert in_one_line(shown) == in_one_line(made.statement.sql), made.statement.sql


def in_one_line(statement: str) -> str:
    """Without breaks, and without the spaces that stand inside brackets only because of them."""
    return re.sub(r"(?<=\() | (?=\))", "", re.sub(r"\s+", " ", statement)).strip()


def test_the_log_can_be_asked_as_its_page_shows(market_url: str) -> None:
    """Each question is SQL that runs."""
    questions = blocks(LOG, "sql")
    assert questions
    for question in questions:
        run(market_url, lambda connection, question=question: connection.fetch(question))


def test_views_over_tables_of_ones_own_are_read_as_the_readme_says(
    own_market_url: str, key_file: Path, catalog: Catalog
) -> None:
    """A table is replaced by a view over another schema, `veil migrate` is run again, a login made, and it answers."""
    view, login = blocks(README, "sql")
    parties = """
        create schema registry;
        create table registry.parties (number bigint primary key, title text, kind text, country text);
        insert into registry.parties values (1, 'Our own registry', 'MARKETPLACE', 'HK')"""

    async def replaced(connection: Any) -> None:
        await connection.execute(parties)
        await connection.execute(view)
        await connection.execute(login)
        await migration.migrate(connection, catalog)

    run(own_market_url, replaced)
    with Serving(settings_for(own_market_url, key_file)) as address:
        answer = httpx.post(f"{address}/graphql", json={"query": "{ organisations { nodes { name } } }"}).json()
    run(own_market_url, lambda connection: connection.execute("drop role veil_login"))
    assert answer["data"] == {"organisations": {"nodes": [{"name": "Our own registry"}]}}
