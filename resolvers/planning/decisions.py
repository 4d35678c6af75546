"""Decides, by the policy, which rows are seen and how each of their fields is shown.

What the policy does not grant is in no decision; what it grants on a condition is there with that condition.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce

from resolvers.alternatives import absorb, conjoined
from resolvers.planning.context import Planning
from resolvers.planning.plan import (
    CERTAIN,
    NEVER,
    Branch,
    Disclosure,
    Joined,
    MaskedColumn,
    Predicate,
    Selector,
    SubjectCondition,
)
from schema.catalog import Column, Entity, Relation
from schema.conditions import Condition, Level, RowNamesRequester, SubjectIsRequester
from schema.fields import Storage
from schema.labels import Category
from schema.policy.grants import Grant, Permission, Rule
from schema.rights import Right
from schema.treatments import MASKS, Treatment


def visible_when(planning: Planning, entity: Entity) -> Predicate:
    """When a row of an entity is seen."""
    if entity.name not in planning.visible:
        planning.visible[entity.name] = _visible_when(planning, entity)
    return planning.visible[entity.name]


def _visible_when(planning: Planning, entity: Entity) -> Predicate:
    grants = planning.visibility.grants(entity)
    if not grants:
        # Invariant: without a grant a row is seen only where it is nobody's.
        assert planning.visibility.sees(entity), entity.name  # noqa: S101
        return CERTAIN
    by_grant = (_row_holding(planning, grant, entity) for grant in grants)
    return absorb(frozenset().union(*by_grant))


def seen_when(planning: Planning, entity: Entity) -> Predicate:
    """When a row is seen by somebody who may have no such type at all."""
    return visible_when(planning, entity) if planning.visibility.sees(entity) else NEVER


def _row_holding(planning: Planning, grant: Grant, entity: Entity, subject: str | None = None) -> Predicate:
    """When a grant lets a row be seen: for the data subjects and the categories of the fields that it shows.

    With a `subject`, for that one alone.
    """
    covered = (column for column in entity.columns.values() if grant.covers(entity, column))
    categories = frozenset(column.label.category for column in covered if not column.label.category.is_open)
    subjects = grant.row_subjects(entity)
    if subject is not None:
        if subject not in subjects:
            return NEVER
        subjects = (subject,)
    return _holding(planning, grant.conditions, entity.owner, subjects, categories)


def visible_for(planning: Planning, entity: Entity, subject: str) -> Predicate:
    """When a row is seen for the sake of one data subject (a column): only then is anybody led from it to them, or back."""
    grants = planning.visibility.grants(entity)
    if not grants:
        return CERTAIN
    by_grant = (_row_holding(planning, grant, entity, subject) for grant in grants)
    return absorb(frozenset().union(*by_grant))


def link_when(planning: Planning, entity: Entity, relation: Relation) -> Predicate:
    """When a row that is seen leads on by a link: as a value's own label says, and its own data subject's conditions."""
    near = relation.near
    when = CERTAIN
    if near in entity.storage.subjects and not entity.storage.subjects_array:
        when = visible_for(planning, entity, near)
    if relation.column:
        shown = _masked(planning, entity, relation.column).branches
        when = conjoined(when, shown[0].when if shown else NEVER)
    known = simplify([Branch(Treatment.PLAIN, when)], visible_when(planning, entity))
    return known[0].when if known else NEVER


def reached_when(planning: Planning, entity: Entity, selector: Selector) -> Predicate:
    """When a row is seen by a way: from a member only where it is seen for that member's sake."""
    match selector:
        case Joined(far=far, within=False) if far in entity.storage.subjects and not entity.storage.subjects_array:
            return visible_for(planning, entity, far)
        case _:
            return visible_when(planning, entity)


def subjects_led_to(planning: Planning, entity: Entity) -> tuple[tuple[str, Predicate], ...]:
    """The data subjects from each of whom a row may be reached, and when it is seen for their sake, if that differs."""
    if entity.storage.subjects_array:
        return ()
    visible = visible_when(planning, entity)
    found = tuple((subject, visible_for(planning, entity, subject)) for subject in entity.storage.subjects)
    return () if all(when == visible for _, when in found) else found


