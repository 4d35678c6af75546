"""The page of what a member agrees to and refuses: what is in force, what either answer opens or closes, and the answer.

Each kind that the schema lets a member choose is there, with the sentences of the policy that ask for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.asking import NotAnswered
from gateway.pages.my_data.campaigns import campaigns_for, respond_to, withdraw_response
from gateway.pages.my_data.own_view import OwnView, is_in_force, visit_view
from gateway.pages.problems import PageProblem, plain_hint, problem_of
from gateway.pages.visiting import PageVisit
from schema.catalog import MutationRoot
from schema.policy.grants import Grant
from schema.policy.sentences import gives_something, in_words, sentence
from schema.rights import EnterField, Right

_MOST: Final = 100
"""Choices in force that are looked at: a member has one of each kind, and one of each organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A choice in force."""

    given: bool
    since: str
    organisation: str | None
    organisation_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosable:
    """Something that a member may agree to or refuse."""

    kind: str
    title: str
    about: str
    general: Answered | None
    """What was answered for everybody; none if nothing was."""
    each: Sequence[Answered]
    """What was answered for single organisations."""
    organisations: Sequence[Mapping[str, Any]]
    """Those to answer; none where an answer is for everybody."""
    opens: Sequence[str]
    """The sentences of grants that ask for it."""


async def choices_page(visit: PageVisit) -> Response:
    view = await visit_view(visit)
    mutation = choosing(view)
    if visit.request.method == "POST" and (campaign := visit.form.get("campaign")):
        await respond_to(visit, campaign)
        return visit.to("/my-data/choices", done="responded")
    if visit.request.method == "POST" and (response := visit.form.get("response")):
        await withdraw_response(visit, response)
        return visit.to("/my-data/choices", done="withdrawn")
    if mutation is None:
        return visit.page("my_data/choices.html", choices=(), told=None, campaigns=None)
    if visit.request.method == "POST":
        return await _chosen(visit, view, mutation)
    return await _page(visit, view, mutation)


async def _chosen(visit: PageVisit, view: OwnView, mutation: MutationRoot) -> Response:
    kind, organisation = visit.form.get("kind") or "", visit.form.get("organisation")
    answer = {"kind": kind, "given": visit.form.get("given") == "yes"}
    given = {**answer, "organisation": organisation} if organisation else answer
    input_type = f"{mutation.name[0].upper()}{mutation.name[1:]}Input"
    document = f"mutation Choose($input: {input_type}!) {{ {mutation.name}(input: $input) {{ fields }} }}"
    try:
        await visit.change(document, {"input": given})
    except NotAnswered as problem:
        if problem_of(problem.code) is not PageProblem.NOT_TAKEN:
            raise
        return await _page(visit, view, mutation, told=plain_hint(problem.hint), status=422)
    done = "agreed" if answer["given"] else "refused"
    return visit.to("/my-data/choices", done=done)


async def _page(
    visit: PageVisit, view: OwnView, mutation: MutationRoot, *, told: str | None = None, status: int = 200
) -> Response:
    nodes = await _answers(visit, view, mutation)
    organisations = await _organisations_of(visit, view) if "organisation" in view.inputs(mutation) else ()
    kinds = [each.value for each in mutation.inputs["kind"].column.enum_type or ()]
    choices = [_choosable(visit, view, mutation, kind, nodes, organisations) for kind in kinds]
    campaigns = await campaigns_for(visit, view)
    return visit.page("my_data/choices.html", status=status, choices=choices, told=told, campaigns=campaigns)


def choosing(view: OwnView) -> MutationRoot | None:
    """The mutation by which a member agrees and refuses; none if there is none in their view."""
    for name, mutation in view.catalog.mutations.items():
        declared = mutation.declaration
        is_choice = isinstance(declared, EnterField) and declared.right is Right.CHOOSE
        if is_choice and name in view.mutations and {"kind", "given"} <= set(mutation.inputs):
            return mutation
    return None


async def _answers(visit: PageVisit, view: OwnView, mutation: MutationRoot) -> Sequence[Mapping[str, Any]]:
    """The answers in force."""
    entity = mutation.entity
    name = next(
        (
            name
            for name, each in view.me.relations.items()
            if each.target == entity.name and view.shows(view.me.name, name)
        ),
        None,
    )
    if name is None:
        return ()
    organisation = " organisation { id name }" if view.shows(entity.name, "organisation") else ""
    found = await visit.ask(
        f"query Choices {{ me {{ {name}(last: {_MOST}) {{ nodes {{ kind given startsAt endsAt{organisation} }} }} }} }}"
    )
    return [each for each in (found["me"] or {name: {"nodes": []}})[name]["nodes"] if is_in_force(each)]


async def _organisations_of(visit: PageVisit, view: OwnView) -> Sequence[Mapping[str, Any]]:
    if not view.shows("Query", "organisations"):
        return ()
    found = await visit.ask("query Organisations { organisations(first: 100) { nodes { id name kind } } }")
    return sorted(found["organisations"]["nodes"], key=lambda each: each["name"] or "")


def _choosable(
    visit: PageVisit,
    view: OwnView,
    mutation: MutationRoot,
    kind: str,
    nodes: Sequence[Mapping[str, Any]],
    organisations: Sequence[Mapping[str, Any]],
) -> Choosable:
    answers = [_answered(each) for each in nodes if each["kind"] == kind]
    grants = grants_asking(view, mutation, kind)
    standing = {view.policy.role_descriptions[role].requires_organisation for each in grants for role in each.roles}
    is_single = _may_name_one(mutation, kind)
    return Choosable(
        kind=kind,
        title=visit.words.or_else("choices.title_of", kind, in_words(kind)),
        about=visit.words.or_else("choices.about", kind, ""),
        general=next((each for each in answers if each.organisation_id is None), None),
        each=[each for each in answers if each.organisation_id is not None],
        organisations=[each for each in organisations if each["kind"] in standing] if is_single else (),
        opens=[sentence(each) for each in grants],
    )


def _answered(row: Mapping[str, Any]) -> Answered:
    organisation = row.get("organisation") or {}
    return Answered(
        given=row["given"],
        since=row["startsAt"],
        organisation=organisation.get("name"),
        organisation_id=organisation.get("id"),
    )


def _may_name_one(mutation: MutationRoot, kind: str) -> bool:
    """Whether an answer of this kind may be for one organisation."""
    declared = mutation.declaration
    if not isinstance(declared, EnterField) or "organisation" not in mutation.inputs:
        return False
    return all(kind in each.words for each in declared.only_with if each.field == "organisation")


def grants_asking(view: OwnView, mutation: MutationRoot, kind: str) -> Sequence[Grant]:
    """The grants with a condition on a choice of this kind."""
    table = view.catalog.plain(mutation.entity.storage.table)
    return [
        grant
        for grant in view.policy.all_grants
        if gives_something(grant)
        and any(
            view.catalog.plain(read) == table and kind in getattr(held, "words", ())
            for condition in grant.conditions
            for read, held in condition.restrictions
        )
    ]
