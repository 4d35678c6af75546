"""Tables become entities, and their keys become relations. Whose data a row is comes from the table of members."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from gateway.adopting.declaring import declare_package
from gateway.adopting.package import EntityClass, MarketplacePackage
from gateway.adopting.reading import AdoptionError, ForeignKey, Table, TableColumn


def table(name: str, *columns: str, key: tuple[str, ...] = ("id",), schema: str = "shop", **leading: str) -> Table:
    """With an integer `id`, texts, and columns that lead to another table of the schema."""
    names = {"id": "bigint", **dict.fromkeys(columns, "text"), **dict.fromkeys(leading, "bigint")}
    return Table(
        schema=schema,
        name=name,
        columns={each: TableColumn(name=each, type=type_) for each, type_ in names.items()},
        key=key,
        foreign_keys=tuple(ForeignKey(column=each, place=f"{schema}.{to}", far="id") for each, to in leading.items()),
    )


def relations(entity: EntityClass) -> list[tuple[str, str, str]]:
    return [(each.name, each.declared, each.target) for each in entity.relations]


def test_the_shop_has_these_types(entities: Mapping[str, EntityClass]) -> None:
    assert list(entities) == ["Customer", "Event", "Order", "Review", "Product", "OrderLine"]


def test_keys_keep_their_names_and_types(entities: Mapping[str, EntityClass]) -> None:
    assert {name: (entity.key, entity.id_type) for name, entity in entities.items()} == {
        "Customer": ("customer_id", "text"),
        "Event": ("id", "bigint"),
        "Order": ("order_no", "uuid"),
        "Product": ("sku", "text"),
        "Review": ("review_id", "bigint"),
        "OrderLine": (None, None),
    }


def test_a_row_is_about_the_member_that_it_names(entities: Mapping[str, EntityClass]) -> None:
    assert {name for name, entity in entities.items() if entity.subjects == ("customer_id",)} == {
        *("Customer", "Event", "Order", "Review"),
    }


def test_rows_are_listed_by_a_time_that_all_have(entities: Mapping[str, EntityClass]) -> None:
    assert {name: entity.order for name, entity in entities.items() if entity.order} == {
        "Customer": "signed_up",
        "Review": "created_at",
        "OrderLine": "line",
    }


def test_keys_become_links_connections_and_parts(entities: Mapping[str, EntityClass]) -> None:
    assert relations(entities["Order"]) == [
        ("customer", "link", "Customer"),
        ("order_lines", "parts", "OrderLine"),
    ]
    assert relations(entities["OrderLine"]) == [("product", "link", "Product")]
    assert relations(entities["Customer"]) == [
        *(("events", "connection", "Event"), ("orders", "connection", "Order"), ("reviews", "connection", "Review")),
    ]


def test_what_is_left_out_is_listed_with_its_reason(package: MarketplacePackage) -> None:
    left_out = {(each.place, each.column): each.why.partition(":")[0] for each in package.uncovered}
    assert left_out == {
        ("shop.newsletter", None): "it identifies persons, and no column says whom it is about",
        ("shop.tagged", None): "its key is not one column that can be an id",
        ("shop.totals", None): "it has no key",
        ("shop.customer", "password_hash"): "by its name it is a secret, which nobody is ever shown",
        ("shop.event", "campaign_id"): "by its name it is the id of another row, and no foreign key says of which",
        ("shop.product", "metadata"): "no field shows the type jsonb",
    }


def test_what_only_a_name_says_is_listed(package: MarketplacePackage) -> None:
    assert [(each.place, each.column, each.taken_for) for each in package.guessed] == [
        ("shop.event", "customer_id", "a row of `shop.customer`, by its name"),
        ("shop.orders", "placedAt", "a time in UTC"),
    ]


def test_two_ways_to_one_table_have_two_names() -> None:
    tables = [table("member", "email"), table("trade", buyer_id="member", seller_id="member")]
    member, trade = declare_package("shop", tables, None).entities
    assert trade.subjects == ("buyer_id", "seller_id")
    assert [each.name for each in member.relations] == ["trades_as_buyer", "trades_as_seller"]


def test_a_row_that_shares_a_members_key_is_one_link_away() -> None:
    tables = [table("member", "email"), table("profile", "motto", id="member")]
    member, profile = declare_package("shop", tables, None).entities
    assert relations(member) == [("profile", "link", "Profile")]
    assert profile.subjects == ("id",)


def test_what_belongs_to_somebodys_row_is_a_part_of_it() -> None:
    """Its rows are about whomever that row is about, though they have ids and name nobody."""
    item = table("item", trade_id="trade")
    required = replace(item.columns["trade_id"], is_required=True)
    tables = [
        table("member", "email"),
        table("trade", member_id="member"),
        replace(item, columns={**item.columns, "trade_id": required}),
        table("hint", trade_id="trade"),
    ]
    package = declare_package("shop", tables, None)
    entities = {entity.name: entity for entity in package.entities}
    assert (entities["Item"].is_part, entities["Hint"].is_part) == (True, False)
    assert relations(entities["Trade"]) == [
        *(("member", "link", "Member"), ("hints", "connection", "Hint"), ("items", "parts", "Item")),
    ]
    assert [(each.place, each.column) for each in package.uncovered] == [("shop.item", "id")]


def test_a_table_that_leads_to_itself() -> None:
    member, category = declare_package(
        "shop", [table("member", "email"), table("category", parent_id="category")], None
    ).entities
    assert relations(category) == [("parent", "link", "Category"), ("categories_as_parent", "connection", "Category")]
    assert not member.relations


def test_tables_of_two_schemas_are_named_with_the_other_schema() -> None:
    tables = [table("member", "email"), table("member", "email", schema="staff")]
    package = declare_package("shop", tables, "shop.member")
    assert [package.table_name(entity.table) for entity in package.entities] == ["member"]
    assert package.schema == "shop"


@pytest.mark.parametrize(
    ("tables", "named", "said"),
    [
        ([table("thing", "email")], None, "name the table of the data subjects with --member"),
        ([table("customer", "email")], "person", "--member person: there is no such table with a key of one column"),
        ([table("customer", "email", key=())], "customer", "there is no such table with a key of one column"),
        (
            [table("customer", "email"), table("customer", "email", schema="old")],
            "customer",
            "--member customer: there are several: give one of shop.customer, old.customer",
        ),
    ],
)
def test_a_table_of_members_that_is_not_there_is_asked_for(
    tables: Sequence[Table], named: str | None, said: str
) -> None:
    with pytest.raises(AdoptionError) as refused:
        declare_package("shop", tables, named)
    assert said in str(refused.value)
