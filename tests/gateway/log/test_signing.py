"""The file of signing keys: its form, who may read it, and what is refused."""

import stat
from pathlib import Path

import pytest

from gateway.log.signing import Signer, SigningKey, write_key
from gateway.log.snapshot import LogError
from gateway.log.veil_verify import TreeHead, Trust
from tests.gateway.log.logs import NAME

TREE = TreeHead(size=3, root=b"r" * 32)


def test_a_key_file_is_its_owner_s_and_signs(tmp_path: Path) -> None:
    """With every key in it: a new one is added before an old one goes."""
    file = tmp_path / "key"
    keys = [SigningKey.generate(NAME), SigningKey.generate(NAME)]
    for key in keys:
        write_key(file, key)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    signer = Signer.in_file(file)
    assert signer.public == [key.public for key in keys]
    for key in keys:
        assert Trust(keys=[key.public]).check(signer.note(TREE)).tree == TREE


def test_a_key_does_not_show_itself() -> None:
    key = SigningKey.generate(NAME)
    # The key itself may have a plus too.
    assert key.line().removeprefix(f"PRIVATE+KEY+{NAME}+").partition("+")[2] not in repr(key)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\n"])
def test_a_name_that_no_note_can_have_is_refused(name: str) -> None:
    with pytest.raises(LogError, match="a key's name has no spaces"):
        SigningKey.generate(name)


@pytest.mark.parametrize("content", ["", "PRIVATE+KEY+a+b+c", "something", "two\nlines"])
def test_a_file_that_has_no_key_is_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(content)
    with pytest.raises(LogError, match="make one with `veil log key`"):
        Signer.in_file(file)


def test_keys_of_two_logs_are_no_signer(tmp_path: Path) -> None:
    file = tmp_path / "key"
    for name in ("one.example", "other.example"):
        write_key(file, SigningKey.generate(name))
    with pytest.raises(LogError, match="signing keys of one name"):
        Signer.in_file(file)


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="cannot be read"):
        Signer.in_file(tmp_path / "key")
    with pytest.raises(LogError, match="cannot be written"):
        write_key(tmp_path / "no" / "key", SigningKey.generate(NAME))
