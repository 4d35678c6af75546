"""The function that redacts free text in the database has the patterns of the reference.

Where the reference has changed, `REWRITE_CASES=1` writes its patterns into the newest file that has the function. A file
that a released version has applied stays as it is: a new one replaces the function.
"""

import os
from pathlib import Path

from gateway.database import migration
from resolvers.sql.pieces import constant
from schema.free_text import REDACTIONS, SUSPICIONS
from tests.conftest import run

TABLES = Path(migration.__file__).parent / "tables"
CREATE = "function veil.redact(value text)"
SOURCE = "select prosrc from pg_proc where oid = 'veil.redact(text)'::regprocedure"
ATTRIBUTES = """\
select provolatile::text, proparallel::text, proisstrict, proleakproof, prosecdef
from pg_proc where oid = 'veil.redact(text)'::regprocedure"""


def literal(text: str) -> str:
    """A text as SQL that any editor shows: patterns may name a character by its number."""
    escaped = (
        each if each.isascii() else f"\\u{ord(each):04x}" if ord(each) < 0x10000 else f"\\U{ord(each):08x}"
        for each in text
    )
    return constant("".join(escaped)).text


def body() -> str:
    suspicious = "\n        or ".join(f"value ~ {literal(pattern)}" for pattern in SUSPICIONS)
    replaced = "\n".join(
        f"        value := regexp_replace(value, {literal(pattern)}, {literal(shown)}, 'g');"
        for shown, pattern in REDACTIONS
    )
    return f"\nbegin\n    if {suspicious}\n    then\n{replaced}\n    end if;\n    return value;\nend\n"


def rewrite() -> None:
    file = [each for each in sorted(TABLES.glob("*.sql")) if CREATE in each.read_text("utf-8")][-1]
    head, _, rest = file.read_text("utf-8").partition("$redact$")
    file.write_text(f"{head}$redact${body()}$redact${rest.partition('$redact$')[2]}", "utf-8")


def test_the_function_has_the_patterns_of_the_reference(market_url: str) -> None:
    found = run(market_url, lambda connection: connection.fetchval(SOURCE))
    if "REWRITE_CASES" in os.environ:
        rewrite()
    assert found == body()


def test_the_function_is_as_free_to_use_as_its_expressions(market_url: str) -> None:
    """Immutable, safe in parallel and strict; it does nothing in its owner's name."""
    attributes = run(market_url, lambda connection: connection.fetchrow(ATTRIBUTES))
    assert tuple(attributes) == ("i", "s", True, False, False)
