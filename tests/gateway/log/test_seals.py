"""The access log's seals: what was sealed cannot be changed, removed or added to unseen."""

import asyncio
import re
from collections.abc import Generator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from gateway.database.session import GATEWAY_ROLE
from gateway.log import seals
from gateway.log.chain import LogError, SealedContent, SealKey, TrustAnchor
from gateway.log.seals import SealingResult, VerificationResult
from tests.conftest import Databases, run, silent
from tests.house.test_documents import LOG, table, ticked

KEY = SealKey(b"a key of at least thirty-two characters")
OTHER = SealKey(b"another key of thirty-two characters")

ADD_PLANS = """
    insert into veil.access_plan (id, role, purpose, policy, operation, document, fields)
    select lpad(i::text, 32, '0')::uuid, 'PLATFORM', 'account_service', '2012-06-11', 'Members' || i,
        'query Members { members { nodes { name } } }', '[{"field": "Member.name", "treatment": "PLAIN"}]'
    from generate_series(1, 5) i"""

ADD_RECORDS = """
    insert into veil.access_record (id, at, requester, role, purpose, member_id, organisation_id, reference, policy,
        plan, operation, outcome, subjects, row_count, cross_border, trace)
    select md5(extract(epoch from $2::timestamptz) || ' ' || i)::uuid, $2::timestamptz + i * interval '1 second', 'service', 'PLATFORM',
        'account_service', 7, 1, 'case 12', '2012-06-11', lpad((1 + i % 5)::text, 32, '0')::uuid, 'Members', 'ANSWERED',
        array[i, i + 1], 2, true, 'trace'
    from generate_series(1, $1) i"""

SOME = 10
LONG_AGO = datetime(2025, 3, 1, tzinfo=UTC)


def add(url: str, count: int, *, after: datetime = LONG_AGO) -> None:
    """Records, a second apart, and the plans they point to."""

    async def added(connection: Any) -> None:
        if not await connection.fetchval("select exists (select from veil.access_plan)"):
            await connection.execute(ADD_PLANS)
        await connection.execute(ADD_RECORDS, count, after)

    run(url, added)


def seal(url: str, key: SealKey | None = KEY) -> SealingResult:
    return run(url, lambda connection: seals.seal(connection, key, silent))


def verify(url: str, key: SealKey | None = KEY, digest: bytes | None = None) -> VerificationResult:
    return run(url, lambda connection: seals.verify(connection, TrustAnchor(key=key, digest=digest), silent))


def execute(url: str, statement: str, *values: Any) -> None:
    run(url, lambda connection: connection.execute(statement, *values))


def value(url: str, query: str, *values: Any) -> Any:
    return run(url, lambda connection: connection.fetchval(query, *values))


def test_what_the_database_digests_is_for_ever_too(database_url: str) -> None:
    """Of two known records and their plans, whatever the version of PostgreSQL."""
    add(database_url, 2)
    execute(database_url, "update veil.access_record set reference = null, subjects = '{}' where subjects[1] = 2")
    made = seal(database_url, None).last
    assert made

    async def contents(connection: Any) -> Sequence[SealedContent]:
        async with seals.log_snapshot(connection):
            return await seals.contents(connection, None, [made.span])

    (content,) = run(database_url, contents)
    assert (content.count, content.records.hex(), content.plans.hex()) == (
        2,
        "b1331e34aa41c087549b6daab32fb8cb7b71dc33792145ab5b89c35dde9418dc",
        "f0e266fa96d9158356240c788e44feb8282bddcd4cc2fd6d1a145ee7390f2cf4",
    )


# Sealing.


def test_every_record_older_than_a_minute_is_sealed(database_url: str) -> None:
    """A younger one is left for the next run."""
    add(database_url, SOME)
    add(database_url, 30, after=datetime.now(UTC) - timedelta(seconds=31))
    done = seal(database_url)
    assert (done.records, done.seals) == (SOME, 1)
    found = verify(database_url)
    assert (found.fault, found.records, found.seals, found.unsealed) == (None, SOME, 1, 30)


