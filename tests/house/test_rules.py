"""The house rules that no linter knows, held against the code itself."""

import ast
import json
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ("gateway", "resolvers", "schema", "benchmarks")

SPINE = ROOT / "gateway" / "pipeline.py"
SCREEN = 140
"""Lines of the spine."""
STAGE = 20
"""Lines of its longest function."""

LONGEST_FILE = 500
LONGEST_FUNCTION = 50
LONGER: Mapping[str, str] = {
    "gateway/demo/sample/words.py": "words and nothing else",
    "gateway/demo/personas.py": "a cast and its lines, which are data",
    "gateway/demo/embedded.py": "the life of a server from its making to its end, which no reader can take in halves",
}
"""What is longer than it may be, and why."""

HANDS: Mapping[str, tuple[str, ...]] = {
    "asyncpg": (
        "gateway/database/opening.py",
        "gateway/database/session.py",
        "gateway/database/owner.py",
        "gateway/database/migration.py",
        "gateway/database/migration_files.py",
        "benchmarks/contenders/",
    ),
    "babel": ("gateway/pages/words.py",),
    "cryptography": ("gateway/log/signing.py", "gateway/log/veil_verify.py", "gateway/pages/sessions.py"),
    "graphql": ("resolvers/", "schema/"),
    "httptools": ("gateway/http/connection.py", "benchmarks/sending.py"),
    "httpx": ("gateway/identity/keys.py", "gateway/identity/issuer.py", "benchmarks/"),
    "jinja2": ("gateway/pages/rendering.py",),
    "joserfc": ("gateway/identity/keys.py", "gateway/demo/development.py"),
    "msgspec": (
        "gateway/http/request.py",
        "gateway/identity/authenticator.py",
        "gateway/exchange.py",
        "gateway/telemetry/lines.py",
        "gateway/telemetry/observation.py",
        "gateway/database/batches.py",
        "gateway/database/decisions.py",
        "gateway/http/response.py",
        "resolvers/front/document.py",
        "resolvers/compiler.py",
        "benchmarks/contenders/",
    ),
    "opendp": ("gateway/figures/noise.py",),
    "opentelemetry": ("gateway/telemetry/",),
    "prometheus_client": ("gateway/telemetry/metrics.py",),
    "pydantic": ("gateway/settings.py",),
    "strawberry": ("schema/", "benchmarks/contenders/"),
    "typer": ("gateway/cli/",),
    "uvicorn": ("gateway/http/connection.py", "gateway/cli/serving.py", "gateway/demo/serving.py", "benchmarks/"),
}
"""The rooms that may touch a library from outside. `commands` and the benchmarks work as the tables' owner."""

PIECES = "resolvers/sql/pieces.py"
"""The room that makes pieces of SQL."""

SQL_ROOMS = ("resolvers/sql/masking.py", "resolvers/sql/conditions.py", "resolvers/sql/rows.py")
"""The rooms that name columns of rows."""

COLUMNS_ELSEWHERE: Mapping[str, str] = {
    "resolvers/sql/reading.py:_subject_columns": "whose data a row is goes into the record, not into the answer",
    "resolvers/sql/changing.py:_subjects": "whose data a row is goes into the record, not into the answer",
    "resolvers/sql/render.py:_parts": "parts are listed in the order they are stored in",
    "resolvers/sql/pages.py:_column": "a page hands on the columns that `masking` has asked for",
    "resolvers/sql/borders.py:_lives_abroad": "countries are compared, and only whether one differs goes into the record",
    "resolvers/sql/preconditions.py:question_sql": "it asks of a row that is changed, and shows nothing of it",
    "resolvers/sql/preconditions.py:_are_there": "what a new row names must be there, which is all that is told of it",
    "resolvers/sql/call.py:suspended_sql": "it asks whether the call's organisation is suspended, which the requester is told",
    **dict.fromkeys(
        (
            *(
                f"resolvers/sql/destroying.py:{each}"
                for each in ("begun_sql", "_found", "_categories", "_rows", "_hold")
            ),
            *(f"resolvers/sql/destroying.py:{each}" for each in ("_held_by", "ended_sql")),
        ),
        "what is destroyed is found by its columns, and none of them is in an answer but the categories of a request",
    ),
    "resolvers/sql/changing.py:_is_member": "whoever asks must be there, which is all that is told of it",
    "resolvers/sql/sharing.py:made_values": "it names a value that `masking` has made, not a column of a table",
}
"""Where else a column is named, and why that shows none."""

