"""In which state the market is: who consented, whose contract ended a second ago or begins in one, who bought from whom.

A state is the SQL statements that make it from the sample marketplace, so that a difference can be reproduced by them.
Times are written by the transaction's `now()`, and so are exact: a thing that ends at `now()` has ended.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from hypothesis import strategies as st

from tests.opinion.asking import People, organisations

Chosen = TypeVar("Chosen")

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
MOST_CHANGES = 14

TERMS = (*IN_FORCE, *NOT_IN_FORCE)

MOMENTS = ("null", "now()", "now() - interval '1 second'", "now() + interval '1 second'", "now() - interval '1 year'")

TIES = {
    "support_case": ("SERVICE_PROVIDER",),
    "affiliate_account": ("AFFILIATE",),
    "partner_arrival": ("PARTNER",),
    "credit_assessment": ("BANK", "CREDIT_AGENCY"),
    "campaign_response": ("ADVERTISER",),
}
"""What ties members to organisations, and of which kinds those are."""

CONTRACTED = ("account_service", "site_operation", "statistical_sharing")
SHARING = ("SERVICE_PROVIDER", "PARTNER", "ADVERTISER")
STATUSES = ("PLACED", "PAID", "SHIPPED", "DELIVERED", "DISPUTED", "CANCELLED")
TRUTHS = ("true", "false")
COLLECTED = (
    *("REGISTRATION", "PUBLISHING", "BUYER", "PAYMENT", "ACCOUNT_ACTIVITIES", "STATISTICAL", "MARKETING", "PERSONAL"),
)

STATE_TABLES = (
    *TIES,
    "contract",
    "consent",
    "data_subject_request",
    "business_transfer",
    "legal_instrument",
    "organisation_suspension",
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


OWNERS = (
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
"""Columns that say whose a row is."""


EMPTIED = (
    ("trade_order", "buyer_id", "delivery_name", "delivery_address", "delivery_phone", "delivery_city"),
    ("trade_order", "seller_id"),
    ("dispute", "buyer_id", "statement"),
    ("dispute", "seller_id", "statement"),
    ("payment", "seller_id"),
    ("message", "sender_id", "body", "sender_name", "sender_email", "sender_phone"),
    ("message", "recipient_id"),
)
"""What destroying empties in rows that others share: the column that names the member, and others."""

TOLD = ("told_from = 'infinity'", "told_from = '2020-01-01Z'")
"""When members are told of accesses under an instrument: never, or long since."""

CITED = "'HK-2026-0117'"
"""An instrument of the sample."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to the sample marketplace, as SQL, and which organisations it is about."""

    text: str
    about: tuple[int, ...] = ()


@st.composite
def states(draw: st.DrawFn, people: People) -> tuple[Change, ...]:
    """What is done, one after the other."""
    several = draw(st.integers(0, MOST_CHANGES))
    kinds = [draw(st.sampled_from(KINDS)) for _ in range(several)]
    return _numbered([kind(_Drawing(draw=draw, people=people)) for kind in kinds])