def test_a_seal_is_of_ten_thousand_records_at_most(database_url: str) -> None:
    """Many records get many seals in one run, and progress is reported after each."""
    add(database_url, 2 * seals.BATCH + 1)
    steps: list[tuple[str, int, int]] = []
    run(database_url, lambda connection: seals.seal(connection, KEY, lambda *step: steps.append(step)))
    total = 2 * seals.BATCH + 1
    assert steps == [("records sealed", done, total) for done in (seals.BATCH, 2 * seals.BATCH, total)]
    assert value(database_url, "select array_agg(count order by id) from veil.access_seal") == [
        *(seals.BATCH, seals.BATCH),
        1,
    ]
    assert verify(database_url).fault is None


def test_there_is_nothing_to_do_when_all_is_sealed(database_url: str) -> None:
    """A run adds no seal of no records, before the first and after the last."""
    assert seal(database_url) == SealingResult(records=0, seals=0, last=None)
    add(database_url, SOME)
    first = seal(database_url)
    assert seal(database_url) == SealingResult(records=0, seals=0, last=first.last)


def test_a_seal_follows_the_one_before(database_url: str) -> None:
    """It says its digest, and takes the records from there."""
    add(database_url, SOME)
    first = seal(database_url).last
    add(database_url, SOME, after=LONG_AGO + timedelta(days=1))
    second = seal(database_url).last
    assert first
    assert second
    assert (second.id, second.previous, second.count) == (first.id + 1, first.digest, SOME)


def test_records_of_one_instant_are_sealed_once(database_url: str) -> None:
    """Where more than a seal's worth have the same time, their ids put them in order."""
    add(database_url, seals.BATCH + 5)
    execute(database_url, "update veil.access_record set at = $1", LONG_AGO)
    assert seal(database_url).records == seals.BATCH + 5
    assert verify(database_url).fault is None


def test_two_runs_at_once_seal_each_record_once(database_url: str) -> None:
    """Each waits for the other's seal and follows it."""
    add(database_url, 3 * seals.BATCH)

    async def both(connection: Any) -> int:
        other = await asyncpg.connect(database_url)
        done = await asyncio.gather(*(seals.seal(each, KEY, silent) for each in (connection, other)))
        await other.close()
        return sum(each.records for each in done)

    assert run(database_url, both) == 3 * seals.BATCH
    assert verify(database_url).fault is None


def test_a_record_that_is_still_being_written_is_waited_for(database_url: str) -> None:
    """However long its transaction has been open, it is not left behind a seal."""
    add(database_url, SOME)

    async def late(connection: Any) -> int:
        writer = await asyncpg.connect(database_url)
        transaction = writer.transaction()
        await transaction.start()
        await writer.execute(ADD_RECORDS, 1, LONG_AGO + timedelta(seconds=0.5))
        sealing = asyncio.create_task(seals.seal(connection, KEY, silent))
        await asyncio.sleep(0.5)
        assert not sealing.done()
        await transaction.commit()
        await writer.close()
        return (await sealing).records

    assert run(database_url, late) == SOME + 1
    assert verify(database_url).fault is None


def test_a_transaction_that_never_ends_is_reported(database_url: str) -> None:
    """Nothing is sealed that it could still slip a record behind."""
    add(database_url, SOME)

    async def stuck(connection: Any) -> None:
        writer = await asyncpg.connect(database_url)
        await writer.execute("begin")
        await writer.execute("update veil.access_record set trace = trace")
        with pytest.raises(LogError, match="a transaction has been adding records for too long"):
            await seals.seal(connection, KEY, silent, wait_seconds=0.2)
        await writer.close()

    run(database_url, stuck)
    assert value(database_url, "select count(*) from veil.access_seal") == 0


