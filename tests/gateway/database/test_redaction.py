"""The function that redacts free text in the database has the patterns of the reference.

Where the reference has changed, `REWRITE_CASES=1` writes its patterns into the file that has the function. A file that a
released version has applied stays as it is: a new one replaces the function.
"""

import os
import re
from pathlib import Path
from typing import Any

from gateway.database import migration
from schema import free_text_patterns as patterns
from schema.free_text import redact
from tests.conftest import run

TABLES = Path(migration.__file__).parent / "tables"
CREATE = "function veil.redact(value text)"
SOURCE = "select prosrc from pg_proc where oid = 'veil.redact(text)'::regprocedure"
ATTRIBUTES = """\
select provolatile::text, proparallel::text, proisstrict, proleakproof, prosecdef, proconfig
from pg_proc where oid = 'veil.redact(text)'::regprocedure"""
CONSTANT = re.compile(r"/\* (\w+)((?: \d+)*) \*/ E'(?:[^'\\]|\\.|'')*'", re.DOTALL)
"""A constant of the reference, and the place within it."""


def literal(text: str) -> str:
    """A text as SQL that any editor shows."""
    escaped = (
        each if " " <= each <= "~" else f"\\u{ord(each):04x}" if ord(each) < 0x10000 else f"\\U{ord(each):08x}"
        for each in text.replace("\\", "\\\\").replace("'", "''")
    )
    return f"E'{''.join(escaped)}'"


def constant(found: re.Match[str]) -> str:
    """A constant with the value of the reference."""
    name, places = found.groups()
    value: Any = getattr(patterns, name.upper())
    for place in places.split():
        value = value[int(place) - 1]
    return f"/* {name}{places} */ {literal(value)}"


def file() -> Path:
    return [each for each in sorted(TABLES.glob("*.sql")) if CREATE in each.read_text("utf-8")][-1]


def rewritten() -> str:
    """The file with the patterns of the reference."""
    return CONSTANT.sub(constant, file().read_text("utf-8"))


def test_the_function_has_the_patterns_of_the_reference(market_url: str) -> None:
    text = rewritten()
    if "REWRITE_CASES" in os.environ:
        file().write_text(text, "utf-8")
    assert run(market_url, lambda connection: connection.fetchval(SOURCE)) == text.split("$redact$")[1]


def test_the_function_is_as_free_to_use_as_its_expressions(market_url: str) -> None:
    """Immutable, safe in parallel and strict; it does nothing in its owner's name and looks nothing up on a path."""
    attributes = run(market_url, lambda connection: connection.fetchrow(ATTRIBUTES))
    assert tuple(attributes) == ("i", "s", True, False, False, ["search_path=pg_catalog"])


READ_AMBIGUOUSLY = [
    "ZK-2400 (capacity t/h 12/15/18/20/24);（ 138 2004 1010 0505 0001 3M0 an einkauf (ät) stahlbau-krug.de0",
    ">;138 0402 0603 0805 1206寸法 1200×600×450 mm 138  CM, SPESSORE 9 M4",
    "sales @ oakforge . com.co）Outlook 2019",
    "handel małpa stalex kropka com kropka plponto de venda 3 x 2 m",
    "kaneko.t（あっとまーく）yahoo（ドット）co（ドット）jpPunto de fusión 1083 °C",
    "john arroba vip.163 com",
    "john arroba mydotshop com",
    "werkstoff 1.430Fourteen, sixteen, eighteen and twenty inch rims",
    "call one two three setenta, eighty",
]
"""Texts in which a match may end in two places."""


def test_a_match_that_may_end_in_two_places_ends_in_the_same_in_both(market_url: str) -> None:
    """PostgreSQL takes the longest match, and Python the first that fits."""
    query = "select array(select veil.redact(each) from unnest($1::text[]) with ordinality given (each, n) order by n)"
    found = run(market_url, lambda connection: connection.fetchval(query, READ_AMBIGUOUSLY))
    assert found == [redact(each) for each in READ_AMBIGUOUSLY]
