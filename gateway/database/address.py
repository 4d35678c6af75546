"""The URL of the database: which of libpq's parameters the driver is given, and which are refused by name.

The driver would hand a parameter it does not know to the server, as a setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

CONNECT_TIMEOUT = 5
"""Seconds to connect to one host, unless the URL says otherwise."""

_DRIVER = {
    *("host", "port", "dbname", "database", "user", "password", "passfile", "service"),
    *("sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslpassword", "sslnegotiation"),
    *("ssl_min_protocol_version", "ssl_max_protocol_version", "krbsrvname", "gsslib"),
}
"""What the driver knows."""

_NEEDLESS: Mapping[str, set[str]] = {
    "gssencmode": {"disable", "prefer"},
    "channel_binding": {"disable", "prefer"},
    "target_session_attrs": {"any", "read-write", "primary"},
}
"""What the driver does without, as long as it is given one of these values. A gateway needs a host it can write to."""

_IGNORED = {"application_name", "fallback_application_name"}


class Pooler(StrEnum):
    """How a pooler in front of the database shares its sessions."""

    SESSION = "session"
    """There is none, or it gives each connection a session of its own."""
    TRANSACTION = "transaction"
    """It gives each transaction any session."""


class AddressError(ValueError):
    """The URL cannot be used; the message names what to change, and no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a database is, as the driver takes it."""

    url: str = field(repr=False)
    connect_timeout: int = CONNECT_TIMEOUT
    """Seconds."""


def parse_address(url: str) -> Address:
    """Raises `AddressError`."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise AddressError("give a URL like postgresql://login:password@host/database")
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    timeout = _connect_timeout(parameters.pop("connect_timeout", None))
    for name, value in parameters.items():
        _check(name, value)
    kept = {name: value for name, value in parameters.items() if name in _DRIVER}
    return Address(
        url=urlunsplit(parts._replace(query=urlencode(kept, safe="/,", quote_via=quote))), connect_timeout=timeout
    )


def _check(name: str, value: str) -> None:
    if name in _DRIVER or name in _IGNORED:
        return
    if name not in _NEEDLESS:
        raise AddressError(f"the URL's parameter `{name}` is not known; take it out")
    if value not in _NEEDLESS[name]:
        allowed = " or ".join(f"`{each}`" for each in sorted(_NEEDLESS[name]))
        raise AddressError(f"the URL's parameter `{name}` can only be {allowed} here")


def _connect_timeout(text: str | None) -> int:
    if text is None:
        return CONNECT_TIMEOUT
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 3_600):
        raise AddressError("the URL's parameter `connect_timeout` must be whole seconds, from 1 to 3600")
    return int(text)
