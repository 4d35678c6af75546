"""Whose data is in an answer: a row's data subject may be left out only where a row above it names the very member."""

import dataclasses

from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from schema.catalog import Catalog
from schema.policy import policy_file
from schema.requester import Purpose, Role

BUYERS = "{ orders { nodes { total buyer { name } } } }"
PRODUCTS = "{ orders { nodes { total items { product { title } } } } }"


def _statement(catalog: Catalog, document: str, subjects: tuple[str, ...] = ("buyer_id", "seller_id")) -> str:
    """The statement of a document, were an order's data subjects these."""
    order = catalog.entities["Order"]
    stored = dataclasses.replace(order.storage, subjects=subjects)
    entities = {**catalog.entities, "Order": dataclasses.replace(order, storage=stored, owner=stored)}
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    compiler = Compiler(dataclasses.replace(catalog, entities=entities), policy, DEFAULT_LIMITS)
    request = Request(document=document, operation_name=None, variables={})
    return compiler.compiled(request, Role.PLATFORM, Purpose.SITE_OPERATION).statement.sql


def test_a_member_whom_the_row_above_names_is_gathered_once(catalog: Catalog) -> None:
    statement = _statement(catalog, BUYERS)
    assert "m2.id::text as subjects" not in statement
    assert "concat_ws(',', o1.buyer_id::text, o1.seller_id::text)" in statement


def test_a_member_whom_the_row_above_does_not_name_is_gathered(catalog: Catalog) -> None:
    statement = _statement(catalog, BUYERS, ("seller_id",))
    assert "nullif(m2.id, o1.seller_id)::text as subjects" in statement
    assert "concat_ws(',', o1.seller_id::text, r3.subjects)" in statement


def test_a_member_whom_a_row_above_may_have_named_is_gathered_where_it_has_not(catalog: Catalog) -> None:
    """Though a part without data subjects lies between the two."""
    statement = _statement(catalog, PRODUCTS)
    assert "nullif(nullif(p3.owner_id, o1.buyer_id), o1.seller_id)::text as subjects" in statement
    assert "p3.owner_id::text as subjects" in _statement(catalog, PRODUCTS, ())
