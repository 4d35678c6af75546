"""The ids of records: no two alike, in the order in which they were made."""

from itertools import islice
from uuid import RFC_4122, UUID

from gateway.ledger.records import record_ids


def test_a_later_record_sorts_behind_an_earlier_one() -> None:
    ids = list(islice(record_ids(), 5_000))
    moments = [each[:18] for each in ids]
    assert moments == sorted(moments)
    assert len(set(ids)) == len(ids)


def test_an_id_is_a_uuid_of_version_7() -> None:
    for each in islice(record_ids(), 1_000):
        assert (UUID(each).version, UUID(each).variant) == (7, RFC_4122)
        assert str(UUID(each)) == each


def test_two_processes_make_no_id_alike() -> None:
    one, other = record_ids(), record_ids()
    assert set(islice(one, 1_000)).isdisjoint(islice(other, 1_000))
