"""The conditions a grant may set, each named by the phrase the policy file uses.

A condition is of the requester (it holds for the whole call), of the row, or of the data subject. Its SQL is made in
`resolvers.conditions`; every state it reads holds from its start until its end, by the database's clock.
"""

import enum

from schema.fields import Stored


class Condition(enum.StrEnum):
    SELF = "the subject is the requester"
    PARTY = "the requester is party to the order"
    TRADES_WITH_REQUESTER = "the subject shares an order with the requester that is not cancelled"
    CONTRACT = "a contract with the requester is in force and names the purpose"
    CASE = "a case of the subject is open with the requester"
    PAYMENT_ROUTE = "the payment runs through the requester and is not settled"
    CAMPAIGN_RESPONSE = "the subject responded to a campaign of the requester"
    NOT_OPTED_OUT = "the subject has not opted out of contact"
    SHARING_PERMITTED = "the subject permitted sharing with the requester"

    @property
    def scope(self) -> "Scope":
        return _SCOPES.get(self, Scope.SUBJECT)

    def can_hold(self, owner: Stored) -> bool:
        """Whether rows stored so have what the condition asks after; where not, it never holds."""
        match self:
            case Condition.CONTRACT:
                return True
            case Condition.PARTY:
                return bool(owner.parties)
            case Condition.PAYMENT_ROUTE:
                return owner.payment is not None
            case _:
                return bool(owner.subjects)


class Scope(enum.Enum):
    """What a condition is asked of."""

    REQUESTER = "requester"
    ROW = "row"
    SUBJECT = "subject"


_SCOPES = {
    Condition.CONTRACT: Scope.REQUESTER,
    Condition.PARTY: Scope.ROW,
    Condition.PAYMENT_ROUTE: Scope.ROW,
}
