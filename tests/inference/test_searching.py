"""What rows may be searched by, sorted by and paged by: what is plain on each of them, and nothing else."""

import base64
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type, is_leaf_type

from schema.marketplace.words import Purposes, Roles
from tests.conftest import Requesting
from tests.inference.conftest import Besieged, Planted
from tests.inference.expected import KINDS
from tests.inference.requesters import STRANGERS, by_strangers, label

AT_ONCE = 4
"""The most mistakes that a refusal of one document names."""


def inputs(besieged: Besieged, requesting: Requesting, connection: str, argument: str) -> Mapping[str, Any]:
    """What a connection's filter or order takes: the type of each of its fields."""
    root = besieged.view(requesting).query_type
    assert root
    found = root.fields[connection].args.get(argument)
    kind = get_named_type(found.type) if found else None
    return {name: field.type for name, field in kind.fields.items()} if isinstance(kind, GraphQLInputObjectType) else {}


@by_strangers
def test_only_what_is_plain_on_every_visible_row_can_be_filtered_or_sorted_by(
    besieged: Besieged, planted: Planted, requesting: Requesting
) -> None:
    """A field masked on a single row would be revealed by whether that row is found."""
    for name, kind in besieged.connections(requesting).items():
        for argument in ("filter", "orderBy"):
            for field in inputs(besieged, requesting, name, argument):
                # An organisation is nobody's, and plain to all.
                if get_named_type(kind.fields[field].type).name != "Organisation":
                    assert planted.market.plain_everywhere(requesting, kind.name, field), f"{name}: {argument} {field}"


@by_strangers
def test_no_filter_leads_through_a_relation(besieged: Besieged, requesting: Requesting) -> None:
    """Each compares one field of the row itself with values."""
    for name in besieged.connections(requesting):
        for field, kind in inputs(besieged, requesting, name, "filter").items():
            comparisons = get_named_type(kind)
            assert isinstance(comparisons, GraphQLInputObjectType), f"{name}: {field}"
            assert all(is_leaf_type(get_named_type(each.type)) for each in comparisons.fields.values())


COMPARISONS = ('{eq: "A"}', '{startsWith: "A"}', '{in: ["A"]}', '{gte: "A"}', '{lt: "A"}', "{isNull: true}")


@by_strangers
def test_a_masked_field_is_searched_by_as_little_as_one_that_does_not_exist(
    besieged: Besieged, requesting: Requesting
) -> None:
    """By equality, prefix, range or null, and by sorting: each attempt ends as one on a field nobody has."""
    for name, kind in besieged.connections(requesting).items():
        for argument, tried in (("filter", COMPARISONS), ("orderBy", ("ASC", "DESC"))):
            offered = inputs(besieged, requesting, name, argument)
            masked = [field for field in (*KINDS[kind.name].fields, *kind.fields) if field not in offered]
            attempts = list(zip(dict.fromkeys(masked), itertools.cycle(tried), strict=False))
            (nowhere,) = messages(besieged, requesting, name, argument, [("nowhere", tried[0])])
            for start in range(0, len(attempts), AT_ONCE):
                written = messages(besieged, requesting, name, argument, attempts[start : start + AT_ONCE])
                expected = [nowhere.replace("nowhere", field) for field, _ in attempts[start : start + AT_ONCE]]
                # Without any filter, it is the argument that does not exist, once for all.
                assert written == (expected if offered else [nowhere])


def messages(
    besieged: Besieged, requesting: Requesting, connection: str, argument: str, attempts: Iterable[tuple[str, str]]
) -> Sequence[str]:
    given = ", ".join(f"{field}: {value}" for field, value in attempts)
    argued = f"{argument}: {{{given}}}" if argument == "filter" else f"{argument}: [{{{given}}}]"
    answer = besieged.post(requesting, f"{{ {connection}({argued}) {{ totalCount }} }}").json()
    assert "data" not in answer
    offered = {*inputs(besieged, requesting, connection, argument), *PAGED_BY}
    return [_without_suggestion(error["message"], offered) for error in answer["errors"]]


PAGED_BY = ("first", "after", "last", "before", "filter", "orderBy")


