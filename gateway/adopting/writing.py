"""Writes a marketplace package as a person would: words, entities, conditions, a first policy, and what is left out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from string import Template
from typing import Final

from gateway.adopting import code
from gateway.adopting.entities import accesses_module, entity_module, query_module
from gateway.adopting.naming import single_name
from gateway.adopting.package import EntityClass, MarketplacePackage
from schema.labels import Identifiers

COVERAGE: Final = "COVERAGE.md"
"""The file that lists what the package does not have."""

_POLICY: Final = Path(__file__).with_name("first_policy.toml")

COVERAGE_HEAD: Final = "| table | columns | why |"
"""The head of its table."""

FIRST_VERSION: Final = "first"
"""The version of the first policy."""


def files_of(package: MarketplacePackage, today: date) -> Mapping[str, str]:
    """The text of each file, by its path in the package."""
    modules: dict[str, list[EntityClass]] = {}
    for entity in package.entities:
        modules.setdefault(entity.module, []).append(entity)
    return {
        "__init__.py": code.docstring(f"The marketplace over the database schema `{package.schema}`.") + "\n",
        "words.py": _words(package),
        "conditions.py": _conditions(package),
        "marketplace.py": _marketplace(package),
        "entities/__init__.py": '"""What there is to ask for: a module for each table."""\n',
        **{f"entities/{module}.py": entity_module(package, entities) for module, entities in modules.items()},
        "entities/accesses.py": accesses_module(package),
        "entities/query.py": query_module(package),
        f"policies/{FIRST_VERSION}.toml": _policy(package, today),
        COVERAGE: _coverage(package),
    }


def _member(package: MarketplacePackage) -> str:
    return single_name(package.member.name).replace("_", " ")


# Words, conditions and the marketplace.


def _words(package: MarketplacePackage) -> str:
    member = _member(package)
    return f'''"""The words of this marketplace: its roles, purposes and categories of information."""

from schema.labels import Category, Nature
from schema.requester import Party, Purpose, Role


class Roles(Role):
    """Who asks."""

    PUBLIC = "PUBLIC", Party.PUBLIC
    MEMBER = "MEMBER", Party.MEMBER
    STAFF = "STAFF", Party.OWN


class Purposes(Purpose):
    """What for."""

    PUBLIC_BROWSING = "public_browsing"
    SELF_SERVICE = "self_service"
    ACCOUNT_SERVICE = "account_service"


class Categories(Category):
    """What is held about a {member}. Change these to what your privacy policy says."""

    ACCOUNT = "ACCOUNT", "what a {member} registered"
    ACTIVITY = "ACTIVITY", "what a {member} did"
    PAYMENT = "PAYMENT", "what a {member} pays with"
    PUBLISHED = "PUBLISHED", "what a {member} publishes", Nature.PUBLISHED
    CATALOGUE = "CATALOGUE", "what is about nobody, and shown to everybody", Nature.OPEN
    UNDECIDED = "UNDECIDED", "what nobody has decided on yet", Nature.UNDECIDED
'''


def _conditions(package: MarketplacePackage) -> str:
    return f'''"""The conditions that a grant of this marketplace may set."""

from schema.conditions import Condition, SubjectIsRequester

OWN = Condition(name="OWN", phrase="the {_member(package)} is the requester", holds_if=SubjectIsRequester())

CONDITIONS = (OWN,)
'''


def _marketplace(package: MarketplacePackage) -> str:
    member = package.member
    columns = member.table.columns
    country = next((name for name in ("country", "country_code") if name in columns), None)
    parties = code.keywords(
        {
            "table": code.text(package.table_name(member.table)),
            "key": code.text(member.key) if member.key and member.key != "id" else None,
            "country": code.text(country) if country else None,
        }
    )
    return f'''"""This marketplace as one value: its words, types, conditions and policies."""

from pathlib import Path

from schema.definition import Marketplace, PartyTable

from {package.name}.conditions import CONDITIONS
from {package.name}.entities.query import Query
from {package.name}.words import Categories, Purposes, Roles

MARKETPLACE = Marketplace(
    roles=tuple(Roles),
    purposes=tuple(Purposes),
    public_purpose=Purposes.PUBLIC_BROWSING,
    categories=tuple(Categories),
    schema={code.text(package.schema)},
    members={code.call("PartyTable", parties)},
    query=Query,
    conditions=CONDITIONS,
    policies=Path(__file__).parent / "policies",
    first_version="{FIRST_VERSION}",
)
'''


# The first policy.


def _policy(package: MarketplacePackage, today: date) -> str:
    return Template(_POLICY.read_text("utf-8")).substitute(
        member=_member(package),
        version=FIRST_VERSION,
        today=today.isoformat(),
        identifiers="".join(f'    "{kind}",\n' for kind in Identifiers),
    )


# What is left out.


def _coverage(package: MarketplacePackage) -> str:
    fields = sum(len(entity.fields) for entity in package.entities)
    uncovered = _rows((each.place, each.column, each.why) for each in package.uncovered)
    guessed = _rows((each.place, each.column, each.taken_for) for each in package.guessed)
    return "\n".join(
        [
            "# What this package has, and what it leaves out",
            "",
            f"{len(package.entities)} tables have a type here, with {fields} columns as fields.",
            "`veil adopt`, run again, tells what the database has gained: what no field shows and this page does not list.",
            "",
            *_section("Left out", COVERAGE_HEAD, uncovered),
            *_section("Guessed: look at each", "| table | columns | taken for |", guessed),
        ]
    )


def _rows(found: Iterable[tuple[str, str | None, str]]) -> Sequence[str]:
    """A row for the columns of a table that have the same reason."""
    columns: dict[tuple[str, str], list[str]] = {}
    for place, column, why in found:
        columns.setdefault((place, why), []).append(f"`{column}`" if column else "all")
    return [f"| `{place}` | {', '.join(names)} | {why} |" for (place, why), names in columns.items()]


def _section(title: str, head: str, rows: Sequence[str]) -> Sequence[str]:
    return (f"## {title}", "", head, "|---|---|---|", *rows, "") if rows else ()
