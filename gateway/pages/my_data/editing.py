"""The page where a member edits what is held: a form of what the schema lets them change, for any kind of row.

Only what was changed is sent, with the version of the row that was read. Where somebody else has changed it meanwhile, the
page shows what is there now beside what was typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.asking import NotAnswered
from gateway.pages.my_data.own_view import OwnView, entity_in_words, visit_view
from gateway.pages.my_data.values import EditableField, as_typed, editable_field, from_typed
from gateway.pages.problems import PageProblem, named_field, plain_hint, problem_of
from gateway.pages.visiting import PageVisit
from schema.catalog import MutationRoot

READ_VERSION: Final = "_version"
WAS: Final = "_was."
"""Begins the names of what the form was opened with."""


async def edit_page(visit: PageVisit) -> Response:
    view = await visit_view(visit)
    name = visit.request.path_params["mutation"]
    mutation = view.catalog.mutations.get(name)
    if mutation is None or view.editing(mutation.entity) is not mutation:
        return visit.problem(PageProblem.ABSENT)
    row = await _row(visit, view, mutation)
    if row is None:
        return visit.problem(PageProblem.ABSENT)
    if visit.request.method == "POST":
        return await _saved(visit, view, mutation, row)
    return _form(visit, view, mutation, row)


async def _row(visit: PageVisit, view: OwnView, mutation: MutationRoot) -> Mapping[str, Any] | None:
    """The row as it is now. Another's is as absent as one that does not exist."""
    entity = mutation.entity
    version = " version" if view.has_version(entity) else ""
    selected = f"__typename id maskedFields {{ field treatment }}{version} {' '.join(view.inputs(mutation))}"
    if entity is view.me:
        return (await visit.ask(f"query ToEdit {{ me {{ {selected} }} }}"))["me"]
    document = f"query ToEdit($id: ID!) {{ node(id: $id) {{ ... on {entity.name} {{ {selected} }} }} }}"
    answer = await visit.ask(document, {"id": visit.parameter("id") or ""})
    return answer["node"] or None


async def _saved(visit: PageVisit, view: OwnView, mutation: MutationRoot, row: Mapping[str, Any]) -> Response:
    changed = _changed(visit, view, mutation)
    if not changed:
        return _form(visit, view, mutation, row, told="edit.nothing_changed", status=422)
    document = (
        f"mutation Edit($id: ID!, $version: String, $input: {_input_type(mutation)}!) {{"
        f" {mutation.name}(id: $id, version: $version, input: $input) {{ fields version }} }}"
    )
    version = visit.form.get(READ_VERSION) or None
    try:
        await visit.change(document, {"id": row["id"], "version": version, "input": changed})
    except NotAnswered as problem:
        match problem_of(problem.code):
            case PageProblem.CONFLICT:
                return _form(visit, view, mutation, row, told="edit.conflict", status=409)
            case PageProblem.NOT_TAKEN:
                return _form(visit, view, mutation, row, told="edit.not_taken", hint=problem.hint, status=422)
            case _:
                raise
    return visit.to(_leads_back(view, mutation), done="edited")


def _changed(visit: PageVisit, view: OwnView, mutation: MutationRoot) -> Mapping[str, Any]:
    """What somebody typed that is other than what the form was opened with."""
    changed: dict[str, Any] = {}
    for name in view.inputs(mutation):
        typed, was = visit.form.get(name), visit.form.get(f"{WAS}{name}")
        if typed is None or _same(typed, was or ""):
            continue
        changed[name] = from_typed(mutation.inputs[name].column, typed)
    return changed


def _same(one: str, other: str) -> bool:
    # Browsers send the ends of lines as they please.
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def _form(
    visit: PageVisit,
    view: OwnView,
    mutation: MutationRoot,
    row: Mapping[str, Any],
    **told: Any,
) -> Response:
    fields = _fields(visit, view, mutation, row)
    hint = told.get("hint")
    wrong = named_field(hint) if hint else None
    if hint and wrong:
        fields = [replace(each, wrong=plain_hint(hint, wrong)) if each.name == wrong else each for each in fields]
    return visit.page(
        "my_data/edit.html",
        status=told.get("status", 200),
        told=told.get("told"),
        hint=plain_hint(hint) if hint and not any(each.wrong for each in fields) else None,
        fields=fields,
        now=_differing(visit, fields, row) if told.get("told") == "edit.conflict" else (),
        row=row,
        thing=visit.words.or_else("thing", mutation.entity.name, entity_in_words(mutation.entity)),
        back=_leads_back(view, mutation),
        version_name=READ_VERSION,
        was=WAS,
    )


def _fields(visit: PageVisit, view: OwnView, mutation: MutationRoot, row: Mapping[str, Any]) -> Sequence[EditableField]:
    masked = {each["field"] for each in row["maskedFields"]}
    return [
        editable_field(
            visit.words,
            mutation.entity,
            mutation.inputs[name],
            row,
            visit.form.get(name),
            is_masked=name in masked,
        )
        for name in view.inputs(mutation)
    ]


def _differing(
    visit: PageVisit, fields: Sequence[EditableField], row: Mapping[str, Any]
) -> Sequence[tuple[str, str, str]]:
    """What is there now and is other than when the form was opened: its label, what was typed, what is there."""
    return [
        (each.label, each.typed, as_typed(row.get(each.name)))
        for each in fields
        if each.masked is None and not _same(visit.form.get(f"{WAS}{each.name}") or "", as_typed(row.get(each.name)))
    ]


def _input_type(mutation: MutationRoot) -> str:
    return f"{mutation.name[0].upper()}{mutation.name[1:]}Input"


def _leads_back(view: OwnView, mutation: MutationRoot) -> str:
    found = next((each for each in view.lists() if each.entity is mutation.entity), None)
    return f"/my-data/held/{found.name}" if found else "/my-data/held"
