"""The second marketplace is served, recorded and judged as the first is, whoever asks."""

import pytest

from schema.catalog import Catalog
from tests.rental.judging import same
from tests.rental.reading import ASKERS, LISTS, asked, judged, lists_of
from tests.rental.requesting import DESK, OVERSIGHT, VISITOR, Asker, Renting, renter, workshop
from tests.rental.sample import RENTERS, ROWS
from tests.rental.shop.words import Roles


@pytest.mark.parametrize("asker", ASKERS, ids=lambda asker: f"{asker.role} {asker.id or ''}")
def test_everybody_sees_what_the_policy_says(renting: Renting, rental: Catalog, asker: Asker) -> None:
    judge = judged(renting, rental, asker)
    for what in lists_of(asker):
        assert same(asked(renting, asker, what), getattr(judge, what)())


def test_a_list_that_nobody_may_ever_see_is_in_no_schema(renting: Renting) -> None:
    for asker in (VISITOR, DESK, renter(RENTERS[0]), workshop("w/a")):
        types = renting.data(asker, "{ __schema { types { name } } }")["__schema"]["types"]
        names = {each["name"] for each in types}
        assert ("Renter" in names) is ("renters" in lists_of(asker))
        assert ("AccessRecord" in names) is (asker.role is Roles.RENTER)
    assert renting.refused(VISITOR, LISTS["renters"]) == "INVALID"


def test_the_desk_finds_the_accesses_to_a_renter(renting: Renting) -> None:
    renting.data(DESK, "query Counter { renters { nodes { name } } }")
    found = renting.data(OVERSIGHT, "{ accessRecords(first: 1) { nodes { operation subjectCount outcome } } }")
    assert found["accessRecords"]["nodes"] == [
        {"operation": "Counter", "subjectCount": len(RENTERS), "outcome": "ANSWERED"}
    ]


# Ids that are texts.


@pytest.mark.parametrize("asker", [DESK, workshop("w/a")], ids=["plain", "tokens"])
def test_every_id_that_is_shown_leads_back_to_its_row(renting: Renting, asker: Asker) -> None:
    for what, kind, field in (("renters", "Renter", "name"), ("bookings", "Booking", "begins")):
        shown = renting.data(asker, f"{{ {what}(first: 100) {{ nodes {{ id {field} }} }} }}")[what]["nodes"]
        for row in shown:
            query = f"query ($id: ID!) {{ node(id: $id) {{ id ... on {kind} {{ {field} }} }} }}"
            assert renting.data(asker, query, {"id": row["id"]})["node"] == row
        found = renting.data(
            asker, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [row["id"] for row in shown]}
        )
        assert [each["id"] for each in found["nodes"]] == [row["id"] for row in shown]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("asker", [DESK, workshop("w/b")], ids=["plain", "tokens"])
def test_every_row_is_met_once_page_by_page(renting: Renting, asker: Asker, *, backwards: bool) -> None:
    size, cursor, more = ("last", "before", "hasPreviousPage") if backwards else ("first", "after", "hasNextPage")
    query = (
        f"query ($from: String) {{ bookings({size}: 7, {cursor}: $from) {{ nodes {{ id }}"
        f" pageInfo {{ {more} startCursor endCursor }} }} }}"
    )
    met: list[str] = []
    place: str | None = None
    while True:
        page = renting.data(asker, query, {"from": place})["bookings"]
        met += [row["id"] for row in page["nodes"]]
        if not page["pageInfo"][more]:
            break
        place = page["pageInfo"]["startCursor" if backwards else "endCursor"]
    assert len(met) == len(set(met)) == len(ROWS["booking"])


# Attacks.


def test_a_token_opens_for_nobody_else(renting: Renting) -> None:
    shown = renting.data(workshop("w/a"), "{ bookings(first: 1) { nodes { id } } }")["bookings"]["nodes"][0]["id"]
    query = "query ($id: ID!) { booking(id: $id) { begins } }"
    assert renting.data(workshop("w/a"), query, {"id": shown})["booking"] is not None
    for other in (workshop("w/b"), DESK, renter(RENTERS[0])):
        assert renting.data(other, query, {"id": shown})["booking"] is None


def test_what_is_masked_filters_nothing(renting: Renting) -> None:
    for wanted in ('{ email: { startsWith: "r" } }', '{ licence: { eq: "x" } }'):
        assert renting.refused(workshop("w/a"), f"{{ renters(filter: {wanted}) {{ nodes {{ town }} }} }}") == "INVALID"


def test_nobody_is_shown_a_stored_identifier_that_the_policy_does_not_give(renting: Renting) -> None:
    stored = {
        value for row in renting.rows("select mail, licence from rental.renter") for value in row.values() if value
    }
    for asker in (VISITOR, workshop("w/a"), workshop("no such")):
        for what in lists_of(asker):
            text = str(asked(renting, asker, what))
            assert not [value for value in stored if value in text]
