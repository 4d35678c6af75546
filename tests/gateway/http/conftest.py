"""The console in a real browser, over a demo and over a gateway that is none."""

import shutil
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, Response, expect, sync_playwright

from gateway.demo import personas
from gateway.demo.development import DevelopmentKey
from gateway.demo.looking import Looking
from gateway.demo.sealing import demo_signer, sealing
from gateway.http import console
from gateway.http.console import Persona
from schema.catalog import Catalog
from schema.policy import policy_file
from tests.conftest import Databases, Serving, settings_for

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


@contextmanager
def started_chromium() -> Generator[Browser]:
    """After whatever uses asyncio: Playwright occupies the thread's event loop until it stops."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: install one, for example with `apt-get install chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A gateway that offers personas, as a demo does."""

    address: str
    cast: Sequence[Persona]


@pytest.fixture(scope="module")
def demo(
    databases: Databases,
    key: DevelopmentKey,
    key_file: Path,
    catalog: Catalog,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Demo]:
    """Over a database of its own, whose log is sealed."""
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    cast = personas.personas(key, policy)
    url, directory = databases.make("sample_market"), tmp_path_factory.mktemp("demo")
    looking = Looking(url=url, key=demo_signer(directory).public[0], marketplace=catalog.marketplace)
    offered = partial(looking.offer, lambda: cast)
    with sealing(url, directory), Serving(settings_for(url, key_file), offered=offered) as address:
        yield Demo(address=address, cast=cast)


@pytest.fixture(scope="module")
def served(market_url: str, key_file: Path) -> Generator[str]:
    """The address of a gateway that is no demo."""
    with Serving(settings_for(market_url, key_file)) as address:
        yield address


# After these, which are done with asyncio: Playwright occupies the thread's event loop until it stops.
@pytest.fixture(scope="module")
def browser(demo: Demo, served: str) -> Generator[Browser]:
    del demo, served
    if not (console.BUILT / "index.html").exists():
        pytest.fail("the console is not built: run `pip install --editable .`")
    with started_chromium() as browser:
        yield browser


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
        with self.page.expect_response(of_the_schema):
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
        with self.page.expect_response(of_the_schema):
            self.page.select_option("#persona", persona)
        if purpose:
            with self.page.expect_response(of_the_schema):
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

    def write(self, query: str) -> None:
        """Writes a query in the place of the one in view."""
        self.page.click(".graphiql-query-editor .view-lines")
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(query)

    def tab(self, name: str) -> None:
        """Opens a tab of the panel."""
        self.page.click(f"#tab-{name}")
        expect(self.page.locator(f"#tab-{name}")).to_have_attribute("aria-selected", "true")

    def treatments(self) -> list[list[str]]:
        """The rows of the panel, its head included; of a treatment its name alone."""
        return self.page.eval_on_selector_all("#treatments tr", TOLD)

    def documented(self) -> list[str]:
        """The root fields that the documentation explorer lists."""
        self.page.click("button[aria-label='Show Documentation Explorer']")
        self.page.locator(".graphiql-doc-explorer-content").get_by_text("Query", exact=True).first.click()
        expect(self.page.locator(".graphiql-doc-explorer-title")).to_have_text("Query")
        return self.page.locator(".graphiql-doc-explorer-field-name").all_inner_texts()


def of_the_schema(response: Response) -> bool:
    """Whether GraphiQL has the schema, which it fetches whenever the requester changes."""
    return response.url.endswith("/graphql") and "__schema" in (response.request.post_data or "")


def _of_a_query(response: Response) -> bool:
    """Whether it answers what the user asks: what the console asks itself has a name of its own."""
    asked = response.request.post_data or ""
    is_own = '"operationName":"Veil' in asked or "__schema" in asked
    return response.url.endswith("/graphql") and response.request.method == "POST" and not is_own


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
