"""What planning one selection goes by, and what it collects on its way."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Final, Self

from resolvers.alternatives import ALWAYS, Inclusion
from resolvers.front.selection import Field, Slot
from resolvers.planning.cost import PageSizes
from resolvers.planning.parameters import Parameter, ParameterRef, SizeParameter, SwitchParameter
from resolvers.planning.plan import Disclosure, MaskedColumn, Predicate
from schema.catalog import Catalog, Entity
from schema.conditions import Condition
from schema.visibility import Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a selection a row is."""

    sizes: PageSizes = ()
    """The sizes of the pages and lists it is in."""
    own: frozenset[str] = frozenset()
    """Columns of its data subjects that are known to be the requester, because the way there began at `me`."""

    def on_page(self, size: SizeParameter) -> Self:
        return replace(self, sizes=(*self.sizes, size))

    def across(self, near: str, far: str, target: Entity) -> Self:
        """The place of rows whose `far` is this row's `near`."""
        return replace(self, own=frozenset({far} & set(target.storage.subjects)) if near in self.own else frozenset())


ROOT: Final = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """One selection's planning. Its collections become parts of the plan, `visible` and `masked` aside."""

    visibility: Visibility
    catalog: Catalog
    parameters: list[Parameter] = field(default_factory=list[Parameter])
    disclosures: dict[str, Disclosure] = field(default_factory=dict[str, Disclosure])
    requester_conditions: set[Condition] = field(default_factory=set[Condition])
    filled_tables: set[str] = field(default_factory=set[str])
    cost: defaultdict[PageSizes, float] = field(default_factory=lambda: defaultdict[PageSizes, float](float))
    visible: dict[str, Predicate] = field(default_factory=dict[str, Predicate])
    """When a row is seen, by its entity's name: what was decided once."""
    masked: dict[tuple[str, str], MaskedColumn] = field(default_factory=dict[tuple[str, str], MaskedColumn])
    """How a column is shown, by its entity's name and its own: what was decided once."""

    def bind(self, parameter: Parameter) -> ParameterRef:
        """The place of a parameter; equal ones share one."""
        if parameter not in self.parameters:
            self.parameters.append(parameter)
        return ParameterRef(self.parameters.index(parameter) + 1)

    def inclusion(self, selected: Field) -> Inclusion[ParameterRef]:
        """When a field is included, by the parameters of its switches."""
        if selected.inclusion == ALWAYS:
            return ALWAYS
        # In an order of their own, not the set's: every process numbers the switches of a document alike.
        sets = sorted(sorted((slot.path, on) for slot, on in one) for one in selected.inclusion)
        return frozenset(
            frozenset((self.bind(SwitchParameter(slot=Slot(path))), on) for path, on in one) for one in sets
        )
