"""The files that documents are registered from: one document, or what a client's build writes."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.policy.manifest import ManifestError, read_documents

FIRST, SECOND = "query First { __typename }", "query Second {\n  __typename\n}\n"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def written(directory: Path, content: Any, name: str = "manifest.json") -> Path:
    file = directory / name
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file


def apollo(*operations: Any, version: int = 1) -> Any:
    return {"format": "apollo-persisted-query-manifest", "version": version, "operations": list(operations)}


def operation(text: str) -> Any:
    return {"id": digest(text), "name": "First", "type": "query", "body": text}


@pytest.mark.parametrize("text", [FIRST, SECOND, "{ __typename }\r\n", "# é\n{ __typename }", "\ufeff{ __typename }"])
def test_a_file_of_one_document_is_read_to_its_last_byte(tmp_path: Path, text: str) -> None:
    """Its digest is that of the file."""
    file = written(tmp_path, text.encode(), "first.graphql")
    assert read_documents(file) == (text,)
    assert digest(read_documents(file)[0]) == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "manifest",
    [
        {digest(FIRST): FIRST, digest(SECOND): SECOND},
        {f"sha256:{digest(FIRST)}": FIRST, digest(SECOND): SECOND, digest(FIRST): FIRST},
        apollo(operation(FIRST), operation(SECOND)),
        apollo(operation(FIRST), operation(SECOND), operation(FIRST)),
    ],
    ids=["Relay", "codegen", "Apollo", "a document twice"],
)
def test_a_manifest_is_read_whole_and_each_document_once(tmp_path: Path, manifest: Any) -> None:
    assert read_documents(written(tmp_path, manifest)) == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ({}, "the manifest holds no document"),
        (apollo(), "the manifest holds no document"),
        ([FIRST], "give a document, or a manifest like"),
        (5, "give a document, or a manifest like"),
        (apollo(operation(FIRST), version=2), "`apollo-persisted-query-manifest`, version 1"),
        ({"format": "other", "version": 1, "operations": []}, "`apollo-persisted-query-manifest`, version 1"),
        (apollo({"id": digest(FIRST)}), "each document needs an id and a text"),
        (apollo(FIRST), "each document needs an id and a text"),
        ({digest(FIRST): 5}, "each document needs an id and a text"),
        ({"0123456789abcdef0123456789abcdef": FIRST}, "is not the SHA-256 of its document; let the build write that"),
        ({digest(FIRST): SECOND}, "is not the SHA-256 of its document"),
        (b'{"x": "\\ud800"}', "half a surrogate pair"),
        (FIRST.encode(), "the file is not JSON"),
        (b"[" * 100_000, "the file is not JSON"),
        (b"\xff", "the file is not text in UTF-8"),
    ],
)
def test_a_file_that_holds_no_documents_is_refused_with_what_to_change(
    tmp_path: Path, manifest: Any, message: str
) -> None:
    with pytest.raises(ManifestError, match=r"^manifest\.json: ") as refused:
        read_documents(written(tmp_path, manifest))
    assert message in str(refused.value)
