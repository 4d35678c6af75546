"""Explains to people what the policy says, what another version would change, and what a plan shows. Decides nothing.

The explanations are plain lines that fit the terminal, so that they can be searched. Nothing is cut off. The matrix has
columns, and needs 120.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from gateway.policy.alike_changes import alike_changes
from gateway.policy.in_force import RecordedPlan
from resolvers.audience import Audience
from resolvers.compiler import Compiler
from resolvers.descriptions import when_in_words
from resolvers.front.document import Request
from resolvers.planning.plan import (
    CERTAIN,
    ConnectionPage,
    EdgeNode,
    ListedRows,
    PageEntry,
    PageRows,
    PartRows,
    Plan,
    PlanNode,
    Predicate,
    SingleRow,
)
from schema.catalog import Catalog
from schema.definition import Marketplace
from schema.identities import Identity
from schema.labels import Identifier, Nature
from schema.policy.changes import Change
from schema.policy.changes import changes as policy_changes
from schema.policy.figures import FigureRules
from schema.policy.grants import BreadthLimit, Grant, Policy, RoleDescription, Rule, Words
from schema.policy.sentences import enumeration, form_in_words, in_order, in_words, sentence, usual_treatment
from schema.refusals import Problem, Refused
from schema.requester import Purpose, Role
from schema.treatments import Treatment

WIDTH = 118
"""Columns of a line at the most, and where there is no terminal."""

_NARROWEST = 40

ALWAYS_MARK = "–"


def wrapped(text: str, indent: int) -> Iterator[str]:
    """A text in lines that fit the terminal."""
    columns = shutil.get_terminal_size((WIDTH + 2, 24)).columns
    width = max(_NARROWEST, min(columns - 2, WIDTH))
    yield from wrap(text, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


# The whole policy, as text.


def policy_text(policy: Policy) -> Iterator[str]:
    yield from wrapped(
        f"The privacy policy of version {policy.version}, in effect from {policy.effective_from:%-d %B %Y}."
        f" Questions go to {policy.contact}.",
        0,
    )
    yield from ("", "What the policy says", "")
    for clause in policy.clauses.values():
        yield from wrapped(f"{clause.id:<5} {clause.section}: {clause.settles}.", 6)
    yield from ("", "The words of this version", "")
    yield from _words_text(policy.words)
    yield from ("", "Who may ask, and for what", "")
    for role, purposes in policy.roles.items():
        yield from wrapped(_introduction(role, policy.role_descriptions[role], purposes), 2)
    yield from ("", "Who sees what; nobody sees anything else", "")
    for grant in policy.all_grants:
        yield from wrapped(f"{grant.id:<5} {sentence(grant)}", 6)
    if policy.figures:
        yield from ("", "How figures are released", "")
        yield from _figures_text(policy.figures)


def _words_text(words: Words) -> Iterator[str]:
    lists = (
        ("Collected", [each.words for each in words.collected]),
        ("Other categories", [each.words for each in words.other_categories]),
        ("Identifiers", [each.words for each in words.identifiers]),
    )
    for heading, listed in lists:
        yield from wrapped(f"{heading}: {enumeration(listed or ['none'])}.", 2)
    yield from wrapped("A category or a kind of identifiers that is in no list is hidden from everybody.", 0)


def unlisted_text(policy: Policy, marketplace: Marketplace) -> Iterator[str]:
    """What Veil knows and a policy does not speak of, a line for each."""
    words = policy.words
    for category in marketplace.all_categories:
        is_about_somebody = not category.is_open and category.nature is not Nature.UNDECIDED
        if category not in words.categories and is_about_somebody:
            yield f"category {category} is in no list: hidden for everybody"
    for kind in marketplace.identifiers:
        if kind not in words.identifiers:
            yield f"identifier {kind} is in no list: hidden for everybody"
    for role in marketplace.roles:
        if role not in policy.roles:
            yield f"role {role} is not described: it may ask for nothing"
    used = frozenset[Purpose]().union(*policy.roles.values())
    yield from (
        f"purpose {purpose} is no role's: nobody may ask for it"
        for purpose in marketplace.purposes
        if purpose not in used
    )


def _figures_text(rules: FigureRules) -> Iterator[str]:
    yield from wrapped(
        f"Once a month, of the {rules.months} months to its end, with differential privacy: twelve releases together keep"
        f" within an epsilon of {rules.epsilon:g} and a delta of {rules.delta:g}.",
        0,
    )
    for category, bounds in rules.bounds.items():
        largest = enumeration(f"{number:,} {unit}".rstrip() for unit, number in bounds.largest.items())
        yield from wrapped(
            f"From {category.words}, with {bounds.share:.0%} of that: of each member at most {bounds.contributions} count,"
            f" each with {largest} at most.",
            2,
        )


def _introduction(role: Role, description: RoleDescription, purposes: Iterable[Purpose]) -> str:
    requirement = (
        f" Its token names an organisation of the kind {description.requires_organisation}."
        if description.requires_organisation
        else ""
    )
    return (
        f"{role} is {description.description}. It may ask for {enumeration(map(in_words, sorted(purposes)))}.{requirement}"
        f"{_limit(description.breadth)}"
    )


def _limit(limit: BreadthLimit | None) -> str:
    if limit is None:
        return ""
    then = "is refused until the day ends" if limit.refuses else "is reported"
    return f" One who saw more than {limit.persons:,} persons in a day {then}."


# The matrix: role × purpose × category.


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """How one grant shows one category, field or figure to a role for a purpose."""

    role: Role
    purpose: Purpose
    what: str
    identifiers: str
    when: str
    grant: str
    clauses: str


def matrix_cells(policy: Policy, catalog: Catalog) -> Iterator[MatrixCell]:
    """All that is granted, by role and purpose. What has no cell is refused."""
    kinds = _kinds(policy.words, catalog)
    for role in catalog.marketplace.roles:
        for purpose in catalog.marketplace.purposes:
            for grant in policy.grants_for(role, purpose):
                for what, identifiers in _cells(grant, kinds):
                    yield MatrixCell(
                        role=role,
                        purpose=purpose,
                        what=what,
                        identifiers=identifiers,
                        when=" and ".join(condition.name for condition in grant.conditions) or ALWAYS_MARK,
                        grant=grant.id,
                        clauses=" ".join(grant.clauses),
                    )


def _kinds(words: Words, catalog: Catalog) -> Mapping[str, Sequence[Identifier]]:
    """The kinds of identifiers in each category and in each field, of those that a policy speaks of."""
    kinds_by_place: dict[str, set[Identifier]] = {category.value: set() for category in words.categories}
    for entity in catalog.entities.values():
        for column in entity.labelled.values():
            kinds = {kind for kind in column.label.identifiers if kind in words.identifiers}
            kinds_by_place.setdefault(column.label.category, set()).update(kinds)
            kinds_by_place[f"{entity.name}.{column.name}"] = kinds
    return {place: sorted(each, key=words.identifiers.index) for place, each in kinds_by_place.items()}


def _cells(grant: Grant, kinds: Mapping[str, Sequence[Identifier]]) -> Iterator[tuple[str, str]]:
    for what in (*in_order(grant.categories, grant.words), *sorted(grant.fields)):
        usual, others = usual_treatment(grant, kinds[what])
        exceptions = [f"{' '.join(each)} {how}" for how, each in others.items()]
        yield what, "; ".join([usual, *exceptions]) if kinds[what] else Treatment.PLAIN
    yield from ((f"not {field}", ALWAYS_MARK) for field in sorted(grant.without))
    yield from ((f"figures about {category}", ALWAYS_MARK) for category in in_order(grant.aggregates, grant.words))
    for right, scope in grant.rights.items():
        things = (*in_order(scope.categories, grant.words), *sorted(scope.fields))
        yield from ((f"{right} {what}", ALWAYS_MARK) for what in things)


_COLUMNS = (22, 42, 20, 6)
"""The widths of the matrix's columns but the last."""