def test_the_gateways_role_has_no_part_in_seals(database_url: str) -> None:
    """It cannot read one, add one or change one."""
    granted = """
        select has_any_column_privilege($1, 'veil.access_seal', 'select, insert, update, references')
            or has_table_privilege($1, 'veil.access_seal', 'delete, truncate, trigger')"""
    assert value(database_url, granted, GATEWAY_ROLE) is False


# Tampering.

OTHERWISE = {
    "bigint": "coalesce({}, 0) + 1",
    "bigint[]": "{} || 99::bigint",
    "boolean": "not {}",
    "bytea": "sha256({})",
    "integer": "{} + 1",
    "jsonb": "'[]'::jsonb",
    "text": "{} || '!'",
    "timestamp with time zone": "{} + interval '1 millisecond'",
    "uuid": "gen_random_uuid()",
}
"""What says something else than a column of a type does."""

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "access_record": {
        "id": "uuid",
        "at": "timestamp with time zone",
        "requester": "text",
        "role": "text",
        "purpose": "text",
        "member_id": "bigint",
        "organisation_id": "bigint",
        "reference": "text",
        "policy": "text",
        "plan": "uuid",
        "operation": "text",
        "outcome": "text",
        "subjects": "bigint[]",
        "subject_count": "integer",
        "row_count": "integer",
        "cross_border": "boolean",
        "trace": "text",
    },
    "access_plan": {
        "id": "uuid",
        "role": "text",
        "purpose": "text",
        "policy": "text",
        "operation": "text",
        "document": "text",
        "fields": "jsonb",
    },
    "access_seal": {
        "id": "bigint",
        "first_at": "timestamp with time zone",
        "first_id": "uuid",
        "last_at": "timestamp with time zone",
        "last_id": "uuid",
        "count": "integer",
        "sealed_at": "timestamp with time zone",
        "key": "text",
        "previous": "bytea",
        "digest": "bytea",
    },
}

UNBOUND = """
    alter table veil.access_record drop column subject_count, add column subject_count integer;
    update veil.access_record set subject_count = cardinality(subjects);
    alter table veil.access_seal drop constraint access_seal_check, drop constraint access_seal_previous_key"""
"""What stands in the way of nobody who owns the tables."""

SECOND_DAY = "at = '2025-03-02 00:00:05+00'"


def changed(relation: str, column: str, where: str) -> str:
    """What makes one column say something else."""
    otherwise = OTHERWISE[COLUMNS[relation][column]].format(column)
    return f"{UNBOUND}; update veil.{relation} set {column} = {otherwise} where {where}"


@pytest.fixture(scope="module")
def sealed_market(databases: Databases) -> Generator[str]:
    """A log of three seals, of ten records each, a day apart. Only `tampered` changes it, and takes that back."""
    url = databases.make("empty_market")
    for day in range(3):
        add_day(url, day)
        seal(url)
    yield url
    databases.drop(url)


def add_day(url: str, day: int) -> None:
    add(url, SOME, after=LONG_AGO + timedelta(days=day))


@pytest.fixture
def sealed_url(databases: Databases, sealed_market: str) -> Generator[str]:
    """A copy of it, of a test's own."""
    url = databases.make(urlsplit(sealed_market).path.removeprefix("/"))
    yield url
    databases.drop(url)


def tampered(url: str, statement: str) -> VerificationResult:
    """What is found after a statement, which is then taken back."""

    async def work(connection: Any) -> VerificationResult:
        transaction = connection.transaction(isolation="repeatable_read")
        await transaction.start()
        try:
            await connection.execute(statement)
            return await seals.verify(connection, TrustAnchor(key=KEY), silent)
        finally:
            await transaction.rollback()

    return run(url, work)


def test_what_nobody_has_touched_fits(sealed_url: str) -> None:
    """All seals, all records; and how many came since."""
    add_day(sealed_url, 3)
    found = verify(sealed_url)
    assert (found.fault, found.records, found.seals, found.unsealed) == (None, 3 * SOME, 3, SOME)
    assert found.oldest_unsealed == "2025-03-04 00:00:01+00"


