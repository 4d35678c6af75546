"""Forms: what somebody typed, taken only from a page of this site, and what a form must carry.

Made from a POST's body. What is typed is bounded, and nothing of it is ever printed.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from gateway.pages.sessions import SignIns

PROOF: Final = "_proof"
"""The field that proves that a form was made here for this visitor."""

SENDING: Final = "_key"
"""The field that names one sending of a form, so that sent twice it changes once."""

_MOST_FIELDS: Final = 300
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentForm:
    """What was sent: of each field its values, in order."""

    fields: Sequence[tuple[str, str]] = ()

    def get(self, name: str) -> str | None:
        """The last value of a field, as browsers send it."""
        return next((value for field, value in reversed(self.fields) if field == name), None)

    def all(self, name: str) -> Sequence[str]:
        return [value for field, value in self.fields if field == name]

    @property
    def key(self) -> str:
        """The name of this sending. A form without one is a sending of its own."""
        return self.get(SENDING) or new_key()

    @property
    def typed(self) -> Sequence[tuple[str, str]]:
        """The fields but for the proof, which each page has anew."""
        return [(name, value) for name, value in self.fields if name != PROOF]

    def as_mapping(self) -> Mapping[str, str]:
        return dict(self.fields)


class FormRefused(Exception):
    """A form came from elsewhere, or is too long or no form. Where its page was only too old, what was typed is kept."""

    def __init__(self, *, is_foreign: bool, form: SentForm | None = None) -> None:
        super().__init__("a form was refused")
        self.is_foreign = is_foreign
        self.form = form or SentForm()


def new_key() -> str:
    return secrets.token_urlsafe(18)


async def read_form(request: Request, sessions: SignIns, visitor: str, limit: int) -> SentForm:
    """A form of this site's own page. Raises `FormRefused`."""
    if not _is_own(request):
        raise FormRefused(is_foreign=True)
    if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
        raise FormRefused(is_foreign=False)
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > limit:
            raise FormRefused(is_foreign=False)
    try:
        fields = parse_qsl(content.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise FormRefused(is_foreign=False) from None
    form = SentForm(fields=fields)
    if not sessions.is_proof(form.get(PROOF) or "", visitor):
        raise FormRefused(is_foreign=True, form=form)
    return form


def _is_own(request: Request) -> bool:
    """Whether a browser says that a page of this host sends it. Browsers that say nothing send no form."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = urlsplit(request.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == request.headers.get("host")
