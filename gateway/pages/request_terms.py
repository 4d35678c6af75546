"""Until when a member's request of their data is due."""

from datetime import datetime, timedelta
from typing import Final

REQUEST_TERM: Final = timedelta(days=30)
"""The month that GDPR article 12 gives."""


def request_due(starts_at: str) -> datetime:
    """Until when something is due that was asked then."""
    return datetime.fromisoformat(starts_at) + REQUEST_TERM
