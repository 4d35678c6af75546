"""A member is told of an access under a legal instrument when that may be told, and not before."""

from typing import Final
from urllib.parse import urlsplit

from gateway.log.search import ALL_TIME
from gateway.reports.letter import LetterScope, letter
from gateway.reports.telling import withholds_instruments
from schema.catalog import Catalog
from tests.conftest import Databases, run

_COURT: Final = "insert into marketplace.organisation (id, name, kind, country) values (20, 'Court', 'AUTHORITY', 'HK')"


def _is_told(url: str, catalog: Catalog) -> bool:
    """Whether the letter of member 3 tells of the court's access."""
    scope = LetterScope(member=3, window=ALL_TIME, withheld=())
    report = run(url, lambda connection: letter(connection, catalog, scope))
    return any("SECRET" in str(row) for table in report.tables for row in table.rows)


def test_an_access_is_told_of_once_its_instrument_allows(logged: str, catalog: Catalog) -> None:
    """One without a date, or that is not on record, is told of at once."""
    assert _is_told(logged, catalog)
    run(logged, lambda connection: connection.execute(_COURT))
    for told_from, is_told in (("'infinity'", False), ("now() - interval '1 day'", True), ("null", True)):
        instrument = (
            "insert into marketplace.legal_instrument (kind, reference, organisation_id, categories, entered_by,"
            f" starts_at, told_from) values ('SUBPOENA', '=SECRET(1)', 20, '{{}}', 'a clerk', now(), {told_from})"
        )
        run(logged, lambda connection, add=instrument: connection.execute(add))
        assert _is_told(logged, catalog) is is_told
        run(logged, lambda connection: connection.execute("delete from marketplace.legal_instrument"))
    run(logged, lambda connection: connection.execute("delete from marketplace.organisation"))


def test_without_the_instruments_nothing_is_told_of_any(logged: str, databases: Databases, catalog: Catalog) -> None:
    """A log that is not beside the marketplace's tables."""
    url = databases.make(urlsplit(logged).path.removeprefix("/"))
    try:
        assert not run(url, lambda connection: withholds_instruments(connection, catalog))
        run(url, lambda connection: connection.execute("drop table marketplace.legal_instrument cascade"))
        assert run(url, lambda connection: withholds_instruments(connection, catalog))
        assert not _is_told(url, catalog)
    finally:
        databases.drop(url)
