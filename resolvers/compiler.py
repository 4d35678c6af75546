"""The compiler: from a document's text to a call of a statement. It remembers what each stage makes.

A compiler works by one version of the policy. It remembers a statement by (normal form, variable shapes, role, purpose):
documents that differ in a literal share a statement. It remembers a document by (text, operation name, role, purpose). One
with literals is remembered for the organisation that sent it: no other learns by time that this very text was sent.
Nothing it makes depends on the requester beyond role and purpose.
"""

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from graphql import execute_sync

from resolvers.binding import bind, check_cost, coerce, cost_of, example_variables
from resolvers.cache import LRUCache
from resolvers.changes import ChangeCall, CompiledChanges, bind_changes, compile_changes
from resolvers.descriptions import describe
from resolvers.front.document import Document, Limits, Request, Tree, as_written, operation_names, parse, parse_again
from resolvers.front.selection import Selection, VariableShape, select, variable_shape
from resolvers.front.shape import shape
from resolvers.planning.change_plan import ChangePlan
from resolvers.planning.changing import plan_changes
from resolvers.planning.context import Planning
from resolvers.planning.parameters import Parameter, StaticAnswer
from resolvers.planning.plan import CostTerm, Plan
from resolvers.planning.planner import plan
from resolvers.sql.render import ROW_BYTES, Installation, PlanRecord, Statement, render
from schema.catalog import Catalog
from schema.policy.grants import Policy
from schema.refusals import Code, Refused
from schema.requester import Purpose, Requester, Role
from schema.view import View
from schema.visibility import Visibility

_CALLED_PLANS: Final = 10_000
"""Plans of which a compiler remembers that they were called. One that it forgot counts as new again."""


@dataclass(slots=True, kw_only=True)
class Compiled:
    """What is remembered of a plan: its statement, and what each call fills it with and costs."""

    statement: Statement
    parameters: tuple[Parameter, ...]
    cost: tuple[CostTerm, ...]
    has_static_answers: bool
    """Whether it has root fields that read no rows."""
    calls: int = 0


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a compiled operation: the values of its parameters, in order, and what it costs, in rows."""

    statement: Statement
    values: Sequence[Any]
    cost: int
    new_bytes: int = 0
    """What it adds to the log, if it is the first call of its statement."""

    @property
    def plan(self) -> PlanRecord:
        """What the log is to hold of the operation."""
        assert self.statement.plan  # noqa: S101 - what is compiled has a plan
        return self.statement.plan

    def arguments(self, requester: Requester) -> tuple[Any, ...]:
        """What the statement is executed with: its standard columns, then the plan's own parameters."""
        key = requester.key if self.statement.needs_key else None
        return (requester.member, requester.organisation, requester.reference, key, *self.values)


