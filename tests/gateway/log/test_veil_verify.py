"""What an auditor runs: the tree's proofs, signed notes, and files that anybody may have written."""

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.log import veil_verify
from gateway.log.signing import Signer, SigningKey
from gateway.log.tree import consistency_spans, inclusion_spans
from gateway.log.veil_verify import (
    Checkpoint,
    Peaks,
    TreeHead,
    Trust,
    VerificationError,
    VerifierKey,
    check_consistency,
    check_export,
    check_inclusion,
    check_proof,
    full_nodes,
    leaf_hash,
    node_hash,
)
from tests.gateway.log.logs import NAME, SIGNER

LEAVES = [sha256(bytes(divmod(place, 256))).digest() for place in range(600)]

SALT = b"0123456789abcdef"
RECORD = {"id": "018bcfe5-6801-7c4c-8a42-38a0b923820d", "at": "2025-03-01 00:00:00+00", "plan": None}


def root(start: int, end: int) -> bytes:
    """The root of some leaves, as RFC 9162 §2.1.1 defines it."""
    if end - start == 1:
        return LEAVES[start]
    middle = start + (1 << (end - start - 1).bit_length() - 1)
    return node_hash(root(start, middle), root(middle, end))


def tree(size: int) -> TreeHead:
    return TreeHead(size=size, root=root(0, size))


SIZES = st.integers(1, len(LEAVES))


@given(SIZES, st.data())
def test_every_leaf_of_every_tree_is_proven_and_no_other(size: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, size - 1))
    path = [root(*span) for span in inclusion_spans(position, size)]
    check_inclusion(tree(size), position, LEAVES[position], path)
    for wrong in ((position, LEAVES[position - 1], path), (position, LEAVES[position], [*path, LEAVES[0]])):
        if size > 1 or wrong[2] is not path:
            with pytest.raises(VerificationError):
                check_inclusion(tree(size), *wrong)
    with pytest.raises(VerificationError):
        check_inclusion(tree(size), size, LEAVES[position], path)


@given(SIZES, st.data())
def test_every_tree_extends_every_smaller_one_and_no_other(size: int, data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, size))
    path = [root(*span) for span in consistency_spans(earlier, size)]
    check_consistency(tree(earlier), tree(size), path)
    for one, other in (
        (TreeHead(size=earlier, root=LEAVES[3]), tree(size)),
        (tree(earlier), TreeHead(size=size, root=LEAVES[3])),
    ):
        with pytest.raises(VerificationError):
            check_consistency(one, other, path)
    with pytest.raises(VerificationError):
        check_consistency(tree(earlier), tree(size), [*path, LEAVES[0]])


@given(SIZES, st.data())
def test_a_tree_is_made_of_any_full_subtrees_from_left_to_right(size: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, size))
    peaks = Peaks()
    for level, place in (*full_nodes(0, start), *full_nodes(start, size)):
        peaks.add(level, root(place << level, (place + 1) << level))
    assert peaks.root() == root(0, size)


def test_the_proofs_of_the_rfc() -> None:
    """Those of RFC 9162 §2.1.5 for seven leaves."""
    assert inclusion_spans(0, 7) == [(1, 2), (2, 4), (4, 7)]
    assert inclusion_spans(6, 7) == [(4, 6), (0, 4)]
    assert consistency_spans(3, 7) == [(2, 3), (3, 4), (0, 2), (4, 7)]
    assert consistency_spans(4, 7) == [(4, 7)]
    assert consistency_spans(6, 7) == [(4, 6), (6, 7), (0, 4)]


def test_what_a_leaf_is_made_of_never_changes() -> None:
    content = {"id": "é1", "subjects": [1, 2], "count": 3, "crosses": False, "reference": None, "operation": ""}
    assert veil_verify.entry("record", content).decode() == (
        "record\ncount  3\ncrosses  f\nid 3 é1\noperation 0 \nreference  \nsubjects  {1,2}"
    )
    assert (
        leaf_hash(SALT, "record", content).hex()
        == sha256(b"\0" + SALT + veil_verify.entry("record", content)).hexdigest()
    )


# Notes.


def test_a_known_note_is_verified() -> None:
    """The example of Go's `golang.org/x/mod/sumdb/note`."""
    key = VerifierKey.read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    line = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    signature = base64.b64decode(line)
    assert signature[:4] == key.id
    assert key.has_signed(text, signature[4:])
    assert not key.has_signed(f"{text}!", signature[4:])
    assert str(key) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_a_checkpoint_is_signed_by_every_key_of_the_log() -> None:
    """So that keys can be replaced, one after the other."""
    old, new = SigningKey.generate(NAME), SigningKey.generate(NAME)
    note = Signer(keys=[old, new]).note(tree(7))
    for key in (old, new):
        assert Trust(keys=[key.public]).check(note).tree == tree(7)


@pytest.mark.parametrize(
    "key",
    [
        SigningKey.generate(NAME).public,
        SigningKey.generate("another.example/log").public,
        VerifierKey(name="another.example/log", kind=1, public=SIGNER.public[0].public),
    ],
    ids=["another key", "another log", "the key under another name"],
)
def test_a_checkpoint_of_another_key_is_refused(key: VerifierKey) -> None:
    with pytest.raises(VerificationError, match="no known key has signed the checkpoint of 7 leaves"):
        Trust(keys=[key]).check(SIGNER.note(tree(7)))


