"""The policy: grants, and `decide`, the one function that decides by them.

`decide` is total: it answers every question with rules, and no rule means hidden. Planning asks it through
`schema.visibility`, which the view asks too; `schema.policy.changes` asks it to compare two policies. `permit` decides
so what may be changed: no permission means that it may not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from schema.catalog import Column, Entity
from schema.conditions import Condition, SubjectIsRequester
from schema.labels import Category, Identifier, Label, of_somebody
from schema.policy.figures import FigureRules
from schema.requester import Purpose, Role
from schema.rights import Right
from schema.treatments import Treatment, possible_treatment

FEWEST_MEMBERS = 10
"""The fewest members that a figure may be about (clause U7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause of the published policy. `settles` says in words what it settles."""

    id: str
    section: str
    settles: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreadthLimit:
    """How many distinct persons one requester may be shown in a day (in UTC)."""

    persons: int
    refuses: bool
    """Whether one who is over it is refused until the day ends. Else it is only reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleDescription:
    """Who a role is, the kind of organisation that its token must name, and the limit of its requesters, if any."""

    description: str
    requires_organisation: str | None
    breadth: BreadthLimit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The categories and the kinds of identifiers that a version speaks of. All others are hidden under it."""

    collected: tuple[Category, ...]
    """What a file calls `COLLECTED` (clause C9)."""
    other_categories: tuple[Category, ...]
    identifiers: tuple[Identifier, ...]

    @property
    def categories(self) -> tuple[Category, ...]:
        return self.collected + self.other_categories

    def include(self, label: Label) -> bool:
        """Whether a label is made of these words. `OPEN` always is one."""
        category = label.category
        is_known = category in self.collected or category in self.other_categories or category.is_open
        return is_known and all(identifier in self.identifiers for identifier in label.identifiers)

    def categories_of(self, entity: Entity) -> frozenset[Category]:
        """The categories of an entity's fields with labels of these words; `OPEN` only where there is no other."""
        labels = (column.label for column in entity.columns.values())
        return of_somebody(label.category for label in labels if self.include(label))


@dataclass(frozen=True, slots=True, kw_only=True)
class RightScope:
    """What a right is about: the fields of some categories, and single ones."""

    categories: frozenset[Category]
    fields: frozenset[str]

    def covers(self, entity: Entity, column: Column) -> bool:
        return f"{entity.name}.{column.name}" in self.fields or column.label.category in self.categories


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What some roles see and may change for some purposes: how, under which conditions, and by which clauses.

    All `conditions` must hold. A category stands for all its fields but those in `without`; `fields` (like
    `Member.name`) are single ones.
    """

    id: str
    roles: frozenset[Role]
    purposes: frozenset[Purpose]
    categories: frozenset[Category]
    fields: frozenset[str]
    without: frozenset[str]
    aggregates: frozenset[Category]
    """Categories about which only figures are shown."""
    identifiers: Treatment
    """How identifiers are shown."""
    exceptions: Mapping[Identifier, Treatment]
    """How some kinds of them are shown otherwise."""
    rights: Mapping[Right, RightScope] = field(default_factory=dict[Right, RightScope])
    """What may be done beside seeing. What is not here may not."""
    conditions: tuple[Condition, ...]
    clauses: tuple[str, ...]
    words: Words
    """Those of its policy."""

    def treatment_of_kind(self, identifier: Identifier) -> Treatment:
        """How the grant shows one kind of identifier."""
        if identifier in self.exceptions:
            treatment = self.exceptions[identifier]
        elif identifier.is_coincidental and self._is_for_the_own:
            treatment = Treatment.PLAIN
        else:
            treatment = self.identifiers
        return possible_treatment(identifier, treatment)

    @property
    def _is_for_the_own(self) -> bool:
        """Whether only the marketplace's own see what it shows, or the member whose data it is."""
        is_own = any(isinstance(condition.holds_if, SubjectIsRequester) for condition in self.conditions)
        return is_own or all(role.is_own for role in self.roles)

    def touches(self, entity: Entity) -> bool:
        """Whether rows of this entity are shown if the conditions hold."""
        may_cover = not self.categories.isdisjoint(entity.categories) or any(
            field.partition(".")[0] == entity.name for field in self.fields
        )
        return (
            may_cover
            and any(self.covers(entity, column) for column in entity.columns.values())
            and all(condition.can_hold(entity.owner) for condition in self.conditions)
        )

    def covers(self, entity: Entity, column: Column) -> bool:
        """Whether the grant is about this field. It is about none with a label that its policy does not speak of."""
        if not self.words.include(column.label):
            return False
        field = f"{entity.name}.{column.name}"
        return field in self.fields or (column.label.category in self.categories and field not in self.without)

    def permits(self, right: Right, entity: Entity, column: Column) -> bool:
        """Whether it lets a field be changed if its conditions hold."""
        scope = self.rights.get(right)
        return (
            scope is not None
            and self.words.include(column.label)
            and scope.covers(entity, column)
            and all(condition.can_hold(entity.owner) for condition in self.conditions)
        )

    def row_subjects(self, entity: Entity) -> tuple[str, ...]:
        """The data subjects, as columns, for whom its conditions let a row be seen: those of the fields it shows."""
        covered = [column for column in entity.columns.values() if self.covers(entity, column)]
        found = dict.fromkeys(
            subject for column in covered if not column.label.category.is_open for subject in entity.subjects_of(column)
        )
        return tuple(
            subject
            for subject in found
            if all(condition.can_hold_for(subject, entity.owner) for condition in self.conditions)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one grant shows one field."""

    grant: str
    treatment: Treatment
    conditions: tuple[Condition, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """How one grant lets a field be changed."""

    grant: str
    conditions: tuple[Condition, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of the policy. A new `epoch` changes all tokens."""

    version: str
    effective_from: date
    contact: str
    epoch: int
    words: Words
    clauses: Mapping[str, Clause]
    roles: Mapping[Role, frozenset[Purpose]]
    role_descriptions: Mapping[Role, RoleDescription]
    grants: Mapping[tuple[Role, Purpose], tuple[Grant, ...]]
    figures: FigureRules | None
    """How figures are released; none if none are granted."""
    ignored: tuple[str, ...] = ()
    """What the policy in force says that this version of Veil does not know, each with its line. It gives nothing."""

    def purposes_of(self, role: Role) -> frozenset[Purpose]:
        """What a role may ask for: nothing if the policy does not describe it."""
        return self.roles.get(role, frozenset())

    @property
    def all_grants(self) -> Sequence[Grant]:
        """Every grant once, in the order of the file."""
        return list({grant.id: grant for grants in self.grants.values() for grant in grants}.values())

    def grants_for(self, role: Role, purpose: Purpose) -> tuple[Grant, ...]:
        return self.grants.get((role, purpose), ())

    def without(self, category: Category) -> "Policy":
        """The same policy, but that it does not speak of a category: nobody sees anything of it."""
        words = replace(
            self.words,
            collected=tuple(each for each in self.words.collected if each is not category),
            other_categories=tuple(each for each in self.words.other_categories if each is not category),
        )
        grants = {of: tuple(replace(each, words=words) for each in granted) for of, granted in self.grants.items()}
        return replace(self, words=words, grants=grants)

    def row_grants(self, role: Role, purpose: Purpose, entity: Entity) -> tuple[Grant, ...]:
        """The grants that can show rows of an entity. Without one, no row is ever shown."""
        return tuple(grant for grant in self.grants_for(role, purpose) if grant.touches(entity))


OPEN_TO_ALL = Rule(grant="OPEN", treatment=Treatment.PLAIN, conditions=(), clauses=())


def decide(policy: Policy, role: Role, purpose: Purpose, entity: Entity, column: Column) -> tuple[Rule, ...]:
    """The rules for one field, the most revealing first. No rule means hidden.

    Invariant: without a grant nothing is shown, except `OPEN` fields, which are about nobody.
    """
    if column.label.category.is_open:
        return (OPEN_TO_ALL,)
    rules = [_rule(grant, entity, column) for grant in policy.row_grants(role, purpose, entity)]
    shown = [rule for rule in rules if rule.treatment is not Treatment.HIDDEN]
    if entity.is_of_all(column) and not all(_may_show(shown, entity, each) for each in entity.subjects_of(column)):
        return ()
    return tuple(sorted(shown, key=lambda rule: rule.treatment.openness, reverse=True))


def permit(
    policy: Policy, role: Role, purpose: Purpose, right: Right, entity: Entity, column: Column
) -> tuple[Permission, ...]:
    """The grants that let a field be changed. Without one it may not be.

    Invariant: a field that is about nobody may be changed by nobody: whoever changes something of somebody's does, with it.
    """
    if column.label.category.is_open:
        return ()
    return tuple(
        Permission(grant=grant.id, conditions=grant.conditions, clauses=grant.clauses)
        for grant in policy.grants_for(role, purpose)
        if grant.permits(right, entity, column)
    )


def permit_whole(
    policy: Policy, role: Role, purpose: Purpose, right: Right, category: Category
) -> tuple[Permission, ...]:
    """The grants that let something be done with all there is of a category. Without one it may not be."""
    return tuple(
        Permission(grant=grant.id, conditions=grant.conditions, clauses=grant.clauses)
        for grant in policy.grants_for(role, purpose)
        if (scope := grant.rights.get(right)) and category in scope.categories and category in grant.words.categories
    )


def _may_show(rules: Sequence[Rule], entity: Entity, subject: str) -> bool:
    """Whether the conditions of one of these rules can hold for a data subject."""
    return any(all(each.can_hold_for(subject, entity.owner) for each in rule.conditions) for rule in rules)


def _rule(grant: Grant, entity: Entity, column: Column) -> Rule:
    treatment = treatment_of(grant, entity, column)
    return Rule(grant=grant.id, treatment=treatment, conditions=grant.conditions, clauses=grant.clauses)


def treatment_of(grant: Grant, entity: Entity, column: Column) -> Treatment:
    """How a grant shows a field of a row. The id of a row that is shown is at least a token."""
    if not grant.covers(entity, column):
        return Treatment.TOKEN if column.name == "id" else Treatment.HIDDEN
    treatments = [grant.treatment_of_kind(identifier) for identifier in column.label.identifiers]
    treatment = min(treatments, key=lambda each: each.openness, default=Treatment.PLAIN)
    if column.name == "id" and treatment is Treatment.HIDDEN:
        return Treatment.TOKEN
    return treatment
