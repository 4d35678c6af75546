"""The console in a real browser: offline, under its own content security policy, as one persona after another."""

import json
import re
import shutil
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, Response, expect, sync_playwright

from gateway.demo import personas
from gateway.demo.development import DevelopmentKey
from gateway.demo.looking import Looking
from gateway.demo.sealing import demo_signer, sealing
from gateway.http import console
from gateway.http.console import Persona
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
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
MASKED_EMAIL = re.compile(r"\w\*\*\*@\w\*\*\*\.\w+")


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


def _of_the_schema(response: Response) -> bool:
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


def test_customer_care_sees_masked_emails_and_which_fields_are_masked(visit: Visit) -> None:
    """The answer is masked, and the panel names each masked field; the clause is not for a third party to know."""
    visit.write(MEMBERS)
    visit.run()
    expect(visit.page.locator(".result-window")).to_contain_text(MASKED_EMAIL)
    why = "Shown as stored when a case of the subject is open with the requester; otherwise in part."
    assert visit.treatments() == [
        ["Field", "Treatment", "Why"],
        ["Member.email", "PARTIAL", why],
        ["Member.name", "PARTIAL", why],
        ["Member.country", "PLAIN", "Shown as stored."],
    ]


def test_staff_see_the_clause(visit: Visit) -> None:
    """Requesters who get clauses see them beside each treatment."""
    visit.choose("Marketplace staff", "statistical_analysis")
    visit.run()
    head, *rows = visit.treatments()
    assert head == ["Field", "Treatment", "Why", "Clause"]
    (email,) = (row for row in rows if row[0] == "Member.email")
    assert email[:3] == ["Member.email", "TOKEN", "Shown as a pseudonym."]
    assert email[3].startswith("U1 U12 U17 U20")
    expect(visit.page.locator("#treatments")).to_contain_text("U12: reports and internal analysis")


def test_the_picker_sets_requester_and_purpose(visit: Visit, demo: Demo) -> None:
    """Each persona asks with a token of its own and the purpose picked; a visitor asks with none."""
    visit.choose("Visitor")
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


def test_it_opens_on_customer_care_and_marks_what_is_masked_where_it_stands(visit: Visit) -> None:
    expect(visit.page.locator("#persona")).to_have_value("Customer care")
    visit.write(MEMBERS)
    visit.run()
    expect(visit.page.locator(".result-window .veil-in-answer.veil-masked").first).to_be_visible()


def test_coarse_values_are_marked_too(visit: Visit) -> None:
    """A month and an address's city do not look masked. What a row itself says of its masks is exact."""
    visit.write("query Orders { orders(first: 3) { nodes { placedAt deliveryAddress status } } }")
    visit.run()
    marked = visit.page.locator(".result-window .veil-in-answer.veil-masked")
    expect(marked.filter(has_text="-01T00:00:00").first).to_be_visible()
    expect(marked.filter(has_text=re.compile("PENDING|SHIPPED|DELIVERED|CANCELLED|PAID"))).to_have_count(0)
    visit.write("query Whole { members(first: 20) { nodes { email maskedFields { field } } } }")
    masked = [
        row["email"]
        for row in visit.run().json()["data"]["members"]["nodes"]
        if "email" in {each["field"] for each in row["maskedFields"]}
    ]
    expect(marked.first).to_have_text(f'"{masked[0]}"')


def test_it_says_who_asked_and_when_and_that_the_pickers_have_moved_on(visit: Visit) -> None:
    visit.run()
    answered = visit.page.locator("#answered")
    expect(answered).to_contain_text(re.compile(r"As\s*Customer care\s*For\s*account_service"))
    expect(answered).to_contain_text(re.compile(r"Took\s*\d+ ms\s*Status\s*200"))
    expect(answered).not_to_have_class("veil-stale")
    with visit.page.expect_response(_of_the_schema):
        visit.page.select_option("#purpose", "site_operation")
    expect(answered).to_have_class("veil-stale")
    expect(answered).to_contain_text("The pickers have moved on")


def test_one_query_is_compared_as_two_personas(visit: Visit) -> None:
    """What differs is marked; what the second does not have is named, and a row it does not see is absent."""
    visit.choose("Marketplace staff")
    visit.write('query Germans { members(filter: {country: {eq: "DE"}}) { nodes { name email jobTitle } } }')
    visit.run()
    visit.page.select_option("#compare", "Customer care")
    comparison = visit.page.locator("#comparison")
    expect(comparison).to_contain_text("Marketplace staff · account_service beside Customer care · account_service")
    expect(comparison.locator("td.veil-differs .veil-partial").first).to_have_text("masked")
    visit.page.select_option("#compare", "Advertiser")
    expect(visit.page.locator("#veil-tab")).to_contain_text("Advertiser has no such fields: Member.jobTitle")
    expect(comparison.get_by_text("row absent").first).to_be_visible()


