"""The console in a real browser: offline, under its own content security policy, as one persona after another."""

import re
import shutil
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, Response, expect, sync_playwright

from gateway.demo import personas
from gateway.demo.development import DevelopmentKey
from gateway.http import console
from gateway.http.console import Persona
from schema.catalog import Catalog
from schema.policy import policy_file
from tests.conftest import Serving, settings_for

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
"""No sandbox, for tests are often run as root; and nothing that a browser asks of its maker's hosts."""

TELL_OF_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => console.error("violation", event.violatedDirective))
"""
TOLD = "rows => rows.map(row => [...row.cells].map(cell => (cell.querySelector('.veil-badge') ?? cell).innerText))"
expect.set_options(timeout=20_000)  # milliseconds; a busy machine builds the editor slowly
MASKED_EMAIL = re.compile(r"\w\*\*\*@\w\*\*\*\.\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A gateway that offers personas, as a demo does."""

    address: str
    cast: Sequence[Persona]


@pytest.fixture(scope="module")
def demo(market_url: str, key: DevelopmentKey, key_file: Path, catalog: Catalog) -> Generator[Demo]:
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    cast = personas.personas(key, policy)
    with Serving(settings_for(market_url, key_file), personas=lambda: cast) as address:
        yield Demo(address=address, cast=cast)