class Compiler:
    """Compiles operations under one policy, for one installation."""

    def __init__(
        self,
        catalog: Catalog,
        policy: Policy,
        limits: Limits,
        *,
        installation: Installation | None = None,
        document_cache: int = 10_000,
    ) -> None:
        self._catalog = catalog
        self._policy = policy
        self._limits = limits
        self._installation = installation or Installation()
        self._views: dict[tuple[Role, Purpose], tuple[Visibility, View]] = {}
        self._described: set[tuple[Role, Purpose]] = set()
        self._documents: LRUCache[_DocumentKey, Document | Refused] = LRUCache(document_cache)
        self._compiled: LRUCache[Hashable, Compiled] = LRUCache(document_cache)
        self._compiled_changes: LRUCache[Hashable, CompiledChanges] = LRUCache(document_cache)
        self._called_plans: LRUCache[UUID, None] = LRUCache(_CALLED_PLANS)

    @property
    def policy(self) -> Policy:
        return self._policy

    @property
    def cached_counts(self) -> tuple[int, int]:
        """How many documents and how many statements are remembered."""
        return len(self._documents), len(self._compiled)

    def view(self, role: Role, purpose: Purpose) -> View:
        """The GraphQL schema of a role and purpose."""
        return self._visibility_and_view(role, purpose)[1]

    def described_view(self, role: Role, purpose: Purpose) -> View:
        """The same, in which everything has its sentence: for those who read it."""
        visibility, view = self._visibility_and_view(role, purpose)
        if (role, purpose) not in self._described:
            describe(view.graphql, self._catalog, Planning(visibility=visibility, catalog=self._catalog))
            self._described.add((role, purpose))
        return view

    def knows(self, request: Request, requester: Requester) -> bool:
        """Whether this document was seen lately, so that it is compiled at once, or refused."""
        return self._remembered(_key(request, requester.role, requester.purpose), requester.key) is not None

    def compile(self, request: Request, requester: Requester) -> Call | ChangeCall:
        """A call of an operation, with its values. Raises `Refused`."""
        document, tree = self._document(request, requester.role, requester.purpose, requester.key)
        variables = coerce(document, request.variables)
        asked = _Asked(request, document, tree, requester.role, requester.purpose)
        if document.is_mutation:
            return self._change_call(asked, variables, requester)
        compiled = self._compile(asked, variables)
        given = {**variables, **document.literals}
        # Before anything is done that costs.
        cost = cost_of(compiled.cost, given)
        check_cost(cost, len(compiled.statement.sql), most=self._limits.cost)
        static_answers = self._static_answers(request, requester) if compiled.has_static_answers else {}
        values = bind(compiled.parameters, given, requester.key, static_answers)
        new = self._new_bytes(compiled, compiled.statement.plan)
        return Call(statement=compiled.statement, values=values, cost=cost, new_bytes=new)

    def _change_call(self, asked: "_Asked", variables: Mapping[str, Any], requester: Requester) -> ChangeCall:
        """A call of a mutation. Raises `Refused`."""
        compiled = self._compile_changes(asked, variables)
        check_cost(compiled.cost, compiled.characters, most=self._limits.cost)
        steps = bind_changes(compiled, {**variables, **asked.document.literals}, requester)
        new = self._new_bytes(compiled, compiled.plan)
        return ChangeCall(steps=steps, plan=compiled.plan, cost=compiled.cost, new_bytes=new)

    def _new_bytes(self, compiled: Compiled | CompiledChanges, plan: PlanRecord | None) -> int:
        """What the first call of a statement adds to the log: a record alone, if another statement has the same plan."""
        compiled.calls += 1
        if compiled.calls > 1:
            return 0
        if plan is None or plan.id in self._called_plans:
            return ROW_BYTES
        self._called_plans.put(plan.id, None)
        return plan.bytes

    def compiled(self, request: Request, role: Role, purpose: Purpose) -> Compiled:
        """The statement of a query. Raises `Refused`."""
        document, tree = self._document(request, role, purpose)
        return self._compile(_Asked(request, document, tree, role, purpose), coerce(document, request.variables))

    def planned_changes(
        self, request: Request, role: Role, purpose: Purpose
    ) -> tuple[ChangePlan, CompiledChanges] | None:
        """The plan and the statements of a mutation; none of a query. Raises `Refused`."""
        document, tree = self._document(request, role, purpose)
        if not document.is_mutation:
            return None
        asked, variables = _Asked(request, document, tree, role, purpose), coerce(document, request.variables)
        plan_of_changes = self._plan_changes(asked, _variable_shapes(document, variables))
        return plan_of_changes, self._compile_changes(asked, variables)

    def prepare(self, text: str, role: Role, purpose: Purpose) -> Sequence[str | None]:
        """Compiles every operation of a document before anybody asks for it; their names. Raises `Refused`."""
        names = operation_names(text, self._limits)
        for name in names:
            request = Request(document=text, operation_name=name, variables={}, is_trusted=True)
            document, tree = self._document(request, role, purpose)
            try:
                self._prepare(_Asked(request, document, tree, role, purpose))
            except Refused as refused:
                # With other values it may run.
                if refused.code is not Code.ARGUMENT or not document.structural_variables:
                    raise
        return names

    def _prepare(self, asked: "_Asked") -> None:
        """Compiles an operation as if none of its variables were given. Raises `Refused`, also if that is too costly."""
        variables = example_variables(asked.document)
        if asked.document.is_mutation:
            compiled = self._compile_changes(asked, variables)
            check_cost(compiled.cost, compiled.characters, most=self._limits.cost)
            return
        compiled = self._compile(asked, variables)
        cost = cost_of(compiled.cost, {**variables, **asked.document.literals})
        check_cost(cost, len(compiled.statement.sql), most=self._limits.cost)

    def plan(self, request: Request, role: Role, purpose: Purpose) -> Plan:
        """The plan of a query, which is not remembered. Raises `Refused`."""
        document, tree = self._document(request, role, purpose)
        asked = _Asked(request, document, tree, role, purpose)
        return self._plan(asked, _variable_shapes(document, coerce(document, request.variables)))

    def _document(
        self, request: Request, role: Role, purpose: Purpose, sender: bytes | None = None
    ) -> tuple[Document, Tree | None]:
        """A document, and its tree if it was parsed just now. `sender` is the key of the requester's organisation."""
        asked = _key(request, role, purpose)
        document, tree = self._remembered(asked, sender), None
        if document is None:
            document, tree = self._parsed(request, role, purpose)
            # Without literals it is a normal form, which all share. What no requester sent is trusted, and everybody's.
            is_shared = isinstance(document, Document) and not document.literals
            self._documents.put((*asked, None if is_shared else sender), document, size=request.size)
        if isinstance(document, Refused):
            raise _unraised(document)
        return document, tree

    def _remembered(self, asked: "_Asking", sender: bytes | None) -> Document | Refused | None:
        return self._documents.get((*asked, None)) or self._documents.get((*asked, sender))

    def _parsed(self, request: Request, role: Role, purpose: Purpose) -> tuple[Document | Refused, Tree | None]:
        """The document, or why it is refused: finding a fault takes as long as finding none, so both are remembered."""
        try:
            return parse(request, self.view(role, purpose).graphql, self._limits)
        except Refused as refused:
            return _unraised(refused), None

    def _compile(self, asked: "_Asked", variables: Mapping[str, Any]) -> Compiled:
        shapes = _variable_shapes(asked.document, variables)
        key = asked.key(shapes)
        compiled = self._compiled.get(key)
        if compiled is None:
            made = self._plan(asked, shapes)
            is_static = any(isinstance(parameter, StaticAnswer) for parameter in made.parameters)
            compiled = Compiled(
                statement=render(made, self._catalog, self._installation),
                parameters=made.parameters,
                cost=made.cost,
                has_static_answers=is_static,
            )
            self._compiled.put(key, compiled, size=compiled.statement.size)
        return compiled

    def _compile_changes(self, asked: "_Asked", variables: Mapping[str, Any]) -> CompiledChanges:
        shapes = _variable_shapes(asked.document, variables)
        key = asked.key(shapes)
        compiled = self._compiled_changes.get(key)
        if compiled is None:
            compiled = compile_changes(self._plan_changes(asked, shapes), self._catalog, self._installation)
            self._compiled_changes.put(key, compiled, size=compiled.size)
        return compiled

    def _plan(self, asked: "_Asked", shapes: "_Shapes") -> Plan:
        return plan(*self._selected(asked, shapes), self._catalog)

    def _plan_changes(self, asked: "_Asked", shapes: "_Shapes") -> ChangePlan:
        return plan_changes(*self._selected(asked, shapes), self._catalog)

    def _selected(self, asked: "_Asked", shapes: "_Shapes") -> tuple[Selection, str, Visibility]:
        """What is asked, what the log keeps of its text, and what the policy lets its requester see and change."""
        visibility, view = self._visibility_and_view(asked.role, asked.purpose)
        tree = asked.tree or parse_again(asked.request, view.graphql, self._limits)
        selection = select(tree, view.graphql, dict(shapes), self._limits)
        text = shape(selection) if asked.is_kept_by_shape else asked.document.text
        return selection, text, visibility

    def _visibility_and_view(self, role: Role, purpose: Purpose) -> tuple[Visibility, View]:
        found = self._views.get((role, purpose))
        if found is None:
            visibility = Visibility(policy=self._policy, role=role, purpose=purpose)
            found = self._views[role, purpose] = (visibility, View(self._catalog, visibility))
        return found

    def _static_answers(self, request: Request, requester: Requester) -> Mapping[str, str]:
        """The answers of root fields that read no rows, as JSON by key: what graphql-core makes of them."""
        view = self.described_view(requester.role, requester.purpose)
        result = execute_sync(
            view.graphql,
            as_written(request, self._limits),
            context_value=self._policy,
            variable_values=dict(request.variables),
        )
        if result.data is None:
            raise Refused(Code.INVALID, "mend the introspection query")
        return {key: json.dumps(value) for key, value in result.data.items()}