@pytest.mark.parametrize("relation", COLUMNS)
def test_no_column_is_forgotten(sealed_market: str, relation: str) -> None:
    """Those that are tampered with are all there are."""
    query = """
        select attname, format_type(atttypid, null) from pg_attribute
        where attrelid = $1::text::regclass and attnum > 0 and not attisdropped"""
    assert dict(run(sealed_market, lambda connection: connection.fetch(query, f"veil.{relation}"))) == COLUMNS[relation]


def test_every_column_of_a_seal_is_described() -> None:
    """In their order, in the last table of the log's page."""
    described = [ticked(row)[0] for row in table(LOG, "| column | holds |")]
    assert described[-len(COLUMNS["access_seal"]) :] == list(COLUMNS["access_seal"])


@pytest.mark.parametrize("column", COLUMNS["access_record"])
def test_a_changed_record_is_found(sealed_market: str, column: str) -> None:
    """Whichever column it is; and by the seal it is under."""
    found = tampered(sealed_market, changed("access_record", column, SECOND_DAY))
    assert found.fault == (
        "seal 2, of the records from 2025-03-02 00:00:01+00 to 2025-03-02 00:00:10+00: "
        "a record, a plan that one points to, or the seal itself was changed"
    )


@pytest.mark.parametrize("column", [each for each in COLUMNS["access_record"] if each not in ("id", "at")])
def test_that_nothing_was_recorded_is_something_too(sealed_market: str, column: str) -> None:
    """A column emptied is a column changed."""
    emptied = f"""
        {UNBOUND};
        alter table veil.access_record alter column {column} drop not null;
        update veil.access_record set {column} = null where {SECOND_DAY}"""
    assert tampered(sealed_market, emptied).fault


@pytest.mark.parametrize("column", COLUMNS["access_plan"])
def test_a_changed_plan_is_found(sealed_market: str, column: str) -> None:
    """By the first seal with a record that points to it."""
    found = tampered(sealed_market, changed("access_plan", column, "operation = 'Members3'"))
    assert found.fault == (
        "seal 1, of the records from 2025-03-01 00:00:01+00 to 2025-03-01 00:00:10+00: "
        "a record, a plan that one points to, or the seal itself was changed"
    )


@pytest.mark.parametrize("column", COLUMNS["access_seal"])
@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_changed_seal_is_found(sealed_market: str, column: str, place: int) -> None:
    """Whichever column it is, and in every place of the chain."""
    statement = changed("access_seal", column, f"id = {place}")
    if (column, place) == ("previous", 1):
        statement = f"{UNBOUND}; update veil.access_seal set previous = digest where id = 1"
    elif (column, place) in (("id", 1), ("id", 2)):
        statement = f"{UNBOUND}; update veil.access_seal set id = 100 where id = {place}"
    assert tampered(sealed_market, statement).fault


COPIED = """
    insert into veil.access_record (id, at, requester, role, purpose, policy, plan, outcome, subjects)
    select gen_random_uuid(), {at}, requester, role, purpose, policy, plan, outcome, subjects
    from veil.access_record order by at limit 1"""

