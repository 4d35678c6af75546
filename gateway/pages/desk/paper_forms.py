"""The form by which an officer enters a paper: only what fits can be chosen, and it is shown before anything is entered.

Made from the declaration of the mutation. The API checks whatever is sent, whatever this form let somebody choose.
"""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from gateway.pages.desk.paper_kinds import ENDS, STARTS
from gateway.pages.forms import SentForm
from gateway.pages.periods import day_in_address
from gateway.pages.words import Wording
from resolvers.descriptions import name_in_words
from schema.catalog import Input, MutationRoot, Scalar
from schema.inputs import InputForm
from schema.policy.sentences import in_words
from schema.rights import EnterField, TargetIs


class Control(enum.Enum):
    """How an input is typed or chosen."""

    LINE = enum.auto()
    TEXT = enum.auto()
    DAY = enum.auto()
    CHOICE = enum.auto()
    TICKS = enum.auto()
    TICK = enum.auto()
    MEMBER = enum.auto()
    MEMBERS = enum.auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """An input with what may be chosen, and what was typed."""

    name: str
    label: str
    hint: str | None
    control: Control
    is_required: bool
    choices: Sequence[tuple[str, str]] = ()
    typed: Sequence[str] = ()

    @property
    def value(self) -> str:
        return self.typed[0] if self.typed else ""


@dataclass(frozen=True, slots=True)
class EnteringForm:
    """The form of one mutation, for one reader."""

    words: Wording
    mutation: MutationRoot
    organisations: Sequence[Mapping[str, Any]]
    organisation_type: str

    def fields(self, form: SentForm) -> Sequence[FormField]:
        return [self._field(each, form.all(each.name)) for each in self.mutation.inputs.values()]

    def _field(self, given: Input, typed: Sequence[str]) -> FormField:
        control = self._control(given)
        return FormField(
            name=given.name,
            label=self.words.or_else("paper_field", given.name, name_in_words(given.name).capitalize()),
            hint=self.words.or_else("paper_hint", given.name, "") or None,
            control=control,
            is_required=given.is_required,
            choices=list(self._choices(given)),
            typed=typed,
        )

    def _control(self, given: Input) -> Control:
        if given.target is not None and given.target != self.organisation_type:
            return Control.MEMBER if given.most is None else Control.MEMBERS
        if given.words:
            return Control.TICKS
        if given.target is not None or given.column.enum_type:
            return Control.CHOICE
        if given.column.scalar is Scalar.BOOLEAN:
            return Control.TICK
        if given.column.scalar is Scalar.TIMESTAMP:
            return Control.DAY
        return Control.TEXT if given.form in (InputForm.TEXT, InputForm.LINES) else Control.LINE

    def _choices(self, given: Input) -> Iterator[tuple[str, str]]:
        if given.words:
            yield from ((each, in_words(each)) for each in given.words)
        elif given.target == self.organisation_type:
            kinds = organisation_kinds(self.mutation)
            for each in self.organisations:
                if not kinds or each["kind"] in kinds:
                    yield each["id"], f"{each['name']} ({in_words(each['kind'])})"
        elif given.column.enum_type:
            yield from ((each.name, in_words(each.name)) for each in given.column.enum_type)

    def values(self, form: SentForm, now: datetime) -> Mapping[str, Any]:
        """What is entered, as the API takes it. What is empty is left out."""
        found = {each.name: self._value(each, form, now) for each in self.mutation.inputs.values()}
        return {name: value for name, value in found.items() if value not in (None, "", [])}

    def _value(self, given: Input, form: SentForm, now: datetime) -> Any:
        typed = (form.get(given.name) or "").strip()
        control = self._control(given)
        match control:
            case Control.TICKS:
                return list(form.all(given.name))
            case Control.TICK:
                return True if typed else None
            case Control.DAY:
                return _moment(given.name, typed, now)
            case Control.MEMBER:
                return _member_id(given.target or "", typed)
            case Control.MEMBERS:
                return [_member_id(given.target or "", each) for each in typed.replace(",", " ").split()]
            case Control.LINE | Control.TEXT | Control.CHOICE:
                return typed

    def told(self, form: SentForm) -> Sequence[tuple[str, str]]:
        """What was typed, in words, for whoever looks at it before it is entered."""
        return [(each.label, self._told(each)) for each in self.fields(form) if each.value]

    def _told(self, field: FormField) -> str:
        chosen = dict(field.choices)
        match field.control:
            case Control.DAY:
                return self.words.day(field.value) if day_in_address(field.value) else field.value
            case Control.TICK:
                return self.words("papers.yes")
            case Control.TICKS | Control.CHOICE:
                return self.words.list([chosen.get(each, each) for each in field.typed])
            case Control.LINE | Control.TEXT | Control.MEMBER | Control.MEMBERS:
                return field.value


def organisation_kinds(mutation: MutationRoot) -> frozenset[str]:
    """The kinds of organisations that a paper may be for; none if any."""
    declaration = mutation.declaration
    checks = declaration.checks if isinstance(declaration, EnterField) else ()
    return frozenset(word for each in checks if isinstance(each, TargetIs) for word in each.words)


_DAY: Final = timedelta(days=1)


def _moment(name: str, typed: str, now: datetime) -> str | None:
    """A day as a moment: the beginning of it; of an end, the end of it. A start of today is now."""
    if not day_in_address(typed):
        return typed or None
    day = date.fromisoformat(typed)
    if name == STARTS and day == now.date():
        return None
    after = _DAY if name == ENDS and day < date.max else timedelta()
    return datetime.combine(day + after, datetime.min.time(), UTC).isoformat()


def _member_id(kind: str, typed: str) -> str:
    """The id of a member, who may be named by their number alone."""
    return typed if ":" in typed or not typed else f"{kind}:{typed}"
