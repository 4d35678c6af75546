"""Files that outlast a loss of power, as far as a test can see: the system is asked for it."""

from pathlib import Path

import pytest

from gateway.files import sync_directory


def test_a_directory_is_synced_and_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    sync_directory(tmp_path)
    with pytest.raises(FileNotFoundError):
        sync_directory(tmp_path / "nowhere")
