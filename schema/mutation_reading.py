"""Reads the mutations off a marketplace's mutation type, once at start. One that declares what cannot be stops the start."""

from collections.abc import Iterator, Mapping
from typing import Any

from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from schema.catalog import CatalogError, Column, Entity, Input, MutationRoot, Scalar
from schema.definition import Marketplace
from schema.fields import DECLARATION, LinkField
from schema.inputs import InputForm
from schema.labels import Form, Label, OwnCategories
from schema.rights import (
    CarryOutField,
    EditField,
    EndField,
    EnterField,
    MutationDeclaration,
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
}


def read_mutations(marketplace: Marketplace, entities: Mapping[str, Entity]) -> Mapping[str, MutationRoot]:
    """The mutations of a marketplace, by name. Raises `CatalogError`."""
    definition: Any = getattr(marketplace.mutation, "__strawberry_definition__", None)
    found = [_mutation(field, entities) for field in definition.fields] if definition else []
    for each in found:
        if isinstance(each.declaration, CarryOutField) and not (marketplace.destruction and marketplace.members):
            raise CatalogError(f"`Mutation.{each.name}` destroys; give the marketplace `destruction` and `members`")
    return {each.name: each for each in found}


def _mutation(field: StrawberryField, entities: Mapping[str, Entity]) -> MutationRoot:
    name = field.graphql_name or to_camel_case(field.python_name)
    declaration: object = field.metadata.get(DECLARATION)
    if not isinstance(declaration, EditField | EnterField | EndField | ResumeField | CarryOutField | ReceiveField):
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
    if isinstance(declaration, EndField | ResumeField):
        ended = entity.columns.get(to_camel_case(declaration.ends))
        if ended is None or ended.label.category.is_open:
            raise CatalogError(f"`Mutation.{name}` ends rows by `{declaration.ends}`, which is no field of anybody's")
        return MutationRoot(name=name, declaration=declaration, entity=entity, inputs={}, ended=ended)
    inputs = {each.name: each for each in _inputs(name, declaration, entity, entities)}
    constants = _constants(declaration)
    _check_entering(name, declaration, entity, inputs)
    return MutationRoot(name=name, declaration=declaration, entity=entity, inputs=inputs, constants=constants)


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
    name: str, declaration: EditField | EnterField | ReceiveField, entity: Entity, entities: Mapping[str, Entity]
) -> Iterator[Input]:
    for field in declaration.fields:
        column, target = _column(field, entity)
        place = f"Mutation.{name}: `{entity.name}.{field}`"
        if column is None or column.name == "id":
            raise CatalogError(f"{place} is no field that can be changed")
        if isinstance(declaration, EditField) and column.label.category.is_open:
            raise CatalogError(f"{place} is about nobody, so nobody could be permitted to edit it")
        form = declaration.forms.get(field) or (InputForm.WORD if target else _form(column))
        if form is None:
            raise CatalogError(f"{place} has no form; say with `forms` what may be written into it")
        if target and entities[target].columns["id"].label.identifier:
            raise CatalogError(f"{place} leads to `{target}`, whose ids are not plain to whoever sees it")
        yield Input(
            name=to_camel_case(field),
            column=column,
            target=target,
            form=form,
            words=declaration.words.get(field) if isinstance(declaration, EnterField) else None,
            is_required=field in declaration.required,
        )
    if unknown := sorted({*declaration.required, *declaration.forms} - {*declaration.fields}):
        raise CatalogError(f"`Mutation.{name}` says something of `{unknown[0]}`, which is none of its fields")


def _column(field: str, entity: Entity) -> tuple[Column | None, str | None]:
    """The column of a field; of a link, with the type that it leads to."""
    name = to_camel_case(field)
    relation = entity.relations.get(name)
    if relation is None or not isinstance(relation.declaration, LinkField):
        return entity.columns.get(name), None
    column = relation.column or Column(
        name=name,
        python_name=field,
        column=relation.declaration.near,
        scalar=Scalar.ID,
        label=Label(category=OwnCategories.OPEN),
        subject=None,
        coarse=None,
        enum_type=None,
    )
    return column, relation.target


def _form(column: Column) -> InputForm | None:
    """What may be written into a field, by its label and its type."""
    form = _FORMS_OF_IDENTIFIERS.get(column.label.identifier.form) if column.label.identifier else None
    return form or _FORMS_OF_TYPES.get(column.scalar)


def _check_entering(name: str, declaration: MutationDeclaration, entity: Entity, inputs: Mapping[str, Input]) -> None:
    """That a row which is added is about whoever adds it, and that what it replaces can be told."""
    if isinstance(declaration, ReceiveField) and entity.storage.subjects:
        raise CatalogError(f"`Mutation.{name}` is anybody's, and so may add rows about no member")
    if isinstance(declaration, EnterField):
        constants = _constants(declaration).keys()
        keys = {to_camel_case(each) for each in declaration.key}
        copied = {name for name, _ in declaration.copied.values()} <= {*declaration.fields}
        known = copied and constants <= entity.columns.keys() - inputs.keys() and keys <= inputs.keys() | constants
        if declaration.subject not in entity.storage.subjects or not known:
            raise CatalogError(f"`Mutation.{name}` does not say whom its rows are about, or what they replace")
