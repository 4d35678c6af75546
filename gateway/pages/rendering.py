"""Makes HTML of templates, and serves the one stylesheet, the one script and the icon.

Jinja2 escapes whatever is written into a page. A page loads nothing from another host, runs nothing that stands in it, and
is kept nowhere.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from schema.policy.sentences import in_words

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

PAGE_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Without any referrer, browsers would not say of a form which site it is from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(_HERE / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["in_words"] = _in_words
    return made


def _in_words(name: str | None) -> str:
    return in_words(name) if name else ""


@cache
def _version() -> str:
    """Of the files that pages load."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(STATIC.iterdir()))).hexdigest()[:16]


def render_page(template: str, context: Mapping[str, Any], status: int = 200) -> Response:
    html = _environment().get_template(template).render({"version": _version(), **context})
    return HTMLResponse(html, status, PAGE_HEADERS)


def static_file(request: Request) -> Response:
    """The stylesheet, the script or the icon. Their links carry their version, so they may be kept."""
    name: str = request.path_params["file"]
    known = {file.name for file in STATIC.iterdir()}
    if name not in known:
        return PlainTextResponse("no such file of the pages\n", 404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return FileResponse(STATIC / name, headers=headers, media_type=_TYPES[Path(name).suffix])
