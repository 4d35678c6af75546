"""Export: what `OTEL_…` variables set up, and what is said where nothing can be exported."""

import importlib.metadata
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from gateway.telemetry import export as exports
from gateway.telemetry.export import set_up_export

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
