"""The command line, `veil`: exit code 0 when done, 1 when refused or a check failed, 2 for wrong usage."""

import os
import sys
from importlib import metadata
from typing import Annotated

import typer

from gateway.adopting.reading import AdoptionError
from gateway.cli.adopt import adopt_command
from gateway.cli.check import check_database_command
from gateway.cli.database import database_command, migrate_command, seed_command
from gateway.cli.figures import figures_commands
from gateway.cli.log import log_commands
from gateway.cli.output import refuse, say
from gateway.cli.policy import policy_commands, schema_command
from gateway.cli.serving import demo_command, serve_command
from gateway.cli.tokens import token_command
from gateway.cli.trust import trust_commands
from gateway.database import migration
from gateway.database.owner import OwnerError
from gateway.demo import embedded
from gateway.demo import serving as demos
from gateway.demo.sample import marketplace
from gateway.figures.noise import OpenDPNotInstalled
from gateway.figures.release import ReleaseError
from gateway.log.snapshot import LogError
from gateway.marketplaces import MarketplaceError
from gateway.policy.manifest import ManifestError
from gateway.policy.registration import RegistrationError
from gateway.settings import SettingsError
from schema.catalog import CatalogError
from schema.policy.policy_file import PolicyError

veil = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        say(f"veil {metadata.version('veil')}")
        raise typer.Exit


@veil.callback()
def veil_command(
    _: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """A GraphQL privacy gateway for PostgreSQL."""


for name, command in {
    "serve": serve_command,
    "demo": demo_command,
    "migrate": migrate_command,
    "seed": seed_command,
    "check": check_database_command,
    "adopt": adopt_command,
    "database": database_command,
    "token": token_command,
    "schema": schema_command,
}.items():
    veil.command(name)(command)
veil.add_typer(policy_commands, name="policy")
veil.add_typer(log_commands, name="log")
veil.add_typer(trust_commands, name="trust")
veil.add_typer(figures_commands, name="figures")


def main() -> None:
    """Runs `veil`; prints a known error in a line or two, with exit code 1."""
    try:
        veil()
        sys.stdout.flush()
    except (
        AdoptionError,
        SettingsError,
        MarketplaceError,
        CatalogError,
        PolicyError,
        LogError,
        embedded.EmbeddedError,
        migration.MigrationError,
        marketplace.AlreadySeeded,
        marketplace.TooFewMembers,
        ManifestError,
        RegistrationError,
        OpenDPNotInstalled,
        ReleaseError,
        OwnerError,
        demos.AddressUnusable,
    ) as error:
        refuse(str(error))
    except BrokenPipeError:
        # Who reads has read enough. What is left to be written goes nowhere, without a word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except OSError as error:
        refuse(f"{error.filename or 'the system refused it'}: {error.strerror or type(error).__name__}")