def matrix_text(cells: Iterable[MatrixCell], catalog: Catalog) -> Iterator[str]:
    """The matrix with a heading for each role and purpose, then the meaning of its conditions."""
    cells = list(cells)
    yield _line("", "IDENTIFIERS", "WHEN", "GRANT", "CLAUSES")
    heading = ""
    for cell in cells:
        if heading != (heading := f"{cell.role} · {cell.purpose}"):
            yield from ("", heading)
        yield _line(f"  {cell.what}", cell.identifiers, cell.when, cell.grant, cell.clauses)
    used = {name for cell in cells for name in cell.when.split(" and ")}
    yield from ("", f"WHEN ({ALWAYS_MARK}: always)", "")
    conditions = [condition for condition in catalog.marketplace.conditions if condition.name in used]
    yield from (f"  {condition.name:<26} {condition}" for condition in conditions)
    yield from (
        "",
        "In part, a time is shown by its month (MOMENT) and an amount by its first two digits (AMOUNT). What was bought or",
        "looked at is whole or hidden (DETAIL). A row leads to a member, and a member to a row, only if the conditions hold",
        "for that member.",
        "If several lines apply, the most revealing one whose condition holds wins. What no line grants is refused (U4).",
    )
    yield "Ids and cookies have no partial form: a token is shown instead. A token is also shown for the id of a row whose"
    yield "identifiers are hidden."


