"""The types of every marketplace: with organisations and without."""

from schema.common.accesses import records, summaries


def test_a_log_is_filtered_by_organisations_only_where_there_are_any() -> None:
    assert set(records(member="Renter").filters) == {"member", "fields"}
    assert set(records(member="Member", organisation="Company").filters) == {"organisation", "member", "fields"}
    assert set(summaries().filters) == set()
    assert set(summaries(organisation="Company").filters) == {"organisation"}


def test_a_record_is_joined_with_its_instrument_only_where_a_condition_reads_it() -> None:
    assert records(member="Renter").condition_columns == {}
    assert set(records(member="Member", may_be_told="MAY_BE_TOLD").condition_columns) == {"MAY_BE_TOLD"}