FOUND = {
    "the first record of all is removed": (
        "delete from veil.access_record where at = '2025-03-01 00:00:01+00'",
        "seal 1, of the records .*: 9 records are there instead of 10, so records were removed, or the seal .* changed",
    ),
    "a record is removed": (f"delete from veil.access_record where {SECOND_DAY}", "seal 2, .* so records were removed"),
    "the last record of a seal is removed": (
        "delete from veil.access_record where at = '2025-03-02 00:00:10+00'",
        "seal 2, .* so records were removed",
    ),
    "the last record of all is removed": (
        "delete from veil.access_record where at = '2025-03-03 00:00:10+00'",
        "seal 3, .* so records were removed",
    ),
    "all records are removed": ("truncate veil.access_record", "seal 1, .* 0 records are there instead of 10"),
    "a record is slipped in": (
        COPIED.format(at="'2025-03-02 00:00:05.5+00'"),
        "seal 2, .* 11 records are there instead of 10, so records were slipped in",
    ),
    "a record is slipped in at the time of another": (
        COPIED.format(at="'2025-03-02 00:00:05+00'"),
        "seal 2, .* so records were slipped in",
    ),
    "a record is slipped in between two seals": (
        COPIED.format(at="'2025-03-02 12:00:00+00'"),
        "seal 3, .* so records were slipped in",
    ),
    "a record is slipped in before all": (
        COPIED.format(at="'2020-01-01 00:00:00+00'"),
        "seal 1, .* so records were slipped in",
    ),
    "a record is slipped in before all time": (
        COPIED.format(at="'-infinity'").replace("gen_random_uuid()", "'00000000-0000-0000-0000-000000000000'::uuid"),
        "seal 1, .* so records were slipped in",
    ),
    "a record is put in place of another": (
        f"""
        with removed as (delete from veil.access_record where {SECOND_DAY} returning at)
        {COPIED.format(at="(select at from removed)")}""",
        "seal 2, .* was changed",
    ),
    "a record is moved to another day": (
        f"update veil.access_record set at = at - interval '1 day' where {SECOND_DAY}",
        "seal 1, .* so records were slipped in",
    ),
    "two records change places": (
        """
        update veil.access_record record set at = other.at from veil.access_record other
        where record.at in ('2025-03-02 00:00:05+00', '2025-03-02 00:00:06+00')
          and other.at in ('2025-03-02 00:00:05+00', '2025-03-02 00:00:06+00') and other.id <> record.id""",
        "seal 2, .* was changed",
    ),
    "a plan is removed": ("delete from veil.access_plan where operation = 'Members3'", "seal 1, .* a plan .* changed"),
    "the first seal is removed": ("delete from veil.access_seal where id = 1", "seal 1 is missing"),
    "a seal is removed": ("delete from veil.access_seal where id = 2", "seal 2 is missing"),
    "a seal is removed and the next takes its number": (
        f"""
        {UNBOUND};
        delete from veil.access_seal where id = 2;
        update veil.access_seal set id = 2 where id = 3""",
        "seal 2 does not follow the seal before it: the chain is broken",
    ),
    "a seal is removed, and the next joined to the one before": (
        """
        delete from veil.access_seal where id = 2;
        update veil.access_seal set id = 2, previous = (select digest from veil.access_seal where id = 1) where id = 3""",
        "seal 2, .* so records were slipped in",
    ),
    "a record is hidden from who reads": (
        f"""
        create view veil.whole as select * from veil.access_record;
        alter table veil.access_record rename to every_record;
        create view veil.access_record as select * from veil.every_record where not {SECOND_DAY}""",
        "seal 2, .* so records were removed",
    ),
    "digests are all the same": (
        f"""
        create function marketplace.sha256(bytea) returns bytea immutable language sql as $$
            select '\\x00'::bytea $$;
        update veil.access_record set requester = 'nobody' where {SECOND_DAY}""",
        "seal 2, .* was changed",
    ),
}
"""What is done, and what is reported of it."""


@pytest.mark.parametrize("what", FOUND)
def test_tampering_is_found(sealed_market: str, what: str) -> None:
    """The first seal that does not fit is reported; the seals before it still count."""
    statement, message = FOUND[what]
    found = tampered(sealed_market, statement)
    assert found.fault
    assert re.match(message, found.fault), found.fault
    assert found.records == SOME * found.seals


def test_a_plan_that_was_not_there_cannot_come_later(database_url: str) -> None:
    """A record may point to a plan that is missing; what it then pointed to cannot be made up."""
    add(database_url, SOME)
    execute(database_url, "delete from veil.access_plan where operation = 'Members3'")
    seal(database_url)
    assert verify(database_url).fault is None
    execute(database_url, "delete from veil.access_plan")
    execute(database_url, ADD_PLANS)
    assert verify(database_url).fault


