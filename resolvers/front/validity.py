"""What keeps finding faults quick: which rules a document can break at all, and what is refused before any is tried."""

from collections.abc import Iterator, Mapping, Sequence

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    specified_rules,
)

from schema.refusals import Code, Refused

_FRAGMENTS = ("...", "fragment")
_VARIABLES = ("$",)
_DIRECTIVES = ("@",)
_ARGUMENTS = ("(",)

_MARKS: Mapping[str, Sequence[str]] = {
    "SingleFieldSubscriptionsRule": ("subscription",),
    "KnownTypeNamesRule": _FRAGMENTS + _VARIABLES,
    "FragmentsOnCompositeTypesRule": _FRAGMENTS,
    "UniqueFragmentNamesRule": _FRAGMENTS,
    "KnownFragmentNamesRule": _FRAGMENTS,
    "NoUnusedFragmentsRule": _FRAGMENTS,
    "PossibleFragmentSpreadsRule": _FRAGMENTS,
    "NoFragmentCyclesRule": _FRAGMENTS,
    "VariablesAreInputTypesRule": _VARIABLES,
    "UniqueVariableNamesRule": _VARIABLES,
    "NoUndefinedVariablesRule": _VARIABLES,
    "NoUnusedVariablesRule": _VARIABLES,
    "VariablesInAllowedPositionRule": _VARIABLES,
    "KnownDirectivesRule": _DIRECTIVES,
    "UniqueDirectivesPerLocationRule": _DIRECTIVES,
    "DeferStreamDirectiveOnRootField": _DIRECTIVES,
    "DeferStreamDirectiveOnValidOperationsRule": _DIRECTIVES,
    "DeferStreamDirectiveLabel": _DIRECTIVES,
    "StreamDirectiveOnListField": _DIRECTIVES,
    "KnownArgumentNamesRule": _ARGUMENTS,
    "UniqueArgumentNamesRule": _ARGUMENTS,
    "ValuesOfCorrectTypeRule": _ARGUMENTS,
    "UniqueInputFieldNamesRule": _ARGUMENTS,
}
"""What is in every document that breaks a rule. A rule that is not here is tried on every document."""

_MOST_PAIRS = 25_000
"""Comparisons of leaves that share a key, which take 25 milliseconds."""

_NESTED = 10
"""How many comparisons of leaves take as long as one of fields with selections of their own, or of fragments."""

_DOCUMENT = 4
"""How many operations of the most fields a document may be as large as, fragments spread out."""


def rules_for(text: str) -> Sequence[type[ASTValidationRule]]:
    """The rules of GraphQL that a document can break, told from its text."""
    return [
        rule
        for rule in specified_rules
        if rule.__name__ not in _MARKS or any(mark in text for mark in _MARKS[rule.__name__])
    ]


def check_size(document: DocumentNode, fields: int) -> None:
    """Refuses what would take long to compare, and what would be refused for its number of fields in any case.

    Raises `Refused` with LIMIT.
    """
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    sizing = _Sizing(fragments, fields)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            sizing.add(definition)
    for name, fragment in fragments.items():
        if name not in sizing.spread:
            sizing.add(fragment)


_Within = tuple[SelectionSetNode, frozenset[str]]
"""A selection set, and the fragments it is in."""


class _Sizing:
    """Counts what a document selects, and how often two fields with the same key are compared."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], most: int) -> None:
        self._fragments = fragments
        self._most = most
        self._selected = self._of_data = self._pairs = 0
        self.spread: set[str] = set()

    def add(self, definition: OperationDefinitionNode | FragmentDefinitionNode) -> None:
        self._of_data = 0
        self._merge([(definition.selection_set, frozenset())], is_schema=False)

    def _merge(self, sets: Sequence[_Within], *, is_schema: bool) -> None:
        """Counts fields that are compared with each other, and those within them."""
        by_key: dict[str, list[tuple[FieldNode, frozenset[str]]]] = {}
        for field, within in self._fields(sets, is_schema=is_schema):
            by_key.setdefault((field.alias or field.name).value, []).append((field, within))
        for same in by_key.values():
            nested = [(field.selection_set, within) for field, within in same if field.selection_set]
            self._compare(_pairs(len(same) - len(nested)) + _NESTED * _pairs(len(nested)))
            if nested:
                self._merge(nested, is_schema=is_schema or same[0][0].name.value.startswith("__"))

    def _fields(self, sets: Sequence[_Within], *, is_schema: bool) -> Iterator[tuple[FieldNode, frozenset[str]]]:
        """The fields of selection sets, those in fragments among them: of each fragment once."""
        pending, spread = [*sets], set[str]()
        while pending:
            selections, within = pending.pop()
            for each in selections.selections:
                self._count(is_schema=is_schema)
                match each:
                    case FieldNode():
                        yield each, within
                    case InlineFragmentNode(selection_set=inner):
                        pending.append((inner, within))
                    case FragmentSpreadNode(name=NameNode(value=name)):
                        # A fragment in itself is invalid, and an unknown one is, too.
                        if name in self._fragments and name not in spread | within:
                            spread.add(name)
                            pending.append((self._fragments[name].selection_set, within | {name}))
                    case _:
                        raise AssertionError(each)
        self.spread |= spread
        self._compare(_NESTED * _pairs(len(spread)))

    def _count(self, *, is_schema: bool) -> None:
        self._selected += 1
        self._of_data += not is_schema
        if self._of_data > self._most:
            raise Refused(Code.LIMIT, f"an operation may have {self._most} fields, fragments spread out")
        if self._selected > _DOCUMENT * self._most:
            raise Refused(Code.LIMIT, f"a document may have {_DOCUMENT * self._most} fields, fragments spread out")

    def _compare(self, pairs: int) -> None:
        self._pairs += pairs
        if self._pairs > _MOST_PAIRS:
            raise Refused(Code.LIMIT, "select a field once for each of its names")


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
