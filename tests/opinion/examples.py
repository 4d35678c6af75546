"""What is tried: a state of the market, a policy, and what is asked in it by whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from schema.marketplace.conditions import WHOLE_CARDS
from schema.marketplace.words import Roles
from schema.policy.grants import Grant, Policy
from schema.requester import Purpose, Role
from tests.opinion.asking import INSTRUMENTS, Asking, People, as_somebody
from tests.opinion.executing import Gateway, Rules
from tests.opinion.market import Market
from tests.opinion.operations import Pool, Query, queries
from tests.opinion.policies import MadeUp, made_up
from tests.opinion.states import states

MOST_IN_A_STATE = 20
AGAIN = 25
"""One in so many times, nothing more is asked in a state."""

SOUGHT = 10
"""How much more often is asked what a grant that is sought gives."""

MADE_UP = 4
"""One in so many states is under a policy made up for it."""

MOST_POLICIES = 20
"""Made-up policies whose views are cached: while an example is made smaller, its policy is most often the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One operation and its requesters, of one role and purpose, whose calls share a batch."""

    by: Sequence[Asking]
    query: Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A state of the market, and what is asked in it. Without a policy made up it is under the gateway's own."""

    changes: Sequence[str]
    batches: Sequence[Batch]
    rules: Rules = field(repr=False)
    made_up: MadeUp | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """What there is to try with a gateway and its market."""

    gateway: Gateway
    people: People
    pool: Pool
    _rules: dict[str, Rules] = field(default_factory=dict[str, Rules])

    @classmethod
    def of(cls, gateway: Gateway, market: Market) -> "Examples":
        return cls(gateway=gateway, people=People.of(market), pool=Pool.of(market, gateway.catalog))

    def all(self, sought: Collection[str] = ()) -> st.SearchStrategy[Example]:
        """Any; under the gateway's own policy most often by those to whom one of the grants sought is given."""
        own = self._under_own(sought)
        policies = made_up(self.gateway.own.policy, self.gateway.catalog)

        @st.composite
        def drawn(draw: st.DrawFn) -> Example:
            """Many in a state, since a state takes longer to make than a question; one, where that is enough."""
            changes = draw(states(self.people))
            about = sorted({organisation for change in changes for organisation in change.about})
            policy = draw(policies) if draw(st.integers(0, MADE_UP - 1)) == MADE_UP - 1 else None
            rules = self._rules_of(policy.policy) if policy else self.gateway.own
            one = self._batches_by(rules, policy.role, policy.purpose) if policy else own
            batches = [self._of_interest(draw(one), about, draw)]
            while len(batches) < MOST_IN_A_STATE and draw(st.integers(0, AGAIN - 1)):
                batches.append(self._of_interest(draw(one), about, draw))
            return Example(changes=[change.text for change in changes], batches=batches, rules=rules, made_up=policy)

        return drawn()

    def _of_interest(self, batch: Batch, about: Sequence[int], draw: st.DrawFn) -> Batch:
        """At times by an organisation that the state is about: else that would be rare."""
        by: list[Asking] = []
        for asking in batch.by:
            fitting = [each for each in about if each in self.people.organisations.get(asking.role.value, ())]
            chosen = draw(st.sampled_from([None, *fitting])) if fitting else None
            by.append(replace(asking, organisation=chosen) if chosen else asking)
        return replace(batch, by=by)

    def _under_own(self, sought: Collection[str]) -> st.SearchStrategy[Batch]:
        """By any role for any purpose; more often where there are conditions, and most often where a paper must fit."""
        policy = self.gateway.own.policy
        standpoints = [
            (role, purpose)
            for role in Roles
            for purpose in sorted(policy.roles[role])
            for grant in policy.grants_for(role, purpose)
            for _ in range(_often(purpose, grant) * (SOUGHT if grant.id in sought else 1))
        ]
        batches = {
            (role, purpose): self._batches_by(self.gateway.own, role, purpose, self._types(sought, role, purpose))
            for role, purpose in set(standpoints)
        }
        return st.sampled_from(standpoints).flatmap(lambda standpoint: batches[standpoint])

    def _types(self, sought: Collection[str], role: Role, purpose: Purpose) -> frozenset[str]:
        """The types of which the grants sought name fields."""
        grants = [each for each in self.gateway.own.policy.grants_for(role, purpose) if each.id in sought]
        return frozenset(field.partition(".")[0] for grant in grants for field in grant.fields)

    def _batches_by(
        self, rules: Rules, role: Role, purpose: Purpose, types: frozenset[str] = frozenset()
    ) -> st.SearchStrategy[Batch]:
        asking = as_somebody(self.people, role, purpose)
        company = st.one_of(asking.map(lambda one: [one]), st.lists(asking, min_size=1, max_size=3))
        query = queries(rules.view(role, purpose), self.gateway.catalog, self.pool, types)
        return st.builds(lambda query, by: Batch(by=by, query=query), query, company)

    def _rules_of(self, policy: Policy) -> Rules:
        if policy.version not in self._rules:
            if len(self._rules) >= MOST_POLICIES:
                self._rules.clear()
            self._rules[policy.version] = self.gateway.rules(policy)
        return self._rules[policy.version]


def _often(purpose: Purpose, grant: Grant) -> int:
    """How often a purpose is declared for the sake of a grant."""
    if purpose in INSTRUMENTS:
        return 12 if WHOLE_CARDS in grant.conditions else 4
    return 2 if grant.conditions else 1
