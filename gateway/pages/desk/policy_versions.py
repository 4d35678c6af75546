"""The page of a version of the policy: what it changes, who has proposed it, and putting it in force by a second officer.

It says what is changed and what will be recorded before it is done. A form that is sent twice changes once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.asking import NotAnswered
from gateway.pages.desk.officer import OVERSIGHT, OfficerView
from gateway.pages.desk.policy_comparing import policy_comparison, touched_operations
from gateway.pages.problems import PageProblem, plain_hint, problem_of
from gateway.pages.visiting import NothingOffered, PageVisit
from schema.catalog import MutationRoot
from schema.policy.policy_file import PolicyError, parse_policy_in_force
from schema.rights import ApproveField, EndField, EnterField

_POLICY: Final = "/desk/policy"
_MOST_TOUCHED: Final = 50

_DOCUMENT: Final = """\
query OneVersion($version: String!) {
  policyVersions(first: 1, filter: {version: {eq: $version}}) { nodes { id version digest content keptAt } }
  policyProposals(first: 100, filter: {endsAt: {isNull: true}}) { nodes { id startsAt enteredBy version { id } } }
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionMutations:
    """What an officer may do with a version; none of what the policy or the marketplace lacks."""

    propose: MutationRoot | None
    approve: MutationRoot | None
    end: MutationRoot | None


def version_mutations(visit: PageVisit, view: OfficerView) -> VersionMutations:
    found: dict[type, MutationRoot] = {}
    for name, each in visit.ground.catalog.mutations.items():
        if name in view.mutations and each.entity.storage.table == "veil.policy_proposal":
            found[type(each.declaration)] = each
    return VersionMutations(propose=found.get(EnterField), approve=found.get(ApproveField), end=found.get(EndField))


async def policy_version_page(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, OVERSIGHT)
    if not view.shows("Query", "policyVersions"):
        raise NothingOffered
    version, proposal = await _found(visit)
    if version is None:
        return visit.problem(PageProblem.ABSENT)
    if visit.request.method == "POST":
        return await _act(visit, view, version, proposal)
    return await _shown(visit, view, version, proposal)


async def _found(visit: PageVisit) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """The version that the address names, and its proposal that stands."""
    answer = await visit.ask(_DOCUMENT, {"version": visit.request.path_params["version"]})
    version = next(iter(answer["policyVersions"]["nodes"]), None)
    standing = answer["policyProposals"]["nodes"]
    return version, next((each for each in standing if version and each["version"]["id"] == version["id"]), None)


async def _shown(
    visit: PageVisit,
    view: OfficerView,
    version: Mapping[str, Any],
    proposal: Mapping[str, Any] | None,
    hint: str | None = None,
) -> Response:
    catalog, current = visit.ground.catalog, view.compiler.policy
    try:
        other = parse_policy_in_force(version["content"], version["version"], catalog)
    except PolicyError:
        return visit.problem(PageProblem.ABSENT)
    compared = await policy_comparison(visit.words, current, other, catalog)
    touched = await touched_operations(visit, compared)
    return visit.page(
        "desk/policy_version.html",
        status=PageProblem.NOT_TAKEN.status if hint else 200,
        version=version,
        current=current.version,
        compared=compared,
        touched=touched[:_MOST_TOUCHED],
        untold=max(0, len(touched) - _MOST_TOUCHED),
        proposal=proposal,
        may=version_mutations(visit, view),
        hint=plain_hint(hint) if hint else None,
    )


async def _act(
    visit: PageVisit, view: OfficerView, version: Mapping[str, Any], proposal: Mapping[str, Any] | None
) -> Response:
    if visit.form.get("against") != view.compiler.policy.version:
        # Another version came into force since this page was looked at, so it compared with another.
        return visit.problem(PageProblem.CONFLICT)
    may, doing = version_mutations(visit, view), visit.form.get("doing")
    if doing == "propose" and may.propose:
        name = may.propose.name
        given = f"{name[0].upper()}{name[1:]}Input!"
        document = f"mutation ProposeVersion($input: {given}) {{ {name}(input: $input) {{ fields }} }}"
        await visit.change(document, {"input": {"version": version["id"]}})
        return visit.to(visit.request.url.path, done="proposed")
    mutation = {"approve": may.approve, "end": may.end}.get(doing or "")
    if mutation is None or proposal is None:
        return visit.problem(PageProblem.ABSENT)
    document = f"mutation DecideVersion($id: ID!) {{ {mutation.name}(id: $id) {{ fields }} }}"
    try:
        await visit.change(document, {"id": proposal["id"]})
    except NotAnswered as problem:
        if problem_of(problem.code) is not PageProblem.NOT_TAKEN:
            raise
        return await _shown(visit, view, version, proposal, hint=problem.hint)
    return visit.to(_POLICY, done="put_in_force" if doing == "approve" else "proposal_ended")
