"""`veil token`."""

import re
from pathlib import Path

from gateway.demo.development import DevelopmentKey
from tests.gateway.cli.conftest import Ended, Veil


def test_a_token_is_not_signed_where_an_issuer_is_configured(veil: Veil, tmp_path: Path) -> None:
    words = ("token", "platform", "--purpose", "diagnostics", "--directory", str(tmp_path))
    ended = veil(*words, VEIL_KEYS="https://issuer.example.com/keys")
    assert ended.code == 1
    assert "VEIL_KEYS names a key set, so tokens come from its issuer" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_token_is_signed_with_the_key_of_a_demo(veil: Veil, tmp_path: Path) -> None:
    DevelopmentKey.in_directory(tmp_path)
    at = ("--directory", str(tmp_path), "--purpose", "self_service")
    ended = veil("token", "member", *at, "--member", "1", "--ttl", "15m")
    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", ended.out)


def test_without_a_demo_no_key_is_made(veil: Veil, tmp_path: Path) -> None:
    """A token of a key that nobody knows would be of no use."""
    words = ("token", "platform", "--purpose", "diagnostics", "--directory", str(tmp_path / "none"))
    message = f"veil: there is no demo in `{tmp_path / 'none'}`, whose key would sign; run `veil demo`, or name its --directory\n"
    assert veil(*words) == Ended(1, "", message)
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_system_is_one_line(veil: Veil, tmp_path: Path) -> None:
    (tmp_path / "development-key.json").mkdir()
    ended = veil("token", "platform", "--purpose", "diagnostics", "--directory", str(tmp_path))
    assert ended == Ended(1, "", f"veil: {tmp_path / 'development-key.json'}: Is a directory\n")
