"""Whatever the rental's tables hold, everybody sees what the policy says, and renters are told of it."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema.catalog import Catalog
from tests.rental.judging import same
from tests.rental.reading import ASKERS, asked, judged, lists_of
from tests.rental.requesting import DESK, Asker, Renting, renter, workshop
from tests.rental.sample import RENTERS, ROWS

STATES = ("reserved", "out", "back", "canceled", "CANCELED", "RETURNED", "lost", "", 'x"y')
CHANGES = st.one_of(
    st.builds(
        lambda state, n: f"update rental.repair set state = '{state}' where id % 3 = {n}",
        st.sampled_from(("in", "done", "IN", "in ", "")),
        st.integers(0, 2),
    ),
    st.builds(
        lambda code, n: f"update rental.repair set workshop = '{code}' where id % 4 = {n}",
        st.sampled_from(("w/a", "w/b", "w''c")),
        st.integers(0, 3),
    ),
    st.builds(
        lambda state, n: f"update rental.booking set state = '{state}' where length(number) = {n}",
        st.sampled_from(STATES),
        st.sampled_from((3, 4)),
    ),
    st.builds(
        lambda n, ref: (
            f"update rental.booking set renter = '{ref.replace(chr(39), chr(39) * 2)}' where number = 'b/{n}'"
        ),
        st.integers(0, 39),
        st.sampled_from(RENTERS),
    ),
    st.sampled_from(
        (
            "update rental.renter set phone = null, licence = null, street = null where ref like 'r%'",
            "update rental.renter set first_name = '\"', last_name = E'\\\\\\n,\"x\":1'",
            "update rental.tool set sort = 'SAW'",
            "delete from rental.repair",
            "update rental.booking set price = 0.005 * length(number)",
        )
    ),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGES, max_size=4), who=st.lists(st.sampled_from(ASKERS), min_size=1, max_size=3))
def test_whatever_is_stored_is_shown_as_the_second_reading_says(
    renting: Renting, rental: Catalog, changes: Sequence[str], who: Sequence[Asker]
) -> None:
    renting.change(*changes)
    for asker in who:
        judge = judged(renting, rental, asker)
        for what in lists_of(asker):
            assert same(asked(renting, asker, what), getattr(judge, what)())


def test_a_renter_is_told_who_saw_what_of_them(renting: Renting) -> None:
    ref = RENTERS[6]
    renting.change(
        "delete from rental.repair",
        f"insert into rental.repair (renter, workshop, state) values ('{ref}', 'w/a', 'in')",
    )
    renting.data(workshop("w/a"), "query Reach { renters { nodes { name email } } }")
    me = renting.data(
        renter(ref),
        "{ me { accesses(first: 1) { nodes { role purpose organisation { name } fields { field treatment } } } } }",
    )["me"]
    (access,) = me["accesses"]["nodes"]
    assert (access["role"], access["purpose"]) == ("WORKSHOP", "repairing")
    assert access["organisation"] == {"name": "Workshop w/a"}
    assert sorted((each["field"], each["treatment"]) for each in access["fields"]) == [
        ("Renter.email", "PARTIAL"),
        ("Renter.name", "PLAIN"),
    ]


def test_who_was_not_seen_is_told_of_nothing(renting: Renting) -> None:
    renting.change("delete from rental.repair")
    before = renting.data(renter(RENTERS[1]), "{ me { accesses { totalCount } } }")["me"]["accesses"]["totalCount"]
    assert renting.data(workshop("w/a"), "{ renters { nodes { name } } }") == {"renters": {"nodes": []}}
    after = renting.data(renter(RENTERS[1]), "{ me { accesses { totalCount } } }")["me"]["accesses"]["totalCount"]
    # The renter's own two looks.
    assert after - before == 1


def test_rows_are_found_by_the_words_of_the_schema(renting: Renting) -> None:
    renting.change("update rental.booking set state = case when length(number) = 3 then 'canceled' else 'lost' end")
    query = "query ($is: [BookingState!]) { bookings(first: 100, filter: { state: { in: $is } }) { totalCount } }"

    def count(*states: str) -> int:
        return renting.data(DESK, query, {"is": states})["bookings"]["totalCount"]

    assert count("CANCELLED") == len([row for row in ROWS["booking"] if len(row["number"]) == 3])
    assert count("RESERVED", "PICKED_UP", "RETURNED") == 0
    hidden = renting.data(DESK, "{ bookings(first: 100) { nodes { id state hiddenFields } } }")["bookings"]["nodes"]
    assert all(("state" in row["hiddenFields"]) is (row["state"] is None) for row in hidden)


ELSEWHERE = (
    "Renter:r-001",
    "Renter:no such",
    "Renter:~AAAAAAAAAAAAAAAAAAAAAA",
    "Renter:r'001; drop table rental.renter",
)


@pytest.mark.parametrize("identity", ELSEWHERE)
def test_a_renter_who_may_not_be_seen_is_as_one_who_is_not_there(renting: Renting, identity: str) -> None:
    renting.change("delete from rental.repair")
    query = "query ($id: ID!) { renter(id: $id) { name } node(id: $id) { id } }"
    assert renting.data(workshop("w/a"), query, {"id": identity}) == {"renter": None, "node": None}


def test_a_renter_called_like_a_token_is_nobody_else_s_way_in(renting: Renting) -> None:
    """An id may be any text: also the token of another row, as one requester is shown it."""
    shown = renting.data(workshop("w/a"), "{ bookings(first: 2) { nodes { id begins } } }")["bookings"]["nodes"]
    token = shown[0]["id"].removeprefix("Booking:")
    renting.change(f"update rental.booking set number = '{token}' where number = 'b/39'")
    query = "query ($id: ID!) { booking(id: $id) { begins } }"
    assert renting.data(workshop("w/a"), query, {"id": shown[0]["id"]})["booking"] == {"begins": shown[0]["begins"]}