def test_an_answer_is_shown_as_a_table_and_as_csv(visit: Visit) -> None:
    visit.write(MEMBERS)
    visit.run()
    visit.tab("Table")
    expect(visit.page.locator("#rows th").nth(1)).to_have_text("email")
    with visit.page.expect_download() as downloaded:
        visit.page.get_by_text("Download CSV").click()
    assert Path(downloaded.value.path()).read_text("utf-8").startswith("name,email,country\n")


def test_the_record_the_statement_and_the_headers_are_in_reach(visit: Visit) -> None:
    """And no token can be read there."""
    record = visit.run().headers["access-record"]
    visit.tab("Record")
    expect(visit.page.locator("#veil-tab")).to_contain_text(f"AccessRecord:{record}")
    expect(visit.page.locator("#veil-tab")).to_contain_text("Member.email")
    expect(visit.page.locator("#proof")).to_contain_text("The record is sealed, and the proof holds")
    expect(visit.page.locator("#proof")).to_contain_text(f"in the log: record {record}, at position")
    visit.tab("SQL")
    expect(visit.page.locator("#remembered")).to_contain_text("remembered")
    expect(visit.page.get_by_label("Plan", exact=True)).to_contain_text("CTE Scan on answer")
    expect(visit.page.get_by_label("Statement", exact=True)).to_contain_text("with in_force as materialized (")
    expect(visit.page.get_by_label("How it was decided")).to_contain_text("Member.email (U5 U2)")
    visit.tab("Headers")
    expect(visit.page.locator("#veil-tab")).to_contain_text("access-record")
    assert not re.search(r"ey[\w-]{30,}", visit.page.inner_text("#veil-tab"))


def test_a_link_and_the_history_restore_who_asked_what(visit: Visit, demo: Demo) -> None:
    """Persona, purpose, query and variables; never a token."""
    visit.choose("Marketplace staff", "member_contact")
    visit.write("query Linked { members(first: 1) { nodes { name } } }")
    visit.run()
    visit.page.evaluate("navigator.clipboard.writeText = async (text) => { globalThis.copied = text }")
    visit.page.get_by_role("button", name="Copy link").click()
    link = visit.page.evaluate("globalThis.copied")
    assert not [persona.name for persona in demo.cast if persona.token and persona.token in link]
    visit.choose("Visitor")
    visit.tab("History")
    visit.page.locator("#history button").first.click()
    expect(visit.page.locator("#persona")).to_have_value("Marketplace staff")
    expect(visit.page.locator("#purpose")).to_have_value("member_contact")
    visit.choose("Visitor")
    visit.page.goto("about:blank")
    with visit.page.expect_response(_of_the_schema):
        visit.page.goto(link)
    expect(visit.page.locator("#persona")).to_have_value("Marketplace staff")
    expect(visit.page.locator("#purpose")).to_have_value("member_contact")
    expect(visit.page.locator(".graphiql-query-editor .view-line").first).to_contain_text("Linked")


def test_a_query_is_made_by_clicking_or_by_keyboard_alone(visit: Visit) -> None:
    """Of fields that the persona has, each with what it is; what is chosen stands in the query, and is asked."""
    visit.choose("Visitor")
    visit.write("query Clicked { __typename }")
    visit.page.click("button[aria-label='Show Query by clicking']")
    tree = visit.page.locator(".veil-clicking")
    for name in ("companies", "nodes", "id"):
        tree.locator(f"[data-field-name='{name}']").first.click()
    written = visit.page.locator(".graphiql-query-editor .view-lines")
    expect(written).to_contain_text(re.compile(r"companies\s*{\s*nodes\s*{\s*id"))
    name = tree.locator("[data-field-name='name']").first
    name.focus()
    visit.page.keyboard.press("Space")
    expect(name).to_have_attribute("aria-checked", "true")
    expect(written).to_contain_text(re.compile(r"id\s*name"))
    assert "companies" in visit.run().json()["data"]
    assert tree.locator("[data-field-name='members']").count() == 0
    assert visit.page.evaluate(NAMELESS) == []


MEMBERS = "query Members { members(first: 20) { nodes { name email country } } }"

SIZES = {
    "a laptop": (1366, 657),
    "a laptop at 200 %": (683, 328),
    "a tablet": (820, 1180),
    "a telephone": (390, 844),
}

OUTSIDE = """() => {
    const isOutside = (each) => {
        const box = each.getBoundingClientRect();
        const isBelow = !each.closest(".graphiql-footer") && box.bottom > document.documentElement.scrollHeight + 1;
        return box.width && (box.left < -1 || box.right > innerWidth + 1 || isBelow);
    };
    return [...document.querySelectorAll("button, select, a, [role=tab], [role=tabpanel], input")]
        .filter(each => each.checkVisibility({opacityProperty: true}))
        .filter(each => !each.closest(".graphiql-tabs, .graphiql-plugin") && isOutside(each))
        .map(each => each.getAttribute("aria-label") ?? each.innerText);
}"""
"""Controls that reach out of the page. The tabs of queries scroll by themselves, and so does the panel."""

