"""Tells people what the policy says and what a plan shows: sentences, and rows of tables. Decides nothing."""

from collections.abc import Iterable, Iterator, Sequence

from resolvers.plan import CERTAIN, Plan, Predicate
from schema.changes import Change
from schema.labels import COLLECTED, Category
from schema.policy import Grant, Policy, Rule
from schema.requester import Purpose, Role
from schema.treatments import Treatment

_SHOWN = {
    Treatment.PLAIN: "plain",
    Treatment.PARTIAL: "in part",
    Treatment.TOKEN: "as tokens",
    Treatment.HIDDEN: "hidden",
}
UNCONDITIONAL = "–"


def readable(policy: Policy) -> str:
    """The whole policy, to be read aloud."""
    clauses = [f"{clause.id} ({clause.section}): {clause.settles}." for clause in policy.clauses.values()]
    roles = [f"{role}: {_listed(sorted(purposes))}." for role, purposes in sorted(policy.roles.items())]
    grants = [f"{grant.id}. {sentence(grant)}" for grant in all_grants(policy)]
    head = f"Privacy policy {policy.version}, in effect from {policy.effective_from}. Questions go to {policy.contact}."
    parts = (
        head,
        "What the policy says",
        *clauses,
        "Who may ask, and for what",
        *roles,
        "What each may see; nothing else is shown to anybody",
        *grants,
    )
    return "\n".join(parts)


def all_grants(policy: Policy) -> Sequence[Grant]:
    """Every grant once, in the order of the file."""
    return list({grant.id: grant for grants in policy.grants.values() for grant in grants}.values())


def sentence(grant: Grant) -> str:
    when = f", but only when {_listed(condition.value for condition in grant.conditions)}" if grant.conditions else ""
    shown = "" if grant.aggregates else f"; identifiers are {treatments(grant)}"
    return (
        f"{_listed(sorted(grant.roles))}, for {_listed(sorted(grant.purposes))}, see {_listed(seen(grant))}{shown}{when}. "
        f"({' '.join(grant.clauses)})"
    )


def seen(grant: Grant) -> Iterator[str]:
    """The categories and single fields a grant gives."""
    if grant.categories.issuperset(COLLECTED):
        yield "all eight categories"
        yield from sorted(grant.categories.difference(COLLECTED))
    else:
        yield from (category for category in Category if category in grant.categories)
    yield from sorted(grant.fields)
    yield from (f"figures about {category}" for category in Category if category in grant.aggregates)


def treatments(grant: Grant) -> str:
    """How a grant shows identifiers: the commonest treatment, then the exceptions."""
    if grant.aggregates:
        return UNCONDITIONAL
    shown = list(grant.identifiers.values())
    usual = max(Treatment, key=shown.count)
    others = [f"{kind} {_SHOWN[treatment]}" for kind, treatment in grant.identifiers.items() if treatment is not usual]
    return f"{_SHOWN[usual]}, but {_listed(others)}" if others else _SHOWN[usual]


def _listed(parts: Iterable[str]) -> str:
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def matrix(policy: Policy) -> Iterator[tuple[str, ...]]:
    """A row for each role, purpose and grant: (role, purpose, grant, what it sees, identifiers, when, clauses)."""
    for role in Role:
        for purpose in Purpose:
            if purpose not in policy.roles[role]:
                continue
            granted = policy.granted(role, purpose)
            yield from (_row(role, purpose, grant) for grant in granted)
            if not granted:
                yield (role, purpose, UNCONDITIONAL, "nothing", UNCONDITIONAL, UNCONDITIONAL, "U4")


def _row(role: Role, purpose: Purpose, grant: Grant) -> tuple[str, ...]:
    when = "; ".join(grant.conditions) or UNCONDITIONAL
    return (role, purpose, grant.id, ", ".join(seen(grant)), treatments(grant), when, " ".join(grant.clauses))


def explained(plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    """A row for each treatment of each field of a plan: (field, treatment, when, clauses)."""
    for disclosure in plan.disclosures:
        for case in disclosure.cases:
            clauses = " ".join(disclosure.clauses) or UNCONDITIONAL
            yield disclosure.field, case.treatment, _when(case.when), clauses


def _when(predicate: Predicate) -> str:
    if predicate == CERTAIN:
        return UNCONDITIONAL
    alternatives = [
        " and ".join(sorted(f"{held.condition} ({held.subject})" if held.subject else held.condition for held in one))
        for one in predicate
    ]
    return "; or ".join(sorted(alternatives))


def changed(change: Change) -> tuple[str, str, str, str, str]:
    """A row for a change: (role, purpose, field, what opens, what closes)."""
    opens = "; ".join(f"★ {_rule(rule)}" for rule in change.opens)
    closes = "; ".join(_rule(rule) for rule in change.closes)
    return (change.role, change.purpose, change.field, opens or UNCONDITIONAL, closes or UNCONDITIONAL)


def _rule(rule: Rule) -> str:
    when = f" when {_listed(rule.conditions)}" if rule.conditions else ""
    return f"{rule.treatment}{when} ({rule.grant})"