def test_a_witness_must_have_signed_where_one_is_named() -> None:
    """A line of another key does no harm, and is no signature of the witness."""
    signing = SigningKey.generate("witness.example")
    witness = VerifierKey(name="witness.example", kind=4, public=signing.public.public)
    trust = Trust(keys=SIGNER.public, witnesses=[witness])
    note = SIGNER.note(tree(7))
    with pytest.raises(VerificationError, match=r"witness\.example has not witnessed the checkpoint"):
        trust.check(note + signing.signature(Checkpoint.read(note).text))
    at = (1_700_000_000).to_bytes(8)
    signed = signing.private.sign(b"cosignature/v1\ntime 1700000000\n" + Checkpoint.read(note).text.encode())
    line = f"— witness.example {base64.b64encode(witness.id + at + signed).decode()}\n"
    assert trust.check(note + line).tree == tree(7)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name+00000000+AAAA",
        "name",
        str(SIGNER.public[0]).replace("+", "+0", 1),
        str(SIGNER.public[0]).replace("market", "shop"),
    ],
    ids=["empty", "of no key", "a name", "another id", "another name"],
)
def test_a_malformed_key_is_refused(text: str) -> None:
    with pytest.raises(VerificationError):
        VerifierKey.read(text)


@pytest.mark.parametrize(
    "note",
    [
        *("", "\n\n", "a\n\n— b c\n", f"log\n07\n{'A' * 43}=\n\n— log AAAA\n", f"log\n7\n{'A' * 40}\n\n— log AAAA\n"),
        SIGNER.note(tree(7)).removesuffix("\n"),
        SIGNER.note(tree(7)).replace(f"{NAME}\n", "\n", 1),
    ],
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(VerificationError):
        Checkpoint.read(note)


# Files.


def a_proof() -> dict[str, Any]:
    """A proof of the second of three leaves."""
    others = [b"a" * 32, b"b" * 32]
    leaf = leaf_hash(SALT, "record", RECORD)
    top = node_hash(node_hash(others[0], leaf), others[1])
    return {
        "form": "veil proof 1",
        "checkpoint": SIGNER.note(TreeHead(size=3, root=top)),
        "leaves": [
            {"position": 1, "salt": encoded(SALT), "record": dict(RECORD), "path": [encoded(each) for each in others]}
        ],
    }


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


TRUST = Trust(keys=SIGNER.public)


def test_a_proof_proves_its_record() -> None:
    assert list(check_proof(a_proof(), TRUST)) == [
        f"checkpoint: {NAME}, 3 leaves",
        f"in the log: record {RECORD['id']}, at position 1",
    ]


PATHS: Sequence[tuple[Any, ...]] = [
    ("checkpoint",),
    ("leaves",),
    ("leaves", 0),
    ("leaves", 0, "position"),
    ("leaves", 0, "salt"),
    ("leaves", 0, "record"),
    ("leaves", 0, "record", "at"),
    ("leaves", 0, "record", "plan"),
    ("leaves", 0, "path"),
    ("leaves", 0, "path", 0),
]


@pytest.mark.parametrize("path", PATHS, ids=str)
@pytest.mark.parametrize("changed", [None, True, 0, -1, 2, 10**30, "", "AAAA", "é", [], {}, {"a": 1.5}, [[]]], ids=str)
def test_no_other_proof_is_taken_for_one(path: tuple[Any, ...], changed: Any) -> None:
    """Whatever part of it is changed into whatever else, it proves nothing, and is refused as such."""
    proof = a_proof()
    *within, last = path
    place: Any = proof
    for step in within:
        place = place[step]
    if place[last] == changed or (path == ("leaves",) and changed == []):
        return
    place[last] = changed
    with pytest.raises(VerificationError):
        list(check_proof(proof, TRUST))


def test_a_value_cannot_slip_into_the_next_column() -> None:
    """The length of a text is part of a leaf."""
    one = {"a": "x\nb 1 y", "c": "z"}
    other = {"a": "x", "b": "y\nc 1 z"}
    assert leaf_hash(SALT, "record", one) != leaf_hash(SALT, "record", other)


def test_what_two_readers_could_read_otherwise_is_refused(tmp_path: Path) -> None:
    """A name that stands twice, a list of what is no id, a text that is no Unicode."""
    file = tmp_path / "proof.json"
    text = json.dumps(a_proof())
    file.write_text(text.replace('"record": {', '"record": {"at": "1999-01-01 00:00:00+00", '), "utf-8")
    with pytest.raises(VerificationError):
        list(veil_verify.check_file(file, TRUST))
    for value in ([1.5], [True], ["\ud800"], "\ud800"):
        with pytest.raises(VerificationError, match="malformed"):
            veil_verify.entry("record", {"subjects": value})


def test_ids_that_are_texts_are_never_taken_for_others() -> None:
    made = {
        veil_verify.entry("record", {"subjects": value})
        for value in ([1, 2], ["1,2"], ["1", "2"], ['1","2'], [None], ["NULL"])
    }
    assert len(made) == 6


def test_an_export_of_nothing_is_refused() -> None:
    for lines in ([], ["{}"], ["[]"], ["no JSON"]):
        with pytest.raises(VerificationError):
            list(check_export(lines, TRUST))


def test_one_file_is_all_an_auditor_needs(tmp_path: Path) -> None:
    """The program runs from a copy, apart from Veil, and its exit code says whether all is proven."""
    program = tmp_path / "veil_verify.py"
    program.write_bytes(Path(veil_verify.__file__).read_bytes())
    proof = tmp_path / "proof.json"

    def exit_code(content: Any) -> int:
        proof.write_text(json.dumps(content), "utf-8")
        command = [sys.executable, "-I", str(program), str(proof), "--key", str(SIGNER.public[0])]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert exit_code(a_proof()) == 0
    assert exit_code({**a_proof(), "form": "something else"}) == 1
    assert exit_code({**a_proof(), "checkpoint": "something else"}) == 1
