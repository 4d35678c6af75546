"""What one stranger adds to the log in a few seconds: `make floods` asks for longer."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.floods import FLOODS, flood
from tests.faults.gateways import environment, login, served, unused_port

SECONDS = 2
MOST_BYTES = 200_000
"""In 20 seconds all three floods may add a megabyte. A requester has saved up two seconds when they begin."""


@pytest.mark.parametrize("name", FLOODS)
def test_a_stranger_cannot_fill_the_log(own_market_url: str, key_file: Path, tmp_path: Path, name: str) -> None:
    """However many are sent, most are counted with others, or turned away."""
    settings = environment(asyncio.run(login(own_market_url)), key_file, unused_port())
    with served(settings, tmp_path / "veil.log") as gateway:
        found = flood(gateway.address, own_market_url, name, SECONDS)
    assert found.outcomes
    assert 0 < found.log_bytes + found.proof_bytes < MOST_BYTES, found
