"""The kinds of papers that an officer sees, and what they may enter, approve and end of each.

Made from the catalog, which says what a paper is, and from the officer's view, which says what they may do. So pages need
no names of papers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.pages.desk.officer import OfficerView
from schema.catalog import Catalog, Column, Entity, MutationRoot, Relation, Scalar
from schema.fields import ByIdField, ConnectionField, LinkField, PartsField
from schema.rights import ApproveField, EndField, EnterField

SUSPENSION = "Suspension"
"""What stops an organisation has a page of its own."""

STARTS, ENDS, APPROVED = "startsAt", "endsAt", "approvedAt"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperKind:
    """One kind: where its papers are listed and found, and what may be done with one."""

    listed: str
    """The field of the query type that lists them, which is their address too."""
    found: str
    """The field that finds one by its id."""
    entity: Entity
    enter: MutationRoot | None
    approve: MutationRoot | None
    end: MutationRoot | None


def paper_kinds(view: OfficerView, catalog: Catalog, *, suspensions: bool = False) -> Iterator[PaperKind]:
    """Whatever holds from a start to an end, of what the officer is shown for this purpose."""
    by_id = {each.target: each.name for each in catalog.roots.values() if isinstance(each.declaration, ByIdField)}
    for name, root in catalog.roots.items():
        entity = catalog.entities.get(root.target or "")
        if entity is None or not isinstance(root.declaration, ConnectionField) or not view.shows("Query", name):
            continue
        holds = view.shows(entity.name, STARTS) and view.shows(entity.name, ENDS)
        if holds and entity.name in by_id and (entity.name == SUSPENSION) is suspensions:
            yield PaperKind(
                listed=name,
                found=by_id[entity.name],
                entity=entity,
                enter=_mutation(view, catalog, entity, EnterField),
                approve=_mutation(view, catalog, entity, ApproveField),
                end=_mutation(view, catalog, entity, EndField),
            )


def _mutation(view: OfficerView, catalog: Catalog, entity: Entity, kind: type) -> MutationRoot | None:
    offered = (
        each
        for name, each in catalog.mutations.items()
        if name in view.mutations and each.entity is entity and isinstance(each.declaration, kind)
    )
    return next(offered, None)


@dataclass(frozen=True, slots=True)
class PaperFields:
    """What is asked of a kind's papers, and each field's words."""

    view: OfficerView
    kind: PaperKind
    catalog: Catalog

    @property
    def columns(self) -> Sequence[Column]:
        entity = self.kind.entity
        return [
            column
            for name, column in entity.columns.items()
            if self.view.shows(entity.name, name) and column.scalar not in (Scalar.ID, Scalar.UUID)
        ]

    @property
    def links(self) -> Sequence[Relation]:
        return self._relations(LinkField)

    @property
    def parts(self) -> Sequence[Relation]:
        return self._relations(PartsField)

    def _relations(self, kind: type) -> Sequence[Relation]:
        entity = self.kind.entity
        return [
            each
            for name, each in entity.relations.items()
            if isinstance(each.declaration, kind) and self.view.shows(entity.name, name)
        ]

    def selection(self, *, whole: bool) -> str:
        """The fields of a paper; whole, with the members that it names."""
        asked = ["id", *(each.name for each in self.columns)]
        asked += [f"{each.name} {{ id name }}" for each in self.links]
        for part in self.parts if whole else ():
            entity = self.catalog.entities[part.target]
            links = [f"{name} {{ id name }}" for name in entity.relations if self.view.shows(entity.name, name)]
            own = [name for name in entity.columns if self.view.shows(entity.name, name)]
            asked.append(f"{part.name} {{ {' '.join([*own, *links])} }}")
        return " ".join(asked)

    def filters(self) -> Mapping[str, object]:
        """What a list of them may be searched by."""
        found = self.view.types.get(f"{self.kind.entity.name}Filter")
        return found.fields if found else {}
