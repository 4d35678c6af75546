"""A log for tests: records, plans, a key, and what the commands do with them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from gateway.database.owner import owner
from gateway.log import keeping, verification
from gateway.log.signing import Signer, SigningKey
from gateway.log.veil_verify import Trust, VerifierKey
from gateway.log.verification import Earlier, Expected, VerificationResult
from gateway.log.walk import Sessions
from tests.conftest import run, silent

NAME: Final = "market.example/access-log"
SIGNER: Final = Signer(keys=[SigningKey.generate(NAME)])
LONG_AGO: Final = datetime(2025, 3, 1, tzinfo=UTC)

FIRST_RECORD: Final = 6
"""The position of the first record: one policy and five plans come before it."""

_ADD_PLANS = """
    insert into veil.access_plan (id, role, purpose, policy, operation, document, fields)
    select lpad(i::text, 32, '0')::uuid, 'PLATFORM', 'account_service', '2012-06-11', 'Members' || i,
        'query Members { members { nodes { name } } }', '[{"field": "Member.name", "treatment": "PLAIN"}]'
    from generate_series(1, 5) i"""

_ADD_RECORDS = r"""
    insert into veil.access_record (id, at, requester, role, purpose, member_id, organisation_id, reference, policy,
        plan, operation, outcome, refusals, subjects, row_count, cross_border, trace)
    select (lpad(to_hex((extract(epoch from $2::timestamptz) * 1000)::bigint + i * 1000), 12, '0') || '7'
            || substr(md5(i::text), 1, 3) || '8' || substr(md5(i::text), 4, 15))::uuid,
        $2::timestamptz + i * interval '1 second', 'service', 'PLATFORM', 'account_service', 7, 1,
        case i % 3 when 0 then E'case "12"\n é \\ ' || chr(1) when 1 then '' end, '2012-06-11',
        case when i % 4 > 0 then lpad((1 + i % 5)::text, 32, '0')::uuid end, 'Members', 'ANSWERED', case when i % 4 = 0 then i end,
        case when i % 4 > 0 then array[i, i + 1] else '{}' end, 2, i % 2 = 0, 'trace'
    from generate_series(1, $1) i"""


def add(url: str, count: int, *, after: datetime = LONG_AGO) -> None:
    """Records, a second apart, and the plans they point to."""

    async def added(connection: Any) -> None:
        if not await connection.fetchval("select exists (select from veil.access_plan)"):
            await connection.execute(_ADD_PLANS)
        await connection.execute(_ADD_RECORDS, count, after)

    run(url, added)


def seal(url: str, signer: Signer = SIGNER, file: Path | None = None) -> int:
    """Seals all there is; how many leaves were added."""
    return run(url, lambda connection: keeping.seal_all(connection, signer, file, silent))


def verify(
    url: str, keys: Sequence[VerifierKey] = SIGNER.public, *, earlier: Sequence[Earlier] = ()
) -> VerificationResult:
    expected = Expected(trust=Trust(keys=keys), member_roles=["MEMBER"], earlier=earlier)

    async def verified(connection: Any) -> VerificationResult:
        async with owner(url) as one, owner(url) as other:
            return await verification.verify(Sessions(asking=connection, hashing=(one, other)), expected, silent)

    return run(url, verified)


def execute(url: str, statement: str, *values: Any) -> None:
    run(url, lambda connection: connection.execute(statement, *values))


def value(url: str, query: str, *values: Any) -> Any:
    return run(url, lambda connection: connection.fetchval(query, *values))
