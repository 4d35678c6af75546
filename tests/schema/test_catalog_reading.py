"""What stops the start: a declaration that says nothing, or something that cannot be."""

import dataclasses
import enum
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import strawberry

from schema.catalog import Catalog, CatalogError
from schema.catalog_reading import read_catalog
from schema.common.policy import PrivacyPolicy, privacy_policy
from schema.conditions import Condition
from schema.fields import (
    ByIdField,
    Connection,
    HiddenFieldsField,
    IdFilter,
    Join,
    LeftOut,
    MeField,
    Node,
    PartsFilter,
    RowFilter,
    Storage,
    connection,
    data,
    declare,
    entity,
    link,
    parts,
    static_field,
)
from schema.labels import Identifier, Identifiers, Label, OwnCategories
from schema.marketplace.conditions import CASE, PUBLISHED
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Categories, Purposes, Roles
from schema.scalars import DateTime, Decimal


def rooted(target: Any, declaration: Any = None) -> Callable[[], Catalog]:
    """Reads a catalog whose only root field leads to a type."""
    told_of = {"__annotations__": {"thing": target | None}, "thing": declaration or declare(ByIdField())}
    query = strawberry.type(type("Query", (), told_of))
    return lambda: read_catalog(dataclasses.replace(MARKETPLACE, query=query, mutation=None))


def stopped(reading: Callable[[], Catalog]) -> str:
    with pytest.raises(CatalogError) as stop:
        reading()
    return str(stop.value)


THING = Storage(table="thing", subjects=("member_id",))


def test_an_unlabelled_field_stops_the_start() -> None:
    @entity(THING)
    class Thing:
        nothing_said: str | None

    assert stopped(rooted(Thing)) == "`Thing.nothingSaid` has no label; declare it with `data(…)`, `link(…)` or alike"


def test_a_field_of_strawberrys_own_stops_the_start() -> None:
    @entity(THING)
    class Thing:
        computed: str | None = strawberry.field(description="Looks harmless.")

    assert "`Thing.computed` has no label" in stopped(rooted(Thing))


def test_an_unlabelled_root_field_stops_the_start() -> None:
    @entity(THING)
    class Thing:
        id: strawberry.ID = data(OwnCategories.OPEN)

    assert "`Query.thing` has no label" in stopped(rooted(Thing, strawberry.field(description="All of them.")))


def test_a_label_at_the_root_stops_the_start() -> None:
    @entity(THING)
    class Thing:
        id: strawberry.ID = data(OwnCategories.OPEN)

    assert stopped(rooted(Thing, declare(HiddenFieldsField()))) == "`Query.thing` is declared as no root field"


def test_a_root_field_within_a_type_stops_the_start() -> None:
    @entity(THING)
    class Thing:
        id: strawberry.ID = data(OwnCategories.OPEN)
        mine: str | None = declare(MeField())

    assert stopped(rooted(Thing)) == "`Thing.mine` is declared as a root field"


def test_a_type_that_does_not_say_how_it_is_stored_stops_the_start() -> None:
    @strawberry.type
    class Thing:
        id: strawberry.ID = data(OwnCategories.OPEN)

    assert stopped(rooted(Thing)).startswith("`Thing` does not say how it is stored")


def test_a_type_reached_only_through_others_must_say_it_too() -> None:
    @strawberry.type
    class Inner:
        id: strawberry.ID = data(OwnCategories.OPEN)

    @entity(THING)
    class Thing:
        id: strawberry.ID = data(OwnCategories.OPEN)
        inner: Inner | None = link("inner_id")

    assert stopped(rooted(Thing)).startswith("`Inner` does not say how it is stored")


def test_a_type_no_column_can_have_stops_the_start() -> None:
    @entity(THING)
    class Thing:
        weight: float | None = data(Categories.BUYER)

    assert stopped(rooted(Thing)) == "`Thing.weight` is of a type that no column can have"


def test_a_subject_that_is_none_of_the_rows_stops_the_start() -> None:
    @entity(THING)
    class Thing:
        name: str | None = data(Categories.REGISTRATION, Identifiers.NAME, subject="somebody_id")

    assert "`Thing.name` names the subject `somebody_id`" in stopped(rooted(Thing))


def test_an_address_without_a_city_stops_the_start() -> None:
    @entity(THING)
    class Thing:
        address: str | None = data(Categories.REGISTRATION, Identifiers.POSTAL_ADDRESS)

    assert "`Thing.address` is a postal address" in stopped(rooted(Thing))


def test_an_identifier_that_is_no_text_stops_the_start() -> None:
    @entity(THING)
    class Thing:
        account: Decimal | None = data(Categories.PAYMENT, Identifiers.BANK_ACCOUNT)

    assert stopped(rooted(Thing)) == "`Thing.account` is an identifier; its type must be text"


