"""An upgrade without downtime: new code under the old policy, old code under the new one, and back again.

First the code is replaced, gateway by gateway, and then the new policy is put in force. What either does not know of the
other gives nothing, and everybody else is answered as before.
"""

import dataclasses
import functools
import logging
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.demo.development import DevelopmentKey
from gateway.policy import in_force
from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Purposes, Roles
from schema.policy.policy_file import PolicyError, parse_policy, parse_policy_in_force
from tests.conftest import ADVERTISER, PUBLIC, STAFF, Asking, Requesting, Serving, run, settings_for
from tests.gateway.policy.test_in_force import FIRST, QUESTIONS, Outcome, activate, asked_under, outcome

TEXT = MARKETPLACE.first_policy.read_text("utf-8")
LATER, EARLIER = "2098-01-01", "2011-01-01"
OTHERS = 'other_categories = ["COMPLAINTS", "ACCESS_LOG", "CHOICES", "PAPERS"]'

NEWER = (
    # Words for what exists already, among those that this Veil knows.
    (f'version = "{FIRST}"', f'version = "{LATER}"'),
    (OTHERS, OTHERS.replace('"CHOICES"', '"CHOICES", "COORDINATES"')),
    ('    "COOKIE",\n', '    "COOKIE",\n    "VAT_NUMBER",\n'),
    ('except = { FREE_TEXT = "PARTIAL" }', 'except = { FREE_TEXT = "PARTIAL", VAT_NUMBER = "PLAIN" }'),
    ('may_ask_for = ["campaign", ', 'may_ask_for = ["campaign", "delivery", '),
    (
        'who = ["ADVERTISER"]\nfor = ["campaign"]\nsees = [',
        'who = ["ADVERTISER", "COURIER"]\nfor = ["campaign"]\nsees = [',
    ),
    ('for = ["campaign"]\n', 'for = ["campaign", "delivery"]\n'),
    ('sees = ["PAYMENT", "STATISTICAL"]', 'sees = ["PAYMENT", "COORDINATES", "STATISTICAL", "Parcel.weight"]'),
    (
        "[role.PRIVACY_OFFICER]",
        (
            '[role.COURIER]\nis = "a courier"\nstands_on = "COURIER"\nmay_ask_for = ["delivery", "campaign"]\n\n'
            "[role.PRIVACY_OFFICER]"
        ),
    ),
    # A grant under a condition that it does not know.
    (
        "# An advertiser sees who",
        (
            '[[grant]]\nid = "G99"\nwho = ["ADVERTISER"]\nfor = ["campaign"]\nsees = ["REGISTRATION"]\nidentifiers = "PLAIN"\n'
            'when = ["a parcel of the subject is with the requester"]\nbecause = ["U8"]\n\n# An advertiser sees who'
        ),
    ),
)
"""What a later Veil and its policy know more."""

OLDER = (
    (f'version = "{FIRST}"', f'version = "{EARLIER}"'),
    ("effective_from = 2012-06-11", "effective_from = 2011-01-01"),
    (
        '[role.CLAIMANT]\nis = "a party harmed by a breach"\nstands_on = "CLAIMANT"\nmay_ask_for = ["breach_disclosure"]\n',
        "",
    ),
    ('who = ["AUTHORITY", "CLAIMANT"]', 'who = ["AUTHORITY"]'),
    ('may_ask_for = ["partner_tracking", "aggregate_sharing"', 'may_ask_for = ["aggregate_sharing"'),
    ('    "COOKIE",\n', ""),
    ('    "PERSONAL",\n', ""),  # where categories are listed, and where a grant lists all but one
    ('    "PERSONAL",\n', ""),
    ('    "PERSONAL",\n', ""),
    ('"ACCOUNT_ACTIVITIES", "PERSONAL", "BUYER"]', '"ACCOUNT_ACTIVITIES", "BUYER"]'),
    ('sees = ["REGISTRATION", "ACCOUNT_ACTIVITIES", "PERSONAL"]', 'sees = ["REGISTRATION", "ACCOUNT_ACTIVITIES"]'),
)
"""What an earlier policy does not know: a role, a purpose, a category and a kind of identifiers."""


def changed(text: str, replaced: Sequence[tuple[str, str]]) -> str:
    for old, new in replaced:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def without_grant(text: str, grant: str) -> str:
    before, _, after = text.partition(f'[[grant]]\nid = "{grant}"')
    return before + after[after.index("[[grant]]") :]


REACHED = "{ members(first: 1) { nodes { name } } }"
NEW_POLICY = changed(TEXT, NEWER)
OLD_POLICY = changed(functools.reduce(without_grant, ("G7", "G9", "G25a", "G25b"), TEXT), OLDER)


@dataclasses.dataclass(frozen=True, slots=True)
class Served:
    """A gateway over a database of its own."""

    asking: Asking
    url: str

    def outcomes(self, version: str) -> Sequence[Outcome]:
        """What becomes of the questions under a version; the last of them is about the version itself."""
        return [outcome(asked_under(self.asking, each, version)) for each in QUESTIONS[:-1]]


@pytest.fixture
def served(own_market_url: str, key: DevelopmentKey, key_file: Path) -> Generator[Served]:
    with ExitStack() as stack:
        settings = settings_for(own_market_url, key_file)
        asking = Asking(stack.enter_context(Serving(settings)), key, own_market_url)
        yield Served(asking, own_market_url)
        asking.client.close()


def put_in_force(url: str, version: str, content: str) -> None:
    """As a Veil does that knows all of it."""
    insert = """
        insert into veil.policy_activation (version, digest, content, activated_by)
        values ($1, encode(sha256(convert_to($2, 'UTF8')), 'hex'), $2, 'another Veil')"""
    run(url, lambda connection: connection.execute(insert, version, content))


