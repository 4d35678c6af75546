"""In which state the market is: who consented, whose contract ended a second ago or begins in one, who bought from whom.

A state is told as the SQL statements that make it of the sample marketplace, so that whoever meets a difference can
make it too. Times are told from the transaction's `now()`, and so are exact: a thing that ends at `now()` has ended.
"""

from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from schema.labels import COLLECTED
from tests.opinion.asking import NEW_REFERENCES, People

Draw = Callable[[st.SearchStrategy[object]], object]

IN_FORCE = (
    "now() - interval '1 day', null",
    "now() - interval '1 day', now() + interval '1 day'",
    "now(), null",
    "now() - interval '1 second', now() + interval '1 second'",
    "now() - interval '1 day', now() + interval '1 microsecond'",
)
NOT_IN_FORCE = (
    "now() - interval '1 day', now()",
    "now() - interval '1 day', now() - interval '1 second'",
    "now() + interval '1 second', null",
    "now() + interval '1 microsecond', now() + interval '1 day'",
    "now(), now()",
)
TERMS = (*IN_FORCE, *NOT_IN_FORCE)

MOMENTS = ("null", "now()", "now() - interval '1 second'", "now() + interval '1 second'", "now() - interval '1 year'")

TIES = {
    "support_case": "SERVICE_PROVIDER",
    "affiliate_account": "AFFILIATE",
    "partner_arrival": "PARTNER",
    "credit_assessment": "BANK",
    "campaign_response": "ADVERTISER",
}
"""What ties members to organisations, and of which kind those are."""

STATE_TABLES = (
    *TIES,
    "contract",
    "consent",
    "data_subject_request",
    "business_transfer",
    "legal_instrument",
)

NULLABLE = (
    ("member", "phone"),
    ("member", "fax"),
    ("member", "address"),
    ("member", "city"),
    ("member", "country"),
    ("member", "job_title"),
    ("company", "website"),
    ("company", "description"),
    ("company", "main_products"),
    ("company", "year_established"),
    ("company", "contact_name"),
    ("product", "minimum_order"),
    ("product", "description"),
    ("trade_order", "delivery_name"),
    ("trade_order", "delivery_address"),
    ("trade_order", "delivery_city"),
    ("trade_order", "delivery_country"),
    ("trade_order", "tracking_number"),
    ("payment", "card_number"),
    ("payment", "bank_account"),
    ("payment", "billing_city"),
    ("payment_profile", "credit_limit"),
    ("dispute", "outcome"),
    ("dispute", "statement"),
    ("buyer_behaviour", "last_active_at"),
    ("buyer_behaviour", "average_order"),
    ("buyer_behaviour", "orders_per_year"),
    ("buyer_behaviour", "top_categories"),
    ("browsing_event", "product_id"),
    ("browsing_event", "cookie"),
    ("visit", "pages_viewed"),
    ("visit", "browser"),
    ("message", "sender_email"),
    ("message", "order_id"),
    ("marketing_contact", "name"),
    ("complaint", "against_name"),
    ("complaint", "penalty"),
)

TEXTS = (
    ("member", "name"),
    ("member", "job_title"),
    ("company", "name"),
    ("product", "title"),
    ("product", "description"),
    ("trade_order", "delivery_name"),
    ("message", "body"),
    ("message", "sender_name"),
    ("forum_post", "body"),
    ("visit", "browser"),
    ("complaint", "summary"),
)

ODD = (
    "",
    "x",
    'a "quoted" one',
    "back\\slash",
    "two\nlines\tand a tab",
    "\x01\x1f\x7f",
    "O'Neil; drop table member --",
    "数据 Ünïcödé 😀 \u2028",
    "{} %s $1 :name",
)
"""Texts that a statement or its JSON could stumble over."""

ALIKE = (
    ("product", "price", "5"),
    ("product", "listed_at", "now() - interval '1 year'"),
    ("trade_order", "placed_at", "now() - interval '70 days'"),
    ("trade_order", "total", "10.50"),
    ("member", "registered_at", "now() - interval '2 years'"),
    ("message", "sent_at", "now() - interval '3 days'"),
    ("visit", "at", "now() - interval '40 days'"),
    ("payment", "paid_at", "now() - interval '60.5 days'"),
    ("browsing_event", "at", "now() - interval '1 hour 1.25 seconds'"),
    ("forum_post", "posted_at", "now() - interval '0.001 second'"),
)
"""Columns that rows are ordered by, and a value that many may share."""


def states(people: People) -> st.SearchStrategy[tuple[str, ...]]:
    """What is done to the sample marketplace, statement by statement."""
    changes = st.one_of(
        *[_ties(people, table, kind) for table, kind in TIES.items()],
        _consents(people),
        _consents(people),
        _contracts(people),
        _transfers(people),
        _requests(people),
        _instruments(people),
        _instruments(people),
        _ended(),
        _orders(people),
        _payments(people),
        _complaints(),
        _nulls(),
        _texts(),
        _alike(),
        _moved(people),
    )
    return st.lists(changes, max_size=14).map(_numbered)