_Asking = tuple[str, str | None, Role, Purpose]
"""A text, one of its operations, and who asks for what."""

_DocumentKey = tuple[str, str | None, Role, Purpose, bytes | None]
"""The same, and the key of the organisation that sent it; none where all share it."""

_Shapes = tuple[tuple[str, VariableShape], ...]


class _Asked(NamedTuple):
    """A document that a role asks for a purpose."""

    request: Request
    document: Document
    tree: Tree | None
    role: Role
    purpose: Purpose

    @property
    def is_kept_by_shape(self) -> bool:
        """Whether the log is to hold none of the words of who wrote the document: it is just anybody's."""
        return self.role.is_anybodys and not self.request.is_trusted

    def key(self, shapes: "_Shapes") -> Hashable:
        """By what its statement is remembered."""
        return (self.document.text, shapes, self.role, self.purpose, self.is_kept_by_shape)


def _key(request: Request, role: Role, purpose: Purpose) -> _Asking:
    return (request.document, request.operation_name, role, purpose)


def _variable_shapes(document: Document, variables: Mapping[str, Any]) -> _Shapes:
    return tuple([(name, variable_shape(variables[name])) for name in document.structural_variables])


def _unraised(refused: Refused) -> Refused:
    """The same refusal without a traceback, which would keep all frames it passed alive."""
    return Refused(refused.code, refused.hint, *refused.problems)