def _numbered(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Rows that are added get ids by the place of their statement, so that a state is the same every time it is made."""
    return tuple(
        replace(change, text=change.text.replace("$first", str(100_000 + 1000 * place)))
        for place, change in enumerate(changes)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    """Draws what changes are made of."""

    draw: st.DrawFn
    people: People

    def pick(self, choices: Sequence[Chosen]) -> Chosen:
        return self.draw(st.sampled_from(choices))

    def below(self, number: int) -> int:
        return self.draw(st.integers(0, number - 1))

    def categories(self) -> str:
        """Most of the categories, as a list in SQL."""
        some = st.lists(st.sampled_from(COLLECTED), unique=True, min_size=3)
        return ", ".join(map(quoted, self.draw(some)))

    def term(self) -> str:
        """From when until when; in force most often."""
        return self.pick(self.pick((IN_FORCE, TERMS)))

    def approval(self) -> str:
        """Who entered something, who approved it, and when; approved most often."""
        return "'a clerk', 'an officer', now()" if self.below(8) else "'a clerk', null, null"

    def member(self) -> int:
        return self.pick(self.people.members)

    def members(self, most: int = 6) -> str:
        """A few members, as an SQL array."""
        some = self.draw(st.lists(st.sampled_from(self.people.members), min_size=1, max_size=most, unique=True))
        return f"array[{', '.join(map(str, sorted(some)))}]"

    def organisation(self, kind: str) -> int:
        """Most often of this kind."""
        right = organisations(self.people, kind)
        return self.draw(st.one_of(right, right, right, st.sampled_from(self.people.everybody)))


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# What ties members and organisations.


def tie(drawing: _Drawing) -> Change:
    table, kinds = drawing.pick(list(TIES.items()))
    organisation = drawing.organisation(drawing.pick(kinds))
    # An assessment without an organisation is the marketplace's own.
    party = "null" if table == "credit_assessment" and drawing.below(3) == 0 else str(organisation)
    campaign = ("campaign_id, ", "1, ") if table == "campaign_response" else ("", "")
    return Change(
        f"insert into {table} (id, {campaign[0]}organisation_id, member_id, starts_at, ends_at)"
        f" select $first + n, {campaign[1]}{party}, member, {drawing.term()}"
        f" from unnest({drawing.members()}) with ordinality as named (member, n)",
        about=(organisation,),
    )


def consent(drawing: _Drawing) -> Change:
    kind = drawing.pick(("COOKIES", "CONTACT_BY_MEMBERS", "CONTACT_BY_MARKETPLACE", "STATISTICAL_SHARING"))
    about = (drawing.organisation(drawing.pick(SHARING)),) if kind == "STATISTICAL_SHARING" and drawing.below(4) else ()
    return Change(
        "insert into consent (id, member_id, kind, organisation_id, given, starts_at, ends_at)"
        f" select $first + n, member, '{kind}', {about[0] if about else 'null'}::bigint, {drawing.pick(TRUTHS)},"
        f" {drawing.term()} from unnest({drawing.members(most=15)}) with ordinality as named (member, n)",
        about=about,
    )


UNCHECKED = (
    "alter table consent drop constraint if exists consent_kind_check",
    "alter table consent alter kind drop not null, alter given drop not null, alter starts_at drop not null",
    "alter table legal_instrument drop constraint if exists legal_instrument_kind_check",
    "alter table trade_order drop constraint if exists trade_order_status_check, alter status drop not null",
    "alter table member drop constraint if exists member_country_check",
    "alter table support_case alter starts_at drop not null",
)
"""Tables of somebody else's check less than the sample's."""

UNREADABLE = (
    ("consent", "kind = 'MARKETING'"),
    ("consent", "kind = 'MARKETING'"),
    ("consent", "kind = null"),
    ("consent", "kind = lower(kind)"),
    ("consent", "given = null"),
    ("consent", "given = null"),
    ("consent", "starts_at = null"),
    ("consent", "starts_at = null"),
    ("legal_instrument", "kind = lower(kind)"),
    ("trade_order", "status = 'canceled'"),
    ("trade_order", "status = null"),
    ("support_case", "starts_at = null"),
    ("member", "country = lower(country)"),
    ("member", "country = 'Hong Kong'"),
)
"""What nobody can read for certain."""


def unreadable(drawing: _Drawing) -> Change:
    table, how = drawing.pick(UNREADABLE)
    which = drawing.pick(("id % 3 = 0", "id % 3 > 0", "true"))
    return Change(";\n".join([*UNCHECKED, f"update {table} set {how} where {which}"]))


def request(drawing: _Drawing) -> Change:
    return Change(
        "insert into data_subject_request (id, member_id, categories, kind, starts_at, ends_at)"
        f" select $first + n, member, array[{drawing.categories()}], 'ACCESS', {drawing.term()}"
        f" from unnest({drawing.members()}) with ordinality as named (member, n)"
    )


def removal(drawing: _Drawing) -> Change:
    """Parents ask that a minor's data is removed."""
    minor, message = quoted(drawing.pick(ODD)), drawing.pick((*map(quoted, ODD), "null"))
    return Change(
        "insert into removal_request (id, minor, name, contact, relation, message, received_at)"
        f" values ($first, {minor}, {quoted(drawing.pick(ODD))}, 'rosa@example.org', 'mother', {message}, now())"
    )


def contract(drawing: _Drawing) -> Change:
    organisation = drawing.organisation(drawing.pick(("SERVICE_PROVIDER", "AFFILIATE")))
    purposes = drawing.draw(st.lists(st.sampled_from(CONTRACTED), unique=True))
    return Change(
        "insert into contract (id, organisation_id, purposes, starts_at, ends_at)"
        f" values ($first, {organisation}, array[{', '.join(map(quoted, purposes))}]::text[], {drawing.term()})",
        about=(organisation,),
    )


def transfer(drawing: _Drawing) -> Change:
    organisation, undertaking = (
        drawing.organisation("ACQUIRER"),
        drawing.pick(("'signed'", "'signed'", "'signed'", "'signed'", "null")),
    )
    return Change(
        "insert into business_transfer (id, organisation_id, undertaking, entered_by, approved_by, approved_at,"
        f" starts_at, ends_at) values ($first, {organisation}, {undertaking}, {drawing.approval()}, {drawing.term()})",
        about=(organisation,),
    )


def suspension(drawing: _Drawing) -> Change:
    """Whoever is suspended is shown nothing."""
    organisation = drawing.pick(drawing.people.everybody)
    return Change(
        "insert into organisation_suspension (id, organisation_id, starts_at, ends_at)"
        f" values ($first, {organisation}, {drawing.term()})",
        about=(organisation,),
    )


def instruments(drawing: _Drawing) -> Change:
    """A new instrument of each kind, all alike but for who holds it."""
    holder, finder = drawing.organisation("AUTHORITY"), drawing.organisation(drawing.pick(("AUTHORITY", "CLAIMANT")))
    paper = drawing.pick(("COURT_ORDER", "COURT_ORDER", "SUBPOENA", "LEGAL_REQUIREMENT"))
    serves = drawing.pick(("'a claim'", "'a claim'", "null"))
    return Change(
        "with made as (insert into legal_instrument (id, kind, reference, organisation_id, categories, names_cards,"
        " serves, entered_by, approved_by, approved_at, starts_at, ends_at) select $first + n, kind, 'NEW-' || called, holder,"
        f" array[{drawing.categories()}], {drawing.pick(TRUTHS)}, {serves}, {drawing.approval()}, {drawing.term()}"
        f" from (values (1, '{paper}', 'COURT_ORDER', {holder}),"
        f" (2, 'AUTHORITY_REQUEST', 'AUTHORITY_REQUEST', {holder}),"
        f" (3, 'BREACH_FINDING', 'BREACH_FINDING', {finder})) as new (n, kind, called, holder)"
        " on conflict do nothing returning id) insert into legal_instrument_subject (instrument_id, member_id)"
        f" select made.id, member from made, unnest({drawing.members(most=20)}) as member",
        about=(holder, finder),
    )


APPROVALS = ("approved_by = null, approved_at = null", "approved_by = 'an officer', approved_at = now()")
"""An instrument is approved, or not."""


def paper(drawing: _Drawing) -> Change:
    """Papers of the sample say something else."""
    how = drawing.pick(("serves = null", "names_cards = true", "names_cards = false", *APPROVALS, *TOLD))
    return Change(f"update legal_instrument set {how} where id % 2 = {drawing.below(2)}")


def campaign(drawing: _Drawing) -> Change:
    """Some campaigns are over, or have not begun."""
    how = drawing.pick(("ends_at = now()", "starts_at = now() + interval '1 day'"))
    return Change(f"update campaign set {how} where id % 2 = {drawing.below(2)}")


def arrival(drawing: _Drawing) -> Change:
    """Who came through a partner came when somebody bought something."""
    bought = f"(select placed_at from trade_order order by placed_at limit 1 offset {drawing.below(300)})"
    return Change(f"update partner_arrival set starts_at = {bought}")


def end(drawing: _Drawing) -> Change:
    """All of a kind ends, or begins, at once; or there is none."""
    table = drawing.pick(STATE_TABLES)
    how = drawing.pick(("ends_at = now()", "ends_at = now() + interval '1 microsecond'", "starts_at = now()", "gone"))
    gone = how == "gone" and table != "legal_instrument"
    if gone and table == "data_subject_request":
        # What was done of them goes with them.
        return Change(f"truncate {table} cascade")
    return Change(f"delete from {table}" if gone else f"update {table} set {how.replace('gone', 'ends_at = now()')}")


def access(drawing: _Drawing) -> Change:
    """Somebody saw something of some members, or was refused; at times for an instrument that may be kept from them."""
    fields = """[{"field": "Member.email", "treatment": "PARTIAL"}, {"field": "Member.name", "treatment": "PLAIN"}]"""
    organisation, role = drawing.organisation("SERVICE_PROVIDER"), drawing.pick(("PLATFORM", "SERVICE_PROVIDER"))
    cited = drawing.pick(("null", CITED))
    return Change(
        f"with kept as (update legal_instrument set {drawing.pick(TOLD)} where reference = {CITED}), "
        "plan as (insert into veil.access_plan (id, role, purpose, policy, document, fields) values"
        f" (md5('$first')::uuid, '{role}', 'account_service', '2012-06-11', '', '{fields}') returning id)"
        " insert into veil.access_record (id, at, requester, role, purpose, organisation_id, reference, policy, plan,"
        f" operation, outcome, subjects, cross_border) select md5('$first' || n)::uuid, {drawing.pick(MOMENTS[1:])},"
        f" 'somebody ' || n, '{role}', 'account_service', {organisation}, {cited}, '2012-06-11', plan.id, 'Seen',"
        f" '{drawing.pick(('ANSWERED', 'ARGUMENT', 'DESCRIBED'))}', subjects, n = 1 from plan,"
        f" (values (1, {drawing.members(most=20)}), (2, array[1, 2]), (3, '{{}}')) as seen (n, subjects)"
    )


def release(drawing: _Drawing) -> Change:
    """A month is released: of some cells, or of none."""
    month = drawing.pick(("2026-03", "2026-07", "2031-12"))
    key, unit = drawing.pick((*map(quoted, ODD), "null")), drawing.pick(("CNY", "USD", "XXX"))
    return Change(
        "with made as (insert into veil.figure_release (month, policy, record)"
        f" values ('{month}', '2012-06-11', md5('$first')::uuid) on conflict do nothing returning month)"
        " insert into veil.figure (facts, unit, dimension, month, key, members, count, sum)"
        f" select facts, unit, dimension, month, key, 10 + {drawing.below(90)}, count, {drawing.below(999)} / 8.0"
        f" from made, (values ('order_fact', '{unit}', 'status', {key}, 30), ('order_fact', '{unit}', '', null, 0),"
        f" ('order_fact', '{unit}', 'month', '{month}', 8), ('visit_fact', '', 'country', {key}, 7),"
        f" ('buyer_fact', '', '', null, 11)) as cell (facts, unit, dimension, key, count) limit {drawing.below(6)}"
    )


# What is stored of members.


def order(drawing: _Drawing) -> Change:
    """Orders change hands, or how far they have come."""
    side = drawing.pick(("buyer_id", "seller_id"))
    which = drawing.pick((f"{side} = {drawing.member()}", f"id <= {drawing.below(60)}", "true"))
    parties = f"buyer_id = {drawing.member()}, seller_id = {drawing.member()}"
    how = drawing.pick((f"status = '{drawing.pick(STATUSES)}'", parties))
    return Change(f"update trade_order set {how} where {which}")


def payment(drawing: _Drawing) -> Change:
    organisation = drawing.organisation(drawing.pick(("BANK", "PAYMENT_VENDOR")))
    which = drawing.pick((f"buyer_id = any ({drawing.members()})", f"order_id <= {drawing.below(60)}"))
    status = drawing.pick(("PENDING", "AUTHORISED", "SETTLED", "REFUNDED", "FAILED"))
    return Change(
        f"update payment set status = '{status}', organisation_id = {organisation} where {which}",
        about=(organisation,),
    )


def complaint(drawing: _Drawing) -> Change:
    return Change(f"update complaint set published_at = {drawing.pick(MOMENTS)} where id % 2 = {drawing.below(2)}")


PUBLISHED = (
    ("company", "owner_id"),
    ("product", "owner_id"),
    ("buying_request", "buyer_id"),
    ("forum_post", "author_id"),
)
"""What members publish, and the column that says whose it is."""


def withdrawal(drawing: _Drawing) -> Change:
    """Members withdraw what they publish, or publish it again."""
    table, column = drawing.pick(PUBLISHED)
    which = drawing.pick((f"{column} = any ({drawing.members()})", f"id % 2 = {drawing.below(2)}", "true"))
    return Change(f"update {table} set withdrawn_at = {drawing.pick(MOMENTS)} where {which}")


def null(drawing: _Drawing) -> Change:
    table, column = drawing.pick(NULLABLE)
    return Change(f"update {table} set {column} = null where id % 3 = {drawing.below(3)}")


def text(drawing: _Drawing) -> Change:
    table, column = drawing.pick(TEXTS)
    return Change(f"update {table} set {column} = {quoted(drawing.pick(ODD))} where id % 3 = {drawing.below(3)}")


def alike(drawing: _Drawing) -> Change:
    table, column, value = drawing.pick(ALIKE)
    return Change(f"update {table} set {column} = {value} where id % 4 <> {drawing.below(4)}")


def home(drawing: _Drawing) -> Change:
    """Members are at home elsewhere."""
    country = drawing.pick(("HK", "CN", "US", "DE"))
    return Change(f"update member set country = '{country}' where id = any ({drawing.members()})")


def owner(drawing: _Drawing) -> Change:
    """Rows are another member's."""
    table, column = drawing.pick(OWNERS)
    return Change(f"update {table} set {column} = {drawing.member()} where id % 5 = {drawing.below(5)}")


def destroyed(drawing: _Drawing) -> Change:
    """What there is of some members was destroyed, of some or of all categories: of what others share, what is theirs."""
    table, column, *others = drawing.pick(EMPTIED)
    emptied = "".join(f", {each} = null" for each in others)
    return Change(f"update {table} set {column} = null{emptied} where {column} = any ({drawing.members(most=15)})")


def tombstone(drawing: _Drawing) -> Change:
    """Only the row that others name is left of some members."""
    return Change(
        "update member set destroyed_at = now(), registered_at = now(), name = null, email = null, kind = null,"
        " phone = null, fax = null, address = null, city = null, country = null, job_title = null"
        f" where id = any ({drawing.members(most=15)})"
    )


KINDS: Sequence[Callable[[_Drawing], Change]] = (
    *(tie, tie, tie, consent, consent, instruments, instruments, instruments, request, removal, removal),
    *(contract, transfer, transfer, transfer, campaign, campaign, access, access),
    *(paper, arrival, release, unreadable, unreadable, suspension),
    *(end, order, payment, complaint, withdrawal, withdrawal, null, text, alike, home, owner),
    *(destroyed, destroyed, tombstone),
)
