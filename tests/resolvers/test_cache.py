"""What is remembered is bounded, however many documents come and however large they are."""

import pytest

from gateway.settings import DEFAULT_LIMITS
from resolvers.cache import LRUCache
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file
from schema.refusals import Code, Refused
from schema.requester import Requester

PUBLIC = Requester(
    sub=None,
    role=Roles.PUBLIC,
    purpose=Purposes.PUBLIC_BROWSING,
    member=None,
    organisation=None,
    reference=None,
    key=bytes(32),
)


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    memory: LRUCache[str, int] = LRUCache(2)
    memory.put("a", 1)
    memory.put("b", 2)
    assert memory.get("a") == 1
    memory.put("c", 3)
    assert (memory.get("a"), memory.get("b"), memory.get("c")) == (1, None, 3)


def test_what_is_heavy_takes_the_place_of_several() -> None:
    memory: LRUCache[str, int] = LRUCache(10)
    for name in "abcdefghij":
        memory.put(name, 0)
    memory.put("heavy", 1, size=8)
    assert (len(memory), memory.get("h"), memory.get("i")) == (3, None, 0)


def test_what_outweighs_all_is_kept_until_the_next() -> None:
    """A statement that is prepared must stay so for its batch."""
    memory: LRUCache[str, int] = LRUCache(10)
    memory.put("a", 1)
    memory.put("heavy", 2, size=11)
    assert (memory.get("a"), memory.get("heavy")) == (None, 2)
    memory.put("b", 3)
    assert (memory.get("heavy"), memory.get("b")) == (None, 3)


def test_what_is_kept_again_is_not_counted_twice() -> None:
    memory: LRUCache[str, int] = LRUCache(3)
    for value in range(9):
        memory.put("a", value, size=2)
    memory.put("b", 1)
    assert (memory.get("a"), memory.get("b")) == (8, 1)


def test_large_documents_are_remembered_by_their_weight(catalog: Catalog) -> None:
    """A client with ever new aliases drives out documents, but fills no memory."""
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS, document_cache=50)
    for number in range(20):
        fields = " ".join(f"a{number}_{each}: products(first: 1) {{ nodes {{ id }} }}" for each in range(30))
        document = f"{{ companies {{ nodes {{ {fields} }} }} }}"
        compiler.compile(Request(document=document, operation_name=None, variables={}), PUBLIC)
    documents, statements = compiler.cached_counts
    assert 0 < statements < documents < 20


def test_a_document_that_is_refused_is_remembered_as_such(catalog: Catalog) -> None:
    """What is wrong with it is found once, and reported each time."""
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS, document_cache=50)
    refusals: list[Refused] = []
    for _ in range(3):
        with pytest.raises(Refused) as caught:
            compiler.compile(Request(document="{ nowhere }", operation_name=None, variables={}), PUBLIC)
        refusals.append(caught.value)
    assert compiler.cached_counts == (1, 0)
    assert len({id(each) for each in refusals}) == 3
    assert {(each.code, each.hint, each.problems) for each in refusals} == {
        (Code.INVALID, refusals[0].hint, refusals[0].problems)
    }
