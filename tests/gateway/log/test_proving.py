"""Proofs and exports: what `veil-verify` makes of them, from their files alone."""

import io
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from gateway.log import erasing, proving
from gateway.log.search import ALL_TIME, ExportRange, Window
from gateway.log.signing import SigningKey
from gateway.log.snapshot import LogError
from gateway.log.veil_verify import Trust, VerificationError, check_export, check_proof
from tests.conftest import run, silent
from tests.gateway.log.logs import FIRST_RECORD, LONG_AGO, SIGNER, add, execute, seal, value

TRUST = Trust(keys=SIGNER.public)
RECORDS = 300


@pytest.fixture
def url(database_url: str) -> str:
    add(database_url, RECORDS)
    seal(database_url)
    return database_url


def prove(url: str, record: str | None, earlier: str | None = None, witnessed: str | None = None) -> Any:
    return json.loads(run(url, lambda connection: proving.prove(connection, record, earlier, witnessed)))


def export(url: str, window: Window = ALL_TIME, after: int | None = None) -> Sequence[str]:
    into = io.StringIO()
    part = ExportRange(after=after, window=window)
    done = run(url, lambda connection: proving.export_proofs(connection, part, into, silent))
    assert (done.count, done.last) == (
        len(into.getvalue().splitlines()) - 1,
        json.loads(into.getvalue().splitlines()[-1])["position"],
    )
    return into.getvalue().splitlines()


def newest(url: str) -> str:
    return value(url, "select note from veil.checkpoint order by size desc limit 1")


def record_at(url: str, position: int) -> str:
    return value(url, "select record::text from veil.proof_leaf where position = $1", position)


@pytest.mark.parametrize("position", [FIRST_RECORD, 255, 256, FIRST_RECORD + RECORDS - 1])
def test_a_record_is_proven_with_its_plan(position: int, url: str) -> None:
    """A record of a refusal has no plan."""
    record = record_at(url, position)
    proof = prove(url, record)
    lines = list(check_proof(proof, TRUST))
    assert lines[1] == f"in the log: record {record}, at position {position}"
    assert len(lines) == 2 + (proof["leaves"][0]["record"]["plan"] is not None)


def test_the_log_is_proven_to_extend_an_earlier_checkpoint(url: str) -> None:
    earlier = newest(url)
    add(url, 50, after=LONG_AGO + timedelta(days=1))
    seal(url)
    proof = prove(url, None, earlier)
    assert list(check_proof(proof, TRUST))[-1] == f"extends the checkpoint of {FIRST_RECORD + RECORDS} leaves"
    proof["earlier"] = SIGNER.note(TRUST.check(earlier).tree.__class__(size=FIRST_RECORD + RECORDS, root=b"x" * 32))
    with pytest.raises(VerificationError, match="does not extend"):
        list(check_proof(proof, TRUST))


def test_a_record_is_proven_by_a_checkpoint_that_witnesses_have_signed(url: str) -> None:
    """Which is older than the newest; what was sealed since it cannot be proven by it."""
    witness = SigningKey.generate("witness.example")
    earlier = newest(url)
    note = earlier + witness.signature(TRUST.check(earlier).text)
    add(url, 5, after=LONG_AGO + timedelta(days=1))
    seal(url)
    trust = Trust(keys=SIGNER.public, witnesses=[witness.public])
    proof = prove(url, record_at(url, 20), None, note)
    assert next(iter(check_proof(proof, trust))).endswith(f"{FIRST_RECORD + RECORDS} leaves")
    with pytest.raises(VerificationError, match=r"witness\.example has not witnessed"):
        list(check_proof(prove(url, record_at(url, 20)), trust))
    with pytest.raises(LogError, match="was sealed after that checkpoint"):
        prove(url, record_at(url, FIRST_RECORD + RECORDS), None, note)


