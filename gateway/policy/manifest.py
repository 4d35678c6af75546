"""Reads the documents of a file: one GraphQL document, or the manifest that a client's build writes.

Two forms of manifest are known: an object of texts by their digest (Relay, GraphQL codegen), and Apollo's. A text stays
as it is, to the last blank, because its digest is what a client sends.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from resolvers.front.document import document_digest

APOLLO_FORMAT = "apollo-persisted-query-manifest"


_REMEDY = "let the build write that (Relay: `algorithm: SHA256`; codegen: `hashAlgorithm: sha256`)"


class ManifestError(Exception):
    """The file holds no documents; the message says what to change."""


def read_documents(file: Path) -> Sequence[str]:
    """The texts of a file, each once. Raises `ManifestError`, and `OSError` if the file cannot be read."""
    try:
        text = file.read_bytes().decode()
    except UnicodeDecodeError:
        raise ManifestError(f"{file.name}: the file is not text in UTF-8") from None
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        if file.suffix == ".json":
            raise ManifestError(f"{file.name}: the file is not JSON") from None
        return (text,)
    texts = tuple(dict.fromkeys(_texts(found, file.name)))
    if not texts:
        raise ManifestError(f"{file.name}: the manifest holds no document")
    return texts


def _texts(manifest: Any, file: str) -> Iterator[str]:
    match manifest:
        case {"format": str(form), "operations": list(operations)}:
            if (form, manifest.get("version")) != (APOLLO_FORMAT, 1):
                raise ManifestError(f"{file}: give a manifest of the format `{APOLLO_FORMAT}`, version 1")
            for operation in operations:
                yield _text(operation, file)
        case dict():
            for identity, text in manifest.items():
                yield _text({"id": identity, "body": text}, file)
        case _:
            raise ManifestError(f'{file}: give a document, or a manifest like {{"<SHA-256>": "query …"}}')


def _text(operation: Any, file: str) -> str:
    match operation:
        case {"id": str(identity), "body": str(text)}:
            if identity.removeprefix("sha256:") != _digest(text, file):
                raise ManifestError(f"{file}: {identity[:80]!r} is not the SHA-256 of its document; {_REMEDY}")
            return text
        case _:
            raise ManifestError(f"{file}: each document needs an id and a text")


def _digest(text: str, file: str) -> str:
    try:
        return document_digest(text)
    except UnicodeEncodeError:
        raise ManifestError(f"{file}: a document holds half a surrogate pair") from None
