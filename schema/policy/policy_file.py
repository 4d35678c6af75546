"""Reads a policy file (TOML) into a `Policy`. An error names the place of the mistake and what is allowed there.

A file gives a whole policy that is sound (`schema.policy.soundness`), or a `PolicyError`.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from schema.catalog import Catalog
from schema.conditions import Condition
from schema.definition import Marketplace
from schema.labels import COLLECTED, Category, Identifier
from schema.policy.figures import read_figures
from schema.policy.grants import BreadthLimit, Clause, Grant, Policy, RoleDescription
from schema.policy.locations import AllowedKeys, Location, PolicyError, quoted_list
from schema.policy.soundness import Located, check_soundness
from schema.requester import THIRD_PARTIES, Purpose, Role
from schema.treatments import Treatment

__all__ = ["PolicyError", "limited_roles", "load_policy", "named", "parse_policy", "text_of"]

ALL_COLLECTED = "COLLECTED"
"""The name in a file for all eight categories together (clause C9)."""

POLICY = AllowedKeys(
    required=("version", "effective_from", "epoch", "contact", "clause", "role", "grant"),
    optional=("figures", "figures_about"),
)
CLAUSE = AllowedKeys(required=("id", "section", "settles"))
ROLE = AllowedKeys(required=("is", "may_ask_for"), optional=("stands_on", "breadth"))
BREADTH = AllowedKeys(required=("persons",), optional=("refuse",))
GRANT = AllowedKeys(
    required=("id", "who", "for", "because"),
    optional=("sees", "without", "identifiers", "except", "when", "figures_about"),
)
"""The keys of each kind of table."""

VERSION = re.compile(r"[0-9A-Za-z]([0-9A-Za-z.-]{0,62}[0-9A-Za-z])?")
MOST_PERSONS = 1_000_000_000
"""The highest limit of persons a day."""

_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")


def named(name: str, marketplace: Marketplace) -> Path:
    """The file of a version that the marketplace has, or the path given. Raises `PolicyError` when there is neither."""
    path = Path(name) if name.endswith(".toml") else marketplace.policies / f"{name}.toml"
    if not path.is_file():
        carried = ", ".join(sorted(f"`{file.stem}`" for file in marketplace.policies.glob("*.toml")))
        raise PolicyError(f"there is no policy `{name}`; give the path of a .toml file or one of {carried}")
    return path


def load_policy(path: Path, catalog: Catalog) -> Policy:
    """The policy in a file. Raises `PolicyError`."""
    return parse_policy(text_of(path), path.name, catalog)


def text_of(path: Path) -> str:
    """The text of a file, not parsed yet. Raises `PolicyError`."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise PolicyError(f"{path.name}: the file cannot be read ({type(error).__name__})") from error
    except UnicodeDecodeError as error:
        raise PolicyError(f"{path.name}: the file is not text in UTF-8") from error


def parse_policy(text: str, source: str, catalog: Catalog) -> Policy:
    """The policy a text states; `source` is what errors call it. Raises `PolicyError`."""
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _not_toml(text, source, str(error)) from error
    return _policy(Location(file=source, text=text), content, catalog)


def _not_toml(text: str, source: str, problem: str) -> PolicyError:
    position = _AT_LINE.search(problem)
    line = position[1] if position else len(text.splitlines())
    return PolicyError(f"{source}:{line}: this is not TOML: {_AT_LINE.sub('', problem)}")


def _policy(location: Location, content: Mapping[str, Any], catalog: Catalog) -> Policy:
    location.check(POLICY, content)
    clauses = _clauses(location, content["clause"])
    roles, descriptions = _roles(location, content["role"], catalog.marketplace.organisation_kinds)
    grants = _grants(location, content["grant"], clauses, catalog)
    check_soundness(grants, roles, catalog)
    return Policy(
        version=_version(location.at("version"), content["version"]),
        effective_from=location.at("effective_from").value_of(
            date, content["effective_from"], "a date like 2012-06-11"
        ),
        contact=location.at("contact").text_of(content["contact"]),
        epoch=location.at("epoch").value_of(int, content["epoch"], "a whole number"),
        clauses=clauses,
        roles={role: purposes.value for role, purposes in roles.items()},
        role_descriptions=descriptions,
        grants=_by_role_and_purpose([grant.value for grant in grants]),
        figures=read_figures(
            location, content, frozenset().union(*(grant.value.aggregates for grant in grants)), catalog
        ),
    )


