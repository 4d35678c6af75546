"""Whole months are exported with their proofs and removed, and what remains verifies."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.log import retiring
from gateway.log.retiring import Retired
from gateway.log.signing import SigningKey
from gateway.log.snapshot import LogError
from gateway.log.veil_verify import Trust, VerificationError, VerifierKey, check_file
from tests.conftest import run, silent
from tests.gateway.log.logs import FIRST_RECORD, NAME, SIGNER, add, execute, seal, value, verify

APRIL = datetime(2025, 4, 1, tzinfo=UTC)
MAY = datetime(2025, 5, 1, tzinfo=UTC)
PARTITION = """
    create table veil.access_record_2025_{0:02} partition of veil.access_record
    for values from (veil.first_id('2025-{0:02}-01Z')) to (veil.first_id('2025-{1:02}-01Z'))"""


@pytest.fixture
def url(database_url: str) -> str:
    """A sealed log with 30 records of March, 20 of April and 10 of May."""
    for month in (3, 4, 5):
        execute(database_url, PARTITION.format(month, month + 1))
    for month, count in ((3, 30), (4, 20), (5, 10)):
        add(database_url, count, after=datetime(2025, month, 1, tzinfo=UTC))
        seal(database_url)
    return database_url


def retire(url: str, before: datetime, file: Path, keys: Sequence[VerifierKey] = SIGNER.public) -> Retired:
    return run(url, lambda connection: retiring.retire(connection, before, file, Trust(keys=keys), silent))


def count(url: str) -> int:
    return value(url, "select count(*) from veil.access_record")


def test_a_retired_month_is_in_its_export_alone(url: str, tmp_path: Path) -> None:
    file = tmp_path / "march.jsonl"
    retired = retire(url, APRIL, file)
    assert (retired.records, retired.partitions, count(url)) == (30, 1, 30)
    assert retired.digest == hashlib.sha256(file.read_bytes()).hexdigest()
    assert list(check_file(file, Trust(keys=SIGNER.public)))[-1] == "in the log: 30 leaves, all from position 6 to 35"
    assert value(url, "select (before, records, export)::text from veil.retirement") == (
        f'("2025-04-01 00:00:00+00",30,{retired.digest})'
    )


def test_what_remains_verifies_and_tells_what_was_retired(url: str, tmp_path: Path) -> None:
    retire(url, APRIL, tmp_path / "march.jsonl")
    found = verify(url)
    assert (found.faults, found.leaves, found.retired, found.erased) == ([], FIRST_RECORD + 60, 30, 0)
    seal(url)
    assert value(url, "select position from veil.proof_leaf where retirement = 1") == FIRST_RECORD + 60
    retire(url, MAY, tmp_path / "april.jsonl")
    seal(url)
    found = verify(url)
    assert (found.faults, found.leaves, found.retired, count(url)) == ([], FIRST_RECORD + 62, 50, 10)


def test_several_months_go_together(url: str, tmp_path: Path) -> None:
    retired = retire(url, MAY, tmp_path / "spring.jsonl")
    assert (retired.records, retired.partitions, count(url)) == (50, 2, 10)


def test_a_month_that_has_not_ended_by_then_stays(url: str, tmp_path: Path) -> None:
    assert retire(url, datetime(2025, 4, 30, 23, 59, tzinfo=UTC), tmp_path / "march.jsonl").records == 30
    with pytest.raises(LogError, match="no records of months that ended before that time"):
        retire(url, APRIL, tmp_path / "again.jsonl")


def test_nothing_is_removed_that_is_not_sealed(url: str, tmp_path: Path) -> None:
    add(url, 7, after=datetime(2025, 3, 20, tzinfo=UTC))
    with pytest.raises(LogError, match="7 of these records are not sealed yet"):
        retire(url, APRIL, tmp_path / "march.jsonl")
    assert (count(url), (tmp_path / "march.jsonl").exists()) == (67, False)


def test_nothing_is_removed_whose_export_does_not_verify(url: str, tmp_path: Path) -> None:
    """Not for the keys that the owner gave, nor if a record was changed."""
    with pytest.raises(VerificationError, match="no known key"):
        retire(url, APRIL, tmp_path / "march.jsonl", [SigningKey.generate(NAME).public])
    execute(url, "update veil.access_record set requester = 'nobody' where subjects[1] = 5")
    with pytest.raises(VerificationError, match="not what the log of this checkpoint holds"):
        retire(url, APRIL, tmp_path / "march.jsonl")
    assert count(url) == 60


def test_a_record_that_was_removed_is_not_taken_for_retired(url: str, tmp_path: Path) -> None:
    retire(url, APRIL, tmp_path / "march.jsonl")
    execute(url, "delete from veil.access_record where id = (select min(id::text)::uuid from veil.access_record)")
    (fault,) = verify(url).faults
    assert "was removed" in fault
