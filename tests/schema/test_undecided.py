"""A category that nobody has decided on stops the start, by file and line."""

import linecache
from dataclasses import replace

import pytest
import strawberry

from schema.catalog import CatalogError
from schema.catalog_reading import read_catalog
from schema.fields import Connection as Page
from schema.fields import HiddenFieldsField, Node, Storage, connection, data, declare, entity
from schema.labels import Category, Identifiers, Nature
from schema.marketplace.marketplace import MARKETPLACE
from schema.undecided import check_decided


class Categories(Category):
    UNDECIDED = "UNDECIDED", "what nobody has decided on yet", Nature.UNDECIDED


THINGS = Categories.UNDECIDED


@entity(Storage(table="thing"))
class Thing(Node):
    """A thing."""

    id: strawberry.ID = data(THINGS)
    name: str | None = data(THINGS, Identifiers.NAME)
    hidden_fields: list[str] = declare(HiddenFieldsField())


@strawberry.type
class Query:
    things: Page[Thing] | None = connection()


def test_what_is_undecided_is_named_by_file_and_line() -> None:
    served = replace(
        MARKETPLACE,
        query=Query,
        mutation=None,
        conditions=(),
        whole_cards={},
        figures_purpose=None,
        categories=tuple(Categories),
    )
    with pytest.raises(CatalogError) as refused:
        check_decided(read_catalog(served))
    line, to_do = str(refused.value).splitlines()
    place = line.removesuffix(": nobody has decided on this category yet")
    file, _, number = place.rpartition(":")
    assert file == __file__
    assert linecache.getline(file, int(number)).startswith("THINGS = ")
    assert to_do.startswith("Give each one of your `Categories`")


def test_a_marketplace_that_is_decided_on_starts() -> None:
    check_decided(read_catalog(MARKETPLACE))