def permitted_when(planning: Planning, right: Right, entity: Entity, column: Column) -> Predicate:
    """When a field of a row may be changed: as a grant's conditions hold for one of those whose data it is."""
    subjects = entity.subjects_of(column)
    category = frozenset({column.label.category})
    permissions = planning.visibility.permissions(right, entity, column)
    by_grant = (_holding(planning, each.conditions, entity.owner, subjects, category) for each in permissions)
    return absorb(frozenset().union(*by_grant))


def permitted_of(
    planning: Planning, permissions: Iterable[Permission], entity: Entity, category: Category
) -> Predicate:
    """When what a row asks of a category may be carried out: as a permission's conditions hold for whom it is about."""
    by_grant = (
        _holding(planning, each.conditions, entity.owner, entity.owner.subjects, {category}) for each in permissions
    )
    return absorb(frozenset().union(*by_grant))


def editable_when(planning: Planning, entity: Entity, columns: Iterable[Column]) -> Predicate:
    """When any of these fields of a row that is seen may be edited."""
    permitted = (permitted_when(planning, Right.EDIT, entity, column) for column in columns)
    when = absorb(frozenset().union(*permitted))
    known = simplify([Branch(Treatment.PLAIN, when)], visible_when(planning, entity))
    return known[0].when if known else NEVER


def disclose(planning: Planning, entity: Entity, column: Column, own: frozenset[str] = frozenset()) -> MaskedColumn:
    """How a field is shown, which is recorded as disclosed. `own` are the row's subjects that the requester is.

    What may be shown is told of all places together: of the least, that where the least may be shown.
    """
    masked = _masked(planning, entity, column)
    # Invariant: the view has no field the policy never shows, so none reaches this place.
    assert masked.branches, masked.field_name  # noqa: S101
    least = _decided(planning, entity, column, own).least if own else masked.least
    known = planning.disclosures.get(masked.field_name)
    if known is None:
        rules = planning.visibility.rules(entity, column)
        planning.disclosures[masked.field_name] = Disclosure(
            field=masked.field_name,
            identifier=column.label.identifier,
            most=masked.most,
            least=least,
            branches=masked.branches,
            clauses=_clauses(rules),
            clauses_by_treatment=tuple(
                (treatment, _clauses(rule for rule in rules if rule.treatment is treatment))
                for treatment in dict.fromkeys(rule.treatment for rule in rules)
            ),
        )
    elif least.openness < known.least.openness:
        planning.disclosures[masked.field_name] = replace(known, least=least)
    return masked


def _clauses(rules: Iterable[Rule]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clause for rule in rules for clause in rule.clauses))


def compared_column(planning: Planning, entity: Entity, column: Column) -> Column:
    """A field that rows are filtered or sorted by. It is recorded as if selected, because it reveals as much."""
    disclose(planning, entity, column)
    return column


def columns_null_at_times(planning: Planning, entity: Entity) -> Iterator[MaskedColumn]:
    """The fields that some rows hide, and those shown whose column may hold what is no value of the field's type."""
    for column in entity.labelled.values():
        masked = _masked(planning, entity, column)
        if masked.branches and (masked.least is Treatment.HIDDEN or column.scalar.may_be_unreadable):
            yield masked


def columns_masked_at_times(planning: Planning, entity: Entity) -> Iterator[MaskedColumn]:
    """The fields that some rows show masked."""
    for column in entity.columns.values():
        masked = _masked(planning, entity, column)
        if any(branch.treatment in MASKS for branch in masked.branches):
            yield masked


def id_branches(planning: Planning, entity: Entity) -> tuple[Branch, ...]:
    """How the id of a row is shown, and when."""
    return _masked(planning, entity, entity.columns["id"]).branches


