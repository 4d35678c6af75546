"""Serves a gateway until the input ends: reads a line of JSON, its settings, and writes its address."""

import json
import sys

from gateway.settings import Settings
from tests.conftest import Serving


def main() -> None:
    with Serving(Settings(**json.loads(sys.stdin.readline()))) as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
