"""What officers decide, in a real browser: two of them, who enter, approve, end and stop."""

import time
from collections.abc import Generator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.demo.development import DevelopmentKey
from tests.conftest import OFFICER
from tests.gateway.http.conftest import started_chromium
from tests.gateway.pages import test_browser
from tests.gateway.pages.conftest import OFFICERS_PURPOSES
from tests.gateway.pages.test_browser import AUDIT, OUTSIDE, SCHEMES, SIZES

axe = test_browser.axe


@pytest.fixture(scope="module")
def chromium(own_address: str) -> Generator[Browser]:
    del own_address
    with started_chromium() as browser:
        yield browser


def _officer(chromium: Browser, address: str, key: DevelopmentKey, sub: str, width: int = 1366) -> Page:
    """Somebody who has signed in with a token of their own."""
    page = chromium.new_context(base_url=address, viewport={"width": width, "height": 900}).new_page()
    page.goto("/sign-in?next=/desk")
    now = time.time()
    token = key.sign(OFFICER.role, OFFICERS_PURPOSES, organisation=OFFICER.organisation, sub=sub, now=now)
    page.get_by_label("Your token").fill(token)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    return page


def _order(page: Page, reference: str) -> None:
    """A court's order, typed and looked at."""
    page.goto("/desk/papers/legalInstruments/new")
    page.get_by_label("Kind").select_option("COURT_ORDER")
    page.get_by_label("Reference").fill(reference)
    page.locator("#organisation").select_option("Organisation:17")
    page.get_by_label("registration").check()
    page.locator("#members").fill("12")
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("Is this what you mean?")).to_be_visible()


def test_an_order_is_entered_by_one_and_approved_by_another(
    chromium: Browser, own_address: str, key: DevelopmentKey
) -> None:
    """Whoever entered it is told that they cannot approve it; the other finds it on the first page."""
    ann = _officer(chromium, own_address, key, "Ann")
    _order(ann, "HK-2026-0900")
    expect(ann.get_by_text("Member:12:")).to_be_visible()
    ann.get_by_role("button", name="Change something").click()
    expect(ann.get_by_label("Reference")).to_have_value("HK-2026-0900")
    ann.get_by_role("button", name="Look at it first").click()
    ann.get_by_role("button", name="Enter it").click()
    expect(ann.get_by_role("status")).to_have_text("It is entered.")
    ann.get_by_role("link", name="HK-2026-0900").click()
    ann.get_by_role("button", name="Approve it now").click()
    expect(ann.get_by_role("heading", level=1)).to_have_text("This cannot be taken as it is")
    bo = _officer(chromium, own_address, key, "Bo")
    bo.goto("/desk/papers/legalInstruments?state=unapproved")
    bo.get_by_role("link", name="HK-2026-0900").click()
    bo.get_by_role("button", name="Approve it now").click()
    expect(bo.get_by_role("status")).to_have_text("It is approved, and holds from now on.")
    ann.goto(bo.url.partition("?")[0])
    expect(ann.get_by_text("in force", exact=True)).to_be_visible()
    ann.get_by_role("button", name="End it now").click()
    expect(ann.get_by_role("status")).to_have_text("It is ended.")


def test_a_provider_is_contracted_and_an_advertiser_stopped(
    chromium: Browser, own_address: str, key: DevelopmentKey
) -> None:
    page = _officer(chromium, own_address, key, "Ann")
    page.get_by_role("link", name="Papers", exact=True).click()
    page.get_by_role("link", name="Contracts").click()
    page.get_by_role("link", name="Enter one").click()
    page.locator("#organisation").select_option(index=1)
    page.get_by_label("site operation").check()
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_role("button", name="Enter it").click()
    expect(page.get_by_role("status")).to_have_text("It is entered.")
    page.get_by_role("link", name="Organisations").click()
    page.locator("li", has_text="Advertiser").get_by_role("link").first.click()
    expect(page.get_by_text("it is shown nothing, whatever it asks for")).to_be_visible()
    page.get_by_label("Why").fill("It asked for too much")
    page.get_by_role("button", name="Stop now").click()
    expect(page.get_by_role("status")).to_contain_text("It is stopped")
    page.get_by_role("button", name="Let it on").click()
    expect(page.get_by_role("status")).to_have_text("It is let on.")


@pytest.mark.parametrize("size", SIZES)
def test_forms_fit_every_size(chromium: Browser, own_address: str, key: DevelopmentKey, size: str) -> None:
    width, _ = SIZES[size]
    page = _officer(chromium, own_address, key, "Ann", width)
    _order(page, "HK-2026-0901")
    assert page.evaluate(OUTSIDE) == []
    for path in ("legalInstruments/new", "creditAssessments/new"):
        page.goto(f"/desk/papers/{path}")
        assert (path, page.evaluate(OUTSIDE)) == (path, [])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_audit_of_forms_finds_nothing(
    chromium: Browser, own_address: str, key: DevelopmentKey, axe: str, scheme: Literal["light", "dark"]
) -> None:
    page = _officer(chromium, own_address, key, "Ann")
    page.emulate_media(color_scheme=scheme)
    _order(page, "HK-2026-0902")
    page.evaluate(axe)
    assert page.evaluate(AUDIT) == []
    for path in ("papers/legalInstruments/new", "papers/contracts/new", "organisations/Organisation:10"):
        page.goto(f"/desk/{path}")
        page.evaluate(axe)
        assert (path, page.evaluate(AUDIT)) == (path, [])