def test_an_exact_time_about_somebody_without_a_label_stops_the_start() -> None:
    @entity(THING)
    class Thing:
        id: strawberry.ID = data(Categories.BUYER, Identifiers.ROW_ID)
        seen_at: DateTime | None = data(Categories.BUYER)

    assert stopped(rooted(Thing)).startswith("`Thing.seenAt` is an exact time or amount about somebody; label it")


def test_an_exact_amount_in_a_part_of_somebodys_row_stops_the_start_too() -> None:
    @entity(Storage(table="part", is_part=True))
    class Part:
        price: Decimal | None = data(Categories.BUYER)

    @entity(THING)
    class Thing:
        id: strawberry.ID = data(Categories.BUYER, Identifiers.ROW_ID)
        parts: list[Part] | None = parts("thing_id")

    assert stopped(rooted(Thing)).startswith("`Part.price` is an exact time or amount about somebody; label it")


def test_an_exact_time_may_be_said_to_identify_nobody_and_why() -> None:
    @entity(THING)
    class Thing:
        id: strawberry.ID = data(Categories.BUYER, Identifiers.ROW_ID)
        seen_at: DateTime | None = data(Categories.BUYER, identifies_nobody="everybody was there")
        listed_at: DateTime | None = data(Categories.PUBLISHING)

    assert set(rooted(Thing)().entities["Thing"].columns) == {"id", "seenAt", "listedAt"}


def test_a_label_of_a_time_or_amount_fits_its_type() -> None:
    @entity(THING)
    class Time:
        id: strawberry.ID = data(OwnCategories.OPEN)
        at: str | None = data(Categories.BUYER, Identifiers.MOMENT)

    @entity(THING)
    class Amount:
        id: strawberry.ID = data(OwnCategories.OPEN)
        total: int | None = data(Categories.BUYER, Identifiers.AMOUNT)

    assert stopped(rooted(Time)) == "`Time.at` is labelled as an exact time; its type must be `DateTime`"
    assert stopped(rooted(Amount)) == "`Amount.total` is labelled as an amount; its type must be `Decimal`"


def test_a_second_kind_and_a_label_of_a_link_are_whole_or_hidden() -> None:
    @entity(THING)
    class Twice:
        id: strawberry.ID = data(OwnCategories.OPEN)
        text: str | None = data(Categories.BUYER, Identifiers.FREE_TEXT, also=Identifiers.NAME)

    @entity(THING)
    class Linked:
        id: strawberry.ID = data(OwnCategories.OPEN)
        twice: Twice | None = link("twice_id", label=Label(category=Categories.BUYER, identifier=Identifiers.NAME))

    assert "`Twice.text` has two kinds of identifiers" in stopped(rooted(Twice))
    assert "the link `twice` can only be whole or hidden" in stopped(rooted(Linked))


def test_a_password_stops_the_start() -> None:
    @entity(THING)
    class Thing:
        secret: str | None = data(OwnCategories.OPEN, column="password_hash")

    assert stopped(rooted(Thing)) == "`Thing.secret` would show a password, which nobody is ever shown"


def test_rows_without_an_id_cannot_be_found() -> None:
    @entity(THING)
    class Thing:
        size: int | None = data(Categories.BUYER)

    assert stopped(rooted(Thing)) == "`Query.thing` leads to `Thing`, which has no `id` to be found or paged by"


def test_rows_without_an_id_cannot_be_paged() -> None:
    @entity(THING)
    class Part:
        size: int | None = data(Categories.BUYER)

    @entity(THING)
    class Thing(Node):
        id: strawberry.ID = data(OwnCategories.OPEN)
        parts: Connection[Part] | None = connection("thing_id")

    assert stopped(rooted(Thing)).startswith("`Thing.parts` leads to `Part`, which has no `id`")


def test_a_plain_number_of_rows_about_somebody_stops_the_start_unless_they_are_published() -> None:
    """Else the gaps in the numbers of those that are seen would count the rest."""

    @entity(THING)
    class Thing(Node):
        id: strawberry.ID = data(OwnCategories.OPEN)
        size: int | None = data(Categories.BUYER)

    assert stopped(rooted(Thing)).startswith("the rows of `Thing` are about somebody, and its `id` would count them")

    @entity(dataclasses.replace(THING, id_type="uuid"))
    class Record(Node):
        id: strawberry.ID = data(OwnCategories.OPEN)
        size: int | None = data(Categories.BUYER)

    @entity(THING)
    class Notice(Node):
        id: strawberry.ID = data(OwnCategories.OPEN)
        size: int | None = data(Categories.PUBLISHING)

    assert rooted(Record)()
    assert rooted(Notice)()


