"""The registration of trusted documents: what the tables' owner adds, lists and removes.

A document is added for one role and purpose, and only if it compiles in their view under the policy in force. Of several
documents all are added, or none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resolvers.compiler import Compiler
from resolvers.front.document import document_digest
from schema.refusals import Problem, Refused
from schema.requester import Purpose, Role

MOST_DOCUMENTS = 10_000
"""Trusted documents of all roles together."""

_ADD = """\
insert into veil.trusted_document (digest, role, purpose, document, operations, added_by)
values ($1, $2, $3, $4, $5, $6) on conflict (role, purpose, digest) do nothing
returning id"""

_LIST = """\
select digest, role, purpose, operations, added_by, added_at from veil.trusted_document
where ($1::text is null or role = $1) and ($2::text is null or purpose = $2)
order by role, purpose, id"""

_REMOVE = """\
delete from veil.trusted_document
where digest = $1 and ($2::text is null or role = $2) and ($3::text is null or purpose = $3)
returning digest, role, purpose, operations, added_by, added_at"""


class RegistrationError(Exception):
    """Nothing was changed; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grantee:
    """Whom a document is trusted for. None in a search is any."""

    role: Role | None
    purpose: Purpose | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDocument:
    """A document that fits the view of its role and purpose, and the names of its operations."""

    text: str
    operations: Sequence[str | None]

    @property
    def digest(self) -> str:
        return document_digest(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A trusted document, as it is listed."""

    digest: str
    role: str
    purpose: str
    operations: Sequence[str | None]
    added_by: str
    added_at: datetime

    def as_json(self) -> Mapping[str, Any]:
        return {
            "documentId": f"sha256:{self.digest}",
            "role": self.role,
            "purpose": self.purpose,
            "operations": list(self.operations),
            "addedBy": self.added_by,
            "addedAt": self.added_at.isoformat(),
        }


def check(texts: Sequence[str], compiler: Compiler, role: Role, purpose: Purpose) -> Sequence[CheckedDocument]:
    """Raises `RegistrationError` with every document that does not fit."""
    checked: list[CheckedDocument] = []
    faults: list[str] = []
    for text in texts:
        try:
            checked.append(CheckedDocument(text=text, operations=compiler.prepare(text, role, purpose)))
        except Refused as refused:
            faults.append(_fault(text, refused))
    if faults:
        raise RegistrationError("\n".join((*faults, "nothing was registered")))
    return checked


def _fault(text: str, refused: Refused) -> str:
    problems = "; ".join(map(_placed, refused.problems))
    return f"sha256:{document_digest(text)}: {refused.code.name}: {problems} ({refused.hint})"


def _placed(problem: Problem) -> str:
    places = ", ".join(f"{line}:{column}" for line, column in problem.locations)
    return f"{places} {problem.message}" if places else problem.message


async def add(
    connection: Any, documents: Sequence[CheckedDocument], role: Role, purpose: Purpose, by: str
) -> Sequence[CheckedDocument]:
    """Registers documents; those that were not trusted before. `connection` is the owner's. Raises `RegistrationError`."""
    async with connection.transaction():
        added = [
            each
            for each in documents
            if await connection.fetchval(_ADD, each.digest, role, purpose, each.text, list(each.operations), by)
        ]
        if await connection.fetchval("select count(*) from veil.trusted_document") > MOST_DOCUMENTS:
            raise RegistrationError(f"all roles together may have {MOST_DOCUMENTS:,} documents; remove some first")
    return added


async def registrations(connection: Any, grantee: Grantee) -> Sequence[Registration]:
    """The documents that are trusted for a role, a purpose or both."""
    rows = await connection.fetch(_LIST, grantee.role, grantee.purpose)
    return [Registration(**row) for row in rows]


async def remove(connection: Any, digests: Sequence[str], grantee: Grantee) -> Sequence[Registration]:
    """Removes documents, for one role and purpose or for all; what was removed. Raises `RegistrationError`."""
    removed: list[Registration] = []
    async with connection.transaction():
        for digest in digests:
            rows = await connection.fetch(_REMOVE, digest, grantee.role, grantee.purpose)
            if not rows:
                raise RegistrationError(f"`sha256:{digest}` is not trusted there; nothing was removed")
            removed += [Registration(**row) for row in rows]
    return removed
