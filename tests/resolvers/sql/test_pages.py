"""Whose data is in an answer: each row names its data subjects, with what it shows of them."""

import dataclasses

from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file

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
    return compiler.compiled(request, Roles.PLATFORM, Purposes.SITE_OPERATION).statement.sql


def test_a_member_whom_the_row_above_names_is_gathered_with_what_each_row_shows(catalog: Catalog) -> None:
    """The ledger puts the entries of one member together."""
    statement = _statement(catalog, BUYERS)
    assert "m2.id::bigint || ':.1' as subjects" in statement
    assert "concat_ws(',', o1.buyer_id::bigint || ':.0', o1.seller_id::bigint || ':.0', r3.subjects)" in statement


def test_a_member_whom_the_row_above_does_not_name_is_gathered(catalog: Catalog) -> None:
    statement = _statement(catalog, BUYERS, ("seller_id",))
    assert "m2.id::bigint || ':.1' as subjects" in statement
    assert "concat_ws(',', o1.seller_id::bigint || ':.0', r3.subjects)" in statement


def test_a_member_below_a_part_without_data_subjects_is_gathered(catalog: Catalog) -> None:
    """Whomever the rows above name."""
    for subjects in (("buyer_id", "seller_id"), ()):
        statement = _statement(catalog, PRODUCTS, subjects)
        assert "p3.owner_id::bigint || ':.1' as subjects" in statement
        assert "string_agg(r4.subjects, ',')" in statement
