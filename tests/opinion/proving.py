"""Puts the gateway to the proof: examples of a state of the market and of what is asked in it, answered both ways."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from graphql import parse as parse_text

from resolvers.front.document import Request
from schema import tokens
from schema.marketplace.words import Roles
from schema.policy.grants import Policy
from schema.requester import Requester
from tests.opinion import answering, comparing, executing, market, recording
from tests.opinion.answering import NotAnswered, Operation, Wrong
from tests.opinion.asking import Asking
from tests.opinion.comparing import Difference, Keys, Recorded, whose_tokens
from tests.opinion.conditions import Circumstances
from tests.opinion.deciding import Eyes, Standpoint
from tests.opinion.examples import Batch, Example, Examples
from tests.opinion.executing import COUNTRY, Gateway, Outcome
from tests.opinion.market import Market
from tests.opinion.operations import IdOf, Query
from tests.opinion.paging import Ledger

GROWING = ("ccess", "lanned", "equesterBreadth", "ogCheckpoint")
"""What names the log's types, whose rows grow as it is asked."""

ANOTHER_CURSOR = 4
"""Of as many cursors one may be of another order, connection or requester, and is to be refused then."""

NOT_MEANT = ("LIMIT", "TOO_COSTLY")
"""Refusals that say nothing of the policy: such operations prove nothing, and are not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A difference, and all it takes to see it again."""

    difference: Difference
    example: Example
    asking: Asking
    query: Query
    variables: Mapping[str, Any]

    def __str__(self) -> str:
        changes = "".join(f"\n  {change};" for change in self.example.changes) or " the sample marketplace as it is"
        policy = f"\npolicy:{self.example.made_up}" if self.example.made_up else ""
        return (
            f"{self.difference}\nstate:{changes}{policy}\nrequester: {self.asking}\nquery: {self.query.text}\n"
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
    """A gateway under proof."""

    gateway: Gateway
    examples: Examples
    runner: asyncio.Runner
    counts: Counts = field(default_factory=Counts)
    witnessed: set[tuple[str, bool]] = field(default_factory=set[tuple[str, bool]])
    _keys: Keys = field(default_factory=Keys)

    def not_witnessed(self) -> Iterator[tuple[str, str]]:
        """The grants that never held, and those with conditions that held always: their ids, and which it is.

        What may be changed is judged apart.
        """
        grants = {grant.id: grant for several in self.gateway.own.policy.grants.values() for grant in several}
        for grant in grants.values():
            if not (grant.categories or grant.fields or grant.aggregates):
                continue
            if not grant.aggregates and (grant.id, True) not in self.witnessed:
                yield grant.id, "never held"
            if grant.conditions and (grant.id, False) not in self.witnessed:
                yield grant.id, "held always"

    def tried(self, example: Example) -> Disagreement | None:
        """The first difference in an example."""
        self.counts.examples += 1
        return self.runner.run(self._tried(example))

    async def _tried(self, example: Example) -> Disagreement | None:
        activation = [example.made_up.activation] if example.made_up else []
        async with self.gateway.transaction([*activation, *example.changes]):
            async with self.gateway.as_owner():
                now = await market.fetch(self.gateway.connection)
            trying = _Trying(proof=self, example=example, market=now)
            for batch in example.batches:
                if found := await trying.difference(batch):
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
    ledgers: defaultdict[tuple[str, ...], Ledger] = field(default_factory=lambda: defaultdict(Ledger))
    """The cursors of each requester, by whose they are."""
    last_record: str = ""

    @property
    def _policy(self) -> Policy:
        return self.example.rules.policy

    async def difference(self, batch: Batch) -> Disagreement | None:
        """Without cursors first, and then behind or before those that are known by then."""
        requesters = [await self.proof.gateway.requester(asking, self._policy) for asking in batch.by]
        orders: dict[str, str] = {}
        if found := await self._both_ways(batch, requesters, [{} for _ in requesters], orders):
            return found
        cursors = [self._cursors(batch.query, requester, orders) for requester in requesters]
        return await self._both_ways(batch, requesters, cursors, orders) if any(cursors) else None

    def _cursors(self, query: Query, requester: Requester, orders: Mapping[str, str]) -> Mapping[str, str]:
        """For each variable that may be a cursor, one of the requester's own of its order, or now and then another."""
        found: dict[str, str] = {}
        own = self.ledgers[whose_tokens(requester)].places
        for variable, wanted in query.cursors.items():
            order = orders.get(variable, "")
            known = [written for named, written in own if named == order]
            if order and wanted % ANOTHER_CURSOR == 1:
                known = list(self._other_cursors(order)) or known
            if known:
                found[variable] = known[wanted % len(known)]
        return found

    def _other_cursors(self, order: str) -> Iterator[str]:
        """Cursors of the same connection in another order, of the same order in another connection, or of anybody."""
        connection, _, keys = order.partition(" ")
        for ledger in self.ledgers.values():
            for named, written in ledger.places:
                other, _, by = named.partition(" ")
                if other == connection or by == keys:
                    yield written

    async def _both_ways(
        self,
        batch: Batch,
        requesters: Sequence[Requester],
        cursors: Sequence[Mapping[str, str]],
        orders: dict[str, str],
    ) -> Disagreement | None:
        variables = [
            self._variables(batch.query, requester, own) for requester, own in zip(requesters, cursors, strict=True)
        ]
        if any(each in batch.query.text for each in GROWING):
            async with self.proof.gateway.as_owner():
                self.market = await market.with_the_log(self.proof.gateway.connection, self.market)
        calls = [
            (requester, Request(document=batch.query.text, operation_name=batch.query.name, variables=given))
            for requester, given in zip(requesters, variables, strict=True)
        ]
        try:
            outcomes = await self.proof.gateway.execute(calls, self.example.rules)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
            failure = Difference(kind="failure", place="the batch", opinion="an answer", gateway=error)
            return self._disagreement(failure, batch, 0, variables[0])
        for n, (requester, outcome) in enumerate(zip(requesters, outcomes, strict=True)):
            self.last_record = str(outcome.record["id"])
            if outcome.code in NOT_MEANT:
                self.proof.counts.not_meant += 1
                continue
            self.proof.counts.operations += 1
            difference = self._difference(batch.query, variables[n], requester, outcome, orders)
            if difference:
                self.proof.counts.until_first = self.proof.counts.until_first or self.proof.counts.operations
                return self._disagreement(difference, batch, n, variables[n])
        return None

    def _disagreement(self, difference: Difference, batch: Batch, n: int, given: Mapping[str, Any]) -> Disagreement:
        return Disagreement(
            difference=difference,
            example=self.example,
            asking=batch.by[n],
            query=batch.query,
            variables=given,
        )

    def _variables(self, query: Query, requester: Requester, cursors: Mapping[str, str]) -> Mapping[str, Any]:
        ids = {variable: self._identity(identity, requester) for variable, identity in query.ids.items()}
        return {**query.variables, **ids, **cursors}

    def _identity(self, identity: IdOf, requester: Requester) -> str:
        match identity.form:
            case "plain" if self.proof.gateway.catalog.entities[identity.kind].storage.id_type == "uuid":
                return f"{identity.kind}:{self.last_record}"
            case "plain":
                return f"{identity.kind}:{identity.identity}"
            case "token":
                return tokens.token_of_id(requester.key, identity.kind, identity.identity)
            case "sealed":
                return tokens.token_of_text(requester.key, identity.kind, identity.identity)
            case "foreign text":
                return tokens.token_of_text(bytes(32), identity.kind, identity.identity)
            case "foreign":
                return tokens.token_of_id(bytes(32), identity.kind, identity.identity)
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
        standpoint = Standpoint(
            policy=self._policy,
            catalog=self.proof.gateway.catalog,
            role=requester.role,
            purpose=requester.purpose,
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
            schema=self.example.rules.view(requester.role, requester.purpose),
            ledger=self.ledgers[whose_tokens(requester)],
        )
        try:
            self._check_cursors(query, operation, orders)
            return self._answered(operation, seeing, outcome, orders)
        except Wrong as wrong:
            return Difference(kind="view", place="the view", opinion=str(wrong), gateway="it is offered")
        except NotAnswered as refusal:
            self.proof.counts.refused += 1
            if outcome.code != refusal.code:
                return Difference(kind="outcome", place="code", opinion=refusal.code, gateway=outcome.code)
            version = self._policy.version
            refused = Recorded(requester=requester, policy=version, operation=None, outcome=refusal.code)
            return comparing.of_record(refused, outcome)

    def _check_cursors(self, query: Query, operation: Operation, orders: Mapping[str, str]) -> None:
        """Raises `NotAnswered` for a cursor that is not the requester's own, though the rows it pages are not reached."""
        given = ((orders[name], operation.variables[name]) for name in query.cursors if name in operation.variables)
        if any(cursor not in operation.ledger.places for cursor in given):
            raise NotAnswered("ARGUMENT")

    def _answered(
        self, operation: Operation, seeing: Eyes, outcome: Outcome, orders: dict[str, str]
    ) -> Difference | None:
        answer = answering.answer(operation, seeing)
        if seeing.circumstances.is_suspended:
            raise NotAnswered("SUSPENDED")
        if outcome.code is not None:
            return Difference(kind="outcome", place="code", opinion="an answer", gateway=outcome.code)
        orders.update(answer.orders)
        self.proof.counts.rows += answer.rows
        fields = recording.fields(operation, seeing.standpoint)
        recorded = Recorded(
            requester=seeing.requester,
            policy=seeing.standpoint.policy.version,
            operation=None if seeing.requester.role in (Roles.PUBLIC, Roles.MEMBER) else operation.name,
            outcome="ANSWERED" if recording.reads_data(operation, seeing.standpoint) else "DESCRIBED",
            subjects=sorted(answer.subjects),
            shown=answer.shown,
            rows=answer.rows,
            cross_border=recording.cross_border(answer.subjects, seeing.requester, self.market, COUNTRY),
            fields=[(place, treatment.value) for place, treatment in fields.most.items()],
        )
        return (
            comparing.of_data(answer, outcome, operation.ledger)
            or comparing.of_record(recorded, outcome)
            or comparing.of_treatments(fields, seeing.requester.role, outcome)
        )


@asynccontextmanager
async def opened(url: str, runner: asyncio.Runner) -> AsyncGenerator[Proof]:
    """A proof, and the gateway it is about, over the sample marketplace at an address."""
    async with executing.gateway(url) as gateway:
        async with gateway.transaction(()), gateway.as_owner():
            now = await market.fetch(gateway.connection)
        yield Proof(gateway=gateway, examples=Examples.of(gateway, now), runner=runner)
