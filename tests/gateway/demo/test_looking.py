"""What a demo's console looks up: proofs of records, and plans of statements."""

import asyncio
import json
from pathlib import Path

from gateway.demo.looking import Looking
from gateway.demo.sealing import demo_signer
from gateway.log.keeping import seal_all
from schema.marketplace.marketplace import MARKETPLACE
from tests.conftest import run
from tests.gateway.log.logs import add, value


def looking(url: str, directory: Path) -> Looking:
    return Looking(url=url, key=demo_signer(directory).public[0], marketplace=MARKETPLACE)


def test_a_record_is_proven_once_it_is_sealed(database_url: str, tmp_path: Path) -> None:
    """With its figures, and the proof itself; before, and of no record, it says why there is none."""
    found = looking(database_url, tmp_path)
    add(database_url, 3)
    record = value(database_url, "select id::text from veil.access_record limit 1")
    assert asyncio.run(found.proof(record)) == {"problem": "nothing is sealed yet; run `veil log keep`"}
    signer = demo_signer(tmp_path)
    run(database_url, lambda connection: seal_all(connection, signer, None, lambda *_: None))
    told = asyncio.run(found.proof(record))
    assert told["size"] >= 3
    assert 0 <= told["position"] < told["size"]
    assert len(told["proof"]["leaves"][0]["path"]) == told["hashes"]
    assert f"in the log: record {record}, at position {told['position']}" in told["checked"]
    json.dumps(told)
    other = looking(database_url, tmp_path / "other")
    assert asyncio.run(other.proof(record)) == {
        "problem": f"no known key has signed the checkpoint of {told['size']} leaves"
    }


def test_a_plan_is_made_for_all_values_and_nothing_is_run(database_url: str, tmp_path: Path) -> None:
    """The types of the parameters are told, and no value."""
    told = asyncio.run(
        looking(database_url, tmp_path).plan("select name from member where id = $1::bigint or 1 / $2::int = 0")
    )
    assert told["types"] == ["bigint", "integer"]
    assert "(id = $1)" in told["plan"]