def _line(*cells: str) -> str:
    """Cells in columns. One that is too long for its column takes of the next."""
    *others, last = cells
    line, end = "", 0
    for cell, width in zip(others, _COLUMNS, strict=True):
        end += width + 1
        line = f"{line}{cell}".ljust(end - 2) + "  "
    return f"{line}{last}".rstrip()


# What another version changes.


def words_change(old: Policy, new: Policy) -> Iterator[str]:
    """The words that one version speaks of and the other does not: each opens (★) what grants say of it, or closes all."""
    for what, before, after in (
        ("category", old.words.categories, new.words.categories),
        ("identifier", old.words.identifiers, new.words.identifiers),
    ):
        yield from (f"★ {what} {word}: listed now; grants may show it" for word in after if word not in before)
        yield from (f"  {what} {word}: listed no longer; hidden for everybody" for word in before if word not in after)
    if set(old.words.collected) != set(new.words.collected):
        yield f"`COLLECTED` stands for {enumeration(new.words.collected or ['nothing'])}"


def epoch_change(old: Policy, new: Policy) -> Iterator[str]:
    """The change of all tokens, if there is one."""
    if old.epoch != new.epoch:
        yield f"every token changes: the epoch was {old.epoch} and becomes {new.epoch}"


def figures_change(old: Policy, new: Policy) -> Iterator[str]:
    """The new rules for releases of figures, if they are others."""
    if old.figures != new.figures:
        yield "figures are released by other rules:"
        yield from _figures_text(new.figures) if new.figures else ("they are released no longer",)


def breadth_changes(old: Policy, new: Policy) -> Iterator[str]:
    """The new limits in breadth of the roles for which they are others."""
    for role, description in new.role_descriptions.items():
        if description.breadth != old.role_descriptions[role].breadth:
            yield from wrapped(f"{role} has another limit:{_limit(description.breadth) or ' none.'}", 2)


def changes_text(changes: Iterable[Change]) -> Iterator[str]:
    """What opens (★) and what closes, by role and purpose. Fields with the same change share a line."""
    for (role, purpose), alike in alike_changes(changes).items():
        yield from ("", f"{role} · {purpose}")
        for each in alike:
            when = f" when {enumeration(each.conditions)}" if each.conditions else ""
            mark, from_now = ("★", "now") if each.opens else (" ", "no longer")
            line = f"  {mark} {enumeration(each.fields)}: {from_now} {each.treatment}{when} ({each.grant})"
            yield from wrapped(line, 6)


def _rule(rule: Rule) -> str:
    when = f" when {enumeration(map(str, rule.conditions))}" if rule.conditions else ""
    return f"{rule.treatment}{when} ({rule.grant})"


def affected_text(
    affected: Iterable[tuple[RecordedPlan, Change]], organisations: Mapping[Identity, str]
) -> Iterator[str]:
    """The recorded operations whose answers would change: how often each was asked, and its changes."""
    by_plan: dict[RecordedPlan, dict[Change, None]] = {}
    for plan, change in affected:
        by_plan.setdefault(plan, {})[change] = None
    for plan, changes in by_plan.items():
        _, heading, *lines = changes_text(changes)
        yield from ("", f"{plan.operation or 'an operation without a name'}, as {heading}")
        yield from wrapped(f"  {_use(plan, organisations)}", 2)
        yield from lines


def affected_listed(
    affected: Iterable[tuple[RecordedPlan, Change]], organisations: Mapping[Identity, str]
) -> Sequence[Mapping[str, Any]]:
    """The same as values that JSON has: an entry for each change of a field of an operation."""
    return [
        {
            "operation": plan.operation,
            "role": change.role,
            "purpose": change.purpose,
            "answers": plan.answers,
            "last": plan.last.isoformat() if plan.last else None,
            "organisations": [{"id": str(each), "name": organisations.get(each)} for each in plan.organisations],
            "field": change.field,
            "opens": [_rule(rule) for rule in change.opens],
            "closes": [_rule(rule) for rule in change.closes],
        }
        for plan, change in affected
    ]


def _use(plan: RecordedPlan, organisations: Mapping[Identity, str]) -> str:
    """How often an operation was answered, when last, and by whom it was asked."""
    if plan.last is None:
        return "never answered"
    by = enumeration([organisations.get(each, f"organisation {each}") for each in plan.organisations] or [""])
    often = f"answered {plan.answers:,} times" if plan.answers > 1 else "answered once"
    return f"{often}, last on {plan.last:%Y-%m-%d %H:%M} UTC{f', asked by {by}' if by else ''}"


def differences_text(before: Policy, after: Policy, catalog: Catalog) -> Sequence[str]:
    """All that a version changes: what opens and what closes."""
    lines = [
        *epoch_change(before, after),
        *words_change(before, after),
        *figures_change(before, after),
        *breadth_changes(before, after),
        *changes_text(policy_changes(before, after, catalog)),
    ]
    return lines or ["nothing changes for anybody"]


