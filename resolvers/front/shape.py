"""The shape of a selection: a text of what was asked in which no word is its author's own.

Aliases, fragments and the names of operations, fragments and variables are gone, and so is what is asked twice. So the
log holds one text of all documents that select the same, however they are written.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from resolvers.alternatives import ALWAYS
from resolvers.front.selection import Argument, Field, Keyword, Omitted, Selection, Slot

_VALUE: Final = "$value"
"""Stands for every value, and for a list of values."""


def shape(selection: Selection) -> str:
    """Like `{ members(first: $value) { nodes { name } } }`.

    Its words are names of the schema. Under an interface, what is asked of every type comes first.
    """
    shaped = _braced(_fields(selection.fields))
    return f"mutation {shaped}" if selection.is_mutation else shaped


def _fields(fields: Sequence[Field]) -> list[str]:
    return list(dict.fromkeys(map(_field, fields)))


def _field(field: Field) -> str:
    arguments = ", ".join(f"{name}: {_argument(value)}" for name, value in field.arguments.items())
    given = f"({arguments})" if arguments else ""
    switch = "" if field.inclusion == ALWAYS else f" @include(if: {_VALUE})"
    selected = _selected(field.selections)
    return f"{field.name}{given}{switch}{f' {_braced(selected)}' if selected else ''}"


def _selected(selections: Mapping[str, Sequence[Field]]) -> list[str]:
    of_types = {name: _fields(fields) for name, fields in selections.items()}
    first, *others = of_types.values() or [[]]
    common = [each for each in first if all(each in other for other in others)]
    own = {name: [each for each in fields if each not in common] for name, fields in of_types.items()}
    return [*common, *(f"... on {name} {_braced(fields)}" for name, fields in own.items() if fields)]


def _argument(argument: Argument) -> str:
    match argument:
        case None:
            return "null"
        case Omitted():
            return _VALUE
        case Slot():
            return _VALUE
        case Keyword():
            return argument.value
        case Mapping():
            return f"{{{', '.join(f'{name}: {_argument(value)}' for name, value in argument.items())}}}"
        case _ if all(isinstance(each, Slot) for each in argument):
            return _VALUE
        case _:
            return f"[{', '.join(map(_argument, argument))}]"


def _braced(parts: Sequence[str]) -> str:
    return f"{{ {' '.join(parts)} }}"
