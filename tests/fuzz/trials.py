"""Tries requests over HTTP, as many as wanted from a seed, and makes the first bad one as small as it can be."""

import http.client
import json
import tempfile
from collections import Counter
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from gateway import app
from gateway.demo.development import DevelopmentKey
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from schema.policy import policy_file
from tests.conftest import Serving, run, settings_for
from tests.fuzz import judging
from tests.fuzz.judging import Response
from tests.fuzz.requests import Requests, Sent
from tests.opinion import market
from tests.opinion.operations import Pool

SECONDS = 30
"""How long a response may take."""


class Found(AssertionError):
    """A request that got a bad response."""

    def __init__(self, sent: Sent, problem: str) -> None:
        super().__init__(f"{problem}\nrequest: {sent}")
        self.problem = problem


@dataclass(slots=True, kw_only=True)
class Trial:
    """A gateway under trial, and what came of the requests so far."""

    address: str
    requests: Requests
    tried: Counter[str] = field(default_factory=Counter[str])
    """By kind of request and outcome."""
    _connection: http.client.HTTPConnection | None = None

    def problem(self, sent: Sent) -> str | None:
        """The first thing that is wrong with the response."""
        try:
            response = self._response(sent)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return f"no response: {type(error).__name__}"
        self.tried[f"{sent.kind}: {judging.outcome(response)}"] += 1
        # Other headers may make another requester.
        view = self.requests.view(sent.requesting) if sent.kind != "headers" else None
        return next(judging.problems(response, sent.body, view), None)

    def _response(self, sent: Sent) -> Response:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=SECONDS)
        connection = self._connection
        connection.putrequest("POST", "/graphql", skip_accept_encoding=True)
        for name, value in (*sent.headers, ("Content-Length", b"%d" % len(sent.body))):
            connection.putheader(name, value)
        connection.endheaders(sent.body)
        received = connection.getresponse()
        body = received.read()
        if received.will_close:
            self.close()
        headers = {name.lower(): value for name, value in received.getheaders()}
        return Response(status=received.status, headers=headers, body=body)

    def close(self) -> None:
        """Closes the connection. The next request opens another."""
        if self._connection:
            self._connection.close()
        self._connection = None


def first_found(trial: Trial, *, seed: int, cases: int) -> Found | None:
    """The first request of a seed that gets a bad response, as small as can be."""

    @seeded(seed)
    @settings(
        max_examples=cases,
        phases=(Phase.generate, Phase.shrink),
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )
    @given(trial.requests.any())
    def holds(sent: Sent) -> None:
        if problem := trial.problem(sent):
            raise Found(sent, problem)

    try:
        holds()
    except Found as found:
        return found
    return None


@contextmanager
def over(url: str) -> Generator[Trial]:
    """A gateway over a sample marketplace; `url` is its owner's."""
    with tempfile.TemporaryDirectory() as directory:
        key = DevelopmentKey.in_directory(Path(directory))
        keys = Path(directory) / "published.json"
        keys.write_text(json.dumps(key.key_set()))
        with (
            Serving(settings_for(url, keys)) as address,
            closing(Trial(address=address, requests=requests_over(url, key))) as trial,
        ):
            yield trial


def requests_over(url: str, key: DevelopmentKey) -> Requests:
    """Requests with the values of the marketplace at an address, which is its owner's."""
    catalog = app.catalog()
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    return Requests(
        compiler=Compiler(catalog, policy, DEFAULT_LIMITS),
        catalog=catalog,
        pool=Pool.of(run(url, market.fetch), catalog),
        key=key,
    )
