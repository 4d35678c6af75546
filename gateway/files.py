"""Files that outlast a loss of power."""

import os
from pathlib import Path


def sync_directory(directory: Path) -> None:
    """Makes the names in a directory survive a loss of power. Raises `OSError`."""
    file = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