SUPPRESSION = re.compile(r"#\s*(?:noqa|type:\s*ignore|pyright:\s*ignore|pragma)")
REASONED = re.compile(r"#\s*(?:noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*|(?:type|pyright): ?ignore\[[\w, -]+\]) [-–] \S+ \S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A Python file; `name` is its path from the root."""

    name: str
    text: str
    tree: ast.Module

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def imported(self) -> Iterator[str]:
        """The first names of the modules it imports."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.partition(".")[0]


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    files = (file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")))
    return tuple(
        Module(name=file.relative_to(ROOT).as_posix(), text=file.read_text("utf-8"), tree=ast.parse(file.read_bytes()))
        for file in files
        if "node_modules" not in file.parts
    )


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def test_the_spine_fits_one_screen() -> None:
    """`pipeline` can be read at once, and none of its functions does more than one thing."""
    (spine,) = (module for module in modules("gateway") if ROOT / module.name == SPINE)
    assert len(spine.text.splitlines()) <= SCREEN
    assert [each.name for each in spine.functions() if length(each) > STAGE] == []


def test_no_file_and_no_function_is_longer_than_a_reader_can_bear() -> None:
    """Those that are have a reason, and no reason outlives its need."""
    product = modules(*PRODUCT)
    files = {module.name for module in product if len(module.text.splitlines()) > LONGEST_FILE}
    functions = {
        f"{module.name}:{each.name}"
        for module in product
        for each in module.functions()
        if length(each) > LONGEST_FUNCTION
    }
    assert files | functions == set(LONGER)


def test_every_module_says_what_it_is() -> None:
    """A docstring heads each file of the product and of its tests that is not empty."""
    silent = [each.name for each in modules(*PRODUCT, "tests") if each.tree.body and not ast.get_docstring(each.tree)]
    assert silent == []


def test_a_package_has_a_map_and_no_code() -> None:
    """`__init__.py` is a docstring."""
    packages = [module for module in modules(*PRODUCT) if module.name.endswith("__init__.py")]
    assert packages
    assert [each.name for each in packages if len(each.tree.body) != 1 or not ast.get_docstring(each.tree)] == []


def test_every_suppression_states_its_reason() -> None:
    """Behind the code of what is suppressed stand a dash and why, or an invariant stands in the line above."""
    bare = [
        f"{module.name}:{line}: {comment}"
        for module in modules(*PRODUCT, "tests")
        for line, comment, above in comments(module)
        if SUPPRESSION.search(comment) and not REASONED.search(comment) and "# Invariant:" not in above
    ]
    assert bare == []


def comments(module: Module) -> Iterator[tuple[int, str, str]]:
    """Each comment with its line's number and the line above."""
    lines = module.text.splitlines(keepends=True)
    for token in tokenize.generate_tokens(iter(lines).__next__):
        if token.type == tokenize.COMMENT:
            line = token.start[0]
            yield line, token.string, lines[line - 2] if line > 1 else ""


@pytest.mark.parametrize("library", HANDS)
def test_a_library_from_outside_has_its_own_hand(library: str) -> None:
    """Only the rooms meant for it import it."""
    strangers = [
        module.name
        for module in modules(*PRODUCT)
        if library in module.imported() and not module.name.startswith(HANDS[library])
    ]
    assert strangers == []


def test_only_the_rooms_meant_for_it_name_a_column_of_a_row() -> None:
    """In SQL a column is `name(alias, column)`: written by `masking`, `conditions` and `rows`, and elsewhere with a reason."""
    elsewhere = {
        f"{module.name}:{function.name}"
        for module in modules("resolvers")
        if module.name not in SQL_ROOMS
        for function in module.functions()
        if any(names_a_column(node) for node in ast.walk(function))
    }
    assert elsewhere == set(COLUMNS_ELSEWHERE)


def names_a_column(node: ast.AST) -> bool:
    """Whether it qualifies a name that is not written out: `name(row.alias, column)`, but not `name(alias, "json")`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "name"
        and len(node.args) > 1
        and not isinstance(node.args[-1], ast.Constant)
    )


def test_only_visibility_and_the_comparison_of_versions_ask_decide() -> None:
    """And only the compiler's planning and the view ask visibility, and who tells whom a field is shown."""
    for decision in ("decide", "permit"):
        assert importers("schema.policy.grants", decision) == {"schema/visibility.py", "schema/policy/changes.py"}
    assert importers("schema.policy.grants", "permit_whole") == {"schema/visibility.py"}
    assert importers("schema.visibility", "Visibility") == {
        "schema/view.py",
        "resolvers/audience.py",
        "resolvers/compiler.py",
        "resolvers/planning/changing.py",
        "resolvers/planning/context.py",
        "resolvers/planning/planner.py",
    }


def importers(module: str, imported: str) -> set[str]:
    """The modules of the product that import a name, or all of its module."""
    return {
        each.name
        for each in modules("gateway", "resolvers", "schema")
        for node in ast.walk(each.tree)
        if (isinstance(node, ast.ImportFrom) and node.module == module and imported in [one.name for one in node.names])
        or (isinstance(node, ast.Import) and module in [one.name for one in node.names])
    }


def test_no_text_made_up_at_run_time_becomes_sql() -> None:
    """Neither an f-string nor `%`, `+` or `format` stands where SQL is made or run."""
    makers = ("sql", "Sql", "execute", "fetch", "fetchrow", "fetchval", "prepare")
    made_up = [
        f"{module.name}:{node.lineno}"
        for module in modules("gateway", "resolvers", "schema")
        if module.name != PIECES  # where constants are quoted
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and called(node) in makers and node.args and is_made_up(node.args[0])
    ]
    assert made_up == []


def called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def is_made_up(node: ast.expr) -> bool:
    match node:
        case ast.Call():
            return called(node) == "format"
        case ast.IfExp(body=one, orelse=other):
            return is_made_up(one) or is_made_up(other)
        case ast.BinOp(left=one, right=other):
            return not (is_written_out(one) and is_written_out(other))
        case _:
            return isinstance(node, ast.JoinedStr)


def is_written_out(node: ast.expr) -> bool:
    match node:
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            return is_written_out(one) and is_written_out(other)
        case _:
            return isinstance(node, ast.Constant)


def test_only_pieces_makes_a_piece_of_sql() -> None:
    """All other modules go by `sql`, `name`, `constant` and the like, so that each piece knows what it holds."""
    makers = {
        module.name
        for module in modules(*PRODUCT, "tests")
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Call) and called(node) == "Sql") or (isinstance(node, ast.Name) and node.id == "_Text")
    }
    assert makers == {PIECES}


