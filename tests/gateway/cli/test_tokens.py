"""`veil token`."""

import re
from pathlib import Path

from tests.gateway.cli.conftest import Veil


def test_a_token_is_not_signed_where_an_issuer_is_configured(veil: Veil, tmp_path: Path) -> None:
    words = ("token", "platform", "--purpose", "diagnostics", "--directory", str(tmp_path))
    ended = veil(*words, VEIL_KEYS="https://issuer.example.com/keys")
    assert ended.code == 1
    assert "VEIL_KEYS names a key set, so tokens come from its issuer" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_token_is_signed_with_the_key_of_a_demo(veil: Veil, tmp_path: Path) -> None:
    at = ("--directory", str(tmp_path), "--purpose", "self_service")
    ended = veil("token", "member", *at, "--member", "1", "--ttl", "15m")
    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", ended.out)


def test_an_error_of_the_system_is_one_line(veil: Veil, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    ended = veil("token", "platform", "--purpose", "diagnostics", "--directory", str(file / "within"))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[-1].startswith(f"veil: {file}")
    assert ended.err.endswith("Not a directory\n")