def _without_suggestion(message: str, offered: Container[str]) -> str:
    """A message without the names that it suggests, which are of the requester's own schema."""
    said, asks, suggested = message.partition(". Did you mean ")
    assert all(name in offered for name in re.findall(r"'(\w+)'", suggested)), message
    return said if asks else message


# Order and cursors.


@by_strangers
def test_a_cursor_holds_nothing_of_its_row_that_can_be_read(
    besieged: Besieged, planted: Planted, requesting: Requesting
) -> None:
    """Whatever rows are ordered by: neither a value of the row nor its id."""
    for name, kind in besieged.connections(requesting).items():
        ordered = [f"orderBy: [{{{field}: DESC}}]" for field in inputs(besieged, requesting, name, "orderBy")]
        for edge in (
            *besieged.harvest(requesting, name, kind).edges,
            *sorted_edges(besieged, requesting, name, ordered),
        ):
            content = base64.b64decode(edge["cursor"], validate=True)
            row = besieged.row(requesting, planted.market, edge["node"]["id"])
            stored = (text(row.stored(field)).encode() for field in KINDS[kind.name].fields)
            assert not any(value in content for value in stored if len(value) > 3), (name, edge["node"]["id"])


def sorted_edges(
    besieged: Besieged, requesting: Requesting, connection: str, ordered: Sequence[str]
) -> Iterator[Mapping[str, Any]]:
    asked = " ".join(
        f"a{place}: {connection}(first: 5, {order}) {{ edges {{ cursor node {{ id }} }} }}"
        for place, order in enumerate(ordered)
    )
    if asked:
        for page in besieged.data(requesting, f"{{ {asked} }}").values():
            yield from page["edges"]


def text(value: object) -> str:
    """A value, as PostgreSQL writes it."""
    match value:
        case datetime():
            return str(value).removesuffix(":00")
        case bool():
            return str(value).lower()
        case _:
            return str(value)


MASKED = [each for each in STRANGERS if each.member is None]


@pytest.mark.parametrize("requesting", MASKED, ids=label)
def test_rows_that_sort_alike_come_in_an_order_that_reveals_nothing(
    besieged: Besieged, planted: Planted, requesting: Requesting
) -> None:
    """Among rows with equal keys, the one stored first comes first as often as not, and likewise its masked values.

    Canaries are numbered as their rows are, so an order by any masked value would show as an order by id.
    """
    for name, kind in besieged.connections(requesting).items():
        if planted.market.plain_everywhere(requesting, kind.name, "id"):
            continue
        for field in inputs(besieged, requesting, name, "orderBy"):
            ascending, pairs = compared(in_order(besieged, planted, requesting, name, field))
            assert abs(ascending - pairs / 2) <= 4 * math.sqrt(pairs) / 2 + 1, (name, field, ascending, pairs)


def in_order(
    besieged: Besieged, planted: Planted, requesting: Requesting, connection: str, field: str
) -> Iterator[tuple[object, int]]:
    query = f"{{ {connection}(first: 100, orderBy: [{{{field}: ASC}}]) {{ nodes {{ id {field} }} }} }}"
    for node in besieged.data(requesting, query)[connection]["nodes"]:
        yield node[field], besieged.row(requesting, planted.market, node["id"]).id


def compared(rows: Iterable[tuple[object, int]]) -> tuple[int, int]:
    """Of neighbours that sort alike, how many come in the order of their ids; and how many neighbours there are."""
    groups: dict[str, list[int]] = defaultdict(list)
    for key, identity in rows:
        groups[str(key)].append(identity)
    steps = [later > earlier for group in groups.values() for earlier, later in itertools.pairwise(group)]
    return sum(steps), len(steps)


def test_each_organisation_has_an_order_of_its_own(besieged: Besieged, planted: Planted) -> None:
    """Of a pair that sorts alike, half of all organisations see one first and half the other."""
    first = 0
    organisations = range(100, 140)
    for organisation in organisations:
        requesting = Requesting(role=Roles.PARTNER, purpose=Purposes.STATISTICAL_SHARING, organisation=organisation)
        rows = list(in_order(besieged, planted, requesting, "visits", "device"))
        (one, other) = sorted(identity for key, identity in rows if key == rows[0][0])[:2]
        first += next(identity for _, identity in rows if identity in (one, other)) == one
    assert 8 <= first <= 32