def test_what_cannot_be_proven_is_said(url: str) -> None:
    add(url, 1, after=LONG_AGO + timedelta(days=1))
    unsealed = value(url, "select id::text from veil.access_record order by id desc limit 1")
    with pytest.raises(LogError, match="one that was written just now is sealed in a second"):
        prove(url, unsealed)
    record = record_at(url, 20)
    execute(url, "delete from veil.access_record where id = $1::text::uuid", record)
    with pytest.raises(LogError, match="it is not in the log any more"):
        prove(url, record)
    forged = SIGNER.note(TRUST.check(newest(url)).tree.__class__(size=9, root=b"x" * 32))
    with pytest.raises(LogError, match="does not extend that checkpoint"):
        prove(url, None, forged)


def test_nothing_is_proven_without_a_checkpoint(database_url: str) -> None:
    with pytest.raises(LogError, match="nothing is sealed yet"):
        prove(database_url, None, newest(database_url))


@pytest.mark.parametrize(
    ("window", "first", "end"),
    [
        (ALL_TIME, FIRST_RECORD, FIRST_RECORD + RECORDS),
        (Window(since=LONG_AGO + timedelta(seconds=100)), FIRST_RECORD + 99, FIRST_RECORD + RECORDS),
        (
            Window(since=LONG_AGO + timedelta(seconds=10), until=LONG_AGO + timedelta(seconds=280)),
            FIRST_RECORD + 9,
            FIRST_RECORD + 279,
        ),
    ],
    ids=["all", "the end", "the middle"],
)
def test_an_export_proves_that_nothing_is_left_out(window: Window, first: int, end: int, url: str) -> None:
    lines = export(url, window)
    assert len(lines) == 1 + end - first
    assert list(check_export(lines, TRUST))[-1] == (
        f"in the log: {end - first} leaves, all from position {first} to {end - 1}"
    )


def test_an_export_in_which_anything_is_changed_is_refused(url: str) -> None:
    head, *leaves = export(url, Window(since=LONG_AGO + timedelta(seconds=100)))
    for changed in (
        [head, *leaves[:-1]],
        [head, leaves[1], leaves[0], *leaves[2:]],
        [head, leaves[0].replace('"PLATFORM"', '"BANK"'), *leaves[1:]],
        [head.replace('"first": 105', '"first": 106'), *leaves[1:]],
        [head, *leaves, leaves[0]],
    ):
        with pytest.raises(VerificationError):
            list(check_export(changed, TRUST))


def test_an_export_shows_the_hash_alone_of_what_was_erased(url: str) -> None:
    record = record_at(url, 20)
    execute(url, "update veil.proof_leaf set salt = null where position = 20")
    execute(url, "delete from veil.access_record where id = $1::text::uuid", record)
    lines = export(url)
    assert list(check_export(lines, TRUST))
    assert [json.loads(line)["position"] for line in lines[1:] if "hash" in json.loads(line)] == [20]


def test_a_time_without_sealed_records_is_reported(url: str) -> None:
    with pytest.raises(LogError, match="no record of that time is sealed"):
        export(url, Window(until=LONG_AGO))


def test_an_export_goes_on_after_a_position_up_to_the_newest_checkpoint(url: str) -> None:
    """With whatever was sealed since, plans and retirements too."""
    last = FIRST_RECORD + RECORDS - 1
    with pytest.raises(
        LogError, match=f"nothing is sealed after position {last}; the newest checkpoint ends at {last}"
    ):
        export(url, after=last)
    add(url, 20, after=LONG_AGO + timedelta(days=1))
    seal(url)
    lines = export(url, after=last)
    assert list(check_export(lines, TRUST))[-1].endswith(f"20 leaves, all from position {last + 1} to {last + 20}")
    within = export(url, Window(since=LONG_AGO + timedelta(days=1, seconds=3)), after=last)
    assert list(check_export(within, TRUST))[-1].endswith(f"18 leaves, all from position {last + 3} to {last + 20}")


def test_an_export_ends_with_the_newest_checkpoint(url: str) -> None:
    """The new leaves of an erasure are exported once they are signed."""
    last = FIRST_RECORD + RECORDS - 1
    erased = run(url, lambda connection: erasing.erase(connection, 50, silent))
    assert list(check_export(export(url), TRUST))[-1].endswith(f"to {last}")
    seal(url)
    lines = export(url, after=last)
    assert list(check_export(lines, TRUST))[-1].endswith(
        f"{erased} leaves, all from position {last + 1} to {last + erased}"
    )
