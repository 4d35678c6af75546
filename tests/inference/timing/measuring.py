"""Times the requests of a pair by turns, from the last byte sent to the last received."""

import http.client
import json
import random
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from gateway.demo.development import DevelopmentKey
from tests.conftest import Requesting
from tests.inference.timing.figures import Told, told_apart
from tests.inference.timing.pairs import Body, Pair

SECONDS = 30
WARMING = 20
"""Looks before those that count."""


class NotComparable(AssertionError):
    """The two requests of a pair are refused, or not answered alike: then nobody needs their times."""


@dataclass(slots=True, kw_only=True)
class Measuring:
    """A connection to a gateway, by which requests are timed."""

    address: str
    key: DevelopmentKey
    chance: random.Random
    _headers: dict[Requesting, Mapping[str, str]] = field(default_factory=dict[Requesting, Mapping[str, str]])
    _connection: http.client.HTTPConnection | None = None

    def told_apart(self, pair: Pair, repeats: int) -> Told:
        """How well the two requests of a pair are told apart. Raises `NotComparable`."""
        for number in range(WARMING):
            self._least(pair, -1 - number, looks=1)
        measured = [self._least(pair, number, looks=pair.looks) for number in range(repeats)]
        first, second = zip(*measured, strict=True)
        return told_apart(first, second, self.chance)

    def _least(self, pair: Pair, number: int, *, looks: int) -> tuple[float, float]:
        """The least times of both, in microseconds. Which of the two comes first is drawn each time."""
        if pair.asked_before:
            self._seconds(*pair.asked_before(number))
        bodies = pair.bodies(number)
        times = [[0.0] * looks, [0.0] * looks]
        answers: dict[int, object] = {}
        for look in range(looks):
            for which in self.chance.sample((0, 1), 2):
                times[which][look], answers[which] = self._seconds(pair.requesting, bodies[which])
        if answers[0] != answers[1]:
            raise NotComparable(f"{pair.name}: {answers[0]} and {answers[1]}")
        return min(times[0]) * 1e6, min(times[1]) * 1e6

    def _seconds(self, requesting: Requesting, body: Body) -> tuple[float, object]:
        sent = json.dumps({"query": body.query, "variables": body.variables}).encode()
        connection = self._connected()
        headers = self._headers.get(requesting)
        if headers is None:
            headers = {"Content-Type": "application/json", **requesting.headers(self.key)}
            self._headers[requesting] = headers
        began = time.perf_counter()
        connection.request("POST", "/graphql", sent, headers)
        received = connection.getresponse().read()
        seconds = time.perf_counter() - began
        answer = json.loads(received)
        if "errors" in answer:
            raise NotComparable(f"{body.query[:60]}…: {answer['errors']}")
        return seconds, answer["data"]

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=SECONDS)
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection

    def close(self) -> None:
        if self._connection:
            self._connection.close()
