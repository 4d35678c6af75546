"""Who asks at the rental, for what, and what it holds about renters."""

from schema.labels import Category, Form, Identifier, Nature
from schema.requester import Party, Purpose, Role


class Roles(Role):
    """Who asks."""

    VISITOR = "VISITOR", Party.PUBLIC
    RENTER = "RENTER", Party.MEMBER
    DESK = "DESK", Party.OWN
    WORKSHOP = "WORKSHOP", Party.THIRD_PARTY


class Purposes(Purpose):
    """What for."""

    BROWSING = "browsing"
    OWN_ACCOUNT = "own_account"
    RENTING_OUT = "renting_out"
    REPAIRING = "repairing"
    OVERSIGHT = "oversight"


class Categories(Category):
    """What the rental holds."""

    CONTACT = "CONTACT", "contact details"
    RENTALS = "RENTALS", "rentals"
    RANGE = "RANGE", "what can be rented", Nature.PUBLISHED


class Kinds(Identifier):
    """A kind of identifier that no other marketplace has."""

    LICENCE = "LICENCE", Form.SHORT_NUMBER, "driving licences"
