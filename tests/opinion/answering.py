"""The second opinion itself: what an operation is to be answered, and what its record is to hold.

Walks the operation with graphql-core's own executor over rows and decides field by field, row by row, by the policy's
words. Nothing is planned, compiled or remembered.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from graphql import DocumentNode, GraphQLResolveInfo, GraphQLSchema, VariableNode, execute_sync

from schema import tokens
from schema.catalog import Catalog, Column, Entity, Relation, Scalar
from schema.fields import (
    ByIdField,
    ConnectionField,
    LinkField,
    MeField,
    NodeField,
    NodesField,
    PartsField,
    StaticField,
    StatisticsField,
)
from schema.labels import OwnCategories
from schema.treatments import Treatment
from tests.opinion import figures, paging
from tests.opinion.deciding import Eyes, Seen, is_unknown_word, subjects
from tests.opinion.market import PAPERS, Row
from tests.opinion.paging import Ledger, Page, Place
from tests.opinion.stating import stated

Info = GraphQLResolveInfo[Any]

OTHER_FILTERS = ("organisation", "requester", "member", "fields")
"""What the log is filtered by that is not plain on each row."""

MOST_NAMED = 1_000
"""Members whom the record of a count names, for each data subject that a row has."""


class NotAnswered(Exception):
    """The operation is to be refused, with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Wrong(Exception):
    """The view offers what it must not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A valid operation, the values of its variables, and the requester's cursors known so far."""

    document: DocumentNode
    name: str | None
    variables: Mapping[str, Any]
    schema: GraphQLSchema
    ledger: Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is to be answered, the data subjects whose rows were read for it, and how many rows were."""

    data: Mapping[str, Any]
    subjects: frozenset[int]
    shown: Mapping[int, frozenset[tuple[str, str]]]
    """What was shown of each: fields, and by which treatment."""
    rows: int
    orders: Mapping[str, str]
    """By which order the rows come whose cursor each variable may be."""
    stated: bool
    """Whether some of it is of the policy itself, which is written by another hand."""


def answer(operation: Operation, eyes: Eyes) -> Answer:
    """Raises `NotAnswered` and `Wrong`."""
    answering = _Answering(eyes=eyes, ledger=operation.ledger)
    result = execute_sync(
        operation.schema,
        operation.document,
        operation_name=operation.name,
        variable_values=dict(operation.variables),
        field_resolver=answering.field,
        type_resolver=lambda seen, *_: seen.entity.name,
    )
    for error in result.errors or ():
        raise error.original_error or error
    assert result.data is not None
    return Answer(
        data=result.data,
        subjects=frozenset(answering.subjects),
        shown={member: frozenset(fields) for member, fields in answering.shown.items()},
        rows=answering.rows,
        orders=answering.orders,
        stated=answering.stated,
    )


@dataclass(slots=True, kw_only=True)
class _Answering:
    """Answers one operation, keeping count of the rows it reads."""

    eyes: Eyes
    ledger: Ledger
    rows: int = 0
    subjects: set[int] = field(default_factory=set[int])
    shown: defaultdict[int, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    orders: dict[str, str] = field(default_factory=dict[str, str])
    stated: bool = False

    def field(self, source: Any, info: Info, **arguments: Any) -> Any:
        match source:
            case None:
                return self._root(info, arguments)
            case Seen():
                return self._of_row(source, info, arguments)
            case _:
                found = source[info.field_name]
                return self._looked_at(found) if isinstance(found, Beyond | Counted) else found

    @property
    def _catalog(self) -> Catalog:
        return self.eyes.standpoint.catalog

    # Roots.

    def _root(self, info: Info, arguments: Mapping[str, Any]) -> Any:
        root = self._catalog.roots[info.field_name]
        match root.declaration:
            case MeField():
                return self._read_first(self._visible("Member", "id", self.eyes.requester.member))
            case ByIdField():
                return self._found(root.target or "", arguments["id"])
            case NodeField():
                return self._any(arguments["id"])
            case NodesField():
                return [self._any(identity) for identity in arguments["ids"]]
            case ConnectionField():
                entity = self._catalog.entities[root.target or ""]
                everything = [Seen(entity=entity, row=row, owner=row) for row in self._stored(entity)]
                return self._page(info, entity, everything, arguments)
            case StatisticsField(table=table):
                return figures.statistics(self.eyes.market, table, arguments)
            case StaticField():
                self.stated = True
                policy = self.eyes.standpoint.policy
                whole = stated(policy)
                # What advertisers are told is what a response opens.
                opened = {
                    grant.id
                    for granted in policy.grants.values()
                    for grant in granted
                    if any(each.name == "CAMPAIGN_RESPONSE" for each in grant.conditions)
                }
                told = [grant for grant in whole["grants"] if grant["id"] in opened]
                return told if info.field_name == "campaignDisclosures" else whole

    def _any(self, identity: str) -> Seen | None:
        kinds = [each.name for each in self._catalog.entities.values() if "id" in each.columns]
        found = (self._found(kind, identity) for kind in kinds)
        return next((seen for seen in found if seen), None)

    def _found(self, kind: str, identity: str) -> Seen | None:
        """The row whose id, as this requester is shown it, is this one."""
        if not identity.startswith(f"{kind}:"):
            return None
        entity = self._catalog.entities[kind]
        found = (seen for seen in self._visible(kind, "id", self._behind(entity, identity)))
        return self._read_first(seen for seen in found if self.eyes.shown(seen, entity.columns["id"]) == identity)

    def _behind(self, entity: Entity, identity: str) -> int | UUID | None:
        if ":~" in identity:
            return tokens.id_of_token(self.eyes.requester.key, entity.name, identity)
        text = identity.partition(":")[2]
        try:
            return UUID(text) if entity.storage.id_type == "uuid" else int(text)
        except ValueError:
            return None

    # Of a row.

    def _of_row(self, seen: Seen, info: Info, arguments: Mapping[str, Any]) -> Any:
        name = info.field_name
        if column := seen.entity.columns.get(name):
            self._tell(seen, column)
            return self.eyes.shown(seen, column)
        if relation := seen.entity.relations.get(name):
            return self._related(seen, relation, info, arguments)
        return list(self._hidden(seen) if name == "hiddenFields" else self._masked(seen))

    def _tell(self, seen: Seen, column: Column) -> None:
        """What a field shows is recorded of those whom it is about; what is nobody's is not."""
        treatment = self.eyes.treatment(seen, column)
        if column.label.category is OwnCategories.OPEN or treatment is Treatment.HIDDEN:
            return
        for member in self._named(seen, column):
            self.shown[member].add((f"{seen.entity.name}.{column.name}", treatment.value))

    def _named(self, seen: Seen, column: Column | None = None) -> Sequence[Any]:
        """Whom a row, or a field of it, is about. The log is about who reads it, whomever its records name."""
        if seen.entity.owner.table == "veil.access_record":
            reader = self.eyes.requester.member
            return [] if reader is None else [reader]
        named = [seen.owner[column.subject]] if column and column.subject else subjects(seen)
        return [each for each in named if each is not None]

    def _hidden(self, seen: Seen) -> Iterator[str]:
        """Fields that are shown of some rows, and not of this one; and those whose word their enum lacks."""
        for column in seen.entity.labelled.values():
            ever = self.eyes.standpoint.most(seen.entity, column)
            is_hidden = self.eyes.treatment(seen, column) is Treatment.HIDDEN or is_unknown_word(seen, column)
            if ever is not Treatment.HIDDEN and is_hidden:
                yield column.name

    def _masked(self, seen: Seen) -> Iterator[Mapping[str, str]]:
        """Fields of this row that have a value, and show another."""
        for column in seen.entity.columns.values():
            treatment = self.eyes.treatment(seen, column)
            has_value = seen.row[column.column] is not None and not is_unknown_word(seen, column)
            if treatment in (Treatment.PARTIAL, Treatment.TOKEN) and has_value:
                yield {"field": column.name, "treatment": treatment.value}

    def _related(self, seen: Seen, relation: Relation, info: Info, arguments: Mapping[str, Any]) -> Any:
        target, near, far = relation.target, relation.near, relation.far
        match relation.declaration:
            case LinkField():
                if relation.column:
                    self._tell(seen, relation.column)
                there = self._visible(target, far, seen.row[near]) if self.eyes.leads_on(seen, relation) else iter(())
                return self._read_first(each for each in there if self._is_for(each, far))
            case PartsField():
                entity = self._catalog.entities[target]
                rows = sorted(
                    self._joined(entity, far, seen.row[near]), key=lambda row: row[entity.storage.order or "id"]
                )
                about, reader = entity.storage.about, self.eyes.requester.member
                parts = [
                    Seen(entity=entity, row=row, owner=seen.row)
                    for row in rows
                    if about is None or row[about] == reader
                ]
                return [self._read(part) for part in parts if self.eyes.visible(part)]
            case ConnectionField(within=within):
                entity = self._catalog.entities[target]
                rows = self._joined(entity, far, seen.row[near], within=within)
                there = [Seen(entity=entity, row=row, owner=row) for row in rows]
                if within:
                    led = [each for each in there if self._is_for_member(each, seen.row[near])]
                else:
                    led = [each for each in there if self._is_for(each, far)]
                return self._page(info, entity, led, arguments)

    def _is_for(self, seen: Seen, far: str) -> bool:
        """Whether a row that is reached by a column is seen for the sake of the member in it, if there is one."""
        stored = seen.entity.storage
        return far not in stored.subjects or stored.subjects_array or self.eyes.visible_for(seen, far)

    def _is_for_member(self, seen: Seen, member: int) -> bool:
        """Whether a row is seen for the sake of a member, whichever of its subjects they are."""
        stored = seen.entity.storage
        if stored.subjects_array:
            return True
        return any(seen.row[each] == member and self.eyes.visible_for(seen, each) for each in stored.subjects)

    # Rows.

    def _visible(self, kind: str, column: str, value: Any) -> Iterator[Seen]:
        entity = self._catalog.entities[kind]
        rows = (Seen(entity=entity, row=row, owner=row) for row in self._joined(entity, column, value))
        return (seen for seen in rows if self.eyes.visible(seen))

    def _joined(self, entity: Entity, column: str, value: Any, *, within: bool = False) -> Sequence[Row]:
        if within:
            return [row for row in self._stored(entity) if value in row[column]]
        return self.eyes.market.where(entity.storage.table, column, value)

    def _stored(self, entity: Entity) -> Sequence[Row]:
        return self.eyes.market.rows(entity.storage.table)

    def _read(self, seen: Seen) -> Seen:
        self.rows += 1
        if not seen.entity.storage.is_part:
            self.subjects.update(self._named(seen))
        return seen

    def _read_first(self, found: Iterable[Seen]) -> Seen | None:
        seen = next(iter(found), None)
        return None if seen is None else self._read(seen)

    # Pages. Every row of a page is read, whatever is selected of it.

    def _page(
        self, info: Info, entity: Entity, rows: Iterable[Seen], arguments: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        wanted = arguments.get("filter") or {}
        others = [(name, each) for name, each in wanted.items() if name in OTHER_FILTERS and each]
        comparisons = list(
            self._comparisons(entity, {name: each for name, each in wanted.items() if name not in OTHER_FILTERS})
        )
        connection = f"{info.parent_type.name}.{info.field_name}"
        order = paging.order(self.eyes, entity, connection, self._wanted(entity, arguments.get("orderBy") or []))
        self.orders.update(dict.fromkeys(_cursor_variables(info), order.name))
        after, before = (self._place(order.name, arguments.get(name)) for name in ("after", "before"))
        asked = paging.Slice(
            size=_size(arguments), backwards=arguments.get("last") is not None, after=after, before=before
        )
        # A record of the log that says no data was read is listed where its outcome is compared.
        is_any = entity.name != "AccessRecord" or any(column.name == "outcome" for column, _, _ in comparisons)
        passing = [
            seen
            for seen in rows
            if self.eyes.visible(seen)
            and (is_any or seen.row["outcome"] != "DESCRIBED")
            and all(_passes(seen.row[column.column], how, given) for column, how, given in comparisons)
            and all(self._meets(seen, *each) for each in others)
        ]
        found = paging.page(passing, order, asked)
        return _page_entries(found, [self._read(seen) for seen in found.rows], Counted(entity, passing))

    def _meets(self, seen: Seen, name: str, wanted: Mapping[str, Any]) -> bool:
        """Whether a row of the log has this organisation, requester, member, or field so shown."""
        given = {how: value for how, value in wanted.items() if value is not None}
        match name:
            case "fields":
                parts = self._catalog.entities["FieldAccess"]
                rows = self._joined(parts, "record", seen.row["id"])
                return not given or any(
                    row["subject"] is None and all(row[how] == value for how, value in given.items()) for row in rows
                )
            case "requester":
                shown = self.eyes.shown(seen, seen.entity.columns["requester"])
                return all(value == shown for value in given.values())
            case "organisation":
                there = seen.row["organisation_id"]
                return all(there is not None and value == f"Organisation:{there}" for value in given.values())
            case "member" if (column := PAPERS.get(seen.entity.name)) is not None:
                named = seen.row[column] if isinstance(seen.row[column], list) else [seen.row[column]]
                shown = [self._member(seen.entity, each) for each in named if each is not None]
                return all(value in shown for value in given.values())
            case _:
                member = self._catalog.entities["Member"]
                found = (self._behind(member, value) for value in given.values() if value.startswith("Member:~"))
                ids = [*found]
                return len(ids) == len(given) and all(each in seen.row["subjects"] for each in ids)

    def _member(self, papers: Entity, member: int) -> str:
        """A member's id as a filter of papers takes it."""
        if self.eyes.standpoint.members_form(papers) is Treatment.TOKEN:
            return tokens.token_of_id(self.eyes.requester.key, "Member", member)
        return f"Member:{member}"

    def _looked_at(self, found: "Beyond | Counted") -> bool | int:
        """To say that there is a row behind the page is to tell of it; to count rows is to tell of each."""
        if isinstance(found, Beyond):
            self.subjects.update(self._named(found.seen) if found.seen else ())
            return found.seen is not None
        # Under several names rows are counted once.
        if not found.is_recorded:
            found.is_recorded = True
            self.rows += len(found.rows)
        members = frozenset[int]().union(*map(self._named, found.rows))
        if len(members) <= MOST_NAMED * len(found.entity.storage.subjects):
            self.subjects.update(members)
            return len(found.rows)
        is_own = self.eyes.requester.role.is_own
        return len(found.rows) if is_own else _rounded(len(found.rows))

    def _comparisons(self, entity: Entity, wanted: Mapping[str, Any]) -> Iterator[tuple[Column, str, Any]]:
        for name, comparisons in wanted.items():
            for how, given in (comparisons or {}).items():
                # What is null is as if it were not there.
                if given is not None:
                    column = self._usable(entity, name)
                    yield column, how, _comparable(column, how, given)

    def _wanted(self, entity: Entity, wanted: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
        for entry in wanted:
            for name in entry:
                self._usable(entity, name)
        return wanted

    def _usable(self, entity: Entity, name: str) -> Column:
        column = entity.columns[name]
        if not self.eyes.standpoint.plain_on_every_row(entity, column):
            raise Wrong(f"`{entity.name}.{name}` may not be filtered or sorted by: it is not plain on every row")
        return column

    def _place(self, order: str, cursor: str | None) -> Place | None:
        if cursor is None:
            return None
        if (order, cursor) not in self.ledger.places:
            raise NotAnswered("ARGUMENT")
        return self.ledger.places[order, cursor]


def _cursor_variables(info: Info) -> Iterator[str]:
    for argument in info.field_nodes[0].arguments or ():
        if argument.name.value in ("after", "before") and isinstance(argument.value, VariableNode):
            yield argument.value.name.value


def _size(arguments: Mapping[str, Any]) -> int:
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise NotAnswered("ARGUMENT")
    size = next((given for given in (first, last) if given is not None), paging.USUAL_SIZE)
    if not 0 <= size <= paging.LARGEST_SIZE:
        raise NotAnswered("ARGUMENT")
    return size


@dataclass(frozen=True, slots=True)
class Beyond:
    """The row next to a page; none where there is none."""

    seen: Seen | None


@dataclass(slots=True)
class Counted:
    """The rows that are counted, and whether their number is in the record."""

    entity: Entity
    rows: Sequence[Seen]
    is_recorded: bool = False


def _rounded(count: int) -> int:
    """To three significant digits, a half upwards."""
    unit = 10 ** max(len(str(count)) - 3, 0)
    return (count + unit // 2) // unit * unit


def _page_entries(page: Page, rows: Sequence[Seen], counted: Counted) -> Mapping[str, Any]:
    return {
        "nodes": rows,
        "edges": [{"cursor": cursor, "node": seen} for cursor, seen in zip(page.cursors, rows, strict=True)],
        "totalCount": counted,
        "pageInfo": {
            "hasNextPage": Beyond(page.following),
            "hasPreviousPage": Beyond(page.preceding),
            "startCursor": page.cursors[0] if page.cursors else None,
            "endCursor": page.cursors[-1] if page.cursors else None,
        },
    }


def _comparable(column: Column, how: str, given: Any) -> Any:
    """A given value as the column's rows have theirs."""
    if how == "isNull":
        return given
    read = _READ.get(column.scalar, _as_is)
    return [read(each) for each in given] if how == "in" else read(given)


def _as_is(given: Any) -> Any:
    return given


_READ = {Scalar.DECIMAL: Decimal, Scalar.TIMESTAMP: datetime.fromisoformat}


def _passes(value: Any, how: str, given: Any) -> bool:
    """Null is equal to nothing, smaller and larger than nothing."""
    if how == "isNull":
        return (value is None) is given
    if value is None:
        return False
    match how:
        case "eq":
            return value == given
        case "in":
            return value in given
        case "gt":
            return value > given
        case "gte":
            return value >= given
        case "lt":
            return value < given
        case "lte":
            return value <= given
        case "startsWith":
            return value.startswith(given)
        case _:
            raise AssertionError(how)
