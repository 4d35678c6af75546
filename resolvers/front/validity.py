"""What keeps finding faults quick: which rules a document can break at all, and what is refused before any is tried."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
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
"""Comparisons of fields that share a key, which take some tens of milliseconds."""

_NESTED = 20
"""How many comparisons of leaves a comparison of fields with selections of their own takes as long as."""


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
    count = pairs = 0
    for definition in document.definitions:
        if not isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            continue
        here = 0
        for within in _selection_sets(definition.selection_set):
            here += len(within)
            pairs += sum(_comparisons(within))
        count = max(count, here)
    if count > fields:
        raise Refused(Code.LIMIT, f"an operation may have {fields} fields, fragments spread out")
    if pairs > _MOST_PAIRS:
        raise Refused(Code.LIMIT, "select a field once for each of its names")


def _selection_sets(outermost: SelectionSetNode) -> Iterator[Sequence[FieldNode]]:
    """The fields of each selection set, those in inline fragments among them."""
    pending = [outermost]
    while pending:
        fields = [*_fields(pending.pop())]
        yield fields
        pending += [each.selection_set for each in fields if each.selection_set]


def _fields(selections: SelectionSetNode) -> Iterator[FieldNode]:
    pending = [selections]
    while pending:
        for each in pending.pop().selections:
            if isinstance(each, FieldNode):
                yield each
            elif isinstance(each, InlineFragmentNode):
                pending.append(each.selection_set)


def _comparisons(fields: Iterable[FieldNode]) -> Iterator[int]:
    """How long it takes to compare the fields that share a key, for each key."""
    counted = Counter(((each.alias or each.name).value, each.selection_set is not None) for each in fields)
    for (_, is_nested), times in counted.items():
        yield times * (times - 1) // 2 * (_NESTED if is_nested else 1)
