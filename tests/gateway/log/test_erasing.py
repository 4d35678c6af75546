"""A member is taken out of the log, and the log still verifies."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.log import erasing, proving, search
from gateway.log.snapshot import LogError
from gateway.log.veil_verify import Trust, check_export, check_proof
from tests.conftest import run, silent
from tests.gateway.log.logs import FIRST_RECORD, SIGNER, add, execute, seal, value, verify

RECORDS = 40
TRUST = Trust(keys=SIGNER.public)
NAMING = "select count(*) from veil.access_record where subjects @> array[6::bigint] or member_id = 6"
ENTRIES = "select json_agg(to_jsonb(entry) - 'subjects' order by id)::text from veil.access_record entry"


@pytest.fixture
def url(database_url: str) -> str:
    """A sealed log. Two records name member 6, in different places, and one more is of a request of theirs."""
    add(database_url, RECORDS)
    execute(database_url, "update veil.access_record set shown = '0 1' where subjects @> array[6::bigint]")
    execute(database_url, "update veil.access_record set member_id = 6, role = 'MEMBER' where subjects[1] = 30")
    seal(database_url)
    return database_url


def erase(url: str, member: int = 6) -> int:
    return run(url, lambda connection: erasing.erase(connection, member, silent))


def test_no_record_names_the_member_any_more_and_the_log_verifies(url: str) -> None:
    assert value(url, NAMING) == 3
    assert erase(url) == 3
    assert value(url, NAMING) == 0
    seal(url)
    found = verify(url)
    assert (found.faults, found.leaves, found.erased) == ([], FIRST_RECORD + RECORDS + 3, 3)


def test_the_others_in_a_record_stay_in_their_places(url: str) -> None:
    """And are told what they were told: what was shown of each is by place."""
    before = value(url, "select json_object_agg(id, subjects)::text from veil.access_record")
    erase(url)
    after = value(url, "select json_object_agg(id, subjects)::text from veil.access_record")
    assert json.loads(before.replace("[6,", "[null,").replace(",6]", ",null]")) == json.loads(after)


def test_nothing_else_of_a_record_changes_but_who_asked_if_it_was_the_member(url: str) -> None:
    before = json.loads(value(url, ENTRIES))
    erase(url)
    for old, new in zip(before, json.loads(value(url, ENTRIES)), strict=True):
        own = {"member_id": None, "requester": None, "trace": None} if old["member_id"] == 6 else {}
        assert new == old | own


def test_a_log_is_signed_again_by_the_next_look_after_an_erasure(url: str) -> None:
    erase(url)
    assert verify(url).faults == ["the newest checkpoint is of 46 other leaves; there are 49"]
    seal(url)
    assert value(url, "select max(size) from veil.checkpoint") == FIRST_RECORD + RECORDS + 3


def test_several_members_of_one_record_can_be_erased(url: str) -> None:
    """One after another, and once more without anything to do."""
    assert [erase(url, member) for member in (6, 5, 6)] == [3, 1, 0]
    seal(url)
    assert verify(url).faults == []
    assert value(url, "select count(*) from veil.access_record where subjects = '{null,null}'") == 1


def test_whom_a_record_named_cannot_be_guessed_from_what_is_left(url: str) -> None:
    erase(url)
    kept = (
        "select count(*) from veil.proof_leaf where record in (select record from veil.proof_leaf where replaces > 0)"
    )
    assert (value(url, kept), value(url, f"{kept} and salt is null and replaces is null")) == (6, 3)


def test_a_changed_record_can_be_proven_and_exported(url: str, tmp_path: Path) -> None:
    erase(url)
    seal(url)
    record = value(url, "select record::text from veil.proof_leaf where replaces is not null order by position limit 1")
    proof = run(url, lambda connection: proving.prove(connection, record, None))
    assert f"in the log: record {record}, at position 46" in list(check_proof(json.loads(proof), TRUST))
    assert run(url, lambda connection: search.show(connection, record))["position"] == 46
    export = tmp_path / "log.jsonl"

    async def exported(connection: Any) -> search.ExportResult:
        with search.output_file(export) as into:
            return await proving.export_proofs(connection, search.ExportRange(), into, silent)

    assert run(url, exported).count == RECORDS + 3
    with export.open() as lines:
        assert list(check_export(lines, TRUST))[-1] == "in the log: 43 leaves, all from position 6 to 48"


def test_what_is_not_sealed_yet_is_not_erased(url: str) -> None:
    """Else it could not be told from what was never there."""
    add(url, 5, after=value(url, "select now()"))
    with pytest.raises(LogError, match="not sealed yet; run `veil log keep`"):
        erase(url)
    assert value(url, NAMING) == 4


def test_an_edited_record_does_not_pass_for_one_from_which_somebody_was_erased(url: str) -> None:
    erase(url)
    seal(url)
    execute(
        url,
        "update veil.access_record set requester = 'nobody' where subjects[1] is null and role = 'PLATFORM' and subject_count > 0",
    )
    (fault,) = verify(url).faults
    assert fault.endswith("was edited (leaf 47)")
