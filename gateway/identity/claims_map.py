"""Claims under an issuer's own names: made into those the gateway reads.

Made from the setting VEIL_CLAIMS. It must never take one of several roles for the only one, nor read a name that the
setting does not give.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

MAPPED = ("role", "purposes", "member", "organisation")
"""The claims that may have other names."""


class ClaimsMapError(ValueError):
    """The setting cannot be read; the message says what is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsMap:
    """Where an issuer's tokens hold each claim: its name, or names within objects joined by points."""

    paths: Mapping[str, str]

    def canonical(self, content: Mapping[str, object], roles: Collection[str]) -> Mapping[str, object]:
        """The token's content, with the mapped claims under the gateway's own names alone; `roles` are the gateway's."""
        if not self.paths:
            return content
        own = {name: value for name, value in content.items() if name not in self.paths}
        found = {name: _at(content, path) for name, path in self.paths.items()}
        if "role" in found:
            found["role"] = _role(found["role"], roles)
        if "purposes" in found:
            found["purposes"] = _words(found["purposes"])
        return {**own, **{name: value for name, value in found.items() if value is not None}}


OWN_NAMES: Final = ClaimsMap(paths={})
"""Of an issuer that names claims as the gateway does."""


def read_claims_map(text: str) -> ClaimsMap:
    """Of `name=path`, separated by blanks. Raises `ClaimsMapError`."""
    pairs = [part.partition("=") for part in text.split()]
    paths = {name: path for name, _, path in pairs}
    if len(paths) != len(pairs) or not all(name in MAPPED and path for name, path in paths.items()):
        raise ClaimsMapError(f"give each of {', '.join(MAPPED)} at most once, like role=realm_access.roles")
    return ClaimsMap(paths=paths)


def _at(content: object, path: str) -> object:
    """The value at a path. A name may hold points itself, as names that are URLs do."""
    if not isinstance(content, Mapping):
        return None
    if path in content:
        return content[path]
    for place, character in enumerate(path):
        if character == "." and isinstance(within := content.get(path[:place]), Mapping):
            return _at(within, path[place + 1 :])
    return None


def _words(value: object) -> object:
    """A list as it is, and a text as its words (RFC 8693 §4.2)."""
    return value.split() if isinstance(value, str) else value


def _role(value: object, roles: Collection[str]) -> object:
    """The one role of this gateway among the issuer's."""
    words = _words(value)
    known = [word for word in words if word in roles] if isinstance(words, list) else []
    return known[0] if len(known) == 1 else None
