"""A page reads one row more than it shows where it is asked if there is another page, and nowhere else."""

import pytest

from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from resolvers.planning.plan import ConnectionPage
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file


@pytest.mark.parametrize(
    ("connection", "looks_ahead"),
    [
        ("orders { nodes { total } pageInfo { hasNextPage } }", True),
        ("orders { pageInfo { hasNextPage } nodes { total } }", True),
        ("orders(last: 2) { edges { cursor } pageInfo { hasPreviousPage } }", True),
        ("orders { pageInfo { startCursor } again: pageInfo { there: hasNextPage } }", True),
        ("orders { nodes { total } pageInfo { hasPreviousPage endCursor } }", False),
        ("orders(last: 2) { nodes { total } pageInfo { hasNextPage } }", False),
        ("orders { totalCount nodes { total } }", False),
        ("members { nodes { sales { nodes { id } pageInfo { hasNextPage } } } }", False),
    ],
)
def test_the_plan_says_whether_a_page_looks_ahead(catalog: Catalog, connection: str, looks_ahead: bool) -> None:
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    request = Request(document=f"{{ {connection} }}", operation_name=None, variables={})
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)
    (node,) = compiler.plan(request, Roles.PLATFORM, Purposes.SITE_OPERATION).projection
    assert isinstance(node, ConnectionPage)
    assert node.rows.page
    assert node.rows.page.looks_ahead is looks_ahead
    assert (" + 1" in compiler.compiled(request, Roles.PLATFORM, Purposes.SITE_OPERATION).statement.sql) >= looks_ahead
