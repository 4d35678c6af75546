"""Stored values as people read and type them: dates, amounts, words, and the form of each field's input.

Made from the catalog's columns. A value is shown as the API gave it, and typed values go to the API to be checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.pages.words import Wording
from resolvers.descriptions import name_in_words
from schema.catalog import Column, Entity, Input, Scalar
from schema.inputs import InputForm
from schema.labels import Form
from schema.policy.sentences import in_words

_KINDS: Final[Mapping[InputForm, str]] = {
    InputForm.EMAIL: "email",
    InputForm.PHONE: "tel",
    InputForm.WEB_ADDRESS: "url",
    InputForm.TEXT: "area",
    InputForm.LINES: "area",
}

_FILLED_BY: Final[Mapping[Form, str]] = {
    Form.EMAIL: "email",
    Form.PHONE: "tel",
    Form.NAME: "name",
    Form.POSTAL_ADDRESS: "street-address",
}
"""What browsers fill in by themselves, of fields about the member (WCAG 1.3.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditableField:
    """A field of a form: what is there, what was typed, and what is wrong with that."""

    name: str
    label: str
    kind: str
    filled_by: str
    options: tuple[tuple[str, str], ...]
    stored: str
    """As it is typed."""
    masked: str | None
    """What is shown of it, where it is not shown whole."""
    typed: str
    is_required: bool
    hint: str
    wrong: str | None = None


def field_label(words: Wording, entity: Entity, name: str) -> str:
    """What a field is called, beginning with a capital."""
    label = words.or_else("label", f"{entity.name}.{name}", words.or_else("label", name, name_in_words(name)))
    return label[:1].upper() + label[1:]


def as_read(words: Wording, column: Column, value: Any) -> str:
    """A value of the API, for reading. Empty where there is none."""
    if value is None or value == []:
        return ""
    match column.scalar:
        case Scalar.TIMESTAMP:
            return words.moment(value)
        case Scalar.INTEGER | Scalar.DECIMAL:
            # A year is no amount.
            return str(value) if "year" in column.python_name else words.number(value)
        case Scalar.BOOLEAN:
            return words("yes" if value else "no")
        case Scalar.TEXT_LIST:
            return ", ".join(value)
        case Scalar.ENUM:
            return words.or_else("word", value, in_words(value))
        case Scalar.TEXT | Scalar.ID | Scalar.UUID:
            return str(value)


def as_typed(value: Any) -> str:
    """The same, as somebody would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return "\n".join(map(str, value))
        case _:
            return str(value)


def from_typed(column: Column, text: str) -> Any:
    """What the API is given of a typed text. An empty one empties the field."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        return None
    match column.scalar:
        case Scalar.INTEGER:
            return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else text
        case Scalar.BOOLEAN:
            return text == "yes"
        case Scalar.TEXT_LIST:
            return [line.strip() for line in text.split("\n") if line.strip()]
        case _:
            return text


def editable_field(
    words: Wording, entity: Entity, given: Input, row: Mapping[str, Any], typed: str | None, *, is_masked: bool
) -> EditableField:
    column = given.column
    stored = as_typed(row.get(given.name))
    options = tuple(
        (each.value, words.or_else("word", each.value, in_words(each.value))) for each in column.enum_type or ()
    )
    if column.scalar is Scalar.BOOLEAN:
        options = (("yes", words("yes")), ("no", words("no")))
    return EditableField(
        name=given.name,
        label=field_label(words, entity, given.name),
        kind="choice" if options else _KINDS.get(given.form, "text"),
        filled_by=_FILLED_BY.get(column.label.form, "off") if column.label.form else "off",
        options=options,
        stored="" if is_masked else stored,
        masked=stored if is_masked else None,
        typed=("" if is_masked else stored) if typed is None else typed,
        is_required=given.is_required and not is_masked,
        hint="" if options else words.or_else("form", given.form.name, given.form.value),
    )
