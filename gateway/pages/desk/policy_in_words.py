"""The page of the policy in force: who may ask for what, what each sees in sentences, what the clauses settle, and versions."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.desk.officer import OVERSIGHT, OfficerView
from gateway.pages.desk.who_can_see import WHOLE_POLICY
from gateway.pages.visiting import PageVisit

_PER_PAGE: Final = 10

_VERSIONS: Final = """\
query PolicyVersions($first: Int, $after: String) {
  policyActivations(first: $first, after: $after) {
    nodes { id version activatedAt activatedBy }
    pageInfo { hasNextPage endCursor }
  }
  policyVersions(first: 100) { nodes { id version keptAt } }
  policyProposals(first: 100, filter: {endsAt: {isNull: true}}) { nodes { startsAt enteredBy version { id } } }
}"""


async def policy_page(visit: PageVisit) -> Response:
    policy = (await visit.ask(WHOLE_POLICY))["privacyPolicy"]
    return visit.page("desk/policy.html", policy=policy, versions=await _versions(visit))


async def _versions(visit: PageVisit) -> Mapping[str, Any] | None:
    """Those that were in force, those that are kept, and the proposals that stand. None where this cannot be seen."""
    view = await OfficerView.of(visit, OVERSIGHT)
    if not (view.shows("Query", "policyActivations") and view.shows("Query", "policyVersions")):
        return None
    after = visit.parameter("after")
    answer = await visit.ask(_VERSIONS, {"first": _PER_PAGE, "after": after})
    proposed = {each["version"]["id"]: each for each in answer["policyProposals"]["nodes"]}
    return {
        "history": answer["policyActivations"],
        "is_first": after is None,
        "others": [
            (each, proposed.get(each["id"]))
            for each in answer["policyVersions"]["nodes"]
            if each["version"] != view.compiler.policy.version
        ],
    }
