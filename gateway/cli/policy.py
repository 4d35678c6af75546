"""`veil schema` and `veil policy …`."""

import asyncio
import getpass
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gateway import app
from gateway import settings as settings_room
from gateway.cli.at_hand import PolicyDatabase, PolicyName, policy_at_hand
from gateway.cli.output import Database, Json, Yes, refuse, say, tell
from gateway.cli.words import A_PURPOSE, A_ROLE, AskedPurpose, AskingRole
from gateway.database.owner import owner
from gateway.log.organisations import organisation_names
from gateway.log.search import output_file
from gateway.policy import explaining, in_force
from gateway.policy.explaining_changes import change_plan_text
from gateway.policy.versions import keep_version
from gateway.reports.matrix import matrix_report
from gateway.reports.writing import ReportFormat, write_report
from resolvers.audience import audience, fields_named
from resolvers.compiler import Compiler
from resolvers.descriptions import describe
from resolvers.front.document import Request
from schema.catalog import Catalog
from schema.identities import Identity
from schema.policy import policy_file
from schema.policy.changes import changes
from schema.policy.grants import Policy
from schema.refusals import Refused
from schema.requester import Purpose, Role
from schema.view import View

policy_commands = typer.Typer(no_args_is_help=True, help="Read, check, explain and activate the privacy policy.")

_NAME = "a version that was in force in the database, one that comes with Veil, or a file"
Version = Annotated[str, typer.Argument(metavar="VERSION|FILE", help=_NAME)]


def schema_command(
    role: Annotated[AskingRole | None, A_ROLE] = None,
    purpose: Annotated[AskedPurpose | None, A_PURPOSE] = None,
    policy: PolicyName = None,
    database: PolicyDatabase = None,
) -> None:
    """Print the schema with its labels or, with a role and purpose, the schema of that requester."""
    catalog = app.catalog()
    if role is None:
        if policy is not None:
            raise typer.BadParameter(
                "give a role and a purpose too: without, the schema is that of all", param_hint="role"
            )
        whole = View(catalog)
        describe(whole.graphql, catalog, None)
        say(whole.as_str())
        return
    if purpose is None:
        raise typer.BadParameter("give a purpose too", param_hint="purpose")
    at_hand = policy_at_hand(policy, database, catalog)
    check_purpose(at_hand.policy, role, purpose)
    tell([*at_hand.lines, _compiler(at_hand.policy, catalog).described_view(role, purpose).as_str()])


def check_purpose(policy: Policy, role: Role, purpose: Purpose) -> None:
    allowed = policy.purposes_of(role)
    if purpose not in allowed:
        refuse(f"{role} may ask for {', '.join(sorted(allowed)) or 'nothing'}, not {purpose}")


def _compiler(policy: Policy, catalog: Catalog) -> Compiler:
    return Compiler(catalog, policy, settings_room.DEFAULT_LIMITS)


@policy_commands.command("check")
def check_command(
    policy: Annotated[str | None, typer.Argument(metavar="[VERSION|FILE]", help=_NAME)] = None,
    database: PolicyDatabase = None,
) -> None:
    """Check a policy: every name is known, every clause exists, and no grant gives what must never be shown."""
    catalog = app.catalog()
    at_hand = policy_at_hand(policy, database, catalog)
    checked = at_hand.policy
    if checked.ignored:
        refuse("\n".join(checked.ignored))
    found = f"{len(checked.clauses)} clauses, {len(checked.all_grants)} grants, no mistake found"
    tell([*at_hand.lines, f"{checked.version}: {found}", *explaining.unlisted_text(checked, catalog.marketplace)])


@policy_commands.command("activate")
def activate_command(
    policy: Version,
    database: Database,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="who puts it in force; your login name by default")
    ] = None,
    yes: Yes = False,
) -> None:
    """Show what a policy opens and closes, ask, and put it in force at once, for every running gateway."""
    catalog = app.catalog()

    async def compared() -> tuple[Policy | None, Policy, str]:
        async with owner(database) as connection:
            text, source = await in_force.named_text(connection, policy, catalog)
            after = policy_file.parse_policy(text, source, catalog)
            return await in_force.current_policy(connection, catalog), after, text

    async def activated() -> Policy | None:
        async with owner(database) as connection:
            return await in_force.activate(connection, policy, catalog, by or oneself())

    before, after, content = asyncio.run(compared())
    is_new = before is None or before.version != after.version
    if before and is_new:
        tell([f"policy {before.version} is in force; {after.version} changes:", ""])
        tell(explaining.differences_text(before, after, catalog))
    if is_new and not yes:
        typer.confirm(f"\nPut policy {after.version} in force for every gateway?", abort=True, err=True)
    say(f"policy {after.version} {'is in force' if asyncio.run(activated()) else 'was in force already'}")
    if not policy.endswith(".toml") and in_force.has_edited_file(after.version, content, catalog):
        say("its file says something else by now: give the change a new version, and activate that")


