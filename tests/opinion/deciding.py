"""What one requester sees of a row and of each of its fields, said of the policy's grants and of plain rows.

A field is as open as the most open grant whose conditions hold for it. Nothing here knows of SQL or of plans.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial as applied
from typing import Any
from uuid import UUID

from schema import masks, tokens
from schema.catalog import Catalog, Column, Entity, Relation, Scalar
from schema.conditions import Condition
from schema.labels import Category, Identifier, Identifiers, OwnCategories
from schema.marketplace import conditions
from schema.marketplace.words import Roles
from schema.policy.grants import Grant, Policy
from schema.requester import Purpose, Requester, Role
from schema.treatments import Treatment
from tests.opinion.conditions import (
    OF_THE_REQUESTER,
    OF_THE_ROW,
    Circumstances,
    buyer_of,
    can_be_asked,
    columns_of,
    is_of_a_subject,
)
from tests.opinion.market import Market, Row

IDS = (Identifiers.MEMBER_ID, Identifiers.ROW_ID)

NO_PARTIAL_FORM = (*IDS, Identifiers.COOKIE)
"""What is shown as a token where it may be shown in part."""

NO_TOKEN = (Identifiers.MOMENT, Identifiers.AMOUNT)
"""What is shown in part where it may be shown as a token."""

BY_COINCIDENCE = (*NO_TOKEN, Identifiers.DETAIL)
"""What identifies beside other facts. A detail is whole or hidden."""

OWN_ROLES = frozenset({Roles.PLATFORM, Roles.PRIVACY_OFFICER})
"""The marketplace's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standpoint:
    """What a role sees for a purpose, for every requester and whatever is stored."""

    policy: Policy
    catalog: Catalog
    role: Role
    purpose: Purpose
    _known: dict[Any, Any] = field(default_factory=dict[Any, Any])

    def grants_about(self, entity: Entity) -> Sequence[Grant]:
        """The grants that say something of an entity's rows, and set no condition its rows have no answer to."""
        return self._once(("grants", entity.name), applied(self._grants_about, entity))

    def _grants_about(self, entity: Entity) -> Sequence[Grant]:
        return [
            grant
            for grant in self.policy.grants.get((self.role, self.purpose), ())
            if any(_covered(grant, entity, column) for column in _labelled(entity))
            and all(can_be_asked(condition, entity.owner) for condition in grant.conditions)
        ]

    def is_open(self, entity: Entity) -> bool:
        """Whether it is nobody's in all its fields."""
        return not _labelled(entity)

    def sees(self, entity: Entity) -> bool:
        shown = (self.most(entity, column) is not Treatment.HIDDEN for column in entity.columns.values())
        return self.is_open(entity) or (bool(self.grants_about(entity)) and any(shown))

    def most(self, entity: Entity, column: Column) -> Treatment:
        """The most that is ever shown of a field."""
        if column.label.category is OwnCategories.OPEN:
            return Treatment.PLAIN
        shown = [(grant, treated(grant, entity, column)) for grant in self.grants_about(entity)]
        if _is_of_all(entity, column):
            each = (
                most_open(treatment for grant, treatment in shown if _can_be_for(grant, entity, subject))
                for subject in _about(entity, column)
            )
            return min(each, key=_openness)
        return most_open(treatment for _, treatment in shown)

    def least(self, entity: Entity, column: Column, own: frozenset[str] = frozenset()) -> Treatment:
        """The least that is shown of a field of any row that is seen at all, where `own` columns are the requester.

        Whatever grant lets a row be seen, those that ask no more than it does hold too; but the conditions of a data
        subject may hold for another than the field's own.
        """
        if column.label.category is OwnCategories.OPEN:
            return Treatment.PLAIN
        grants = self.grants_about(entity)
        shown = (self._at_least(grant, entity, column, own) for grant in grants)
        return min(shown, key=_openness, default=Treatment.HIDDEN)

    def _at_least(self, seen_by: Grant, entity: Entity, column: Column, own: frozenset[str]) -> Treatment:
        known = set(seen_by.conditions)
        if _may_miss(seen_by, entity, column):
            known = {condition for condition in known if not is_of_a_subject(condition)}
        by_way = _by_way(entity, column, own)
        holding = [grant for grant in self.grants_about(entity) if _holds(set(grant.conditions), known, by_way, entity)]
        return most_open(treated(grant, entity, column) for grant in holding)

    def leads_on(self, entity: Entity, relation: Relation) -> bool:
        """Whether a relation is ever followed: as its own label is shown, and for the sake of those at its ends."""
        target = self.catalog.entities[relation.target]
        is_shown = relation.column is None or self.most(entity, relation.column) is not Treatment.HIDDEN
        ends = ((entity, relation.near), (target, relation.far))
        return self.sees(target) and is_shown and all(self._may_be_for(each, end) for each, end in ends)

    def _may_be_for(self, entity: Entity, column: str | None) -> bool:
        is_somebody = column in entity.storage.subjects and not entity.storage.subjects_array
        if self.is_open(entity) or not is_somebody:
            return True
        return any(column in _row_about(grant, entity) for grant in self.grants_about(entity))

    def plain_on_every_row(self, entity: Entity, column: Column) -> bool:
        """Whether it may be filtered or sorted by: then it reveals nothing that the rows do not show."""
        return self._once(
            (entity.name, column.name), lambda: self._is_on_every_row(entity, column, treated, Treatment.PLAIN)
        )

    def members_form(self, entity: Entity) -> Treatment | None:
        """How a filter of papers takes a member's id: as each member's is shown. None if a row may be hidden."""
        member = self.catalog.entities["Member"]
        if not self.sees(member) or any(grant.conditions for grant in self.grants_about(entity)):
            return None
        ways = ((member, member.columns["id"], treated), (entity, entity.id_filters["member"], _granted_treatment))
        forms = (Treatment.PLAIN, Treatment.TOKEN)
        return next((form for form in forms if all(self._is_on_every_row(*way, form) for way in ways)), None)

    def _is_on_every_row(
        self, entity: Entity, column: Column, by: Callable[[Grant, Entity, Column], Treatment], form: Treatment
    ) -> bool:
        if column.label.category is OwnCategories.OPEN:
            return form is Treatment.PLAIN
        return all(
            by(grant, entity, column) is form
            and not (_may_miss(grant, entity, column) and any(map(is_of_a_subject, grant.conditions)))
            for grant in self.grants_about(entity)
        )

    def figures_about(self, category: Category) -> bool:
        return any(category in grant.aggregates for grant in self.policy.grants.get((self.role, self.purpose), ()))

    def _once(self, asked: Any, answer: Callable[[], Any]) -> Any:
        if asked not in self._known:
            self._known[asked] = answer()
        return self._known[asked]