def _version(location: Location, value: object) -> str:
    version = location.text_of(value)
    if not VERSION.fullmatch(version):
        raise location.error("a version is up to 64 letters, digits, dots and hyphens, like `2012-06-11`")
    return version


def _by_role_and_purpose(grants: Sequence[Grant]) -> Mapping[tuple[Role, Purpose], tuple[Grant, ...]]:
    groups: dict[tuple[Role, Purpose], tuple[Grant, ...]] = {}
    for grant in grants:
        for role in grant.roles:
            for purpose in grant.purposes:
                groups[role, purpose] = (*groups.get((role, purpose), ()), grant)
    return groups


def _clauses(location: Location, entries: object) -> Mapping[str, Clause]:
    clauses: dict[str, Clause] = {}
    for here, entry in location.tables("clause", entries):
        here.check(CLAUSE, entry)
        texts = {key: here.at(key).text_of(entry[key]) for key in CLAUSE.required}
        if texts["id"] in clauses:
            raise here.at("id").error("this id is used twice")
        clauses[texts["id"]] = Clause(**texts)
    return clauses


Purposes = Located[frozenset[Purpose]]


def _roles(
    location: Location, entries: object, kinds: Sequence[str]
) -> tuple[Mapping[Role, Purposes], Mapping[Role, RoleDescription]]:
    """The purposes of each role, and its description."""
    roles: dict[Role, Purposes] = {}
    descriptions: dict[Role, RoleDescription] = {}
    for here, name, entry in location.named_tables("role", entries):
        (role,) = here.choices(Role, [name])
        here.check(ROLE, entry)
        purposes = frozenset(here.at("may_ask_for").choices(Purpose, entry["may_ask_for"]))
        roles[role] = Located(here, purposes)
        descriptions[role] = RoleDescription(
            description=here.at("is").text_of(entry["is"]),
            requires_organisation=_organisation(here, role, entry.get("stands_on"), kinds),
            breadth=_breadth(here.at("breadth"), role, entry["breadth"]) if "breadth" in entry else None,
        )
    if missing := sorted(set(Role) - set(roles)):
        raise location.at("role").error(f"the role `{missing[0]}` is not described; add `[role.{missing[0]}]`")
    return roles, descriptions


def _organisation(location: Location, role: Role, kind: object, kinds: Sequence[str]) -> str | None:
    """The kind of organisation that a role requires; none if it requires no organisation."""
    if role not in THIRD_PARTIES:
        if kind is not None:
            raise location.at("stands_on").error(f"`{role}` requires no organisation; leave this out")
        return None
    if kind is None:
        raise location.error(
            f"`{role}` requires an organisation: say of which kind with `stands_on`, {quoted_list(kinds)}"
        )
    here = location.at("stands_on")
    return here.among(kinds, [here.text_of(kind)])[0]


def _breadth(here: Location, role: Role, entry: object) -> BreadthLimit:
    if role is Role.PUBLIC:
        raise here.error("nobody knows who asks as `PUBLIC`, so it cannot be limited; leave this out")
    if not isinstance(entry, dict):
        raise here.error("keys are expected, like { persons = 500, refuse = true }")
    here.check(BREADTH, entry)
    persons = here.value_of(int, entry["persons"], "for `persons` a whole number")
    if not 0 < persons <= MOST_PERSONS:
        raise here.error(f"`persons` is a number from 1 to {MOST_PERSONS:,}")
    return BreadthLimit(
        persons=persons, refuses=here.value_of(bool, entry.get("refuse", False), "for `refuse` true or false")
    )


