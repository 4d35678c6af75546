"""Renders a plan as one SQL statement that reads and masks, and tells what its record is to say.

    call    the values of the calls in the batch, and the conditions on their requesters; no row of it, and so no
            answer, if another policy is in force by now
    answer  for each call, its answer as JSON text, the data subjects in it with what each is shown, and the number
            of rows

Cannot see the policy: it turns the plan, and nothing else, into text. The text depends on the plan alone.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, assert_never
from uuid import UUID

from resolvers.planning.plan import (
    ConnectionPage,
    EdgeNode,
    HiddenFieldNames,
    Joined,
    Leaf,
    ListedRows,
    MaskedFieldList,
    Page,
    PageEntry,
    PageField,
    PageInfoEntries,
    PageRows,
    PartRows,
    Plan,
    PlanNode,
    Projection,
    RowSet,
    RowVersion,
    SingleRow,
    StaticValue,
    Summary,
    TypeName,
)
from resolvers.sql.borders import cross_border_sql
from resolvers.sql.call import call_sql, suspensions_for
from resolvers.sql.conditions import instrument_sql
from resolvers.sql.json_text import JsonEntry, list_text, object_text, value_text
from resolvers.sql.masked_fields import masked_fields_sql
from resolvers.sql.masking import RowAlias, hidden_names_sql, masked_sql, needs_no_escape, row_version_sql
from resolvers.sql.pages import PageSql
from resolvers.sql.pieces import EMPTY, Sql, constant, indent, join, name, sql
from resolvers.sql.reading import JsonValue, ReadRow, compose, join_lateral
from resolvers.sql.rows import cursor_sql, from_sql, parameter_sql, where_sql
from resolvers.sql.sharing import Value, asked_values, made_values, value_key
from resolvers.sql.shown import Classes
from resolvers.sql.statistics import summary_sql
from schema.access_record import ANSWERED, DESCRIBED
from schema.catalog import Catalog, Scalar
from schema.requester import DEFAULT_COUNTRY
from schema.treatments import Treatment

ROW_BYTES: Final = 500
"""About how many bytes a row of the log takes besides its texts, its places in indexes and its leaf of the proof included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """A plan's row of `access_plan`. Its id is made of the other columns."""

    id: UUID = field(init=False)
    role: str
    purpose: str
    policy: str
    operation: str | None
    document: str
    fields: str
    classes: str = "[]"
    """The classes of what a person may be shown. A record names them by number."""
    reads_data: bool = True
    """Whether an answer reads or changes data. It follows from the document, and is no column."""

    def __post_init__(self) -> None:
        content = (self.role, self.purpose, self.policy, self.operation, self.document, self.fields, self.classes)
        digest = hashlib.sha256(json.dumps(content).encode()).digest()
        object.__setattr__(self, "id", UUID(bytes=digest[:16]))

    @property
    def outcome(self) -> str:
        """What the record of an answer says."""
        return ANSWERED if self.reads_data else DESCRIBED

    @property
    def bytes(self) -> int:
        """About how many bytes it takes in the log."""
        return ROW_BYTES + len(self.document) + len(self.fields) + len(self.classes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Statement:
    """A SELECT for any number of calls of one plan: one array for each standard column and parameter.

    Made once for each plan, so two of them are compared by identity.

    `plan` is to be stored before the first record; a statement without one shows nothing of the marketplace. A call that
    gets no row back was planned by a policy that is no longer in force.
    `treatments` is the JSON of the answer's `extensions.privacy.treatments`; `keyed`, whether tokens are made of the
    requester's key, which no other statement needs to be given.
    """

    sql: str
    plan: PlanRecord | None
    treatments: bytes
    needs_key: bool = False

    @property
    def size(self) -> int:
        """How many statements of the usual size it counts for where statements are kept.

        A long one counts for more than it is longer, so that few of those are kept.
        """
        document = self.plan.document if self.plan else ""
        characters = len(self.sql) + len(document)
        return 1 + characters // 5_000 + 4 * (characters // 20_000) ** 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What an operator says of the marketplace that is served."""

    country: str = DEFAULT_COUNTRY
    empty_tables: frozenset[str] = frozenset()
    """The tables that may be empty though a condition then holds for nobody: with these, it holds for everybody."""


def render(plan: Plan, catalog: Catalog, installation: Installation) -> Statement:
    """The statement of a plan."""
    classes = Classes({each.field: each for each in plan.disclosures})
    statement = _Rendering(plan, catalog, installation, classes).statement()
    return Statement(
        sql=statement.text,
        plan=_stored(plan, classes),
        treatments=_treatments(plan),
        needs_key=statement.needs_key,
    )


def _stored(plan: Plan, classes: Classes) -> PlanRecord:
    return PlanRecord(
        role=plan.role,
        purpose=plan.purpose,
        policy=plan.policy,
        operation=plan.operation,
        document=plan.document,
        fields=json.dumps([{"field": each.field, "treatment": each.most.value} for each in plan.disclosures]),
        classes=json.dumps(
            [
                {"treatment": each.treatment.value, "fields": each.fields, "clauses": each.clauses}
                for each in classes.numbers
            ]
        ),
        reads_data=plan.reads_data,
    )


def _treatments(plan: Plan) -> bytes:
    masked = [each for each in plan.disclosures if each.least is not Treatment.PLAIN]
    shows_clauses = plan.role.sees_clauses
    entries = [
        {"field": each.field, "treatment": each.least} | ({"clause": " ".join(each.clauses)} if shows_clauses else {})
        for each in masked
    ]
    return json.dumps(entries, separators=(",", ":")).encode()


@dataclass(slots=True)
class _Rendering:
    """Renders one plan, numbering its aliases."""

    plan: Plan
    catalog: Catalog
    installation: Installation
    classes: Classes
    aliases: int = 0

    # The statement.

    def statement(self) -> Sql:
        answer = self._answer()
        # A call that is suspended has a row that says so, and no answer.
        shown = sql("case when suspended is null then json end") if self._may_be_suspended else sql("json")
        return sql(
            "with in_force as materialized (\n    select version from veil.policy_activation order by id desc limit 1\n), "
            "call as materialized (\n{}\n), answer as materialized (\n{}\n)\n"
            "select n, convert_to({}, 'UTF8') as json, subjects, rows,{}{}\n    {} as cross_border\nfrom answer",
            call_sql(self.catalog, self.plan, self.plan, self.installation.empty_tables, answer),
            answer,
            shown,
            sql("\n    instrument_applies,") if self.plan.instruments else sql(""),
            sql("\n    suspended,") if self._may_be_suspended else sql(""),
            cross_border_sql(self.plan.role, self.catalog, self.installation.country),
        )

    @property
    def _may_be_suspended(self) -> bool:
        return suspensions_for(self.plan.role, self.catalog) is not None

    def _answer(self) -> Sql:
        call = ReadRow(row=RowAlias(entity=None, alias="call", owner="call"))
        answer, told = self._object(self.plan.projection, call), self.plan.instruments
        return sql(
            "    select call.n, call.member, call.organisation,{}{}\n        {} as json,\n        {} as subjects,\n"
            "        {} as rows\n    from call{}",
            sql(" call.suspended,") if self._may_be_suspended else sql(""),
            sql("\n        {} as instrument_applies,", instrument_sql(told)) if told else sql(""),
            answer.text,
            call.subjects(answer),
            call.row_count(answer),
            indent(join("", answer.joins)),
        )

    # What is shown of a row.

    def _object(self, projection: Projection, read: ReadRow) -> JsonValue:
        values = [self._value(each, read) for each in projection]
        entries = zip(projection, values, strict=True)
        text = object_text([JsonEntry(each.key, each.inclusion, value.text) for each, value in entries])
        return compose(text, values)

    def _value(self, node: PlanNode, read: ReadRow) -> JsonValue:
        match node:
            case Leaf() | HiddenFieldNames() | MaskedFieldList() | RowVersion():
                return JsonValue(text=read.made.by_key.get(value_key(node)) or _row_value(node, read.row, None))
            case TypeName():
                return JsonValue(text=constant(json.dumps(node.name)))
            case StaticValue():
                return JsonValue(text=sql("coalesce({}, 'null')", parameter_sql(node.bound)))
            case SingleRow():
                return self._single(node, read)
            case ListedRows():
                return self._listed(node)
            case PartRows():
                return self._parts(node, read)
            case ConnectionPage():
                return self._connection(node, read)
            case Summary():
                figures = join_lateral(summary_sql(node), self._alias("r"), node.inclusion, subjects=False)
                return JsonValue(text=figures.text, joins=figures.joins)
            case _:
                assert_never(node)

    def _single(self, node: SingleRow | ListedRows, read: ReadRow) -> JsonValue:
        found = [self._alternative(node, rows, projection, read) for rows, projection in node.alternatives]
        return compose(sql("coalesce({}, 'null')", join(", ", [each.text for each in found])), found)

    def _listed(self, node: ListedRows) -> JsonValue:
        """A row for each id of a list, which is read as rows with a position."""
        alias = self._alias("l")
        listing = ReadRow(row=RowAlias(entity=None, alias=alias, owner=alias))
        each = self._single(node, listing)
        select = sql(
            "    select {} as json, string_agg({}, ',') as subjects, sum({})::bigint as rows\n"
            "    from json_array_elements({}::json) with ordinality {} (id, position){}",
            list_text(each.text, name(alias, "position"), EMPTY),
            listing.subjects(each),
            listing.row_count(each),
            parameter_sql(node.ids),
            name(alias),
            indent(join("", each.joins)),
        )
        return join_lateral(select, self._alias("r"), node.inclusion, subjects=listing.has_subjects(each))

    def _alternative(
        self, node: SingleRow | ListedRows, rows: RowSet, projection: Projection, read: ReadRow
    ) -> JsonValue:
        inner = self._with_made(self._read(rows, read), projection)
        inner = dataclasses.replace(inner, shown=self.classes.of_row(inner.row, projection))
        shown = self._object(projection, inner)
        made = shown.text, inner.subjects(shown), inner.row_count(shown)
        joins = indent(join("", (*inner.made.joins, *shown.joins)))
        where = where_sql(rows, inner.row, read.row)
        select = sql(
            "    select {} as json, {} as subjects, {} as rows\n    from {}{}\n    where {}\n    limit 1",
            *made,
            from_sql(rows, inner.row, *made, joins, where),
            joins,
            where,
        )
        return join_lateral(select, self._alias("r"), node.inclusion, subjects=inner.has_subjects(shown))

    def _parts(self, node: PartRows, read: ReadRow) -> JsonValue:
        inner = self._with_made(self._read(node.rows, read), node.projection)
        shown = self._object(node.projection, inner)
        of_owner = read.shown_by_parts(self.classes.of_row(read.row, node.projection))
        of_parts = sql("string_agg({}, ',')", inner.subjects(shown))
        stored = node.rows.entity.storage
        made = (
            list_text(shown.text, name(inner.row.alias, stored.order or stored.key), EMPTY),
            sql("nullif(concat_ws(',', {}, {}), '')", of_owner, of_parts) if of_owner else of_parts,
            inner.row_count(shown),
        )
        joins = indent(join("", (*inner.made.joins, *shown.joins)))
        where = where_sql(node.rows, inner.row, read.row)
        select = sql(
            "    select {} as json, {} as subjects, sum({})::bigint as rows\n    from {}{}\n    where {}",
            *made,
            from_sql(node.rows, inner.row, *made, joins, where),
            joins,
            where,
        )
        named = inner.has_subjects(shown) or of_owner is not None
        return join_lateral(select, self._alias("r"), node.inclusion, subjects=named)

    def _read(self, rows: RowSet, parent: ReadRow, *, tag: bool = False) -> ReadRow:
        alias = self._alias(rows.entity.name[0].lower())
        owner = parent.row.alias if rows.entity.storage.is_part else alias
        row = RowAlias(entity=rows.entity, alias=alias, owner=owner)
        if tag:
            row = dataclasses.replace(row, tag=row.own("tag"))
        return ReadRow(row=row, parent_names=_parent_names(rows, parent.row), subjects_above=parent.named_subjects)

    def _with_made(self, read: ReadRow, nodes: Iterable[PlanNode | PageEntry], page: Page | None = None) -> ReadRow:
        """The row, and what is asked of it several times made once."""
        repeated = [each for each in asked_values(nodes) if each.times > 1 and each.is_of_row]
        if not repeated:
            return read
        made = [(each, _row_value(each.value, read.row, page)) for each in repeated]
        return dataclasses.replace(read, made=made_values(made, self._alias("s")))

    def _beside(self, node: ConnectionPage, paged: PageSql) -> PageSql:
        """The page, and the aliases of what is asked beside its rows."""
        wanted = {
            each.value.part: each.wanted for each in asked_values(node.entries) if isinstance(each.value, PageField)
        }
        paged = dataclasses.replace(paged, wanted=wanted)
        return dataclasses.replace(paged, beside={part: self._alias("s") for part in paged.parts_beside})

    def _alias(self, letter: str) -> str:
        self.aliases += 1
        return f"{letter}{self.aliases}"

    # A page of rows: those within its bounds first, then what is shown of them.

    def _connection(self, node: ConnectionPage, read: ReadRow) -> JsonValue:
        page = node.rows.page
        assert page  # noqa: S101 - a connection has a page
        inner = self._read(node.rows, read, tag=any(key.scalar is None for key in page.sort_keys))
        inner = self._with_made(inner, node.entries, page)
        inner = dataclasses.replace(inner, shown=self.classes.of_row(inner.row, node.entries))
        paged = self._beside(node, PageSql(rows=node.rows, page=page, read=inner, parent=read.row))
        shown = self._page_object(node.entries, paged)
        select = sql(
            "    select {} as json, {} as subjects, sum({}){}::bigint as rows\n    from (\n{}\n    ) {}{}",
            shown.text,
            paged.subjects(shown),
            inner.row_count(shown),
            paged.restriction,
            indent(paged.bounded([shown.text, *inner.made.joins, *shown.joins, inner.subjects(shown)])),
            name(inner.row.alias),
            indent(join("", (*inner.made.joins, *shown.joins))),
        )
        value = join_lateral(select, self._alias("r"), node.inclusion, subjects=inner.has_subjects(shown))
        return compose(value.text, [*paged.read_beside(node.inclusion), value])

    def _page_object(self, entries: Sequence[PageEntry], paged: PageSql) -> JsonValue:
        values = [self._page_value(each, paged) for each in entries]
        text = object_text(
            [JsonEntry(each.key, each.inclusion, value.text) for each, value in zip(entries, values, strict=True)]
        )
        return compose(text, values)

    def _page_value(self, entry: PageEntry, paged: PageSql) -> JsonValue:
        match entry:
            case TypeName():
                return JsonValue(text=constant(json.dumps(entry.name)))
            case PageField():
                return JsonValue(text=paged.read.made.by_key.get(value_key(entry)) or paged.part(entry.part))
            case PageRows(node=node, edge=edge):
                element = self._object(node, paged.read) if node is not None else self._page_object(edge or (), paged)
                return compose(paged.listed(element.text), [element])
            case EdgeNode():
                return self._object(entry.projection, paged.read)
            case PageInfoEntries():
                return self._page_object(entry.entries, paged)
            case _:
                assert_never(entry)


def _row_value(value: Value, row: RowAlias, page: Page | None) -> Sql:
    """What a row answers by itself."""
    match value:
        case Leaf(shown=shown):
            is_text_id = shown.column.scalar is Scalar.ID and shown.entity.storage.id_type == "text"
            scalar = Scalar.TEXT if is_text_id else shown.column.scalar
            return value_text(scalar, masked_sql(shown, row), simple=needs_no_escape(shown))
        case HiddenFieldNames():
            return hidden_names_sql(value.fields, row)
        case MaskedFieldList():
            return masked_fields_sql(value, row)
        case RowVersion():
            return value_text(Scalar.TEXT, row_version_sql(value, row), simple=True)
        case PageField():
            assert page  # noqa: S101 - a cursor is of a page
            return cursor_sql(page, row)


def _parent_names(rows: RowSet, parent: RowAlias) -> str | None:
    """The column whose data subject the parent's row names by the column that leads here: an order, its buyer."""
    match rows.selector:
        case Joined(far=far, near=near, within=False) if parent.entity and not parent.entity.storage.is_part:
            return far if near in parent.entity.storage.subjects else None
        case _:
            return None
