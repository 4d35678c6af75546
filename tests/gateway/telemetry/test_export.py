"""Export: what `OTEL_…` variables set up, and what is said where nothing can be exported."""

import importlib.metadata
import logging
import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from gateway.telemetry import export as exports
from gateway.telemetry.export import set_up_export
from tests.gateway.http.test_shutdown import wait_for
from tests.gateway.telemetry.test_admin import two_workers

ASKED = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4317"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry point of the SDK."""

    group: str
    configured: list[str] = field(default_factory=list[str])

    def load(self) -> Any:
        return lambda: self

    def configure(self) -> None:
        self.configured.append(self.group)


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The groups of entry points that were configured, in their order."""
    found: list[str] = []

    def entry_points(*, group: str) -> Sequence[Entry]:
        return [Entry(group, found)]

    monkeypatch.setattr(exports, "entry_points", entry_points)
    return found


def test_nothing_is_set_up_unless_the_environment_asks(configured: list[str]) -> None:
    environment = {"VEIL_PORT": "8000", "OTEL_SERVICE_NAME": "shop"}
    set_up_export(environment)
    assert configured == []
    assert environment == {"VEIL_PORT": "8000", "OTEL_SERVICE_NAME": "shop"}


def test_the_sdk_is_set_up_as_the_environment_says(configured: list[str]) -> None:
    """Each worker is an instance of its own, or a collector would take the counts of two for one's."""
    environment = {**ASKED, "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=shop"}
    set_up_export(environment)
    assert configured == ["opentelemetry_distro", "opentelemetry_configurator"]
    assert environment["OTEL_SERVICE_NAME"] == "veil"
    kept, instance = environment["OTEL_RESOURCE_ATTRIBUTES"].split(",")
    assert kept == "deployment.environment.name=shop"
    assert instance.startswith("service.instance.id=")


def test_where_the_sdk_is_missing_a_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def entry_points(*, group: str) -> Sequence[importlib.metadata.EntryPoint]:
        assert group
        return []

    monkeypatch.setattr(exports, "entry_points", entry_points)
    with caplog.at_level(logging.WARNING):
        set_up_export(dict(ASKED))
    assert caplog.messages == ["OTEL_… is set and nothing is exported: install `veil[otel]`"]


class Collector(BaseHTTPRequestHandler):
    """What a collector is sent, by its path."""

    received: ClassVar[dict[str, bytes]] = {}

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received[self.path] = self.received.get(self.path, b"") + body
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *_values: object) -> None:  # noqa: A002 - the name is the library's
        """Logs nothing."""


@pytest.fixture
def collector() -> Generator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_veil_serve_exports_spans_and_metrics(market_url: str, key_file: Path, tmp_path: Path, collector: str) -> None:
    asked = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_METRIC_EXPORT_INTERVAL": "500",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "OTEL_LOGS_EXPORTER": "none",
    }
    with two_workers(market_url, key_file, tmp_path / "log", **asked) as served:
        served.ask(10)
        wait_for(lambda: b"POST /graphql" in Collector.received.get("/v1/traces", b""))
        wait_for(lambda: b"veil.requests" in Collector.received.get("/v1/metrics", b""))
    spans, numbers = Collector.received["/v1/traces"], Collector.received["/v1/metrics"]
    for name in (b"execute", b"SELECT", b"db.system.name", b"service.instance.id"):
        assert name in spans
    for name in (b"veil.request", b"veil.stage", b"veil.batch_calls", b"veil.busy_sessions"):
        assert name in numbers