def test_the_requesters_key_is_written_out_nowhere() -> None:
    """A statement is given the key if it holds the piece `KEY`; a template that spelt it would go without."""
    written = [
        f"{module.name}:{node.lineno}"
        for module in modules("resolvers")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "call.key" in node.value
    ]
    assert written == []


def test_the_type_checker_takes_no_made_up_text_for_sql(tmp_path: Path) -> None:
    """`sql` and `join` take a literal and names; nothing else makes a piece. The type checker refuses the rest."""
    snippet = tmp_path / "snippet.py"
    snippet.write_text(
        "from resolvers.sql.pieces import Sql, join, name, sql\n"
        "def written(value: str) -> None:\n"
        '    sql("select {}", name("member"))\n'
        '    sql(f"select {value}")\n'
        '    sql("select " + value)\n'
        '    sql("select {}", value)\n'
        '    join(value, [name("member")])\n'
        "    Sql(value)\n"
        '    Sql("select")\n'
    )
    command = [sys.executable, "-m", "basedpyright", "--outputjson", str(snippet)]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found: list[dict[str, Any]] = json.loads(checked.stdout)["generalDiagnostics"]
    assert [(each["rule"], each["range"]["start"]["line"] + 1) for each in found] == [
        ("reportArgumentType", line) for line in (4, 5, 6, 7, 8, 9)
    ]


def test_no_two_members_of_an_enum_are_one() -> None:
    """Members of equal values are one member under two names: each value is plain and written once."""
    shared = [
        f"{module.name}:{each.name}"
        for module in modules("gateway", "resolvers", "schema")
        for each in ast.walk(module.tree)
        if isinstance(each, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in each.bases)
        if not are_distinguished([node.value for node in each.body if isinstance(node, ast.Assign)])
    ]
    assert shared == []


def are_distinguished(values: Sequence[ast.expr]) -> bool:
    written = [ast.unparse(value) for value in values if ast.unparse(value) != "enum.auto()"]
    return len(set(written)) == len(written) and not any(isinstance(value, ast.Tuple) for value in values)


