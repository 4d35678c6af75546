"""The settings: read once from the environment, checked one by one, and never repeated in an error or a printed form."""

from pathlib import Path

import pytest

from gateway import app
from gateway.settings import DEFAULT_LIMITS, Settings, SettingsError, read_limits, read_settings
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Roles

SECRET = "kept-secret-kept-secret-kept-secret"
PASSWORD = "not-to-be-printed"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """What a gateway needs, and nothing more."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"VEIL_{name.upper()}", raising=False)
    keys = tmp_path / "keys.json"
    keys.touch()
    needed = {"DATABASE": f"postgresql://veil:{PASSWORD}@db/veil", "KEYS": str(keys), "ISSUER": "i", "SECRET": SECRET}
    for name, value in needed.items():
        monkeypatch.setenv(f"VEIL_{name}", value)
    return monkeypatch


def test_what_is_given_is_read_and_the_rest_has_a_default(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("VEIL_POOL_SIZE", "9")
    settings = read_settings(port=8123)
    assert (settings.pool_size, settings.port, settings.issuer) == (9, 8123, "i")
    assert settings.limits == DEFAULT_LIMITS


def test_a_printed_setting_shows_no_secret(environment: pytest.MonkeyPatch) -> None:
    del environment
    settings = read_settings()
    for printed in (repr(settings), str(settings), settings.model_dump_json()):
        assert SECRET not in printed
        assert PASSWORD not in printed


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("DATABASE", f"mysql://veil:{PASSWORD}@db/veil", "give a URL like postgresql://login:password@host/database"),
        ("KEYS", "/nowhere/keys.json", "give the path of a file that is there, or an http(s) URL"),
        ("KEYS", "https://", "give the path of a file that is there, or an http(s) URL"),
        ("SECRET", f" {PASSWORD} ", "give at least 32 characters, kept secret and never changed"),
        ("COUNTRY", "Hong Kong", "give two capital letters, like HK"),
        ("PORT", "70000", "input should be less than or equal to 65535"),
        ("QUEUE", "many", "input should be a valid integer, unable to parse string as an integer"),
    ],
)
def test_an_unusable_setting_is_named_without_its_value(
    environment: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    environment.setenv(f"VEIL_{name}", value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert str(refused.value) == f"VEIL_{name}: {problem}"


def test_roles_held_to_trusted_documents_are_separated_by_spaces(environment: pytest.MonkeyPatch) -> None:
    assert app.trusted_roles(read_settings(), MARKETPLACE) == frozenset()
    environment.setenv("VEIL_TRUSTED_ONLY", " PUBLIC  BANK ")
    assert app.trusted_roles(read_settings(), MARKETPLACE) == {Roles.PUBLIC, Roles.BANK}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_ONLY", "PUBLIC, BANK"),
        ("SESSION_SHARE", "1 KING=0.5"),
        ("COMPILE_RATE", "1 KING=0.5"),
        ("COST_RATE", "1 KING=0.5"),
    ],
)
def test_a_role_that_the_marketplace_has_not_is_refused_with_those_it_has(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(f"VEIL_{name}", value)
    with pytest.raises(SettingsError) as refused:
        app.application(read_settings())
    assert str(refused.value) == f"VEIL_{name}: give roles among {', '.join(Roles)}"


def test_the_limits_can_be_read_where_no_gateway_runs(environment: pytest.MonkeyPatch) -> None:
    """A command needs neither keys nor a secret to know them."""
    for name in ("DATABASE", "KEYS", "ISSUER", "SECRET"):
        environment.delenv(f"VEIL_{name}")
    assert read_limits() == DEFAULT_LIMITS
    environment.setenv("VEIL_DEPTH", "4")
    assert read_limits().depth == 4


def test_settings_cannot_be_changed_afterwards(environment: pytest.MonkeyPatch) -> None:
    del environment
    settings = read_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1