@policy_commands.command("keep")
def keep_policy_command(policy: Version, database: Database) -> None:
    """Check a policy and keep it in the database, so that one officer can propose it and another put it in force."""
    catalog = app.catalog()

    async def kept() -> Policy:
        async with owner(database) as connection:
            text, source = await in_force.named_text(connection, policy, catalog)
            read = policy_file.parse_policy(text, source, catalog)
            await keep_version(connection, read, text)
            return read

    say(f"policy {asyncio.run(kept()).version} is kept: an officer can propose it")


def oneself() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        refuse("who puts it in force? say so with `--by`")


@policy_commands.command("history")
def history_command(database: Database, as_json: Json = False) -> None:
    """List which policies were put in force, when, and by whom. The first is in force."""

    async def found() -> Sequence[in_force.Activation]:
        async with owner(database) as connection:
            return await in_force.activations(connection)

    listed = asyncio.run(found())
    if as_json:
        entries = [{**asdict(each), "activated_at": each.activated_at.isoformat(), "content": None} for each in listed]
        say(json.dumps([{k: v for k, v in each.items() if k != "content"} for each in entries], indent=2))
        return
    for position, each in enumerate(listed):
        state = "in force since" if position == 0 else "activated"
        say(f"{each.version}  {state} {each.activated_at:%Y-%m-%d %H:%M} UTC, by {each.activated_by}")
        say(f"  sha256:{each.digest}")
    if not listed:
        refuse("no policy is in force yet; `veil migrate` puts the first one in force")


@policy_commands.command("diff")
def diff_command(
    old: Version,
    new: Annotated[str, typer.Argument(metavar="OTHER", help="another, named in the same way")],
    database: PolicyDatabase = None,
) -> None:
    """Show, for each role, purpose and field, what opens (★) and what closes."""
    catalog = app.catalog()
    before, after = (policy_at_hand(each, database, catalog) for each in (old, new))
    if before.has_database:
        tell([f"# from {before.origin}", f"# to {after.origin}", ""])
    tell(explaining.differences_text(before.policy, after.policy, catalog))


@policy_commands.command("simulate")
def simulate_command(policy: Version, database: Database, as_json: Json = False) -> None:
    """List the recorded operations that would show more or less under another policy: how often each was asked, and by whom."""
    catalog = app.catalog()
    at_hand = policy_at_hand(None, database, catalog)
    if not at_hand.was_activated:
        refuse("no policy is in force yet; `veil migrate` puts the first one in force")
    other = policy_at_hand(policy, database, catalog)

    async def looked_up() -> tuple[Sequence[in_force.RecordedPlan], Mapping[Identity, str]]:
        async with owner(database) as connection:
            plans = await in_force.recorded_plans(connection)
            asking = (organisation for plan in plans for organisation in plan.organisations)
            return plans, await organisation_names(connection, catalog, asking)

    plans, organisations = asyncio.run(looked_up())
    current = at_hand.policy
    affected = in_force.affected_plans(plans, changes(current, other.policy, catalog))
    if as_json:
        say(json.dumps(explaining.affected_listed(affected, organisations), indent=2, ensure_ascii=False))
        return
    met = list(explaining.affected_text(affected, organisations))
    tell(
        [
            f"# from {at_hand.origin}",
            f"# to {other.origin}",
            "",
            *explaining.epoch_change(current, other.policy),
            *(met or [f"none of {len(plans)} recorded operations would change"]),
        ]
    )


@policy_commands.command("show")
def show_command(policy: PolicyName = None, database: PolicyDatabase = None) -> None:
    """Print the policy in sentences."""
    at_hand = policy_at_hand(policy, database, app.catalog())
    tell([*at_hand.lines, *explaining.policy_text(at_hand.policy)])


