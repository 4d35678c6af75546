"""The key set: which tokens it opens, which sets it takes, and what becomes of keys that come and go."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from gateway.identity import keys
from gateway.identity.keys import KeySet, KeySetUnusable, KeySource, NotGenuine, key_source, parse_key_set

RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
OLD = OKPKey.generate_key("Ed25519", {"kid": "old"})
NEW = OKPKey.generate_key("Ed25519", {"kid": "new"})

CLAIMS = {"iss": "issuer", "sub": "somebody"}
PAYLOAD = json.dumps(CLAIMS).encode()
GRACE = 3600


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Issuer:
    """A key set at an address: what it answers, what became of that, and an event to hold the answer back with."""

    def __init__(self) -> None:
        self.body = b""
        self.status = 200
        self.asked = 0
        self.sent_whole = False
        self.open = threading.Event()
        self.open.set()
        self.address = ""


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    fake = Issuer()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fake.asked += 1
            fake.open.wait(5)
            self.send_response(fake.status)
            self.send_header("Location", fake.address + "/elsewhere")
            self.send_header("Content-Length", str(len(fake.body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(fake.body)
                fake.sent_whole = True

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        fake.address = f"http://127.0.0.1:{server.server_port}/keys"
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        yield fake
        fake.open.set()
        server.shutdown()


def public(*members: Key, **more: object) -> bytes:
    return json.dumps({"keys": [{**key.as_dict(private=False), **more} for key in members]}).encode()


def encoded(part: object) -> str:
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def token(key: Key, payload: bytes = PAYLOAD, **header: object) -> str:
    """A token signed by a key, its header as such a key's should be unless given otherwise."""
    algorithm = {"RSA": "RS256", "EC": "ES256", "OKP": "Ed25519"}[key.key_type]
    signing = {name: value for name, value in {"alg": algorithm, "kid": key.kid, **header}.items() if value is not None}
    return hand_signed(signing, payload, lambda message: jws.JWSRegistry.algorithms[algorithm].sign(message, key))


def hand_signed(header: object, payload: bytes, sign: Callable[[bytes], bytes]) -> str:
    message = f"{encoded(header)}.{encoded(payload)}"
    return f"{message}.{encoded(sign(message.encode()))}"


def over(text: bytes) -> KeySource:
    async def read() -> bytes:
        return text

    return read


def verify(word: str, text: bytes | None = None) -> Mapping[str, object]:
    """What a key set over all three keys makes of a token."""

    async def verified() -> Mapping[str, object]:
        held = KeySet(over(public(RSA, EC, ED) if text is None else text), Clock())
        await held.start()
        try:
            return await held.verify(word)
        finally:
            await held.stop()

    return asyncio.run(verified())


async def opens(held: KeySet, word: str) -> bool:
    try:
        return dict(await held.verify(word)) == CLAIMS
    except NotGenuine:
        return False


# Which tokens it opens.


@pytest.mark.parametrize("key", [RSA, EC, ED], ids=["RS256", "ES256", "Ed25519"])
def test_a_token_signed_by_a_key_of_the_set_is_opened(key: Key) -> None:
    assert verify(token(key)) == CLAIMS


def test_ed25519_is_also_known_by_its_older_name() -> None:
    assert verify(token(ED, alg="EdDSA")) == CLAIMS
    assert verify(token(ED), public(ED, alg="EdDSA")) == CLAIMS


def test_a_token_signed_by_another_key_of_the_same_name_is_not_opened() -> None:
    imposter = OKPKey.generate_key("Ed25519", {"kid": "ed"})
    with pytest.raises(NotGenuine) as refused:
        verify(token(imposter))
    assert refused.value.hint == keys.ANOTHER_KEY


@pytest.mark.parametrize("key", [RSA, EC, ED], ids=["RS256", "ES256", "Ed25519"])
def test_a_token_changed_after_signing_is_not_opened(key: Key) -> None:
    header, _, signature = token(key).split(".")
    changed = f"{header}.{encoded({**CLAIMS, 'sub': 'somebody else'})}.{signature}"
    with pytest.raises(NotGenuine):
        verify(changed)


