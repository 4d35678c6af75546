"""Lets pages of other sites ask, where the setting names them (CORS, of the Fetch standard §3.2).

Starlette answers the preflights, which ask for no data and leave no record.
"""

import re
from collections.abc import Sequence
from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?")

SENT: Final = ("Authorization", "Access-Purpose", "Access-Reference", "Content-Type", "Idempotency-Key", "traceparent")
READ: Final = ("Access-Record", "Retry-After")


def cross_origin(application: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    """The application, which pages of these origins may ask. Without any it is as it was."""
    if not origins:
        return application
    return CORSMiddleware(
        application, allow_origins=origins, allow_methods=["POST"], allow_headers=SENT, expose_headers=READ, max_age=600
    )
