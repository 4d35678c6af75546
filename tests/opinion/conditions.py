"""What each condition of the policy means, in terms of plain rows, the requester and the time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from schema.conditions import Condition
from schema.fields import Join, Storage
from schema.labels import Category
from schema.marketplace import conditions as declared
from schema.requester import Requester
from tests.opinion.market import Market, Row

OF_THE_REQUESTER = (declared.CONTRACT, declared.TRANSFER)
OF_THE_ROW = (
    *(declared.PARTY, declared.CORRESPONDENT, declared.PUBLISHED, declared.PAYMENT_ROUTE),
    *(declared.MAY_BE_TOLD, declared.NOT_WITHDRAWN, declared.CAMPAIGN, declared.COPY_ASKED),
    declared.REMOVAL_ASKED,
)
OF_A_REQUEST = {declared.COPY_ASKED: ("ACCESS", "RETURN"), declared.REMOVAL_ASKED: ("MINOR_REMOVAL",)}
"""What a row asks for that meets the condition while it is open."""

OF_A_COURT = ("SUBPOENA", "COURT_ORDER", "LEGAL_REQUIREMENT")
INSTRUMENTS = (*OF_A_COURT, "AUTHORITY_REQUEST", "BREACH_FINDING")
CONSENTS = ("CONTACT_BY_MEMBERS", "CONTACT_BY_MARKETPLACE", "STATISTICAL_SHARING", "COOKIES")
TO_BE_COMPLETED = ("PENDING", "AUTHORISED")
NOT_CANCELLED = ("PLACED", "PAID", "SHIPPED", "DELIVERED", "DISPUTED")
"""An order in no known state is taken for a cancelled one."""


def is_of_a_subject(condition: Condition) -> bool:
    return condition not in OF_THE_REQUESTER + OF_THE_ROW


def can_be_asked(condition: Condition, stored: Storage) -> bool:
    """Whether rows stored so have what the condition is about."""
    if condition in OF_THE_REQUESTER:
        return True
    if condition is declared.PARTY:
        return len(_columns(stored, "PARTY")) > 0
    if condition is declared.CORRESPONDENT:
        return len(_columns(stored, "CORRESPONDENT")) > 0
    if condition is declared.PUBLISHED:
        return len(_columns(stored, "PUBLISHED")) > 0
    if condition is declared.NOT_WITHDRAWN:
        return len(_columns(stored, "NOT_WITHDRAWN")) > 0
    if condition in (declared.PAYMENT_ROUTE, declared.MAY_BE_TOLD, declared.CAMPAIGN, *OF_A_REQUEST):
        return condition.name in stored.condition_columns
    if condition is declared.BOUGHT_SINCE:
        return len(_columns(stored, "BOUGHT_SINCE")) > 0
    if stored.subjects_array:
        return condition is declared.SELF
    return len(stored.subjects) > 0


def _columns(stored: Storage, name: str) -> tuple[str, ...]:
    columns = stored.condition_columns.get(name, ())
    assert isinstance(columns, tuple)
    return columns


def columns_of(stored: Storage, condition: Condition) -> frozenset[str]:
    """The columns of a row that a condition of it reads."""
    return frozenset(_columns(stored, condition.name))


def buyer_of(stored: Storage) -> str:
    """The column of who bought."""
    return _columns(stored, "BOUGHT_SINCE")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """A requester, and the market they ask of."""

    requester: Requester
    market: Market
    _known: dict[tuple[Condition, int, Category], bool] = field(
        default_factory=dict[tuple[Condition, int, Category], bool]
    )

    # Of the requester.

    @property
    def is_suspended(self) -> bool:
        """Whether nothing is shown to the requester's organisation for the time being."""
        return any(True for _ in self._in_force_with_requester("organisation_suspension"))

    def hold_for_requester(self, condition: Condition) -> bool:
        if condition is declared.CONTRACT:
            contracts = self._in_force_with_requester("contract")
            return any(self.requester.purpose in contract["purposes"] for contract in contracts)
        transfers = self._in_force_with_requester("business_transfer")
        return any(each["undertaking"] is not None and each["approved_at"] is not None for each in transfers)

    # Of a row.

    def hold_for_row(self, condition: Condition, stored: Storage, row: Row) -> bool:
        if not can_be_asked(condition, stored):
            return False
        if condition in (declared.PARTY, declared.CORRESPONDENT) and self.requester.member is None:
            return False
        if condition is declared.PARTY:
            return self.requester.member in [row[party] for party in _columns(stored, "PARTY")]
        if condition is declared.CORRESPONDENT:
            return self.requester.member in [row[one] for one in _columns(stored, "CORRESPONDENT")]
        if condition is declared.PUBLISHED:
            published_at = row[_columns(stored, "PUBLISHED")[0]]
            return published_at is not None and published_at <= self.market.now
        if condition is declared.NOT_WITHDRAWN:
            # To withdraw something later is to withdraw it.
            return row[_columns(stored, "NOT_WITHDRAWN")[0]] is None
        if condition is declared.MAY_BE_TOLD:
            return not any(
                self._is_to_come(instrument["told_from"]) or instrument["kind"] not in INSTRUMENTS
                for instrument in self.market.where("legal_instrument", "reference", row["reference"])
            )
        if condition in OF_A_REQUEST:
            return row["kind"] in OF_A_REQUEST[condition] and any(True for _ in self._in_force([row]))
        if condition is declared.CAMPAIGN:
            return any(True for _ in self._in_force([row]))
        payment_of = stored.condition_columns["PAYMENT_ROUTE"]
        assert isinstance(payment_of, Join)
        return any(
            payment["organisation_id"] == self.requester.organisation and payment["status"] in TO_BE_COMPLETED
            for payment in self.market.where("payment", payment_of.far, row[payment_of.near])
        )

    # Of a data subject.

    def has_bought_since(self, member: int, stored: Storage, row: Row) -> bool:
        """The member is the one who bought, and had come through the requester by then."""
        buyer, bought_at = _columns(stored, "BOUGHT_SINCE")
        arrivals = self._in_force(self.market.where("partner_arrival", "member_id", member))
        return row[buyer] == member and any(
            self._is_requester(arrival["organisation_id"]) and arrival["starts_at"] <= row[bought_at]
            for arrival in arrivals
        )

    def hold_for_subject(self, condition: Condition, member: int, category: Category) -> bool:
        """The category is that of the field or row asked about: a legal instrument covers those it names."""
        asked = (condition, member, category)
        if asked not in self._known:
            self._known[asked] = self._holds_for_subject(condition, member, category)
        return self._known[asked]

    def _holds_for_subject(self, condition: Condition, member: int, category: Category) -> bool:  # noqa: C901, PLR0912 - one branch a condition
        match condition:
            case declared.SELF:
                return member == self.requester.member
            case declared.TRADES_WITH_REQUESTER:
                return self._trades_with(member)
            case declared.CASE:
                return self._tied_to_requester("support_case", member)
            case declared.CAMPAIGN_RESPONSE:
                return self._tied_to_requester("campaign_response", member)
            case declared.AFFILIATE_ACCOUNT:
                return self._tied_to_requester("affiliate_account", member)
            case declared.ARRIVAL:
                return self._tied_to_requester("partner_arrival", member)
            case declared.ASSESSMENT_WITH_REQUESTER:
                return self._tied_to_requester("credit_assessment", member)
            case declared.ASSESSMENT:
                return self._has_in_force("credit_assessment", member)
            case declared.DATA_SUBJECT_REQUEST:
                requests = self._in_force(self.market.where("data_subject_request", "member_id", member))
                return any(category in request["categories"] for request in requests)
            case declared.NOT_OPTED_OUT:
                # Where nobody ever answered, nobody knows who objects.
                return bool(self.market.rows("consent")) and not self._may_refuse(member, "CONTACT_BY_MARKETPLACE")
            case declared.COOKIES:
                return self._agrees(member, "COOKIES")
            case declared.CONTACT_BY_MEMBERS:
                return self._agrees(member, "CONTACT_BY_MEMBERS")
            case declared.SHARING_PERMITTED:
                refusals = self._may_refuse(member, "STATISTICAL_SHARING")
                to_all = [each for each in refusals if self._is_unknown(each) or each["organisation_id"] is None]
                own = [each for each in refusals if self._is_requester(each["organisation_id"])]
                agreed = self._agreements(member, "STATISTICAL_SHARING")
                to_them = [each for each in agreed if each["organisation_id"] in (None, self.requester.organisation)]
                return bool(to_them) and not [*to_all, *own]
            case declared.COURT_ORDER:
                return any(True for _ in self._naming(OF_A_COURT, member, category))
            case declared.WHOLE_CARDS:
                return any(paper["names_cards"] for paper in self._naming(OF_A_COURT, member, category))
            case declared.AUTHORITY_REQUEST:
                return any(True for _ in self._naming(("AUTHORITY_REQUEST",), member, category))
            case declared.BREACH_FINDING:
                return any(paper["serves"] for paper in self._naming(("BREACH_FINDING",), member, category))
            case _:
                raise AssertionError(f"`{condition}` is of no data subject")

    def _trades_with(self, member: int) -> bool:
        """One bought from the other, and the order was not cancelled. Who is no member trades with nobody."""
        requester = self.requester.member
        if requester is None:
            return False
        bought = self.market.where("trade_order", "buyer_id", member)
        sold = self.market.where("trade_order", "seller_id", member)
        others = [(order["seller_id"], order) for order in bought] + [(order["buyer_id"], order) for order in sold]
        return any(other == requester and order["status"] in NOT_CANCELLED for other, order in others)

    def _tied_to_requester(self, table: str, member: int) -> bool:
        ties = self.market.where(table, "member_id", member)
        return any(self._is_requester(tie["organisation_id"]) for tie in self._in_force(ties))

    def _has_in_force(self, table: str, member: int) -> bool:
        return any(True for _ in self._in_force(self.market.where(table, "member_id", member)))

    def _agreements(self, member: int, kind: str) -> list[Row]:
        consents = self.market.where("consent", "member_id", member)
        return [each for each in self._in_force(consents) if each["kind"] == kind and each["given"]]

    def _may_refuse(self, member: int, kind: str) -> list[Row]:
        """The answers that say no, or that nobody can read: what was asked, what was said, or whether it has begun."""
        consents = [each for each in self.market.where("consent", "member_id", member) if self._may_hold(each)]
        return [each for each in consents if self._is_unknown(each) or (each["kind"] == kind and not each["given"])]

    def _is_unknown(self, consent: Row) -> bool:
        return consent["kind"] not in CONSENTS

    def _agrees(self, member: int, kind: str) -> bool:
        """A member was asked and said yes, and no answer that may hold says no."""
        return bool(self._agreements(member, kind)) and not self._may_refuse(member, kind)

    def _naming(self, kinds: Iterable[str], member: int, category: Category) -> Iterable[Row]:
        """The instruments of these kinds that name the member and the category."""
        return (
            instrument
            for instrument in self._instruments_cited()
            if instrument["kind"] in kinds
            and category in instrument["categories"]
            and any(named["member_id"] == member for named in self._named(instrument))
        )

    def _instruments_cited(self) -> Iterable[Row]:
        """What the requester may stand on: the approved instrument of theirs that they cite, while it is in force."""
        cited = self.market.where("legal_instrument", "reference", self.requester.reference)
        return (
            instrument
            for instrument in self._in_force(cited)
            if instrument["approved_at"] is not None and self._is_requester(instrument["organisation_id"])
        )

    def _named(self, instrument: Row) -> Iterable[Row]:
        return self.market.where("legal_instrument_subject", "instrument_id", instrument["id"])

    # Time, and the requester.

    def _in_force_with_requester(self, table: str) -> Iterable[Row]:
        return self._in_force(self.market.where(table, "organisation_id", self.requester.organisation))

    def _is_requester(self, organisation: int | None) -> bool:
        return organisation is not None and organisation == self.requester.organisation

    def _in_force(self, states: Iterable[Row]) -> Iterable[Row]:
        """Those that have begun and not ended: a state holds from the moment it starts until just before its end."""
        now = self.market.now
        return (
            state
            for state in states
            if state["starts_at"] is not None
            and state["starts_at"] <= now
            and (state["ends_at"] is None or now < state["ends_at"])
        )

    def _may_hold(self, state: Row) -> bool:
        """It holds, or nobody said since when."""
        return any(True for _ in self._in_force([{**state, "starts_at": state["starts_at"] or self.market.now}]))

    def _is_to_come(self, time: datetime | None) -> bool:
        # Never is a time without a zone, as it is read.
        return time is not None and time.replace(tzinfo=UTC) > self.market.now
