"""The policy file: what it says is all there is to it, and every mistake in it is reported with its line."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import pytest

from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Purposes, Roles
from schema.policy.grants import BreadthLimit, Policy
from schema.policy.policy_file import PolicyError, limited_roles, load_policy, named, parse_policy
from schema.requester import Purpose

TEXT = MARKETPLACE.first_policy.read_text("utf-8")


def test_every_policy_that_veil_carries_is_sound(catalog: Catalog) -> None:
    files = sorted(MARKETPLACE.policies.glob("*.toml"))
    assert files
    assert [load_policy(file, catalog).version for file in files] == [file.stem for file in files]


def test_a_role_requires_the_kind_of_organisation_the_file_says(catalog: Catalog) -> None:
    parties = load_policy(catalog.marketplace.first_policy, catalog).role_descriptions
    assert {role for role, party in parties.items() if party.requires_organisation} == {
        role for role in Roles if role.is_third_party
    }
    assert {party.requires_organisation for party in parties.values() if party.requires_organisation} < set(
        MARKETPLACE.organisation_kinds
    )
    assert parties[Roles.BANK].requires_organisation == "BANK"
    assert parties[Roles.BANK].description == "a bank"


def test_a_role_is_limited_in_breadth_as_the_file_says(catalog: Catalog) -> None:
    """Whoever is over it is reported alone, unless the file says otherwise."""
    limited = TEXT.replace(BANK, f"{BANK}breadth = {{ persons = 5 }}\n")
    assert parse_policy(limited, "x", catalog).role_descriptions[Roles.BANK].breadth == BreadthLimit(
        persons=5, refuses=False
    )
    assert "BANK" in limited_roles(limited)
    assert limited_roles("[role") == limited_roles("") == ()


# Mistakes, one at a time.


class Mistake(NamedTuple):
    """What is written instead of what, where the error points (a line of the wrong file), and what it says."""

    instead_of: str
    written: str
    line: str
    message: str


G1_SEES = 'who = ["PUBLIC", "MEMBER"]\nfor = ["public_browsing"]\nsees = ["PUBLISHING"]'
G24_SEES = 'sees = ["Member.name", "Member.email", "Member.country"]'
OTHERS = 'other_categories = ["COMPLAINTS", "ACCESS_LOG", "CHOICES", "PAPERS"]'
G13B_WHEN = 'when = ["the subject has not opted out of contact"]'
WITHOUT = 'without = ["PaymentProfile.creditLimit"]'
G23 = f'for = ["credit_assessment"]\nsees = ["PAYMENT"]\n{WITHOUT}\nidentifiers = "PARTIAL"\n'
G18_SEES = 'id = "G18"\nwho = ["PLATFORM"]\nfor = ["diagnostics"]\nsees = ["STATISTICAL"]'
BANK = 'is = "a bank"\n'
FIGURES = 'figures_about = ["ACCOUNT_ACTIVITIES", "STATISTICAL", "BUYER"]'
LAST = 'for = ["agreement_enforcement"]\nmay_edit = ["Complaint.publishedAt"]\nbecause = ["D1"]\n'


def another(grant: str) -> tuple[str, str]:
    """A grant more, at the end of the file."""
    return LAST, f'{LAST}\n[[grant]]\nid = "G99"\n{grant}\nbecause = ["U1"]\n'


MARKETING = 'who = ["PLATFORM"]\nfor = ["marketing"]\nsees = ["MarketingContact.email"]\n'
ANALYSIS = 'who = ["PLATFORM"]\nfor = ["statistical_analysis"]\n'

MISTAKES = {
    "a clause that is not there": Mistake(
        'because = ["U21"]', 'because = ["U99"]', 'because = ["U99"]', "grant G26a · because: `U99` is not known here"
    ),
    "a grant twice": Mistake('id = "G2"', 'id = "G1"', 'id = "G1"', "grant G1 · id: this id is used twice"),
    "a clause twice": Mistake('id = "C2"', 'id = "C1"', 'id = "C1"', "clause C1 · id: this id is used twice"),
    "a role nobody knows": Mistake(
        "[role.BANK]", "[role.BANKER]", "[role.BANKER]", "role BANKER: `BANKER` is not known here"
    ),
    "a purpose nobody knows": Mistake(
        'may_ask_for = ["business_transfer"]',
        'may_ask_for = ["curiosity"]',
        'may_ask_for = ["curiosity"]',
        "role ACQUIRER · may_ask_for: `curiosity` is not known here; it must be one of",
    ),
    "a category nobody knows": Mistake(
        G1_SEES, G1_SEES.replace("PUBLISHING", "SECRETS"), 'sees = ["SECRETS"]', "`COLLECTED`, `COMPLAINTS`"
    ),
    "a field that is not there": Mistake(
        G24_SEES,
        G24_SEES.replace("Member.country", "Member.profit"),
        'sees = ["Member.name", "Member.email", "Member.profit"]',
        "grant G24 · sees: there is no field `Member.profit`",
    ),
    "a field taken out that is not in": Mistake(
        G23,
        G23.replace(WITHOUT, 'without = ["Member.city"]'),
        'without = ["Member.city"]',
        "grant G23 · without: `Member.city` is in no category that the grant sees; take it out",
    ),
    "a condition nobody knows": Mistake(
        'when = ["the complaint is published"]',
        'when = ["the complaint is juicy"]',
        'when = ["the complaint is juicy"]',
        "grant G2 · when: `the complaint is juicy` is not known here",
    ),
    "an identifier nobody knows": Mistake(
        'except = { FREE_TEXT = "PARTIAL" }',
        'except = { SHOE_SIZE = "PARTIAL" }',
        'except = { SHOE_SIZE = "PARTIAL" }',
        "grant G1 · except: `SHOE_SIZE` is not known here",
    ),
    "a treatment nobody knows": Mistake(
        'except = { FREE_TEXT = "PARTIAL" }',
        'except = { FREE_TEXT = "BLURRED" }',
        'except = { FREE_TEXT = "BLURRED" }',
        "`BLURRED` is not known here; it must be one of `HIDDEN`, `PARTIAL`, `PLAIN`, `TOKEN`",
    ),
    "a key nobody knows": Mistake(
        'is = "a bank"', 'is = "a bank"\nsince = 1999', "since = 1999", "role BANK · since: this key is not known"
    ),
    "a key that is missing": Mistake('is = "a bank"\n', "", "[role.BANK]", "role BANK: the key `is` is missing"),
    "what is seen, but not how": Mistake(
        'sees = ["PUBLISHING"]\nidentifiers = "HIDDEN"\n',
        'sees = ["PUBLISHING"]\n',
        'sees = ["PUBLISHING"]',
        "grant G1 · sees: `sees` needs `identifiers`, and `identifiers` needs `sees`",
    ),
    # Organisations.
    "an organisation of a kind there is none of": Mistake(
        'stands_on = "BANK"',
        'stands_on = "BAKERY"',
        'stands_on = "BAKERY"',
        "role BANK · stands_on: `BAKERY` is not known here; it must be one of `ACQUIRER`, `ADVERTISER`, `AFFILIATE`",
    ),
    "a role that requires an organisation, of no kind": Mistake(
        'stands_on = "BANK"\n', "", "[role.BANK]", "role BANK: `BANK` requires an organisation: say of which kind"
    ),
    "an organisation for a role that requires none": Mistake(
        'is = "a registered member"',
        'is = "a registered member"\nstands_on = "PARTNER"',
        'stands_on = "PARTNER"',
        "role MEMBER · stands_on: `MEMBER` requires no organisation",
    ),
    # Nothing granted.
    "a purpose that gives nothing": Mistake(
        'may_ask_for = ["transaction_completion"]',
        'may_ask_for = ["transaction_completion", "campaign"]',
        'may_ask_for = ["transaction_completion", "campaign"]',
        "role PAYMENT_VENDOR · may_ask_for: no grant shows `PAYMENT_VENDOR` anything for `campaign`",
    ),
    "a grant of nothing": Mistake(*another(ANALYSIS), "[[grant]]", "grant G99: it shows nothing; say what it `sees`"),
    "a third party that changes": Mistake(
        *another('who = ["ADVERTISER"]\nfor = ["campaign"]\nmay_edit = ["REGISTRATION"]'),
        'may_edit = ["REGISTRATION"]',
        "grant G99 · may_edit: `ADVERTISER` is a third party, and no third party changes anything",
    ),
    "a change of what is nobody's": Mistake(
        *another('who = ["PLATFORM"]\nfor = ["marketing"]\nmay_edit = ["OPEN"]'),
        'may_edit = ["OPEN"]',
        "grant G99 · may_edit: `OPEN` fields are about nobody",
    ),
    "a change that no mutation makes": Mistake(
        *another('who = ["PLATFORM"]\nfor = ["marketing"]\nmay_edit = ["STATISTICAL"]'),
        'may_edit = ["STATISTICAL"]',
        "grant G99 · may_edit: nothing of `STATISTICAL` can be changed so",
    ),
    "a change of a field that no mutation makes": Mistake(
        *another('who = ["PLATFORM"]\nfor = ["marketing"]\nmay_choose = ["Member.name"]'),
        'may_choose = ["Member.name"]',
        "grant G99 · may_choose: `Member.name` cannot be changed so",
    ),
    "a change under a condition that its rows do not have": Mistake(
        *another(
            'who = ["MEMBER"]\nfor = ["member_trading"]\nmay_edit = ["REGISTRATION"]\n'
            'when = ["the requester is party to the order"]'
        ),
        'may_edit = ["REGISTRATION"]',
        "grant G99 · may_edit: nothing of `REGISTRATION` can be changed so when these conditions hold",
    ),
    "a grant to nobody": Mistake(
        *another('who = []\nfor = ["marketing"]\nsees = ["BUYER"]\nidentifiers = "TOKEN"'),
        "[[grant]]",
        "grant G99: it shows nothing to anybody",
    ),
    "a grant for what its role may not ask for": Mistake(
        'for = ["diagnostics"]',
        'for = ["diagnostics", "self_service"]',
        'for = ["diagnostics", "self_service"]',
        "grant G18 · for: `PLATFORM` may not ask for `self_service`; it may for `account_service`",
    ),
    "a condition that never holds": Mistake(
        *another(
            ANALYSIS + 'sees = ["MARKETING"]\nidentifiers = "TOKEN"\nwhen = ["the requester is party to the order"]'
        ),
        'when = ["the requester is party to the order"]',
        "grant G99 · when: these conditions never hold for what it `sees`",
    ),
    "figures there are not": Mistake(
        FIGURES,
        FIGURES.replace("BUYER", "PAYMENT"),
        FIGURES.replace("BUYER", "PAYMENT"),
        "there are no figures about `PAYMENT`, only about `ACCOUNT_ACTIVITIES`, `BUYER`, `STATISTICAL`",
    ),
    "figures on a condition": Mistake(
        FIGURES,
        f'{FIGURES}\nwhen = ["the subject accepted cookies"]',
        FIGURES,
        "grant G27 · figures_about: figures are about all members",
    ),
    "what is open anyway": Mistake(
        G1_SEES,
        G1_SEES.replace('"PUBLISHING"', '"PUBLISHING", "OPEN"'),
        'sees = ["PUBLISHING", "OPEN"]',
        "`OPEN` fields are plain",
    ),
    # Grants that meet.
    "a category twice, otherwise": Mistake(
        *another(ANALYSIS + 'sees = ["STATISTICAL"]\nidentifiers = "PLAIN"'),
        'sees = ["STATISTICAL"]',
        "grant G99 · sees: `Visit.id` is PLAIN here and TOKEN in `G14a`, under the same conditions; it is unclear which",
    ),
    "a category twice, alike": Mistake(
        *another(ANALYSIS + 'sees = ["STATISTICAL"]\nidentifiers = "TOKEN"'),
        'sees = ["STATISTICAL"]',
        "grant G99 · sees: `G14a` shows `STATISTICAL` already, under the same conditions; say it once",
    ),
    "a field twice, otherwise": Mistake(
        *another(MARKETING + 'identifiers = "PARTIAL"\n' + G13B_WHEN),
        'sees = ["MarketingContact.email"]',
        "`MarketingContact.email` is PARTIAL here and PLAIN in `G13b`",
    ),
    "a field twice, alike": Mistake(
        *another(MARKETING + 'identifiers = "PLAIN"\n' + G13B_WHEN),
        'sees = ["MarketingContact.email"]',
        "`G13b` shows `MarketingContact.email` already",
    ),
    "a field shown no further than its category": Mistake(
        *another(ANALYSIS + 'sees = ["MarketingContact.email"]\nidentifiers = "TOKEN"'),
        'sees = ["MarketingContact.email"]',
        "grant G99 · sees: `G14a` shows `MarketingContact.email` as openly or more",
    ),
    "figures twice": Mistake(
        *another('who = ["PUBLIC"]\nfor = ["aggregate_sharing"]\nfigures_about = ["BUYER"]'),
        'figures_about = ["BUYER"]',
        "grant G99 · figures_about: `G27` shows `BUYER` already",
    ),
    # What no list names.
    "a category that is listed and that nobody knows": Mistake(
        OTHERS,
        OTHERS.replace("CHOICES", "SECRETS"),
        "other_categories",
        "other_categories: `SECRETS` is not known here",
    ),
    "an identifier that is listed and that nobody knows": Mistake(
        '    "ROW_ID",\n', '    "SHOE_SIZE",\n', "identifiers", "policy · identifiers: `SHOE_SIZE` is not known here"
    ),
    "a category in both lists": Mistake(
        OTHERS,
        OTHERS.replace("CHOICES", "BUYER"),
        "other_categories",
        "`BUYER` is in `collected` already; list it once",
    ),
    "a word listed twice": Mistake(
        OTHERS, OTHERS.replace("CHOICES", "COMPLAINTS"), "other_categories", "`COMPLAINTS` is listed twice"
    ),
    "what is open, listed": Mistake(
        OTHERS, OTHERS.replace("CHOICES", "OPEN"), "other_categories", "`OPEN` fields are plain for everybody"
    ),
    "no list of categories": Mistake(OTHERS, "", "#", "policy: the key `other_categories` is missing"),
    # What nobody may ever grant.
    "a password": Mistake(
        G24_SEES,
        G24_SEES.replace("Member.email", "Member.passwordHash"),
        'sees = ["Member.name", "Member.passwordHash", "Member.country"]',
        "grant G24 · sees: `Member.passwordHash`: nobody is ever shown a password",
    ),
    "whole cards of all payments": Mistake(
        'identifiers = "PLAIN"\nexcept = { CARD_NUMBER = "PARTIAL" }\nwhen = ["the subject has an account',
        'identifiers = "PLAIN"\nwhen = ["the subject has an account',
        'identifiers = "PLAIN"',
        "grant G19a · identifiers: for `affiliate_sharing` no card number is shown whole, but only for `court_order`,"
        " `transaction_completion`",
    ),
    "a whole card, named singly": Mistake(
        *another(ANALYSIS + 'sees = ["Payment.cardNumber"]\nidentifiers = "PLAIN"'),
        'identifiers = "PLAIN"',
        "grant G99 · identifiers: for `statistical_analysis` no card number is shown whole",
    ),
    "whole cards as an exception": Mistake(
        f'{G23}except = {{ NAME = "PLAIN" }}',
        f'{G23}except = {{ NAME = "PLAIN", CARD_NUMBER = "PLAIN" }}',
        'identifiers = "PARTIAL"',
        "grant G23 · identifiers: for `credit_assessment` no card number",
    ),
    "whole cards of payments that run elsewhere": Mistake(
        'when = ["the payment runs through the requester and is not settled"]\n',
        "",
        'identifiers = "PLAIN"',
        'grant G22 · identifiers: a card number is shown whole only `when` "the payment runs through the requester',
    ),
    # Limits in breadth.
    "a limit for nobody known": Mistake(
        'is = "nobody known"\n',
        'is = "nobody known"\nbreadth = { persons = 5 }\n',
        "breadth = {",
        "role PUBLIC · breadth: nobody knows who asks as `PUBLIC`",
    ),
    "a limit that is no table": Mistake(
        BANK, f"{BANK}breadth = 500\n", "breadth = 500", "role BANK · breadth: keys are expected, like { persons = 500"
    ),
    "a limit of nobody": Mistake(
        BANK, f"{BANK}breadth = {{ persons = 0 }}\n", "breadth = {", "`persons` is a number from 1 to 1,000,000,000"
    ),
    "a limit of a fraction": Mistake(
        BANK,
        f"{BANK}breadth = {{ persons = 1.5 }}\n",
        "breadth = {",
        "breadth: for `persons` a whole number is expected",
    ),
    "a limit without a number": Mistake(
        BANK,
        f"{BANK}breadth = {{ refuse = true }}\n",
        "breadth = {",
        "role BANK · breadth: the key `persons` is missing",
    ),
    "a limit with a word for yes": Mistake(
        BANK,
        f'{BANK}breadth = {{ persons = 5, refuse = "yes" }}\n',
        "breadth = {",
        "role BANK · breadth: for `refuse` true or false is expected",
    ),
    # What is no policy at all.
    "another kind of value": Mistake("epoch = 1 ", "epoch = true ", "epoch = true ", "policy · epoch: a whole number"),
    "a moment for a date": Mistake(
        "effective_from = 2012-06-11",
        "effective_from = 2012-06-11T00:00:00Z",
        "effective_from = 2012-06-11T00:00:00Z",
        "policy · effective_from: a date like 2012-06-11 is expected",
    ),
    "a version that would not fit a header": Mistake(
        'version = "2012-06-11"', "version = '2012\"'", "version = '2012\"'", "policy · version: a version is up to 64"
    ),
    "no TOML": Mistake('is = "a bank"', 'is = "a bank', 'is = "a bank', "this is not TOML"),
    "TOML that does not end": Mistake(LAST, LAST.replace('"D1"]', '"D1"'), 'because = ["D1"', "not TOML"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_reported_with_its_line(name: str, catalog: Catalog) -> None:
    mistake = MISTAKES[name]
    assert mistake.instead_of in TEXT
    before, _, after = TEXT.partition(mistake.instead_of)
    wrong = f"{before}{mistake.written}{after}"
    with pytest.raises(PolicyError) as caught:
        parse_policy(wrong, "wrong.toml", catalog)
    place, _, problem = str(caught.value).partition(": ")
    assert mistake.message in problem
    file, _, line = place.partition(":")
    assert (file, wrong.splitlines()[int(line) - 1][: len(mistake.line)]) == ("wrong.toml", mistake.line)
    assert nearby(wrong, int(line), len(before), len(mistake.written)), "a line of another entry"


ELSEWHERE = {
    "a role that is not described": (
        '[role.CLAIMANT]\nis = "a party harmed by a breach"\nstands_on = "CLAIMANT"\nmay_ask_for = ["breach_disclosure"]\n',
        'who = ["AUTHORITY", "CLAIMANT"]',
        "grant G30 · who: `CLAIMANT` is not described; add `[role.CLAIMANT]`",
    ),
    "a category that is in no list": (
        ', "CHOICES", "PAPERS"]\n',
        'sees = ["CHOICES"]',
        "grant G35a · sees: `CHOICES` is in no list; add it to `collected` or `other_categories`",
    ),
    "a field of a category that is in no list": (
        '    "BUYER",\n',
        "sees = [",
        "grant G8 · sees: `BuyerBehaviour.ordersPerYear` is hidden: its category `BUYER` is in no list",
    ),
    "an exception of a kind that is in no list": (
        '    "EMAIL",\n',
        'except = { NAME = "PLAIN", EMAIL = "PLAIN"',
        "grant G5 · except: `EMAIL` is not known here; it must be one of `AMOUNT`",
    ),
    "figures about a category that is in no list": (
        '    "STATISTICAL",\n',
        'sees = ["PAYMENT", "STATISTICAL"]',
        "grant G11 · sees: `STATISTICAL` is in no list",
    ),
}
"""What is left out, and where that is missed: the line, and what the error says."""


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_left_out_is_reported_where_it_is_missed(name: str, catalog: Catalog) -> None:
    left_out, line, message = ELSEWHERE[name]
    text = TEXT.replace(left_out, "]\n" if left_out.endswith("]\n") and left_out.startswith(",") else "", 1)
    assert text != TEXT
    with pytest.raises(PolicyError) as caught:
        parse_policy(text, "wrong.toml", catalog)
    place, _, problem = str(caught.value).partition(": ")
    assert message in problem
    assert text.splitlines()[int(place.partition(":")[2]) - 1].startswith(line)


def test_a_field_of_a_kind_that_is_in_no_list_is_not_granted(catalog: Catalog) -> None:
    instead_of, written = another(ANALYSIS + 'sees = ["Visit.ipAddress"]\nidentifiers = "PARTIAL"')
    with pytest.raises(PolicyError, match=r"G99 · sees: `Visit\.ipAddress` is hidden: its kind `IP_ADDRESS` is not in"):
        parse_policy(TEXT.replace('    "IP_ADDRESS",\n', "").replace(instead_of, written), "new.toml", catalog)


def nearby(text: str, line: int, start: int, length: int) -> bool:
    """Whether a line is of the entry that was written, or stands at the top of the file."""
    first = text[:start].count("\n") + 1
    last = text[: start + length].count("\n") + 1
    return line == 1 or first - 6 <= line <= last + 6


def test_what_a_file_that_is_none_of_ours_says_stays_in_the_file(catalog: Catalog) -> None:
    """A grant may be narrower than its category under other conditions, or wider under the same: neither is a mistake."""
    narrower = another(
        ANALYSIS + 'sees = ["STATISTICAL"]\nidentifiers = "PLAIN"\nwhen = ["the subject accepted cookies"]'
    )
    wider = another(ANALYSIS + 'sees = ["Visit.ipAddress"]\nidentifiers = "PARTIAL"')
    for instead_of, written in (narrower, wider):
        assert isinstance(parse_policy(TEXT.replace(instead_of, written), "good.toml", catalog), Policy)


# Values nobody thought of.

ODD: Sequence[Any] = (5, -1, True, 1.5, "", "x", [], [5], ["x"], [[]], {}, {"x": 5}, {"x": {}}, date(2012, 6, 11))


def mutated(content: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The content with one value of each kind of entry put in place by something odd, or left out."""
    places = [(), ("clause", 0), ("role", "BANK"), ("role", "MEMBER"), ("grant", 0), ("grant", 23)]
    for place in (*places, ("clause",), ("role",), ("grant",)):
        at: Any = content
        for step in place:
            at = at[step]
        for key in list(at) if isinstance(at, dict) else range(1):
            was = at[key]
            for odd in ODD:
                at[key] = odd
                yield f"{place} {key} {odd!r}", content
            at[key] = was


