"""How a setting writes a limit that differs by role."""

import pytest

from gateway.role_limits import read_role_limits
from schema.marketplace.words import Roles


def test_a_role_without_a_number_of_its_own_has_the_first() -> None:
    limits = read_role_limits("0.75 PUBLIC=0.5 MEMBER=1e3")
    assert [limits.of(role) for role in (Roles.BANK, Roles.PUBLIC, Roles.MEMBER)] == [0.75, 0.5, 1000]


@pytest.mark.parametrize("text", ["", "many", "0", "-1", "nan", "inf", "PUBLIC=1", "1 PUBLIC", "1 PUBLIC=x"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="above 0"):
        read_role_limits(text)


def test_a_role_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="once"):
        read_role_limits("1 BANK=2 BANK=3")
