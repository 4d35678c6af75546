"""The pages in a real browser: walked as a member at four sizes, by keyboard, without scripts, and audited (axe-core)."""

import os
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.conftest import CARE, Asking
from tests.gateway.http.conftest import TELL_OF_VIOLATIONS, started_chromium
from tests.gateway.http.npm_packages import install

SIZES = {"a telephone": (360, 740), "a tablet": (768, 1024), "a laptop": (1366, 768), "a desk": (1920, 1080)}
PAGES = (
    *("/my-data", "/my-data/seen", "/my-data/seen?own=yes", "/my-data/held", "/my-data/held/orders"),
    *("/my-data/held/forumPosts", "/my-data/held/buyingRequests"),
    *("/my-data/edit/updateRegistration", "/my-data/choices", "/my-data/requests", "/removal"),
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

AUDIT = """async () => {
    const found = await axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]});
    if (found.passes.length < 10) return ["the audit did not run"];
    return found.violations.map(each => `${each.id}: ${each.nodes.map(node => node.html).join(" ")}`.slice(0, 400));
}"""

OUTSIDE = """() => [...document.querySelectorAll("main *, header *")]
    .filter(each => each.checkVisibility() && !each.closest(".hidden, .skip"))
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
    .map(each => each.outerHTML.slice(0, 120))"""

SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
    .filter(each => each.checkVisibility() && !each.closest(".skip") && !each.closest("p, li, dd"))
    .filter(each => each.getBoundingClientRect().height < 20)
    .map(each => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def axe() -> str:
    return (install(Path(__file__).parent / "audit") / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def looked_at(gateway: Asking) -> None:
    """Somebody has seen the member of these tests."""
    gateway.data(CARE, "query Care { members(first: 60) { nodes { id name email phone address } } }")


@pytest.fixture(scope="module")
def chromium(address: str, looked_at: None) -> Generator[Browser]:
    del address, looked_at
    with started_chromium() as browser:
        yield browser


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """The first of a set of pages, and the persona who signs in there."""

    path: str
    persona: str
    heading: str


MEMBERS = Entrance(path="/my-data", persona="Member 1, a buyer", heading="Your data here")


@dataclass  # without slots: Playwright sets attributes of its own on listeners
class Walk:
    """A page of a browser, with all that it asked for and complained of."""

    page: Page
    address: str
    requests: list[Request] = field(default_factory=list[Request])
    problems: list[str] = field(default_factory=list[str])

    def open(self, entrance: Entrance) -> None:
        self.page.on("request", self._asked)
        self.page.on("console", self._on_message)
        self.page.add_init_script(TELL_OF_VIOLATIONS)
        self.page.goto(f"{self.address}/sign-in?next={entrance.path}")
        self.page.get_by_role("button", name=entrance.persona, exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(entrance.heading)

    def _asked(self, request: Request) -> None:
        self.requests.append(request)

    def _on_message(self, message: ConsoleMessage) -> None:
        # That a page has another status than 200 is what the browser would call an error of its own.
        if message.type in ("error", "warning") and "status of" not in message.text:
            self.problems.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")


def walking(chromium: Browser, address: str, entrance: Entrance = MEMBERS, **options: Any) -> Generator[Walk]:
    """Somebody who has signed in as a persona, and whose browser asked nobody else and complained of nothing."""
    context: BrowserContext = chromium.new_context(**options)
    walked = Walk(context.new_page(), address)
    walked.open(entrance)
    yield walked
    context.close()
    assert [each.url for each in walked.requests if not each.url.startswith(f"{address}/")] == []
    assert walked.problems == []


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Generator[Walk]:
    width, height = SIZES[request.param]
    yield from walking(chromium, address, viewport={"width": width, "height": height})


@pytest.fixture
def walked(chromium: Browser, address: str) -> Generator[Walk]:
    yield from walking(chromium, address, viewport={"width": 1366, "height": 768})


def test_every_page_fits_every_size(sized: Walk) -> None:
    """Nothing reaches out of it, and what is to be pressed is large enough."""
    for path in PAGES:
        sized.go(path)
        for each in sized.page.locator("details").all():
            each.evaluate("each => { each.open = true }")
        assert sized.page.evaluate("document.documentElement.scrollWidth") <= sized.page.viewport_size["width"]  # pyright: ignore[reportOptionalSubscript] - it was given
        assert (path, sized.page.evaluate(OUTSIDE)) == (path, [])
        assert (path, sized.page.evaluate(SMALL)) == (path, [])
        if folder := os.environ.get("VEIL_TEST_SCREENSHOTS"):
            width = sized.page.evaluate("innerWidth")
            name = path.strip("/").replace("/", "-").replace("?", "-")
            sized.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_audit_finds_nothing(walked: Walk, axe: str, scheme: Literal["light", "dark"]) -> None:
    """Of WCAG 2.2, levels A and AA, and of good practice; light and dark, folded out, and of problems too."""
    walked.page.emulate_media(color_scheme=scheme)
    problems = ("/my-data/held/nothing", "/my-data/edit/nothing", "/sign-in")
    for path in (*PAGES, *problems):
        walked.go(path)
        for each in walked.page.locator("details").all():
            each.evaluate("each => { each.open = true }")
        # The page's own policy lets no script in; what a test's browser is told to run is no part of the page.
        walked.page.evaluate(axe)
        assert (path, walked.page.evaluate(AUDIT)) == (path, [])


def test_a_member_does_all_by_keyboard(walked: Walk) -> None:
    """From the first key to what was asked: the skip link, the navigation, a form."""
    walked.go("/my-data")
    walked.page.keyboard.press("Tab")
    expect(walked.page.locator(":focus")).to_have_text("Skip to the content")
    walked.page.keyboard.press("Enter")
    expect(walked.page.locator("main")).to_be_focused()
    walked.go("/my-data/seen")
    for _ in range(60):
        walked.page.keyboard.press("Tab")
        if walked.page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    walked.page.keyboard.press("Enter")
    expect(walked.page.locator("details[open]").first).to_be_visible()
    walked.go("/my-data/requests")
    walked.page.locator("#what-requestCopy").focus()
    walked.page.keyboard.press("Space")
    expect(walked.page.locator("#what-requestCopy")).to_be_checked()
    assert walked.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_what_a_member_wishes_for_is_a_few_steps_away(walked: Walk) -> None:
    """Who has seen their data and why; what is held, and who may see it."""
    page = walked.page
    page.get_by_role("link", name="Who has seen it").first.click()
    expect(page.get_by_text("looked after accounts.").first).to_be_visible()
    page.get_by_text("What exactly, and why").first.click()
    expect(page.locator("details[open]").get_by_text("U5:").first).to_be_visible()
    page.get_by_role("link", name="What is held").first.click()
    page.get_by_text("Who may see this, and why").first.click()
    expect(page.locator("details[open] li").first).to_be_visible()
    page.get_by_role("link", name="Orders").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Orders")


def test_pages_work_without_scripts(chromium: Browser, address: str) -> None:
    for walked in walking(chromium, address, java_script_enabled=False, viewport={"width": 768, "height": 1024}):
        walked.page.get_by_role("link", name="Who has seen it").first.click()
        walked.page.get_by_label("My own looks too").check()
        walked.page.get_by_role("button", name="Show").click()
        expect(walked.page.get_by_text("You looked at your own data.").first).to_be_visible()


def test_what_is_folded_is_printed_and_what_is_pressed_is_not(walked: Walk) -> None:
    walked.go("/my-data/held")
    walked.page.emulate_media(media="print")
    walked.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(walked.page.locator("details li").first).to_be_visible()
    expect(walked.page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(walked.page.locator("nav").first).to_be_hidden()
