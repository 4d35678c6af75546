"""Treatments: how an identifier may be shown, from the least revealing to the most.

Which treatment applies is the policy's to say; what it makes of a value is in `masks`, `free_text` and `tokens`.
"""

import enum
from typing import Final

from schema.labels import Form, Identifier


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

WITHOUT_PARTIAL: Final = frozenset({Form.ID, Form.OPAQUE})
"""Forms without a partial one. They are shown as a token instead."""

WITHOUT_TOKEN: Final = frozenset({Form.TIME, Form.AMOUNT})
"""Forms without a token. They are shown in their partial form instead."""

WHOLE_OR_HIDDEN: Final = frozenset({Form.DETAIL})
"""Forms without either."""


def possible_treatment(identifier: Identifier, treatment: Treatment) -> Treatment:
    """The treatment itself, or what stands in for it where a kind has no such form."""
    match treatment:
        case Treatment.PARTIAL | Treatment.TOKEN if identifier.form in WHOLE_OR_HIDDEN:
            return Treatment.HIDDEN
        case Treatment.PARTIAL if identifier.form in WITHOUT_PARTIAL:
            return Treatment.TOKEN
        case Treatment.TOKEN if identifier.form in WITHOUT_TOKEN:
            return Treatment.PARTIAL
        case _:
            return treatment
