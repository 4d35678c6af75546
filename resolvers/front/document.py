"""Parses a document: text in, a valid and normalised document out, or a refusal.

Made against one requester's view, so a name outside it is an unknown name. Literals are lifted into variables, so that
documents that differ in a literal only are one. Says nothing that the requester's own text and view do not.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    GraphQLSyntaxError,
    ListValueNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    is_enum_type,
    is_leaf_type,
    is_non_null_type,
    print_ast,
    type_from_ast,
    validate,
    value_from_ast,
    visit,
)
from graphql import (
    parse as parse_text,
)

from resolvers.front.validity import check_size, rules_for
from schema.fields import StructuralEnum
from schema.refusals import Code, Problem, Refused

_REPEATED_VALUE = re.compile(r"(?:[,;.] [Ff]ound|(?<=\?) Found|(?<=value)): .*", re.DOTALL)
_REPEATED_TOKEN = re.compile(r"\b((?:Block)?String|Int|Float) '.*'", re.DOTALL)
"""Where graphql-core's messages repeat a value of the document."""

LONGEST_NAME = 128
"""Characters of an operation's name, which is written into every record of it."""

_GAVE_UP = " Parsing aborted."
"""How graphql-core ends the message of an error that is of a limit, and not of the text."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a document, which of its operations, and the values of its variables (GraphQL over HTTP §5)."""

    document: str
    operation_name: str | None
    variables: Mapping[str, Any]
    is_trusted: bool = False
    """Whether the operator registered the document."""

    @property
    def size(self) -> int:
        """How many documents of the usual size it counts for where documents are kept."""
        return 1 + len(self.document) // 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one request. Each is a setting."""

    document: int
    """Characters of a document."""
    tokens: int
    depth: int
    fields: int
    """Fields of an operation, fragments spread out."""
    cost: int
    """What an operation may cost, in rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A declared variable."""

    name: str
    type: GraphQLInputType
    default: Any
    has_default: bool
    parse: Callable[[Any], Any] | None
    """How a value of a leaf type that cannot be null is parsed; none for other types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A valid operation with its fragments; `literals` are the values lifted out of it, by the variable made of each.

    `text` is its normal form: the same for documents that differ in literals only, defaults included. It is remembered,
    and so holds no tree: the garbage collector would walk through all trees there are, while everybody waits.
    """

    text: str
    variables: tuple[Variable, ...]
    structural_variables: tuple[str, ...]
    """The variables whose value may change the statement and not only what is bound to it."""
    required: frozenset[str]
    """Those with a default that stand where nothing null may (GraphQL specification §5.8.5)."""
    literals: Mapping[str, Any]
    is_mutation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """An operation as graphql-core has it, its literals lifted out, and its fragments. It is made, used and forgotten."""

    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    literals: Mapping[str, Any]


def document_digest(document: str) -> str:
    """What a trusted document is called by: the SHA-256 of its text, 64 hexadecimal digits."""
    return hashlib.sha256(document.encode()).hexdigest()


def operation_names(document: str, limits: Limits) -> tuple[str | None, ...]:
    """The operations of a document, in order. Raises `Refused` with SYNTAX, LIMIT or OPERATION."""
    parsed = _parsed(document, limits)
    operations = [node for node in parsed.definitions if isinstance(node, OperationDefinitionNode)]
    if not operations:
        raise Refused(Code.OPERATION, "a document needs an operation")
    return tuple(node.name.value if node.name else None for node in operations)


def parse(request: Request, schema: GraphQLSchema, limits: Limits) -> tuple[Document, Tree]:
    """The operation to run, valid in this view. Raises `Refused` with SYNTAX, INVALID, LIMIT or OPERATION."""
    if (length := len(request.document)) > limits.document:
        raise Refused(Code.LIMIT, f"a document may have {limits.document} characters; this one has {length}")
    parsed = _parsed(request.document, limits)
    check_size(parsed, limits.fields)
    if errors := validate(schema, parsed, rules_for(request.document), max_errors=5):
        raise Refused(
            Code.INVALID,
            "this field is not in your schema for this purpose; see the Docs panel",
            *map(_problem, errors),
        )
    written = _chosen(parsed, request.operation_name)
    operation = _operation(written, None)
    chosen, lifted = _lift(written, schema)
    variables = tuple(_variable(schema, node) for node in operation.variable_definitions or ())
    document = Document(
        text=print_ast(chosen),
        variables=variables,
        structural_variables=tuple(each.name for each in variables if _shapes(each.type)),
        required=frozenset(each.name for each in variables if each.has_default and each.name in lifted.required),
        literals=lifted.literals,
        is_mutation=operation.operation is OperationType.MUTATION,
    )
    return document, _tree(chosen, lifted)


def parse_again(request: Request, schema: GraphQLSchema, limits: Limits) -> Tree:
    """The tree of a document that was found to be valid before."""
    return _tree(*_lift(as_written(request, limits), schema))


def as_written(request: Request, limits: Limits) -> DocumentNode:
    """The operation to run with its fragments and literals, of a document that was found to be valid before."""
    return _chosen(_parsed(request.document, limits), request.operation_name)


def _chosen(parsed: DocumentNode, name: str | None) -> DocumentNode:
    return _alone(parsed, _operation(parsed, name))


