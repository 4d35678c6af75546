"""What the whole suite hears by the way: every log record, and PostgreSQL's own log, searched in the end for identifiers.

Not a test may make anything log an identifier that is stored, in whatever encoding: neither with what it asks nor with
what it breaks.
"""

import base64
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CHATTER = ("httpcore", "asyncio")
"""What the tests' own client and loop say at length of each request: nothing of the gateway's."""

SHORTEST = 7
"""Characters of an identifier that is not found by chance."""


class Overheard(logging.Handler):
    """All that is logged in this process, each text once."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s %(args)s"))
        self.texts: set[str] = set()
        self._before = logging.WARNING

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.add(self.format(record))

    def listen(self) -> None:
        root = logging.getLogger()
        self._before = root.level
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        for name in CHATTER:
            logging.getLogger(name).setLevel(logging.INFO)

    def stop(self) -> None:
        root = logging.getLogger()
        root.removeHandler(self)
        root.setLevel(self._before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was searched for what, and what was found: each with the text it stands in."""

    identifiers: int
    characters: int
    found: Sequence[str]
    without: str
    """What was not searched, and why; empty if all was."""

    def __str__(self) -> str:
        found = f"{self.identifiers} identifiers in {self.characters} characters of logs: {len(self.found)} found"
        return f"{found}{self.without}"


def search(overheard: Overheard, server_log: Path | None, identifiers: set[str]) -> Search:
    """Searches the server's log too, unless another started the server and keeps its log."""
    logged = server_log.read_text("utf-8", "replace").splitlines() if server_log else []
    texts = [*overheard.texts, *set(logged)]
    heard = "\n".join(texts)
    folded = heard.casefold()
    sought = {each for each in identifiers if len(each) >= SHORTEST}
    hits = [each for each in sought if each.casefold() in folded or any(code in heard for code in encoded(each))]
    found = [f"{each} in {next((text for text in texts if each in text), 'some encoding')}" for each in hits]
    without = "" if server_log else "; the server's log is not ours and was not searched"
    return Search(identifiers=len(sought), characters=len(heard), found=found, without=without)


def encoded(identifier: str) -> Iterator[str]:
    """An identifier as it looks in base64, wherever it begins, and in hexadecimal digits."""
    content = identifier.encode()
    for shift in range(3):
        whole = base64.b64encode(bytes(shift) + content).decode()
        # Only what the identifier alone decides: not the characters it shares with its neighbours.
        yield whole[(shift * 8 + 5) // 6 : (shift + len(content)) * 8 // 6]
    yield content.hex()
