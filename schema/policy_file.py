"""Reads a policy file (TOML) into a `Policy`: every name checked, every mistake told with its place and what is allowed.

Nothing is half-loaded: a file gives a whole policy or a `PolicyError`.
"""

import enum
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from schema.catalog import Catalog
from schema.conditions import Condition
from schema.labels import COLLECTED, Category, Identifier
from schema.policy import Clause, Grant, Policy
from schema.requester import Purpose, Role
from schema.treatments import Treatment

POLICIES = Path(__file__).parent / "policies"
ALL_COLLECTED = "COLLECTED"
"""Stands in a file for the eight categories together (clause C9)."""

FULL_CARD_PURPOSES = frozenset({Purpose.TRANSACTION_COMPLETION, Purpose.COURT_ORDER})
"""The only purposes for which a card number may ever be shown whole."""

Choice = TypeVar("Choice", bound=enum.StrEnum)


class PolicyError(Exception):
    """A policy file says something that cannot be; the message names file, place and what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where in a file something is said."""

    file: str
    text: str
    entry: str
    key: str = ""

    def at(self, key: str) -> "_Place":
        return _Place(file=self.file, text=self.text, entry=self.entry, key=key)

    def error(self, problem: str) -> PolicyError:
        where = f"{self.entry} · {self.key}" if self.key else self.entry
        return PolicyError(f"{self.file}:{self._line()}: {where}: {problem}")

    def _line(self) -> int:
        name = self.entry.rpartition(" ")[2]
        lines = self.text.splitlines()
        starts = (i for i, line in enumerate(lines) if f'"{name}"' in line or line.startswith(f"{name} "))
        start = next(starts, 0)
        keys = (i for i, line in enumerate(lines[start:], start) if self.key and line.startswith(self.key))
        return next(keys, start) + 1


def named(name: str) -> Path:
    """The file of a version that Veil carries, or the path given. Raises `PolicyError` when there is neither."""
    path = Path(name) if name.endswith(".toml") else POLICIES / f"{name}.toml"
    if not path.is_file():
        carried = ", ".join(sorted(f"`{file.stem}`" for file in POLICIES.glob("*.toml")))
        raise PolicyError(f"there is no policy `{name}`; give the path of a .toml file or one of {carried}")
    return path


def load(path: Path, catalog: Catalog) -> Policy:
    """The policy a file states. Raises `PolicyError`."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path.name}: {error}") from error
    return read(text, path.name, catalog)


def read(text: str, source: str, catalog: Catalog) -> Policy:
    """The policy a text states; `source` is what errors call it. Raises `PolicyError`."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{source}: {error}") from error
    return _policy(_Place(file=source, text=text, entry="policy"), content, catalog)


def _policy(place: _Place, content: Mapping[str, Any], catalog: Catalog) -> Policy:
    _keys(place, content, ("version", "effective_from", "contact", "epoch", "clause", "role", "grant"))
    clauses = {clause.id: clause for clause in _clauses(place, content["clause"])}
    roles = _roles(place, content["role"])
    grants = [_grant(place, entry, clauses, roles, catalog) for entry in content["grant"]]
    _unique(place, (grant.id for grant in grants))
    return Policy(
        version=_of(str, place.at("version"), content["version"]),
        effective_from=_of(date, place.at("effective_from"), content["effective_from"]),
        contact=_of(str, place.at("contact"), content["contact"]),
        epoch=_of(int, place.at("epoch"), content["epoch"]),
        clauses=clauses,
        roles=roles,
        grants=_by_requester(grants),
    )


def _by_requester(grants: Sequence[Grant]) -> Mapping[tuple[Role, Purpose], tuple[Grant, ...]]:
    found: dict[tuple[Role, Purpose], tuple[Grant, ...]] = {}
    for grant in grants:
        for role in grant.roles:
            for purpose in grant.purposes:
                found[role, purpose] = (*found.get((role, purpose), ()), grant)
    return found


def _clauses(place: _Place, entries: Sequence[Mapping[str, Any]]) -> Iterable[Clause]:
    for entry in entries:
        here = _Place(file=place.file, text=place.text, entry=f"clause {entry.get('id')}")
        _keys(here, entry, ("id", "section", "settles"))
        yield Clause(id=entry["id"], section=entry["section"], settles=entry["settles"])


def _roles(place: _Place, entries: Mapping[str, Any]) -> Mapping[Role, frozenset[Purpose]]:
    roles: dict[Role, frozenset[Purpose]] = {}
    for name, entry in entries.items():
        here = _Place(file=place.file, text=place.text, entry=f"role {name}")
        _keys(here, entry, ("is", "may_ask_for"))
        (role,) = _choices(here, Role, [name])
        roles[role] = frozenset(_choices(here.at("may_ask_for"), Purpose, entry["may_ask_for"]))
    if missing := sorted(set(Role) - set(roles)):
        raise place.error(f"the role `{missing[0]}` is not described")
    return roles


