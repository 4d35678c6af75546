"""The labels of a field: its category of information, and the kind of identifier it holds.

The terms are the policy's. A label does not say who may see a field: the policy does.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import strawberry
from strawberry.schema_directive import Location


class Nature(enum.Enum):
    """What a category is to the machine."""

    HELD = "what is held about somebody"
    PUBLISHED = "what somebody publishes, or what is published about them"
    OPEN = "data about nobody: shown to everybody as stored"
    ACCESS_LOG = "records of who has seen what"
    UNDECIDED = "nobody has decided yet; it stops the start"


class Category(enum.StrEnum):
    """A category of information. Each marketplace has its own: a subclass whose members say what they are called."""

    words: str
    """In words, within a sentence."""
    nature: Nature

    def __new__(cls, value: str, words: str, nature: Nature = Nature.HELD) -> Self:
        made = str.__new__(cls, value)
        made._value_ = value
        made.words = words
        made.nature = nature
        return made

    @property
    def is_open(self) -> bool:
        return self.nature is Nature.OPEN

    @property
    def is_public(self) -> bool:
        """Whether it is published, or about nobody."""
        return self.nature in (Nature.OPEN, Nature.PUBLISHED)


class OwnCategories(Category):
    """The categories of every marketplace."""

    OPEN = "OPEN", "what is about nobody", Nature.OPEN
    ACCESS_LOG = "ACCESS_LOG", "the access log", Nature.ACCESS_LOG


class Form(enum.Enum):
    """The forms of identifiers that there is a mask for."""

    ID = "the id of a row"
    NAME = "the name of a person"
    EMAIL = "an e-mail address"
    PHONE = "a phone number"
    POSTAL_ADDRESS = "a postal address, with a city in another column"
    IP_ADDRESS = "a network address"
    OPAQUE = "a text without parts, such as a cookie"
    CARD_NUMBER = "the number of a card"
    ACCOUNT_NUMBER = "the number of an account: capitals and digits"
    SHORT_NUMBER = "a shorter number of capitals and digits"
    FREE_TEXT = "text that may hold any of the others"
    TIME = "an exact time"
    AMOUNT = "an exact amount"
    DETAIL = "a detail, whole or hidden"


_COINCIDENTAL_FORMS = frozenset({Form.TIME, Form.AMOUNT, Form.DETAIL})


class Identifier(enum.StrEnum):
    """A kind of identifier. A marketplace may have its own beside the standard ones: a subclass whose members have a form."""

    form: Form
    words: str
    """Of several, in words, within a sentence."""

    def __new__(cls, value: str, form: Form, words: str) -> Self:
        made = str.__new__(cls, value)
        made._value_ = value
        made.form = form
        made.words = words
        return made

    @property
    def is_coincidental(self) -> bool:
        """Whether it identifies by coincidence, beside facts that are public or that others hold."""
        return self.form in _COINCIDENTAL_FORMS


class Identifiers(Identifier):
    """The standard kinds."""

    MEMBER_ID = "MEMBER_ID", Form.ID, "members' ids"
    ROW_ID = "ROW_ID", Form.ID, "other ids"
    NAME = "NAME", Form.NAME, "names"
    EMAIL = "EMAIL", Form.EMAIL, "e-mail addresses"
    PHONE = "PHONE", Form.PHONE, "phone numbers"
    POSTAL_ADDRESS = "POSTAL_ADDRESS", Form.POSTAL_ADDRESS, "postal addresses"
    IP_ADDRESS = "IP_ADDRESS", Form.IP_ADDRESS, "network addresses"
    COOKIE = "COOKIE", Form.OPAQUE, "cookies"
    CARD_NUMBER = "CARD_NUMBER", Form.CARD_NUMBER, "card numbers"
    BANK_ACCOUNT = "BANK_ACCOUNT", Form.ACCOUNT_NUMBER, "bank accounts"
    TRACKING_NUMBER = "TRACKING_NUMBER", Form.SHORT_NUMBER, "tracking numbers"
    FREE_TEXT = "FREE_TEXT", Form.FREE_TEXT, "free texts"
    MOMENT = "MOMENT", Form.TIME, "exact times"
    AMOUNT = "AMOUNT", Form.AMOUNT, "exact amounts"
    DETAIL = "DETAIL", Form.DETAIL, "details of what was bought or looked at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A field's category and, where it holds one, the kind of its identifier."""

    category: Category
    identifier: Identifier | None = None
    also: Identifier | None = None
    """A second kind. Of the two treatments the less revealing one applies."""

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        return tuple(kind for kind in (self.identifier, self.also) if kind)

    @property
    def form(self) -> Form | None:
        """The form of its identifier, of the first if it has two."""
        return self.identifier.form if self.identifier else None

    def is_a(self, *forms: Form) -> bool:
        """Whether that is one of these."""
        return self.form in forms


def of_somebody(categories: Iterable[Category]) -> frozenset[Category]:
    """Those that are about somebody or, where there are none, all of them."""
    found = frozenset(categories)
    return frozenset(category for category in found if not category.is_open) or found


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION], name="data", description="The label of a field: what the policy decides by."
)
class Data:
    category: str
    identifier: str | None = strawberry.UNSET
    also: str | None = strawberry.UNSET
