"""What a document selects, once its fragments, aliases and directives are worked out."""

import pytest

from gateway.settings import DEFAULT_LIMITS
from resolvers.front.document import Request, parse
from resolvers.front.selection import Selection, Slot, select
from schema.catalog import Catalog
from schema.refusals import Code, Refused
from schema.view import View


@pytest.fixture(scope="module")
def view(catalog: Catalog) -> View:
    return View(catalog)


def selected(view: View, text: str) -> Selection:
    document = parse(Request(document=text, operation_name=None, variables={}), view.graphql, DEFAULT_LIMITS)
    return select(document, view.graphql, {}, DEFAULT_LIMITS)


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
