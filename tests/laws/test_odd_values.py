"""Every row is reached by paging either way, whatever its column holds that it is sorted by: infinite, BC, far or null."""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import pytest

from gateway.demo.development import DevelopmentKey
from tests.conftest import PUBLIC, STAFF, Asking, Requesting, Serving, run, settings_for

ODD = """\
set search_path = marketplace;
update forum_post set posted_at = '0001-01-01 00:00:00+00' where id % 6 = 0;
update forum_post set posted_at = ('{-infinity,infinity,0044-03-15 12:00:00.000001+00 BC,10000-01-01,9999-12-31 23:59:59.999999+00}'
    ::timestamptz[])[1 + id % 5] where id % 7 = 0;
alter table dispute rename to stored_dispute;
create view dispute as select id, order_id, buyer_id, seller_id, reason, outcome, statement,
    case when id % 3 > 0 then opened_at end as opened_at from stored_dispute;
grant select on dispute to veil_gateway;
update product set price = ('{0,NaN,0.01,9999999999.99}'::numeric[])[1 + id % 4] where id % 5 = 0;
update company set name = (array['', ' ', 'É🙂', repeat('ä', 3000), e'"\\\\\\n'])[1 + id % 5], country = null where id % 3 = 0"""


@pytest.fixture(scope="module")
def odd(databases: Any, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    url = databases.make("sample_market")
    run(url, lambda connection: connection.execute(ODD))
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        yield asking
        asking.client.close()
    databases.drop(url)


ORDERS = (
    (PUBLIC, "forumPosts", ""),
    (PUBLIC, "forumPosts", "orderBy: {postedAt: ASC}"),
    (PUBLIC, "forumPosts", "orderBy: {postedAt: DESC}"),
    (STAFF, "disputes", ""),
    (STAFF, "disputes", "orderBy: {openedAt: DESC}"),
    (PUBLIC, "forumPosts", "orderBy: [{postedAt: DESC}, {topic: ASC}]"),
    (PUBLIC, "products", "orderBy: {price: ASC}"),
    (PUBLIC, "products", "orderBy: [{price: DESC}, {minimumOrder: ASC}]"),
    (PUBLIC, "companies", "orderBy: {name: ASC}"),
    (PUBLIC, "companies", "orderBy: [{country: DESC}, {name: DESC}]"),
)
PAGE = """\
query ($n: Int!, $a: String, $b: String) {{ {field}({order} {direction}: $n, after: $a, before: $b) {{
  totalCount nodes {{ id }} edges {{ cursor }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
}} }}"""


def pages(odd: Asking, requesting: Requesting, field: str, order: str, *, size: int, direction: str) -> Sequence[Any]:
    """All pages of a connection, in the direction of paging."""
    query = PAGE.format(field=field, order=f"{order}," if order else "", direction=direction)
    end, more, key = (
        ("endCursor", "hasNextPage", "a") if direction == "first" else ("startCursor", "hasPreviousPage", "b")
    )
    found: list[Any] = []
    variables: dict[str, Any] = {"n": size}
    while True:
        found.append(odd.data(requesting, query, variables)[field])
        info = found[-1]["pageInfo"]
        if not info[more]:
            return found
        assert len(found) <= found[0]["totalCount"], "the same page again and again"
        variables[key] = info[end]


@pytest.mark.parametrize(
    ("requesting", "field", "order"), ORDERS, ids=lambda each: each if isinstance(each, str) else ""
)
def test_every_row_is_reached_both_ways(odd: Asking, requesting: Requesting, field: str, order: str) -> None:
    """A page after a cursor of an infinite time was refused, and one after a null ended the connection."""
    (whole,) = pages(odd, requesting, field, order, size=100, direction="first")[:1]
    size = 7 if whole["totalCount"] > 20 else 2
    forwards = pages(odd, requesting, field, order, size=size, direction="first")
    backwards = pages(odd, requesting, field, order, size=size, direction="last")
    ids = [node["id"] for page in forwards for node in page["nodes"]]
    assert len(set(ids)) == len(ids) == whole["totalCount"]
    assert [node["id"] for page in reversed(backwards) for node in page["nodes"]] == ids
    assert [page["pageInfo"]["hasPreviousPage"] for page in forwards] == [place > 0 for place in range(len(forwards))]
    assert [page["pageInfo"]["hasNextPage"] for page in backwards] == [place > 0 for place in range(len(backwards))]


@pytest.mark.parametrize(
    ("requesting", "field", "order"), ORDERS[::3], ids=lambda each: each if isinstance(each, str) else ""
)
def test_between_two_cursors_lie_the_rows_between_them(
    odd: Asking, requesting: Requesting, field: str, order: str
) -> None:
    query = PAGE.format(field=field, order=f"{order}," if order else "", direction="first")
    edges = odd.data(requesting, query, {"n": 100})[field]
    cursors, ids = [edge["cursor"] for edge in edges["edges"]], [node["id"] for node in edges["nodes"]]
    for start, end in ((0, len(ids) - 1), (1, len(ids) // 2), (len(ids) // 2, len(ids) - 1)):
        found = odd.data(requesting, query, {"n": 100, "a": cursors[start], "b": cursors[end]})[field]
        assert [node["id"] for node in found["nodes"]] == ids[start + 1 : end]
