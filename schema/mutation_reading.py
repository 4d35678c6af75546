"""Reads the mutations off a marketplace's mutation type, once at start. One that declares what cannot be stops the start."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from schema.catalog import CatalogError, Column, Entity, Input, MutationRoot, Scalar
from schema.definition import Marketplace, PartyTable
from schema.fields import DECLARATION, LinkField
from schema.inputs import InputForm
from schema.labels import Form, Label, OwnCategories
from schema.rights import (
    ApproveField,
    CarryOutField,
    Check,
    EditField,
    EndField,
    EnterField,
    IsNew,
    NamedMembers,
    ReceiveField,
    ResumeField,
)

_FORMS_OF_IDENTIFIERS: Mapping[Form, InputForm] = {
    Form.EMAIL: InputForm.EMAIL,
    Form.PHONE: InputForm.PHONE,
    Form.CARD_NUMBER: InputForm.CARD_NUMBER,
    Form.ACCOUNT_NUMBER: InputForm.BANK_ACCOUNT,
    Form.FREE_TEXT: InputForm.TEXT,
}

_FORMS_OF_TYPES: Mapping[Scalar, InputForm] = {
    Scalar.TEXT: InputForm.LINE,
    Scalar.TEXT_LIST: InputForm.LINES,
    Scalar.INTEGER: InputForm.COUNT,
    Scalar.DECIMAL: InputForm.PRICE,
    Scalar.ENUM: InputForm.WORD,
    Scalar.BOOLEAN: InputForm.WORD,
    Scalar.TIMESTAMP: InputForm.MOMENT,
}


def read_mutations(marketplace: Marketplace, entities: Mapping[str, Entity]) -> Mapping[str, MutationRoot]:
    """The mutations of a marketplace, by name. Raises `CatalogError`."""
    definition: Any = getattr(marketplace.mutation, "__strawberry_definition__", None)
    there = _Types(entities=entities, members=marketplace.members)
    found = [_mutation(field, there) for field in definition.fields] if definition else []
    for each in found:
        if isinstance(each.declaration, CarryOutField) and not (marketplace.destruction and marketplace.members):
            raise CatalogError(f"`Mutation.{each.name}` destroys; give the marketplace `destruction` and `members`")
    return {each.name: each for each in found}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Types:
    """What a mutation may be about: the entities, and where members are."""

    entities: Mapping[str, Entity]
    members: PartyTable | None

    @property
    def member(self) -> Entity | None:
        """The type of members."""
        found = (each for each in self.entities.values() if self.members and each.storage.table == self.members.table)
        return next(found, None)

    def may_be_named(self, target: str) -> bool:
        """Whether an input may name a row: its id is plain to whoever sees it, or it is a member, whom their stored id names."""
        entity = self.entities[target]
        return entity is self.member or not entity.columns["id"].label.identifier


def _mutation(field: StrawberryField, there: _Types) -> MutationRoot:
    entities = there.entities
    name = field.graphql_name or to_camel_case(field.python_name)
    declaration: object = field.metadata.get(DECLARATION)
    if not isinstance(
        declaration, EditField | EnterField | EndField | ResumeField | ApproveField | CarryOutField | ReceiveField
    ):
        raise CatalogError(f"`Mutation.{name}` does not say what it changes; declare it with `changes_by(…)`")
    entity = next((each for each in entities.values() if each.type is declaration.entity), None)
    if entity is not None and entity.mapped:
        raise CatalogError(
            f"`Mutation.{name}` changes rows of `{entity.name}`, some of whose columns are mapped: these can only be read"
        )
    if entity is None:
        raise CatalogError(
            f"`Mutation.{name}` changes rows of `{declaration.entity.__name__}`, which no field leads to"
        )
    if isinstance(declaration, CarryOutField):
        return MutationRoot(name=name, declaration=declaration, entity=_requests(name, declaration, entity), inputs={})
    if isinstance(declaration, EndField | ResumeField | ApproveField):
        return MutationRoot(
            name=name, declaration=declaration, entity=entity, inputs={}, ended=_set_by(name, declaration, entity)
        )
    if isinstance(declaration, ReceiveField) and entity.storage.subjects:
        raise CatalogError(f"`Mutation.{name}` is anybody's, and so may add rows about no member")
    inputs = {each.name: each for each in _inputs(name, declaration, entity, there)}
    constants = _constants(declaration)
    if isinstance(declaration, EnterField):
        _check_entering(name, declaration, entity, inputs)
    return MutationRoot(name=name, declaration=declaration, entity=entity, inputs=inputs, constants=constants)


def _set_by(name: str, declaration: EndField | ResumeField | ApproveField, entity: Entity) -> Column:
    """The field of the time that ends or approves a row."""
    field = declaration.approved if isinstance(declaration, ApproveField) else declaration.ends
    found = entity.columns.get(to_camel_case(field))
    if found is None or found.label.category.is_open:
        does = "approves" if isinstance(declaration, ApproveField) else "ends"
        raise CatalogError(f"`Mutation.{name}` {does} rows by `{field}`, which is no field of anybody's")
    needs = declaration.needs if isinstance(declaration, ApproveField) else ()
    if unknown := [each.field for each in needs if to_camel_case(each.field) not in entity.columns]:
        raise CatalogError(f"`Mutation.{name}` needs `{unknown[0]}`, which is no field")
    return found


def _requests(name: str, declaration: CarryOutField, entity: Entity) -> Entity:
    """The entity of requests that can be carried out: each is about one member."""
    fields = (declaration.kind[0], declaration.categories)
    if len(entity.storage.subjects) != 1 or any(to_camel_case(field) not in entity.columns for field in fields):
        raise CatalogError(f"`Mutation.{name}` carries out what `{entity.name}` does not say, or not of one member")
    return entity


def _constants(declaration: EditField | EnterField | ReceiveField) -> Mapping[str, str]:
    given = declaration.constants if isinstance(declaration, EnterField) else {}
    return {to_camel_case(name): value for name, value in given.items()}


def _inputs(
    name: str, declaration: EditField | EnterField | ReceiveField, entity: Entity, there: _Types
) -> Iterator[Input]:
    for field in declaration.fields:
        column, target = _column(field, entity)
        place = f"Mutation.{name}: `{entity.name}.{field}`"
        if column is None or column.name == "id":
            raise CatalogError(f"{place} is no field that can be changed")
        if isinstance(declaration, EditField) and column.label.category.is_open:
            raise CatalogError(f"{place} is about nobody, so nobody could be permitted to edit it")
        form = declaration.forms.get(field) or (InputForm.WORD if target else _form(column))
        if target and not there.may_be_named(target):
            raise CatalogError(f"{place} leads to `{target}`, whose ids are not plain to whoever sees it")
        yield Input(
            name=to_camel_case(field),
            column=column,
            target=target,
            form=form,
            words=declaration.words.get(field) if isinstance(declaration, EnterField) else None,
            is_required=field in declaration.required,
        )
    named = declaration.named if isinstance(declaration, EnterField) else None
    if named and there.member:
        yield _named_input(named, entity, there.member)
    fields = {*declaration.fields, *([named.field] if named else [])}
    if unknown := sorted({*declaration.required, *declaration.forms} - fields):
        raise CatalogError(f"`Mutation.{name}` says something of `{unknown[0]}`, which is none of its fields")


def _named_input(named: NamedMembers, entity: Entity, member: Entity) -> Input:
    """The input that lists members: the row's data subjects."""
    return Input(
        name=to_camel_case(named.field),
        column=_link_column(to_camel_case(named.field), named.field, entity.storage.subjects[0]),
        target=member.name,
        form=InputForm.WORD,
        words=None,
        is_required=True,
        most=named.most,
    )


