"""`veil schema` and `veil policy …`."""

import asyncio
import getpass
from collections.abc import Sequence
from typing import Annotated

import typer

from gateway import app
from gateway import settings as settings_room
from gateway.cli.output import Database, out, refuse, say, tell
from gateway.cli.words import A_PURPOSE, A_ROLE
from gateway.database.owner import owner
from gateway.policy import explaining, in_force
from gateway.policy.explaining_changes import change_plan_text
from resolvers.compiler import Compiler
from resolvers.descriptions import describe
from resolvers.front.document import Request
from schema.catalog import Catalog
from schema.policy import policy_file
from schema.policy.changes import changes
from schema.policy.grants import Policy
from schema.refusals import Refused
from schema.requester import Purpose, Role
from schema.view import View

policy_commands = typer.Typer(no_args_is_help=True, help="Read, check and explain the privacy policy.")

_VERSION = "a version that the marketplace has, or a file"
PolicyName = Annotated[str | None, typer.Option("--policy", help=f"{_VERSION}; its first by default")]


def schema_command(
    role: Annotated[Role | None, A_ROLE] = None,
    purpose: Annotated[Purpose | None, A_PURPOSE] = None,
    policy: PolicyName = None,
) -> None:
    """Print the schema with its labels or, with a role and purpose, the schema of that requester."""
    if role is None and policy is not None:
        raise typer.BadParameter("give a role and a purpose too: without, the schema is that of all", param_hint="role")
    if role is None:
        catalog = app.catalog()
        whole = View(catalog)
        describe(whole.graphql, catalog, None)
        say(whole.as_str())
    elif purpose is None:
        raise typer.BadParameter("give a purpose too", param_hint="purpose")
    else:
        compiler = _compiler(policy)
        check_purpose(compiler.policy, role, purpose)
        say(compiler.described_view(role, purpose).as_str())


def check_purpose(policy: Policy, role: Role, purpose: Purpose) -> None:
    allowed = policy.purposes_of(role)
    if purpose not in allowed:
        refuse(f"{role} may ask for {', '.join(sorted(allowed)) or 'nothing'}, not {purpose}")


def _compiler(policy: str | None) -> Compiler:
    catalog = app.catalog()
    return Compiler(catalog, policy_named(policy, catalog), settings_room.DEFAULT_LIMITS)


def policy_named(name: str | None, catalog: Catalog) -> Policy:
    """The policy of that version or file, by default the marketplace's first. Raises `PolicyError`."""
    path = policy_file.named(name, catalog.marketplace) if name else catalog.marketplace.first_policy
    return policy_file.load_policy(path, catalog)


@policy_commands.command("check")
def check_command(
    policy: Annotated[str | None, typer.Argument(help=f"{_VERSION}; its first by default")] = None,
) -> None:
    """Check a policy: every name is known, every clause exists, and no grant gives what must never be shown."""
    checked = _compiler(policy).policy
    grants = {grant.id for granted in checked.grants.values() for grant in granted}
    tell(
        [
            f"{checked.version}: {len(checked.clauses)} clauses, {len(grants)} grants, no mistake found",
            *explaining.unlisted_text(checked, app.marketplace()),
        ]
    )


@policy_commands.command("activate")
def activate_command(
    policy: Annotated[str, typer.Argument(help=_VERSION)],
    database: Database,
    by: Annotated[str | None, typer.Option(help="who puts it in force; your login name by default")] = None,
) -> None:
    """Put a policy in force at once, for every running gateway."""

    version = policy_named(policy, app.catalog()).version

    async def activated() -> Policy | None:
        async with owner(database) as connection:
            return await in_force.activate(connection, policy, app.catalog(), by or oneself())

    out.print(f"policy {version} {'is in force' if asyncio.run(activated()) else 'was in force already'}")


def oneself() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        refuse("who puts it in force? say so with `--by`")


@policy_commands.command("diff")
def diff_command(
    old: Annotated[str, typer.Argument(help=_VERSION)],
    new: Annotated[str, typer.Argument(help="the other version, or a file")],
) -> None:
    """Show, for each role, purpose and field, what opens (★) and what closes."""
    catalog = app.catalog()
    before, after = policy_named(old, catalog), policy_named(new, catalog)
    lines = [
        *explaining.epoch_change(before, after),
        *explaining.words_change(before, after),
        *explaining.figures_change(before, after),
        *explaining.breadth_changes(before, after),
        *explaining.changes_text(changes(before, after, catalog)),
    ]
    tell(lines or ["nothing changes for anybody"])


@policy_commands.command("simulate")
def simulate_command(policy: Annotated[str, typer.Argument(help=_VERSION)], database: Database) -> None:
    """List the recorded operations that would show more or less under another policy."""
    catalog = app.catalog()

    async def looked_up() -> tuple[Policy, Sequence[in_force.RecordedPlan]]:
        async with owner(database) as connection:
            current = await in_force.current_policy(connection, catalog)
            if current is None:
                refuse("no policy is in force yet; `veil migrate` puts the first one in force")
            return current, await in_force.recorded_plans(connection)

    current, plans = asyncio.run(looked_up())
    other = policy_named(policy, catalog)
    met = list(explaining.affected_text(in_force.affected_plans(plans, changes(current, other, catalog))))
    tell(
        [*explaining.epoch_change(current, other), *(met or [f"none of {len(plans)} recorded operations would change"])]
    )


@policy_commands.command("show")
def show_command(policy: PolicyName = None) -> None:
    """Print the policy in sentences."""
    tell(explaining.policy_text(_compiler(policy).policy))


@policy_commands.command("matrix")
def matrix_command(policy: PolicyName = None) -> None:
    """Print what each role sees for each purpose, by category."""
    catalog = app.catalog()
    shown = policy_named(policy, catalog)
    tell(explaining.matrix_text(explaining.matrix_cells(shown, catalog), catalog))
    tell(explaining.unlisted_text(shown, app.marketplace()))


@policy_commands.command("explain")
def explain_command(
    role: Annotated[Role, A_ROLE],
    purpose: Annotated[Purpose, A_PURPOSE],
    query: Annotated[str, typer.Argument(help="a GraphQL query or mutation")],
    policy: PolicyName = None,
) -> None:
    """Show how each field of a query is shown or changed, by which clause, and with which SQL."""
    request = Request(document=query, operation_name=None, variables={})
    compiler = _compiler(policy)
    check_purpose(compiler.policy, role, purpose)
    try:
        lines = _explained(compiler, request, role, purpose)
    except Refused as refused:
        problems = "; ".join(problem.message for problem in refused.problems)
        refuse(f"{refused.code.name}: {problems} ({refused.hint})")
    tell(lines)


def _explained(compiler: Compiler, request: Request, role: Role, purpose: Purpose) -> Sequence[str]:
    if planned := compiler.planned_changes(request, role, purpose):
        plan, compiled = planned
        return [*change_plan_text(plan), *(line for each in compiled.statements for line in ("", each.sql))]
    statement = compiler.compiled(request, role, purpose).statement
    return [*explaining.plan_text(compiler.plan(request, role, purpose)), "", statement.sql]
