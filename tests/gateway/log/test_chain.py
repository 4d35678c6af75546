"""A seal as a value: what it digests, and the key it is made with."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.log.chain import Chain, LogError, Position, SealedContent, SealedSpan, SealKey, TrustAnchor, next_seal

KEY = SealKey(b"a key of at least thirty-two characters")
OTHER = SealKey(b"another key of thirty-two characters")

SPAN = SealedSpan(
    first=Position(at="2025-03-01 00:00:01+00", id="11111111-1111-1111-1111-111111111111"),
    last=Position(at="2025-03-01 00:00:02+00", id="11111111-1111-1111-1111-111111111112"),
)
CONTENT = SealedContent(count=2, records=b"r" * 32, plans=b"p" * 32)
NOW = "2025-03-01 00:02:00+00"


def test_a_seal_made_by_an_earlier_version_still_fits() -> None:
    """The digest of a seal never changes: different content needs a form of its own."""
    first = next_seal(SPAN, CONTENT, NOW, None, None)
    second = next_seal(SPAN, CONTENT, NOW, first, KEY)
    assert (first.digest.hex(), second.digest.hex()) == (
        "7183d7f4c8185eff9612e38cc95d4e3ce9611c000ddca5c0f3194a2134515cba",
        "d500ff66ff07c430cc43032bcd67bcb2a0e8d7fdf828dd90cea2d4d7aad5127d",
    )


def test_a_key_does_not_show_itself() -> None:
    """Neither its printed form nor its mark contains the secret; the mark differs for each key."""
    assert KEY.secret.decode() not in repr(KEY)
    assert len(KEY.mark) == 8
    assert KEY.mark != OTHER.mark


@pytest.mark.parametrize(
    "changed",
    [
        {"id": 2},
        {"span": replace(SPAN, first=SPAN.last)},
        {"span": replace(SPAN, last=SPAN.first)},
        {"count": 3},
        {"sealed_at": "2025-03-01 00:02:01+00"},
        {"key": None},
        {"key": OTHER.mark},
        {"previous": b"x" * 32},
        {"digest": b"x" * 32},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_change_to_any_part_of_a_seal_is_found(changed: dict[str, Any]) -> None:
    """Each part of it is in its digest, or compared."""
    made = next_seal(SPAN, CONTENT, NOW, None, KEY)
    assert Chain(TrustAnchor(key=KEY)).fault(made, CONTENT) is None
    assert Chain(TrustAnchor(key=KEY)).fault(replace(made, **changed), CONTENT)


def test_a_key_is_long() -> None:
    """No key is allowed; a short one is a mistake."""
    assert SealKey.read(None) is SealKey.read("") is None
    with pytest.raises(LogError, match="VEIL_SEAL_KEY: give at least 32 characters"):
        SealKey.read("short")