# After `demo`, which is done with asyncio: Playwright occupies the thread's event loop until it stops.
@pytest.fixture(scope="module")
def browser(demo: Demo) -> Generator[Browser]:
    del demo
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: install one, for example with `apt-get install chromium`")
    if not (console.BUILT / "index.html").exists():
        pytest.fail("the console is not built: run `pip install --editable .`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass  # without slots: Playwright sets attributes of its own on listeners
class Visit:
    """The console in a page of its own, with all that the page asked for and complained of."""

    page: Page
    address: str
    requests: list[Request] = field(default_factory=list[Request])
    problems: list[str] = field(default_factory=list[str])

    def open(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("console", self._on_message)
        self.page.on("pageerror", self._failed)
        self.page.add_init_script(TELL_OF_VIOLATIONS)
        with self.page.expect_response(_of_the_schema):
            self.page.goto(f"{self.address}/graphql")
        self._await_query()

    def _asked(self, request: Request) -> None:
        self.requests.append(request)

    def _failed(self, error: Error) -> None:
        self.problems.append(error.message)

    def _on_message(self, message: ConsoleMessage) -> None:
        # That the gateway refused a request is what the browser would call an error of its own.
        if message.type in ("error", "warning") and message.location["url"] != f"{self.address}/graphql":
            self.problems.append(message.text)

    def choose(self, persona: str, purpose: str | None = None) -> None:
        """Picks a persona, whose queries take the place of the last one's, and perhaps a purpose."""
        with self.page.expect_response(_of_the_schema):
            self.page.select_option("#persona", persona)
        if purpose:
            with self.page.expect_response(_of_the_schema):
                self.page.select_option("#purpose", purpose)
        self._await_query()

    def _await_query(self) -> None:
        expect(self.page.locator(".graphiql-query-editor .view-line").first).to_contain_text("query")

    def run(self) -> Response:
        """Runs the query in view."""
        with self.page.expect_response(_of_a_query) as answered:
            self.page.click("button.graphiql-execute-button")
        expect(self.page.locator("#record")).to_have_text(answered.value.headers["access-record"])
        return answered.value

    def treatments(self) -> list[list[str]]:
        """The rows of the panel, its head included; of a treatment its name alone."""
        return self.page.eval_on_selector_all("#treatments tr", TOLD)

    def documented(self) -> list[str]:
        """The root fields that the documentation explorer lists."""
        self.page.click("button[aria-label='Show Documentation Explorer']")
        self.page.locator(".graphiql-doc-explorer-content").get_by_text("Query", exact=True).first.click()
        expect(self.page.locator(".graphiql-doc-explorer-title")).to_have_text("Query")
        return self.page.locator(".graphiql-doc-explorer-field-name").all_inner_texts()


def _of_the_schema(response: Response) -> bool:
    """Whether GraphiQL has the schema, which it fetches whenever the requester changes."""
    return response.url.endswith("/graphql") and "__schema" in (response.request.post_data or "")


def _of_a_query(response: Response) -> bool:
    return response.url.endswith("/graphql") and response.request.method == "POST" and not _of_the_schema(response)


@pytest.fixture
def visit(browser: Browser, demo: Demo) -> Generator[Visit]:
    """The console, just opened. Whatever a test does in it, it must not complain or ask another host."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    visit = Visit(context.new_page(), demo.address)
    visit.open()
    yield visit
    context.close()
    own = (demo.address + "/", "data:", f"blob:{demo.address}/")
    assert [request.url for request in visit.requests if not request.url.startswith(own)] == []
    assert visit.problems == []


def test_customer_care_sees_masked_emails_and_which_fields_are_masked(visit: Visit) -> None:
    """The answer is masked, and the panel names each masked field; the clause is not for a third party to know."""
    visit.choose("Customer care")
    visit.run()
    expect(visit.page.locator(".result-window")).to_contain_text(MASKED_EMAIL)
    assert visit.treatments() == [
        ["Field", "Treatment"],
        ["Member.address", "PARTIAL"],
        ["Member.email", "PARTIAL"],
        ["Member.id", "TOKEN"],
        ["Member.name", "PARTIAL"],
        ["Member.phone", "PARTIAL"],
    ]


def test_staff_see_the_clause(visit: Visit) -> None:
    """Requesters who get clauses see them beside each treatment."""
    visit.choose("Marketplace staff", "statistical_analysis")
    visit.run()
    head, *rows = visit.treatments()
    assert head == ["Field", "Treatment", "Clause"]
    assert ["Member.email", "TOKEN", "U1 U12 U17 U20"] in rows


def test_the_picker_sets_requester_and_purpose(visit: Visit, demo: Demo) -> None:
    """Each persona asks with a token of its own and the purpose picked; a visitor asks with none."""
    visitor = visit.run().request.headers
    visit.choose("Marketplace staff", "member_contact")
    staff = visit.run().request.headers
    tokens = {persona.name: persona.token for persona in demo.cast}
    assert "authorization" not in visitor
    assert visitor["access-purpose"] == "public_browsing"
    assert staff["authorization"] == f"Bearer {tokens['Marketplace staff']}"
    assert staff["access-purpose"] == "member_contact"


def test_the_documentation_shows_a_persona_what_it_may_see_and_no_more(visit: Visit) -> None:
    """Members are documented for customer care; for a visitor there is no such field."""
    visit.choose("Customer care")
    visit.choose("Visitor")
    documented = visit.documented()
    assert "companies" in documented
    assert "members" not in documented


def test_a_refusal_is_shown_with_its_code_and_what_to_change(visit: Visit) -> None:
    """The panel shows what the gateway refused and its hint, and that this too is recorded."""
    visit.choose("Marketplace staff", "diagnostics")
    visit.run()
    refusal = visit.page.locator(".veil-error")
    expect(refusal).to_contain_text("INVALID")
    expect(refusal).to_contain_text("this field is not in your schema for this purpose")


def test_no_token_is_kept_in_the_browser(visit: Visit, demo: Demo) -> None:
    """After a query as staff the browser's storage knows the persona's name, and no token."""
    visit.choose("Marketplace staff")
    visit.run()
    stored = visit.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert "Marketplace staff" in stored
    assert not [persona.name for persona in demo.cast if persona.token and persona.token in stored]


def test_every_query_a_persona_begins_with_is_answered(demo: Demo) -> None:
    """Nobody's first click in a demo is refused."""
    refused: list[tuple[str, str, object]] = []
    for persona in demo.cast:
        authorization = {"Authorization": f"Bearer {persona.token}"} if persona.token else {}
        reference = {"Access-Reference": persona.reference} if persona.reference else {}
        for query in persona.queries:
            headers = {"Access-Purpose": query.purpose, **authorization, **reference}
            body = {"query": query.query}
            answer = httpx.post(f"{demo.address}/graphql", json=body, headers=headers).json()
            if "errors" in answer:
                refused.append((persona.name, query.title, answer["errors"]))
    assert refused == []
