"""Puts the gateway to the proof: examples of a state of the market and of what is asked in it, answered both ways."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import GraphQLSchema, build_schema, print_schema
from graphql import parse as parse_text
from hypothesis import strategies as st

from resolvers.document import Request
from schema import treatments
from schema.requester import Purpose, Requester, Role
from tests.opinion import answering, comparing, market, recording, riding
from tests.opinion.answering import NotAnswered, Operation, Wrong
from tests.opinion.asking import Asking, People, as_somebody
from tests.opinion.comparing import Difference, Keys, Recorded
from tests.opinion.conditions import Circumstances
from tests.opinion.deciding import Eyes, Standpoint
from tests.opinion.market import Market
from tests.opinion.operations import IdOf, Pool, Query, queries
from tests.opinion.paging import Ledger
from tests.opinion.riding import COUNTRY, Gateway, Outcome
from tests.opinion.states import states

MOST_IN_A_STATE = 20

NOT_MEANT = ("LIMIT", "TOO_COSTLY")
"""Refusals that say nothing of the policy: such operations prove nothing, and are not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One operation, asked by one or by several of one role and purpose, who then ride together."""

    by: Sequence[Asking]
    query: Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A state of the market, and what is asked in it."""

    changes: Sequence[str]
    asked: Sequence[Asked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A difference, and all it takes to see it again."""

    difference: Difference
    changes: Sequence[str]
    asking: Asking
    query: Query
    variables: Mapping[str, Any]

    def __str__(self) -> str:
        changes = "".join(f"\n  {change};" for change in self.changes) or " the sample marketplace as it is"
        return (
            f"{self.difference}\nstate:{changes}\nrequester: {self.asking}\nquery: {self.query.text}\n"
            f"variables: {json.dumps(self.variables)}"
        )


@dataclass(slots=True, kw_only=True)
class Counts:
    """How much has been tried."""

    examples: int = 0
    operations: int = 0
    refused: int = 0
    not_meant: int = 0
    rows: int = 0
    until_first: int = 0
    """Operations tried when the first difference was met."""

    def __str__(self) -> str:
        return (
            f"{self.operations:,} operations in {self.examples:,} states, {self.rows:,} rows, {self.refused:,} refused"
        )


@dataclass(slots=True, kw_only=True)
class Proof:
    """A gateway under proof, with what there is to ask of its market."""

    gateway: Gateway
    people: People
    pool: Pool
    runner: asyncio.Runner
    counts: Counts = field(default_factory=Counts)
    witnessed: set[tuple[str, bool]] = field(default_factory=set[tuple[str, bool]])
    _keys: Keys = field(default_factory=Keys)
    _schemas: dict[tuple[Role, Purpose], GraphQLSchema] = field(
        default_factory=dict[tuple[Role, Purpose], GraphQLSchema]
    )
    _asked: dict[tuple[Role, Purpose], st.SearchStrategy[Asked]] = field(
        default_factory=dict[tuple[Role, Purpose], st.SearchStrategy[Asked]]
    )

    def not_witnessed(self) -> Iterator[str]:
        """The grants that were never seen to hold, and those with conditions that held always."""
        grants = {grant.id: grant for several in self.gateway.policy.grants.values() for grant in several}
        for grant in grants.values():
            if not grant.aggregates and (grant.id, True) not in self.witnessed:
                yield f"`{grant.id}` never held"
            if grant.conditions and (grant.id, False) not in self.witnessed:
                yield f"`{grant.id}` held always"

    # What is tried.

    def examples(self) -> st.SearchStrategy[Example]:
        one = self._one()

        @st.composite
        def drawn(draw: st.DrawFn) -> Example:
            """Many in a state, since a state takes longer to make than a question; one, where that is enough."""
            changes = draw(states(self.people))
            about = sorted({organisation for change in changes for organisation in change.about})
            asked = [self._of_interest(draw(one), about, draw)]
            while len(asked) < MOST_IN_A_STATE and draw(st.integers(0, 24)):
                asked.append(self._of_interest(draw(one), about, draw))
            return Example(changes=[change.text for change in changes], asked=asked)

        return drawn()

    def _of_interest(self, asked: Asked, about: Sequence[int], draw: st.DrawFn) -> Asked:
        """At times by an organisation that the state is about: else that would be rare."""
        by: list[Asking] = []
        for asking in asked.by:
            fitting = [each for each in about if each in self.people.organisations.get(asking.role.value, ())]
            chosen = draw(st.sampled_from([None, *fitting])) if fitting else None
            by.append(replace(asking, organisation=chosen) if chosen else asking)
        return replace(asked, by=by)

    def _one(self) -> st.SearchStrategy[Asked]:
        policy = self.gateway.policy
        standpoints = [
            (role, purpose)
            for role in Role
            for purpose in sorted(policy.roles[role])
            for _ in range(3 if any(grant.conditions for grant in policy.granted(role, purpose)) else 1)
        ]
        return st.sampled_from(standpoints).flatmap(lambda standpoint: self._asked_from(*standpoint))

    def _asked_from(self, role: Role, purpose: Purpose) -> st.SearchStrategy[Asked]:
        if (role, purpose) not in self._asked:
            asking = as_somebody(self.people, role, purpose)
            company = st.one_of(asking.map(lambda one: [one]), st.lists(asking, min_size=1, max_size=3))
            query = queries(self.schema(role, purpose), self.gateway.catalog, self.pool)
            self._asked[role, purpose] = st.builds(lambda query, by: Asked(by=by, query=query), query, company)
        return self._asked[role, purpose]

    def schema(self, role: Role, purpose: Purpose) -> GraphQLSchema:
        """The view of a role and purpose, without anything of the gateway's behind its types."""
        if (role, purpose) not in self._schemas:
            view = self.gateway.compiler.view(role, purpose).graphql
            self._schemas[role, purpose] = build_schema(print_schema(view))
        return self._schemas[role, purpose]

    # Trying.

    def tried(self, example: Example) -> Disagreement | None:
        """The first difference in an example."""
        self.counts.examples += 1
        return self.runner.run(self._tried(example))

    async def _tried(self, example: Example) -> Disagreement | None:
        async with self.gateway.transaction(example.changes):
            async with self.gateway.as_owner():
                now = await market.fetch(self.gateway.connection)
            trying = _Trying(proof=self, example=example, market=now)
            for asked in example.asked:
                if found := await trying.asked(asked):
                    return found
        return None

    def key_difference(self, requester: Requester) -> Difference | None:
        return self._keys.of(requester)


@dataclass(slots=True, kw_only=True)
class _Trying:
    """One example, in its state."""

    proof: Proof
    example: Example
    market: Market
    ledger: Ledger = field(default_factory=Ledger)
    last_record: str = ""

    async def asked(self, asked: Asked) -> Disagreement | None:
        """Without cursors first, and then behind or before those that are known by then."""
        requesters = [await self.proof.gateway.requester(asking) for asking in asked.by]
        orders: dict[str, str] = {}
        if found := await self._both_ways(asked, requesters, {}, orders):
            return found
        cursors = self._cursors(asked.query, orders)
        return await self._both_ways(asked, requesters, cursors, orders) if cursors else None

    def _cursors(self, query: Query, orders: Mapping[str, str]) -> Mapping[str, str]:
        """For each variable that may be a cursor, one of those known of its order."""
        found: dict[str, str] = {}
        for variable, wanted in query.cursors.items():
            known = [written for order, written in self.ledger.places if order == orders.get(variable)]
            if known:
                found[variable] = known[wanted % len(known)]
        return found

    async def _both_ways(
        self, asked: Asked, requesters: Sequence[Requester], cursors: Mapping[str, str], orders: dict[str, str]
    ) -> Disagreement | None:
        variables = [self._variables(asked.query, requester, cursors) for requester in requesters]
        if "ccess" in asked.query.text:
            async with self.proof.gateway.as_owner():
                self.market = await market.with_the_log(self.proof.gateway.connection, self.market)
        calls = [
            (requester, Request(document=asked.query.text, operation_name=asked.query.name, variables=given))
            for requester, given in zip(requesters, variables, strict=True)
        ]
        try:
            outcomes = await self.proof.gateway.ride(calls)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
            failure = Difference(kind="failure", place="the ride", opinion="an answer", gateway=error)
            return self._disagreement(failure, asked, 0, variables[0])
        for n, (requester, outcome) in enumerate(zip(requesters, outcomes, strict=True)):
            self.last_record = str(outcome.record["id"])
            if outcome.code in NOT_MEANT:
                self.proof.counts.not_meant += 1
                continue
            self.proof.counts.operations += 1
            difference = self._difference(asked.query, variables[n], requester, outcome, orders)
            if difference:
                self.proof.counts.until_first = self.proof.counts.until_first or self.proof.counts.operations
                return self._disagreement(difference, asked, n, variables[n])
        return None

    def _disagreement(self, difference: Difference, asked: Asked, n: int, given: Mapping[str, Any]) -> Disagreement:
        return Disagreement(
            difference=difference,
            changes=self.example.changes,
            asking=asked.by[n],
            query=asked.query,
            variables=given,
        )

    def _variables(self, query: Query, requester: Requester, cursors: Mapping[str, str]) -> Mapping[str, Any]:
        ids = {variable: self._identity(identity, requester) for variable, identity in query.ids.items()}
        return {**query.variables, **ids, **cursors}

    def _identity(self, identity: IdOf, requester: Requester) -> str:
        match identity.form:
            case "plain" if self.proof.gateway.catalog.entities[identity.kind].stored.identity == "uuid":
                return f"{identity.kind}:{self.last_record}"
            case "plain":
                return f"{identity.kind}:{identity.identity}"
            case "token":
                return treatments.seal(requester.key, identity.kind, identity.identity)
            case "foreign":
                return treatments.seal(bytes(32), identity.kind, identity.identity)
            case text:
                return text

    # Both ways.

    def _difference(
        self,
        query: Query,
        given: Mapping[str, Any],
        requester: Requester,
        outcome: Outcome,
        orders: dict[str, str],
    ) -> Difference | None:
        if found := self.proof.key_difference(requester):
            return found
        gateway = self.proof.gateway
        standpoint = Standpoint(
            policy=gateway.policy, catalog=gateway.catalog, role=requester.role, purpose=requester.purpose
        )
        seeing = Eyes(
            standpoint=standpoint,
            requester=requester,
            market=self.market,
            circumstances=Circumstances(requester=requester, market=self.market),
            witnessed=self.proof.witnessed,
        )
        operation = Operation(
            document=parse_text(query.text),
            name=query.name,
            variables=given,
            schema=self.proof.schema(requester.role, requester.purpose),
            ledger=self.ledger,
        )
        try:
            return self._answered(query, operation, seeing, outcome, orders)
        except Wrong as wrong:
            return Difference(kind="view", place="the view", opinion=str(wrong), gateway="it is offered")
        except NotAnswered as refusal:
            self.proof.counts.refused += 1
            if outcome.code != refusal.code:
                return Difference(kind="outcome", place="code", opinion=refusal.code, gateway=outcome.code)
            version = gateway.policy.version
            refused = Recorded(requester=requester, policy=version, operation=None, outcome=refusal.code)
            return comparing.of_record(refused, outcome)

    def _answered(
        self, query: Query, operation: Operation, seeing: Eyes, outcome: Outcome, orders: dict[str, str]
    ) -> Difference | None:
        answer = answering.answer(operation, seeing)
        if outcome.code is not None:
            return Difference(kind="outcome", place="code", opinion="an answer", gateway=outcome.code)
        orders.update(answer.orders)
        self.proof.counts.rows += answer.rows
        fields = recording.fields(operation, seeing.standpoint)
        recorded = Recorded(
            requester=seeing.requester,
            policy=seeing.standpoint.policy.version,
            operation=operation.name,
            outcome="ANSWERED",
            subjects=sorted(answer.subjects),
            rows=answer.rows,
            cross_border=recording.cross_border(answer.subjects, seeing.requester, self.market, COUNTRY),
            fields=[(place, treatment.value) for place, treatment in fields.most.items()],
        )
        return (
            comparing.of_data(answer, outcome, self.ledger, switched="(if: $" in query.text)
            or comparing.of_record(recorded, outcome)
            or comparing.of_treatments(fields, seeing.requester.role, outcome)
        )


async def prepared(gateway: Gateway, runner: asyncio.Runner) -> Proof:
    """A proof over the gateway's market as it is."""
    async with gateway.transaction(()), gateway.as_owner():
        now = await market.fetch(gateway.connection)
    pool = Pool.of(now, gateway.catalog)
    return Proof(gateway=gateway, people=People.of(now), pool=pool, runner=runner)


@asynccontextmanager
async def opened(url: str, runner: asyncio.Runner) -> AsyncGenerator[Proof]:
    """A proof, and the gateway it is about, over the sample marketplace at an address."""
    async with riding.gateway(url) as gateway:
        yield await prepared(gateway, runner)
