"""A marketplace is one value. It says where its first policy is."""

import dataclasses

from schema.catalog import Catalog


def test_the_first_policy_is_the_file_of_the_first_version(catalog: Catalog) -> None:
    first = catalog.marketplace.first_policy
    assert first.is_file()
    assert first == catalog.marketplace.policies / f"{catalog.marketplace.first_version}.toml"


def test_another_version_can_be_the_first(catalog: Catalog) -> None:
    other = dataclasses.replace(catalog.marketplace, first_version="2013-01-01")
    assert other.first_policy.name == "2013-01-01.toml"
