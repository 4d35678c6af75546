"""Versions of the policy that are kept in the database, so that officers can propose one and put it in force.

The owner keeps them, and only those without a mistake. So whatever officers put in force was checked before.
"""

import hashlib
from contextlib import suppress
from typing import Any, Final

from schema.catalog import Catalog
from schema.policy import policy_file
from schema.policy.grants import Policy
from schema.policy.policy_file import PolicyError

# What was in force or is proposed never says something else.
_KEEP: Final = """\
insert into veil.policy_version as kept (version, digest, content) values ($1, $2, $3)
on conflict (version) do update set digest = excluded.digest, content = excluded.content,
    kept_at = case when kept.digest = excluded.digest then kept.kept_at else now() end
where kept.digest = excluded.digest or not (
    exists (select from veil.policy_activation activation where activation.version = kept.version)
    or exists (select from veil.policy_proposal proposal where proposal.version_id = kept.id)
)
returning id"""

_KEEP_ACTIVATED: Final = """\
insert into veil.policy_version (version, digest, content)
select distinct version, digest, content from veil.policy_activation on conflict (version) do nothing"""

_ACTIVATED: Final = "select digest from veil.policy_activation where version = $1"


async def keep_version(connection: Any, policy: Policy, content: str) -> str:
    """Keeps a policy that was read from this text without a mistake; the text's digest. `connection` is the owner's.

    Raises `PolicyError` if this version had another content when it was in force or proposed.
    """
    digest = hashlib.sha256(content.encode()).hexdigest()
    activated = await connection.fetchval(_ACTIVATED, policy.version)
    if activated not in (None, digest) or not await connection.fetchval(_KEEP, policy.version, digest, content):
        raise PolicyError(f"policy `{policy.version}` says something else than before; give the change a new version")
    return digest


async def keep_known_versions(connection: Any, catalog: Catalog) -> None:
    """Keeps each version that was in force, and each of the marketplace's files that has no mistake."""
    await connection.execute(_KEEP_ACTIVATED)
    for path in sorted(catalog.marketplace.policies.glob("*.toml")):
        with suppress(PolicyError):
            content = policy_file.text_of(path)
            await keep_version(connection, policy_file.parse_policy(content, path.name, catalog), content)