def test_columns_for_a_condition_that_is_none_of_a_row_stop_the_start() -> None:
    @entity(Storage(table="thing", condition_columns={"CASE": ("member_id",)}))
    class Thing(Node):
        """A thing."""

        id: strawberry.ID = data(OwnCategories.OPEN)

    assert stopped(rooted(Thing)) == "`Thing` has columns for `CASE`, which is no condition of a row"


@pytest.mark.parametrize(
    ("condition", "columns"),
    [
        ("PARTY", ()),
        ("PARTY", Join(near="id", far="id")),
        ("PUBLISHED", ("one", "another")),
        ("PAYMENT_ROUTE", ("id", "order_id")),
        ("BOUGHT_SINCE", ("buyer_id",)),
        ("BOUGHT_SINCE", ("buyer_id", "placed_at")),
        ("BOUGHT_SINCE", Join(near="id", far="id")),
    ],
)
def test_columns_that_do_not_fit_a_condition_of_the_row_stop_the_start(
    condition: str, columns: tuple[str, ...] | Join
) -> None:
    @entity(Storage(table="thing", condition_columns={condition: columns}))
    class Thing(Node):
        """A thing."""

        id: strawberry.ID = data(OwnCategories.OPEN)

    assert stopped(rooted(Thing)) == f"`Thing` does not give `{condition}` the columns that it reads"


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ((CASE, dataclasses.replace(CASE, phrase="another")), "two conditions have the name `CASE`"),
        ((CASE, dataclasses.replace(CASE, name="ANOTHER")), f"two conditions have the phrase `{CASE}`"),
        ((CASE,), "`campaign` shows whole cards under `PUBLISHED`, which is no condition"),
    ],
)
def test_conditions_that_contradict_each_other_stop_the_start(conditions: tuple[Condition, ...], message: str) -> None:
    marketplace = dataclasses.replace(
        MARKETPLACE, conditions=conditions, whole_cards={Purposes.CAMPAIGN: PUBLISHED}, query=OnlyThePolicy
    )
    assert stopped(lambda: read_catalog(marketplace)) == message


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"roles": (*Roles, Roles.BANK)}, "two roles of the marketplace are called `BANK`"),
        ({"purposes": (*Purposes, Purposes.CAMPAIGN)}, "two purposes of the marketplace are called `campaign`"),
        ({"categories": (*Categories, *OwnCategories)}, "two categories of the marketplace are called `ACCESS_LOG`"),
        (
            {"identifiers": (*Identifiers, Identifiers.NAME)},
            "two kinds of identifiers of the marketplace are called `NAME`",
        ),
        (
            {"roles": tuple(role for role in Roles if not role.is_public)},
            "the marketplace needs one role of the party `Party.PUBLIC`: nobody in particular: no token",
        ),
        (
            {"roles": tuple(role for role in Roles if not role.is_own)},
            "the marketplace needs a role of the party `Party.OWN`: the marketplace itself",
        ),
        ({"purposes": ()}, "`public_purpose` is `public_browsing`, which is none of the `purposes`"),
        (
            {"figures_purpose": None},
            "there are figures; give the marketplace a `figures_purpose` that their releases are recorded for",
        ),
    ],
)
def test_words_that_cannot_be_stop_the_start(changed: Mapping[str, Any], message: str) -> None:
    assert stopped(lambda: read_catalog(dataclasses.replace(MARKETPLACE, **changed))) == message


@strawberry.type
class OnlyThePolicy:
    """Of a marketplace that shows nothing else."""

    privacy_policy: PrivacyPolicy = static_field(privacy_policy, "The policy.")


@pytest.mark.parametrize(
    "filters",
    [
        {"maker": IdFilter(column="maker_id", target="Member")},
        {"maker": IdFilter(column="maker_id", target="Thing")},
        {"name": IdFilter(column="maker_id", target="Member", label=Label(category=Categories.REGISTRATION))},
        {"parts": PartsFilter(parts="pieces", keys=("name",), near="plan", table="plan", column="pieces")},
    ],
    ids=["an id without a label", "an id that is not open", "a field's own name", "parts that are not there"],
)
def test_a_filter_that_cannot_be_stops_the_start(filters: Mapping[str, RowFilter]) -> None:
    """An id that is about somebody has a label."""

    @entity(dataclasses.replace(THING, filters=filters))
    class Thing(Node):
        id: strawberry.ID = data(Categories.REGISTRATION, Identifiers.ROW_ID)
        name: str | None = data(Categories.REGISTRATION)

    (name,) = filters
    assert stopped(rooted(Thing)) == f"`Thing` cannot be filtered by `{name}` as it says"


@pytest.mark.parametrize("field", ["nothing", "id"])
def test_rows_that_are_left_out_by_no_text_of_theirs_stop_the_start(field: str) -> None:
    @entity(dataclasses.replace(THING, left_out=LeftOut(field=field, value="x")))
    class Thing(Node):
        id: strawberry.ID = data(Categories.REGISTRATION, Identifiers.ROW_ID)
        name: str | None = data(Categories.REGISTRATION)

    assert stopped(rooted(Thing)) == f"`Thing` leaves out rows by `{field}`, which is no text of it"