def test_the_last_seal_cannot_vanish_from_who_kept_its_digest(sealed_url: str) -> None:
    """Without it nothing shows that there was one: its records look as if they were not sealed yet."""
    last = verify(sealed_url).last
    assert last
    execute(sealed_url, "delete from veil.access_seal where id = 3")
    execute(sealed_url, "delete from veil.access_record where at > '2025-03-03'")
    assert verify(sealed_url).fault is None
    assert verify(sealed_url, digest=last.digest).fault == (
        "no seal has the digest that was kept elsewhere: that seal was removed or replaced"
    )


def test_a_digest_that_was_kept_elsewhere_fits_for_ever(sealed_url: str) -> None:
    """Later seals follow it and take nothing from it."""
    kept = verify(sealed_url).last
    assert kept
    add_day(sealed_url, 3)
    seal(sealed_url)
    assert verify(sealed_url, digest=kept.digest).fault is None


# Keys.


def resealed(url: str, key: SealKey | None) -> None:
    """What somebody does who can write to the database: change a record, and make all seals anew."""
    execute(url, "truncate veil.access_seal")
    execute(url, f"update veil.access_record set requester = 'nobody' where {SECOND_DAY}")
    seal(url, key)


def test_without_a_key_anybody_can_make_seals(sealed_url: str) -> None:
    """That is why it is reported, and only a digest that was kept elsewhere reveals it."""
    execute(sealed_url, "truncate veil.access_seal")
    kept = seal(sealed_url, None).last
    assert kept
    resealed(sealed_url, None)
    assert verify(sealed_url, None).fault is None
    assert verify(sealed_url, None, digest=kept.digest).fault


@pytest.mark.parametrize("key", [None, OTHER], ids=["no key", "another key"])
def test_who_has_not_the_key_cannot_make_seals(sealed_url: str, key: SealKey | None) -> None:
    """Seals made without it or with another do not pass for those made with it."""
    resealed(sealed_url, key)
    assert verify(sealed_url).fault


def test_a_seal_cannot_claim_a_key(sealed_url: str) -> None:
    """Its mark is in the open, and of no use."""
    resealed(sealed_url, OTHER)
    execute(sealed_url, "update veil.access_seal set key = $1", KEY.mark)
    fault = verify(sealed_url).fault
    assert fault
    assert "was changed" in fault


@pytest.mark.parametrize(
    ("key", "given"),
    [(None, "VEIL_SEAL_KEY is not set"), (OTHER, f"VEIL_SEAL_KEY is another, {OTHER.mark}")],
    ids=["no key", "another key"],
)
def test_with_a_wrong_key_the_key_is_reported(sealed_url: str, key: SealKey | None, given: str) -> None:
    """To verify and to seal: nobody is to believe that the log was changed."""
    message = f"seal {{}} was made with the key whose mark is {KEY.mark}; {given}"
    assert verify(sealed_url, key).fault == message.format(1)
    add_day(sealed_url, 3)
    with pytest.raises(LogError) as refused:
        seal(sealed_url, key)
    assert str(refused.value) == message.format(3)


def test_seals_from_before_there_was_a_key_need_a_digest(database_url: str) -> None:
    """Once there is a key, what was sealed without one counts if the digest of then or of later was kept."""
    add(database_url, SOME)
    before = seal(database_url, None).last
    add(database_url, SOME, after=LONG_AGO + timedelta(days=1))
    after = seal(database_url, KEY).last
    assert before
    assert after
    fault = verify(database_url).fault
    assert fault
    assert fault.startswith("seal 1 was made without a key")
    assert verify(database_url, digest=before.digest).fault is None
    assert verify(database_url, digest=after.digest).fault is None
