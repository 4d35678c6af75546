"""A demo's log is sealed while it serves."""

import stat
import time
from pathlib import Path

from gateway.demo.sealing import LOG_NAME, demo_signer, sealing
from gateway.log.veil_verify import Trust
from tests.gateway.log.logs import add, value, verify


def test_a_demo_seals_its_log_with_a_key_of_its_own(database_url: str, tmp_path: Path) -> None:
    """The key and the newest checkpoint are in its directory."""
    with sealing(database_url, tmp_path):
        add(database_url, 3)
        end = time.monotonic() + 20
        while value(database_url, "select count(*) from veil.proof_leaf where record is not null") < 3:
            assert time.monotonic() < end
            time.sleep(0.1)
    signer = demo_signer(tmp_path)
    assert stat.S_IMODE((tmp_path / "log-key").stat().st_mode) == 0o600
    checkpoint = Trust(keys=signer.public).check((tmp_path / "checkpoint").read_text("utf-8"))
    assert checkpoint.origin == LOG_NAME
    assert verify(database_url, signer.public).faults == []


def test_a_demo_whose_log_was_replaced_serves_all_the_same(database_url: str, tmp_path: Path) -> None:
    """It reports that the log is not sealed."""
    demo_signer(tmp_path)
    (tmp_path / "checkpoint").write_text("no checkpoint")
    with sealing(database_url, tmp_path):
        time.sleep(0.5)
    assert value(database_url, "select count(*) from veil.checkpoint") == 0
