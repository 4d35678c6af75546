"""Plans a page of rows: its size, the order of its rows, its cursors, and whether it looks one row ahead."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from resolvers.front.selection import Argument, Field, Keyword, Slot
from resolvers.planning.context import Planning
from resolvers.planning.decisions import compared_column
from resolvers.planning.parameters import CursorParameter, PageSizeParameter, ParameterRef
from resolvers.planning.plan import Page, PagePart, SortKey
from schema.catalog import Entity, Scalar
from schema.refusals import Code, Refused
from schema.treatments import Treatment
from schema.view import Direction


def page_size(arguments: Mapping[str, Argument]) -> PageSizeParameter:
    """Where a page's size is found. Raises `Refused` with ARGUMENT."""
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise Refused(Code.ARGUMENT, "give `first` or `last`, not both")
    size = first if last is None else last
    return PageSizeParameter(slot=size if isinstance(size, Slot) else None)


def connection_page(planning: Planning, entity: Entity, connection: Field, size: PageSizeParameter) -> Page:
    """The page a connection's arguments ask for. Raises `Refused` with ARGUMENT."""
    arguments = connection.arguments
    keys = tuple(_sort_keys(planning, entity, arguments.get("orderBy")))
    name = _cursors_of(connection, keys)
    backwards = arguments.get("last") is not None
    return Page(
        connection=name,
        sort_keys=keys,
        size=planning.bind(size),
        backwards=backwards,
        looks_ahead=_looks_ahead(connection, PagePart.HAS_PREVIOUS_PAGE if backwards else PagePart.HAS_NEXT_PAGE),
        rounds_counts=not planning.visibility.role.is_own,
        after=_cursor(planning, name, keys, arguments.get("after")),
        before=_cursor(planning, name, keys, arguments.get("before")),
    )


def _looks_ahead(connection: Field, ahead: PagePart) -> bool:
    """Whether it is asked if there is another page in the direction of paging."""
    infos = (entry for entry in connection.selected if entry.name == "pageInfo")
    return any(part.name == ahead.value for info in infos for part in info.selected)


def _sort_keys(planning: Planning, entity: Entity, order: Argument) -> Iterator[SortKey]:
    # A single entry need not be written as a list (GraphQL specification §3.11). An empty list is no order.
    entries = [order] if isinstance(order, Mapping) else order
    if entries and isinstance(entries, Sequence):
        yield from _requested_keys(planning, entity, entries)
        yield _identity_key(planning, entity, descending=False)
    else:
        yield from _default_key(planning, entity)
        yield _identity_key(planning, entity, descending=entity.storage.newest_first)


def _identity_key(planning: Planning, entity: Entity, *, descending: bool) -> SortKey:
    stored = planning.visibility.is_everywhere(entity, entity.columns["id"], Treatment.PLAIN)
    identity = {"uuid": Scalar.UUID, "text": Scalar.TEXT}.get(entity.storage.id_type, Scalar.ID)
    return SortKey(entity.storage.key, identity if stored else None, descending=descending, nullable=False)


def _requested_keys(planning: Planning, entity: Entity, entries: Sequence[Argument]) -> Iterator[SortKey]:
    names: set[str] = set()
    for entry in entries:
        if not isinstance(entry, Mapping) or len(entry) != 1:
            raise Refused(Code.ARGUMENT, "name one field in each entry of `orderBy`")
        ((name, direction),) = entry.items()
        column = compared_column(planning, entity, entity.columns[name])
        if not isinstance(direction, Keyword):
            raise Refused(Code.ARGUMENT, f"give `{name}` of `orderBy` a direction")
        # Invariant: an order is no longer than its type has fields, however long the list that a variable brings.
        if name in names:
            raise Refused(Code.ARGUMENT, f"name `{name}` once in `orderBy`")
        names.add(name)
        descending = direction.value == Direction.DESC.name
        yield SortKey(column.column, column.scalar, descending=descending, nullable=True)


def _default_key(planning: Planning, entity: Entity) -> Iterator[SortKey]:
    for column in entity.columns.values():
        is_order = column.column == entity.storage.order
        if is_order and planning.visibility.is_everywhere(entity, column, Treatment.PLAIN):
            # Behind a view it may be null.
            yield SortKey(column.column, column.scalar, descending=entity.storage.newest_first, nullable=True)


def _cursors_of(connection: Field, keys: Iterable[SortKey]) -> str:
    """Names a connection and its order, by what distinguishes their cursors from all others."""
    order = (
        f"{key.column} {key.scalar.value if key.scalar else 'token'} {'descending' if key.descending else 'ascending'}"
        for key in keys
    )
    return f"{connection.parent_type}.{connection.name} by {', '.join(order)}"


def _cursor(
    planning: Planning, connection: str, keys: Sequence[SortKey], argument: Argument
) -> tuple[ParameterRef, ...]:
    if not isinstance(argument, Slot):
        return ()
    parts = (
        CursorParameter(connection=connection, scalar=key.scalar, position=position, slot=argument)
        for position, key in enumerate(keys)
    )
    return tuple(planning.bind(part) for part in parts)
