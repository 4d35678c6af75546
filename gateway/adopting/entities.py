"""Writes the modules of entities: each a class with its fields, as a person would write it."""

from collections.abc import Iterator, Sequence
from typing import Final

from gateway.adopting import code
from gateway.adopting.naming import free, listed_name, single_name
from gateway.adopting.package import DataField, EntityClass, EnumType, MarketplacePackage, RelationField
from schema.labels import Identifiers

ACCESSES: Final = "accesses"
"""The module of the access log, and the field of a member that leads there."""


def entity_module(package: MarketplacePackage, entities: Sequence[EntityClass]) -> str:
    """The module of an entity, whose parts come before it."""
    ordered = sorted(entities, key=lambda entity: not entity.is_part)
    main = ordered[-1]
    constant = _constant(main)
    blocks = [
        *(_enum(field.enum) for entity in ordered for field in entity.fields if field.enum),
        *(_class(package, entity, constant) for entity in ordered),
    ]
    head = [code.docstring(_described(main)), _imports(package, ordered)]
    if aliases := _aliases(package, ordered):
        head.append(aliases)
    head.append(f"{constant} = Categories.UNDECIDED")
    return "\n\n".join(head) + "".join(f"\n\n\n{block}" for block in blocks) + "\n"


def _described(entity: EntityClass) -> str:
    return entity.table.comment or f"A row of `{entity.table.place}`."


def _enum(enum: EnumType) -> str:
    lines = [
        code.call("@strawberry.enum", [f"description={code.text(enum.description)}"]),
        f"class {enum.name}(enum.Enum):",
        *(f"    {member} = {code.text(member)}" for member in enum.members.values()),
    ]
    words = f"\n\n\n{code.words(f'{_words_name(enum)} = ', enum.members)}" if enum.is_mapped else ""
    return "\n".join(lines) + words


def _words_name(enum: EnumType) -> str:
    return f"_{single_name(enum.name).upper()}"


# Imports, and the types of other modules.


def _imports(package: MarketplacePackage, entities: Sequence[EntityClass]) -> str:
    relations = [each for entity in entities for each in entity.relations]
    fields = [each for entity in entities for each in entity.fields]
    has_parts = any(entity.is_part for entity in entities)
    has_kinds = any(each.kind for each in fields) or any(each.subjects for each in entities)
    has_aliases = bool(_others(package, entities))
    of_fields = {"HiddenFieldsField", "Node", "Storage", "data", "declare", "entity"}
    of_fields |= {each.declared for each in relations}
    of_fields |= {"Connection"} if any(each.declared == "connection" for each in relations) else set()
    of_fields |= {"MaskedField", "MaskedFieldsField"} if has_parts else set()
    scalars = {each.python_type for each in fields} & {"DateTime", "Decimal"}
    standard = (
        *(["import enum"] if any(each.enum for each in fields) else []),
        *(["from typing import TYPE_CHECKING, Annotated"] if has_aliases else []),
    )
    return "\n".join(
        [
            *standard,
            *([""] if standard else []),
            "import strawberry",
            code.imports("schema.fields", of_fields),
            *(["from schema.labels import Identifiers"] if has_kinds else []),
            *([code.imports("schema.scalars", scalars)] if scalars else []),
            "",
            f"from {package.name}.words import Categories",
        ]
    )


def _others(package: MarketplacePackage, entities: Sequence[EntityClass]) -> Sequence[tuple[str, str]]:
    """The types of other modules, each with its module."""
    here = {entity.name for entity in entities}
    modules = {entity.name: entity.module for entity in package.entities}
    wanted = {each.target for entity in entities for each in entity.relations} - here
    accesses = [("AccessRecord", ACCESSES)] if any(entity.is_member for entity in entities) else []
    return sorted([*((name, modules[name]) for name in wanted), *accesses], key=lambda other: other[1])


def _aliases(package: MarketplacePackage, entities: Sequence[EntityClass]) -> str:
    others = _others(package, entities)
    if not others:
        return ""
    place = f"{package.name}.entities"
    return "\n".join(
        [
            "if TYPE_CHECKING:",
            *(f"    from {place}.{module} import {name}" for name, module in others),
            "else:",
            *(
                code.bracketed(f"{name} = Annotated", "[]", [code.text(name), _lazy(f"{place}.{module}")], 1)
                for name, module in others
            ),
        ]
    )


def _lazy(module: str) -> str:
    return f"strawberry.lazy({code.text(module)})"


# Classes.


def _class(package: MarketplacePackage, entity: EntityClass, constant: str) -> str:
    return "\n".join(
        [
            _storage(package, entity),
            f"class {entity.name}{'' if entity.is_part else '(Node)'}:",
            code.docstring(_described(entity), 1),
            "",
            *_fields(entity, constant),
        ]
    )


def _storage(package: MarketplacePackage, entity: EntityClass) -> str:
    subjects = ", ".join(map(code.text, entity.subjects))
    arguments = code.keywords(
        {
            "table": code.text(package.table_name(entity.table)),
            "key": code.text(entity.key) if entity.key not in (None, "id") else None,
            "id_type": code.text(entity.id_type) if entity.id_type not in (None, "bigint") else None,
            "subjects": f"({subjects}{',' if len(entity.subjects) == 1 else ''})" if subjects else None,
            "order": code.text(entity.order) if entity.order else None,
            "is_part": "True" if entity.is_part else None,
        }
    )
    line = f"@entity({code.call('Storage', arguments)})"
    return (
        line
        if "\n" not in line and len(line) <= code.LINE_WIDTH
        else f"@entity(\n{code.call('Storage', arguments, 1)}\n)"
    )


