"""Serves an application under load, as `veil serve` serves Veil: `python -m benchmarks.serving MODULE:NAME PORT WORKERS`."""

import sys

import uvicorn

from gateway.http.connection import ConnectionLimits
from gateway.http.server import uvicorn_options

if __name__ == "__main__":
    options = uvicorn_options(ConnectionLimits())
    uvicorn.run(sys.argv[1], factory=True, port=int(sys.argv[2]), workers=int(sys.argv[3]), **options)
