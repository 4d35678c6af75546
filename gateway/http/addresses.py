"""The address of a client: its connection's, unless that is a trusted proxy's.

A client can write anything into `X-Forwarded-For`. A proxy adds the address it was reached from at the end. So the
header is read from its end, and only as far as trusted proxies wrote it.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from gateway.http.request import Scope

Network = IPv4Network | IPv6Network

_OWN_NETWORK: Final = 64
"""Bits of an IPv6 address that name a client's network, in which it can choose any address."""

_KNOWN: Final = 4_096
"""Addresses whose meaning is remembered."""

_LONGEST: Final = 1_024
"""Bytes of the header's end that are read."""


def read_networks(text: str) -> Sequence[Network]:
    """Addresses and networks, separated by spaces. Raises `ValueError`."""
    try:
        return [ip_network(each) for each in text.split()]
    except ValueError:
        raise ValueError("give addresses or networks like `10.0.0.0/8 2001:db8::1`") from None


class Addresses:
    """Finds the addresses of clients."""

    def __init__(self, proxies: Sequence[Network] = ()) -> None:
        self._proxies = proxies
        self._meaning = lru_cache(_KNOWN)(self._read)

    def of(self, scope: Scope) -> str:
        """The client's address; of IPv6 its network. Empty if the connection has none."""
        client = scope.get("client")
        address, is_proxy = self._meaning(client[0] if client else "")
        if is_proxy:
            forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
            for entry in reversed(forwarded[-_LONGEST:].decode("latin-1").split(",")):
                named, is_proxy = self._meaning(entry.strip())
                # A proxy wrote something else than an address: the last one that is known must do.
                if not named:
                    break
                address = named
                if not is_proxy:
                    break
        return address

    def _read(self, text: str) -> tuple[str, bool]:
        """An address as it is counted, and whether it is a trusted proxy's. Empty if it is none."""
        try:
            address = ip_address(text)
        except ValueError:
            return "", False
        if isinstance(address, IPv6Address):
            address = address.ipv4_mapped or address
        is_proxy = any(address in network for network in self._proxies)
        if isinstance(address, IPv6Address):
            return str(IPv6Network((int(address), _OWN_NETWORK), strict=False)), is_proxy
        return str(address), is_proxy
