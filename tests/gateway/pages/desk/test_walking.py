"""The desk in a real browser: walked as an officer at four sizes, by keyboard, without scripts, and audited (axe-core)."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, expect

from schema.catalog import Catalog
from tests.conftest import CARE, CONTACTER, Asking, run
from tests.gateway.http.conftest import started_chromium
from tests.gateway.pages import test_browser
from tests.gateway.pages.desk.test_policy_versions import keep_second
from tests.gateway.pages.test_browser import AUDIT, OUTSIDE, SCHEMES, SIZES, Entrance, Walk, walking

axe = test_browser.axe

PAGES = (
    *("/desk", "/desk/requests", "/desk/requests/DataRequest:1", "/desk/papers", "/desk/papers/contracts"),
    *("/desk/papers/legalInstruments", "/desk/papers/legalInstruments/LegalInstrument:1", "/desk/organisations"),
    *("/desk/organisations/Organisation:4", "/desk/people?name=S", "/desk/who-can-see?what=EMAIL&role=MEMBER"),
    *("/desk/who-has-seen", "/desk/members?country=DE", "/desk/reports", "/desk/policy"),
    *("/desk/reports/processing", "/desk/policy/versions/2013-01-01", "/desk/members?who=1"),
)
OFFICERS = Entrance(path="/desk", persona="Privacy officer", heading="Today")


@pytest.fixture(scope="module")
def looked_at(gateway: Asking, catalog: Catalog) -> None:
    """Somebody has seen members, somebody was refused, and a version of the policy is to come."""
    run(gateway.url, lambda connection: keep_second(connection, catalog))
    for who in (CARE, CONTACTER):
        gateway.data(who, "query Look { members(first: 60) { nodes { id name } } }")
    gateway.post(CARE, "{ members { nodes { secret } } }")


@pytest.fixture(scope="module")
def chromium(address: str, looked_at: None) -> Generator[Browser]:
    del address, looked_at
    with started_chromium() as browser:
        yield browser


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Generator[Walk]:
    width, height = SIZES[request.param]
    yield from walking(chromium, address, OFFICERS, viewport={"width": width, "height": height})


@pytest.fixture
def walked(chromium: Browser, address: str) -> Generator[Walk]:
    yield from walking(chromium, address, OFFICERS, viewport={"width": 1366, "height": 768})


def _addresses(walk: Walk) -> list[str]:
    """All pages, with those of a member whom the officer has found."""
    walk.go("/desk/members?country=DE")
    member = walk.page.locator('a[href*="member="]').first.get_attribute("href") or ""
    return [*PAGES, member, member.replace("who-has-seen", "letter")]


def _unfold(walk: Walk) -> None:
    for each in walk.page.locator("details").all():
        each.evaluate("each => { each.open = true }")


def test_every_page_fits_every_size(sized: Walk) -> None:
    """Nothing reaches out of it but a table, which is moved within its own frame."""
    for path in _addresses(sized):
        sized.go(path)
        _unfold(sized)
        width = sized.page.evaluate("innerWidth")
        assert (path, sized.page.evaluate("document.documentElement.scrollWidth")) == (path, width)
        assert (path, [each for each in sized.page.evaluate(OUTSIDE) if not each.startswith(("<t", "<a"))]) == (
            path,
            [],
        )
        if folder := os.environ.get("VEIL_TEST_SCREENSHOTS"):
            name = path.strip("/").replace("/", "-").partition("?")[0].replace(":", "-")
            sized.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_audit_finds_nothing(walked: Walk, axe: str, scheme: Literal["light", "dark"]) -> None:
    walked.page.emulate_media(color_scheme=scheme)
    for path in (*_addresses(walked), "/desk/papers/nothing"):
        walked.go(path)
        _unfold(walked)
        walked.page.evaluate(axe)
        assert (path, walked.page.evaluate(AUDIT)) == (path, [])


def _to(walk: Walk, name: str) -> None:
    walk.page.get_by_role("navigation", name="Pages").get_by_role("link", name=name, exact=True).click()


def _choose(walk: Walk, **choices: str) -> None:
    for label, value in choices.items():
        walk.page.locator(f"#{label}").select_option(value)
    walk.page.get_by_role("button", name="Show").click()


def test_who_can_see_email_addresses(walked: Walk) -> None:
    _to(walked, "Who can see")
    _choose(walked, what="EMAIL", role="AUTHORITY")
    expect(walked.page.get_by_text("By clause").first).to_be_visible()
    with walked.page.expect_download() as matrix:
        walked.page.get_by_role("link", name="As a CSV file").click()
    assert matrix.value.suggested_filename == "who-can-see.csv"


def test_who_has_seen_a_member_becomes_a_letter(walked: Walk) -> None:
    """The member is found by where they are, for their name is masked."""
    _to(walked, "Who has seen")
    walked.page.get_by_role("link", name="Find a member").click()
    walked.page.get_by_label("Country").fill("DE")
    walked.page.get_by_role("button", name="Find").click()
    walked.page.get_by_role("link", name="Who has seen their data").first.click()
    # The officer's own looks of other tests may fill a page.
    _choose(walked, organisation="Organisation:4")
    expect(walked.page.get_by_text("asked for account service").first).to_be_visible()
    walked.page.get_by_role("link", name="The letter to them").click()
    expect(_heading(walked)).to_have_text("Who was shown your data")
    expect(walked.page.get_by_role("heading", name="Clearline Customer Care").first).to_be_visible()
    walked.page.emulate_media(media="print")
    expect(walked.page.get_by_role("button", name="Show")).to_be_hidden()


def _heading(walk: Walk) -> Locator:
    return walk.page.get_by_role("heading", level=1)


def test_what_an_organisation_may_do_and_did(walked: Walk) -> None:
    _to(walked, "Organisations")
    walked.page.get_by_role("link", name="Clearline Customer Care").click()
    expect(walked.page.get_by_text("It last asked on")).to_be_visible()
    walked.page.get_by_role("link", name="All that this organisation asked").click()
    expect(walked.page.get_by_text("asked for account service").first).to_be_visible()


def test_what_a_court_ordered(walked: Walk) -> None:
    _to(walked, "Papers")
    walked.page.get_by_role("link", name="Legal instruments").click()
    walked.page.get_by_role("link", name="HK-2026-0117").click()
    expect(walked.page.get_by_role("heading", name="Members whom it names")).to_be_visible()


def test_what_is_asked_and_the_months_report(walked: Walk) -> None:
    walked.page.get_by_role("link", name="A copy of their data").click()
    expect(walked.page.get_by_text("Due by")).to_be_visible()
    _to(walked, "Reports")
    expect(_heading(walked)).to_contain_text("Requests from")


def test_an_officer_does_all_by_keyboard(walked: Walk) -> None:
    walked.go("/desk")
    walked.page.keyboard.press("Tab")
    expect(walked.page.locator(":focus")).to_have_text("Skip to the content")
    walked.page.keyboard.press("Enter")
    expect(walked.page.locator("main")).to_be_focused()
    walked.page.keyboard.press("Tab")
    walked.page.keyboard.press("Enter")
    expect(_heading(walked)).to_have_text("A copy of their data")


def test_the_desk_works_without_scripts(chromium: Browser, address: str) -> None:
    for walk in walking(
        chromium, address, OFFICERS, java_script_enabled=False, viewport={"width": 768, "height": 1024}
    ):
        _to(walk, "Who has seen")
        _choose(walk, outcome="refused")
        expect(walk.page.get_by_text("was refused: INVALID.").first).to_be_visible()