@pytest.mark.parametrize("signature", [b"", b"\0", b"\0" * 64, b"\0" * 256])
@pytest.mark.parametrize("key", [RSA, EC, ED], ids=["RS256", "ES256", "Ed25519"])
def test_an_empty_or_idle_signature_opens_nothing(key: Key, signature: bytes) -> None:
    message = token(key).rpartition(".")[0]
    with pytest.raises(NotGenuine) as refused:
        verify(f"{message}.{encoded(signature)}")
    assert refused.value.hint == keys.ANOTHER_KEY


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_a_public_key_is_never_taken_for_a_shared_secret(algorithm: str) -> None:
    digest = getattr(hashlib, algorithm.replace("HS", "sha"))
    for secret in (RSA.as_pem(), RSA.as_der(), json.dumps(RSA.as_dict(private=False)).encode()):
        forged = hand_signed(
            {"alg": algorithm, "kid": "rsa"},
            PAYLOAD,
            lambda message, secret=secret: hmac.digest(secret, message, digest),
        )
        with pytest.raises(NotGenuine) as refused:
            verify(forged)
        assert refused.value.hint == keys.ANOTHER_ALGORITHM


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, 7, ["none"], {}])
def test_a_token_that_is_not_signed_is_not_opened(algorithm: object) -> None:
    unsigned = f"{encoded({'alg': algorithm, 'kid': 'rsa'})}.{encoded(CLAIMS)}."
    with pytest.raises(NotGenuine):
        verify(unsigned)


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256", "ES384", "ES256K", "Ed448"])
def test_other_algorithms_are_not_opened(algorithm: str) -> None:
    with pytest.raises(NotGenuine) as refused:
        verify(token(RSA, alg=algorithm))
    assert refused.value.hint == keys.ANOTHER_ALGORITHM


def test_a_key_verifies_only_the_algorithm_it_is_made_for() -> None:
    for algorithm, key in (("ES256", RSA), ("RS256", EC), ("EdDSA", EC), ("RS256", ED)):
        with pytest.raises(NotGenuine) as refused:
            verify(token(key, alg=algorithm))
        assert refused.value.hint == keys.UNKNOWN_KEY


def test_a_key_the_token_brings_along_is_never_used() -> None:
    own = OKPKey.generate_key("Ed25519", {"kid": "ed"})
    brought: tuple[dict[str, Any], ...] = (
        {"jwk": own.as_dict(private=False)},
        {"jku": "https://example.com/keys"},
        {"x5u": "https://example.com/certificate"},
        {"x5c": ["certificate"]},
    )
    for carried in brought:
        for signer in (own, ED):
            with pytest.raises(NotGenuine) as refused:
                verify(token(signer, **carried))
            assert refused.value.hint == keys.CARRIED_KEY


@pytest.mark.parametrize("critical", [["exp"], ["b64"], [], "exp", None])
def test_a_header_with_critical_members_is_refused_whole(critical: object) -> None:
    header = {"alg": "Ed25519", "kid": "ed", "crit": critical}
    forged = hand_signed(header, PAYLOAD, lambda message: sign(ED, message))
    with pytest.raises(NotGenuine) as refused:
        verify(forged)
    assert refused.value.hint == keys.CARRIED_KEY


def test_a_payload_that_is_not_encoded_is_refused() -> None:
    with pytest.raises(NotGenuine):
        verify(token(ED, b64=False))


def test_a_token_must_name_its_key() -> None:
    for kid in (None, 7, "", "another"):
        with pytest.raises(NotGenuine) as refused:
            verify(token(ED, kid=kid))
        assert refused.value.hint == keys.UNKNOWN_KEY


@pytest.mark.parametrize(
    "payload",
    [
        b'{"sub": "a", "sub": "b"}',
        b'{"role": {"a": 1, "a": 2}}',
        b'{"sub": "a", "s\\u0075b": "b"}',
        b"[]",
        b"null",
        b'"sub"',
        b"",
        b"{",
        b'{"exp": NaN}',
        b'{"exp": Infinity}',
        b'{"exp": ' + b"9" * 5000 + b"}",
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"sub": "\xff"}',
        '{"sub": "a"}'.encode("utf-16"),
        '\ufeff{"sub": "a"}'.encode(),
    ],
    ids=lambda payload: ascii(payload[:20]),
)
def test_a_payload_that_could_be_read_in_two_ways_is_refused(payload: bytes) -> None:
    with pytest.raises(NotGenuine) as refused:
        verify(token(ED, payload))
    assert refused.value.hint == keys.MALFORMED


