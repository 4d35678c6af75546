"""The form of a parent or guardian, who asks for the removal of a minor's data without a login.

Made from the mutation that takes in what anybody hands in. It looks nobody up, so its page is the same whoever is meant.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.pages.asking import NotAnswered, PageQuestion
from gateway.pages.problems import PageProblem, plain_hint, problem_of
from gateway.pages.visiting import Area, Ground, NothingOffered, PageVisit, page_route
from schema.catalog import MutationRoot
from schema.inputs import InputForm
from schema.requester import Purpose
from schema.rights import ReceiveField

REMOVAL: Final = "/removal"


def removal_routes(ground: Ground, areas: Sequence[Area]) -> Sequence[BaseRoute]:
    return [page_route(ground, areas[0], REMOVAL, _removal_page, is_open=True)]


async def _removal_page(visit: PageVisit) -> Response:
    mutation = _receiving(visit)
    if visit.request.method != "POST":
        return _form(visit, mutation, {})
    typed = {name: (visit.form.get(name) or "").strip() for name in mutation.inputs}
    if any(each.is_required and not typed[name] for name, each in mutation.inputs.items()):
        return _form(visit, mutation, typed, told="removal.missing")
    input_type = f"{mutation.name[0].upper()}{mutation.name[1:]}Input"
    document = f"mutation HandIn($input: {input_type}!) {{ {mutation.name}(input: $input) {{ fields }} }}"
    given = {name: value for name, value in typed.items() if value}
    # Nobody's request, even where somebody is signed in: it must not tell of them.
    asker = await visit.asker(None, await _purpose(visit, mutation))
    try:
        await asker.ask(PageQuestion(document=document, variables={"input": given}, key=visit.form.key))
    except NotAnswered as problem:
        if problem_of(problem.code) is not PageProblem.NOT_TAKEN:
            raise
        return _form(visit, mutation, typed, told="removal.not_taken", hint=plain_hint(problem.hint))
    return visit.to(REMOVAL, done="handed_in")


def _receiving(visit: PageVisit) -> MutationRoot:
    """The mutation by which anybody hands something in. Raises `NothingOffered` where the marketplace has none."""
    mutations = visit.ground.catalog.mutations.values()
    found = next((each for each in mutations if isinstance(each.declaration, ReceiveField)), None)
    if found is None:
        raise NothingOffered
    return found


async def _purpose(visit: PageVisit, mutation: MutationRoot) -> Purpose:
    """For what somebody unknown may hand this in. Raises `NothingOffered` where the policy in force lets nobody."""
    compiler = await visit.compiler()
    for role, purposes in compiler.policy.roles.items():
        for purpose in sorted(purposes) if role.is_anybodys else ():
            offered = compiler.view(role, purpose).graphql.mutation_type
            if offered is not None and mutation.name in offered.fields:
                return purpose
    raise NothingOffered


def _form(
    visit: PageVisit, mutation: MutationRoot, typed: Mapping[str, str], *, told: str | None = None, hint: str = ""
) -> Response:
    fields = [
        (
            name,
            visit.words.or_else("removal.field", name, name),
            typed.get(name, ""),
            each.is_required,
            each.form is InputForm.TEXT,
        )
        for name, each in mutation.inputs.items()
    ]
    return visit.page("removal.html", status=422 if told else 200, fields=fields, told=told, hint=hint)
