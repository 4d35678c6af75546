"""Whether data crossed a border: from the tables that a marketplace names, and null where it names none."""

import dataclasses

import pytest

from resolvers.sql.borders import cross_border_sql
from schema.catalog import Catalog
from schema.definition import PartyTable
from schema.marketplace.words import Roles
from schema.requester import Role


def crossing(catalog: Catalog, role: Role, **tables: PartyTable | None) -> str:
    marketplace = dataclasses.replace(catalog.marketplace, **tables)
    return cross_border_sql(role, dataclasses.replace(catalog, marketplace=marketplace), "HK").text


def test_the_marketplace_asks_from_its_own_country(catalog: Catalog) -> None:
    assert crossing(catalog, Roles.PLATFORM) == (
        "exists (select from unnest(string_to_array(answer.subjects, ',')) entry"
        " join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK')"
    )


def test_a_table_and_its_columns_may_have_any_name(catalog: Catalog) -> None:
    members = PartyTable(table="shop.customer", key="no", country="Country")
    found = crossing(catalog, Roles.MEMBER, members=members)
    assert "join shop.customer member on member.no = split_part" in found
    assert 'select upper("Country") from shop.customer' in found


@pytest.mark.parametrize("role", [Roles.PLATFORM, Roles.MEMBER, Roles.ADVERTISER, Roles.PUBLIC])
def test_nobody_is_known_to_be_elsewhere_where_no_column_says_so(catalog: Catalog, role: Role) -> None:
    found = crossing(catalog, role, members=PartyTable(table="member"), organisations=None)
    assert "upper" not in found
    assert "null::boolean" in found


def test_a_third_party_asks_from_the_country_of_its_organisation(catalog: Catalog) -> None:
    assert "(select upper(country) from organisation where id = answer.organisation) is not null" in crossing(
        catalog, Roles.ADVERTISER
    )
