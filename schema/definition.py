"""What a marketplace is: all that one package declares of its types, conditions, tables and policies.

The composition root chooses the package. Everything else takes what it needs from the catalog, which carries this.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schema.conditions import Condition
from schema.requester import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Marketplace:
    """One marketplace."""

    query: type
    """The Strawberry query type, from which all entity types are reached."""
    conditions: tuple[Condition, ...]
    """What a grant may set, in the order of the documentation."""
    organisation_kinds: tuple[str, ...]
    """The kinds of organisation that a role may require."""
    whole_cards: Mapping[Purpose, Condition]
    """The only purposes that may show a card number whole, and the condition each then needs."""
    tables: Path
    """The folder of SQL files that make its tables, applied in the order of their names."""
    policies: Path
    """The folder of its policies, a file for each version."""
    first_version: str
    """The version that is in force until another is activated."""

    @property
    def first_policy(self) -> Path:
        """The file of the first version."""
        return self.policies / f"{self.first_version}.toml"
