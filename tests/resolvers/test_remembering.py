"""What the compiler remembers holds few objects: the garbage collector walks through all there are, while all wait."""

import gc

import pytest

from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from schema.catalog import Catalog
from schema.policy import policy_file
from schema.requester import Purpose, Role
from tests.inference.test_bounds import many

DOCUMENTS = 50
MOST = 40
"""Objects that the collector walks through for each document; as trees and plans they were 2,300."""


@pytest.mark.parametrize("field", ["name", "description"])
def test_a_remembered_document_is_few_objects(catalog: Catalog, field: str) -> None:
    """A full collection took 1.8 seconds at 2,000 documents of 158 aliases."""
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)

    def remember(number: int) -> None:
        document = f"{{ companies(first: 3) {{ nodes {{ x{number}: name {many(field, 155)} }} }} }}"
        compiler.compiled(
            Request(document=document, operation_name=None, variables={}), Role.PUBLIC, Purpose.PUBLIC_BROWSING
        )

    remember(0)
    gc.collect()
    before = len(gc.get_objects())
    for number in range(1, DOCUMENTS + 1):
        remember(number)
    gc.collect()
    assert compiler.cached_counts == (DOCUMENTS + 1, DOCUMENTS + 1)
    assert (len(gc.get_objects()) - before) / DOCUMENTS < MOST