def limited_roles(text: str) -> Sequence[str]:
    """The roles that a policy limits in breadth. Nothing else of it is read; none of a text that is no policy."""
    try:
        roles = tomllib.loads(text)["role"]
    except (tomllib.TOMLDecodeError, RecursionError, KeyError):
        return ()
    return [role for role, entry in roles.items() if "breadth" in entry]


def _grants(
    location: Location, entries: object, clauses: Mapping[str, Clause], catalog: Catalog
) -> Sequence[Located[Grant]]:
    grants: dict[str, Located[Grant]] = {}
    for here, entry in location.tables("grant", entries):
        grant = _grant(here, entry, clauses, catalog)
        if grant.id in grants:
            raise here.at("id").error("this id is used twice")
        grants[grant.id] = Located(here, grant)
    return list(grants.values())


def _grant(here: Location, entry: Mapping[str, Any], clauses: Mapping[str, Clause], catalog: Catalog) -> Grant:
    here.check(GRANT, entry)
    categories, fields = _sees(here.at("sees"), entry.get("sees", []), catalog)
    because = here.at("because")
    return Grant(
        id=here.at("id").text_of(entry["id"]),
        roles=frozenset(here.at("who").choices(Role, entry["who"])),
        purposes=frozenset(here.at("for").choices(Purpose, entry["for"])),
        categories=categories,
        fields=fields,
        without=_without(here.at("without"), entry.get("without", []), categories, catalog),
        aggregates=frozenset(here.at("figures_about").choices(Category, entry.get("figures_about", []))),
        identifiers=_identifiers(here, entry),
        exceptions=_exceptions(here.at("except"), entry.get("except", {})),
        conditions=_conditions(here.at("when"), entry.get("when", []), catalog.marketplace.conditions),
        clauses=tuple(because.among(clauses, because.texts(entry["because"]))),
    )


def _conditions(location: Location, entries: object, conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    allowed = {condition.phrase: condition for condition in conditions}
    return tuple(allowed[entry] for entry in location.among(allowed, location.texts(entries)))


def _sees(location: Location, entries: object, catalog: Catalog) -> tuple[frozenset[Category], frozenset[str]]:
    categories: set[Category] = set()
    fields: set[str] = set()
    for entry in location.texts(entries):
        if "." in entry:
            fields.add(_field(location, entry, catalog))
        elif entry == ALL_COLLECTED:
            categories.update(COLLECTED)
        else:
            categories.update(location.choices(Category, [entry], also=[ALL_COLLECTED]))
    return frozenset(categories), frozenset(fields)


def _without(location: Location, entries: object, categories: frozenset[Category], catalog: Catalog) -> frozenset[str]:
    fields = frozenset(_field(location, entry, catalog) for entry in location.texts(entries))
    for field in sorted(fields):
        type_name, _, name = field.partition(".")
        if catalog.entities[type_name].columns[name].label.category not in categories:
            raise location.error(f"`{field}` is in no category that the grant sees; take it out")
    return fields


def _field(location: Location, entry: str, catalog: Catalog) -> str:
    if "password" in entry.casefold():
        raise location.error(f"`{entry}`: nobody is ever shown a password")
    type_name, _, field = entry.partition(".")
    entity = catalog.entities.get(type_name)
    if entity is None or field not in entity.columns:
        raise location.error(f"there is no field `{entry}`; `veil schema` prints all there are")
    return entry


def _identifiers(here: Location, entry: Mapping[str, Any]) -> Treatment:
    if ("sees" in entry) is not ("identifiers" in entry):
        raise here.at("sees").error("`sees` needs `identifiers`, and `identifiers` needs `sees`")
    (usual,) = here.at("identifiers").choices(Treatment, [entry.get("identifiers", Treatment.HIDDEN.value)])
    return usual


def _exceptions(here: Location, entries: object) -> Mapping[Identifier, Treatment]:
    exceptions = here.pairs(entries)
    kinds = here.choices(Identifier, list(exceptions))
    treatments = here.choices(Treatment, list(exceptions.values()))
    return dict(zip(kinds, treatments, strict=True))
