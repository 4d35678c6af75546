"""The compiler: from a document's text to a call that can ride, each stage made once and remembered.

A document is remembered by (text, operation name, role, purpose, policy version) and its statement by (normal form,
shapes, role, purpose, policy version), so that documents that differ in a literal are one statement. Nothing that
depends on who asks beyond role and purpose is remembered.
"""

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import execute_sync

from resolvers.binding import bind, coerce, reckon
from resolvers.document import Document, Limits, Request, parse
from resolvers.memory import Memory
from resolvers.plan import Plan, Stated
from resolvers.planning import plan
from resolvers.render import Statement, render
from resolvers.selection import select, shape
from schema.catalog import Catalog
from schema.policy import Policy
from schema.refusals import Code, Refused
from schema.requester import HOME, Purpose, Requester, Role
from schema.view import Sight, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A plan and its statement."""

    plan: Plan
    statement: Statement
    states: bool
    """Whether it has root fields that read no rows."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a compiled operation: the values of its parameters, in order, and the rows it could return."""

    statement: Statement
    values: Sequence[Any]
    cost: int


class Compiler:
    """Compiles operations under one policy, for a marketplace that is in a country."""

    def __init__(
        self, catalog: Catalog, policy: Policy, limits: Limits, *, country: str = HOME, remembered: int = 10_000
    ) -> None:
        self._catalog = catalog
        self._policy = policy
        self._limits = limits
        self._country = country
        self._views: dict[tuple[Role, Purpose], tuple[Sight, View]] = {}
        self._documents: Memory[tuple[str, str | None, Role, Purpose], Document | Refused] = Memory(remembered)
        self._compiled: Memory[Hashable, Compiled] = Memory(remembered)

    @property
    def policy(self) -> Policy:
        return self._policy

    @property
    def remembered(self) -> tuple[int, int]:
        """How many documents and how many statements are remembered."""
        return len(self._documents), len(self._compiled)

    def view(self, role: Role, purpose: Purpose) -> View:
        """The GraphQL schema of a role and purpose."""
        return self._sight_and_view(role, purpose)[1]

    def compile(self, request: Request, requester: Requester) -> Call:
        """A call of an operation, ready to ride. Raises `Refused`."""
        document = self._document(request, requester.role, requester.purpose)
        variables = coerce(document, request.variables)
        compiled = self._compile(document, variables, requester.role, requester.purpose)
        given = {**variables, **document.literals}
        # Before anything is done that costs.
        cost = reckon(compiled.plan, given, most=self._limits.cost)
        stated = self._stated(document, request, requester) if compiled.states else {}
        values = bind(compiled.plan, given, requester.key, stated)
        return Call(statement=compiled.statement, values=values, cost=cost)

    def compiled(self, request: Request, role: Role, purpose: Purpose) -> Compiled:
        """The plan and statement of an operation, for whoever wants to read them. Raises `Refused`."""
        document = self._document(request, role, purpose)
        return self._compile(document, coerce(document, request.variables), role, purpose)

    def _document(self, request: Request, role: Role, purpose: Purpose) -> Document:
        key = (request.document, request.operation_name, role, purpose)
        document = self._documents.recall(key)
        if document is None:
            document = self._parsed(request, role, purpose)
            self._documents.keep(key, document, weight=request.weight)
        if isinstance(document, Refused):
            raise _anew(document)
        return document

    def _parsed(self, request: Request, role: Role, purpose: Purpose) -> Document | Refused:
        """A refusal is remembered as a document is: to find out what is wrong takes as long as to find nothing."""
        try:
            return parse(request, self.view(role, purpose).graphql, self._limits)
        except Refused as refused:
            return _anew(refused)

    def _compile(self, document: Document, variables: Mapping[str, Any], role: Role, purpose: Purpose) -> Compiled:
        shapes = tuple([(name, shape(variables[name])) for name in document.shaping])
        key = (document.text, shapes, role, purpose)
        compiled = self._compiled.recall(key)
        if compiled is None:
            sight, view = self._sight_and_view(role, purpose)
            selected = select(document, view.graphql, dict(shapes), self._limits)
            planned = plan(selected, document.text, sight, self._catalog)
            states = any(isinstance(parameter, Stated) for parameter in planned.parameters)
            compiled = Compiled(plan=planned, statement=render(planned, self._country), states=states)
            self._compiled.keep(key, compiled, weight=compiled.statement.weight)
        return compiled

    def _sight_and_view(self, role: Role, purpose: Purpose) -> tuple[Sight, View]:
        found = self._views.get((role, purpose))
        if found is None:
            sight = Sight(policy=self._policy, role=role, purpose=purpose)
            found = self._views[role, purpose] = (sight, View(self._catalog, sight))
        return found

    def _stated(self, document: Document, request: Request, requester: Requester) -> Mapping[str, str]:
        """The answers of root fields that read no rows, as JSON by key: what graphql-core makes of them."""
        view = self.view(requester.role, requester.purpose)
        result = execute_sync(
            view.graphql,
            document.as_written,
            context_value=self._policy,
            variable_values=dict(request.variables),
        )
        if result.data is None:
            raise Refused(Code.INVALID, "mend the introspection query")
        return {key: json.dumps(value) for key, value in result.data.items()}


def _anew(refused: Refused) -> Refused:
    """The same refusal, as nobody has raised it yet: one that was holds on to all it passed."""
    return Refused(refused.code, refused.hint, *refused.problems)