def test_linting_runs_every_checker_and_testing_runs_linting() -> None:
    """`make lint` has them all, and nobody can run `make test` around it."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    lint = re.search(r"^lint:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert lint
    for checker in ("ruff check", "ruff format --check", "lint-imports", "basedpyright"):
        assert checker in lint[1]
    assert re.search(r"^test:.*\blint\b", makefile, re.MULTILINE)


UNLAYERED = {"gateway.demo.sample", "schema.marketplace", "schema.marketplace.entities"}
"""Packages whose files are alike and need no order."""


def test_every_file_has_its_layer() -> None:
    """The import linter lists each room exhaustively, so that no new file is left out."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    exhaustive = {container for each in contracts if each.get("exhaustive") for container in each["containers"]}
    packages = {
        package.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for folder in ("gateway", "resolvers", "schema")
        for package in (ROOT / folder).rglob("__init__.py")
    }
    assert packages - exhaustive == UNLAYERED


def test_no_public_name_is_defined_in_two_modules() -> None:
    """A name means one thing in the whole product, so that a search for it leads to one place."""
    places: dict[str, set[str]] = {}
    for module in modules("gateway", "resolvers", "schema"):
        for name in public_names(module):
            places.setdefault(name, set()).add(module.name)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def public_names(module: Module) -> Iterator[str]:
    """The functions, classes and variables that a module defines at its top level."""
    for node in module.tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names = [name]
            case ast.Assign(targets=targets):
                names = [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case _:
                names = []
        yield from (name for name in names if not name.startswith("_"))


def test_only_the_known_modules_ask_decide() -> None:
    """Planning and the view ask through `schema.visibility`; the comparison of two policies asks directly."""
    asking = {
        module.name
        for module in modules("gateway", "resolvers", "schema")
        if any(isinstance(node, ast.Call) and called(node) == "decide" for node in ast.walk(module.tree))
    }
    assert asking == {"schema/visibility.py", "schema/policy/changes.py"}


def test_the_gateways_role_is_named_in_one_place() -> None:
    """Statements that grant rights are written for `GATEWAY_ROLE`."""
    naming = [
        module.name
        for module in modules(*PRODUCT)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "veil_gateway" in node.value
    ]
    assert naming == ["gateway/database/session.py"]


ONE_TEST_FILE: Mapping[str, str] = {
    "gateway/demo/sample/": "tests/gateway/demo/sample/test_sample.py",
    "schema/common/": "tests/schema/common/test_common.py",
    "schema/marketplace/entities/": "tests/schema/marketplace/entities/test_entities.py",
}
"""Folders of data, each tested as a whole."""

TESTED_ELSEWHERE: Mapping[str, str] = {
    "gateway/reports/report.py": "it has types and nothing else; `test_writing` looks at how they are written",
    "gateway/adopting/package.py": "it has types and nothing else; `test_declaring` looks at what is made of them",
    "gateway/progress.py": "it is a type and nothing else",
    "resolvers/planning/parameters.py": "it has types and nothing else; `test_binding` looks at how they are filled",
    "resolvers/planning/change_plan.py": "it has types and nothing else; `test_changing` looks at what is made of them",
    "resolvers/planning/plan.py": "it has types and nothing else; `test_planner` looks at what is made of them",
    "gateway/http/graphiql/build.py": "it runs when the package is built; `test_console_assets` looks at what it built",
    "gateway/http/transport.py": "`test_wire` meets it over sockets",
    "gateway/http/server.py": "`test_wire` and `test_shutdown` serve with it",
    "gateway/http/response.py": "`test_request` sends requests and looks at their responses",
}
"""Modules without a test file of their own, and where else they are tested."""


def test_the_tests_of_a_module_are_found_by_its_name() -> None:
    """Those of `gateway/log/keeping.py` are in `tests/gateway/log/test_keeping.py`. No exception outlives its need."""
    files = [Path(module.name) for module in modules("gateway", "resolvers", "schema")]
    untested = {
        file.as_posix()
        for file in files
        if file.name != "__init__.py"
        and not file.as_posix().startswith(tuple(ONE_TEST_FILE))
        and not (ROOT / "tests" / file.with_name(f"test_{file.name}")).exists()
    }
    assert untested == set(TESTED_ELSEWHERE)
    assert all((ROOT / tests).exists() for tests in ONE_TEST_FILE.values())
