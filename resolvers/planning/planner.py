"""Plans a selection: decides, by the policy, what is shown of it to one role and purpose.

The only place that decides. What the policy does not grant is not in the plan; what it grants on a condition is in it
with that condition. Never sees a value, a table's rows or a requester beyond role and purpose.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from resolvers.front import selection
from resolvers.front.selection import Argument, Field, Keyword, Selection, Slot
from resolvers.planning.plan import (
    ALWAYS,
    CERTAIN,
    AllRows,
    Branch,
    ById,
    ByRequester,
    Comparison,
    ConnectionPage,
    CostTerm,
    CursorParameter,
    Disclosure,
    EdgeNode,
    Figure,
    Filter,
    HiddenFieldNames,
    IdParameter,
    Inclusion,
    Joined,
    Leaf,
    ListParameter,
    MaskedColumn,
    Page,
    PageEntry,
    PageField,
    PageInfoEntries,
    PagePart,
    PageRows,
    PageSizeParameter,
    Parameter,
    ParameterRef,
    PartRows,
    Plan,
    PlanNode,
    Predicate,
    Projection,
    RowSet,
    Selector,
    SingleRow,
    SortKey,
    StaticAnswer,
    StaticValue,
    SubjectCondition,
    Summary,
    SummaryEntry,
    SummaryPart,
    SwitchParameter,
    TypeName,
    ValueParameter,
)
from schema.catalog import Catalog, Column, Entity, Relation, Scalar
from schema.conditions import Condition, Level
from schema.fields import (
    ByIdField,
    ConnectionField,
    LinkField,
    MeField,
    NodeField,
    PartsField,
    StaticField,
    StatisticsField,
)
from schema.labels import Category
from schema.policy.grants import Grant
from schema.refusals import Code, Refused
from schema.requester import Role
from schema.treatments import Treatment
from schema.view import Direction
from schema.visibility import Visibility

NOTHING: Mapping[str, Argument] = {}

Sizes = tuple[PageSizeParameter, ...]
"""Of the pages that rows are in, the outermost first."""


def plan(selected: Selection, document: str, sight: Visibility, catalog: Catalog) -> Plan:
    """What a selection shows to a role for a purpose. Raises `Refused` with ARGUMENT."""
    planning = _Planning(sight, catalog)
    projection = tuple(planning.root(field) for field in selected.fields)
    return Plan(
        role=sight.role,
        purpose=sight.purpose,
        policy=sight.policy.version,
        # Members read the name in the log of who saw them: what just anybody writes there is not for them.
        operation=None if sight.role in (Role.PUBLIC, Role.MEMBER) else selected.name,
        document=document,
        projection=projection,
        parameters=tuple(planning.parameters),
        requester_conditions=frozenset(planning.standing),
        disclosures=tuple(planning.disclosures[place] for place in sorted(planning.disclosures)),
        cost=tuple(CostTerm(factor, sizes) for sizes, factor in planning.cost.items()),
    )


class _Planning:
    """Plans one selection, gathering the parameters, disclosures and cost of all its parts."""

    def __init__(self, sight: Visibility, catalog: Catalog) -> None:
        self._sight = sight
        self._catalog = catalog
        self.parameters: list[Parameter] = []
        self.disclosures: dict[str, Disclosure] = {}
        self.cost: Counter[Sizes] = Counter()
        self.standing: set[Condition] = set()

    # Roots and relations: which rows.

    def root(self, field: Field) -> PlanNode:
        inclusion = self._inclusion(field)
        if field.name == "__typename":
            return TypeName(key=field.key, inclusion=inclusion, name="Query")
        if field.name.startswith("__"):
            self.cost[()] += SCAN
            return StaticValue(key=field.key, inclusion=inclusion, bound=self._bind(StaticAnswer(key=field.key)))
        root = self._catalog.roots[field.name]
        match root.declaration:
            case ConnectionField():
                return self._connected(field, self._catalog.entities[root.target or ""], AllRows.ROWS, ())
            case MeField():
                return self._one(field, [(self._catalog.entities[root.target or ""], ByRequester())], ())
            case ByIdField() | NodeField():
                entities = [self._catalog.entities[name] for name in field.selections]
                return self._one(field, [(each, self._by_id(each, field.arguments["id"])) for each in entities], ())
            case StaticField():
                self.cost[()] += SEARCH
                return StaticValue(key=field.key, inclusion=inclusion, bound=self._bind(StaticAnswer(key=field.key)))
            case StatisticsField() as facts:
                return self._summary(field, facts)

    def _related(self, field: Field, relation: Relation, sizes: Sizes) -> PlanNode:
        target = self._catalog.entities[relation.target]
        match relation.declaration:
            case LinkField(near=near, far=far):
                return self._one(field, [(target, Joined(far=far, near=near, within=False))], sizes)
            case ConnectionField(near=near, far=far, within=within):
                return self._connected(field, target, Joined(far=far or "id", near=near, within=within), sizes)
            case PartsField(near=near, far=far):
                return self._many(field, target, Joined(far=far, near=near, within=False), sizes)

    def _one(self, field: Field, reaches: Iterable[tuple[Entity, Selector]], sizes: Sizes) -> SingleRow:
        self.cost[sizes] += 1
        alternatives = tuple(
            (self._rows(entity, reach), self._projection(entity, field.selections[entity.name], sizes))
            for entity, reach in reaches
        )
        return SingleRow(key=field.key, inclusion=self._inclusion(field), alternatives=alternatives)

    def _many(self, field: Field, entity: Entity, reach: Selector, sizes: Sizes) -> PartRows:
        self.cost[sizes] += PARTS
        return PartRows(
            key=field.key,
            inclusion=self._inclusion(field),
            rows=self._rows(entity, reach),
            projection=self._projection(entity, field.selected, sizes),
        )

    def _connected(self, field: Field, entity: Entity, reach: Selector, sizes: Sizes) -> ConnectionPage:
        size = _page_size(field.arguments)
        page = self._page(entity, field.arguments, size)
        sizes = (*sizes, size)
        self.cost[sizes] += 1
        if counts := sum(entry.name == "totalCount" for entry in field.selected):
            self.cost[sizes[:-1]] += counts * (SEARCH if reach is AllRows.ROWS else PARTS)
        filters = tuple(self._filters(entity, field.arguments.get("filter")))
        return ConnectionPage(
            key=field.key,
            inclusion=self._inclusion(field),
            rows=self._rows(entity, reach, filters=filters, page=page),
            entries=self._page_entries(field.selected, entity, sizes),
        )

    def _rows(
        self, entity: Entity, reach: Selector, *, filters: tuple[Filter, ...] = (), page: Page | None = None
    ) -> RowSet:
        return RowSet(entity=entity, selector=reach, visible=self._visible(entity), filters=filters, page=page)

    # Figures about many.

    def _summary(self, field: Field, facts: StatisticsField) -> Summary:
        self.cost[()] += SCAN
        grants = self._sight.policy.grants_for(self._sight.role, self._sight.purpose)
        clauses = dict.fromkeys(
            clause for grant in grants if facts.category in grant.aggregates for clause in grant.clauses
        )
        partial = (Branch(Treatment.PARTIAL, CERTAIN),)
        place = f"Query.{field.name}"
        self.disclosures[place] = Disclosure(
            field=place, most=Treatment.PARTIAL, least=Treatment.PARTIAL, branches=partial, clauses=tuple(clauses)
        )
        dimension = field.arguments.get("groupBy")
        return Summary(
            key=field.key,
            inclusion=self._inclusion(field),
            table=facts.table,
            members=facts.members,
            dimension=facts.dimensions[dimension.value].value if isinstance(dimension, Keyword) else None,
            filters=tuple((each, self._fact(field.arguments[each])) for each in facts.filters),
            entries=tuple(self._summary_entry(entry) for entry in field.selected),
        )

    def _fact(self, argument: Argument) -> ParameterRef:
        assert isinstance(argument, Slot)  # noqa: S101 - the argument is of a leaf type that cannot be null
        return self._bind(ValueParameter(scalar=Scalar.TEXT, slot=argument))

    def _summary_entry(self, field: Field) -> SummaryEntry:
        figures = tuple(
            Figure(key=each.key, inclusion=self._inclusion(each), name=each.name, type_name=each.parent_type)
            for each in field.selected
        )
        return SummaryEntry(
            key=field.key, inclusion=self._inclusion(field), part=SummaryPart(field.name), figures=figures
        )

    # Pages.

    def _page(self, entity: Entity, arguments: Mapping[str, Argument], size: PageSizeParameter) -> Page:
        keys = tuple(self._keys(entity, arguments.get("orderBy")))
        return Page(
            sort_keys=keys,
            size=self._bind(size),
            backwards=arguments.get("last") is not None,
            after=self._cursor(keys, arguments.get("after")),
            before=self._cursor(keys, arguments.get("before")),
        )

    def _keys(self, entity: Entity, order: Argument) -> Iterator[SortKey]:
        # A single entry need not be written as a list (GraphQL specification §3.11). An empty list is no order.
        entries = [order] if isinstance(order, Mapping) else order
        if entries and isinstance(entries, Sequence):
            yield from self._chosen_keys(entity, entries)
        else:
            yield from self._usual_key(entity)
        stored = self._sight.is_everywhere(entity, entity.columns["id"], Treatment.PLAIN)
        identity = Scalar.UUID if entity.storage.id_type == "uuid" else Scalar.ID
        yield SortKey("id", identity if stored else None, descending=False, nullable=False)

    def _chosen_keys(self, entity: Entity, entries: Sequence[Argument]) -> Iterator[SortKey]:
        chosen: set[str] = set()
        for entry in entries:
            if not isinstance(entry, Mapping) or len(entry) != 1:
                raise Refused(Code.ARGUMENT, "name one field in each entry of `orderBy`")
            ((name, direction),) = entry.items()
            column = self._asked_by(entity, name)
            if not isinstance(direction, Keyword):
                raise Refused(Code.ARGUMENT, f"give `{name}` of `orderBy` a direction")
            # Invariant: an order is no longer than its type has fields, however long the list that a variable brings.
            if name in chosen:
                raise Refused(Code.ARGUMENT, f"name `{name}` once in `orderBy`")
            chosen.add(name)
            descending = direction.value == Direction.DESC.name
            yield SortKey(column.column, column.scalar, descending=descending, nullable=True)

    def _usual_key(self, entity: Entity) -> Iterator[SortKey]:
        for column in entity.columns.values():
            if column.column == entity.storage.order and self._sight.is_everywhere(entity, column, Treatment.PLAIN):
                yield SortKey(column.column, column.scalar, descending=False, nullable=False)

    def _cursor(self, keys: tuple[SortKey, ...], slot: Argument) -> tuple[ParameterRef, ...]:
        if not isinstance(slot, Slot):
            return ()
        scalars = tuple(key.scalar for key in keys)
        return tuple(
            self._bind(CursorParameter(scalars=scalars, position=position, slot=slot)) for position in range(len(keys))
        )

    def _page_entries(self, fields: Sequence[Field], entity: Entity, sizes: Sizes) -> tuple[PageEntry, ...]:
        self._reckon_again(fields, sizes)
        return tuple(self._page_entry(field, entity, sizes) for field in fields)

    def _page_entry(self, field: Field, entity: Entity, sizes: Sizes) -> PageEntry:
        inclusion = self._inclusion(field)
        match field.name:
            case "nodes":
                element = self._projection(entity, field.selected, sizes)
                return PageRows(key=field.key, inclusion=inclusion, node=element, edge=None)
            case "edges":
                edge = self._page_entries(field.selected, entity, sizes)
                return PageRows(key=field.key, inclusion=inclusion, node=None, edge=edge)
            case "node":
                element = self._projection(entity, field.selected, sizes)
                return EdgeNode(key=field.key, inclusion=inclusion, projection=element)
            case "pageInfo":
                entries = self._page_entries(field.selected, entity, sizes)
                return PageInfoEntries(key=field.key, inclusion=inclusion, entries=entries)
            case "__typename":
                return TypeName(key=field.key, inclusion=inclusion, name=field.parent_type)
            case name:
                return PageField(key=field.key, inclusion=inclusion, part=PagePart(name))

    # Filters and ids: what a requester may ask by.

    def _filters(self, entity: Entity, given: Argument) -> Iterator[Filter]:
        if not isinstance(given, Mapping):
            return
        for name, comparisons in given.items():
            if not isinstance(comparisons, Mapping):
                raise Refused(Code.ARGUMENT, f"say how to compare `{name}` in `filter`, or leave it out")
            column = self._asked_by(entity, name)
            for comparison, argument in comparisons.items():
                yield self._filter(column, Comparison(comparison), argument)

    def _filter(self, column: Column, comparison: Comparison, argument: Argument) -> Filter:
        items = tuple(each for each in argument if isinstance(each, Slot)) if isinstance(argument, Sequence) else ()
        if comparison is Comparison.IN and items:
            return Filter(
                column=column, comparison=comparison, bound=self._bind(ListParameter(scalar=column.scalar, slot=items))
            )
        if not isinstance(argument, Slot):
            raise Refused(Code.ARGUMENT, f"give `{column.name}` a value to compare with; null is asked for by `isNull`")
        match comparison:
            case Comparison.IN:
                parameter = ListParameter(scalar=column.scalar, slot=argument)
            case Comparison.IS_NULL:
                parameter = ValueParameter(scalar=Scalar.BOOLEAN, slot=argument)
            case _:
                parameter = ValueParameter(scalar=column.scalar, slot=argument)
        return Filter(column=column, comparison=comparison, bound=self._bind(parameter))

    def _asked_by(self, entity: Entity, name: str) -> Column:
        """A field that rows are filtered or put in order by: recorded as one that is selected, for it tells as much."""
        column = entity.columns[name]
        self._shown(entity, column)
        return column

    def _by_id(self, entity: Entity, argument: Argument) -> ById:
        if not isinstance(argument, Slot):
            raise Refused(Code.ARGUMENT, "give an `id`")
        cases = self._cases(entity, entity.columns["id"])
        forms = {case.treatment for case in cases}
        bound = {form: self._bind(IdParameter(entity=entity, slot=argument, form=form)) for form in sorted(forms)}
        return ById(plain=bound.get(Treatment.PLAIN), token=bound.get(Treatment.TOKEN), branches=cases)

    # What is shown of a row.

    def _projection(self, entity: Entity, fields: Sequence[Field], sizes: Sizes) -> Projection:
        self._reckon_again(fields, sizes)
        return tuple(self._shape(entity, field, sizes) for field in fields)

    def _shape(self, entity: Entity, field: Field, sizes: Sizes) -> PlanNode:
        inclusion = self._inclusion(field)
        if field.name == "__typename":
            return TypeName(key=field.key, inclusion=inclusion, name=entity.name)
        if relation := entity.relations.get(field.name):
            return self._related(field, relation, sizes)
        if column := entity.columns.get(field.name):
            return Leaf(key=field.key, inclusion=inclusion, shown=self._shown(entity, column))
        return HiddenFieldNames(key=field.key, inclusion=inclusion, fields=tuple(self._sometimes_hidden(entity)))

    def _sometimes_hidden(self, entity: Entity) -> Iterator[MaskedColumn]:
        for column in entity.columns.values():
            if cases := self._cases(entity, column):
                shown = MaskedColumn(entity=entity, column=column, branches=cases)
                if shown.least is Treatment.HIDDEN:
                    yield shown

    def _shown(self, entity: Entity, column: Column) -> MaskedColumn:
        cases = self._cases(entity, column)
        # Invariant: the view has no field the policy never shows, so none reaches this place.
        assert cases, f"{entity.name}.{column.name}"  # noqa: S101
        shown = MaskedColumn(entity=entity, column=column, branches=cases)
        rules = self._sight.rules(entity, column)
        clauses = dict.fromkeys(clause for rule in rules for clause in rule.clauses)
        self.disclosures[shown.field_name] = Disclosure(
            field=shown.field_name, most=shown.most, least=shown.least, branches=cases, clauses=tuple(clauses)
        )
        return shown

    # Conditions: when.

    def _visible(self, entity: Entity) -> Predicate:
        grants = self._sight.grants(entity)
        if not grants:
            # Invariant: without a grant a row is seen only where it is nobody's.
            assert self._sight.sees(entity), entity.name  # noqa: S101
            return CERTAIN
        owned = (
            self._holding(grant.conditions, entity.owner.subjects, categories)
            for grant, categories in ((grant, self._granted(grant, entity)) for grant in grants)
        )
        return absorbed(frozenset().union(*owned))

    def _granted(self, grant: Grant, entity: Entity) -> frozenset[Category]:
        """The categories for which a grant lets a row be seen."""
        return frozenset(
            column.label.category for column in entity.columns.values() if grant.covers(entity, column)
        ) - {Category.OPEN}

    def _cases(self, entity: Entity, column: Column) -> tuple[Branch, ...]:
        subjects = (column.subject,) if column.subject else entity.owner.subjects
        rules = self._sight.rules(entity, column)
        category = frozenset({column.label.category})
        cases = [Branch(rule.treatment, self._holding(rule.conditions, subjects, category)) for rule in rules]
        return simplified(cases, self._visible(entity))

    def _holding(
        self, conditions: Iterable[Condition], subjects: Sequence[str], categories: Iterable[Category]
    ) -> Predicate:
        """When all conditions hold, those of a data subject for one and the same of these, for one of the categories."""
        of_subject = [condition for condition in conditions if condition.level is Level.SUBJECT]
        others = frozenset(
            SubjectCondition(condition) for condition in conditions if condition.level is not Level.SUBJECT
        )
        self.standing.update(held.condition for held in others if held.condition.level is Level.REQUESTER)
        if not of_subject:
            return frozenset({others})
        return frozenset(
            others
            | {SubjectCondition(each, subject, category if each.names_categories else None) for each in of_subject}
            for subject in subjects
            for category in categories
        )

    # Parameters and cost.

    def _reckon_again(self, fields: Sequence[Field], sizes: Sizes) -> None:
        """What is asked for again under another name is made again, and is reckoned as another row."""
        if again := len(fields) - len({field.name for field in fields}):
            self.cost[sizes] += again

    def _bind(self, parameter: Parameter) -> ParameterRef:
        if parameter not in self.parameters:
            self.parameters.append(parameter)
        return ParameterRef(self.parameters.index(parameter) + 1)

    def _inclusion(self, field: Field) -> Inclusion:
        if field.inclusion == selection.ALWAYS_INCLUDED:
            return ALWAYS
        # In an order of their own, not the set's: every process numbers the switches of a document alike.
        sets = sorted(sorted((slot.path, wanted) for slot, wanted in one) for one in field.inclusion)
        return frozenset(
            frozenset((self._bind(SwitchParameter(slot=Slot(path))), wanted) for path, wanted in one) for one in sets
        )


SCAN = 5_000
"""What reading all facts, or the schema, is reckoned as in an operation's cost, so that few such operations go at once."""

