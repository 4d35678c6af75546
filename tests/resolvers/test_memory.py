"""What is remembered is bounded, however many documents come and however large they are."""

import pytest

from gateway.settings import LIMITS
from resolvers.compiler import Compiler
from resolvers.document import Request
from resolvers.memory import Memory
from schema import policy_file
from schema.catalog import Catalog
from schema.refusals import Code, Refused
from schema.requester import Purpose, Requester, Role

PUBLIC = Requester(
    subject=None,
    role=Role.PUBLIC,
    purpose=Purpose.PUBLIC_BROWSING,
    member=None,
    organisation=None,
    reference=None,
    key=bytes(32),
)


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    memory: Memory[str, int] = Memory(2)
    memory.keep("a", 1)
    memory.keep("b", 2)
    assert memory.recall("a") == 1
    memory.keep("c", 3)
    assert (memory.recall("a"), memory.recall("b"), memory.recall("c")) == (1, None, 3)


def test_what_is_heavy_takes_the_place_of_several() -> None:
    memory: Memory[str, int] = Memory(10)
    for name in "abcdefghij":
        memory.keep(name, 0)
    memory.keep("heavy", 1, weight=8)
    assert (len(memory), memory.recall("h"), memory.recall("i")) == (3, None, 0)


def test_what_outweighs_all_is_kept_until_the_next() -> None:
    """A statement that is prepared must stay so for its ride."""
    memory: Memory[str, int] = Memory(10)
    memory.keep("a", 1)
    memory.keep("heavy", 2, weight=11)
    assert (memory.recall("a"), memory.recall("heavy")) == (None, 2)
    memory.keep("b", 3)
    assert (memory.recall("heavy"), memory.recall("b")) == (None, 3)


def test_what_is_kept_again_is_not_counted_twice() -> None:
    memory: Memory[str, int] = Memory(3)
    for value in range(9):
        memory.keep("a", value, weight=2)
    memory.keep("b", 1)
    assert (memory.recall("a"), memory.recall("b")) == (8, 1)


def test_large_documents_are_remembered_by_their_weight(catalog: Catalog) -> None:
    """Whoever asks with ever new aliases drives out documents, but fills no memory."""
    policy = policy_file.load(policy_file.named("2012-06-11"), catalog)
    compiler = Compiler(catalog, policy, LIMITS, remembered=50)
    for number in range(20):
        fields = " ".join(f"a{number}_{each}: description" for each in range(150))
        document = f"{{ companies {{ nodes {{ {fields} }} }} }}"
        compiler.compile(Request(document=document, operation_name=None, variables={}), PUBLIC)
    documents, statements = compiler.remembered
    assert 0 < statements < documents < 9


def test_a_document_that_is_refused_is_remembered_as_such(catalog: Catalog) -> None:
    """What is wrong with it is found out once, and told each time."""
    policy = policy_file.load(policy_file.named("2012-06-11"), catalog)
    compiler = Compiler(catalog, policy, LIMITS, remembered=50)
    told: list[Refused] = []
    for _ in range(3):
        with pytest.raises(Refused) as caught:
            compiler.compile(Request(document="{ nowhere }", operation_name=None, variables={}), PUBLIC)
        told.append(caught.value)
    assert compiler.remembered == (1, 0)
    assert len({id(each) for each in told}) == 3
    assert {(each.code, each.hint, each.problems) for each in told} == {(Code.INVALID, told[0].hint, told[0].problems)}
