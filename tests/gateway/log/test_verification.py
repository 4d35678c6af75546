"""The tamper table of the page on the log: each change that the owner of the database can make, and what is reported."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from gateway.log.leaves import LEAF_KINDS, LeafKind
from gateway.log.signing import Signer, SigningKey
from gateway.log.veil_verify import Checkpoint
from gateway.log.verification import Earlier, report
from tests.gateway.log.logs import FIRST_RECORD, LONG_AGO, NAME, add, execute, seal, value, verify
from tests.house.test_documents import LOG, cells, table

RECORDS = 40
OTHER = SigningKey.generate(NAME)


@pytest.fixture
def url(database_url: str) -> str:
    """A sealed log."""
    add(database_url, RECORDS)
    seal(database_url)
    return database_url


def test_a_log_that_nobody_changed_verifies(url: str) -> None:
    found = verify(url)
    assert (found.faults, found.leaves, found.start, found.unsealed) == ([], FIRST_RECORD + RECORDS, 0, 0)


def test_a_log_without_a_checkpoint_does_not(database_url: str) -> None:
    add(database_url, 3)
    found = verify(database_url)
    assert found.faults == ["there is no checkpoint, so nothing is sealed: run `veil log keep`"]
    assert (found.unsealed, found.oldest_unsealed) == (3, "2025-03-01 00:00:01+00")


# Columns.

OTHERWISE: Mapping[str, str] = {
    "bigint": "coalesce({}, 0) + 1",
    "bigint[]": "{} || 99::bigint",
    "boolean": "not coalesce({}, false)",
    "bytea": "sha256({})",
    "integer": "coalesce({}, 0) + 1",
    "jsonb": "'[7]'::jsonb",
    "text": "coalesce({}, '') || '!'",
    "timestamptz": "{} + interval '1 millisecond'",
    "uuid": "gen_random_uuid()",
}
"""What says something else than a column of a type does."""

UNBOUND = """
    alter table veil.access_record drop column subject_count;
    alter table veil.access_record add column subject_count integer;
    update veil.access_record set subject_count = cardinality(subjects);
    alter table veil.policy_activation drop constraint policy_activation_digest_check;
    alter table veil.policy_activation alter column id drop identity;
    alter table veil.retirement drop constraint retirement_export_check;
    alter table veil.retirement alter column id drop identity"""
"""Nothing in the tables stands in the way of a change."""


@pytest.mark.parametrize(
    ("kind", "column"),
    [(kind, column) for kind in LEAF_KINDS for column in kind.columns],
    ids=lambda each: each.name if isinstance(each, LeafKind) else each[0],
)
def test_a_change_of_any_column_is_found(kind: LeafKind, column: tuple[str, str], url: str) -> None:
    """And which row it is is told."""
    execute(url, "insert into veil.retirement (before, records, export) values (now(), 1, repeat('0', 64))")
    seal(url)
    execute(url, UNBOUND)
    position = {"record": 9, "plan": 3, "policy": 0, "retirement": FIRST_RECORD + RECORDS}[kind.name]
    chosen = value(
        url,
        f"select coalesce(record::text, plan::text, activation::text, retirement::text) from veil.proof_leaf where position = {position}",
    )
    changed = OTHERWISE[column[1]].format(column[0])
    execute(url, f"update {kind.table} set {column[0]} = {changed} where id::text = $1", chosen)
    what = "removed" if column[0] == "id" else "edited"
    assert f"{kind.name} {chosen} was {what} (leaf {position})" in verify(url).faults


# The table of the page.


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampering:
    """A change of a sealed log, and a pattern of what is reported."""

    sql: str
    reported: str


CHANGED: Mapping[str, Tampering] = {
    "A record is edited": Tampering(
        sql="update veil.access_record set requester = 'nobody' where subjects[1] = 5",
        reported=r"record .* was edited \(leaf 10\)",
    ),
    "A record is removed": Tampering(
        sql="delete from veil.access_record where subjects[1] = 5", reported=r"record .* was removed \(leaf 10\)"
    ),
    "A record is removed with its leaf": Tampering(
        sql="""
            delete from veil.access_record where subjects[1] = 5;
            delete from veil.proof_leaf where position = 10""",
        reported=r"leaves 0 to 45: a leaf is missing",
    ),
    "A record is added among older ones": Tampering(
        sql="""
            insert into veil.access_record (id, at, policy, outcome)
            select '01954f00-0000-7000-8000-000000000000', '2025-03-01', '2012-06-11', 'ANSWERED'""",
        reported=r"record 01954f00-.* was added: it is not sealed, though newer ones are",
    ),
    "Two records are exchanged": Tampering(
        sql="""
            update veil.proof_leaf set position = position + 1000 where position in (10, 20);
            update veil.proof_leaf set position = case position when 1010 then 20 else 10 end where position > 1000""",
        reported=r"leaves 6 to 45: they are not those of the checkpoint at their end",
    ),
    "A record and the hash of its leaf are edited": Tampering(
        sql="update veil.proof_leaf set salt = null, hash = sha256('forged') where position = 10",
        reported=r"leaves 6 to 45: they are not those of the checkpoint at their end",
    ),
    "A record is edited, and its leaf's salt is removed": Tampering(
        sql="""
            update veil.access_record set requester = 'nobody' where subjects[1] = 5;
            update veil.proof_leaf set salt = null where position = 10""",
        reported=r"record .* was edited \(leaf 10\)",
    ),
    "A record is edited, and gets a new leaf as if somebody were erased": Tampering(
        sql="""
            update veil.access_record set requester = 'nobody' where subjects[1] = 5;
            update veil.proof_leaf set salt = null where position = 10;
            insert into veil.proof_leaf (position, record, replaces, salt, hash)
            select 46, record, 10, repeat('0', 16)::bytea, sha256('forged') from veil.proof_leaf where position = 10""",
        reported=r"record .* was edited \(leaf 10\)",
    ),
    "A plan is edited": Tampering(
        sql="update veil.access_plan set fields = '[]'", reported=r"plan .* was edited \(leaf 1\)"
    ),
    "A policy that was in force is edited": Tampering(
        sql="update veil.policy_activation set content = 'all may see all'", reported=r"policy 1 was edited \(leaf 0\)"
    ),
    "The last leaves and their checkpoint are cut off": Tampering(
        sql="delete from veil.proof_leaf where position > 5; delete from veil.checkpoint where size > 6",
        reported=r"the log does not begin with the 46 leaves of the checkpoint that was kept",
    ),
    "All is sealed anew with another key": Tampering(
        sql="truncate veil.proof_leaf, veil.proof_tile, veil.checkpoint",
        reported=r"the newest checkpoint is not to be trusted: no known key has signed the checkpoint of 46 leaves",
    ),
    "The root of a checkpoint is edited": Tampering(
        sql="update veil.checkpoint set root = sha256('forged') where size = 6",
        reported=r"leaves 0 to 5: they are not those of the checkpoint at their end",
    ),
    "A checkpoint is removed": Tampering(
        sql="delete from veil.checkpoint where size = 46",
        reported=r"the newest checkpoint is of 6 other leaves; there are 46",
    ),
    "A trigger, a rule or row security is put on a table": Tampering(
        sql="alter table veil.access_record enable row level security",
        reported=r"row security is on for veil\.access_record",
    ),
    "A role may change the log": Tampering(
        sql="grant delete on veil.access_record to veil_gateway",
        reported=r"veil_gateway may DELETE on veil\.access_record",
    ),
}


def test_the_page_lists_every_change_that_is_tried() -> None:
    assert [cells(row)[0] for row in table(LOG, "| change | `veil log verify` reports |")] == list(CHANGED)


@pytest.mark.parametrize("change", CHANGED)
def test_a_change_is_found(change: str, url: str) -> None:
    newest = value(url, "select note from veil.checkpoint order by size desc limit 1")
    execute(url, CHANGED[change].sql)
    if "sealed anew" in change:
        seal(url, Signer(keys=[OTHER]))
    kept = Earlier(checkpoint=Checkpoint.read(newest), called="the checkpoint that was kept")
    faults = verify(url, earlier=[kept]).faults
    assert any(re.match(CHANGED[change].reported, fault) for fault in faults), faults


def test_all_places_are_listed_in_their_order(url: str) -> None:
    execute(
        url,
        """
        update veil.access_record set trace = 'other' where subjects[1] in (30, 5);
        delete from veil.access_record where subjects[1] = 17;
        update veil.access_plan set document = 'other' where id = '00000000-0000-0000-0000-000000000002'""",
    )
    assert [re.sub(" [0-9a-f-]{36}", "", fault) for fault in verify(url).faults] == [
        "plan was edited (leaf 2)",
        "record was edited (leaf 10)",
        "record was removed (leaf 22)",
        "record was edited (leaf 35)",
    ]


def test_a_record_that_is_added_behind_newer_ones_and_sealed_is_found(url: str) -> None:
    """An hour is as long as a request may take."""
    execute(
        url,
        """insert into veil.access_record (id, at, policy, outcome)
        values ('01944f00-0000-7000-8000-000000000000', $1 - interval '2 hours', '2012-06-11', 'ANSWERED')""".replace(
            "$1", f"'{LONG_AGO.isoformat()}'::timestamptz"
        ),
    )
    seal(url)
    (fault,) = verify(url).faults
    assert fault == (
        "record 01944f00-0000-7000-8000-000000000000 was added: "
        f"it is over 1 hour older than one before it (leaf {FIRST_RECORD + RECORDS})"
    )


def test_an_erased_record_leaves_a_log_that_verifies(url: str) -> None:
    """Its leaf has no salt any more: the hash stays, and nobody can guess from it."""
    execute(
        url,
        """
        delete from veil.access_record where subjects[1] = 5;
        update veil.proof_leaf set salt = null where position = 10""",
    )
    found = verify(url)
    assert (found.faults, found.erased) == ([], 1)
    assert "erased: 1 leaves" in report(found)


def test_verification_goes_on_from_what_was_verified(url: str) -> None:
    """It reads the leaves since then, and would not read on from a log that was cut."""
    note = verify(url).note
    assert note
    verified = Checkpoint.read(note)
    add(url, 5, after=value(url, "select max(at) from veil.access_record"))
    seal(url)
    earlier = [Earlier(checkpoint=verified, called="the state", is_verified=True)]
    found = verify(url, earlier=earlier)
    assert (found.start, found.leaves, found.faults) == (FIRST_RECORD + RECORDS, FIRST_RECORD + RECORDS + 5, [])
    execute(
        url,
        "update veil.access_record set trace = 'other' where id in (select max(id::text)::uuid from veil.access_record)",
    )
    (fault,) = verify(url, earlier=earlier).faults
    assert fault.endswith(f"was edited (leaf {FIRST_RECORD + RECORDS + 4})")


def test_a_record_that_is_not_sealed_yet_is_no_fault(url: str) -> None:
    add(url, 3, after=value(url, "select now()"))
    found = verify(url)
    assert (found.faults, found.unsealed) == ([], 3)