def test_old_code_under_a_new_policy_answers_those_it_knows_as_before(
    served: Served, catalog: Catalog, caplog: pytest.LogCaptureFixture
) -> None:
    """It stays ready, and the log names once what it does not know. Going back changes nothing either."""
    before = served.outcomes(FIRST)
    with caplog.at_level(logging.WARNING, logger="gateway.policy.in_force"):
        put_in_force(served.url, LATER, NEW_POLICY)
        assert served.outcomes(LATER) == before
        assert served.outcomes(LATER) == before
    assert served.asking.client.get("/health/ready").status_code == 200
    notices = [record.getMessage() for record in caplog.records if record.name == "gateway.policy.in_force"]
    for unknown in (
        "policy · other_categories: `COORDINATES` is not known here",
        "policy · identifiers: `VAT_NUMBER` is not known here",
        "role COURIER: `COURIER` is not known here",
        "role ADVERTISER · may_ask_for: `delivery` is not known here",
        "grant G1 · except: `VAT_NUMBER` is not known here",
        "grant G11 · sees: `COORDINATES` is not known here",
        "grant G11 · sees: there is no field `Parcel.weight`",
        "grant G24 · who: `COURIER` is not known here",
        "grant G24 · for: `delivery` is not known here",
        "grant G99 · when: `a parcel of the subject is with the requester` is not known here",
    ):
        assert len([notice for notice in notices if unknown in notice]) == 1, unknown
    assert all("this gives nothing; the rest of the policy holds" in notice for notice in notices)
    activate(served.url, FIRST, catalog)
    assert served.outcomes(FIRST) == before


def test_new_code_under_an_old_policy_answers_those_it_speaks_of_as_before(
    served: Served, catalog: Catalog, tmp_path: Path
) -> None:
    """Roles and purposes that the policy does not know are refused; categories and kinds are hidden from everybody."""
    claimant = Requesting(role=Roles.CLAIMANT, purpose=Purposes.BREACH_DISCLOSURE, organisation=22, reference="B-1")
    partner = Requesting(role=Roles.PARTNER, purpose=Purposes.PARTNER_TRACKING, organisation=8)
    messages, cookies = (
        "{ messages(first: 1) { nodes { sentAt } } }",
        "{ browsingEvents(first: 1) { nodes { cookie } } }",
    )
    before = served.outcomes(FIRST)
    assert outcome(served.asking.post(STAFF, messages)).code is None
    assert outcome(served.asking.post(STAFF, cookies)).code is None
    file = tmp_path / "older.toml"
    file.write_text(OLD_POLICY, "utf-8")
    activate(served.url, str(file), catalog)
    assert served.outcomes(EARLIER) == before
    assert served.asking.client.get("/health/ready").status_code == 200
    for requesting in (claimant, partner):
        response = served.asking.post(requesting, "{ __typename }")
        assert outcome(response).code == "PURPOSE_NOT_FOR_ROLE"
    for query in (messages, cookies):
        assert outcome(served.asking.post(STAFF, query)).code == "INVALID"
    described = served.asking.data(PUBLIC, "{ privacyPolicy { roles { role } } }")["privacyPolicy"]["roles"]
    assert "CLAIMANT" not in {each["role"] for each in described}
    activate(served.url, FIRST, catalog)
    assert served.outcomes(FIRST) == before
    assert outcome(served.asking.post(STAFF, messages)).code is None


def test_a_condition_that_this_veil_does_not_know_closes_the_grant_that_sets_it(served: Served) -> None:
    """The advertiser sees nobody any more; everybody else is answered as before."""
    before = served.outcomes(FIRST)
    assert outcome(served.asking.post(ADVERTISER, REACHED)).code is None
    condition = "the subject responded to a campaign of the requester"
    text = changed(TEXT, ((condition, "the subject was born under Aries"), (f'"{FIRST}"', f'"{LATER}"')))
    put_in_force(served.url, LATER, text)
    assert served.outcomes(LATER) == before
    assert outcome(served.asking.post(ADVERTISER, REACHED)) == Outcome(None, "INVALID")


def test_what_this_veil_does_not_know_it_does_not_put_in_force(
    database_url: str, catalog: Catalog, tmp_path: Path
) -> None:
    """Not even where it would serve under it: whoever writes a policy is told of every word."""
    file = tmp_path / "newer.toml"
    for change in NEWER[1:]:
        file.write_text(changed(TEXT, (NEWER[0], change)), "utf-8")
        with pytest.raises(
            PolicyError, match=r"newer\.toml:\d+: .*(is not known here|there is no field|is not described)"
        ):
            activate(database_url, str(file), catalog)
    assert run(database_url, lambda connection: in_force.current_policy(connection, catalog)).version == FIRST


def test_a_role_that_is_left_out_opens_nothing_to_the_others(catalog: Catalog) -> None:
    """A grant to staff alone shows exact times; one that others share with them does not, whoever the others are."""
    shared = 'id = "G12a"\nwho = ["PLATFORM", "AFFILIATE"]'
    known = parse_policy(changed(TEXT, (('id = "G12a"\nwho = ["PLATFORM"]', shared),)), "shared.toml", catalog)
    unknown = parse_policy_in_force(
        changed(TEXT, (('id = "G12a"\nwho = ["PLATFORM"]', shared.replace("AFFILIATE", "COURIER")),)), "x", catalog
    )
    one, other = (
        next(each for grants in policy.grants.values() for each in grants if each.id == "G12a")
        for policy in (known, unknown)
    )
    assert {kind: one.treatment_of_kind(kind) for kind in known.words.identifiers} == {
        kind: other.treatment_of_kind(kind) for kind in unknown.words.identifiers
    }
