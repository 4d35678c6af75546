"""The set of a member's own pages: what they ask for, and where each is."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.pages.my_data.seen import seen_csv, seen_page
from gateway.pages.visiting import Area, Ground, Handler, PageVisit, page_route
from schema.catalog import Catalog
from schema.labels import OwnCategories
from schema.policy.grants import Policy
from schema.requester import Purpose

_USUAL: Final = "self_service"
"""What a member asks for where the policy shows nobody the log, as where it is in another database."""


def own_purpose(policy: Policy, catalog: Catalog) -> Purpose | None:
    """What members ask for to see who has seen their data; none if they may not."""
    for role, purposes in policy.roles.items():
        if not role.is_member:
            continue
        for grant in policy.all_grants:
            if role in grant.roles and OwnCategories.ACCESS_LOG in grant.categories:
                return min(grant.purposes & purposes, default=None)
        usual = catalog.marketplace.purpose_named(_USUAL)
        if usual in purposes:
            return usual
    return None


MY_DATA: Final = Area(
    path="/my-data",
    name="my_data",
    sections=("home", "seen"),
    purpose_of=own_purpose,
    persona_role="MEMBER",
)


def my_data_routes(ground: Ground) -> Sequence[BaseRoute]:
    pages: dict[str, Handler] = {"": _home, "/seen": seen_page, "/seen.csv": seen_csv}
    return [page_route(ground, MY_DATA, f"{MY_DATA.path}{path}", page) for path, page in pages.items()]


async def _home(visit: PageVisit) -> Response:
    await visit.ask("query MyData { me { id } }")
    return visit.page("my_data/home.html")
