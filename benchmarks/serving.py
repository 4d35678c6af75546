"""Serves an application under load, as `veil serve` serves Veil: `python -m benchmarks.serving MODULE:NAME PORT WORKERS`."""

import sys

import uvicorn

from gateway.http.server import UVICORN_OPTIONS

if __name__ == "__main__":
    uvicorn.run(sys.argv[1], factory=True, port=int(sys.argv[2]), workers=int(sys.argv[3]), **UVICORN_OPTIONS)