def test_a_header_in_which_a_name_comes_twice_is_refused() -> None:
    header = b'{"alg": "none", "kid": "ed", "alg": "Ed25519"}'
    with pytest.raises(NotGenuine) as refused:
        verify(hand_signed(header, PAYLOAD, lambda message: sign(ED, message)))
    assert refused.value.hint == keys.MALFORMED


@pytest.mark.parametrize(
    "word", ["", ".", "..", "a.b", "a.b.c", "e30.e30.", "e30.e30.e30.e30.e30", "é.é.é", "\ud800.a.b", "W10.e30.e30"]
)
def test_what_is_no_token_is_refused(word: str) -> None:
    with pytest.raises(NotGenuine):
        verify(word)


def test_one_token_is_written_in_one_way_only() -> None:
    """A signature's spare bits and padding are not free: else one token would be many."""
    genuine = token(ED)
    for written in (genuine + "=", genuine[:-1] + chr(ord(genuine[-1]) + 1), genuine + "\n", genuine.replace("_", "/")):
        if written != genuine:
            with pytest.raises(NotGenuine):
                verify(written)


# Any text at all, and text that looks much like a token.
SEGMENTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(token(ED).split(".")),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=8)
        | st.sampled_from(["alg", "Ed25519", "kid", "ed"]),
        lambda part: (
            st.lists(part, max_size=3)
            | st.dictionaries(st.sampled_from(["alg", "kid", "crit", "b64"]) | st.text(max_size=4), part, max_size=4)
        ),
    ).map(encoded),
)


@given(st.lists(SEGMENTS, max_size=4).map(".".join) | st.text())
@example(token(ED)[:-2])
def test_no_text_does_anything_but_be_refused(word: str) -> None:
    with pytest.raises(NotGenuine) as refused:
        verify(word)
    assert refused.value.__cause__ is None


def sign(key: Key, message: bytes) -> bytes:
    return jws.JWSRegistry.algorithms["Ed25519"].sign(message, key)


# Which sets it takes.


def set_of(*entries: object) -> bytes:
    return json.dumps({"keys": entries}).encode()


NO_SETS = {
    "shared key": (set_of(OctKey.generate_key(256, {"kid": "shared"}).as_dict()), "symmetric"),
    "shared key, not shown": (set_of({"kty": "oct", "kid": "shared"}), "symmetric"),
    "shared key, disguised": (set_of({"kty": "RSA", "k": "c2VjcmV0"}), "symmetric"),
    "private Ed25519": (set_of(ED.as_dict(private=True)), "private"),
    "private RSA": (set_of(RSA.as_dict(private=True)), "private"),
    "private among public": (set_of(ED.as_dict(), EC.as_dict(private=True)), "private"),
    "one name for two": (set_of(ED.as_dict(), ED.as_dict()), "same `kid`"),
    "a number for a key": (set_of(7), "not an object"),
    "a text for a key": (set_of("key"), "not an object"),
    "an object of keys": (b'{"keys": {}}', "no list"),
    "no keys": (b"{}", "no list"),
    "a list": (b"[]", "not well-formed"),
    "a page": (b"<html>", "not well-formed"),
    "nothing": (b"", "not well-formed"),
    "compressed": (b"\x1f\x8b", "not well-formed"),
    "keys twice": (b'{"keys": [], "keys": []}', "not well-formed"),
    "deep": (b'{"keys": ' + b"[" * 100_000, "not well-formed"),
    "large": (b" " * (keys.LARGEST_SET + 1), "larger"),
}


@pytest.mark.parametrize(("text", "why"), NO_SETS.values(), ids=NO_SETS)
def test_what_is_no_set_of_public_keys_is_refused_whole(text: bytes, why: str) -> None:
    with pytest.raises(KeySetUnusable, match=why):
        parse_key_set(text)


