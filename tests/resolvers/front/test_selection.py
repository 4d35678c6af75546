"""What a document selects, once its fragments, aliases and directives are worked out."""

import itertools

import pytest

from gateway.settings import DEFAULT_LIMITS
from resolvers.alternatives import ALWAYS
from resolvers.front.document import Request, parse
from resolvers.front.selection import Selection, Slot, select
from schema.catalog import Catalog
from schema.refusals import Code, Refused
from schema.view import View


@pytest.fixture(scope="module")
def view(catalog: Catalog) -> View:
    return View(catalog)


def selected(view: View, text: str) -> Selection:
    _, tree = parse(Request(document=text, operation_name=None, variables={}), view.graphql, DEFAULT_LIMITS)
    return select(tree, view.graphql, {}, DEFAULT_LIMITS)


def nested(levels: int) -> str:
    """A document as many fields deep."""
    return "{ me " + "{ company { owner " * levels + "{ id }" + " } }" * levels + " }"


def test_fragments_are_spread_and_fields_of_one_key_merged(view: View) -> None:
    fragment = "fragment Named on Company { name owner { name } }"
    (company,) = selected(view, f"{{ company(id: 1) {{ ...Named owner {{ id }} }} }} {fragment}").fields
    assert [field.key for field in company.selected] == ["name", "owner"]
    assert [field.key for field in company.selected[1].selected] == ["name", "id"]


def test_an_alias_is_the_key_of_its_field(view: View) -> None:
    (company,) = selected(view, "{ first: company(id: 1) { title: name } }").fields
    assert (company.key, company.name) == ("first", "company")
    assert [(field.key, field.name) for field in company.selected] == [("title", "name")]


def test_a_field_that_is_always_skipped_is_not_selected(view: View) -> None:
    text = "{ company(id: 1) { name @skip(if: true) country @include(if: true) city @include(if: false) } }"
    (company,) = selected(view, text).fields
    assert [field.key for field in company.selected] == ["country"]


def test_a_value_is_selected_by_its_place_and_never_by_itself(view: View) -> None:
    (company,) = selected(view, "query ($id: ID!) { company(id: $id) { name } }").fields
    assert company.arguments == {"id": Slot(("id",))}
    (literal,) = selected(view, '{ company(id: "Company:7") { name } }').fields
    assert "7" not in repr(literal.arguments)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (nested(8), "an operation may be 15 fields deep"),
        (
            "{ me { ...A } } fragment A on Member { "
            + "name " * 151
            + "...B } fragment B on Member { "
            + "city " * 151
            + "}",
            "an operation may have 300 fields, fragments spread out",
        ),
    ],
)
def test_an_operation_beyond_the_limits_is_refused(view: View, text: str, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        selected(view, text)
    assert (refused.value.code, refused.value.hint) == (Code.LIMIT, hint)


def keys_by_switches(view: View, text: str, *switches: str) -> dict[tuple[bool, ...], list[str]]:
    """The keys of a company for each way its switches may stand, in the order of the answer."""
    (company,) = selected(view, text).fields
    found: dict[tuple[bool, ...], list[str]] = {}
    for ways in itertools.product((True, False), repeat=len(switches)):
        on = dict(zip(switches, ways, strict=True))
        found[ways] = [
            field.key
            for field in company.selected
            if any(all(on[str(slot.path[0])] is is_on for slot, is_on in one) for one in field.inclusion)
        ]
    return found


def test_a_key_stands_where_it_is_first_included(view: View) -> None:
    """Which depends on the switches (GraphQL specification §6.3.2)."""
    text = "query ($f: Boolean!) { company(id: 1) { id @include(if: $f) name id } }"
    assert keys_by_switches(view, text, "f") == {(True,): ["id", "name"], (False,): ["name", "id"]}


def test_a_key_has_as_many_places_as_its_switches_make(view: View) -> None:
    text = (
        "query ($f: Boolean!, $g: Boolean!) {"
        " company(id: 1) { id @include(if: $f) name id @skip(if: $g) city ...Id country } } fragment Id on Company { id }"
    )
    assert keys_by_switches(view, text, "f", "g") == {
        (True, True): ["id", "name", "city", "country"],
        (True, False): ["id", "name", "city", "country"],
        (False, True): ["name", "city", "id", "country"],
        (False, False): ["name", "id", "city", "country"],
    }


def test_a_key_that_is_always_included_first_has_one_place(view: View) -> None:
    text = "query ($f: Boolean!) { company(id: 1) { id name @skip(if: $f) name id @include(if: $f) } }"
    (company,) = selected(view, text).fields
    assert [(field.key, field.inclusion) for field in company.selected] == [("id", ALWAYS), ("name", ALWAYS)]


def test_what_is_merged_at_a_place_is_what_is_included_there(view: View) -> None:
    text = "query ($f: Boolean!) { company(id: 1) { owner @include(if: $f) { id name } city owner { name id } } }"
    (company,) = selected(view, text).fields
    owners = [[each.key for each in field.selected] for field in company.selected if field.key == "owner"]
    assert owners == [["id", "name"], ["name", "id"]]


def test_a_key_under_too_many_combinations_is_refused(view: View) -> None:
    names = [f"s{n}" for n in range(10)]
    definitions = ", ".join(f"${name}: Boolean!" for name in names)
    pairs = zip(names[::2], names[1::2], strict=True)
    ids = " ".join(f"id @include(if: ${one}) @skip(if: ${other}) x{one}: name" for one, other in pairs)
    with pytest.raises(Refused) as refused:
        selected(view, f"query ({definitions}) {{ company(id: 1) {{ {ids} id }} }}")
    assert (refused.value.code, refused.value.hint) == (
        Code.LIMIT,
        "select `id` under fewer combinations of `@skip` and `@include`",
    )
