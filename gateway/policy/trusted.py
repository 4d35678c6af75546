"""The trusted documents: which texts a role may run for a purpose, read from the database, found by their digest.

The owner registers them (`registration`). A worker reads and compiles them before it is ready, and reads them again
every few seconds, sooner when a request names one it does not know. What runs is the text that was read, never a text
that a client sends beside a digest. An unknown document and one that others trust get the same answer.
"""

import asyncio
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import assert_never

from gateway.database.pool import Pool
from gateway.http.request import DocumentReference, ReferenceForm
from gateway.policy.in_force import PolicyInForce
from gateway.policy.registration import MOST_DOCUMENTS
from resolvers.compiler import Compiler
from resolvers.front.document import Request, document_digest
from resolvers.sql.render import Statement
from schema.definition import Marketplace
from schema.refusals import Code, Failed, Problem, Refused
from schema.requester import Purpose, Requester, Role

READ_SECONDS = 5.0
"""Seconds between two readings. For so long a removed document may still run."""

UNKNOWN_SECONDS = 1.0
"""Seconds between two readings that unknown documents cause."""

COMPILED_DOCUMENTS = 1_000
"""Documents that are compiled before a request asks for them."""

COMPILE_SECONDS = 10.0
"""Seconds that compiling them may delay the start."""

_PAGE = 100
"""Documents read at once."""

_HINT = "a document is trusted for one role and purpose; ask the operator to register it: `veil trust add`"

_IDS = Statement(
    sql="""\
with call as (select * from unnest($1::integer[]) with ordinality as call (most, n))
select n, convert_to((
    select coalesce(json_agg(id), '[]')::text
    from (select id from veil.trusted_document order by id limit call.most) document
), 'UTF8') as json from call""",
    plan=None,
    treatments=b"",
)

