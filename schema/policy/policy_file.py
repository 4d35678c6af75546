"""Reads a policy file (TOML) into a `Policy`. An error names the place of the mistake and what is allowed there.

A file gives a whole policy that is sound (`schema.policy.soundness`), or a `PolicyError`. The policy in force may be of
an older or a newer Veil. What it says in words that this Veil does not know gives nothing, and the rest holds.
"""

import dataclasses
import enum
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from schema.catalog import Catalog
from schema.conditions import Condition, SubjectIsRequester
from schema.definition import Marketplace
from schema.labels import Category, Identifier, Label
from schema.policy.figures import read_figures
from schema.policy.grants import BreadthLimit, Clause, Grant, Policy, RightScope, RoleDescription, Words
from schema.policy.locations import AllowedKeys, Location, PolicyError, quoted_list
from schema.policy.soundness import Located, sound
from schema.requester import Purpose, Role
from schema.rights import Right
from schema.treatments import Treatment

__all__ = ["PolicyError", "limited_roles", "load_policy", "named", "parse_policy", "parse_policy_in_force", "text_of"]

ALL_COLLECTED = "COLLECTED"
"""The name in a grant for all that `collected` lists (clause C9)."""

POLICY = AllowedKeys(
    required=(
        *("version", "effective_from", "epoch", "contact"),
        *("collected", "other_categories", "identifiers"),
        *("clause", "role", "grant"),
    ),
    optional=("figures", "figures_about"),
)
CLAUSE = AllowedKeys(required=("id", "section", "settles"))
ROLE = AllowedKeys(required=("is", "may_ask_for"), optional=("stands_on", "breadth"))
BREADTH = AllowedKeys(required=("persons",), optional=("refuse",))
GRANT = AllowedKeys(
    required=("id", "who", "for", "because"),
    optional=("sees", "without", "identifiers", "except", *Right, "when", "figures_about"),
)
"""The keys of each kind of table."""

VERSION = re.compile(r"[0-9A-Za-z]([0-9A-Za-z.-]{0,62}[0-9A-Za-z])?")
MOST_PERSONS = 1_000_000_000
"""The highest limit of persons a day."""

_Word = TypeVar("_Word", bound=enum.StrEnum)
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
    return _policy(Location(file=source, text=text), _content(text, source), catalog)


def parse_policy_in_force(text: str, source: str, catalog: Catalog) -> Policy:
    """The policy that another version of Veil found sound, without what this one does not know or allow.

    `Policy.ignored` names that. Raises `PolicyError` if nothing can be read.
    """
    ignored: list[str] = []
    location = Location(file=source, text=text, reject=lambda mistake: ignored.append(str(mistake)))
    policy = _policy(location, _content(text, source), catalog)
    return dataclasses.replace(policy, ignored=tuple(ignored))