@pytest.mark.parametrize(
    "entry",
    [
        {**RSA.as_dict(private=False), "use": "enc"},
        {**RSA.as_dict(private=False), "alg": "RS512"},
        {**RSA.as_dict(private=False), "alg": "HS256"},
        {**RSA.as_dict(private=False), "alg": ["RS256"]},
        {**RSA.as_dict(private=False), "key_ops": ["encrypt"]},
        {**RSA.as_dict(private=False), "key_ops": "verify"},
        {**RSA.as_dict(private=False), "kid": None},
        {**RSA.as_dict(private=False), "kid": ["rsa"]},
        {**RSA.as_dict(private=False), "n": "not base64!"},
        {**RSA.as_dict(private=False), "n": ""},
        {**RSA.as_dict(private=False), "e": "AQ"},
        {**RSA.as_dict(private=False), "exp": "soon"},
        {**EC.as_dict(private=False), "x": EC.as_dict(private=False)["y"]},
        {**EC.as_dict(private=False), "crv": "P-384"},
        {**EC.as_dict(private=False), "crv": ["P-256"]},
        {**ED.as_dict(private=False), "x": "AAAA"},
        {"kty": "OKP", "crv": "Ed25519", "kid": "empty"},
        {"kty": ["RSA"], "kid": "odd"},
        {"kty": "AKP", "alg": "ML-DSA-44", "kid": "quantum", "pub": "AAAA"},
        ECKey.generate_key("P-384", {"kid": "384"}).as_dict(private=False),
        OKPKey.generate_key("Ed448", {"kid": "448"}).as_dict(private=False),
        OKPKey.generate_key("X25519", {"kid": "x"}).as_dict(private=False),
        {},
    ],
)
def test_a_key_that_cannot_be_used_is_passed_over(entry: object) -> None:
    assert parse_key_set(set_of(entry, OLD.as_dict(private=False))).keys() == {("old", "Ed25519")}


def test_a_weak_key_is_passed_over() -> None:
    with pytest.warns(SecurityWarning):
        weak = RSAKey.generate_key(1024, {"kid": "weak"})
    with pytest.warns(SecurityWarning):
        assert not parse_key_set(public(weak))


def test_a_key_may_say_that_it_is_for_signatures() -> None:
    assert parse_key_set(public(RSA, use="sig", key_ops=["verify"], alg="RS256", x5c=["a certificate"]))


ANYTHING: list[object] = [
    "RSA",
    "EC",
    "OKP",
    "P-256",
    "Ed25519",
    "sig",
    "AQAB",
    "",
    "é",
    1,
    -1,
    None,
    [],
    {},
    ["verify"],
]


@given(
    st.dictionaries(
        st.sampled_from(["kty", "crv", "kid", "alg", "use", "key_ops", "n", "e", "x", "y", "exp"]),
        st.sampled_from(ANYTHING) | st.text(max_size=50),
    )
)
def test_no_entry_does_anything_but_be_taken_or_passed_over(entry: dict[str, object]) -> None:
    assert len(parse_key_set(set_of(entry))) <= 1


# Where a set is read from.


def test_a_set_is_read_from_a_file_and_from_an_address(tmp_path: Path, issuer: Issuer) -> None:
    file = tmp_path / "keys.json"
    issuer.body = public(ED)
    file.write_bytes(public(ED))

    async def read() -> list[bytes]:
        return [await key_source(location)() for location in (str(file), issuer.address)]

    assert asyncio.run(read()) == [public(ED), public(ED)]