def _tree(chosen: DocumentNode, lifted: "_Lifting") -> Tree:
    return Tree(operation=_operation(chosen, None), fragments=_fragments(chosen), literals=lifted.literals)


def _lift(written: DocumentNode, schema: GraphQLSchema) -> tuple[DocumentNode, "_Lifting"]:
    lifted = _Lifting(schema)
    type_info = TypeInfo(schema)
    return visit(written, TypeInfoVisitor(type_info, lifted.with_types(type_info))), lifted


def _parsed(text: str, limits: Limits) -> DocumentNode:
    try:
        return parse_text(text, max_tokens=limits.tokens)
    except GraphQLSyntaxError as error:
        if not error.message.endswith(_GAVE_UP):
            raise Refused(Code.SYNTAX, "mend the document where `locations` points", _problem(error)) from None
        if "nested" in error.message:
            raise Refused(Code.LIMIT, "nest the document less deeply") from None
        raise Refused(Code.LIMIT, f"a document may have {limits.tokens} tokens") from None


def _problem(error: GraphQLError) -> Problem:
    """Names stand in it, which are the schema's or the document's own; values do not, which may be anybody's."""
    places = tuple((place.line, place.column) for place in error.locations or ())
    return Problem(message=_REPEATED_TOKEN.sub(r"\1", _REPEATED_VALUE.sub("", error.message)), locations=places)


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    named = [node for node in operations if name is None or (node.name and node.name.value == name)]
    if len(named) != 1:
        raise Refused(Code.OPERATION, "give as `operationName` the name of one operation of the document")
    if named[0].name and len(named[0].name.value) > LONGEST_NAME:
        raise Refused(Code.LIMIT, f"an operation's name may have {LONGEST_NAME} characters")
    if named[0].operation is OperationType.SUBSCRIPTION:
        raise Refused(Code.OPERATION, "only queries and mutations are answered")
    return named[0]


def _fragments(document: DocumentNode) -> Mapping[str, FragmentDefinitionNode]:
    return {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}


def _alone(document: DocumentNode, operation: OperationDefinitionNode) -> DocumentNode:
    """The document with this operation only, and the fragments it needs, in the order it needs them."""
    fragments = _fragments(document)
    if not fragments:
        return DocumentNode(definitions=(operation,))
    needed: dict[str, FragmentDefinitionNode] = {}

    class Spreads(Visitor):
        def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
            if node.name.value not in needed:
                needed[node.name.value] = fragments[node.name.value]
                visit(fragments[node.name.value], self)

    visit(operation, Spreads())
    return DocumentNode(definitions=(operation, *needed.values()))


def _variable(schema: GraphQLSchema, node: VariableDefinitionNode) -> Variable:
    kind: Any = type_from_ast(schema, node.type)
    try:
        default = value_from_ast(node.default_value, kind) if node.default_value else None
    except (GraphQLError, ValueError, TypeError):
        hint = f"give the variable `${node.variable.name.value}` a default that is a `{kind}`"
        raise Refused(Code.INVALID, hint) from None
    return Variable(
        name=node.variable.name.value,
        type=kind,
        default=default,
        has_default=node.default_value is not None,
        parse=kind.of_type.parse_value if is_non_null_type(kind) and is_leaf_type(kind.of_type) else None,
    )


def _shapes(kind: Any) -> bool:
    named = get_named_type(kind)
    return _is_shaping(named) or not (is_leaf_type(named) and is_non_null_type(kind))


def _is_shaping(kind: Any) -> bool:
    """Whether values of a type shape a statement, and so stay in the document."""
    return is_enum_type(kind) and any(isinstance(kind.parse_value(name), StructuralEnum) for name in kind.values)


class _Lifting(Visitor):
    """Replaces each literal by a variable no document can name: `$0`, `$1` and so on; a variable's default goes."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.literals: dict[str, Any] = {}
        self.required: set[str] = set()
        self._types = TypeInfo(schema)

    def with_types(self, types: TypeInfo) -> "_Lifting":
        self._types = types
        return self

    def enter_directive(self, node: DirectiveNode, *_: Any) -> Any:
        # Every argument of those there are is one that cannot be null.
        self.required.update(
            each.value.name.value for each in node.arguments or () if isinstance(each.value, VariableNode)
        )
        return False

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> VariableDefinitionNode:
        return VariableDefinitionNode(variable=node.variable, type=node.type)

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        if is_non_null_type(self._types.get_input_type()):
            self.required.add(node.name.value)

    def _lift(self, node: ValueNode, *_: Any) -> VariableNode | None:
        return self._lifted(node, self._types.get_input_type())

    def _lifted(self, node: ValueNode, kind: Any) -> VariableNode | None:
        named = get_named_type(kind)
        if kind is None or not is_leaf_type(named) or _is_shaping(named):
            return None
        variable = str(len(self.literals))
        self.literals[variable] = value_from_ast(node, kind)
        return VariableNode(name=NameNode(value=variable))

    def enter_list_value(self, node: ListValueNode, *_: Any) -> VariableNode | None:
        # Within a list, graphql-core gives the type of its items; the list's own is one further out.
        kind = self._types.get_parent_input_type()
        return None if any(isinstance(item, VariableNode) for item in node.values) else self._lifted(node, kind)

    enter_int_value = enter_float_value = enter_string_value = enter_boolean_value = enter_enum_value = _lift