def _by_way(entity: Entity, column: Column, own: frozenset[str]) -> set[Condition]:
    """The conditions that hold for a field because some of its row's subjects are the requester."""
    about = set(_about(entity, column))
    is_own = about <= own if _is_of_all(entity, column) else not about.isdisjoint(own)
    found = {conditions.SELF} if is_own else set[Condition]()
    return found | {
        each for each in (conditions.PARTY, conditions.CORRESPONDENT) if own & columns_of(entity.owner, each)
    }


def _holds(asked: set[Condition], known: set[Condition], by_way: set[Condition], entity: Entity) -> bool:
    of_row = {each for each in by_way if not is_of_a_subject(each)}
    of_subject = {each for each in asked if is_of_a_subject(each)}
    # What holds for one subject of several may not hold for that of whom another condition holds.
    is_one = len(entity.owner.subjects) == 1 or of_subject <= by_way
    return asked <= known | of_row | (by_way if is_one else set())


def treated(grant: Grant, entity: Entity, column: Column) -> Treatment:
    """What a grant makes of a field. The id of a row that it lets be seen is always shown, as a token at the least."""
    if column.label.category is OwnCategories.OPEN:
        return Treatment.PLAIN
    treatment = _granted_treatment(grant, entity, column)
    if column.name == "id":
        return Treatment.PLAIN if treatment is Treatment.PLAIN else Treatment.TOKEN
    return treatment