def test_a_file_is_read_anew_when_it_has_changed(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "keys.json"
    file.write_bytes(public(OLD))

    async def opened() -> bool:
        held = KeySet(key_source(str(file)), clock)
        await held.start()
        file.write_bytes(public(NEW))
        new = await opens(held, token(NEW))
        file.unlink()
        clock.now += keys.RETRY_SECONDS
        await opens(held, token(ED))
        kept = await opens(held, token(NEW))
        await held.stop()
        return new and kept

    assert asyncio.run(opened())


def test_a_start_without_a_usable_set_is_stopped(tmp_path: Path, issuer: Issuer) -> None:
    """A file that is not there and a set that cannot be used are mistakes in a setting: they are reported at once."""
    (tmp_path / "empty.json").write_bytes(b'{"keys": []}')
    issuer.body = public(RSA, use="enc")
    for location in (tmp_path / "missing.json", tmp_path, tmp_path / "empty.json", issuer.address):
        with pytest.raises(KeySetUnusable):
            asyncio.run(KeySet(key_source(str(location)), Clock()).start())


def test_a_set_out_of_reach_at_the_start_is_tried_again(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(keys, "RETRY_SECONDS", 0.02)
    issuer.status = 503

    async def ready() -> tuple[bool, bool]:
        held = KeySet(key_source(issuer.address), Clock())
        await held.start()
        before, issuer.status, issuer.body = held.ready, 200, public(ED)
        await until(lambda: held.ready)
        after = held.ready and await opens(held, token(ED))
        await held.stop()
        return before, after

    with caplog.at_level(logging.WARNING):
        assert asyncio.run(ready()) == (False, True)
    reason = "the key set was not read: its address does not answer with it (HTTPStatusError)"
    assert any(message.startswith(f"{reason}; the last reading was ") for message in caplog.messages)
    assert issuer.address not in caplog.text


def test_a_set_is_refreshed_in_the_background_until_stopped() -> None:
    read = 0

    async def counted() -> bytes:
        nonlocal read
        read += 1
        return public(OLD if read < 3 else NEW)

    async def refreshed() -> tuple[bool, int]:
        held = KeySet(counted, Clock(), refresh_seconds=0.01)
        await held.start()
        await until(lambda: read >= 5)
        new = await opens(held, token(NEW))
        await held.stop()
        stopped = read
        await asyncio.sleep(0.05)
        return new, read - stopped

    assert asyncio.run(refreshed()) == (True, 0)


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (404, public(NEW)), (302, public(NEW)), (200, b"<html>"), (200, set_of({"kty": "oct", "k": "AAAA"}))],
    ids=["broken", "not found", "elsewhere", "a page", "a secret"],
)
def test_a_reading_that_fails_keeps_the_keys_there_are(issuer: Issuer, status: int, body: bytes) -> None:
    clock, issuer.body = Clock(), public(OLD)

    async def kept() -> tuple[bool, bool]:
        held = KeySet(key_source(issuer.address), clock, grace_seconds=0)
        await held.start()
        issuer.status, issuer.body = status, body
        new = await opens(held, token(NEW))
        clock.now += 10 * GRACE
        old = await opens(held, token(OLD))
        await held.stop()
        return new, old

    assert asyncio.run(kept()) == (False, True)
    assert issuer.asked == 2


def test_an_answer_that_does_not_end_is_not_read_to_its_end(issuer: Issuer) -> None:
    issuer.body = b" " * (keys.LARGEST_SET * 256)
    with pytest.raises(KeySetUnusable, match="larger"):
        asyncio.run(KeySet(key_source(issuer.address), Clock()).start())
    assert not issuer.sent_whole


def test_an_answer_that_does_not_come_is_not_waited_for(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "FETCH_SECONDS", 0.1)
    issuer.open.clear()

    async def ready() -> bool:
        held = KeySet(key_source(issuer.address), Clock())
        await held.start()
        await held.stop()
        return held.ready

    assert not asyncio.run(ready())


def test_a_set_nobody_serves_is_out_of_reach() -> None:
    async def ready(address: str) -> bool:
        held = KeySet(key_source(address), Clock())
        await held.start()
        await held.stop()
        return held.ready

    for address in ("http://127.0.0.1:1/keys", "http://", "http://[/keys"):
        assert not asyncio.run(ready(address))


# Keys that come and go.


def test_a_key_that_left_the_set_is_honoured_for_its_grace_and_no_longer(issuer: Issuer) -> None:
    clock, issuer.body = Clock(), public(OLD)

    async def rotated() -> list[tuple[bool, bool]]:
        held, seen = KeySet(key_source(issuer.address), clock, grace_seconds=GRACE), list[tuple[bool, bool]]()
        await held.start()
        issuer.body = public(NEW)
        for step in (0, 1, GRACE - 2, 1):
            clock.now += step
            seen.append((await opens(held, token(NEW)), await opens(held, token(OLD))))
        await held.stop()
        return seen

    assert asyncio.run(rotated()) == [(True, True), (True, True), (True, True), (True, False)]


