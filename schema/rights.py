"""Rights: what a grant may allow beside seeing, and the language in which a marketplace declares what can be changed.

A mutation names the fields of an entity that its input may have. So the policy decides who may change what by the labels
of these fields, as it decides who sees them. Nothing here says who may: without a grant nobody may.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import strawberry

from schema.fields import DECLARATION
from schema.inputs import InputForm


class Right(enum.StrEnum):
    """What a grant may allow somebody to do with a field. The values are the keys of the policy file."""

    EDIT = "may_edit"
    """To change it in a row that is there."""
    CHOOSE = "may_choose"
    """To agree or refuse, from now on."""
    ENTER = "may_enter"
    """To add a row, and to end it."""
    APPROVE = "may_approve"
    """To let a row hold that somebody else has entered."""
    CARRY_OUT = "may_carry_out"
    """To do what was asked of all that there is of a category."""

    @property
    def record(self) -> str:
        """What the log says of a field with which it was done."""
        return _DONE[self][0]

    @property
    def in_words(self) -> str:
        """What is done with it, for people: `EDITED` is told as `changed`."""
        return _DONE[self][1]


_DONE: Mapping[Right, tuple[str, str]] = MappingProxyType(
    {
        Right.EDIT: ("EDITED", "changed"),
        Right.CHOOSE: ("CHOSEN", "chosen"),
        Right.ENTER: ("ENTERED", "entered"),
        Right.APPROVE: ("APPROVED", "approved"),
        Right.CARRY_OUT: ("DESTROYED", "destroyed"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditField:
    """A mutation that changes fields of one row, found by its `id`."""

    right: Right
    entity: type
    fields: tuple[str, ...]
    """The fields that may be changed, as the type has them in Python."""
    required: tuple[str, ...] = ()
    """Those of them that may not be emptied."""
    forms: Mapping[str, InputForm] = field(default_factory=dict[str, InputForm])
    """The forms of fields whose label and type do not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyWith:
    """A field may be given only where another one is one of these words: else it would mean more than it says."""

    field: str
    other: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetIs:
    """The row that a link names must have one of these words in a column: an organisation's kind."""

    field: str
    column: str
    words: tuple[str, ...]
    when: OnlyWith | None = None
    """Only where another field is one of these words is it asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IsNew:
    """No row that is there has the same in these fields."""

    fields: tuple[str, ...]


Check = TargetIs | IsNew
"""What is asked of the values of a new row beside their forms, in the statement that adds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMembers:
    """An input that is a list of members, who are kept in a table of their own: a row for each."""

    field: str
    table: str
    row: str
    """The column of the row that names them."""
    member: str
    most: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterField:
    """A mutation that adds a row, in force from now on, or from when its input says.

    It is about the requesting member, where `subject` is the column that names them; about the members whom `named` lists;
    about the member whom one of `fields` links to; or about nobody. Rows in force that are the same in `key` end: the new
    one stands in their place.
    """

    right: Right
    entity: type
    fields: tuple[str, ...]
    required: tuple[str, ...]
    subject: str | None = None
    named: NamedMembers | None = None
    key: tuple[str, ...] = ()
    """The fields by which a new row replaces others; without any it replaces none."""
    starts: str
    ends: str
    entered_by: str | None = None
    """The column that keeps who added it: their token's `sub`."""
    unseen: tuple[str, ...] = ()
    """Links that may name rows which the requester does not see: somebody outside has told whom they mean."""
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    """What each of its rows says in fields that are no inputs, as PostgreSQL reads it."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """What a field that is a list may have, of which it has some."""
    only_with: tuple[OnlyWith, ...] = ()
    copied: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """Columns of the new row that say what the row of another type says which it names: by which field, which column."""
    most: int = 100
    """How many rows a member may add in a day."""
    asked_under: tuple[str, str] | None = None
    """The columns that say which policy was in force: its version and its digest."""
    forms: Mapping[str, InputForm] = field(default_factory=dict[str, InputForm])
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndField:
    """A mutation that ends a row, found by its `id`, from now on. One that has ended is not there to be ended."""

    right: Right
    entity: type
    ends: str
    """The field of its end: who may change it may end the row."""
    starts: str | None = None
    """The column of its start, if it has one: no row ends before."""
    after: str | None = None
    """The column of a time that must have come: until then there is no such row to be ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeField:
    """A mutation that takes back the end of a row, found by its `id`. One that has none is not there to be resumed."""

    right: Right
    entity: type
    ends: str
    """The field of its end: who may change it may resume the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A field that a row must have, or need have only where another one is one of these words."""

    field: str
    when: OnlyWith | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveField:
    """A mutation that lets a row hold, found by its `id`. Whoever has entered it cannot, and it is done once."""

    right: Right
    entity: type
    approved: str
    """The field of the time at which it was approved: who may change it may approve the row."""
    by: str
    """The field of who has approved it: their token's `sub`."""
    entered_by: str
    ends: str
    needs: tuple[Needed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOutField:
    """A mutation that destroys what a request names, found by the request's `id`, as the marketplace's rules say.

    Its argument `categories` names those that it is carried out of, of those that the request names. The request ends once
    it was carried out of all of them and nothing is held any more. Until then it can be carried out again.
    """

    right: Right
    entity: type
    """What was asked. Its rows are about one member, and name categories."""
    kind: tuple[str, str]
    """The field that says what was asked, and its word."""
    categories: str
    starts: str
    ends: str
    asked_under: tuple[str, str]
    """The columns of the policy that was in force when it was asked: its version and its digest."""
    shown: str | None = None
    """The argument that says by what it was shown that it may be done. It is a line, and kept on the receipt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveField:
    """A mutation by which anybody hands something in: it adds a row that is about no member, and looks nobody up."""

    right: Right
    entity: type
    fields: tuple[str, ...]
    required: tuple[str, ...]
    most: int
    """How many rows all may add together in a day."""
    received: str
    """The column of when it was handed in."""
    forms: Mapping[str, InputForm] = field(default_factory=dict[str, InputForm])


MutationDeclaration = EditField | EnterField | EndField | ResumeField | ApproveField | CarryOutField | ReceiveField


@strawberry.type(description="What a mutation has changed. Ask for the row itself to see it.")
class Changed:
    fields: list[str] = strawberry.field(description="The fields that were changed.")
    version: str | None = strawberry.field(
        description="The version of the row from now on; none where rows have no versions."
    )


def changes_by(declaration: MutationDeclaration, description: str) -> Any:
    """A field of the mutation type."""
    return strawberry.field(description=description, metadata={DECLARATION: declaration})
