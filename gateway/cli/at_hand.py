"""The policy that a command speaks of: with a database the one in force there, else one that comes with Veil, or a file's."""

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Annotated

import typer

from gateway.database.owner import owner
from gateway.policy import in_force
from gateway.policy.in_force import Activation
from schema.catalog import Catalog
from schema.policy import policy_file
from schema.policy.grants import Policy

PolicyName = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="VERSION|FILE",
        help="a version that was in force in the database, one that comes with Veil, or a file; that in force by default",
    ),
]
PolicyDatabase = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        envvar="VEIL_DATABASE",
        help="URL of the database whose policies are meant, with its owner's login",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAtHand:
    """A policy, the digest of its text, and where it is from."""

    policy: Policy
    digest: str
    origin: str
    """In a sentence without its end."""
    has_database: bool
    """Whether there was a database to take it from."""
    was_activated: bool
    """Whether it is or was in force there."""

    @property
    def lines(self) -> list[str]:
        """What a command says first, where there is a choice of policies."""
        return [f"# {self.origin}", f"# sha256:{self.digest}", ""] if self.has_database else []


def policy_at_hand(name: str | None, database: str | None, catalog: Catalog) -> PolicyAtHand:
    """The policy of a name or, without one, the one in force. Raises `PolicyError` or `OwnerError`."""
    if database and not (name or "").endswith(".toml"):
        latest, stored = asyncio.run(_stored(name, database))
        if stored is not None:
            return _of_database(stored, latest, catalog)
    text_name = name or catalog.marketplace.first_version
    path = policy_file.named(text_name, catalog.marketplace)
    text = policy_file.text_of(path)
    policy = policy_file.parse_policy(text, path.name, catalog)
    if text_name.endswith(".toml"):
        origin = f"policy {policy.version}, of the file {path}"
    else:
        origin = f"policy {policy.version}, as it comes with Veil{'; it was never in force here' if database else ''}"
    return PolicyAtHand(
        policy=policy,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        origin=origin,
        has_database=database is not None,
        was_activated=False,
    )


async def _stored(name: str | None, database: str) -> tuple[Activation | None, Activation | None]:
    """The activation in force, and that of a name."""
    async with owner(database) as connection:
        everything = await in_force.activations(connection)
        named = [each for each in everything if name in (None, each.version)]
        return next(iter(everything), None), next(iter(named), None)


def _of_database(stored: Activation, latest: Activation | None, catalog: Catalog) -> PolicyAtHand:
    is_in_force = latest is not None and latest.version == stored.version
    state = "in force since" if is_in_force else "no longer in force, put in force last"
    origin = f"policy {stored.version}, {state} {stored.activated_at:%Y-%m-%d %H:%M} UTC, by {stored.activated_by}"
    policy = in_force.stored_policy(stored, catalog)
    return PolicyAtHand(policy=policy, digest=stored.digest, origin=origin, has_database=True, was_activated=True)
