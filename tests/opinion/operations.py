"""What is asked: any operation that is valid in a requester's own view, with the values that its market has.

Aliases, fragments, directives, variables with and without defaults, filters, orders and pages both ways. Ids are drawn
as what they stand for and written when the requester is known; cursors come from answers given before.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar, cast

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_list_type,
)
from hypothesis import strategies as st

from schema.catalog import Catalog
from tests.opinion.asking import NO_ROW
from tests.opinion.deciding import as_json
from tests.opinion.market import Market

Chosen = TypeVar("Chosen")

DEPTH = 3
HEAVIEST = 500
"""Rows that one part of an operation may lead to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdOf:
    """An id argument: of which row, and in which form it is given."""

    kind: str
    identity: Any
    form: str
    """`plain`, `token`, `foreign` (another's token), `sealed`, `foreign text`, or the text itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """An operation as it is sent, but for its ids and cursors."""

    text: str
    name: str | None
    variables: Mapping[str, Any]
    ids: Mapping[str, IdOf]
    """The variables that are ids."""
    cursors: Mapping[str, int]
    """The variables that may be cursors, and which of those known to take: asked without them first, then with them."""


WRONG = ("first: 101", "last: -1", "first: 1, last: 1")
"""Arguments that fit their types and are refused all the same."""


class Name(str):
    """An enum's value or a variable, which a document has without quotes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Values there are: of each field, and the ids of each type."""

    values: Mapping[tuple[str, str], Sequence[Any]]
    ids: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, market: Market, catalog: Catalog) -> "Pool":
        values: dict[tuple[str, str], Sequence[Any]] = {}
        ids: dict[str, Sequence[int]] = {}
        for entity in catalog.entities.values():
            rows = market.rows(entity.storage.table)[:60]
            for column in entity.columns.values():
                found = {json.dumps(as_json(row[column.column])) for row in rows if row.get(column.column) is not None}
                values[entity.name, column.name] = [json.loads(each) for each in sorted(found)]
            ids[entity.name] = sorted(row["id"] for row in rows if isinstance(row.get("id"), int))
        return cls(values=values, ids=ids)


