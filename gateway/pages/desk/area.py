"""The set of a privacy officer's pages: where each is."""

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import BaseRoute

from gateway.pages.desk.member_search import member_search_page
from gateway.pages.desk.month_report import month_report_csv, month_report_page
from gateway.pages.desk.name_search import name_search_page
from gateway.pages.desk.officer import oversight_purpose
from gateway.pages.desk.organisations import organisation_page, organisations_csv, organisations_page
from gateway.pages.desk.paper_lists import paper_list_csv, paper_list_page, papers_page
from gateway.pages.desk.papers import new_paper_page, paper_page
from gateway.pages.desk.policy_in_words import policy_page
from gateway.pages.desk.policy_versions import policy_version_page
from gateway.pages.desk.processing_record import processing_record_csv, processing_record_page
from gateway.pages.desk.removals import entering_removal_page
from gateway.pages.desk.reply_letter import reply_letter_page
from gateway.pages.desk.request_list import open_requests_csv
from gateway.pages.desk.requests import open_requests_page, request_page
from gateway.pages.desk.today import today_page
from gateway.pages.desk.who_can_see import who_can_see_csv, who_can_see_page
from gateway.pages.desk.who_has_seen import who_has_seen_csv, who_has_seen_page
from gateway.pages.visiting import Area, Ground, Handler, page_route

DESK: Final = Area(
    path="/desk",
    name="desk",
    sections=("today", "requests", "papers", "organisations", "who-can-see", "who-has-seen", "reports", "policy"),
    purpose_of=oversight_purpose,
    persona_role="PRIVACY_OFFICER",
)

_PAGES: Final[Mapping[str, Handler]] = {
    "": today_page,
    "/requests": open_requests_page,
    "/requests.csv": open_requests_csv,
    "/requests/{request}": request_page,
    "/removals/{removal}": entering_removal_page,
    "/who-can-see": who_can_see_page,
    "/who-can-see.csv": who_can_see_csv,
    "/who-has-seen": who_has_seen_page,
    "/who-has-seen.csv": who_has_seen_csv,
    "/members": member_search_page,
    "/letter": reply_letter_page,
    "/people": name_search_page,
    "/papers": papers_page,
    "/papers/{kind}.csv": paper_list_csv,
    "/papers/{kind}": paper_list_page,
    "/papers/{kind}/new": new_paper_page,
    "/papers/{kind}/{paper}": paper_page,
    "/organisations": organisations_page,
    "/organisations.csv": organisations_csv,
    "/organisations/{organisation}": organisation_page,
    "/reports": month_report_page,
    "/reports.csv": month_report_csv,
    "/reports/processing": processing_record_page,
    "/reports/processing.csv": processing_record_csv,
    "/policy": policy_page,
    "/policy/versions/{version}": policy_version_page,
}


def desk_routes(ground: Ground) -> Sequence[BaseRoute]:
    return [page_route(ground, DESK, f"{DESK.path}{path}", page) for path, page in _PAGES.items()]
