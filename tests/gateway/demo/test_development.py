"""The development key: an issuer's stand-in for a demo and for tests."""

import stat
from pathlib import Path

from gateway.demo.development import DevelopmentKey, has_key, secret
from gateway.identity.authenticator import (
    Credentials,
)
from schema.marketplace.words import Purposes, Roles
from schema.refusals import Code
from tests.gateway.identity.test_authenticator import KEY, NOW, identify, refused


def test_the_development_key_and_secret_are_made_once_and_are_their_owners_alone(tmp_path: Path) -> None:
    directory = tmp_path / "made" / "here"
    assert not has_key(directory)
    key_, secret_ = DevelopmentKey.in_directory(directory), secret(directory)
    assert has_key(directory)
    assert DevelopmentKey.in_directory(directory).key_set() == key_.key_set()
    assert secret(directory) == secret_
    assert len(secret_) == 32
    assert {stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()} == {0o600}
    assert len(list(directory.iterdir())) == 2


def test_two_directories_have_two_keys_and_two_secrets(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert DevelopmentKey.in_directory(first).key_set() != DevelopmentKey.in_directory(second).key_set()
    assert secret(first) != secret(second)


def test_the_published_key_is_the_public_half_only() -> None:
    (published,) = KEY.key_set()["keys"]
    assert published.keys() == {"kty", "crv", "x", "kid", "use", "alg"}


def test_a_development_token_is_a_token_like_any_other() -> None:
    token = KEY.sign(Roles.AUTHORITY, [Purposes.COURT_ORDER], organisation=4, sub="court", now=NOW)
    sent = Credentials(authorization=f"Bearer {token}", purpose="court_order", reference="HCA 1")
    requester = identify(sent)
    assert (requester.role, requester.organisation, requester.sub) == (Roles.AUTHORITY, 4, "court")
    late = KEY.sign(Roles.MEMBER, [Purposes.SELF_SERVICE], member=12, lifetime_seconds=60, now=NOW - 90)
    assert refused(Credentials(authorization=f"Bearer {late}", purpose="self_service", reference=None)).code is (
        Code.TOKEN_INVALID
    )