@pytest.mark.parametrize("identifier", [None, Identifiers.NAME])
def test_a_sealed_field_stands_for_an_id(identifier: Identifier | None) -> None:
    @entity(THING)
    class Thing(Node):
        id: strawberry.ID = data(Categories.REGISTRATION, Identifiers.ROW_ID)
        maker: str | None = data(Categories.REGISTRATION, identifier, is_sealed=True)

    assert stopped(rooted(Thing)) == "the token of `Thing.maker` cannot be opened: it is no text that stands for an id"


# What is mapped.


@strawberry.enum
class Mood(enum.Enum):
    GOOD = "GOOD"
    BAD = "BAD"


def mapped(**fields: Any) -> Callable[[], Catalog]:
    """Reads the catalog of a thing whose field `mood`, an enum, is declared so."""
    declared = {
        "__annotations__": {"id": strawberry.ID, "mood": Mood | None},
        "id": data(Categories.BUYER, Identifiers.ROW_ID),
        "mood": data(Categories.BUYER, **fields),
    }
    return rooted(entity(THING)(type("Thing", (), declared)))


def test_whatever_reads_a_column_reads_it_mapped() -> None:
    catalog = mapped(column="state", words={"fine": "GOOD"})()
    assert catalog.mapped_columns("marketplace.thing") == catalog.entities["Thing"].mapped
    assert catalog.mapped_columns("thing")["state"].words == (("fine", "GOOD"),)
    assert catalog.readable_columns()["thing"] >= {"id", "state", "member_id"}


def test_an_expression_is_read_by_the_columns_that_it_is_made_of() -> None:
    catalog = mapped(expression="upper(feeling)", reads=("feeling",))()
    assert "feeling" in catalog.readable_columns()["thing"]
    assert "mood" not in catalog.readable_columns()["thing"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"words": {"fine": "FINE"}}, "`Thing.mood` has the word `FINE` for one of its enum's, which has no such word"),
        ({"words": {"a\nb": "GOOD"}}, "`Thing.mood` has a word that is not one line"),
        ({"reads": ("feeling",)}, "`Thing.mood` reads other columns, but has no expression"),
        ({"expression": "upper(feeling)"}, "the expression of `Thing.mood` does not say with `reads`"),
        ({"expression": "upper(feeling", "reads": ("feeling",)}, "the expression of `Thing.mood` is not whole"),
        ({"expression": "password_hash", "reads": ("password_hash",)}, "`Thing.mood` would show a password"),
    ],
)
def test_a_mapping_that_cannot_be_stops_the_start(fields: dict[str, Any], said: str) -> None:
    assert said in stopped(mapped(**fields))


def test_two_fields_make_the_same_of_a_column() -> None:
    @entity(THING)
    class Thing:
        id: strawberry.ID = data(Categories.BUYER, Identifiers.ROW_ID)
        name: str | None = data(Categories.BUYER, Identifiers.NAME, expression="a || b", reads=("a", "b"))
        other: str | None = data(Categories.BUYER, Identifiers.NAME, column="name")

    assert stopped(rooted(Thing)) == "`Thing.other` and `Thing.name` make something else of `name`; give one a `column`"


def test_a_key_is_a_column() -> None:
    @entity(dataclasses.replace(THING, key="thing_no"))
    class Thing:
        id: strawberry.ID = data(Categories.BUYER, Identifiers.ROW_ID, column="no")

    assert stopped(rooted(Thing)) == "`Thing.id` is the key of its row; name its column with `key`"

    @entity(dataclasses.replace(THING, key="thing_no"))
    class Thing2:
        id: strawberry.ID = data(Categories.BUYER, Identifiers.ROW_ID)
        no: str | None = data(Categories.BUYER, column="thing_no", expression="upper(x)", reads=("x",))

    assert "make something else of `thing_no`" in stopped(rooted(Thing2))


def test_relations_meet_at_the_keys_by_default() -> None:
    @entity(Storage(table="room", key="room_no"))
    class Room(Node):
        id: strawberry.ID = data(OwnCategories.OPEN)

    @entity(dataclasses.replace(THING, key="thing_no"))
    class Thing(Node):
        id: strawberry.ID = data(Categories.BUYER, Identifiers.ROW_ID)
        room: Room | None = link("room")
        rooms: Connection[Room] | None = connection("thing")

    relations = rooted(Thing)().entities["Thing"].relations
    assert (relations["room"].near, relations["room"].far) == ("room", "room_no")
    assert (relations["rooms"].near, relations["rooms"].far) == ("thing_no", "thing")