def _column(field: str, entity: Entity) -> tuple[Column | None, str | None]:
    """The column of a field; of a link, with the type that it leads to."""
    name = to_camel_case(field)
    relation = entity.relations.get(name)
    if relation is None or not isinstance(relation.declaration, LinkField):
        return entity.columns.get(name), None
    return relation.column or _link_column(name, field, relation.declaration.near), relation.target


def _link_column(name: str, field: str, column: str) -> Column:
    return Column(
        name=name,
        python_name=field,
        column=column,
        scalar=Scalar.ID,
        label=Label(category=OwnCategories.OPEN),
        subject=None,
        coarse=None,
        enum_type=None,
    )


def _form(column: Column) -> InputForm:
    """What may be written into a field, by its label and its type."""
    form = _FORMS_OF_IDENTIFIERS.get(column.label.identifier.form) if column.label.identifier else None
    return form or _FORMS_OF_TYPES[column.scalar]


def _check_entering(name: str, declaration: EnterField, entity: Entity, inputs: Mapping[str, Input]) -> None:
    """That a row which is added says whom it is about, and that what it replaces and is compared with can be told."""
    constants = _constants(declaration).keys()
    keys = {to_camel_case(each) for each in declaration.key}
    compared = {to_camel_case(field) for each in declaration.checks for field in _compared(each)}
    known = constants <= entity.columns.keys() - inputs.keys() and keys <= inputs.keys() | constants
    given = {each.column.column for each in inputs.values() if each.is_required}
    about = {*entity.storage.subjects} == given & {*entity.storage.subjects}
    if declaration.subject is not None:
        about = declaration.subject in entity.storage.subjects
    copied = {*declaration.unseen, *(by for by, _ in declaration.copied.values())} <= {*declaration.fields}
    if not known or not about or not copied or not compared <= inputs.keys():
        raise CatalogError(f"`Mutation.{name}` does not say whom its rows are about, or what they replace")


def _compared(check: Check) -> tuple[str, ...]:
    """The inputs that a check reads."""
    if isinstance(check, IsNew):
        return check.fields
    return (check.field, check.when.other) if check.when else (check.field,)
