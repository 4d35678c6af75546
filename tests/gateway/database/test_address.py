"""The URL of the database: libpq's parameters are taken, or refused by name and without their value."""

import pytest

from gateway.database.address import CONNECT_TIMEOUT, AddressError, parse_address

URL = "postgresql://login:secret@one.example,two.example:5433/market"


@pytest.mark.parametrize(
    ("parameters", "kept"),
    [
        ("", ""),
        ("?sslmode=require&channel_binding=prefer", "?sslmode=require"),
        ("?gssencmode=disable&target_session_attrs=read-write", ""),
        ("?application_name=shop&sslrootcert=/etc/ca.pem", "?sslrootcert=/etc/ca.pem"),
        ("?host=%2Ftmp%2Fsocket&port=5432", "?host=/tmp/socket&port=5432"),
    ],
)
def test_what_libpq_knows_is_given_to_the_driver_or_is_needless(parameters: str, kept: str) -> None:
    address = parse_address(f"{URL}{parameters}")
    assert (address.url, address.connect_timeout) == (f"{URL}{kept}", CONNECT_TIMEOUT)


def test_the_time_to_connect_is_libpq_s() -> None:
    assert parse_address(f"{URL}?connect_timeout=7").connect_timeout == 7


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ("?channel_binding=require", "the URL's parameter `channel_binding` can only be `disable` or `prefer` here"),
        ("?gssencmode=require", "the URL's parameter `gssencmode` can only be `disable` or `prefer` here"),
        ("?keepalives_idle=5", "the URL's parameter `keepalives_idle` is not known; take it out"),
        ("?options=-csynchronous_commit%3Doff", "the URL's parameter `options` is not known; take it out"),
        ("?connect_timeout=soon", "the URL's parameter `connect_timeout` must be whole seconds, from 1 to 3600"),
    ],
)
def test_what_cannot_be_given_to_the_driver_is_refused_by_name(parameters: str, problem: str) -> None:
    with pytest.raises(AddressError) as refused:
        parse_address(f"{URL}{parameters}")
    assert str(refused.value) == problem


def test_a_standby_is_none_to_record_in() -> None:
    with pytest.raises(AddressError, match="`target_session_attrs` can only be `any` or `primary` or `read-write`"):
        parse_address(f"{URL}?target_session_attrs=prefer-standby")
