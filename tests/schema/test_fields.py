"""What an entity is written with: every field carries its declaration and, if it is labelled, its label in the SDL."""

from typing import Any

import strawberry
from strawberry.types.base import StrawberryObjectDefinition

from schema.fields import (
    DECLARATION,
    STORAGE,
    ColumnField,
    ConnectionField,
    LinkField,
    Storage,
    connection,
    data,
    entity,
    link,
    parts,
)
from schema.labels import Identifiers, Label
from schema.marketplace.words import Categories


@entity(Storage(table="shop", subjects=("owner_id",)))
class Shop:
    """A place to buy."""

    name: str = data(Categories.REGISTRATION, Identifiers.NAME, column="shop_name")
    country: str = data(Categories.REGISTRATION)
    owner: str = link("owner_id")
    sales: list[str] = connection("seller_id")
    shelves: list[str] = parts("shop_id")


def declared(name: str) -> Any:
    definition: StrawberryObjectDefinition = getattr(Shop, "__strawberry_definition__")  # noqa: B009 - Strawberry's own
    (field,) = (field for field in definition.fields if field.python_name == name)
    return field.metadata[DECLARATION]


def test_a_labelled_field_says_its_column_and_its_label() -> None:
    label = Label(category=Categories.REGISTRATION, identifier=Identifiers.NAME)
    assert declared("name") == ColumnField(label=label, column="shop_name")
    assert declared("country").label == Label(category=Categories.REGISTRATION)


def test_a_label_is_printed_in_the_schema() -> None:
    @strawberry.type
    class Query:
        shop: Shop

    printed = str(strawberry.Schema(Query))
    assert 'name: String! @data(category: "REGISTRATION", identifier: "NAME")' in printed
    assert 'country: String! @data(category: "REGISTRATION")' in printed
    assert "owner: String!\n" in printed


def test_a_relation_says_which_columns_meet() -> None:
    assert declared("owner") == LinkField(near="owner_id")
    assert declared("sales") == ConnectionField(far="seller_id")
    assert declared("shelves").far == "shop_id"


def test_an_entity_carries_its_storage_and_its_docstring_as_description() -> None:
    assert getattr(Shop, STORAGE) == Storage(table="shop", subjects=("owner_id",))
    assert getattr(Shop, "__strawberry_definition__").description == "A place to buy."  # noqa: B009 - Strawberry's own
