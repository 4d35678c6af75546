"""`veil token`: a token signed with a demo's key."""

import os
import time
from typing import Annotated, Any

import typer

from gateway import app
from gateway.cli.at_hand import policy_at_hand
from gateway.cli.output import DIRECTORY, Directory, refuse, say
from gateway.cli.words import A_ROLE, AskingRole, member_of, organisation_of, purpose_of
from gateway.demo import development
from gateway.demo.development import DevelopmentKey
from gateway.identity.authenticator import LONGEST_LIFE
from schema.identities import Identity
from schema.requester import Purpose, Role


def token_command(
    role: Annotated[AskingRole, A_ROLE],
    purpose: Annotated[
        list[Purpose],
        typer.Option(parser=purpose_of, metavar="PURPOSE", help="a purpose the token carries; repeat for several"),
    ],
    member: Annotated[
        Any, typer.Option(parser=member_of, metavar="ID", help="id of the member, for the role MEMBER")
    ] = None,
    organisation: Annotated[
        Any, typer.Option(parser=organisation_of, metavar="ID", help="id of the organisation, for a third party")
    ] = None,
    ttl: Annotated[str, typer.Option(metavar="TIME", help="lifetime: 30s, 15m, 1h, 2d")] = "1h",
    directory: Directory = DIRECTORY,
) -> None:
    """Sign a token with the key of a demo. Refused without a demo, or if `VEIL_KEYS` names a key set."""
    if os.environ.get("VEIL_KEYS"):
        refuse("VEIL_KEYS names a key set, so tokens come from its issuer; unset it to sign with a demo's key")
    _stands(role, member, organisation)
    allowed = policy_at_hand(None, None, app.catalog()).policy.purposes_of(role)
    if others := sorted(set(purpose) - allowed):
        raise typer.BadParameter(
            f"{role} may ask for {', '.join(sorted(allowed))}, not {others[0]}", param_hint="--purpose"
        )
    lifetime = _seconds(ttl)
    if not development.has_key(directory):
        refuse(f"there is no demo in `{directory}`, whose key would sign; run `veil demo`, or name its --directory")
    signed = DevelopmentKey.in_directory(directory).sign(
        role,
        purpose,
        member=member,
        organisation=organisation,
        lifetime_seconds=lifetime,
        now=int(time.time()),
    )
    say(signed)


def _stands(role: Role, member: Identity | None, organisation: Identity | None) -> None:
    """Refuses to sign what the gateway would refuse."""
    if role.is_public:
        raise typer.BadParameter(f"{role} asks without a token", param_hint="role")
    if role.is_member and member is None:
        raise typer.BadParameter("say which member", param_hint="--member")
    if role.is_third_party and organisation is None:
        raise typer.BadParameter("say which organisation", param_hint="--organisation")


def _seconds(text: str) -> int:
    units = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
    if not (text[:-1].isascii() and text[:-1].isdigit() and text[-1:] in units):
        raise typer.BadParameter("give a time like 30s, 15m, 1h or 2d", param_hint="--ttl")
    seconds = int(text[:-1]) * units[text[-1]]
    if not 0 < seconds <= LONGEST_LIFE:
        raise typer.BadParameter("give a time of more than none, and of at most 366 days", param_hint="--ttl")
    return seconds
