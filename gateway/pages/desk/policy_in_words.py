"""The page of the policy in force: who may ask for what, what each sees in sentences, and what the clauses settle."""

from starlette.responses import Response

from gateway.pages.desk.who_can_see import WHOLE_POLICY
from gateway.pages.visiting import PageVisit


async def policy_page(visit: PageVisit) -> Response:
    policy = (await visit.ask(WHOLE_POLICY))["privacyPolicy"]
    return visit.page("desk/policy.html", policy=policy)
