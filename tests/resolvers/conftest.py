"""The compiler of the first policy, and what it makes of a document for a requester."""

from collections.abc import Callable

import pytest

from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiled, Compiler
from resolvers.front.document import Request
from resolvers.planning.plan import Plan
from schema.catalog import Catalog
from schema.policy import policy_file
from tests.conftest import Requesting

Compile = Callable[[Requesting, str], Compiled]
PlanFor = Callable[[Requesting, str], Plan]


@pytest.fixture(scope="session")
def compiler(catalog: Catalog) -> Compiler:
    return Compiler(catalog, policy_file.load_policy(catalog.marketplace.first_policy, catalog), DEFAULT_LIMITS)


@pytest.fixture(scope="session")
def plan_for(compiler: Compiler) -> PlanFor:
    def plan(requesting: Requesting, document: str) -> Plan:
        request = Request(document=document, operation_name=None, variables={})
        return compiler.plan(request, requesting.role, requesting.purpose)

    return plan


@pytest.fixture(scope="session")
def compile_for(compiler: Compiler) -> Compile:
    def compiled(requesting: Requesting, document: str) -> Compiled:
        request = Request(document=document, operation_name=None, variables={})
        return compiler.compiled(request, requesting.role, requesting.purpose)

    return compiled
