"""What is deployed fits the code: metrics, settings and codes in the dashboard, the alerts and the units exist."""

import json
import re
from pathlib import Path

from gateway.settings import PREFIX, Settings
from gateway.telemetry.metrics import FAMILIES, Kind
from schema.refusals import Code
from tests.house.test_documents import CLI

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
METRIC = re.compile(r"\bveil_[a-z_]+\b")
SERIES = {
    Kind.COUNTER: ("_total",),
    Kind.HISTOGRAM: ("_bucket", "_sum", "_count"),
    Kind.GAUGE: ("",),
    Kind.GREATEST: ("",),
    Kind.LEAST: ("",),
}


def series() -> set[str]:
    return {f"{family.name}{suffix}" for family in FAMILIES for suffix in SERIES[family.kind]}


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def expressions() -> list[str]:
    dashboard = json.loads(text_of("dashboard.json"))
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def test_the_dashboard_shows_every_metric_and_no_other() -> None:
    shown = {name for expression in expressions() for name in METRIC.findall(expression)}
    assert shown <= series()
    families = {family.name for family in FAMILIES}
    assert {name for name in families if not any(each.startswith(name) for each in shown)} == set()


def test_the_alerts_ask_for_metrics_that_there_are() -> None:
    rules = re.findall(r"expr: (?:>-\n)?((?:.|\n)*?)\n +(?:for|labels):", text_of("alerts.yml"))
    assert len(rules) == text_of("alerts.yml").count("- alert:")
    found = {name for rule in rules for name in METRIC.findall(rule)}
    assert found
    assert found <= series()


def test_every_outcome_asked_for_is_a_code() -> None:
    asked = re.findall(r'outcome[=!]~?"([A-Z_|]+)"', "\n".join([*expressions(), text_of("alerts.yml")]))
    codes = {code for each in asked for code in each.split("|")}
    assert codes
    assert codes <= {"ANSWERED", *Code.__members__}


def test_the_timer_starts_the_unit_that_releases_figures() -> None:
    unit = text_of("veil-figures.service")
    (command,) = re.findall(r"^ExecStart=/opt/veil/bin/veil (.+)$", unit, re.MULTILINE)
    assert command.split()[:2] == ["figures", "release"]
    assert f"{PREFIX}DATABASE" in unit
    assert "OnCalendar=*-*-01..06 03:00:00 UTC" in text_of("veil-figures.timer")


def test_the_unit_that_seals_the_log_gives_a_command_that_there_is() -> None:
    """With the settings that its options are read from."""
    unit = text_of("veil-log.service")
    assert re.findall(r"^ExecStart=/opt/veil/bin/veil (.+)$", unit, re.MULTILINE) == ["log keep"]
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+", unit)) == {
        option.envvar for option in CLI.commands["log"].commands["keep"].params if option.envvar
    }


def test_the_units_set_settings_that_there_are() -> None:
    for name in ("veil.service", "Containerfile"):
        found = set(re.findall(rf"\b{PREFIX}([A-Z_]+)=", text_of(name))) - {"NAME"}
        assert found
        assert {each.lower() for each in found} <= set(Settings.model_fields)