LAST_TO_APPEAR = {"Record": "#proof table", "SQL": ".veil-plan"}

NAMELESS = """() => [...document.querySelectorAll("button, select, a, input, [role=tab], [role=checkbox]")]
    .filter(each => each.checkVisibility() && !(each.getAttribute("aria-label") || each.innerText.trim()
        || each.labels?.length || each.title || each.querySelector("title")))
    .map(each => each.outerHTML)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_it_fits(browser: Browser, demo: Demo, size: str, scheme: Literal["light", "dark"]) -> None:
    """No control is clipped, none is without a name, and the panel is reached by scrolling at most."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    visit = Visit(context.new_page(), demo.address)
    visit.open()
    visit.write(MEMBERS)
    visit.run()
    visit.page.select_option("#compare", "Marketplace staff")
    for name in ("Compare", "Privacy", "Table", "Record", "SQL", "Headers", "History"):
        visit.tab(name)
        if name in LAST_TO_APPEAR:
            expect(visit.page.locator(LAST_TO_APPEAR[name])).to_be_attached()
        assert visit.page.evaluate(OUTSIDE) == [], name
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert visit.page.evaluate(NAMELESS) == [], name
    visit.page.click("button[aria-label='Show Query by clicking']")
    expect(visit.page.locator(".veil-clicking [role=checkbox]").first).to_be_visible()
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visit.problems == []
    context.close()


def test_its_tabs_are_reached_by_keyboard(visit: Visit) -> None:
    visit.run()
    visit.page.focus("#tab-Privacy")
    for key, name in (("ArrowRight", "Compare"), ("ArrowRight", "Table"), ("ArrowLeft", "Compare")):
        visit.page.keyboard.press(key)
        expect(visit.page.locator(f"#tab-{name}")).to_be_focused()
        expect(visit.page.locator(f"#tab-{name}")).to_have_attribute("aria-selected", "true")


def test_outside_a_demo_two_tokens_are_compared_and_who_may_read_the_log_reads_the_record(
    served: str, browser: Browser, key: DevelopmentKey
) -> None:
    """By requests like any others: as whoever sent the token, and recorded. Nothing is told of statements."""
    visit = Visit(browser.new_context(viewport={"width": 1440, "height": 900}).new_page(), served)
    visit.page.goto(f"{served}/graphql")
    tokens = {
        role: key.sign(role, {purpose}, organisation=organisation, now=time.time())
        for role, purpose, organisation in (
            (Roles.PRIVACY_OFFICER, Purposes.PRIVACY_OVERSIGHT, None),
            (Roles.SERVICE_PROVIDER, Purposes.ACCOUNT_SERVICE, 4),
        )
    }
    officer = {"Authorization": f"Bearer {tokens[Roles.PRIVACY_OFFICER]}", "Access-Purpose": "privacy_oversight"}
    visit.write("query Latest { accessRecords(first: 1) { nodes { role purpose } } }")
    visit.page.click(".graphiql-editor-tool .view-lines:visible")
    visit.page.keyboard.press("ControlOrMeta+A")
    visit.page.keyboard.insert_text(json.dumps(officer))
    for keys in ("ControlOrMeta+Shift+End", "Delete"):  # what the editor closes by itself
        visit.page.keyboard.press(keys)
    with visit.page.expect_response(_of_the_schema):
        visit.page.click("button[aria-label^='Re-fetch GraphQL schema']")
    record = visit.run().headers["access-record"]
    visit.tab("Record")
    expect(visit.page.locator("#veil-tab")).to_contain_text(f"AccessRecord:{record}")
    assert visit.page.locator("#tab-SQL").count() == 0
    visit.tab("Compare")
    visit.page.fill("#second [name=token]", tokens[Roles.SERVICE_PROVIDER])
    visit.page.fill("#second [name=purpose]", "account_service")
    visit.page.click("#second button")
    expect(visit.page.locator("#veil-tab")).to_contain_text("has no such fields: Query.accessRecords")
    stored = visit.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert not [token for token in tokens.values() if token in stored]
    visit.page.context.close()


def test_the_root_leads_to_the_console(demo: Demo) -> None:
    response = httpx.get(f"{demo.address}/")
    assert (response.status_code, response.headers["location"]) == (302, "/graphql")


def test_a_statement_is_told_of_a_request_that_has_one(demo: Demo) -> None:
    """And else why there is none."""
    asked = {"query": "{ members { nodes { nam } } }", "role": "PLATFORM", "purpose": "account_service"}
    refused = httpx.post(f"{demo.address}/console/statement", json=asked).json()
    assert refused["problem"].startswith("INVALID: ")
    nobody = httpx.post(f"{demo.address}/console/statement", json={**asked, "role": "KING"}).json()
    assert nobody == {"problem": "the marketplace has no such role or purpose"}
    assert httpx.post(f"{demo.address}/console/statement", content=b"{").status_code == 400


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
