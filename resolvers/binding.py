"""Binds one call's variables to a plan's parameters: each value checked, turned to its SQL type, or refused.

Ids and cursors are opened here, with the requester's own key: one that is not theirs finds nothing.
"""

import enum
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from math import ceil
from typing import Any, TypeVar
from uuid import UUID

from graphql import (
    GraphQLError,
    Undefined,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.utilities import coerce_input_value, validate_input_value

from resolvers.front.document import Document, Variable
from resolvers.front.selection import Omitted, Slot
from resolvers.planning.cost import LONGEST_STATEMENT, statement_cost
from resolvers.planning.parameters import (
    CursorParameter,
    IdListParameter,
    IdParameter,
    InputParameter,
    ListParameter,
    ListSizeParameter,
    PageSizeParameter,
    Parameter,
    RequesterParameter,
    SealedParameter,
    SizeParameter,
    StaticAnswer,
    SwitchParameter,
    ValueParameter,
)
from resolvers.planning.plan import CostTerm
from schema.catalog import Entity, Scalar
from schema.cursors import values_of_cursor
from schema.identities import read_id
from schema.inputs import checked
from schema.refusals import Code, Refused
from schema.scalars import WRITTEN
from schema.tokens import id_of_token, text_id_of_token, text_of_token
from schema.treatments import Treatment
from schema.view import DEFAULT_PAGE_SIZE, MAX_IDS, MAX_PAGE_SIZE

_Value = TypeVar("_Value")


def coerce(document: Document, given: Mapping[str, Any]) -> dict[str, Any]:
    """A document's variables, coerced to their types (GraphQL specification §6.1.2). Raises `Refused` with VARIABLE."""
    coerced: dict[str, Any] = {}
    for variable in document.variables:
        if variable.name in given:
            if given[variable.name] is None and variable.name in document.required:
                raise Refused(Code.VARIABLE, f"give a value for the variable `${variable.name}`, or leave it out")
            coerced[variable.name] = _coerce_value(variable, given[variable.name])
        elif variable.has_default:
            coerced[variable.name] = variable.default
        elif str(variable.type).endswith("!"):
            raise Refused(Code.VARIABLE, f"give a value for the variable `${variable.name}`")
        else:
            coerced[variable.name] = Omitted.OMITTED if document.is_mutation else None
    return coerced


def _coerce_value(variable: Variable, value: Any) -> Any:
    try:
        if variable.parse is not None and value is not None:
            return variable.parse(value)
        coerced = coerce_input_value(value, variable.type)
    except (GraphQLError, ValueError, TypeError):
        coerced = Undefined
    if coerced is Undefined:
        raise _misfit(variable, value)
    return coerced


def example_variables(document: Document) -> dict[str, Any]:
    """A document's variables as if none were given: the default of each, or the least its type allows."""
    return {
        variable.name: variable.default if variable.has_default else _least(variable.type)
        for variable in document.variables
    }


def _least(kind: Any) -> Any:
    if not is_non_null_type(kind):
        return None
    inner = get_nullable_type(kind)
    if is_list_type(inner):
        return []
    if is_enum_type(inner):
        return inner.parse_value(next(iter(inner.values)))
    if is_input_object_type(inner):
        required = {name: field for name, field in inner.fields.items() if is_required_input_field(field)}
        return {field.out_name or name: _least(field.type) for name, field in required.items()}
    return 0


def _misfit(variable: Variable, value: Any) -> Refused:
    """Names the first place in a variable whose value does not fit, and how a value is written there."""
    path = _misfit_path(variable, value)
    kind = _type_at(variable.type, path)
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    named = get_named_type(kind)
    written = f"one of {', '.join(named.values)}" if is_enum_type(named) else WRITTEN.get(named.name)
    form = f": {written}" if written else ""
    return Refused(Code.VARIABLE, f"the variable `${variable.name}{steps}` must be a `{kind}`{form}")


class _MisfitError(Exception):
    """A value does not fit, and where: the first ends the search, for there may be many."""

    def __init__(self, path: Sequence[str | int]) -> None:
        super().__init__()
        self.path = path


def _misfit_path(variable: Variable, value: Any) -> Sequence[str | int]:
    def end(_: GraphQLError, path: Sequence[str | int]) -> None:
        raise _MisfitError(path)

    try:
        validate_input_value(value, variable.type, end, hide_suggestions=True)
    except _MisfitError as misfit:
        return misfit.path
    return ()


def _type_at(kind: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        nullable: Any = get_nullable_type(kind)
        # A single entry need not be written as a list (GraphQL specification §3.11).
        kind = nullable.of_type if isinstance(step, int) else get_named_type(nullable).fields[step].type
    return kind


def cost_of(terms: Sequence[CostTerm], variables: Mapping[str, Any]) -> int:
    """The cost of one call of a prepared statement, in rows. Raises `Refused` with ARGUMENT."""
    cost = 0.0
    for term in terms:
        rows = term.factor
        for size in term.sizes:
            rows *= _size(size, variables)
        cost += rows
    return ceil(cost)


def check_cost(cost: int, characters: int, *, most: int) -> None:
    """Refuses a call that would cost too much, its statement with it.

    Raises `Refused` with TOO_COSTLY.
    """
    if characters > LONGEST_STATEMENT:
        raise Refused(Code.TOO_COSTLY, "it makes too long a statement; ask for fewer fields at once")
    total = cost + statement_cost(characters)
    if total > most:
        raise Refused(
            Code.TOO_COSTLY,
            f"it costs {total} rows, {most} are allowed; ask for smaller pages, or for less at once",
        )


def bind(
    parameters: Sequence[Parameter], variables: Mapping[str, Any], key: bytes, static_answers: Mapping[str, str]
) -> list[Any]:
    """The values of a plan's parameters for one call. Raises `Refused` with ARGUMENT."""
    return [_value(parameter, variables, key, static_answers) for parameter in parameters]


def _value(parameter: Parameter, variables: Mapping[str, Any], key: bytes, static_answers: Mapping[str, str]) -> Any:
    match parameter:
        case PageSizeParameter():
            return _page_size(parameter, variables)
        case IdParameter() | SealedParameter() | CursorParameter():
            return _opened(parameter, str(_lookup(parameter.slot, variables)), key)
        case IdListParameter():
            return json.dumps([_identities(parameter, str(given), key) for given in _listed(parameter.slot, variables)])
        case ValueParameter(scalar=Scalar.TIMESTAMP, slot=slot):
            moment = _plain(_lookup(slot, variables))
            return moment if moment is None else moment.isoformat()
        case ValueParameter(slot=slot) | SwitchParameter(slot=slot):
            return _plain(_lookup(slot, variables))
        case RequesterParameter():
            # What changes something is called with who asks; see `resolvers.changes`.
            return None
        case InputParameter():
            return _written(parameter, variables, key)
        case ListParameter(slot=slot):
            return json.dumps([_plain(value) for value in _listed(slot, variables)], default=str)
        case StaticAnswer(key=name):
            # One that `@skip` or `@include` leaves out has no answer.
            return static_answers.get(name)


def _written(parameter: InputParameter, variables: Mapping[str, Any], key: bytes) -> Any:
    """What is written into a field, in its form. Nothing of a value that has not the form is repeated."""
    value = _listed(parameter.slot, variables)
    other = parameter.only_with
    if other is not None and _plain(_lookup(other.slot, variables)) not in other.words:
        raise Refused(Code.ARGUMENT, f"give `{parameter.name}` only where `{other.name}` is {' or '.join(other.words)}")
    if parameter.target is not None and parameter.most is not None:
        return json.dumps(_named_ids(parameter, parameter.target, parameter.most, value, key))
    if parameter.target is not None:
        found = _identity(parameter.target, str(value), Treatment.PLAIN, key)
        if found is None:
            raise Refused(Code.ARGUMENT, f"`{parameter.name}` must be the id of a `{parameter.target.name}`")
        return found
    try:
        stored = checked(parameter.form, value.value if isinstance(value, enum.Enum) else value)
    except ValueError:
        raise Refused(Code.ARGUMENT, f"`{parameter.name}` must be {parameter.form.value}") from None
    if parameter.words is not None and not (stored and set(stored) <= set(parameter.words)):
        raise Refused(Code.ARGUMENT, f"`{parameter.name}` must have one or more of {', '.join(parameter.words)}")
    if isinstance(stored, datetime):
        return stored.isoformat()
    return json.dumps(stored) if isinstance(stored, list) else stored


def _named_ids(parameter: InputParameter, target: Entity, most: int, given: Sequence[Any], key: bytes) -> Sequence[str]:
    """Ids that an input lists, each once."""
    if not 0 < len(given) <= most:
        raise Refused(Code.ARGUMENT, f"`{parameter.name}` may have 1 to {most} ids; these are {len(given)}")
    found = [_identity(target, str(each), Treatment.PLAIN, key) for each in given]
    if None in found or len(set(found)) < len(found):
        raise Refused(Code.ARGUMENT, f"`{parameter.name}` must have ids of a `{target.name}`, each once")
    return [str(each) for each in found]


def _opened(parameter: IdParameter | SealedParameter | CursorParameter, given: str, key: bytes) -> Any:
    """What the requester's key opens."""
    match parameter:
        case IdParameter(entity=entity, form=form):
            return _identity(entity, given, form, key)
        case SealedParameter(place=place):
            return text_of_token(key, place, given)
        case CursorParameter():
            return _cursor_part(parameter, given, key)


def _lookup(slot: Slot, variables: Mapping[str, Any]) -> Any:
    found: Any = variables
    for step in slot.path:
        found = found[step]
    return found


def _listed(slot: Slot | tuple[Slot, ...], variables: Mapping[str, Any]) -> Sequence[Any]:
    return [_lookup(each, variables) for each in slot] if isinstance(slot, tuple) else _lookup(slot, variables)


def _plain(value: Any) -> Any:
    """What the driver takes: an enum's name, a text or time PostgreSQL can hold."""
    match value:
        case enum.Enum():
            return value.value
        case str():
            return _acceptable(_text, value, "leave the character U+0000 out of texts")
        case datetime():
            return _acceptable(_moment, value, "give a time that lies, in UTC, in the years 1 to 9999")
        case _:
            return value


def _acceptable(make: Callable[[_Value], _Value], value: _Value, hint: str) -> _Value:
    try:
        return make(value)
    except (ValueError, ArithmeticError):
        raise Refused(Code.ARGUMENT, hint) from None


def _text(value: str) -> str:
    """Raises `ValueError` for what is no UTF-8 text to PostgreSQL."""
    if b"\x00" in value.encode():
        raise ValueError
    return value


def _moment(value: datetime) -> datetime:
    """Raises `ValueError` or `ArithmeticError` for what is no moment in UTC."""
    if value.tzinfo is None:
        raise ValueError
    return value.astimezone(UTC)


def _size(size: SizeParameter, variables: Mapping[str, Any]) -> int:
    match size:
        case PageSizeParameter():
            return _page_size(size, variables)
        case ListParameter(slot=slot):
            return len(_listed(slot, variables))
        case ListSizeParameter(slot=slot):
            ids = len(_listed(slot, variables))
            if ids > MAX_IDS:
                raise Refused(Code.ARGUMENT, f"`ids` may have {MAX_IDS} ids; these are {ids}")
            return ids


def _page_size(parameter: PageSizeParameter, variables: Mapping[str, Any]) -> int:
    size = DEFAULT_PAGE_SIZE if parameter.slot is None else _lookup(parameter.slot, variables)
    if not 0 <= size <= MAX_PAGE_SIZE:
        raise Refused(Code.ARGUMENT, f"a page may have 0 to {MAX_PAGE_SIZE} rows")
    return size


def _identities(parameter: IdListParameter, given: str, key: bytes) -> Mapping[str, str]:
    """The id behind what was given, for each form in which it may be one; none when it is no id."""
    kind = given.partition(":")[0]
    forms = ((listed, entity, form) for entity, form, listed in parameter.forms if entity.name == kind)
    found = ((listed.key, _identity(entity, given, form, key)) for listed, entity, form in forms)
    return {name: str(identity) for name, identity in found if identity is not None}


def _identity(entity: Entity, given: str, form: Treatment, key: bytes) -> int | UUID | str | None:
    """The id behind what was given; none when it is not an id of this entity in this form."""
    if form is Treatment.TOKEN and entity.storage.has_numbers:
        return id_of_token(key, entity.name, given)
    if form is Treatment.TOKEN:
        identity = text_id_of_token(key, entity.name, given)
        return None if identity is None else read_id(identity, entity.storage.id_type)
    kind, _, identity = given.partition(":")
    return read_id(identity, entity.storage.id_type) if kind == entity.name else None


def _cursor_part(part: CursorParameter, cursor: str, key: bytes) -> str | bytes | None:
    """One of the values in a cursor, as PostgreSQL writes it; the tag of a row whose id is masked."""
    values = values_of_cursor(key, part.connection, cursor)
    if values is None:
        raise Refused(Code.ARGUMENT, "pass a cursor of this same connection, in the same order")
    value = values[part.position]
    return value if part.scalar or value is None else bytes.fromhex(value)
