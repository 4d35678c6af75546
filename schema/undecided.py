"""Whether every field has a category that somebody has decided on. Until then nothing starts."""

import inspect
import linecache
from collections.abc import Iterator

from schema.catalog import Catalog, CatalogError, Entity
from schema.labels import Nature


def check_decided(catalog: Catalog) -> None:
    """Raises `CatalogError` with the file and line of each category that is left to be decided."""
    if places := sorted({place for entity in catalog.entities.values() for place in _places(entity)}):
        raise CatalogError(
            "\n".join([*(f"{place}: nobody has decided on this category yet" for place in places), _TO_DO])
        )


_TO_DO = "Give each one of your `Categories`; what is about nobody is of one whose nature is `OPEN`."


def _places(entity: Entity) -> Iterator[str]:
    """Where the module of an entity names the category; of several lines, each that does."""
    undecided = [column for column in entity.labelled.values() if column.label.category.nature is Nature.UNDECIDED]
    if not undecided:
        return
    category = undecided[0].label.category
    file = inspect.getfile(entity.type)
    named = f"{type(category).__name__}.{category.name}"
    lines = [number for number, line in enumerate(linecache.getlines(file), 1) if named in line]
    yield from (f"{file}:{number}" for number in lines)
    if not lines:
        yield f"{file}: `{entity.name}`"
