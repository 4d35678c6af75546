"""Members and how they pay: who they are, where they live, and the cards and accounts they keep.

The first members stand for the people a demonstration needs; `gateway.sample.marketplace` says
what each is good for.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from gateway.demo.sample import words
from gateway.demo.sample.draws import Draws, moment, money, second, wheel
from gateway.demo.sample.words import Country

_FIRST_REGISTERED = second(2008)
_LAST_REGISTERED = second(2025)

_KINDS = wheel(BUYER=70, SUPPLIER=20, BOTH=10)

_FIRST_MEMBERS = (
    *(("BUYER", words.UNITED_STATES), ("SUPPLIER", words.CHINA), ("BUYER", words.GERMANY), ("BUYER", words.KAZAKHSTAN)),
    *(("BUYER", words.INDIA), ("BUYER", words.EMIRATES), ("BUYER", words.GREECE), ("BUYER", words.BRAZIL)),
    *(("BUYER", words.KOREA), ("BUYER", words.JAPAN), ("BUYER", words.FRANCE), ("BOTH", words.HONG_KONG)),
    *(("SUPPLIER", words.INDIA), ("BUYER", words.UKRAINE), ("BUYER", words.POLAND), ("BUYER", words.TURKEY)),
    *(("BUYER", words.VIETNAM), ("BOTH", words.MEXICO), ("SUPPLIER", words.ITALY), ("BUYER", words.NIGERIA)),
)
"""Kind and country of the members 1, 2, 3 and so on."""

FEWEST = len(_FIRST_MEMBERS)
"""How many members a sample has at least."""


class MemberRow(NamedTuple):
    """A row of `member`."""

    id: int
    name: str
    email: str
    phone: str | None
    fax: str | None
    address: str
    city: str
    country: str
    job_title: str | None
    kind: str
    registered_at: datetime
    password_hash: str

    @property
    def buys(self) -> bool:
        return self.kind != "SUPPLIER"

    @property
    def sells(self) -> bool:
        return self.kind != "BUYER"


class Means(NamedTuple):
    """What a member pays with."""

    card_number: str
    card_expiry: str
    bank_account: str


class PaymentProfileRow(NamedTuple):
    """A row of `payment_profile`."""

    id: int
    member_id: int
    card_number: str | None
    card_expiry: str | None
    bank_account: str | None
    billing_name: str
    billing_address: str
    billing_city: str
    credit_limit: Decimal | None


def members(count: int, seed: int) -> Iterator[MemberRow]:
    """Members in the order they registered in."""
    draws = Draws(seed, "member")
    for number in range(1, count + 1):
        kind, country = _first_or_drawn(draws, number)
        slot = (_LAST_REGISTERED - _FIRST_REGISTERED) // count
        registered = _FIRST_REGISTERED + slot * (number - 1) + draws.below(slot)
        yield _member(draws, number, kind, country, registered)


def _first_or_drawn(draws: Draws, number: int) -> tuple[str, Country]:
    return _FIRST_MEMBERS[number - 1] if number <= FEWEST else (draws.pick(_KINDS), draws.pick(words.COUNTRIES))


def _member(draws: Draws, number: int, kind: str, country: Country, registered: int) -> MemberRow:
    given, given_latin = draws.pick(country.script.given)
    family, family_latin = draws.pick(country.script.family)
    return MemberRow(
        id=number,
        name=country.script.pattern.format(given=given, family=family),
        email=f"{given_latin}.{family_latin}{number}@{draws.pick(words.MAIL_DOMAINS)}",
        phone=phone(draws, country) if number <= FEWEST or draws.happens(92) else None,
        fax=phone(draws, country) if draws.happens(20) else None,
        address=draws.pick(country.streets).format(draws.between(1, 250)),
        city=draws.pick(country.cities),
        country=country.code,
        job_title=draws.pick(words.JOB_TITLES) if draws.happens(85) else None,
        kind=kind,
        registered_at=moment(registered),
        password_hash=f"scrypt$16384$8$1${draws.below(1 << 48):012x}${draws.below(1 << 52):013x}",
    )


def phone(draws: Draws, country: Country) -> str:
    return f"+{country.phone} {draws.digits(3)} {draws.digits(3)} {draws.digits(3)}"


def means(people: Sequence[MemberRow], seed: int) -> list[Means]:
    """Each member's means, in the members' order."""
    draws = Draws(seed, "means")
    return [
        Means(
            card_number=card_number(draws),
            card_expiry=f"{draws.between(1, 12):02}/{draws.between(27, 34)}",
            bank_account=bank_account(draws, person.country),
        )
        for person in people
    ]


def card_number(draws: Draws) -> str:
    """A number that begins as test numbers do, and ends with the check digit of real ones (Luhn)."""
    number = "400000" + draws.digits(9) if draws.happens(60) else "555555" + draws.digits(9)
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in number[::2])
    return f"{number}{-(doubled + sum(map(int, number[1::2]))) % 10}"


def bank_account(draws: Draws, country: str) -> str:
    """An account number in the international form, its two check digits right (ISO 13616)."""
    account = draws.digits(8) + draws.digits(8)
    letters = "".join(str(ord(letter) - ord("A") + 10) for letter in country)
    return f"{country}{98 - int(f'{account}{letters}00') % 97:02}{account}"


def payment_profiles(people: Sequence[MemberRow], purses: Sequence[Means], seed: int) -> list[PaymentProfileRow]:
    """Seven in ten members, and the first two, have their means on file."""
    draws = Draws(seed, "payment_profile")
    profiles: list[PaymentProfileRow] = []
    for person, purse in zip(people, purses, strict=True):
        if draws.happens(70) or person.id <= 2:
            profiles.append(_payment_profile(draws, len(profiles) + 1, person, purse))
    return profiles


def _payment_profile(draws: Draws, number: int, person: MemberRow, purse: Means) -> PaymentProfileRow:
    has_card = draws.happens(80)
    return PaymentProfileRow(
        id=number,
        member_id=person.id,
        card_number=purse.card_number if has_card else None,
        card_expiry=purse.card_expiry if has_card else None,
        bank_account=purse.bank_account if not has_card or draws.happens(50) else None,
        billing_name=person.name,
        billing_address=person.address,
        billing_city=person.city,
        credit_limit=money(draws.between(1, 200) * 50_000) if draws.happens(60) else None,
    )
