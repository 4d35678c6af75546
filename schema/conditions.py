"""The conditions a grant may set, each named by the phrase the policy file uses.

A condition is of the requester (it holds for the whole call), of the row, or of the data subject. Its SQL is made in
`resolvers.conditions`; every state it reads holds from its start until its end, by the database's clock.
"""

import enum

from schema.fields import Storage


class Condition(enum.StrEnum):
    SELF = "the subject is the requester"
    PARTY = "the requester is party to the order"
    CORRESPONDENT = "the requester sent or received the message"
    PUBLISHED = "the complaint is published"
    TRADES_WITH_REQUESTER = "the subject shares an order with the requester that is not cancelled"
    CONTRACT = "a contract with the requester is in force and names the purpose"
    TRANSFER = "the transfer of the business to the requester has closed"
    CASE = "a case of the subject is open with the requester"
    PAYMENT_ROUTE = "the payment runs through the requester and is not settled"
    CAMPAIGN_RESPONSE = "the subject responded to a campaign of the requester"
    AFFILIATE_ACCOUNT = "the subject has an account with the requester"
    ARRIVAL = "the subject came through the requester"
    ASSESSMENT = "an assessment of the subject is open"
    ASSESSMENT_WITH_REQUESTER = "an assessment of the subject is open with the requester"
    NOT_OPTED_OUT = "the subject has not opted out of contact"
    COOKIES = "the subject accepted cookies"
    CONTACT_BY_MEMBERS = "the subject agreed to be contacted by members"
    SHARING_PERMITTED = "the subject permitted sharing with the requester"
    COURT_ORDER = "a court order in force names the subject and the category"
    AUTHORITY_REQUEST = "an approved request in force names the subject and the category"
    BREACH_FINDING = "an approved breach finding names the subject, the category and the requester"
    DATA_SUBJECT_REQUEST = "a request of the subject is open"

    @property
    def level(self) -> "Level":
        return _SCOPES.get(self, Level.SUBJECT)

    @property
    def names_categories(self) -> bool:
        """Whether it is asked for a category too: a legal instrument covers those it names."""
        return self in (Condition.COURT_ORDER, Condition.AUTHORITY_REQUEST, Condition.BREACH_FINDING)

    def can_hold(self, owner: Storage) -> bool:
        """Whether rows stored so have what the condition asks after; where not, it never holds."""
        match self:
            case Condition.CONTRACT | Condition.TRANSFER:
                return True
            case Condition.PARTY:
                return bool(owner.parties)
            case Condition.CORRESPONDENT:
                return bool(owner.correspondents)
            case Condition.PUBLISHED:
                return owner.published is not None
            case Condition.PAYMENT_ROUTE:
                return owner.payment is not None
            case _:
                return bool(owner.subjects)


class Level(enum.Enum):
    """What a condition is asked of."""

    REQUESTER = "requester"
    ROW = "row"
    SUBJECT = "subject"


_SCOPES = {
    Condition.CONTRACT: Level.REQUESTER,
    Condition.TRANSFER: Level.REQUESTER,
    Condition.PARTY: Level.ROW,
    Condition.CORRESPONDENT: Level.ROW,
    Condition.PUBLISHED: Level.ROW,
    Condition.PAYMENT_ROUTE: Level.ROW,
}