def _granted_treatment(grant: Grant, entity: Entity, column: Column) -> Treatment:
    """Of a field that is an identifier in two ways, the stricter of the two."""
    if not _covered(grant, entity, column):
        return Treatment.HIDDEN
    kinds = [kind for kind in (column.label.identifier, column.label.also) if kind]
    return min((_of_kind(grant, kind) for kind in kinds), key=_openness, default=Treatment.PLAIN)


def _of_kind(grant: Grant, kind: Identifier) -> Treatment:
    treatment = grant.exceptions.get(kind, grant.identifiers)
    if kind in BY_COINCIDENCE and kind not in grant.exceptions and _is_own(grant):
        treatment = Treatment.PLAIN
    if kind is Identifiers.DETAIL and treatment is not Treatment.PLAIN:
        return Treatment.HIDDEN
    if kind in NO_TOKEN and treatment is Treatment.TOKEN:
        return Treatment.PARTIAL
    if kind in NO_PARTIAL_FORM and treatment is Treatment.PARTIAL:
        return Treatment.TOKEN
    return treatment


def _is_own(grant: Grant) -> bool:
    """Whether it is for nobody but the marketplace's own, or the member whose data it is."""
    return conditions.SELF in grant.conditions or not grant.roles - OWN_ROLES


def most_open(found: Iterable[Treatment]) -> Treatment:
    return max(found, key=_openness, default=Treatment.HIDDEN)


def _openness(treatment: Treatment) -> int:
    return (Treatment.HIDDEN, Treatment.TOKEN, Treatment.PARTIAL, Treatment.PLAIN).index(treatment)


def _covered(grant: Grant, entity: Entity, column: Column) -> bool:
    if not _is_spoken_of(grant, column):
        return False
    field = f"{entity.name}.{column.name}"
    return field in grant.fields or (column.label.category in grant.categories and field not in grant.without)


def _is_spoken_of(grant: Grant, column: Column) -> bool:
    """Whether the version lists all that a field is labelled with; else no grant is about it, whatever it says."""
    category, kinds = column.label.category, {column.label.identifier, column.label.also} - {None}
    listed = {*grant.words.collected, *grant.words.other_categories, OwnCategories.OPEN}
    return category in listed and kinds <= {*grant.words.identifiers}


def _labelled(entity: Entity) -> Sequence[Column]:
    return [column for column in entity.columns.values() if column.label.category is not OwnCategories.OPEN]


def _is_of_all(entity: Entity, column: Column) -> bool:
    """Whether a field is a text that several persons wrote or are written about in."""
    return column.label.identifier is Identifiers.FREE_TEXT and len(_about(entity, column)) > 1


def _about(entity: Entity, column: Column) -> Sequence[str]:
    """The columns of those whom a field is about."""
    return [column.subject] if column.subject else entity.owner.subjects


def _row_about(grant: Grant, entity: Entity) -> Sequence[str]:
    """The columns of those for whom a grant lets a row be seen: whom the fields are about that it shows."""
    shown = [column for column in _labelled(entity) if _covered(grant, entity, column)]
    found = {subject for column in shown for subject in _about(entity, column)}
    return sorted(subject for subject in found if _can_be_for(grant, entity, subject))


def _can_be_for(grant: Grant, entity: Entity, subject: str) -> bool:
    """Whether a grant can hold for the sake of the one in this column: of an order, it was only one who bought."""
    return conditions.BOUGHT_SINCE not in grant.conditions or subject == buyer_of(entity.owner)


def _may_miss(grant: Grant, entity: Entity, column: Column) -> bool:
    """Whether a grant may hold for a row for the sake of somebody whom a field is not about, or not alone."""
    return _is_of_all(entity, column) or not set(_row_about(grant, entity)).issubset(_about(entity, column))