_DOCUMENTS = Statement(
    sql="""\
with call as (select * from unnest($1::text[]) with ordinality as call (ids, n))
select n, convert_to((
    select coalesce(json_agg(json_build_array(id, role, purpose, document)), '[]')::text
    from veil.trusted_document where id = any (call.ids::bigint[])
), 'UTF8') as json from call""",
    plan=None,
    treatments=b"",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedDocument:
    """A text that one role may run for one purpose."""

    role: Role
    purpose: Purpose
    text: str


class TrustedDocuments:
    """The documents that this worker read last, and the roles that may send no others."""

    def __init__(self, pool: Pool, policy: PolicyInForce, marketplace: Marketplace, only: frozenset[Role]) -> None:
        self._pool = pool
        self._policy = policy
        self._marketplace = marketplace
        self._only = only
        self._documents: dict[int, TrustedDocument] = {}
        self._texts: Mapping[tuple[str, Role, Purpose], str] | None = None
        """Texts by their digest, computed here; none before the first reading."""
        self._read_at = -inf
        self._lock = asyncio.Lock()
        self._compiler: Compiler | None = None
        self._compiled: set[int] = set()
        """The documents that this compiler was given."""
        self._is_ready = False
        self._task: asyncio.Task[None] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the documents were read and compiled."""
        return self._is_ready

    async def start(self) -> None:
        """Reads and compiles the documents, then again at intervals."""
        with suppress(Failed):
            await self.refresh()
        self._task = asyncio.create_task(self._keep_fresh())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def trust(self, asked: Request | DocumentReference, requester: Requester) -> Request:
        """The stage `trust`: the request, with the registered text if it names a trusted document.

        Raises `Refused` with DOCUMENT_NOT_TRUSTED or PERSISTED_QUERY_NOT_FOUND, `Failed` while none can be read.
        """
        if isinstance(asked, Request):
            if requester.role not in self._only:
                return asked
            digest, refusal = document_digest(asked.document), _not_trusted()
        else:
            digest, refusal = asked.digest, _unknown(asked.form)
        text = await self._text((digest, requester.role, requester.purpose))
        if text is None:
            raise refusal
        return Request(document=text, operation_name=asked.operation_name, variables=asked.variables, is_trusted=True)

    async def refresh(self) -> None:
        """Notices documents that were added or removed. Raises `Failed` while the database is unavailable."""
        await self._read_after(0)
        # Without a policy nothing can be compiled, and nothing runs.
        with suppress(Failed):
            await self._compile(await self._policy.compiler())
        self._is_ready = True

    async def _text(self, key: tuple[str, Role, Purpose]) -> str | None:
        if self._texts is None or key not in self._texts:
            await self._read_after(UNKNOWN_SECONDS)
        if self._texts is None:
            raise Failed(Code.UNAVAILABLE, "ask again once the gateway has read the trusted documents")
        return self._texts.get(key)

    async def _keep_fresh(self) -> None:
        while True:
            await asyncio.sleep(READ_SECONDS)
            try:
                await self.refresh()
            except Failed:
                pass
            except Exception as error:  # noqa: BLE001 - whatever happens, a removed document must be noticed later
                logging.getLogger(__name__).error("%s while trusted documents were read", type(error).__name__)

    # Reading.

    async def _read_after(self, seconds: float) -> None:
        """Reads the documents, unless somebody did within so many seconds."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if now - self._read_at >= seconds:
                self._read_at = now
                await self._read()

    async def _read(self) -> None:
        ids: list[int] = json.loads(await self._pool.ask(_IDS, MOST_DOCUMENTS))
        added = [each for each in ids if each not in self._documents]
        kept = {each: self._documents[each] for each in ids if each in self._documents}
        if self._texts is not None and not added and len(kept) == len(self._documents):
            return
        for start in range(0, len(added), _PAGE):
            page = added[start : start + _PAGE]
            found = await self._pool.ask(_DOCUMENTS, f"{{{','.join(map(str, page))}}}")
            kept.update(_parsed(found, self._marketplace))
        self._documents = kept
        self._texts = {(document_digest(each.text), each.role, each.purpose): each.text for each in kept.values()}

    # Compiling.

    async def _compile(self, compiler: Compiler) -> None:
        """Compiles documents until all are, or time or room is up; other requests are answered in between."""
        if compiler is not self._compiler:
            self._compiler, self._compiled = compiler, set()
        self._compiled &= self._documents.keys()
        clock = asyncio.get_running_loop().time
        ends = clock() + COMPILE_SECONDS
        unfit = 0
        # Documents may be added and removed in between.
        for identity, document in tuple(self._documents.items()):
            if identity in self._compiled:
                continue
            if len(self._compiled) >= COMPILED_DOCUMENTS or clock() > ends:
                break
            self._compiled.add(identity)
            unfit += not _fits(compiler, document)
            await asyncio.sleep(0)
        if unfit:
            logging.getLogger(__name__).warning("trusted documents that the policy in force does not fit: %d", unfit)


def _parsed(page: bytes, marketplace: Marketplace) -> Iterator[tuple[int, TrustedDocument]]:
    """Documents by their id. Those of roles and purposes that this version does not know cannot be asked for."""
    rows: Sequence[tuple[int, str, str, str]] = json.loads(page)
    for identity, role_name, purpose_name, text in rows:
        role, purpose = marketplace.role_named(role_name), marketplace.purpose_named(purpose_name)
        if role and purpose:
            yield identity, TrustedDocument(role=role, purpose=purpose, text=text)


def _fits(compiler: Compiler, document: TrustedDocument) -> bool:
    try:
        compiler.prepare(document.text, document.role, document.purpose)
    except Refused:
        return False
    return True


def _not_trusted() -> Refused:
    return Refused(Code.DOCUMENT_NOT_TRUSTED, _HINT)


def _unknown(form: ReferenceForm) -> Refused:
    match form:
        case ReferenceForm.DOCUMENT_ID:
            return _not_trusted()
        case ReferenceForm.APOLLO:
            # Apollo's clients look for these words, and then send the document itself.
            words = Problem(message="PersistedQueryNotFound")
            return Refused(Code.PERSISTED_QUERY_NOT_FOUND, f"send it as `query`; {_HINT}", words)
        case _:
            assert_never(form)