def _fields(entity: EntityClass, constant: str) -> Iterator[str]:
    if not entity.is_part:
        kind = Identifiers.MEMBER_ID if entity.is_member else Identifiers.ROW_ID if entity.subjects else None
        yield code.call("id: strawberry.ID = data", [constant, *_kind(kind)], 1)
    for field in entity.fields:
        yield code.call(_typed(field), _arguments(field, constant), 1)
    for relation in entity.relations:
        yield _relation(entity, relation)
    if entity.is_member:
        name = free(ACCESSES, {each.name for each in (*entity.fields, *entity.relations)}, "rows")
        yield f'    {name}: Connection[AccessRecord] | None = connection("subjects", within=True)'
    if entity.is_part:
        yield "    masked_fields: list[MaskedField] = declare(MaskedFieldsField())"
    else:
        yield "    hidden_fields: list[str] = declare(HiddenFieldsField())"


def _kind(kind: Identifiers | None) -> list[str]:
    return [f"Identifiers.{kind.name}"] if kind else []


def field_line(entity: EntityClass, field: DataField) -> str:
    """The declaration of a field, in one line."""
    return f"{_typed(field)}({', '.join(_arguments(field, _constant(entity)))})"


def _constant(entity: EntityClass) -> str:
    """The category of the fields of a module."""
    return entity.module.upper()


def _typed(field: DataField) -> str:
    return f"{field.name}: {field.python_type} | None = data"


def _arguments(field: DataField, constant: str) -> Sequence[str]:
    is_expressed = field.expression is not None
    arguments = code.keywords(
        {
            "column": code.text(field.column) if field.column != field.name and not is_expressed else None,
            "coarse": code.text(field.coarse) if field.coarse else None,
            "expression": code.text(field.expression) if field.expression else None,
            "reads": f"({code.text(field.column)},)" if is_expressed else None,
            "words": _words_name(field.enum) if field.enum and field.enum.is_mapped else None,
            "description": code.text(" ".join(field.comment.split())) if field.comment else None,
        }
    )
    return [constant, *_kind(field.kind), *arguments]


def _relation(entity: EntityClass, relation: RelationField) -> str:
    wrapped = {"link": "{}", "connection": "Connection[{}]", "parts": "list[{}]"}[relation.declared]
    type_ = f"{wrapped.format(relation.target)} | None"
    # A class is not there yet while its own fields are read.
    type_ = code.text(type_) if relation.target == entity.name else type_
    first, other = ("near", "far") if relation.declared == "link" else ("far", "near")
    values = {"near": relation.near, "far": relation.far}
    arguments = [
        code.text(values[first] or ""),
        *code.keywords({other: code.text(values[other] or "") if values[other] else None}),
    ]
    return code.call(f"{relation.name}: {type_} = {relation.declared}", arguments, 1)


# The access log, and the root.


def accesses_module(package: MarketplacePackage) -> str:
    return f'''"""The access log: who has seen what."""

from schema.common.accesses import RecordedAccess, records
from schema.fields import entity


@entity(records(member={code.text(package.member.name)}))
class AccessRecord(RecordedAccess):
    """One answer or one refusal, as it was recorded before it was given."""
'''


def query_module(package: MarketplacePackage) -> str:
    """The root: each entity by its id and as a list, the member first."""
    entities = sorted((each for each in package.entities if not each.is_part), key=lambda entity: not entity.is_member)
    place = f"{package.name}.entities"
    modules = sorted([(ACCESSES, "AccessRecord"), *((each.module, each.name) for each in entities)])
    of_fields = ("ByIdField", "Connection", "MeField", "Node", "NodeField", "NodesField")
    return "\n".join(
        [
            '"""The root: where every operation begins."""',
            "",
            "import strawberry",
            "from schema.common.policy import PrivacyPolicy, privacy_policy",
            code.imports("schema.fields", (*of_fields, "connection", "declare", "static_field")),
            "",
            *(f"from {place}.{module} import {name}" for module, name in modules),
            "",
            "",
            '@strawberry.type(description="What may be asked.")',
            "class Query:",
            f"    me: {package.member.name} | None = declare(MeField())",
            "    node: Node | None = declare(NodeField())",
            "    nodes: list[Node | None] | None = declare(NodesField())",
            *_roots(entities),
            "    access_records: Connection[AccessRecord] | None = connection()",
            code.call(
                "privacy_policy: PrivacyPolicy = static_field",
                ["privacy_policy", code.text("The privacy policy by which this is answered, as anybody may read it.")],
                1,
            ),
            "",
        ]
    )


def _roots(entities: Sequence[EntityClass]) -> Iterator[str]:
    taken = {"me", "node", "nodes", "access_records", "privacy_policy"}
    for entity in entities:
        for name, type_, declared in (
            (single_name(entity.name), entity.name, "declare(ByIdField())"),
            (listed_name(entity.name), f"Connection[{entity.name}]", "connection()"),
        ):
            root = free(name, taken, "rows" if declared == "connection()" else "row")
            taken.add(root)
            yield f"    {root}: {type_} | None = {declared}"
