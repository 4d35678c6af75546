"""The set of a member's own pages: what they ask for, and where each is."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.pages.my_data.choices import choices_page
from gateway.pages.my_data.editing import edit_page
from gateway.pages.my_data.held import held_list, held_page
from gateway.pages.my_data.own_view import visit_view
from gateway.pages.my_data.requests import requests_page
from gateway.pages.my_data.seen import latest_sightings, seen_csv, seen_page
from gateway.pages.visiting import Area, Ground, Handler, PageVisit, page_route
from schema.catalog import Catalog
from schema.labels import OwnCategories
from schema.policy.grants import Policy
from schema.requester import Purpose

_LATEST: Final = 3
"""Records of who has seen their data that a member is shown first."""

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
    sections=("home", "seen", "held", "choices", "requests"),
    purpose_of=own_purpose,
    persona_role="MEMBER",
)


def my_data_routes(ground: Ground) -> Sequence[BaseRoute]:
    pages: dict[str, Handler] = {
        "": _home,
        "/seen": seen_page,
        "/seen.csv": seen_csv,
        "/held": held_page,
        "/held/{name}": held_list,
        "/edit/{mutation}": edit_page,
        "/choices": choices_page,
        "/requests": requests_page,
    }
    return [page_route(ground, MY_DATA, f"{MY_DATA.path}{path}", page) for path, page in pages.items()]


async def _home(visit: PageVisit) -> Response:
    """The latest of each page. It asks as the page of the log does, of a few records."""
    view = await visit_view(visit)
    latest = await latest_sightings(visit, view, _LATEST)
    return visit.page("my_data/home.html", latest=latest)
