"""Whose data is in an answer: a row's data subject may be left out only where the row above it names the very member."""

import dataclasses

from gateway.settings import LIMITS
from resolvers.compiler import Compiler
from resolvers.document import Request
from schema import policy_file
from schema.catalog import Catalog
from schema.requester import Purpose, Role

ORDER = Request(document="{ orders { nodes { total buyer { name } } } }", operation_name=None, variables={})


def _statement(catalog: Catalog, subjects: tuple[str, ...]) -> str:
    """The statement for orders and their buyers, were an order's data subjects these."""
    order = catalog.entities["Order"]
    stored = dataclasses.replace(order.stored, subjects=subjects)
    entities = {**catalog.entities, "Order": dataclasses.replace(order, stored=stored, owner=stored)}
    policy = policy_file.load(policy_file.named("2012-06-11"), catalog)
    compiler = Compiler(dataclasses.replace(catalog, entities=entities), policy, LIMITS)
    return compiler.compiled(ORDER, Role.PLATFORM, Purpose.SITE_OPERATION).statement.sql


def test_a_member_whom_the_row_above_names_is_gathered_once(catalog: Catalog) -> None:
    statement = _statement(catalog, ("buyer_id", "seller_id"))
    assert "m2.id::text as subjects" not in statement
    assert "concat_ws(',', o1.buyer_id::text, o1.seller_id::text)" in statement


def test_a_member_whom_the_row_above_does_not_name_is_gathered(catalog: Catalog) -> None:
    statement = _statement(catalog, ("seller_id",))
    assert "m2.id::text as subjects" in statement
    assert "concat_ws(',', o1.seller_id::text, r3.subjects)" in statement