@policy_commands.command("matrix")
def matrix_command(
    policy: PolicyName = None,
    database: PolicyDatabase = None,
    form: Annotated[
        ReportFormat, typer.Option("--format", help="text, a document of HTML that prints, CSV, or Markdown")
    ] = ReportFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="file to write; standard output by default")
    ] = None,
) -> None:
    """Print what each role sees for each purpose, by category, and what it is refused."""
    catalog = app.catalog()
    at_hand = policy_at_hand(policy, database, catalog)
    with output_file(output) as into:
        if form is ReportFormat.TEXT:
            cells = explaining.matrix_cells(at_hand.policy, catalog)
            lines = (
                *explaining.matrix_text(cells, catalog),
                *explaining.unlisted_text(at_hand.policy, catalog.marketplace),
            )
            into.writelines(f"{line}\n" for line in (*at_hand.lines, *lines))
        else:
            write_report(matrix_report(at_hand.policy, at_hand.digest, at_hand.origin, catalog), form, into)


@policy_commands.command("who")
def who_command(
    what: Annotated[
        str, typer.Argument(metavar="FIELD|IDENTIFIER", help="like `Member.email`, or a kind of identifiers like EMAIL")
    ],
    third_parties: Annotated[bool, typer.Option("--third-parties", help="only roles of other organisations")] = False,
    policy: PolicyName = None,
    database: PolicyDatabase = None,
    as_json: Json = False,
) -> None:
    """List who may see a field, for what, how, when, and by which clauses."""
    catalog = app.catalog()
    at_hand = policy_at_hand(policy, database, catalog)
    if not (fields := fields_named(catalog, what)):
        kinds = ", ".join(catalog.marketplace.identifiers)
        raise typer.BadParameter(f"give a field like `Member.email`, or one of {kinds}", param_hint="what")
    seen = audience(catalog, at_hand.policy, fields)
    listed = [each for each in seen if each.role.is_third_party or not third_parties]
    if as_json:
        say(json.dumps([asdict(each) for each in listed], indent=2, ensure_ascii=False))
    else:
        tell([*at_hand.lines, *(explaining.audience_text(listed) if listed else ["nobody may see it"])])


@policy_commands.command("explain")
def explain_command(
    role: Annotated[AskingRole, A_ROLE],
    purpose: Annotated[AskedPurpose, A_PURPOSE],
    query: Annotated[
        str,
        typer.Argument(
            metavar="QUERY|FILE|-", help="a GraphQL query or mutation, a file of one, or `-` for standard input"
        ),
    ],
    policy: PolicyName = None,
    database: PolicyDatabase = None,
    no_sql: Annotated[bool, typer.Option("--no-sql", help="leave out the statement")] = False,
) -> None:
    """Show how each field of a query is shown or changed, when, by which clause, and with which SQL."""
    catalog = app.catalog()
    at_hand = policy_at_hand(policy, database, catalog)
    check_purpose(at_hand.policy, role, purpose)
    document = _document(query)
    request = Request(document=document, operation_name=None, variables={})
    compiler = _compiler(at_hand.policy, catalog)
    try:
        explained = _explained(compiler, request, role, purpose)
    except Refused as refused:
        said = explaining.wrapped(f"veil: {refused.code.name}: {refused.hint}", 2)
        misfits = explaining.misfit_text(document, refused.problems)
        refuse("\n".join((*said, *misfits)).removeprefix("veil: "))
    lines, statements = explained
    sql = () if no_sql else (line for each in statements for line in ("", each))
    tell([*at_hand.lines, *lines, *sql])


def _explained(
    compiler: Compiler, request: Request, role: Role, purpose: Purpose
) -> tuple[Sequence[str], Sequence[str]]:
    """What an operation shows or changes, in lines, and its statements."""
    if planned := compiler.planned_changes(request, role, purpose):
        plan, compiled = planned
        return [*change_plan_text(plan)], [each.sql for each in compiled.statements]
    plan = compiler.plan(request, role, purpose)
    statement = compiler.compiled(request, role, purpose).statement
    return [*explaining.plan_text(plan), "", *explaining.clauses_text(compiler.policy, plan)], [statement.sql]


def _document(query: str) -> str:
    """The text of a query: as it is given, of a file, or of standard input."""
    if query == "-":
        return sys.stdin.read()
    if "{" in query:
        return query
    try:
        return Path(query).read_text("utf-8")
    except UnicodeDecodeError:
        refuse(f"{query}: the file is not text in UTF-8")
