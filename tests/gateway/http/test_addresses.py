"""Whose address counts: the connection's, and behind a trusted proxy the one that the proxy added."""

from collections.abc import Sequence

import pytest

from gateway.http.addresses import Addresses, read_networks

PROXY, OTHER_PROXY, CLIENT = "10.0.0.7", "10.0.0.8", "203.0.113.5"


def address(peer: str | None, *forwarded: str, proxies: str = "10.0.0.0/8") -> str:
    headers: Sequence[tuple[bytes, bytes]] = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return Addresses(read_networks(proxies)).of({"client": (peer, 1) if peer else None, "headers": headers})


def test_without_proxies_nobody_is_believed() -> None:
    assert address(PROXY, CLIENT, proxies="") == PROXY


def test_a_client_that_is_no_proxy_is_not_believed() -> None:
    assert address(CLIENT, "198.51.100.1") == CLIENT


def test_a_proxy_names_its_client() -> None:
    assert address(PROXY, CLIENT) == CLIENT


def test_what_a_client_wrote_before_the_proxy_does_not_count() -> None:
    assert address(PROXY, f"198.51.100.1, {CLIENT}") == CLIENT
    assert address(PROXY, "198.51.100.1", CLIENT) == CLIENT


def test_proxies_behind_proxies_are_passed_over() -> None:
    assert address(PROXY, f"198.51.100.1, {CLIENT}, {OTHER_PROXY}") == CLIENT
    assert address(PROXY, OTHER_PROXY) == OTHER_PROXY


@pytest.mark.parametrize("forwarded", ["", "unknown", "203.0.113.5:80", "_hidden", "\xff", f"{CLIENT}, x"])
def test_what_is_no_address_leaves_the_proxy_s_own(forwarded: str) -> None:
    assert address(PROXY, forwarded) == PROXY
    assert address(PROXY) == PROXY


def test_addresses_of_one_ipv6_network_are_one() -> None:
    assert address("2001:db8:1:2::3") == address("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert address("2001:db8:1:3::3") == "2001:db8:1:3::/64"


def test_an_ipv4_address_in_ipv6_is_that_address() -> None:
    assert address(f"::ffff:{PROXY}", CLIENT) == CLIENT


def test_a_socket_without_addresses_has_none() -> None:
    assert address(None) == ""


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"like `10\.0\.0\.0/8"):
        read_networks("10.0.0.0/8 proxy.example")
