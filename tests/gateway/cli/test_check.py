"""`veil check` tells each mistake of a database in a sentence, and fails where something must be mended."""

import pytest

from tests.conftest import run
from tests.gateway.cli.conftest import Ended, Veil


def test_a_database_that_fits_is_said_to_fit(veil: Veil, market_url: str) -> None:
    assert veil("check", "--database", market_url) == Ended(0, "every table and view is such as Veil reads it\n", "")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "revoke select (fax, name) on member from veil_gateway",
            "mend: the grant to select fax, name of member is missing: run `veil migrate`",
        ),
        (
            "alter table member drop column password_hash",
            "mend: the column member.password_hash is missing: add it to the table or view, then run `veil migrate`",
        ),
        (
            "alter table company alter verified drop default, alter verified type text",
            "mend: the column company.verified is of type text: make it boolean",
        ),
        (
            "drop table support_case cascade",
            "mend: the table or view support_case is missing: make it, then run `veil migrate`",
        ),
        (
            "alter table trade_order drop column delivery_city cascade",
            "mend: the column trade_order.delivery_city is missing: add it to the table or view, then run `veil migrate`",
        ),
        (
            (
                "alter table member rename to person; create view member as select * from person union all"
                " select * from person where id < 3"
            ),
            (
                "mend: the column id of member has several rows for 2 ids: an id is of one row;"
                " a join that doubles rows has no place in a view"
            ),
        ),
        (
            (
                "alter table member rename to person; create view member as select nullif(id, 1) as id, "
                "name, email, phone, fax, address, city, country, job_title, kind, registered_at, destroyed_at, password_hash from person"
            ),
            (
                "mend: the column id of member is null in 1 row: a row without an id is no row; give it one, or leave it"
                " out"
            ),
        ),
    ],
)
def test_what_must_be_mended_fails(veil: Veil, own_market_url: str, change: str, said: str) -> None:
    run(own_market_url, lambda connection: connection.execute(change))
    ended = veil("check", "--database", own_market_url)
    assert (ended.code, ended.err) == (1, "")
    assert said in ended.out.splitlines()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "delete from consent",
            (
                "note: consent is empty, so `the subject has not opted out of contact` holds for nobody: fill it,"
                " or say VEIL_EMPTY_TABLES=consent"
            ),
        ),
        (
            "alter table consent alter starts_at drop not null; update consent set starts_at = null where id = 1",
            (
                "note: the column starts_at of consent is null in 1 row: what has no start opens nothing, and a refusal counts;"
                " give them one"
            ),
        ),
        (
            (
                "alter table trade_order drop constraint trade_order_status_check;"
                " update trade_order set status = 'canceled' where id = 1"
            ),
            (
                "note: the column status of trade_order holds `canceled` in 1 row: a condition reads it"
                " (TRADES_WITH_REQUESTER), and in doubt holds for nobody"
            ),
        ),
        (
            "alter table payment alter status drop not null; update payment set status = null where id < 4",
            (
                "note: the column status of payment is null in 3 rows: a condition reads it (PAYMENT_ROUTE),"
                " and in doubt holds for nobody"
            ),
        ),
    ],
)
def test_what_closes_is_told_and_does_not_fail(veil: Veil, own_market_url: str, change: str, said: str) -> None:
    run(own_market_url, lambda connection: connection.execute(change))
    ended = veil("check", "--database", own_market_url)
    assert (ended.code, ended.err) == (0, "")
    assert said in ended.out.splitlines()
    assert ended.out.splitlines()[-1] == "nothing must be mended"


def test_a_table_that_is_vouched_for_may_be_empty(veil: Veil, own_market_url: str) -> None:
    run(own_market_url, lambda connection: connection.execute("delete from consent"))
    assert veil("check", "--database", own_market_url, VEIL_EMPTY_TABLES="consent").out.startswith("every table")
    refused = veil("check", "--database", own_market_url, "--empty-tables", "contract")
    assert (refused.code, refused.err) == (1, "veil: VEIL_EMPTY_TABLES: give tables among consent\n")


def test_a_view_whose_owner_may_not_read_behind_it_is_told(veil: Veil, own_market_url: str) -> None:
    change = """
        alter table organisation rename to party; alter table party set schema public;
        create view organisation as select * from public.party;
        alter view organisation owner to veil_officer
    """
    run(own_market_url, lambda connection: connection.execute(change))
    ended = veil("check", "--database", own_market_url)
    said = (
        "mend: the view organisation cannot be read: grant select on public.party to veil_officer, who owns the view\n"
    )
    assert ended == Ended(1, said, "")


_SLOW = """
    insert into member (name, email, kind, registered_at) select 'A', 'a@example.org', 'BUYER', now() from generate_series(1, 6000);
    drop index member_registered_at; analyze member
"""


def test_an_index_that_is_missing_is_a_note_and_fails_if_checked_strictly(veil: Veil, own_market_url: str) -> None:
    run(own_market_url, lambda connection: connection.execute(_SLOW))
    lacking = "note: `Query.members`: reads 6,060 rows of marketplace.member every time; run `create index on marketplace.member (registered_at, id)`"
    assert veil("check", "--database", own_market_url) == Ended(0, f"{lacking}\nnothing must be mended\n", "")
    assert veil("check", "--database", own_market_url, "--strict") == Ended(1, f"{lacking}\n", "")


def test_the_plans_of_look_ups_are_printed(veil: Veil, market_url: str) -> None:
    printed = veil("check", "--database", market_url, "--explain-plans").out
    assert (
        "`Query.orders`: select from trade_order found order by found.placed_at, found.id limit 20\n    Limit"
        in printed
    )
    assert printed.endswith("every table and view is such as Veil reads it\n")
