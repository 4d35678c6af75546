"""Each folder here is a case: why it matters, what is asked and by whom, and the statement, answer and record due.

What a case expects is rewritten with `REWRITE_CASES=1`. Such a run fails all the same and names what it rewrote, so
that nobody accepts a change without having seen it. A refused operation has no statement.
"""

import json
import os
import re
import tomllib
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.demo.development import DevelopmentKey
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiled, Compiler
from resolvers.front.document import Request
from resolvers.planning.plan import Plan
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file
from schema.policy.grants import Policy, decide
from schema.refusals import Refused
from tests.conftest import Asking, Databases, Requesting, Serving, run, settings_for

HERE = Path(__file__).parent
FOLDERS = sorted(file.parent for file in HERE.glob("*/why.md"))
REWRITING = "REWRITE_CASES" in os.environ

RECORDED = """\
select record.requester, record.role, record.purpose, record.member_id, record.organisation_id, record.reference,
       record.policy, record.operation, record.outcome, record.subjects, record.shown, record.subject_count, record.row_count,
       record.cross_border, record.plan, plan.role as plan_role, plan.purpose as plan_purpose,
       plan.policy as plan_policy, plan.operation as plan_operation, plan.document, plan.fields,
       plan.classes
from veil.access_record record left join veil.access_plan plan on plan.id = record.plan
where record.id = $1::text::uuid"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is asked, and by whom."""

    requesting: Requesting
    query: str
    variables: Mapping[str, Any]

    def asked(self, gateway: Asking) -> httpx.Response:
        return gateway.post(self.requesting, self.query, self.variables)

    def plan(self, compiler: Compiler) -> Plan:
        request = Request(document=self.query, operation_name=None, variables=self.variables)
        return compiler.plan(request, self.requesting.role, self.requesting.purpose)

    def compiled(self, compiler: Compiler) -> Compiled:
        request = Request(document=self.query, operation_name=None, variables=self.variables)
        return compiler.compiled(request, self.requesting.role, self.requesting.purpose)


def case(folder: Path) -> Case:
    said = tomllib.loads((folder / "requester.toml").read_text("utf-8"))
    variables = said.pop("variables", {})
    requesting = Requesting(role=Roles(said.pop("role")), purpose=Purposes(said.pop("purpose")), **said)
    return Case(requesting=requesting, query=(folder / "query.graphql").read_text("utf-8"), variables=variables)


@pytest.fixture(scope="module")
def compiler(catalog: Catalog) -> Compiler:
    return Compiler(catalog, policy_file.load_policy(catalog.marketplace.first_policy, catalog), DEFAULT_LIMITS)


@pytest.fixture(scope="module")
def asking(databases: Databases, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    """A gateway over a marketplace of the cases' own."""
    url = databases.make("sample_market")
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        yield asking
        asking.client.close()
    databases.drop(url)


@pytest.fixture
def gateway(asking: Asking) -> Asking:
    """No case finds in the log what another has left there, whichever was tried before it."""
    run(asking.url, lambda connection: connection.execute("delete from veil.access_record"))
    return asking


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_is_stated_answered_and_recorded_as_expected(folder: Path, gateway: Asking, compiler: Compiler) -> None:
    """A folder `before` in a case holds what somebody else asks first."""
    if (before := folder / "before").exists():
        case(before).asked(gateway)
    asked = case(folder)
    response = asked.asked(gateway)
    made = {
        "statement.sql": _statement(asked, compiler),
        "answer.json": _answer(response),
        "record.json": _record(gateway, response),
    }
    expected = {name: _kept(folder / name) for name in made}
    if REWRITING and made != expected:
        pytest.fail(f"rewritten: {', '.join(_rewritten(folder, made, expected))}; review them before you keep them")
    for name, text in made.items():
        assert text == expected[name], f"{folder.name}/{name}"


def _statement(asked: Case, compiler: Compiler) -> str | None:
    try:
        return f"{asked.compiled(compiler).statement.sql}\n"
    except Refused:
        return None


def _answer(response: httpx.Response) -> str:
    answer = response.json()
    record = answer["extensions"]["privacy"].pop("record")
    assert record == response.headers["access-record"]
    return _json(answer)


def _record(gateway: Asking, response: httpx.Response) -> str:
    identity = response.headers["access-record"]
    found = run(gateway.url, lambda connection: connection.fetchrow(RECORDED, identity))
    record = dict(found)
    plan = {key.removeprefix("plan_"): record.pop(key) for key in [*record][-7:]}
    identified = record.pop("plan") is not None
    if identified:
        plan["document"] = plan["document"].splitlines()
        plan["fields"] = {each["field"]: each["treatment"] for each in json.loads(plan["fields"])}
        plan["classes"] = [
            f"{each['treatment']} {' '.join(each['fields'])} ({' '.join(each['clauses'])})"
            for each in json.loads(plan["classes"])
        ]
    return _json({**record, **_in_order(record["subjects"], record["shown"]), "plan": plan if identified else None})


def _in_order(subjects: list[int], shown: str) -> dict[str, Any]:
    """The persons by their ids: which is read first is PostgreSQL's choice, and not the same in each of its versions."""
    each = shown.split(" ")
    if len(each) != len(subjects):
        return {"subjects": sorted(subjects)}
    ordered = sorted(zip(subjects, each, strict=True))
    return {"subjects": [subject for subject, _ in ordered], "shown": " ".join(classes for _, classes in ordered)}


def _json(value: object) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    numbers_on_one_line = re.sub(r"\[[\s\d,]+\]", lambda found: f"[{' '.join(found[0][1:-1].split())}]", text)
    return f"{numbers_on_one_line}\n"


def _kept(file: Path) -> str | None:
    return file.read_text("utf-8") if file.exists() else None


def _rewritten(folder: Path, made: Mapping[str, str | None], expected: Mapping[str, str | None]) -> Iterator[str]:
    for name, text in made.items():
        if text != expected[name]:
            if text is None:
                (folder / name).unlink()
            else:
                (folder / name).write_text(text, "utf-8")
            yield f"{folder.name}/{name}"


def test_every_grant_that_can_show_something_has_a_case(catalog: Catalog, compiler: Compiler) -> None:
    """A grant has a case when it shows a field in the answer of one; adding a grant is adding a case."""
    grants = [grant for granted in compiler.policy.grants.values() for grant in granted]
    entities = catalog.entities.values()
    can_show = {each.id for each in grants if each.aggregates or any(map(each.touches, entities))}
    assert can_show - set(_shown_by(compiler, catalog)) == set()


def _shown_by(compiler: Compiler, catalog: Catalog) -> Iterator[str]:
    """The grants by which the cases show fields and figures."""
    for folder in FOLDERS:
        try:
            plan = case(folder).plan(compiler)
        except Refused:
            continue
        for disclosure in plan.disclosures:
            yield from _grants(compiler.policy, catalog, plan, disclosure.field)


def _grants(policy: Policy, catalog: Catalog, plan: Plan, shown: str) -> Iterator[str]:
    type_name, _, field = shown.partition(".")
    if entity := catalog.entities.get(type_name):
        yield from (
            rule.grant
            for rule in decide(policy, plan.role, plan.purpose, entity, {**entity.id_filters, **entity.labelled}[field])
        )
    else:
        yield from (grant.id for grant in policy.grants_for(plan.role, plan.purpose) if grant.aggregates)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_says_why_it_matters(folder: Path) -> None:
    why = (folder / "why.md").read_text("utf-8")
    assert why.strip().endswith(".")
    assert all(len(line) <= 120 for line in why.splitlines())
