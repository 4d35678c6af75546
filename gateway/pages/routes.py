"""All pages, as routes of the site."""

from collections.abc import Sequence
from typing import Final

from starlette.routing import BaseRoute

from gateway.pages.desk.area import DESK, desk_routes
from gateway.pages.entrance import entrance_routes
from gateway.pages.my_data.area import MY_DATA, my_data_routes
from gateway.pages.removal import removal_routes
from gateway.pages.visiting import Area, Ground

AREAS: Final[Sequence[Area]] = (MY_DATA, DESK)
"""The sets of pages. The first is where somebody is led who names none."""


def page_routes(ground: Ground) -> Sequence[BaseRoute]:
    return [
        *entrance_routes(ground, AREAS),
        *removal_routes(ground, AREAS),
        *my_data_routes(ground),
        *desk_routes(ground),
    ]
