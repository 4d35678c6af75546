"""Whatever is changed, by whomever, in whatever order: nobody sees more afterwards than the policy gives them then.

Requesters of every role try the mutations of the marketplace by chance, over HTTP. Then what anybody is shown in the
market that they made is held against the second opinion, which knows no mutations: it reads the rows that there are.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from gateway.demo.development import DevelopmentKey
from schema.catalog import Catalog, Input, MutationRoot, Scalar
from schema.inputs import InputForm
from schema.rights import CarryOutField, EditField, EnterField
from tests.clauses.seeing import Market, asking_as
from tests.clauses.table import PURPOSES
from tests.clauses.test_destroying import settle
from tests.conftest import Asking, Databases, Requesting, Serving, run, settings_for
from tests.opinion import trials

MUTATIONS = 600
STATES = 25
MEMBERS = range(1, 13)

VALUES: Mapping[InputForm, Sequence[Any]] = {
    InputForm.EMAIL: ("new@example.com",),
    InputForm.PHONE: ("+44 20 7946 0958", None),
    InputForm.COUNTRY: ("DE", "CN"),
    InputForm.CURRENCY: ("EUR",),
    InputForm.PRICE: ("12.50",),
    InputForm.COUNT: (3, None),
    InputForm.YEAR: (1999,),
    InputForm.CARD_NUMBER: ("4111111111111111",),
    InputForm.CARD_EXPIRY: ("09/31",),
    InputForm.BANK_ACCOUNT: ("DE89370400440532013000",),
    InputForm.WEB_ADDRESS: ("https://new.example.com",),
    InputForm.LINES: (["tea", "cups"],),
}
"""What is written by its form; a line or a text is anything."""

TEXTS = ("Something new", "Write to me@example.com or +44 20 7946 0958")

TRYING = [
    asking_as(role, purpose, member=member)
    for role, purposes in PURPOSES.items()
    for purpose in purposes.split()
    for member in (MEMBERS if role == "MEMBER" else (None,))
    if purpose not in ("court_order", "authority_request", "breach_disclosure")
]
LIKELY = [
    each
    for each in TRYING
    if each.purpose in ("self_service", "account_service", "data_subject_request", "privacy_administration")
]


OFTEN = {"updateRegistration", "setConsent", "requestDestruction", "carryOutDestruction", "enterRemoval"}
"""What is tried more often than the rest, and must have been done."""

SEEN_TO = {"enterRemoval", "endRemoval", "sendCopy"}
"""What staff and the officer do for what is asked, beside carrying it out."""


@pytest.fixture(scope="module")
def market(databases: Databases, key: DevelopmentKey, key_file: Path) -> Iterator[Market]:
    url = databases.make("empty_market")
    run(url, trials.fill)
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        yield Market(asking)
        asking.client.close()
    databases.drop(url)


def value(given: Input, draws: random.Random) -> Any:
    if given.words:
        return draws.sample(given.words, draws.randint(1, len(given.words)))
    if given.target:
        return f"{given.target}:{draws.randint(1, 14)}"
    if given.column.enum_type:
        return draws.choice([each.value for each in given.column.enum_type])
    if given.column.scalar is Scalar.BOOLEAN:
        return draws.random() < 0.5
    return draws.choice(VALUES.get(given.form, TEXTS))


def arguments(mutation: MutationRoot, market: Market, draws: random.Random) -> dict[str, Any]:
    """What a mutation is given, by its name."""
    declared, given = mutation.declaration, dict[str, Any]()
    if not isinstance(declared, EnterField):
        table = mutation.entity.storage.table
        numbers = sorted(market.numbers(f"select id from {table}")) or [1]
        if isinstance(declared, CarryOutField):
            asked = f"select id from {table} where ends_at is null and kind = '{declared.kind[1]}'"
            numbers = sorted(market.numbers(asked)) or numbers
        given["id"] = f"{mutation.entity.name}:{draws.choice(numbers)}"
    if isinstance(declared, EditField | EnterField):
        names = draws.sample(sorted(mutation.inputs), min(draws.randint(1, 3), len(mutation.inputs)))
        needed = [name for name, each in mutation.inputs.items() if each.is_required]
        wanted = {*names, *(needed if isinstance(declared, EnterField) else ())}
        given["input"] = {name: value(mutation.inputs[name], draws) for name in sorted(wanted)}
    if isinstance(declared, CarryOutField) and declared.shown:
        given[declared.shown] = "A passport"
    return given


def tried(market: Market, who: Requesting, mutation: MutationRoot, given: Mapping[str, Any]) -> str:
    """What becomes of it: an answer, or the code of a refusal."""
    title = f"{mutation.name[0].upper()}{mutation.name[1:]}Input!"
    types = {"id": "ID!", "input": title}
    variables = ", ".join(f"${name}: {types.get(name, 'String!')}" for name in given)
    passed = ", ".join(f"{name}: ${name}" for name in given)
    response = market.asking.post(
        who, f"mutation ({variables}) {{ {mutation.name}({passed}) {{ fields }} }}", dict(given)
    )
    answer = response.json()
    assert response.status_code == 200, answer
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else "ANSWERED"


@pytest.mark.parametrize("seed", range(2))
def test_after_whatever_is_changed_everybody_sees_what_the_policy_gives(
    market: Market, catalog: Catalog, seed: int
) -> None:
    draws = random.Random(seed)
    for member in draws.sample(MEMBERS, 6):
        settle(market, member)
    done: set[str] = set()
    often = [catalog.mutations[name] for name in sorted(OFTEN) for _ in range(12)]
    for _ in range(MUTATIONS):
        mutation = draws.choice([*catalog.mutations.values(), *often])
        sees_to = isinstance(mutation.declaration, CarryOutField) or mutation.name in SEEN_TO
        likely = [each for each in LIKELY if (each.purpose == "data_subject_request") is sees_to]
        who = draws.choice(likely if draws.random() < 0.8 else TRYING)
        if tried(market, who, mutation, arguments(mutation, market, draws)) == "ANSWERED":
            done.add(mutation.name)
    assert done >= OFTEN
    assert market.stored("select from destruction_line where destroyed > 0")
    with trials.proof_over(market.asking.url) as proof:
        difference = trials.first_difference(proof, seed=seed, examples=STATES, phases=trials.AS_MET)
    assert difference is None, f"with seed {seed}: {difference}"
