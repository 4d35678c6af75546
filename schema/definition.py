"""What a marketplace is: all that one package declares of its types, conditions, tables and policies.

The composition root chooses the package. Everything else takes what it needs from the catalog, which carries this.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schema.conditions import Condition
from schema.destruction import Destruction
from schema.identities import IdType, bound_type
from schema.labels import Category, Identifier, Identifiers, OwnCategories
from schema.requester import Purpose, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyTable:
    """Where members or organisations are: what the log and its reports read of them beside the entities."""

    table: str
    key: str = "id"
    id_type: IdType = "bigint"
    """The type of the key, and of the ids in tokens and in the log."""
    country: str | None = None
    """The column of the country that they are in. Without one, nobody is known to be in another country."""
    name: str | None = None
    """The column of their name, which a letter reads as the officer. It is never asked of members."""
    gone: str | None = None
    """The column that says since when a member is destroyed. Then the row stays for what names it, and is nobody's."""

    @property
    def columns(self) -> tuple[str, ...]:
        """What a session reads."""
        return tuple(column for column in (self.key, self.country, self.gone) if column)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionTable:
    """Where it is kept which organisations are shown nothing for the time being: a row for each term."""

    table: str
    organisation: str
    starts: str
    ends: str

    @property
    def columns(self) -> tuple[str, ...]:
        """What a session reads."""
        return (self.organisation, self.starts, self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marketplace:
    """One marketplace."""

    roles: tuple[Role, ...]
    purposes: tuple[Purpose, ...]
    public_purpose: Purpose
    """What somebody without a token asks for who names no purpose."""
    categories: tuple[Category, ...]
    """What is held about members. Every marketplace has `OwnCategories` beside them."""
    identifiers: tuple[Identifier, ...] = tuple(Identifiers)
    """The kinds of identifiers: the standard ones, and its own."""
    schema: str = "public"
    """The database schema of the tables that are named without one."""
    members: PartyTable | None = None
    organisations: PartyTable | None = None
    suspensions: SuspensionTable | None = None
    query: type
    """The Strawberry query type, from which all entity types are reached."""
    mutation: type | None = None
    """The Strawberry mutation type; none of a marketplace of which nothing can be changed."""
    destruction: Destruction | None = None
    """How what is asked is destroyed, where a mutation does it."""
    conditions: tuple[Condition, ...]
    """What a grant may set, in the order of the documentation."""
    organisation_kinds: tuple[str, ...] = ()
    """The kinds of organisation that a role may require."""
    whole_cards: Mapping[Purpose, Condition] = field(default_factory=dict[Purpose, Condition])
    """The only purposes that may show a card number whole, and the condition each then needs."""
    figures_purpose: Purpose | None = None
    """What releases of figures are recorded for, where there are figures."""
    tables: Path | None = None
    """The folder of SQL files that make its tables, applied in the order of their names; none if it finds them made."""
    policies: Path
    """The folder of its policies, a file for each version."""
    first_version: str
    """The version that is in force until another is activated."""

    def role_named(self, name: str) -> Role | None:
        return next((role for role in self.roles if role == name), None)

    def purpose_named(self, name: str) -> Purpose | None:
        return next((purpose for purpose in self.purposes if purpose == name), None)

    @property
    def member_type(self) -> IdType:
        """The SQL type of members' ids in calls and in the log."""
        return bound_type(self.members.id_type) if self.members else "bigint"

    @property
    def organisation_type(self) -> IdType:
        """The SQL type of organisations' ids in calls and in the log."""
        return bound_type(self.organisations.id_type) if self.organisations else "bigint"

    @property
    def all_categories(self) -> tuple[Category, ...]:
        return (*self.categories, *OwnCategories)

    @property
    def public_role(self) -> Role:
        """Whom one without a token asks as."""
        return next(role for role in self.roles if role.is_public)

    @property
    def own_role(self) -> Role:
        """The marketplace itself, as others are told of it: the first of its own roles."""
        return next(role for role in self.roles if role.is_own)

    @property
    def first_policy(self) -> Path:
        """The file of the first version."""
        return self.policies / f"{self.first_version}.toml"
