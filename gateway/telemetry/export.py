"""Export: `OTEL_…` variables set up OpenTelemetry's SDK in a worker, where `veil[otel]` is installed.

The SDK's own entry points read the variables. The instrumentations of other libraries are left out: they would put
statements and addresses into spans.
"""

import logging
import os
from collections.abc import MutableMapping
from importlib.metadata import entry_points
from typing import Final
from uuid import uuid4

from gateway.telemetry.spans import find_tracer

_GROUPS: Final = ("opentelemetry_distro", "opentelemetry_configurator")
_ASKS: Final = ("OTEL_EXPORTER_", "OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER")


def set_up_export(environment: MutableMapping[str, str] = os.environ) -> None:
    """Sets up the export that the environment asks for, unless another has been set up."""
    if not any(name.startswith(_ASKS) for name in environment) or find_tracer() is not None:
        return
    environment.setdefault("OTEL_SERVICE_NAME", "veil")
    # Else the numbers of two workers would be taken for one's.
    instance = f"service.instance.id={uuid4()}"
    attributes = [each for each in environment.get("OTEL_RESOURCE_ATTRIBUTES", "").split(",") if each]
    if not any(each.startswith("service.instance.id=") for each in attributes):
        environment["OTEL_RESOURCE_ATTRIBUTES"] = ",".join([*attributes, instance])
    found = [list(entry_points(group=group)) for group in _GROUPS]
    if not all(found):
        logging.getLogger(__name__).warning("OTEL_… is set and nothing is exported: install `veil[otel]`")
        return
    for first, *_ in found:
        first.load()().configure()
