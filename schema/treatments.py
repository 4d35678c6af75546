"""Treatments: how an identifier may be shown, from the least revealing to the most.

Which treatment applies is the policy's to say; what it makes of a value is in `masks`, `free_text` and `tokens`.
"""

import enum
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
        """How much the treatment reveals, from 0 (hidden) to 3 (plain)."""
        return list(Treatment).index(self)


MASKS: Final = frozenset({Treatment.TOKEN, Treatment.PARTIAL})
"""The treatments that show a value other than the one stored."""

WITHOUT_PARTIAL: Final = frozenset({Identifier.MEMBER_ID, Identifier.ROW_ID, Identifier.COOKIE})
"""Kinds without a partial form. They are shown as a token instead."""
