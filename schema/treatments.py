"""How an identifier is shown, and what each treatment makes of a value, in Python: the reference the SQL is held to.

Every form has a fixed width, so that length tells nothing. Nothing here decides which treatment applies.
"""

import base64
import enum
import hashlib
import hmac
import ipaddress
import re
from typing import Final

from schema.labels import Identifier


class Treatment(enum.StrEnum):
    """From the least revealing to the most."""

    HIDDEN = "HIDDEN"
    TOKEN = "TOKEN"  # noqa: S105 - the name of a treatment, not a secret
    PARTIAL = "PARTIAL"
    PLAIN = "PLAIN"

    @property
    def openness(self) -> int:
        """How much is revealed: 0 (hidden) to 3 (plain)."""
        return list(Treatment).index(self)


WITHOUT_PARTIAL: Final = frozenset({Identifier.MEMBER_ID, Identifier.ROW_ID, Identifier.COOKIE})
"""Kinds that have no partial form: a token stands in for it."""

TWO_DIGIT_COUNTRY_CODES: Final = [
    "20",
    "27",
    "30",
    "31",
    "32",
    "33",
    "34",
    "36",
    "39",
    "40",
    "41",
    "43",
    "44",
    "45",
    "46",
    "47",
    "48",
    "49",
    "51",
    "52",
    "53",
    "54",
    "55",
    "56",
    "57",
    "58",
    "60",
    "61",
    "62",
    "63",
    "64",
    "65",
    "66",
    "81",
    "82",
    "84",
    "86",
    "90",
    "91",
    "92",
    "93",
    "94",
    "95",
    "98",
]
"""Country calling codes of two digits (ITU-T E.164); 1 and 7 have one digit, all others three."""

PHONE_PUNCTUATION: Final = " -().\u00a0/"
FULL_WIDTH: Final = "０１２３４５６７８９＠．＋－"
HALF_WIDTH: Final = "0123456789@.+-"

REDACTIONS: Final = (
    ("[e-mail]", r"[\w.%+-]+ ?@ ?[\w-]+(\.[\w-]+)+"),
    ("[ip address]", r"[0-9]{1,3}(\.[0-9]{1,3}){3}|([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}"),
    ("[bank account]", r"[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?"),
    ("[card number]", r"[0-9]([ -]?[0-9]){12,18}"),
    ("[phone]", r"(\+|00)?[(]?[0-9]([ ().-]{0,2}[0-9]){6,14}"),
    (
        "[handle]",
        r"(QQ|[Ww]e[Cc]hat|微信|[Ww]hats[Aa]pp|[Ss]kype|[Tt]elegram|[Vv]iber|LINE)( ?(id|ID))? ?[:：=]? ?@?[\w.-]{3,}",
    ),
)
"""What is replaced in free text, in this order: the kind shown, and a pattern both PostgreSQL and Python read alike."""

_PYTHON_REDACTIONS = tuple((kind, re.compile(pattern)) for kind, pattern in REDACTIONS)


def partial(identifier: Identifier, value: str, *, coarse: str | None = None) -> str | None:
    """The recognisable, useless form of one value; `coarse` is the city that stands in for a postal address."""
    match identifier:
        case Identifier.EMAIL:
            return _partial_email(value)
        case Identifier.NAME:
            return f"{value[:1]}. ***"
        case Identifier.PHONE:
            return _partial_phone(value)
        case Identifier.POSTAL_ADDRESS:
            return coarse
        case Identifier.IP_ADDRESS:
            return _partial_address(value)
        case Identifier.CARD_NUMBER | Identifier.BANK_ACCOUNT:
            return "****" if len(value) < 12 else f"**** {value[-4:]}"
        case Identifier.TRACKING_NUMBER:
            return "***" if len(value) < 8 else f"*** {value[-2:]}"
        case Identifier.FREE_TEXT:
            return redacted(value)
        case Identifier.MEMBER_ID | Identifier.ROW_ID | Identifier.COOKIE:
            raise ValueError(f"`{identifier}` has no partial form")


def _partial_email(value: str) -> str:
    local, _, rest = value.partition("@")
    domain = rest.split("@")[0]
    return f"{local[:1]}***@{domain[:1]}***.{domain.split('.')[-1][:6]}"


def _partial_phone(value: str) -> str:
    digits = value.translate(str.maketrans("", "", PHONE_PUNCTUATION))
    if len(digits) < 8:
        return "***"
    return f"{_country_code(digits)}*** {digits[-2:]}"


def _country_code(digits: str) -> str:
    if not digits.startswith("+"):
        return ""
    if digits[1] in "17":
        return f"{digits[:2]} "
    return f"{digits[:3]} " if digits[1:3] in TWO_DIGIT_COUNTRY_CODES else f"{digits[:4]} "


def _partial_address(value: str) -> str:
    address = ipaddress.ip_address(value)
    return str(ipaddress.ip_network((value, 24 if address.version == 4 else 48), strict=False))


def redacted(text: str) -> str:
    """Free text with every identifier that can be found in it replaced by its kind."""
    text = text.translate(str.maketrans(FULL_WIDTH, HALF_WIDTH))
    for kind, pattern in _PYTHON_REDACTIONS:
        text = pattern.sub(kind, text)
    return text


# Tokens. A row's id is sealed so that only the gateway can open it (a synthetic initialisation vector, as RFC 5297 §2
# does it, with SHA-256 over inputs of fixed length as the keyed function); any other value is only pseudonymised.


def seal(key: bytes, kind: str, identity: int) -> str:
    """The token of a row: `Kind:~` and 32 hexadecimal digits. `key` is the requester's, 32 bytes."""
    plain = identity.to_bytes(8, "big", signed=True)
    tag = hashlib.sha256(key + _kind_digest(kind) + plain).digest()[:8]
    return f"{kind}:~{(tag + _masked(key, tag, plain)).hex()}"


def unseal(key: bytes, kind: str, token: str) -> int | None:
    """The row's id behind a token of this requester and kind; none when it is not one."""
    try:
        sealed = bytes.fromhex(token.removeprefix(f"{kind}:~"))
    except ValueError:
        return None
    tag, plain = sealed[:8], _masked(key, sealed[:8], sealed[8:])
    identity = int.from_bytes(plain, "big", signed=True)
    genuine = len(sealed) == 16 and hmac.compare_digest(seal(key, kind, identity), token)
    return identity if genuine and tag else None


def pseudonym(key: bytes, identifier: Identifier, value: str) -> str:
    """The token of a value that is no row's id: 22 characters that cannot be turned back."""
    digest = hashlib.sha256(key + _kind_digest(identifier) + hashlib.sha256(value.encode()).digest()).digest()
    return base64.b64encode(digest[:15]).decode()


def _kind_digest(kind: str) -> bytes:
    return hashlib.sha256(kind.encode()).digest()[:8]


def _masked(key: bytes, tag: bytes, block: bytes) -> bytes:
    pad = hashlib.sha256(key + tag).digest()[:8]
    return bytes(a ^ b for a, b in zip(pad, block, strict=False))