# Of rows.


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A row of an entity; `owner` is the row it is a part of, or itself."""

    entity: Entity
    row: Row
    owner: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """What one requester sees of a market."""

    standpoint: Standpoint
    requester: Requester
    market: Market
    circumstances: Circumstances
    witnessed: set[tuple[str, bool]]
    """Of each grant, whether it was seen to hold and not to hold."""

    def visible(self, seen: Seen) -> bool:
        """At least one grant about the row holds; what is nobody's is there for all, and who is destroyed for nobody."""
        entity = seen.entity
        if entity.name == "Member" and seen.row["destroyed_at"] is not None:
            return False
        if self.standpoint.is_open(entity):
            return True
        return any(
            self._holds(grant, seen, self._seen_for(grant, seen), _given(grant, entity))
            for grant in self.standpoint.grants_about(entity)
        )

    def visible_for(self, seen: Seen, column: str) -> bool:
        """Whether a row is visible for the sake of the member in a column: else nobody is led from it to them, or back."""
        if self.standpoint.is_open(seen.entity):
            return True
        return any(
            self._holds(grant, seen, [seen.row[column]], _given(grant, seen.entity))
            for grant in self.standpoint.grants_about(seen.entity)
            if column in _row_about(grant, seen.entity)
        )

    def leads_on(self, seen: Seen, relation: Relation) -> bool:
        """Whether a row's link leads anywhere: as what it tells is shown, and to a member for their own sake."""
        near = relation.near
        if relation.column and self.treatment(seen, relation.column) is not Treatment.PLAIN:
            return False
        is_somebody = near in seen.entity.storage.subjects and not seen.entity.storage.subjects_array
        return not is_somebody or self.visible_for(seen, near)

    def treatment(self, seen: Seen, column: Column) -> Treatment:
        """How a field of a visible row is shown."""
        entity = seen.entity
        if column.label.category is OwnCategories.OPEN:
            return Treatment.PLAIN
        about = [seen.owner[column.subject]] if column.subject else subjects(seen)
        if _is_of_all(entity, column):
            return min((self._given_by(seen, column, [each]) for each in about), key=_openness)
        found = self._given_by(seen, column, about)
        return most_open([found, Treatment.TOKEN]) if column.name == "id" else found

    def _given_by(self, seen: Seen, column: Column, about: Sequence[int | None]) -> Treatment:
        """The most that any of these persons' conditions give."""
        return most_open(
            treated(grant, seen.entity, column)
            for grant in self.standpoint.grants_about(seen.entity)
            if self._holds(grant, seen, about, [column.label.category])
        )

    def _seen_for(self, grant: Grant, seen: Seen) -> Sequence[int | None]:
        stored = seen.entity.owner
        if stored.subjects_array:
            return subjects(seen)
        return [seen.owner[column] for column in _row_about(grant, seen.entity)]

    def _holds(self, grant: Grant, seen: Seen, about: Sequence[int | None], categories: Iterable[Category]) -> bool:
        held = self._all_hold(grant, seen, about, categories)
        self.witnessed.add((grant.id, held))
        return held

    def _all_hold(self, grant: Grant, seen: Seen, about: Sequence[int | None], categories: Iterable[Category]) -> bool:
        """All conditions hold, and those of a data subject for one and the same, in one and the same category."""
        of_subject = [condition for condition in grant.conditions if is_of_a_subject(condition)]
        if not all(self._holds_otherwise(each, seen) for each in grant.conditions if each not in of_subject):
            return False
        return not of_subject or any(
            all(self._holds_for(condition, seen, member, category) for condition in of_subject)
            for member in about
            for category in categories
            # Whoever is destroyed is nobody, for whom no condition holds.
            if member is not None
        )

    def _holds_for(self, condition: Condition, seen: Seen, member: int, category: Category) -> bool:
        if condition is conditions.BOUGHT_SINCE:
            return self.circumstances.has_bought_since(member, seen.entity.owner, seen.owner)
        return self.circumstances.hold_for_subject(condition, member, category)

    def _holds_otherwise(self, condition: Condition, seen: Seen) -> bool:
        if condition in OF_THE_REQUESTER:
            return self.circumstances.hold_for_requester(condition)
        assert condition in OF_THE_ROW
        return self.circumstances.hold_for_row(condition, seen.entity.owner, seen.owner)

    def shown(self, seen: Seen, column: Column) -> Any:
        """A field's value as an answer has it."""
        value = seen.row[column.column]
        treatment = self.treatment(seen, column)
        if value is None or treatment is Treatment.HIDDEN:
            return None
        if column.scalar is Scalar.ID:
            return self._identity(seen.entity, value, treatment)
        if treatment is Treatment.PLAIN:
            return None if is_unknown_word(seen, column) else as_json(value)
        identifier = column.label.identifier
        assert identifier, "what is no identifier is plain or hidden"
        if treatment is Treatment.TOKEN:
            if f"{seen.entity.name}.{column.name}" == "AccessRecord.requester":
                return tokens.token_of_text(self.requester.key, "AccessRecord.requester", value)
            return tokens.pseudonym(self.requester.key, identifier, value, self._bound_to(seen, column))
        if identifier is Identifiers.MOMENT:
            return moment(datetime(value.year, value.month, 1, tzinfo=UTC))
        if identifier is Identifiers.AMOUNT:
            return format(two_digits(value), "f")
        coarse = seen.row[column.coarse] if column.coarse else None
        return masks.partial_form(identifier, value, coarse=coarse)

    def _bound_to(self, seen: Seen, column: Column) -> Sequence[int]:
        """The members without whom a token of this value means nothing; an id's is everywhere the same."""
        if column.label.identifier in IDS:
            return ()
        stored = [seen.owner[each] for each in _about(seen.entity, column)]
        members = [member for each in stored for member in (each if isinstance(each, list) else [each])]
        return [member for member in members if member is not None]

    def _identity(self, entity: Entity, value: Any, treatment: Treatment) -> str:
        if treatment is Treatment.PLAIN:
            return f"{entity.name}:{value}"
        return tokens.token_of_id(self.requester.key, entity.name, value)