def _numbered(changes: Sequence[str]) -> tuple[str, ...]:
    """Rows that are added get ids by the place of their statement, so that a state is the same every time it is made."""
    return tuple(change.replace("$first", str(100_000 + 1000 * place)) for place, change in enumerate(changes))


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _some(found: Sequence[int], most: int = 6) -> st.SearchStrategy[str]:
    """A few of the ids, as an SQL array."""
    return st.lists(st.sampled_from(found), min_size=1, max_size=most, unique=True).map(
        lambda some: f"array[{', '.join(map(str, sorted(some)))}]"
    )


def _term() -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(IN_FORCE), st.sampled_from(TERMS))


def _organisation(people: People, kind: str) -> st.SearchStrategy[int]:
    right = st.sampled_from(people.organisations[kind])
    return st.one_of(right, right, st.sampled_from(people.everybody))


def _ties(people: People, table: str, kind: str) -> st.SearchStrategy[str]:
    organisation = _organisation(people, kind)
    if table == "credit_assessment":
        organisation = st.one_of(organisation, _organisation(people, "CREDIT_AGENCY"), st.just("null"))
    campaign = ("campaign_id, ", "1, ") if table == "campaign_response" else ("", "")
    return st.builds(
        lambda with_, members, term: (
            f"insert into {table} (id, {campaign[0]}organisation_id, member_id, starts_at, ends_at)"
            f" select $first + n, {campaign[1]}{with_}, member, {term}"
            f" from unnest({members}) with ordinality as named (member, n)"
        ),
        organisation,
        _some(people.members),
        _term(),
    )


def _consents(people: People) -> st.SearchStrategy[str]:
    sharing = st.one_of(
        *[_organisation(people, kind).map(str) for kind in ("SERVICE_PROVIDER", "PARTNER", "ADVERTISER")]
    )
    kinds = st.one_of(
        st.sampled_from([(kind, "null") for kind in ("COOKIES", "CONTACT_BY_MEMBERS", "CONTACT_BY_MARKETPLACE")]),
        sharing.map(lambda organisation: ("STATISTICAL_SHARING", organisation)),
    )
    return st.builds(
        lambda kind, members, given, term: (
            "insert into consent (id, member_id, kind, organisation_id, given, starts_at, ends_at)"
            f" select $first + n, member, '{kind[0]}', {kind[1]}::bigint, {given}, {term}"
            f" from unnest({members}) with ordinality as named (member, n)"
        ),
        kinds,
        _some(people.members),
        st.sampled_from(("true", "false")),
        _term(),
    )


def _contracts(people: People) -> st.SearchStrategy[str]:
    purposes = st.lists(st.sampled_from(("account_service", "site_operation", "statistical_sharing")), unique=True)
    return st.builds(
        lambda organisation, named, term: (
            "insert into contract (id, organisation_id, purposes, starts_at, ends_at)"
            f" values ($first, {organisation}, array[{', '.join(map(quoted, named))}]::text[], {term})"
        ),
        st.one_of(_organisation(people, "SERVICE_PROVIDER"), _organisation(people, "AFFILIATE")),
        purposes,
        _term(),
    )


def _transfers(people: People) -> st.SearchStrategy[str]:
    return st.builds(
        lambda organisation, term: (
            "insert into business_transfer (id, organisation_id, starts_at, ends_at)"
            f" values ($first, {organisation}, {term})"
        ),
        _organisation(people, "ACQUIRER"),
        _term(),
    )


def _requests(people: People) -> st.SearchStrategy[str]:
    return st.builds(
        lambda members, term: (
            "insert into data_subject_request (id, member_id, kind, starts_at, ends_at)"
            f" select $first + n, member, 'ACCESS', {term} from unnest({members}) with ordinality as named (member, n)"
        ),
        _some(people.members),
        _term(),
    )


def _instruments(people: People) -> st.SearchStrategy[str]:
    kinds = (("COURT_ORDER", "AUTHORITY"), ("AUTHORITY_REQUEST", "AUTHORITY"), ("BREACH_FINDING", "CLAIMANT"))
    bearers = st.sampled_from(kinds).flatmap(
        lambda kind: st.tuples(
            st.just(kind[0]), st.one_of(_organisation(people, kind[1]), _organisation(people, "AUTHORITY"))
        )
    )
    categories = st.lists(st.sampled_from([each.value for each in COLLECTED]), unique=True, min_size=1)
    return st.builds(
        lambda bearer, reference, covered, approved, term, members: (
            "with made as (insert into legal_instrument (id, kind, reference, organisation_id, categories, approved,"
            f" starts_at, ends_at) values ($first, '{bearer[0]}', '{reference}', {bearer[1]},"
            f" array[{', '.join(map(quoted, covered))}], {approved}, {term}) on conflict do nothing returning id)"
            " insert into legal_instrument_subject (instrument_id, member_id)"
            f" select made.id, member from made, unnest({members}) as member"
        ),
        bearers,
        st.sampled_from(NEW_REFERENCES),
        categories,
        st.sampled_from(("true", "true", "true", "false")),
        _term(),
        _some(people.members, most=12),
    )