# Who may see a field.


def audience_text(seen: Iterable[Audience]) -> Iterator[str]:
    """Who may see some fields, by role and purpose. Fields that are seen alike share a line."""
    by_requester: dict[str, dict[tuple[str, str, tuple[str, ...]], list[str]]] = {}
    for each in seen:
        alike = by_requester.setdefault(f"{each.role} · {each.purpose}", {})
        alike.setdefault((each.shown, each.rows, each.clauses), []).append(each.field)
    for position, (heading, alike) in enumerate(by_requester.items()):
        yield from ("", heading) if position else (heading,)
        for (shown, rows, clauses), fields in alike.items():
            yield from wrapped(f"  {enumeration(fields)}: {shown} {rows} ({' '.join(clauses)})", 6)


# A query, explained.


def statement_of(compiler: Compiler, marketplace: Marketplace, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """The statement of a request, how it was decided, and whether its document was remembered; or why there is none."""
    role, purpose = marketplace.role_named(asked["role"]), marketplace.purpose_named(asked["purpose"])
    if role is None or purpose is None:
        return {"problem": "the marketplace has no such role or purpose"}
    request = Request(
        document=asked["query"], operation_name=asked.get("operationName"), variables=asked.get("variables") or {}
    )
    try:
        plan, compiled = compiler.plan(request, role, purpose), compiler.compiled(request, role, purpose)
    except Refused as refused:
        return {"problem": f"{refused.code.name}: {refused.hint}"}
    decisions = "\n".join((*plan_text(plan), "", *clauses_text(compiler.policy, plan)))
    return {"statement": compiled.statement.sql, "decisions": decisions, "remembered": _remembered(compiled.calls)}


def _remembered(calls: int) -> str:
    """Whether the last call of a statement found it compiled."""
    match calls:
        case 0:
            return "No request has called this statement yet."
        case 1:
            return "It was compiled for this request, and is remembered from now on."
        case _:
            return f"It was remembered: compiled for the first of {calls:,} calls, and found ready by the others."


def clauses_text(policy: Policy, plan: Plan) -> Iterator[str]:
    """What the clauses behind a plan's fields settle."""
    for name in dict.fromkeys(clause for disclosure in plan.disclosures for clause in disclosure.clauses):
        if clause := policy.clauses.get(name):
            yield from wrapped(f"{clause.id:<5} {clause.section}: {clause.settles}.", 6)


def misfit_text(document: str, problems: Iterable[Problem]) -> Iterator[str]:
    """What is wrong with a document: each problem with its line, and a mark below its place."""
    lines = document.splitlines()
    for problem in problems:
        yield problem.message
        for line, column in problem.locations:
            if line <= len(lines):
                yield from (f"{line:>5} | {lines[line - 1]}", f"      | {' ' * (column - 1)}^")


def plan_text(plan: Plan) -> Iterator[str]:
    """Which rows are shown, then each field with its clauses, its treatments and their conditions."""
    for name, visible in dict(_rows(plan.projection)).items():
        yield from wrapped(f"{name}: rows are shown {told_when(visible)}", 2)
    for disclosure in plan.disclosures:
        yield from wrapped(f"{disclosure.field} ({' '.join(disclosure.clauses) or 'open to all'})", 2)
        for position, branch in enumerate(disclosure.branches):
            when = "otherwise" if position and branch.when == CERTAIN else told_when(branch.when)
            form = form_in_words(disclosure.identifier) if branch.treatment is Treatment.PARTIAL else None
            yield from wrapped(f"  {branch.treatment:<8} {f'{form}, ' if form else ''}{when}", 11)
        if disclosure.least is Treatment.HIDDEN:
            yield f"  {Treatment.HIDDEN:<8} otherwise"


def _rows(nodes: Iterable[PlanNode | PageEntry]) -> Iterator[tuple[str, Predicate]]:
    """The entities whose rows a projection reads, each with the condition under which a row is shown."""
    for plan_node in nodes:
        match plan_node:
            case SingleRow(alternatives=alternatives) | ListedRows(alternatives=alternatives):
                for rows, projection in alternatives:
                    yield rows.entity.name, rows.visible
                    yield from _rows(projection)
            case ConnectionPage(rows=rows, entries=entries):
                yield rows.entity.name, rows.visible
                yield from _rows(entries)
            case PageRows(node=node, edge=edge):
                yield from _rows([*(node or ()), *(edge or ())])
            case PartRows(projection=projection) | EdgeNode(projection=projection):
                yield from _rows(projection)
            case _:
                pass


def told_when(predicate: Predicate) -> str:
    """When a predicate holds, as the end of a sentence."""
    return "always" if predicate == CERTAIN else when_in_words(predicate)
