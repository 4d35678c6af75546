"""What a member publishes: withdrawn from the public, and published again, from the page that lists it."""

from dataclasses import dataclass

from starlette.responses import Response

from gateway.pages.my_data.own_view import OwnView
from gateway.pages.problems import PageProblem
from gateway.pages.visiting import PageVisit
from schema.catalog import Entity, MutationRoot
from schema.rights import EndField, ResumeField


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """How rows of a type are withdrawn and published again. Either is none where the member may not."""

    field: str
    """Says since when a row is withdrawn."""
    withdraw: MutationRoot | None
    publish: MutationRoot | None


def publishing(view: OwnView, entity: Entity) -> Publishing | None:
    """None for rows that nobody publishes again, and where the row does not say whether it is withdrawn."""
    found = {
        type(each.declaration): each
        for each in view.catalog.mutations.values()
        if each.entity is entity and isinstance(each.declaration, EndField | ResumeField)
    }
    resumes = found.get(ResumeField)
    if resumes is None or resumes.ended is None or not view.shows(entity.name, resumes.ended.name):
        return None
    offered = {kind: each for kind, each in found.items() if each.name in view.mutations}
    return Publishing(field=resumes.ended.name, withdraw=offered.get(EndField), publish=offered.get(ResumeField))


async def change_publishing(visit: PageVisit, view: OwnView, entity: Entity) -> Response:
    """What a form of the list asks: of one row."""
    may, doing = publishing(view, entity), visit.form.get("doing")
    mutation = {"withdraw": may.withdraw, "publish": may.publish}.get(doing or "") if may else None
    if mutation is None:
        return visit.problem(PageProblem.ABSENT)
    document = f"mutation Publishing($id: ID!) {{ {mutation.name}(id: $id) {{ fields }} }}"
    await visit.change(document, {"id": visit.form.get("row") or ""})
    return visit.to(visit.request.url.path, done="unpublished" if doing == "withdraw" else "published")
