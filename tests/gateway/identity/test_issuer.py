"""The sign-in at an issuer, as values: where it sends somebody, and what it does with an answer."""

import asyncio
from collections.abc import Mapping

import pytest

from gateway.identity.issuer import BegunSignIn, Issuer, IssuerClient, IssuerUnusable, SignInRefused
from tests.gateway.identity.provider import CLIENT, providing


async def _unverified(token: str) -> Mapping[str, object]:
    raise AssertionError(token)


def _issuer(address: str) -> Issuer:
    return Issuer(IssuerClient(issuer=address, client=CLIENT, secret=None, scope="openid"), _unverified)


def test_each_sign_in_has_a_state_a_nonce_and_a_verifier_of_its_own() -> None:
    with providing() as provider:
        issuer = _issuer(provider.address)

        async def twice() -> list[BegunSignIn]:
            return [(await issuer.begin("/desk", "http://127.0.0.1/back"))[1] for _ in range(2)]

        one, other = asyncio.run(twice())
    assert len({one.state, one.nonce, one.verifier, other.state, other.nonce, other.verifier}) == 6
    assert BegunSignIn.of_text(one.as_text()) == one


def test_a_public_client_that_the_issuer_asks_for_a_secret_gets_nothing() -> None:
    with providing() as provider:
        issuer = _issuer(provider.address)

        async def tried() -> None:
            _, begun = await issuer.begin("/desk", "http://127.0.0.1/back")
            answer = {"state": begun.state, "code": "x", "iss": provider.address}
            await issuer.tokens(answer, begun, "http://127.0.0.1/back")

        with pytest.raises(SignInRefused):
            asyncio.run(tried())


def test_an_issuer_that_is_not_there_is_unusable() -> None:
    with pytest.raises(IssuerUnusable, match="does not answer"):
        asyncio.run(_issuer("http://127.0.0.1:9").begin("/desk", "http://127.0.0.1/back"))