def _content(text: str, source: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _not_toml(text, source, str(error)) from error


def _not_toml(text: str, source: str, problem: str) -> PolicyError:
    position = _AT_LINE.search(problem)
    line = position[1] if position else len(text.splitlines())
    return PolicyError(f"{source}:{line}: this is not TOML: {_AT_LINE.sub('', problem)}")


def _policy(location: Location, content: Mapping[str, Any], catalog: Catalog) -> Policy:
    location.check(POLICY, content)
    words = _words(location, content, catalog.marketplace)
    clauses = _clauses(location, content["clause"])
    roles, descriptions = _roles(location, content["role"], catalog.marketplace)
    reading = _Reading(words=words, clauses=clauses, roles=list(roles), catalog=catalog)
    grants = sound(_grants(location, content["grant"], reading), roles, catalog)
    return Policy(
        version=_version(location.at("version"), content["version"]),
        effective_from=location.at("effective_from").value_of(
            date, content["effective_from"], "a date like 2012-06-11"
        ),
        contact=location.at("contact").text_of(content["contact"]),
        epoch=location.at("epoch").value_of(int, content["epoch"], "a whole number"),
        words=words,
        clauses=clauses,
        roles={role: purposes.value for role, purposes in roles.items()},
        role_descriptions=descriptions,
        grants=_by_role_and_purpose(grants),
        figures=read_figures(location, content, frozenset().union(*(grant.aggregates for grant in grants)), catalog),
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


def _words(location: Location, content: Mapping[str, Any], marketplace: Marketplace) -> Words:
    """The lists of categories and identifiers. A word is listed once."""
    categories = marketplace.all_categories
    collected = _listed(location.at("collected"), categories, content["collected"])
    others = _listed(location.at("other_categories"), categories, content["other_categories"])
    for key, listed in (("collected", collected), ("other_categories", others)):
        if any(category.is_open for category in listed):
            raise location.at(key).error("`OPEN` fields are plain for everybody and need no list")
    if twice := sorted(set(collected) & set(others)):
        raise location.at("other_categories").error(f"`{twice[0]}` is in `collected` already; list it once")
    identifiers = _listed(location.at("identifiers"), marketplace.identifiers, content["identifiers"])
    return Words(collected=collected, other_categories=others, identifiers=identifiers)


def _listed(here: Location, words: Iterable[_Word], entries: object) -> tuple[_Word, ...]:
    found = here.choices(words, entries)
    if twice := next((word for word in found if found.count(word) > 1), None):
        raise here.error(f"`{twice}` is listed twice")
    return tuple(found)


def _clauses(location: Location, entries: object) -> Mapping[str, Clause]:
    clauses: dict[str, Clause] = {}
    for here, entry in location.tables("clause", entries):
        here.check(CLAUSE, entry)
        texts = {key: here.at(key).text_of(entry[key]) for key in CLAUSE.required}
        if texts["id"] in clauses:
            raise here.at("id").error("this id is used twice")
        clauses[texts["id"]] = Clause(**texts)
    return clauses


LocatedPurposes = Located[frozenset[Purpose]]


def _roles(
    location: Location, entries: object, marketplace: Marketplace
) -> tuple[Mapping[Role, LocatedPurposes], Mapping[Role, RoleDescription]]:
    """The purposes of each role, and its description."""
    roles: dict[Role, LocatedPurposes] = {}
    descriptions: dict[Role, RoleDescription] = {}
    by_name = {role.value: role for role in marketplace.roles}
    for here, name, entry in location.named_tables("role", entries):
        try:
            (known,) = here.among(by_name, [name])
            role = by_name[known]
            description = _description(here, role, entry, marketplace.organisation_kinds)
            purposes = frozenset(here.at("may_ask_for").choices(marketplace.purposes, entry["may_ask_for"]))
        except PolicyError as mistake:
            here.reject(mistake)
            continue
        roles[role] = Located(here, purposes)
        descriptions[role] = description
    return roles, descriptions


def _description(here: Location, role: Role, entry: Mapping[str, Any], kinds: Sequence[str]) -> RoleDescription:
    here.check(ROLE, entry)
    return RoleDescription(
        description=here.at("is").text_of(entry["is"]),
        requires_organisation=_organisation(here, role, entry.get("stands_on"), kinds),
        breadth=_breadth(here.at("breadth"), role, entry["breadth"]) if "breadth" in entry else None,
    )


def _organisation(location: Location, role: Role, kind: object, kinds: Sequence[str]) -> str | None:
    """The kind of organisation that a role requires; none if it requires no organisation."""
    if not role.is_third_party:
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
    if role.is_public:
        raise here.error(f"nobody knows who asks as `{role}`, so it cannot be limited; leave this out")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What grants are read with: what the file has said before them, and what there is to be seen."""

    words: Words
    clauses: Mapping[str, Clause]
    roles: Sequence[Role]
    """Those that the file describes."""
    catalog: Catalog


def _grants(location: Location, entries: object, reading: _Reading) -> Sequence[Located[Grant]]:
    grants: dict[str, Located[Grant]] = {}
    for here, entry in location.tables("grant", entries):
        try:
            grant = _grant(here, entry, reading)
            if grant.id in grants:
                raise here.at("id").error("this id is used twice")
        except PolicyError as mistake:
            here.reject(mistake)
        else:
            grants[grant.id] = Located(here, grant)
    return list(grants.values())


def _grant(here: Location, entry: Mapping[str, Any], reading: _Reading) -> Grant:
    here.check(GRANT, entry)
    categories, fields = _sees(here.at("sees"), entry.get("sees", []), reading)
    roles, because = _who(here.at("who"), entry["who"], reading), here.at("because")
    conditions = _conditions(here.at("when"), entry.get("when", []), reading.catalog.marketplace.conditions)
    identifiers = _identifiers(here, entry)
    exceptions = _exceptions(here.at("except"), entry.get("except", {}), reading.words)
    if len(roles) < len(set(entry["who"])) and not any(
        isinstance(each.holds_if, SubjectIsRequester) for each in conditions
    ):
        # A role that is left out is not the marketplace's own. What identifies by coincidence stays as for all of them.
        exceptions = {
            **dict.fromkeys((kind for kind in reading.words.identifiers if kind.is_coincidental), identifiers),
            **exceptions,
        }
    return Grant(
        id=here.at("id").text_of(entry["id"]),
        roles=roles,
        purposes=frozenset(here.at("for").choices(reading.catalog.marketplace.purposes, entry["for"])),
        categories=categories,
        fields=fields,
        without=_without(here.at("without"), entry.get("without", []), categories, reading.catalog),
        aggregates=_figures_about(here.at("figures_about"), entry.get("figures_about", []), reading),
        identifiers=identifiers,
        exceptions=exceptions,
        rights=_rights(here, entry, reading),
        conditions=conditions,
        clauses=tuple(because.among(reading.clauses, because.texts(entry["because"]))),
        words=reading.words,
    )


def _who(here: Location, entries: object, reading: "_Reading") -> frozenset[Role]:
    found = here.choices(reading.catalog.marketplace.roles, entries)
    for role in found:
        if role not in reading.roles:
            here.reject(here.error(f"`{role}` is not described; add `[role.{role}]`"))
    return frozenset(found) & frozenset(reading.roles)


def _figures_about(here: Location, entries: object, reading: _Reading) -> frozenset[Category]:
    with_figures = {facts.category for facts in reading.catalog.statistics.values()}
    available = {category.value: category for category in with_figures & set(reading.words.categories)}
    found: set[Category] = set()
    for entry in here.texts(entries):
        if entry in available:
            found.add(available[entry])
        else:
            here.reject(here.error(f"there are no figures about `{entry}`, only about {quoted_list(available)}"))
    return frozenset(found)


def _conditions(location: Location, entries: object, conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    allowed = {condition.phrase: condition for condition in conditions}
    return tuple(allowed[entry] for entry in location.among(allowed, location.texts(entries)))


def _sees(location: Location, entries: object, reading: _Reading) -> tuple[frozenset[Category], frozenset[str]]:
    words = reading.words
    # What is open needs no grant: that is said later, with all that is wrong with a grant.
    listed = {each.value: each for each in reading.catalog.marketplace.all_categories if each.is_open}
    listed |= {category.value: category for category in words.categories}
    categories: set[Category] = set()
    fields: set[str] = set()
    for entry in location.texts(entries):
        if "." in entry:
            fields.update(_field(location, entry, reading))
        elif entry == ALL_COLLECTED:
            categories.update(words.collected)
        elif entry not in listed and entry in reading.catalog.marketplace.all_categories:
            location.reject(location.error(f"`{entry}` is in no list; add it to `collected` or `other_categories`"))
        elif location.known([*listed, ALL_COLLECTED], [entry]):
            categories.add(listed[entry])
    return frozenset(categories), frozenset(fields)


def _rights(here: Location, entry: Mapping[str, Any], reading: _Reading) -> Mapping[Right, RightScope]:
    """What may be done beside seeing, with which categories and fields."""
    found: dict[Right, RightScope] = {}
    for right in Right:
        if right in entry:
            categories, fields = _sees(here.at(right), entry[right], reading)
            found[right] = RightScope(categories=categories, fields=fields)
    return found


def _field(location: Location, entry: str, reading: _Reading) -> Sequence[str]:
    """The field, unless it is rejected."""
    try:
        label = _label(location, entry, reading.catalog)
        if not reading.words.include(label):
            raise location.error(f"`{entry}` is hidden: {_unlisted(label, reading.words)}")
    except PolicyError as mistake:
        location.reject(mistake)
        return ()
    return (entry,)


def _unlisted(label: Label, words: Words) -> str:
    if label.category not in words.categories:
        return f"its category `{label.category}` is in no list"
    missing = next(kind for kind in label.identifiers if kind not in words.identifiers)
    return f"its kind `{missing}` is not in `identifiers`"


def _without(location: Location, entries: object, categories: frozenset[Category], catalog: Catalog) -> frozenset[str]:
    fields: set[str] = set()
    for entry in location.texts(entries):
        # A field that is not known may be another name of one that is: then the whole grant is rejected.
        if _label(location, entry, catalog).category not in categories:
            raise location.error(f"`{entry}` is in no category that the grant sees; take it out")
        fields.add(entry)
    return frozenset(fields)


def _label(location: Location, entry: str, catalog: Catalog) -> Label:
    if "password" in entry.casefold():
        raise location.error(f"`{entry}`: nobody is ever shown a password")
    type_name, _, field = entry.partition(".")
    entity = catalog.entities.get(type_name)
    if entity is None or field not in entity.labelled:
        raise location.error(f"there is no field `{entry}`; `veil schema` prints all there are")
    return entity.labelled[field].label


def _identifiers(here: Location, entry: Mapping[str, Any]) -> Treatment:
    if ("sees" in entry) is not ("identifiers" in entry):
        raise here.at("sees").error("`sees` needs `identifiers`, and `identifiers` needs `sees`")
    usual = here.at("identifiers").text_of(entry.get("identifiers", Treatment.HIDDEN.value))
    return _treatments(here.at("identifiers"), [usual])[0]


def _treatments(here: Location, entries: Sequence[str]) -> Sequence[Treatment]:
    return [Treatment(entry) for entry in here.among([each.value for each in Treatment], entries)]


def _exceptions(here: Location, entries: object, words: Words) -> Mapping[Identifier, Treatment]:
    exceptions = here.pairs(entries)
    treatments = dict(zip(exceptions, _treatments(here, list(exceptions.values())), strict=True))
    return {kind: treatments[kind] for kind in here.choices(words.identifiers, list(exceptions))}
