"""How a statement names a column. That its masks are those of the reference is a law (`tests/laws`)."""

import re

import pytest

from resolvers.sql import masking
from resolvers.sql.masking import RowAlias
from schema.catalog import Catalog
from schema.treatments import Treatment
from tests.conftest import AFFILIATE, ANALYST, CARE
from tests.resolvers.conftest import Compile

NAMES = "{ members { nodes { name } } }"


def test_a_hidden_column_is_not_named_at_all(catalog: Catalog) -> None:
    member = catalog.entities["Member"]
    row = RowAlias(entity=member, alias="m1", owner="m1")
    assert masking.treatment_sql(Treatment.HIDDEN, member.columns["email"], row).text == "null"


def test_a_masked_column_is_never_shown_by_its_bare_name(compile_for: Compile) -> None:
    """Every place that names it computes with it."""
    statement = compile_for(AFFILIATE, NAMES).statement.sql
    assert re.search(r"(substr|left)\(m\d\.name", statement)
    assert not re.search(r"json_text\(m\d\.name\)", statement)


def test_a_column_is_plain_only_where_its_condition_holds(compile_for: Compile) -> None:
    statement = compile_for(CARE, NAMES).statement.sql
    assert re.search(r"case when .*support_case.* then m\d\.name else ", statement, re.DOTALL)


def test_a_pseudonym_is_made_with_the_requesters_key(compile_for: Compile) -> None:
    statement = compile_for(ANALYST, NAMES).statement.sql
    assert re.search(r"sha256\(call\.key \|\| .*m\d\.name", statement)


@pytest.mark.parametrize(
    ("kind", "field", "shown"),
    [
        ("Company", "verified", "r.verified::boolean"),
        ("Company", "mainProducts", "r.main_products::text[]"),
        ("Company", "employees", "then r.employees::integer end"),
        ("Product", "price", "then r.price::numeric end"),
        ("Product", "listedAt", "then r.listed_at::timestamptz end"),
        ("Product", "id", "'Product:' || r.id::bigint"),
        ("AccessRecord", "id", "'AccessRecord:' || r.id::uuid"),
        ("Product", "title", "r.title"),
    ],
)
def test_what_json_has_without_escapes_is_cast_to_its_type(catalog: Catalog, kind: str, field: str, shown: str) -> None:
    """Over a column of another type the statement fails, and nothing stored becomes JSON."""
    entity = catalog.entities[kind]
    row = RowAlias(entity=entity, alias="r", owner="r")
    assert masking.treatment_sql(Treatment.PLAIN, entity.columns[field], row).text.endswith(shown)