def _masked(planning: Planning, entity: Entity, column: Column) -> MaskedColumn:
    key = (entity.name, column.name)
    if key not in planning.masked:
        planning.masked[key] = _decided(planning, entity, column, frozenset())
    return planning.masked[key]


def _decided(planning: Planning, entity: Entity, column: Column, own: frozenset[str]) -> MaskedColumn:
    """How a field is shown of rows whose data subjects in `own` are the requester."""
    subjects = entity.subjects_of(column)
    rules = planning.visibility.rules(entity, column)
    together = [(each,) for each in subjects] if entity.is_of_all(column) else [subjects]
    category = frozenset({column.label.category})

    def holding(least: Treatment, about: tuple[str, ...]) -> Predicate:
        """When a rule shows at least this much for one of these."""
        shown = [rule for rule in rules if rule.treatment.openness >= least.openness]
        found = (_holding(planning, rule.conditions, entity.owner, about, category) for rule in shown)
        return _known(frozenset().union(*found), own, entity.owner)

    branches = [
        Branch(treatment, reduce(conjoined, (holding(treatment, about) for about in together)))
        for treatment in dict.fromkeys(rule.treatment for rule in rules)
    ]
    return MaskedColumn(
        entity=entity,
        column=column,
        branches=simplify(branches, _known(visible_when(planning, entity), own, entity.owner)),
    )


def _known(predicate: Predicate, own: frozenset[str], owner: Storage) -> Predicate:
    """The same predicate without the conditions that hold because the data subjects in `own` are the requester."""
    if not own:
        return predicate

    def holds(each: SubjectCondition) -> bool:
        match each.condition.holds_if:
            case SubjectIsRequester():
                return each.subject in own
            case RowNamesRequester():
                columns = owner.condition_columns[each.condition.name]
                return isinstance(columns, tuple) and not own.isdisjoint(columns)
            case _:
                return False

    return absorb(frozenset(frozenset(each for each in one if not holds(each)) for one in predicate))


def _holding(
    planning: Planning,
    conditions: Iterable[Condition],
    owner: Storage,
    subjects: Sequence[str],
    categories: Iterable[Category],
) -> Predicate:
    """When all conditions hold, those of a data subject for one and the same of these, for one of the categories."""
    of_subject = [condition for condition in conditions if condition.level is Level.SUBJECT]
    others = frozenset(SubjectCondition(condition) for condition in conditions if condition.level is not Level.SUBJECT)
    planning.requester_conditions.update(each.condition for each in others if each.condition.level is Level.REQUESTER)
    planning.filled_tables.update(table for each in conditions if (table := each.must_be_filled))
    if not of_subject:
        return frozenset({others})
    return frozenset(
        others | {SubjectCondition(each, subject, category if each.names_categories else None) for each in of_subject}
        for subject in subjects
        for category in categories
        if all(condition.can_hold_for(subject, owner) for condition in of_subject)
    )


def simplify(branches: Sequence[Branch], visible: Predicate) -> tuple[Branch, ...]:
    """The same branches for rows known to be visible: without what visibility implies, and what is never reached."""
    common = frozenset.intersection(*visible)
    rows = frozenset(one - common for one in visible)
    found: tuple[Branch, ...] = ()
    covered: set[frozenset[SubjectCondition]] = set()
    for branch in branches:
        sets = absorb(frozenset(one - common for one in branch.when))
        reachable = frozenset(one for one in sets if not any(earlier <= one for earlier in covered))
        covered |= reachable
        if all(any(one <= row for one in covered) for row in rows):
            return _merge(found, Branch(branch.treatment, CERTAIN))
        if reachable:
            found = _merge(found, Branch(branch.treatment, reachable))
    return found


def _merge(branches: tuple[Branch, ...], branch: Branch) -> tuple[Branch, ...]:
    """The branches and one more, joined to the last where both are of one treatment."""
    if branches and branches[-1].treatment is branch.treatment:
        return (*branches[:-1], Branch(branch.treatment, absorb(branches[-1].when | branch.when)))
    return (*branches, branch)
