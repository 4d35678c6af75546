"""`veil trust …`: add, list, remove."""

import asyncio
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway import app
from gateway import settings as settings_room
from gateway.cli.output import Database, err, out, refuse, say
from gateway.cli.policy import check_purpose, oneself
from gateway.cli.words import OnePurpose, OneRole, purpose_of, role_of
from gateway.database.owner import owner
from gateway.policy import in_force, manifest, registration
from gateway.policy.registration import Grantee, Registration
from resolvers.compiler import Compiler
from schema.requester import Purpose, Role

trust_commands = typer.Typer(no_args_is_help=True, help="Register the documents that a role may send by their digest.")


def _digest(text: str) -> str:
    digest = text.removeprefix("sha256:")
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise typer.BadParameter("give the `sha256:` and 64 hexadecimal digits that `veil trust list` prints")
    return digest


@trust_commands.command("add")
def add_command(
    file: Annotated[Path, typer.Argument(help="a GraphQL document, or a manifest of a client's build")],
    role: Annotated[Role, typer.Option(parser=role_of, metavar="ROLE", help="role that may send them")],
    purpose: Annotated[Purpose, typer.Option(parser=purpose_of, metavar="PURPOSE", help="purpose they are sent for")],
    database: Database,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="who trusts them; your login name by default")] = None,
) -> None:
    """Trust the documents of a file for a role and purpose, if all of them fit what the policy in force shows these."""
    texts = manifest.read_documents(file)
    limits = settings_room.read_limits()
    catalog = app.catalog()
    trusting = by or oneself()

    async def added() -> tuple[Sequence[registration.CheckedDocument], Sequence[registration.CheckedDocument]]:
        async with owner(database) as connection:
            policy = await in_force.current_policy(connection, catalog)
            if policy is None:
                refuse("no policy is in force yet; `veil migrate` puts the first one in force")
            check_purpose(policy, role, purpose)
            checked = registration.check(texts, Compiler(catalog, policy, limits), role, purpose)
            return checked, await registration.add(connection, checked, role, purpose, trusting)

    documents, new = asyncio.run(added())
    for each in documents:
        say(f"sha256:{each.digest}  {_names(each.operations)}{'' if each in new else '  (trusted already)'}")
    err.print(f"trusted for {role} · {purpose}: {len(documents):,}, of which new: {len(new):,}", highlight=False)


@trust_commands.command("list")
def list_command(
    database: Database,
    role: OneRole = None,
    purpose: OnePurpose = None,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """List the trusted documents."""

    async def found() -> Sequence[Registration]:
        async with owner(database) as connection:
            return await registration.registrations(connection, Grantee(role=role, purpose=purpose))

    listed = asyncio.run(found())
    if as_json:
        say(json.dumps([each.as_json() for each in listed], indent=2, ensure_ascii=False))
    else:
        # A digest is copied from here: no line is folded or cut, whatever the width of the terminal.
        Console(width=max(out.width, 1_000)).print(_table(listed), soft_wrap=True)
        err.print(f"documents: {len(listed):,}", highlight=False)


@trust_commands.command("remove")
def remove_command(
    digests: Annotated[list[str], typer.Argument(parser=_digest, metavar="DIGEST...", help="as `list` prints them")],
    database: Database,
    role: OneRole = None,
    purpose: OnePurpose = None,
) -> None:
    """Trust documents no longer: for a role and purpose, or for all. Gateways notice within seconds."""

    async def removed() -> Sequence[Registration]:
        async with owner(database) as connection:
            return await registration.remove(connection, digests, Grantee(role=role, purpose=purpose))

    for each in asyncio.run(removed()):
        say(f"sha256:{each.digest}  no longer trusted for {each.role} · {each.purpose}")


def _names(operations: Sequence[str | None]) -> str:
    return ", ".join(each or "–" for each in operations)


def _table(listed: Sequence[Registration]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("document", no_wrap=True)
    for name in ("role", "purpose", "operations", "added by", "added at (UTC)"):
        table.add_column(name)
    for each in listed:
        cells = (each.role, each.purpose, _names(each.operations), each.added_by, f"{each.added_at:%Y-%m-%d %H:%M}")
        table.add_row(f"sha256:{each.digest}", *map(Text, cells))
    return table