def test_the_grace_does_not_start_anew_with_each_reading(issuer: Issuer) -> None:
    clock, issuer.body = Clock(), public(OLD)

    async def rotated() -> bool:
        held = KeySet(key_source(issuer.address), clock, grace_seconds=GRACE)
        await held.start()
        issuer.body = public(NEW)
        for _ in range(10):
            await opens(held, token(ED))
            clock.now += GRACE / 10
        honoured = await opens(held, token(OLD))
        await held.stop()
        return honoured

    assert not asyncio.run(rotated())
    assert issuer.asked > 10


def test_a_key_that_comes_back_is_as_good_as_new(issuer: Issuer) -> None:
    clock, issuer.body = Clock(), public(OLD)

    async def rotated() -> bool:
        held = KeySet(key_source(issuer.address), clock, grace_seconds=GRACE)
        await held.start()
        for body in (public(NEW), public(NEW, OLD)):
            issuer.body = body
            clock.now += keys.RETRY_SECONDS
            await opens(held, token(ED))
        clock.now += 2 * GRACE
        honoured = await opens(held, token(OLD))
        await held.stop()
        return honoured

    assert asyncio.run(rotated())


def test_a_key_that_says_when_it_ends_ends_then_in_the_set_or_out_of_it(issuer: Issuer) -> None:
    clock = Clock()
    issuer.body = public(OLD, exp=clock.now + 60)

    async def ended() -> list[bool]:
        held, seen = KeySet(key_source(issuer.address), clock, grace_seconds=GRACE), list[bool]()
        await held.start()
        seen.append(await opens(held, token(OLD)))
        issuer.body = public(NEW)
        for step in (59, 1):
            clock.now += step
            await opens(held, token(NEW))
            seen.append(await opens(held, token(OLD)))
        issuer.body = public(OLD, exp=clock.now)
        clock.now += keys.RETRY_SECONDS
        seen.append(await opens(held, token(OLD)))
        await held.stop()
        return seen

    assert asyncio.run(ended()) == [True, True, False, False]


def test_a_key_not_known_is_asked_for_once_however_many_tokens_name_it(issuer: Issuer) -> None:
    clock, issuer.body = Clock(), public(OLD)

    async def asked() -> list[tuple[int, bool]]:
        held, seen = KeySet(key_source(issuer.address), clock), list[tuple[int, bool]]()
        await held.start()
        for body in (public(OLD), public(OLD, NEW), public(OLD, NEW)):
            issuer.body = body
            opened = await asyncio.gather(*(opens(held, token(NEW)) for _ in range(20)))
            seen.append((issuer.asked, all(opened)))
            clock.now += keys.RETRY_SECONDS / 2
        await held.stop()
        return seen

    # Read at the start, by the first tokens, not by those of five seconds later, by those of ten seconds later.
    assert asyncio.run(asked()) == [(2, False), (2, False), (3, True)]


def test_a_clock_set_back_does_not_keep_new_keys_out(issuer: Issuer) -> None:
    clock, issuer.body = Clock(), public(OLD)

    async def opened() -> bool:
        held = KeySet(key_source(issuer.address), clock)
        await held.start()
        await opens(held, token(ED))
        clock.now -= GRACE
        issuer.body = public(NEW)
        new = await opens(held, token(NEW))
        await held.stop()
        return new

    assert asyncio.run(opened())


def test_a_known_key_does_not_wait_for_a_reading(issuer: Issuer) -> None:
    issuer.body = public(OLD)

    async def opened() -> bool:
        held = KeySet(key_source(issuer.address), Clock())
        await held.start()
        issuer.open.clear()
        waiting = asyncio.create_task(opens(held, token(NEW)))
        await until(lambda: issuer.asked == 2)
        known = await opens(held, token(OLD)) and not waiting.done()
        issuer.open.set()
        await waiting
        await held.stop()
        return known

    assert asyncio.run(opened())


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never came to hold")
