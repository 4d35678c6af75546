"""The pages of what is held about a member: by category, with who may see it and why, and each list a page at a time.

Each value is what the API shows this member. Who may see it is told by the sentences of the policy in force.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.my_data.own_view import OwnList, OwnView, visit_view
from gateway.pages.my_data.publishing import change_publishing, publishing
from gateway.pages.my_data.values import as_read, field_label
from gateway.pages.problems import PageProblem
from gateway.pages.visiting import PageVisit
from gateway.pages.words import Wording
from resolvers.descriptions import name_in_words
from schema.catalog import Column, Entity, Relation
from schema.labels import Category
from schema.policy.grants import Grant
from schema.policy.sentences import gives_something, sentence

_COUNTED_AT_ONCE: Final = 5
PER_PAGE_HELD: Final = 20
_NAMING: Final = ("name", "title")
"""Fields by which a row that another leads to is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """A row, as labels and values."""

    id: str
    facts: Sequence[tuple[str, str]]
    edited_by: str | None
    """The name of the mutation that changes it; none where the member may not."""
    is_withdrawn: bool | None
    """Whether it is withdrawn from the public; none of what nobody publishes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCategory:
    """What is held of a category."""

    category: Category
    facts: Sequence[tuple[str, str]]
    """Of the member's own row."""
    edited_by: str | None
    lists: Sequence[tuple[str, str, int]]
    """The name of each list, what it is called, and how many rows it has."""
    seen_by: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    """The sentences of grants, each with its clauses and what they settle."""


async def held_page(visit: PageVisit) -> Response:
    view = await visit_view(visit)
    me_document = f"query Held {{ me {{ id {_selected(view, view.me)} }} }}"
    answer, counts = await asyncio.gather(visit.ask(me_document), _counts(visit, list(view.lists())))
    me = answer["me"]
    if me is None:
        return visit.problem(PageProblem.ABSENT)
    sentences = {grant.id: _told(view, grant) for grant in view.policy.all_grants if gives_something(grant)}
    held = _Holding(words=visit.words, view=view, me=me, counts=counts, sentences=sentences)
    categories = [held.category(each) for each in view.catalog.marketplace.categories]
    return visit.page("my_data/held.html", categories=[each for each in categories if each.facts or each.lists], me=me)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holding:
    """What was answered for the page, and the sentences of all grants by the grant's name."""

    words: Wording
    view: OwnView
    me: Mapping[str, Any]
    counts: Mapping[str, int]
    """How many rows each list has, by the list's name."""
    sentences: Mapping[str, tuple[str, Sequence[tuple[str, str]]]]

    def category(self, category: Category) -> HeldCategory:
        view = self.view
        columns = [each for each in view.columns(view.me) if each.label.category is category]
        editing = view.editing(view.me)
        is_edited = editing and any(each.name in view.inputs(editing) for each in columns)
        grants = [each for each in view.policy.all_grants if category in each.categories]
        return HeldCategory(
            category=category,
            facts=list(_facts(self.words, view.me, columns, self.me)),
            edited_by=editing.name if editing and is_edited else None,
            lists=[
                (each.name, list_label(self.words, each), self.counts[each.name])
                for each in view.lists()
                if each.category is category
            ],
            seen_by=[self.sentences[each.id] for each in grants if each.id in self.sentences],
        )


async def _counts(visit: PageVisit, lists: Sequence[OwnList]) -> Mapping[str, int]:
    """How many rows each list has. A few are asked for at once: each may cost as much as a count of many rows."""
    parts = [lists[start : start + _COUNTED_AT_ONCE] for start in range(0, len(lists), _COUNTED_AT_ONCE)]
    answers = await asyncio.gather(*(visit.ask(_counting(part)) for part in parts))
    return {
        each.name: ((answer["me"] or {}) if each.is_of_me else answer)[each.name]["totalCount"]
        for part, answer in zip(parts, answers, strict=True)
        for each in part
    }


def _counting(lists: Sequence[OwnList]) -> str:
    of_me, others = (
        " ".join(f"{each.name}(first: 0) {{ totalCount }}" for each in lists if each.is_of_me is is_of_me)
        for is_of_me in (True, False)
    )
    return f"query HowMany {{ {f'me {{ {of_me} }} ' if of_me else ''}{others} }}"


def _told(view: OwnView, grant: Grant) -> tuple[str, Sequence[tuple[str, str]]]:
    """A grant's sentence without the names of its clauses, which stand below it with what they settle."""
    named = f" ({' '.join(grant.clauses)})"
    clauses = view.policy.clauses
    return sentence(grant).removesuffix(named), [(each, clauses[each].settles) for each in grant.clauses]


async def held_list(visit: PageVisit) -> Response:
    """One list. What is no list of this member's is not there, whoever's it may be."""
    view = await visit_view(visit)
    found = view.list_named(visit.request.path_params["name"])
    if found is None:
        return visit.problem(PageProblem.ABSENT)
    if visit.request.method == "POST":
        return await change_publishing(visit, view, found.entity)
    before, after = visit.parameter("before"), visit.parameter("after")
    page = {"last": PER_PAGE_HELD, "before": before} if before else {"first": PER_PAGE_HELD, "after": after}
    answer = await visit.ask(_list_document(view, found), page)
    editing = view.editing(found.entity)
    edited_by = editing.name if editing else None
    connection = ((answer["me"] or {}) if found.is_of_me else answer)[found.name]
    may = publishing(view, found.entity)
    rows = [
        HeldRow(
            id=each["id"],
            facts=list(_row_facts(visit.words, view, found.entity, each)),
            edited_by=edited_by,
            is_withdrawn=each[may.field] is not None if may else None,
        )
        for each in connection["nodes"]
    ]
    label = list_label(visit.words, found)
    return visit.page(
        "my_data/held_list.html",
        rows=rows,
        label=label,
        may=may,
        info=connection["pageInfo"],
        total=connection["totalCount"],
        is_first=not (before or after),
    )


def _list_document(view: OwnView, found: OwnList) -> str:
    listed = (
        f"{found.name}(first: $first, after: $after, last: $last, before: $before) {{"
        f" nodes {{ id {_selected(view, found.entity)} }}"
        " pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }"
    )
    placed = f"me {{ {listed} }}" if found.is_of_me else listed
    return f"query HeldList($first: Int, $after: String, $last: Int, $before: String) {{ {placed} }}"


def _selected(view: OwnView, entity: Entity) -> str:
    """An entity's fields, and the names of the rows it leads to."""
    links = (f"{link.name} {{ {named.name} }}" for link, named in _named_links(view, entity))
    return " ".join([*(each.name for each in view.columns(entity)), *links])


def _named_links(view: OwnView, entity: Entity) -> Iterator[tuple[Relation, Column]]:
    for link in view.links(entity):
        target = view.catalog.entities[link.target]
        named = next((target.columns[name] for name in _NAMING if view.shows(target.name, name)), None)
        if named:
            yield link, named


def _row_facts(words: Wording, view: OwnView, entity: Entity, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _facts(words, entity, view.columns(entity), row)
    for link, named in _named_links(view, entity):
        yield field_label(words, entity, link.name), (row[link.name] or {}).get(named.name) or ""


def _facts(
    words: Wording, entity: Entity, columns: Sequence[Column], row: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for column in columns:
        yield field_label(words, entity, column.name), as_read(words, column, row.get(column.name))


def list_label(words: Wording, found: OwnList) -> str:
    label = words.or_else("list", found.name, name_in_words(found.name))
    return label[:1].upper() + label[1:]
