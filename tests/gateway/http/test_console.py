"""The console in a real browser: offline, under its own content security policy, as one persona after another."""

import json
import re
import time
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, expect

from gateway.demo.development import DevelopmentKey
from schema.marketplace.words import Purposes, Roles
from tests.gateway.http.conftest import Demo, Visit, of_the_schema

MASKED_EMAIL = re.compile(r"\w\*\*\*@\w\*\*\*\.\w+")


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


def test_an_instrument_that_does_not_apply_is_told_apart(visit: Visit) -> None:
    """From an answer in which nothing was found."""
    visit.choose("Court")
    visit.run()
    expect(visit.page.locator("#treatments")).to_be_visible()
    assert visit.page.locator("#instrument").count() == 0
    with visit.page.expect_response(of_the_schema):
        visit.page.select_option("#purpose", "authority_request")
    visit.write("query Named { members(first: 1) { nodes { email } } }")
    visit.run()
    expect(visit.page.locator("#instrument")).to_contain_text("does not apply")


def test_it_says_who_asked_and_when_and_that_the_pickers_have_moved_on(visit: Visit) -> None:
    visit.run()
    answered = visit.page.locator("#answered")
    expect(answered).to_contain_text(re.compile(r"As\s*Customer care\s*For\s*account_service"))
    expect(answered).to_contain_text(re.compile(r"Took\s*\d+ ms\s*Status\s*200"))
    expect(answered).not_to_have_class("veil-stale")
    with visit.page.expect_response(of_the_schema):
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
    with visit.page.expect_response(of_the_schema):
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
    with visit.page.expect_response(of_the_schema):
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
