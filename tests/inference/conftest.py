"""What the attackers stand before: a marketplace full of canaries, and a gateway all of whose words are written down."""

import json
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, build_client_schema, get_introspection_query, get_named_type
from graphql import is_leaf_type as is_leaf

from gateway.demo.development import DevelopmentKey
from tests.conftest import SEARCHES, SECRET, Address, Asking, Databases, Requesting, run, settings_for
from tests.inference import expected, planting
from tests.inference.expected import Market, Row
from tests.inference.planting import Place

ROOT = Path(__file__).parents[2]
PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A marketplace with a canary in place of every identifier."""

    url: str
    places: Mapping[int, Place]
    market: Market


@pytest.fixture(scope="session")
def planted(databases: Databases) -> Planted:
    url = databases.make("sample_market")
    places = run(url, planting.plant)
    run(url, _closed)
    return Planted(url=url, places=places, market=run(url, expected.read))


async def _closed(connection: Any) -> None:
    """The business is the acquirer's, so that it sees what there is."""
    await connection.execute("update business_transfer set starts_at = now() - interval '1 day' where id = 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """All that a requester gets of a connection, page after page."""

    total: int
    edges: Sequence[Mapping[str, Any]]
    pages: Sequence[Mapping[str, Any]]
    """Of each, its `pageInfo`."""

    @property
    def nodes(self) -> Sequence[Mapping[str, Any]]:
        return [edge["node"] for edge in self.edges]


LOG = (
    *("AccessRecord", "AccessSummary", "AccessUse", "PlannedOperation", "RequesterBreadth", "LogCheckpoint"),
    *("PolicyActivation", "PolicyVersion", "PolicyProposal"),
)
"""What the log has, which grows as it is asked."""


class Besieged(Asking):
    """A gateway under attack, and what it has said so far."""

    def __init__(self, address: Address, key: DevelopmentKey, url: str, words: Path) -> None:
        super().__init__(address, key, url)
        self._words = words
        self._views: dict[tuple[Any, ...], GraphQLSchema] = {}
        self._harvests: dict[tuple[Requesting, str], Harvest] = {}

    @property
    def words(self) -> Mapping[str, str]:
        """Its standard output, its logs and its spans."""
        return {file.name: file.read_text("utf-8", "replace") for file in sorted(self._words.iterdir())}

    def view(self, requesting: Requesting) -> GraphQLSchema:
        """What introspection shows a requester."""
        who = (requesting.role, requesting.purpose)
        if who not in self._views:
            query = get_introspection_query(input_value_deprecation=True)
            self._views[who] = build_client_schema(self.data(requesting, query))
        return self._views[who]

    def connections(self, requesting: Requesting) -> Mapping[str, GraphQLObjectType]:
        """The connections at a requester's root, by name, with the type of their rows; but for the access log."""
        root = self.view(requesting).query_type
        assert root
        found: dict[str, GraphQLObjectType] = {}
        for name, field in root.fields.items():
            kind = get_named_type(field.type)
            if isinstance(kind, GraphQLObjectType) and "nodes" in kind.fields:
                node = get_named_type(kind.fields["nodes"].type)
                assert isinstance(node, GraphQLObjectType)
                if node.name not in LOG:
                    found[name] = node
        return found

    def harvest(self, requesting: Requesting, connection: str, kind: GraphQLObjectType) -> Harvest:
        """All rows of a connection with all their values, asked for once."""
        if (requesting, connection) not in self._harvests:
            self._harvests[requesting, connection] = self._harvested(requesting, connection, kind)
        return self._harvests[requesting, connection]

    def _harvested(self, requesting: Requesting, connection: str, kind: GraphQLObjectType) -> Harvest:
        masked = "maskedFields { field treatment }" if "maskedFields" in kind.fields else ""
        query = (
            f"query ($after: String) {{ {connection}(first: {PAGE}, after: $after) {{ totalCount"
            f" edges {{ cursor node {{ {' '.join(values(kind))} {masked} }} }}"
            " pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"
        )
        edges: list[Mapping[str, Any]] = []
        pages: list[Mapping[str, Any]] = []
        while True:
            after = pages[-1]["endCursor"] if pages else None
            found = self.data(requesting, query, {"after": after})[connection]
            edges += found["edges"]
            pages.append(found["pageInfo"])
            if not pages[-1]["hasNextPage"]:
                return Harvest(total=found["totalCount"], edges=edges, pages=pages)

    def row(self, requesting: Requesting, market: Market, shown: str) -> Row:
        """The row behind an id, in the form this requester is shown it."""
        return market.rows[shown.partition(":")[0]][self.number(requesting, shown)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What of the canaries was found in a gateway's words."""

    canaries: int
    lengths: Mapping[str, int]
    found: Sequence[str]

    def __str__(self) -> str:
        heard = ", ".join(f"{length} of {name}" for name, length in self.lengths.items())
        return f"{self.canaries} canaries in {heard} characters: {len(self.found)} found"


def overheard_of(besieged: Besieged, planted: Planted) -> Report:
    words = besieged.words
    return Report(
        canaries=len(planted.places),
        lengths={name: len(text) for name, text in words.items()},
        found=[f"{name}: {each}" for name, text in words.items() for each in planting.surroundings(text)],
    )


def values(kind: GraphQLObjectType) -> Sequence[str]:
    """The fields of a type that hold a value."""
    return [name for name, field in kind.fields.items() if is_leaf(get_named_type(field.type))]


@pytest.fixture(scope="session")
def besieged(
    planted: Planted,
    key: DevelopmentKey,
    key_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> Generator[Besieged]:
    """A gateway in a process of its own; whatever the tests did to it, it has said nothing of anybody."""
    settings = settings_for(planted.url, key_file, timeout=3, request_log=True)
    values = {
        **json.loads(settings.model_dump_json()),
        "database": settings.database.get_secret_value(),
        "secret": SECRET,
    }
    words = tmp_path_factory.mktemp("words")
    with (words / "stderr").open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.inference.served"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps({"settings": values, "spans": str(words / "spans")}).encode() + b"\n")
        process.stdin.flush()
        addresses = process.stdout.readline().decode().split()
        assert addresses, (words / "stderr").read_text()
        asking = Besieged(Address(*addresses), key, planted.url, words)
        yield asking
        asking.client.close()
        rest, _ = process.communicate(timeout=30)
    assert rest == b""
    report = overheard_of(asking, planted)
    pytestconfig.stash.setdefault(SEARCHES, []).append(report)
    assert report.found == []