def is_unknown_word(seen: Seen, column: Column) -> bool:
    """Whether a row has a word that the field's enum lacks, or a time without an end, which is no moment."""
    value = seen.row[column.column]
    if isinstance(value, datetime) and column.scalar is Scalar.TIMESTAMP:
        return value.year in (MINYEAR, MAXYEAR)
    if column.enum_type is None:
        return False
    return value not in (None, *(each.value for each in column.enum_type))


def subjects(seen: Seen) -> Sequence[Any]:
    """Whose data a row is; null stands for somebody who is destroyed."""
    stored = seen.entity.owner
    if stored.subjects_array:
        return list(seen.owner[stored.subjects[0]])
    return [seen.owner[column] for column in stored.subjects]


def _given(grant: Grant, entity: Entity) -> Iterable[Category]:
    """The categories in which a grant gives something of an entity."""
    return {column.label.category for column in _labelled(entity) if _covered(grant, entity, column)}


def two_digits(value: Decimal) -> Decimal:
    """An amount to its first two digits, though no finer than a hundredth; a half away from zero."""
    finest = Decimal("0.01")
    digit = finest if abs(value) < 1 else max(Decimal(1).scaleb(abs(value).adjusted() - 1), finest)
    return value.quantize(digit, rounding=ROUND_HALF_UP)


def as_json(value: Any) -> Any:
    """A stored value as JSON has it."""
    match value:
        case datetime():
            return moment(value)
        case Decimal():
            return format(value, "f")
        case UUID():
            return str(value)
        case _:
            return value


def moment(value: datetime) -> str:
    """To the microsecond where need be, and no zeros at the end."""
    text = value.strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f".{value.microsecond:06}".rstrip("0").rstrip(".")
    return f"{text}{fraction}+00:00"
