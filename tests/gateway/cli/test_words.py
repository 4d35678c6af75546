"""Roles and purposes on the command line."""

import pytest
import typer

from gateway.cli.words import A_PURPOSE, A_ROLE, number_of, purpose_of, role_of
from schema.marketplace.words import Purposes, Roles


@pytest.mark.parametrize("text", ["BANK", "bank", "Bank"])
def test_a_role_is_read_in_capitals_and_small_letters(text: str) -> None:
    assert role_of(text) is Roles.BANK


def test_a_purpose_is_read_as_it_is_written() -> None:
    assert purpose_of("campaign") is Purposes.CAMPAIGN


@pytest.mark.parametrize("text", ["0", "-1", "1.0", "many", "", "²", str(2**63)])
def test_what_no_database_counts_to_is_no_number(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="give a whole number from 1 to 9223372036854775807"):
        number_of(text)
    assert number_of("9223372036854775807") == 2**63 - 1


def test_a_shell_completes_roles_and_purposes() -> None:
    assert A_ROLE.autocompletion("pa") == ["PARTNER", "PAYMENT_VENDOR"]
    assert A_PURPOSE.autocompletion("site") == ["site_operation"]


def test_what_the_marketplace_has_not_is_refused_with_what_it_has() -> None:
    with pytest.raises(typer.BadParameter, match="`KING` is not one of PUBLIC, MEMBER, "):
        role_of("KING")
    with pytest.raises(typer.BadParameter, match="`curiosity` is not one of public_browsing, "):
        purpose_of("curiosity")