def queries(
    view: GraphQLSchema, catalog: Catalog, pool: Pool, sought: frozenset[str] = frozenset()
) -> st.SearchStrategy[Query]:
    """Any operation of a view; most often of the types that are sought."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Query:
        return _Writing(draw=draw, view=view, catalog=catalog, pool=pool, sought=sought).query()

    return drawn()


@lru_cache(maxsize=1000)
def _below(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)


def literal(value: Any) -> str:
    """A value as a document has it."""
    match value:
        case Name():
            return value
        case dict():
            entries = cast("dict[str, Any]", value)
            return f"{{{', '.join(f'{name}: {literal(each)}' for name, each in entries.items())}}}"
        case list():
            return f"[{', '.join(map(literal, cast('list[Any]', value)))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


@dataclass(slots=True, kw_only=True)
class _Writing:
    """Writes one operation, gathering its variables and fragments."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    view: GraphQLSchema
    catalog: Catalog
    pool: Pool
    sought: frozenset[str]
    definitions: dict[str, str] = field(default_factory=dict[str, str])
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    ids: dict[str, IdOf] = field(default_factory=dict[str, IdOf])
    cursors: dict[str, int] = field(default_factory=dict[str, int])
    fragments: list[tuple[str, int, int, str]] = field(default_factory=list[tuple[str, int, int, str]])
    """Of each: the type it is on, how deep and how heavy it is, and its text."""
    aliases: int = 0
    all_aliased: bool = False
    """Whether every field has a key of its own: those of different types must not share one."""

    # Chance. What is drawn as 0 is the simplest, which is what a failing example is made to.

    def chance(self, percent: int) -> bool:
        return self.draw(_below(100)) >= 100 - percent

    def pick(self, choices: Sequence[Chosen]) -> Chosen:
        return choices[self.draw(_below(len(choices)))]

    def some(self, choices: Sequence[Chosen], most: int) -> list[Chosen]:
        wanted = self.draw(_below(min(most, len(choices)) + 1)) if choices else 0
        return list(dict.fromkeys(self.pick(choices) for _ in range(wanted)))

    # The document.

    def query(self) -> Query:
        query = self.view.query_type
        assert query
        roots = [(name, root) for name, root in query.fields.items() for _ in range(self.often(name, root))]
        wanted = [self.pick(roots) for _ in range(1 + self.draw(_below(2)))]
        fields = [self.root(name, root) for name, root in wanted]
        if self.chance(5):
            fields.append("__typename")
        return self.finished(" ".join(fields))

    def often(self, name: str, root: GraphQLField) -> int:
        """How often a root is asked for beside others: what is nobody's or the policy's shows the least."""
        kind = get_named_type(root.type).name
        if kind.removesuffix("Connection") in self.sought:
            return 20
        if name in ("organisation", "organisations", "privacyPolicy", "campaignDisclosures"):
            return 1
        if name in ("node", "nodes"):
            return 5
        return 2 if "id" in root.args or "ids" in root.args else 5

    def often_met(self, kind: str) -> int:
        """How often a type is linked to, or looked up as a node, beside others: most if no root field leads to it."""
        query = self.view.query_type
        assert query
        has_root = any(get_named_type(root.type).name == kind for root in query.fields.values())
        return 1 if has_root or kind not in self.view.type_map else 4

    def finished(self, body: str) -> Query:
        name = "Asked" if self.chance(15) else None
        definitions = ", ".join(f"${variable}: {kind}" for variable, kind in self.definitions.items())
        head = f"query {name or ''}{f'({definitions})' if definitions else ''} "
        others = " query Other { __typename }" if name and self.chance(30) else ""
        fragments = "".join(f" fragment F{n} on {kind} {text}" for n, (kind, _, _, text) in enumerate(self.fragments))
        return Query(
            text=f"{head if name or definitions else ''}{{ {body} }}{others}{fragments}",
            name=name,
            variables=self.variables,
            ids=self.ids,
            cursors=self.cursors,
        )

    def root(self, name: str, root: GraphQLField) -> str:
        kind = get_named_type(root.type)
        if isinstance(kind, GraphQLInterfaceType):
            given = self.identities() if "ids" in root.args else self.identity(None)
            return f"{self.alias()}{name}{self.called([given])}{self.directive()} {self.any_node(kind)}"
        assert isinstance(kind, GraphQLObjectType)
        if "nodes" in kind.fields:
            return self.connection(name, root, DEPTH, 1, at_root=True)
        arguments = [self.argument(each, root) for each in root.args]
        called = self.called([each for each in arguments if each])
        return f"{self.alias()}{name}{called}{self.directive()} {self.selection(kind, DEPTH, 1)}"

    def argument(self, name: str, root: GraphQLField) -> str | None:
        """An argument of a root field that is no connection."""
        kind = get_named_type(root.args[name].type)
        if name == "id":
            found = get_named_type(root.type)
            return self.identity(found.name)
        if isinstance(kind, GraphQLEnumType):
            return (
                self.given(name, str(root.args[name].type), Name(self.pick(list(kind.values))))
                if self.chance(80)
                else None
            )
        assert name == "currency", name
        return self.given(name, "String!", self.pick(["USD", "EUR", "CNY", "XXX"]))

    def identity(self, kind: str | None) -> str:
        """An `id` argument, most often of a row that is there; without a type, of any."""
        kinds = [name for name, ids in self.pool.ids.items() if ids for _ in range(self.often_met(name))]
        type_name = kind if kind and not self.chance(5) else self.pick(kinds)
        identity = self.pick([*self.pool.ids.get(type_name, ()), NO_ROW])
        form = self.pick(
            ("plain", "token", "token", "plain", "foreign", f"{type_name}:007", f"{type_name}:~00", "", "Member:-1")
        )
        variable = self.variable("ID!")
        self.ids[variable] = IdOf(kind=type_name, identity=identity, form=form)
        return f"id: ${variable}"

    def identities(self) -> str:
        """An `ids` argument: some ids, of any type, of which one may come twice."""
        given = [self.identity(None).removeprefix("id: ") for _ in range(self.draw(_below(6)))]
        if given and self.chance(20):
            given.append(self.pick(given))
        return f"ids: [{', '.join(given)}]"

    # Selections.

    def any_node(self, interface: GraphQLInterfaceType) -> str:
        possible = sorted(self.view.get_possible_types(interface), key=lambda each: each.name)
        parts = ["id"]
        if self.chance(50):
            parts.append("__typename")
        if self.chance(30):
            parts.append("m: maskedFields { name: field treatment }")
        self.all_aliased = True
        kinds = [self.pick(possible) for _ in range(1 + self.draw(_below(3)))]
        parts += [f"... on {kind.name}{self.directive()} {self.selection(kind, 1, 1)}" for kind in kinds]
        self.all_aliased = False
        return f"{{ {' '.join(parts)} }}"

    def selection(self, kind: GraphQLObjectType, depth: int, scale: int) -> str:
        """Some fields of a type; `scale` is how many rows of it there may be."""
        # A version is a digest of PostgreSQL's own text of a row: `tests/clauses/test_changing.py` looks at what it tells.
        left_out = {"version"} if kind.name in self.catalog.entities else set[str]()
        fields = {name: each for name, each in kind.fields.items() if name not in left_out}
        leaves = [name for name, each in fields.items() if self.is_of_row(get_named_type(each.type))]
        leads = [
            name
            for name, each in fields.items()
            if name not in leaves
            for _ in range(self.often_met(get_named_type(each.type).name.removesuffix("Connection")))
        ]
        parts = [self.leaf(name, kind.fields[name]) for name in self.some(leaves, 6)]
        if kind.name not in self.catalog.entities:
            parts += [
                f"{name} {self.selection(_object(kind.fields[name]), depth, scale)}" for name in self.some(leads, 3)
            ]
        elif depth > 0:
            parts += [self.lead(name, kind.fields[name], depth - 1, scale) for name in self.some(leads, 2)]
        if self.chance(12):
            parts.append("__typename")
        if self.chance(15):
            parts.append(self.fragment(kind, depth, scale))
        return f"{{ {' '.join(part for part in parts if part) or '__typename'} }}"

    def is_of_row(self, kind: GraphQLNamedType) -> bool:
        """Whether a row answers this by itself."""
        return is_leaf_type(kind) or kind.name == "MaskedField"

    def leaf(self, name: str, found: GraphQLField) -> str:
        kind = get_named_type(found.type)
        selection = f" {self.selection(kind, 0, 1)}" if isinstance(kind, GraphQLObjectType) else ""
        return f"{self.alias() if self.all_aliased or self.chance(8) else ''}{name}{self.directive()}{selection}"

    def lead(self, name: str, found: GraphQLField, depth: int, scale: int) -> str:
        kind = _object(found)
        if "nodes" in kind.fields:
            return self.connection(name, found, depth, scale)
        further = scale * 5 if is_list_type(found.type) else scale
        if further > HEAVIEST:
            return ""
        return f"{self.alias() if self.all_aliased or self.chance(10) else ''}{name}{self.directive()} {self.selection(kind, depth, further)}"

    def fragment(self, kind: GraphQLObjectType, depth: int, scale: int) -> str:
        """Some of the fields within a fragment, named or not; or again in one that is there already."""
        # A fragment made elsewhere may hold keys that are others' here.
        fitting = (
            []
            if self.all_aliased
            else [
                n
                for n, (on, deep, heavy, _) in enumerate(self.fragments)
                if on == kind.name and deep <= depth and heavy >= scale
            ]
        )
        if fitting and self.chance(50):
            return f"...F{self.pick(fitting)}{self.directive()}"
        text = self.selection(kind, depth, scale)
        if self.chance(50):
            self.fragments.append((kind.name, depth, scale, text))
            return f"...F{len(self.fragments) - 1}{self.directive()}"
        condition = self.pick(["", f" on {kind.name}"])
        return f"...{condition}{self.directive()} {text}"

    # Connections.

    def connection(self, name: str, found: GraphQLField, depth: int, scale: int, *, at_root: bool = False) -> str:
        kind = _object(found)
        size = self.size(scale)
        if scale * (20 if size is None else size) > HEAVIEST:
            return ""
        # What is sure to be looked at, not being in a row that may not be there, may be wrong.
        wrong = at_root and self.chance(3)
        arguments = [self.pick(WRONG)] if wrong else self.arguments(found, size)
        directive = "" if at_root else self.directive()
        further = scale * max(20 if size is None else size, 1)
        return f"{self.alias()}{name}{self.called(arguments)}{directive} {self.paged(kind, depth, further)}"

    def size(self, scale: int) -> int | None:
        """How many rows a page may have; none for the usual number."""
        if scale > 1:
            return self.pick((2, 1, 3, 0, 4, None))
        return self.pick((3, 1, 2, 0, 5, 8, 12, 20, 30, 50, 100)) if self.chance(70) else None

    def arguments(self, found: GraphQLField, size: int | None) -> list[str]:
        arguments: list[str] = []
        if size is not None:
            arguments.append(self.given(self.pick(("first", "first", "last")), "Int", size))
        if self.chance(30):
            variable = self.variable("String")
            self.cursors[variable] = self.draw(_below(400))
            arguments.append(f"{self.pick(('after', 'before'))}: ${variable}")
        return arguments + [given for given in (self.filtered(found), self.ordered(found)) if given]

    def filtered(self, found: GraphQLField) -> str | None:
        if "filter" not in found.args or not self.chance(35):
            return None
        kind = cast("GraphQLInputObjectType", get_named_type(found.args["filter"].type))
        entity = kind.name.removesuffix("Filter")
        wanted = {name: self.comparison(entity, name, kind) for name in self.some(list(kind.fields), 2)}
        if any(
            isinstance(value, Name) and value.startswith("$")
            for each in wanted.values()
            for value in (each or {}).values()
        ):
            # What is made when it is asked is a variable already.
            return f"filter: {literal(wanted)}"
        if not self.chance(25):
            return self.given("filter", kind.name, None if self.chance(4) else wanted)
        return f"filter: {literal({name: self.by_variables(name, each, kind) for name, each in wanted.items()})}"

    def comparison(self, entity: str, name: str, kind: GraphQLInputObjectType) -> Mapping[str, Any] | None:
        """How a field is compared; at times not at all, which null says."""
        if self.chance(4):
            return None
        compared = cast("GraphQLInputObjectType", get_named_type(kind.fields[name].type))
        return {
            how: None if self.chance(8) else self.compared(entity, name, how, compared)
            for how in self.some(list(compared.fields), 2)
        }

    def by_variables(
        self, name: str, wanted: Mapping[str, Any] | None, kind: GraphQLInputObjectType
    ) -> Mapping[str, Any] | Name:
        """The same comparisons, each of their values by a variable; by one that is left out or null, where there is none."""
        if wanted is None:
            return self.without_value(str(kind.fields[name].type))
        compared = cast("GraphQLInputObjectType", get_named_type(kind.fields[name].type))
        return {how: self.by_variable(compared.fields[how], value) for how, value in wanted.items()}

    def by_variable(self, compared: GraphQLInputField, value: Any) -> Any:
        scalar = get_named_type(compared.type).name
        match value:
            case None:
                return self.without_value(str(compared.type))
            case list():
                return [self.valued(scalar, each) for each in cast("list[Any]", value)]
            case Name() if value.startswith("$"):
                return value
            case _:
                return self.valued(scalar, value)

    def without_value(self, kind: str) -> Name:
        """A variable that is null, or left out."""
        variable = self.variable(kind)
        if self.chance(50):
            self.variables[variable] = None
        return Name(f"${variable}")

    def valued(self, scalar: str, value: Any) -> Name:
        """A variable with this value."""
        variable = self.variable(f"{scalar}!")
        self.variables[variable] = value
        return Name(f"${variable}")

    def compared(self, entity: str, name: str, how: str, compared: GraphQLInputObjectType) -> Any:
        if how == "isNull":
            return self.chance(50)
        kind = get_named_type(compared.fields[how].type)
        if compared.name in ("IDFilter", "TokenFilter"):
            return self.opened(entity, name, kind.name)
        if compared.name == "FieldAccessMatch":
            entity, name = "FieldAccess", how
        values = self.pool.values[entity, name] or _ANY.get(kind.name, ["X"])
        if isinstance(kind, GraphQLEnumType):
            values = [Name(value) for value in kind.values]
        if how == "in":
            return self.some(values, 4)
        value = self.pick(values)
        return value[: self.draw(_below(4))] if how == "startsWith" else value

    def opened(self, entity: str, name: str, scalar: str) -> Name:
        """An id, or the token of a text, in a form that is made when it is asked: most often the right one."""
        variable = self.variable(f"{scalar}!")
        if scalar == "String":
            sealed = self.pick([*(self.pool.values[entity, name] or ()), "nobody"])
            form = self.pick(("sealed", "sealed", "sealed", "foreign text", sealed, ""))
            self.ids[variable] = IdOf(kind=f"{entity}.{name}", identity=sealed, form=form)
            return Name(f"${variable}")
        kind = "Organisation" if name == "organisation" else "Member"
        identity = self.pick([*self.pool.ids[kind], NO_ROW])
        form = self.pick(("plain", "token", "plain", "token", "foreign", f"{kind}:007", f"{kind}:~00", "", "Order:1"))
        self.ids[variable] = IdOf(kind=kind, identity=identity, form=form)
        return Name(f"${variable}")

    def ordered(self, found: GraphQLField) -> str | None:
        if "orderBy" not in found.args or not self.chance(35):
            return None
        kind = cast("GraphQLInputObjectType", get_named_type(found.args["orderBy"].type))
        ways = [{name: Name(self.pick(("ASC", "DESC")))} for name in self.some(list(kind.fields), 2)]
        return self.given("orderBy", f"[{kind.name}!]", None if self.chance(4) else ways)

    def paged(self, kind: GraphQLObjectType, depth: int, scale: int) -> str:
        """What is wanted of a page."""
        rows = _object(kind.fields["nodes"])
        parts: list[str] = []
        if self.chance(75):
            parts.append(f"nodes {self.selection(rows, depth, scale)}")
        if self.chance(25):
            cursor = "cursor " if self.chance(70) else ""
            parts.append(f"edges {{ {cursor}node {self.selection(rows, min(depth, 1), scale)} }}")
        if self.chance(30):
            parts.append("totalCount")
        if self.chance(40):
            entries = self.some(("endCursor", "hasNextPage", "hasPreviousPage", "startCursor"), 4)
            parts.append(f"pageInfo {{ {' '.join(entries) or 'endCursor'} }}")
        if not parts or self.chance(3):
            parts.append("__typename")
        return f"{{ {' '.join(parts)} }}"

    # Arguments, aliases and directives.

    def given(self, name: str, kind: str, value: Any) -> str:
        """An argument, as a literal or by a variable; at times by the variable's default."""
        if not self.chance(35):
            return f"{name}: {literal(value)}"
        if self.chance(20):
            nullable = kind.removesuffix("!")
            return f"{name}: ${self.variable(f'{nullable} = {literal(value)}')}"
        variable = self.variable(kind)
        self.variables[variable] = value
        return f"{name}: ${variable}"

    def variable(self, kind: str) -> str:
        name = f"v{len(self.definitions)}"
        self.definitions[name] = kind
        return name

    def called(self, arguments: Sequence[str]) -> str:
        return f"({', '.join(arguments)})" if arguments else ""

    def alias(self) -> str:
        """Fields with arguments never share a key, so that all that is written is valid."""
        self.aliases += 1
        return f"{'abcdefghij'[self.aliases % 10]}{self.aliases}: "

    def directive(self) -> str:
        if not self.chance(6):
            return ""
        wanted = self.chance(70)
        name = self.pick(("include", "skip"))
        value = wanted is (name == "include")
        if self.chance(50):
            return f" @{name}(if: {literal(value)})"
        variable = self.variable("Boolean!")
        self.variables[variable] = value
        return f" @{name}(if: ${variable})"


_ANY: Mapping[str, Sequence[Any]] = {
    "Int": [1],
    "Decimal": ["1.5"],
    "DateTime": ["2020-01-01T00:00:00Z"],
    "Boolean": [True, False],
}


def _object(found: GraphQLField) -> GraphQLObjectType:
    kind = get_named_type(found.type)
    assert isinstance(kind, GraphQLObjectType)
    return kind