def toml(value: object) -> str:
    match value:
        case dict():
            return "{ " + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + " }"
        case list():
            return f"[{', '.join(toml(each) for each in value)}]"
        case date() | datetime():
            return value.isoformat()
        case _:
            return json.dumps(value, ensure_ascii=False)


def test_every_file_is_a_policy_or_a_mistake_that_is_reported(catalog: Catalog) -> None:
    content = tomllib.loads(TEXT)
    content["clause"] = content["clause"][:3] + [each for each in content["clause"] if each["id"] in cited(content)]
    problems: dict[str, str] = {}
    for place, wrong in mutated(content):
        text = "\n".join(f"{key} = {toml(value)}" for key, value in wrong.items())
        try:
            parse_policy(text, "odd.toml", catalog)
        except PolicyError as error:
            problems[place] = str(error)
    assert len(problems) > 200
    assert [place for place, problem in problems.items() if not problem.startswith("odd.toml:")] == []


def cited(content: Mapping[str, Any]) -> set[str]:
    return {clause for grant in content["grant"] for clause in grant["because"]} - {"C1", "C2", "C3"}


def test_a_file_that_is_not_there_or_not_text_is_reported(tmp_path: Any, catalog: Catalog) -> None:
    with pytest.raises(PolicyError, match=r"there is no policy `2011`; give the path of a \.toml file or one of"):
        named("2011", MARKETPLACE)
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match=r"mine\.toml: the file is not text in UTF-8"):
        load_policy(file, catalog)
    with pytest.raises(PolicyError, match=r"other\.toml: the file cannot be read \(FileNotFoundError\)"):
        load_policy(tmp_path / "other.toml", catalog)


def test_every_role_and_purpose_there_is_is_in_the_policy(catalog: Catalog) -> None:
    roles = load_policy(catalog.marketplace.first_policy, catalog).roles
    assert set(roles) == set(Roles)
    assert frozenset[Purpose]().union(*roles.values()) == set(Purposes)