SEARCH = 1_000
"""What counting all rows that can be seen, or telling the policy, is reckoned as."""

PARTS = 10
"""How many parts a row is reckoned to have in an operation's cost, or what counting those that belong to it is."""


def _page_size(arguments: Mapping[str, Argument]) -> PageSizeParameter:
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise Refused(Code.ARGUMENT, "give `first` or `last`, not both")
    size = first if last is None else last
    return PageSizeParameter(slot=size if isinstance(size, Slot) else None)


def absorbed(predicate: Predicate) -> Predicate:
    """The same predicate without sets that another already covers."""
    return frozenset(one for one in predicate if not any(other < one for other in predicate))


def simplified(cases: Sequence[Branch], visible: Predicate) -> tuple[Branch, ...]:
    """The same cases for rows known to be visible: without what visibility implies, and what can never be reached."""
    common = frozenset.intersection(*visible)
    given = frozenset(one - common for one in visible)
    found: list[Branch] = []
    covered: set[frozenset[SubjectCondition]] = set()
    for case in cases:
        sets = absorbed(frozenset(one - common for one in case.when))
        reachable = frozenset(one for one in sets if not any(earlier <= one for earlier in covered))
        covered |= reachable
        if all(any(one <= row for one in covered) for row in given):
            return _merged(found, Branch(case.treatment, CERTAIN))
        if reachable:
            found = [*_merged(found, Branch(case.treatment, reachable))]
    return tuple(found)


def _merged(found: Sequence[Branch], case: Branch) -> tuple[Branch, ...]:
    """The cases and one more, joined to the last where both are of one treatment."""
    if found and found[-1].treatment is case.treatment:
        return (*found[:-1], Branch(case.treatment, absorbed(found[-1].when | case.when)))
    return (*found, case)
