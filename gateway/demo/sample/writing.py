"""How members write: in which language, in which sentences, and what slips into them.

A slip is a way to reach or to pay somebody, left where it should not be, in one of the forms people use.
"""

from collections.abc import Sequence
from typing import NamedTuple

from gateway.demo.sample import people, phrases, words
from gateway.demo.sample.draws import Draws
from gateway.demo.sample.people import MemberRow
from gateway.demo.sample.phrases import Language

_IN_OWN_LANGUAGE = 40

_COUNTRIES = {country.code: country for country in words.COUNTRIES}
_LANGUAGES = {code: language for language in phrases.LANGUAGES for code in language.countries}
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


class Reach(NamedTuple):
    """How somebody is reached and, where they might tell it, what they pay with."""

    email: str
    phone: str
    card: str = ""
    account: str = ""


def reached(draws: Draws, member: MemberRow) -> Reach:
    return Reach(member.email, member.phone or people.phone(draws, _COUNTRIES[member.country]))


def slip(draws: Draws, patterns: Sequence[str], reach: Reach) -> str:
    """One of the patterns, with somebody's own particulars in it."""
    national = "0" + reach.phone.partition(" ")[2]
    return draws.pick(patterns).format(
        email=reach.email,
        phone=reach.phone,
        national=national,
        wide=national.replace(" ", "").translate(_FULL_WIDTH),
        handle=f"{draws.pick(words.BRANDS).lower().replace(' ', '_')}{draws.between(10, 9999)}",
        digits=draws.digits(9),
        card=reach.card,
        spaced=" ".join(reach.card[place : place + 4] for place in range(0, len(reach.card), 4)),
        account=reach.account,
    )


def language_of(draws: Draws, member: MemberRow) -> Language:
    """The language a member writes in: at times the country's own."""
    own = _LANGUAGES.get(member.country)
    return own if own and draws.happens(_IN_OWN_LANGUAGE) else phrases.ENGLISH


def said(draws: Draws, sentences: tuple[str, ...], gap: str = " ") -> str:
    """One or two different sentences in a row."""
    start, length = draws.below(len(sentences)), draws.between(1, 2)
    return gap.join(sentences[(start + step) % len(sentences)] for step in range(length))
