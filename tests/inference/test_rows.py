"""Which rows there are: those the policy shows and no others, however they are counted, paged or distinguished."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.conftest import Requesting
from tests.inference.conftest import PAGE, Besieged, Planted
from tests.inference.expected import HIDDEN, PARTIAL, PLAIN, TOKEN, Row
from tests.inference.planting import numbers_in
from tests.inference.requesters import by_everybody


@by_everybody
def test_exactly_the_rows_the_policy_shows_are_listed_and_counted(
    besieged: Besieged, planted: Planted, requesting: Requesting
) -> None:
    for name, kind in besieged.connections(requesting).items():
        harvest = besieged.harvest(requesting, name, kind)
        found = [besieged.row(requesting, planted.market, node["id"]).id for node in harvest.nodes]
        expected = sorted(row.id for row, _ in planted.market.visible(requesting, kind.name))
        assert (name, sorted(found), harvest.total) == (name, expected, len(expected))


@by_everybody
def test_pages_agree_with_each_other_and_tell_of_no_other_rows(besieged: Besieged, requesting: Requesting) -> None:
    """Forwards or backwards, in pages of no row, some or all: the same rows, and another page only where one is."""
    for name, kind in besieged.connections(requesting).items():
        harvest = besieged.harvest(requesting, name, kind)
        last = len(harvest.pages) - 1
        for number, page in enumerate(harvest.pages):
            assert (page["hasNextPage"], page["hasPreviousPage"]) == (number < last, number > 0), name
        cursors = [edge["cursor"] for edge in harvest.edges]
        paged = "{ totalCount edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"
        found = besieged.data(
            requesting,
            "query ($mid: String, $last: String) {"
            f" none: {name}(first: 0) {paged} ends: {name}(last: 3) {paged} all: {name}(last: {PAGE}) {paged}"
            f" behind: {name}(first: 2, after: $mid) {paged} before: {name}(last: 2, before: $mid) {paged}"
            f" beyond: {name}(first: 5, after: $last) {paged} }}",
            {"mid": cursors[len(cursors) // 2] if cursors else None, "last": cursors[-1] if cursors else None},
        )
        middle = len(cursors) // 2
        expected = {
            "none": (slice(0, 0), bool(cursors), False),
            "ends": (slice(max(0, len(cursors) - 3), None), False, len(cursors) > 3),
            "all": (slice(max(0, len(cursors) - PAGE), None), False, len(cursors) > PAGE),
        }
        if cursors:
            expected |= {
                "behind": (slice(middle + 1, middle + 3), middle + 3 < len(cursors), True),
                "before": (slice(max(0, middle - 2), middle), True, middle > 2),
                "beyond": (slice(0, 0), False, True),
            }
        for alias, (slice_, following, preceding) in expected.items():
            _agrees(found[alias], cursors[slice_], following, preceding)
            assert found[alias]["totalCount"] == len(cursors)


def _agrees(page: Mapping[str, Any], cursors: Sequence[str], following: object, preceding: object) -> None:
    info = page["pageInfo"]
    assert [edge["cursor"] for edge in page["edges"]] == cursors
    assert (info["startCursor"], info["endCursor"]) == ((cursors[0], cursors[-1]) if cursors else (None, None))
    assert (info["hasNextPage"], info["hasPreviousPage"]) == (following, preceding)


NAMES = {TOKEN: "TOKEN", PARTIAL: "PARTIAL"}


@by_everybody
def test_a_row_shows_each_field_as_the_policy_says_and_names_what_it_masks_and_hides(
    besieged: Besieged, planted: Planted, requesting: Requesting
) -> None:
    """What is masked differs from what is not there. What is hidden is named, unless it is hidden everywhere."""
    for name, kind in besieged.connections(requesting).items():
        for node in besieged.harvest(requesting, name, kind).nodes:
            row = besieged.row(requesting, planted.market, node["id"])
            treatments = planted.market.treatments(requesting, row)
            assert treatments
            for field, treatment in treatments.items():
                _shows(node, row, field, treatment)
            if "hiddenFields" in node:
                hidden = [field for field in row.kind.fields if field in node and treatments[field] == HIDDEN]
                assert sorted(node["hiddenFields"]) == sorted(hidden)
            masked = {each["field"]: each["treatment"] for each in node["maskedFields"]}
            assert masked == {
                field: NAMES[treatment]
                for field, treatment in treatments.items()
                if treatment in NAMES and node.get(field) is not None
            }


def _shows(node: Mapping[str, Any], row: Row, field: str, treatment: int) -> None:
    place = (row.kind.name, row.id, field, treatment)
    stored: object = row.stored(field)
    shown: Any = node.get(field)
    if treatment == HIDDEN or stored is None:
        assert shown is None, place
    elif field == "id":
        assert shown.startswith(f"{row.kind.name}:~") == (treatment == TOKEN), place
    elif row.kind.fields[field].identifier is None:
        assert shown is not None, place
    elif isinstance(stored, datetime):
        assert datetime.fromisoformat(shown) == (stored if treatment == PLAIN else _month_of(stored)), place
    elif isinstance(stored, Decimal):
        assert Decimal(shown) == (stored if treatment == PLAIN else _two_digits(stored)), place
    elif treatment == PLAIN:
        assert shown == stored, place
    else:
        assert shown, place
        assert list(numbers_in(shown)) == [], place


def _month_of(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, 1, tzinfo=UTC)


def _two_digits(amount: Decimal) -> Decimal:
    digit = max(Decimal(1).scaleb(amount.adjusted() - 1), Decimal("0.01"))
    return amount.quantize(digit, rounding=ROUND_HALF_UP)