def _ended() -> st.SearchStrategy[str]:
    """All of a kind ends, or begins, at once; or there is none."""
    return st.builds(
        lambda table, how: (
            f"delete from {table}" if how == "" and table != "legal_instrument" else f"update {table} set {how or 'ends_at = now()'}"
        ),
        st.sampled_from(STATE_TABLES),
        st.sampled_from(
            (
                "",
                "ends_at = now()",
                "ends_at = now() + interval '1 microsecond'",
                "starts_at = now()",
                "starts_at = now() + interval '1 microsecond'",
            )
        ),
    )


def _orders(people: People) -> st.SearchStrategy[str]:
    """Orders change hands, or how far they have come."""
    statuses = ("PLACED", "PAID", "SHIPPED", "DELIVERED", "DISPUTED", "CANCELLED")
    some = st.one_of(
        st.sampled_from(people.members).map(lambda member: f"buyer_id = {member}"),
        st.sampled_from(people.members).map(lambda member: f"seller_id = {member}"),
        st.integers(1, 60).map(lambda most: f"id <= {most}"),
        st.just("true"),
    )
    sets = st.one_of(
        st.sampled_from(statuses).map(lambda status: f"status = '{status}'"),
        st.builds(
            lambda buyer, seller: f"buyer_id = {buyer}, seller_id = {seller}",
            st.sampled_from(people.members),
            st.sampled_from(people.members),
        ),
    )
    return st.builds(lambda how, which: f"update trade_order set {how} where {which}", sets, some)


def _payments(people: People) -> st.SearchStrategy[str]:
    statuses = ("PENDING", "AUTHORISED", "SETTLED", "REFUNDED", "FAILED")
    some = st.one_of(
        _some(people.members).map(lambda members: f"buyer_id = any ({members})"),
        st.integers(1, 60).map(lambda most: f"order_id <= {most}"),
    )
    through = st.one_of(_organisation(people, "BANK"), _organisation(people, "PAYMENT_VENDOR"))
    return st.builds(
        lambda status, organisation, which: (
            f"update payment set status = '{status}', organisation_id = {organisation} where {which}"
        ),
        st.sampled_from(statuses),
        through,
        some,
    )


def _complaints() -> st.SearchStrategy[str]:
    return st.builds(
        lambda moment, which: f"update complaint set published_at = {moment} where id % 2 = {which}",
        st.sampled_from(MOMENTS),
        st.integers(0, 1),
    )


def _nulls() -> st.SearchStrategy[str]:
    return st.builds(
        lambda place, which: f"update {place[0]} set {place[1]} = null where id % 3 = {which}",
        st.sampled_from(NULLABLE),
        st.integers(0, 2),
    )


def _texts() -> st.SearchStrategy[str]:
    return st.builds(
        lambda place, text, which: (
            f"update {place[0]} set {place[1]} = {quoted(text)} where id % 3 = {which}"
        ),
        st.sampled_from(TEXTS),
        st.sampled_from(ODD),
        st.integers(0, 2),
    )


def _alike() -> st.SearchStrategy[str]:
    return st.builds(
        lambda place, which: f"update {place[0]} set {place[1]} = {place[2]} where id % 4 <> {which}",
        st.sampled_from(ALIKE),
        st.integers(0, 3),
    )


def _moved(people: People) -> st.SearchStrategy[str]:
    """Members are at home elsewhere, or their rows are another's."""
    countries = st.sampled_from(("HK", "CN", "US", "DE"))
    homes = st.builds(
        lambda country, members: f"update member set country = '{country}' where id = any ({members})",
        countries,
        _some(people.members),
    )
    owners = st.builds(
        lambda place, member, which: f"update {place[0]} set {place[1]} = {member} where id % 5 = {which}",
        st.sampled_from(
            (
                ("message", "sender_id"),
                ("message", "recipient_id"),
                ("dispute", "buyer_id"),
                ("dispute", "seller_id"),
                ("payment", "buyer_id"),
                ("payment", "seller_id"),
                ("visit", "member_id"),
                ("browsing_event", "member_id"),
                ("payment_profile", "member_id"),
            )
        ),
        st.sampled_from(people.members),
        st.integers(0, 4),
    )
    return st.one_of(homes, owners)
