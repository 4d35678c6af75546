"""The calls of a statement: one array for each column, and only what the answer asks of a call."""

from dataclasses import dataclass

from gateway import app
from resolvers.front.selection import Slot
from resolvers.planning.parameters import Parameter, ValueParameter
from resolvers.sql.call import call_sql
from resolvers.sql.pieces import EMPTY, sql
from schema.catalog import Scalar
from schema.conditions import Condition
from schema.marketplace.conditions import CONTRACT
from schema.marketplace.words import Purposes, Roles
from schema.requester import Purpose, Role

CATALOG = app.catalog()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a statement is for, and what it asks of its calls."""

    role: Role = Roles.SERVICE_PROVIDER
    purpose: Purpose = Purposes.SITE_OPERATION
    policy: str = "2012-06-11"
    parameters: tuple[Parameter, ...] = ()
    requester_conditions: frozenset[Condition] = frozenset()
    filled_tables: frozenset[str] = frozenset()


def test_a_call_has_its_standard_columns_and_a_column_for_each_parameter() -> None:
    parameters = tuple(
        ValueParameter(scalar=scalar, slot=Slot((scalar.name,))) for scalar in (Scalar.TEXT, Scalar.TIMESTAMP)
    )
    asked = Asked(parameters=parameters)
    text = call_sql(CATALOG, asked, asked, frozenset(), EMPTY).text
    assert "unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::text[], $6::text[]::timestamptz[])" in text
    assert "where '2012-06-11' = (select version from in_force)" in text


def test_a_condition_of_the_requester_is_asked_once_and_only_where_the_answer_goes_by_it() -> None:
    asked = Asked(requester_conditions=frozenset({CONTRACT}))
    assert "contract" not in call_sql(CATALOG, asked, asked, frozenset(), EMPTY).text
    assert call_sql(CATALOG, asked, asked, frozenset(), sql("call.contract_stands")).text.count("from contract") == 1


def test_a_table_that_is_rightly_empty_is_not_asked() -> None:
    asked = Asked(filled_tables=frozenset({"consent"}))
    going_by_it = sql("call.consent_filled")
    assert "from consent" in call_sql(CATALOG, asked, asked, frozenset(), going_by_it).text
    assert "true as consent_filled" in call_sql(CATALOG, asked, asked, frozenset({"consent"}), going_by_it).text


def test_suspensions_are_looked_for_only_where_somebody_asks_for_an_organisation() -> None:
    """Nobody else's statement is any longer for it."""
    own = Asked(role=Roles.PLATFORM)
    assert "suspen" not in call_sql(CATALOG, own, own, frozenset(), EMPTY).text
    third = Asked()
    assert call_sql(CATALOG, third, third, frozenset(), EMPTY).text.count("from organisation_suspension") == 1