def _grant(
    place: _Place,
    entry: Mapping[str, Any],
    clauses: Mapping[str, Clause],
    roles: Mapping[Role, frozenset[Purpose]],
    catalog: Catalog,
) -> Grant:
    here = _Place(file=place.file, text=place.text, entry=f"grant {entry.get('id')}")
    _keys(
        here,
        entry,
        ("id", "who", "for", "because"),
        optional=("sees", "identifiers", "except", "when", "figures_about"),
    )
    categories, fields = _sees(here.at("sees"), entry.get("sees", []), catalog)
    grant = Grant(
        id=_of(str, here.at("id"), entry["id"]),
        roles=frozenset(_choices(here.at("who"), Role, entry["who"])),
        purposes=frozenset(_choices(here.at("for"), Purpose, entry["for"])),
        categories=categories,
        fields=fields,
        aggregates=frozenset(_choices(here.at("figures_about"), Category, entry.get("figures_about", []))),
        identifiers=_identifiers(here, entry),
        conditions=tuple(_choices(here.at("when"), Condition, entry.get("when", []))),
        clauses=tuple(_known(here.at("because"), clauses, entry["because"])),
    )
    _sound(here, grant, roles)
    return grant


def _sound(place: _Place, grant: Grant, roles: Mapping[Role, frozenset[Purpose]]) -> None:
    if not (grant.categories or grant.fields or grant.aggregates):
        raise place.error("it gives nothing; say what it `sees`, or what `figures_about`")
    if grant.aggregates and (grant.categories or grant.fields or grant.conditions):
        raise place.at("figures_about").error("figures are about all members; put them in a grant of their own")
    for role in sorted(grant.roles):
        if not grant.purposes & roles[role]:
            raise place.at("for").error(f"`{role}` may ask for none of these purposes; it may for {_list(roles[role])}")
    whole_card = grant.identifiers[Identifier.CARD_NUMBER] is Treatment.PLAIN
    if whole_card and Category.PAYMENT in grant.categories and not grant.purposes <= FULL_CARD_PURPOSES:
        allowed = _list(FULL_CARD_PURPOSES)
        raise place.at("identifiers").error(
            f'a whole card number is for {allowed} alone; add `CARD_NUMBER = "PARTIAL"` under `except`'
        )


def _sees(place: _Place, entries: object, catalog: Catalog) -> tuple[frozenset[Category], frozenset[str]]:
    categories: set[Category] = set()
    fields: set[str] = set()
    for entry in _texts(place, entries):
        if "." in entry:
            type_name, _, field = entry.partition(".")
            entity = catalog.entities.get(type_name)
            if entity is None or field not in entity.columns:
                raise place.error(f"there is no field `{entry}`")
            fields.add(entry)
        elif entry == ALL_COLLECTED:
            categories.update(COLLECTED)
        else:
            categories.update(_choices(place, Category, [entry], also=ALL_COLLECTED))
    if Category.OPEN in categories:
        raise place.error("`OPEN` is plain to all and needs no grant")
    return frozenset(categories), frozenset(fields)


def _identifiers(place: _Place, entry: Mapping[str, Any]) -> Mapping[Identifier, Treatment]:
    if ("sees" in entry) is not ("identifiers" in entry):
        raise place.error("`sees` and `identifiers` go together: how are the identifiers in it shown?")
    (default,) = _choices(place.at("identifiers"), Treatment, [entry.get("identifiers", Treatment.HIDDEN.value)])
    exceptions = entry.get("except", {})
    kinds = _choices(place.at("except"), Identifier, list(exceptions))
    treatments = _choices(place.at("except"), Treatment, list(exceptions.values()))
    return dict.fromkeys(Identifier, default) | dict(zip(kinds, treatments, strict=True))


def _known(place: _Place, clauses: Mapping[str, Clause], entries: object) -> Iterable[str]:
    for entry in _texts(place, entries):
        if entry not in clauses:
            raise place.error(f"there is no clause `{entry}`; it must be one of {_list(clauses)}")
        yield entry


def _choices(place: _Place, kind: type[Choice], entries: object, *, also: str | None = None) -> Sequence[Choice]:
    allowed = {choice.value: choice for choice in kind}
    found: list[Choice] = []
    for entry in _texts(place, entries):
        if entry not in allowed:
            raise place.error(
                f"`{entry}` is not known here; it must be one of {_list([*allowed, *filter(None, [also])])}"
            )
        found.append(allowed[entry])
    return found


def _texts(place: _Place, entries: object) -> Sequence[str]:
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise place.error('a list of texts is expected, like ["MEMBER"]')
    return entries


Value = TypeVar("Value")


def _of(kind: type[Value], place: _Place, value: object) -> Value:
    if not isinstance(value, kind):
        raise place.error(f"a {kind.__name__} is expected")
    return value


def _keys(place: _Place, entry: object, required: Sequence[str], *, optional: Sequence[str] = ()) -> None:
    if not isinstance(entry, dict):
        raise place.error(f"a table with the keys {_list(required)} is expected")
    for key in entry:
        if key not in (*required, *optional):
            raise place.at(str(key)).error(f"this key is not known; it must be one of {_list([*required, *optional])}")
    for key in required:
        if key not in entry:
            raise place.error(f"the key `{key}` is missing")


def _unique(place: _Place, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise _Place(file=place.file, text=place.text, entry=f"grant {name}").error("this id is used twice")
        seen.add(name)


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
