"""Where a demo serves: an address a client can use, and a port that is known to be free."""

import socket

import pytest

from gateway.demo.serving import AddressUnusable, address, listening_socket


def test_an_ipv6_address_is_written_in_brackets() -> None:
    assert address("::1", 8000) == "http://[::1]:8000/graphql"
    assert address("127.0.0.1", 8000) == "http://127.0.0.1:8000/graphql"


def test_a_port_is_taken_at_once() -> None:
    """So that nobody else can take it while the demo is being made."""
    with listening_socket("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))


@pytest.mark.parametrize(
    ("host", "problem"),
    [
        ("192.0.2.1", "this machine has no address 192.0.2.1; choose another with `--host` or VEIL_HOST"),
        ("no.such.host.invalid", "this machine has no address no.such.host.invalid; choose another with"),
    ],
)
def test_an_address_of_another_machine_is_refused(host: str, problem: str) -> None:
    with pytest.raises(AddressUnusable) as refused:
        listening_socket(host, 0)
    assert str(refused.value).startswith(problem)
