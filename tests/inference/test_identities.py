"""Ids and tokens: what is not a requester's own finds nothing, as if it were not there, and nobody can join theirs."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx
import pytest
from graphql import GraphQLObjectType, get_named_type

from gateway.demo.development import DevelopmentKey
from gateway.policy import in_force
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Purposes, Roles
from schema.tokens import token_of_id
from tests.conftest import CARE, Asking, Requesting, Serving, run, settings_for
from tests.inference.conftest import Besieged, Planted, values
from tests.inference.expected import KINDS, PLAIN, TOKEN, Kind
from tests.inference.requesters import EVERYBODY, by_strangers, label

TOKEN_OF_ROW = re.compile(r"[A-Z]\w+:~[0-9a-f]{32}")
ANOTHER_KEY = bytes(range(32))
AT_ONCE = 16
NODES_AT_ONCE = 6
"""Ids asked for by one document, always as many, so that there is one statement; a node is looked for in every type."""


# Ids that are guessed.


def guesses(besieged: Besieged, planted: Planted, requesting: Requesting, kind: Kind) -> Iterator[str]:
    """Ids of a type that must find nothing."""
    key = besieged.token_key(requesting)
    rows = planted.market.rows[kind.name].values()
    hidden = [row for row in rows if planted.market.treatments(requesting, row) is None][:3]
    shown = [(row, each["id"]) for row, each in planted.market.visible(requesting, kind.name)]
    masked = [row for row, treatment in shown if treatment == TOKEN][:3]
    plain = [row for row, treatment in shown if treatment == PLAIN][:3]
    yield from (f"{kind.name}:{row.id}" for row in (*hidden, *masked))
    yield from (token_of_id(key, kind.name, row.id) for row in (*hidden, *plain))
    yield from (token_of_id(ANOTHER_KEY, kind.name, row.id) for row in (*hidden, *masked, *plain))
    yield from (f"{kind.name}:{max((row.id for row in rows), default=0) + 1}", f"{kind.name}:0", f"{kind.name}:-1")
    for row in (*plain, *masked)[:1]:
        identity = row.id if plain else token_of_id(key, kind.name, row.id).removeprefix(f"{kind.name}:")
        yield from (f"{kind.name.lower()}:{identity}", f"{kind.name}: {identity}", f"{kind.name}:{identity} ")
        yield from (f"{kind.name}:+{identity}", f"{kind.name}:0{identity}", f"{identity}", f"Nothing:{identity}")
        other = "Order" if kind.name == "Member" else "Member"
        yield from (f"{other}:{identity}~", f"{kind.name}:{identity}".upper(), f"~{kind.name}:{identity}")


def visible_kinds(besieged: Besieged, requesting: Requesting) -> Sequence[Kind]:
    return [KINDS[kind.name] for kind in besieged.connections(requesting).values()]


def finder(kind: Kind) -> str:
    return kind.name[0].lower() + kind.name[1:]


def found(besieged: Besieged, requesting: Requesting, field: str, ids: Sequence[str]) -> Sequence[Any]:
    """What a root field finds by each of these ids."""
    size = NODES_AT_ONCE if field == "node" else AT_ONCE
    declared = " ".join(f"$i{place}: ID!" for place in range(size))
    asked = " ".join(f"a{place}: {field}(id: $i{place}) {{ id }}" for place in range(size))
    answers: list[Any] = []
    for start in range(0, len(ids), size):
        given = [*ids[start : start + size], *["Nothing:1"] * size][:size]
        variables = {f"i{place}": each for place, each in enumerate(given)}
        answers += besieged.data(requesting, f"query ({declared}) {{ {asked} }}", variables).values()
    return answers[: len(ids)]


@by_strangers
def test_no_id_but_the_one_that_is_shown_finds_a_row(
    besieged: Besieged, planted: Planted, requesting: Requesting
) -> None:
    """Neither ids counted upwards, nor those of hidden rows, nor others' tokens, nor one's own once it is plain."""
    tried: list[str] = []
    for kind in visible_kinds(besieged, requesting):
        ids = list(dict.fromkeys(guesses(besieged, planted, requesting, kind)))
        finds_nothing(besieged, requesting, finder(kind), ids)
        tried += ids
    # A node is looked for in every type, which takes its time: of each type's guesses, some.
    finds_nothing(besieged, requesting, "node", tried[::9])


def finds_nothing(besieged: Besieged, requesting: Requesting, field: str, ids: Sequence[str]) -> None:
    answers = found(besieged, requesting, field, ids)
    assert [each for each, answer in zip(ids, answers, strict=True) if answer] == []


@by_strangers
def test_the_id_that_is_shown_finds_its_row(besieged: Besieged, requesting: Requesting) -> None:
    for name, kind in besieged.connections(requesting).items():
        ids = [node["id"] for node in besieged.harvest(requesting, name, kind).nodes[:5]]
        assert found(besieged, requesting, finder(KINDS[kind.name]), ids) == [{"id": each} for each in ids]
        assert found(besieged, requesting, "node", ids[:1]) == [{"id": each} for each in ids[:1]]


def whole(response: httpx.Response) -> tuple[Any, ...]:
    """All of a response but the id of its record and the time."""
    record = response.headers["access-record"]
    headers = {name: value for name, value in response.headers.items() if name not in ("access-record", "date")}
    return response.status_code, headers, response.content.replace(record.encode(), b"")


@by_strangers
def test_a_hidden_row_is_answered_byte_for_byte_as_one_that_is_not_there(
    besieged: Besieged, planted: Planted, requesting: Requesting
) -> None:
    query = "query ($id: ID!) { node(id: $id) { __typename id } }"
    nowhere = whole(besieged.post(requesting, query, {"id": "Nothing:1"}))
    for kind in KINDS.values():
        if kind.name == "OrderItem":
            continue
        hidden = [row.id for row in planted.market.rows[kind.name].values() if not shown(planted, requesting, row)]
        for identity in hidden[:1]:
            assert whole(besieged.post(requesting, query, {"id": f"{kind.name}:{identity}"})) == nowhere, kind.name
            token = token_of_id(besieged.token_key(requesting), kind.name, identity)
            assert whole(besieged.post(requesting, query, {"id": token})) == nowhere, kind.name


def shown(planted: Planted, requesting: Requesting, row: Any) -> bool:
    return planted.market.treatments(requesting, row) is not None


# One row, two ways.


def leading(kind: GraphQLObjectType) -> Iterator[tuple[str, GraphQLObjectType]]:
    """The fields of a type that lead to one row with an id."""
    for name, field in kind.fields.items():
        target = get_named_type(field.type)
        if isinstance(target, GraphQLObjectType) and "id" in target.fields:
            yield name, target


@by_strangers
def test_a_row_is_the_same_by_whichever_way_it_is_reached(besieged: Besieged, requesting: Requesting) -> None:
    """Through a link or by its id: the same values, the same token, the same hidden fields."""
    for connection, kind in besieged.connections(requesting).items():
        for link, target in leading(kind):
            fields = " ".join(values(target))
            query = f"{{ {connection}(first: 5) {{ nodes {{ {link} {{ {fields} }} }} }} }}"
            reached = [node[link] for node in besieged.data(requesting, query)[connection]["nodes"] if node[link]]
            for row in reached[:2]:
                by_id = f"query ($id: ID!) {{ node(id: $id) {{ ... on {target.name} {{ {fields} }} }} }}"
                assert besieged.data(requesting, by_id, {"id": row["id"]}) == {"node": row}


# Tokens that are joined.

SHARING = [
    Requesting(role=role, purpose=Purposes.STATISTICAL_SHARING, organisation=organisation)
    for role, organisation in (
        (Roles.PARTNER, 6),
        (Roles.PARTNER, 7),
        (Roles.ADVERTISER, 8),
        (Roles.ADVERTISER, 9),
        (Roles.SERVICE_PROVIDER, 5),
    )
]


def scope(requesting: Requesting) -> tuple[object, ...]:
    """With whom a requester shares tokens: its organisation, or the instrument of an authority."""
    if requesting.member:
        return ("member", requesting.member)
    if requesting.role in (Roles.PLATFORM, Roles.PRIVACY_OFFICER):
        return ("marketplace",)
    return (requesting.organisation, requesting.reference if requesting.role is Roles.AUTHORITY else None)


def test_no_token_is_shown_to_two_organisations(besieged: Besieged, planted: Planted) -> None:
    """Nor to two members, nor to one authority under two instruments: whatever they bring together, nothing joins."""
    tellers: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    for requesting in (*EVERYBODY, *SHARING):
        for token in tokens_shown(besieged, planted, requesting):
            tellers[token].add(scope(requesting))
    assert len(tellers) > 5_000
    assert [token for token, scopes in tellers.items() if len(scopes) > 1] == []


def tokens_shown(besieged: Besieged, planted: Planted, requesting: Requesting) -> Iterator[str]:
    for name, kind in besieged.connections(requesting).items():
        for node in besieged.harvest(requesting, name, kind).nodes:
            row = besieged.row(requesting, planted.market, node["id"])
            treatments = planted.market.treatments(requesting, row)
            assert treatments
            yield from (node[field] for field, how in treatments.items() if how == TOKEN and node.get(field))


@pytest.mark.parametrize("kind", ["Member", "Order"])
def test_one_organisation_gets_one_token_for_every_purpose(besieged: Besieged, planted: Planted, kind: str) -> None:
    """The same row is the same to it: that is what tokens are for."""
    tokens_by_scope: dict[tuple[object, ...], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for requesting in EVERYBODY:
        for name, type_ in besieged.connections(requesting).items():
            if type_.name == kind:
                for node in besieged.harvest(requesting, name, type_).nodes:
                    if TOKEN_OF_ROW.fullmatch(node["id"]):
                        row = besieged.row(requesting, planted.market, node["id"])
                        tokens_by_scope[scope(requesting)][row.id].add(node["id"])
    assert all(len(tokens) == 1 for rows in tokens_by_scope.values() for tokens in rows.values())


def test_a_new_epoch_gives_everybody_other_tokens_and_ends_the_old(
    own_market_url: str, key: DevelopmentKey, key_file: Any, tmp_path: Any, catalog: Any
) -> None:
    """Once the policy says so, what an organisation has gathered can no longer be looked up or joined."""
    with Serving(settings_for(own_market_url, key_file)) as address:
        gateway = Asking(address, key, own_market_url)
        before = tokens_of_members(gateway)
        text = MARKETPLACE.first_policy.read_text("utf-8")
        anew = text.replace('version = "2012-06-11"', 'version = "2012-06-12"', 1).replace("epoch = 1", "epoch = 2", 1)
        assert anew != text
        file = tmp_path / "anew.toml"
        file.write_text(anew, "utf-8")
        run(own_market_url, lambda connection: in_force.activate(connection, str(file), catalog, "a test"))
        after = tokens_of_members(gateway)
        assert len(before) == len(after)
        assert before.isdisjoint(after)
        query = "query ($id: ID!) { node(id: $id) { id } }"
        assert all(gateway.data(CARE, query, {"id": token}) == {"node": None} for token in before)
        gateway.client.close()


def tokens_of_members(gateway: Asking) -> set[str]:
    nodes: Sequence[Mapping[str, str]] = gateway.data(CARE, "{ members(first: 30) { nodes { id } } }")["members"][
        "nodes"
    ]
    return {node["id"] for node in nodes if TOKEN_OF_ROW.fullmatch(node["id"])}


def test_requesters_are_named_as_whom_they_are() -> None:
    assert len({label(each) for each in EVERYBODY}) == len(EVERYBODY)
