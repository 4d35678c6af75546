"""Serves a gateway in a process of its own, so that all it emits can be read: every log record, and every span in a file.

Reads a line of JSON, its settings and the file of spans; writes its address; serves until its input ends.
"""

import json
import logging
import sys
from pathlib import Path

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

from gateway.settings import Settings
from tests.conftest import Serving


def main() -> None:
    given = json.loads(sys.stdin.readline())
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    with Path(given["spans"]).open("w") as spans:
        provider = TracerProvider()
        exporter = ConsoleSpanExporter(out=spans, formatter=lambda span: f"{span.to_json(indent=None)}\n")
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        trace.set_tracer_provider(provider)
        with Serving(Settings(**given["settings"])) as address:
            logging.getLogger(__name__).debug("listening")
            sys.stdout.write(f"{address} {address.admin}\n")
            sys.stdout.flush()
            sys.stdin.read()
        provider.shutdown()


if __name__ == "__main__":
    main()
