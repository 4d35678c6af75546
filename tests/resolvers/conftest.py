"""The compiler of the first policy, and what it makes of a document for a requester."""

from collections.abc import Callable

import pytest

from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiled, Compiler
from resolvers.front.document import Request
from schema.catalog import Catalog
from schema.policy import policy_file
from tests.conftest import Requesting

Compile = Callable[[Requesting, str], Compiled]


@pytest.fixture(scope="session")
def compile_for(catalog: Catalog) -> Compile:
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)

    def compiled(requesting: Requesting, document: str) -> Compiled:
        request = Request(document=document, operation_name=None, variables={})
        return compiler.compiled(request, requesting.role, requesting.purpose)

    return compiled
