"""Mutations, called: which steps are done, with which values, and how the answer is put together."""

from collections.abc import Mapping
from typing import Any

import pytest

from resolvers.changes import ChangeCall
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from schema.marketplace.words import Purposes, Roles
from schema.refusals import Code, Refused
from schema.requester import Requester

ME = Requester(
    sub="member-3",
    role=Roles.MEMBER,
    purpose=Purposes.SELF_SERVICE,
    member=3,
    organisation=None,
    reference=None,
    key=bytes(32),
)

TWO = """
mutation ($first: Boolean!, $city: String) {
    a: updateRegistration(id: "Member:3", input: {city: $city}) @include(if: $first) { fields }
    __typename
    b: setConsent(input: {kind: COOKIES, given: true}) @skip(if: $first) { fields }
}"""


def called(compiler: Compiler, text: str, variables: Mapping[str, Any] | None = None) -> ChangeCall:
    call = compiler.compile(Request(document=text, operation_name=None, variables=variables or {}), ME)
    assert isinstance(call, ChangeCall)
    return call


@pytest.mark.parametrize(("first", "keys"), [(True, ["a", "__typename"]), (False, ["__typename", "b"])])
def test_what_the_switches_leave_out_is_not_done(compiler: Compiler, first: bool, keys: list[str]) -> None:
    call = called(compiler, TWO, {"first": first, "city": "Leeds"})
    assert [step.key for step in call.steps] == keys
    assert len(call.work(ME)) == 1


def test_an_answer_has_its_keys_in_their_order(compiler: Compiler) -> None:
    call = called(compiler, TWO, {"first": True, "city": "Leeds"})
    assert call.answer([b'{"fields":["city"]}']) == b'{"a":{"fields":["city"]},"__typename":"Mutation"}'


def test_values_are_bound_behind_who_asks(compiler: Compiler) -> None:
    (((statement, values),),) = called(compiler, TWO, {"first": True, "city": "Leeds"}).work(ME)
    assert statement.needs_key
    assert values[:4] == (3, None, None, ME.key)
    assert values[4:6] == (3, "Leeds")


def test_a_call_that_would_cost_too_much_is_refused(compiler: Compiler) -> None:
    steps = " ".join(f's{n}: updateRegistration(id: "Member:3", input: {{city: "L"}}) {{ fields }}' for n in range(30))
    with pytest.raises(Refused) as refused:
        called(compiler, f"mutation {{ {steps} }}")
    assert refused.value.code in (Code.TOO_COSTLY, Code.LIMIT)


def test_documents_that_change_the_same_share_a_statement(compiler: Compiler) -> None:
    text = 'mutation {{ updateRegistration(id: "Member:3", input: {{city: "{city}"}}) {{ fields }} }}'
    one, other = (called(compiler, text.format(city=city)) for city in ("Leeds", "York"))
    assert one.steps[0].statements is other.steps[0].statements
    assert (one.new_bytes > 0, other.new_bytes) == (True, 0)
