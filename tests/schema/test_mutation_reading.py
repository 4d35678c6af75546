"""What a marketplace says can be changed: a declaration that cannot be stops the start."""

import dataclasses
from typing import Any

import pytest
import strawberry

from schema.catalog import Catalog, CatalogError
from schema.catalog_reading import read_catalog
from schema.inputs import InputForm
from schema.marketplace.entities.companies import Company
from schema.marketplace.entities.consents import Consent
from schema.marketplace.entities.disputes import Dispute
from schema.marketplace.entities.members import Member
from schema.marketplace.entities.papers import LegalInstrument
from schema.marketplace.marketplace import MARKETPLACE
from schema.rights import (
    ApproveField,
    Changed,
    EditField,
    EndField,
    EnterField,
    IsNew,
    MutationDeclaration,
    Right,
    changes_by,
)


def reading(declaration: MutationDeclaration | None) -> Catalog:
    """The catalog with one mutation."""
    field: Any = changes_by(declaration, "") if declaration else strawberry.field(description="nothing")
    made = type("Mutation", (), {"__annotations__": {"do_it": Changed | None}, "do_it": field})
    return read_catalog(dataclasses.replace(MARKETPLACE, mutation=strawberry.type(made)))


def edit(entity: type, *fields: str, **others: Any) -> EditField:
    return EditField(right=Right.EDIT, entity=entity, fields=fields, **others)


class Elsewhere:
    """A type that no field leads to."""


ENTERING = EnterField(
    right=Right.CHOOSE,
    entity=Consent,
    fields=("kind", "given"),
    required=("kind", "given"),
    subject="member_id",
    key=("kind",),
    starts="starts_at",
    ends="ends_at",
)

MISTAKES: dict[str, tuple[MutationDeclaration | None, str]] = {
    "says nothing": (None, "does not say what it changes"),
    "of a type that is not there": (edit(Elsewhere, "name"), "which no field leads to"),
    "an id": (edit(Member, "id"), "is no field that can be changed"),
    "a field that is not there": (edit(Member, "shoe_size"), "is no field that can be changed"),
    "a connection": (edit(Member, "purchases"), "is no field that can be changed"),
    "nobody's": (edit(Dispute, "order"), "is about nobody"),
    "says something of another": (edit(Member, "name", required=("email",)), "none of its fields"),
    "about nobody": (dataclasses.replace(ENTERING, subject="id"), "does not say whom its rows are about"),
    "says otherwise what is given": (dataclasses.replace(ENTERING, constants={"kind": "COOKIES"}), "does not say whom"),
    "ends by what is not there": (
        EndField(right=Right.ENTER, entity=Member, starts="registered_at", ends="left_at"),
        "no field of anybody's",
    ),
    "approves by what is not there": (
        ApproveField(
            right=Right.APPROVE,
            entity=LegalInstrument,
            approved="signed_at",
            by="approved_by",
            entered_by="entered_by",
            ends="ends_at",
        ),
        "no field of anybody's",
    ),
    "compares what is not given": (
        dataclasses.replace(ENTERING, checks=(IsNew(fields=("organisation",)),)),
        "what they replace",
    ),
    "replaces what it does not say": (dataclasses.replace(ENTERING, key=("organisation",)), "what they replace"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_declaration_that_cannot_be_stops_the_start(mistake: str) -> None:
    declaration, problem = MISTAKES[mistake]
    with pytest.raises(CatalogError, match=problem):
        reading(declaration)


def test_the_form_of_an_input_comes_from_its_label_and_type_unless_it_is_said() -> None:
    inputs = reading(edit(Member, "name", "email", "phone", "kind")).mutations["doIt"].inputs
    forms = {name: each.form for name, each in inputs.items()}
    expected = {"name": InputForm.LINE, "email": InputForm.EMAIL, "phone": InputForm.PHONE, "kind": InputForm.WORD}
    assert forms == expected
    said = reading(edit(Company, "website", forms={"website": InputForm.WEB_ADDRESS})).mutations["doIt"].inputs
    assert said["website"].form is InputForm.WEB_ADDRESS


def test_what_may_be_written_is_what_mutations_name() -> None:
    edited = reading(edit(Member, "name", "job_title"))
    assert edited.edited_columns() == {"member": {"name", "job_title"}}
    assert edited.entered_columns() == {}
    entered = reading(ENTERING)
    assert entered.edited_columns() == {"consent": {"ends_at"}}
    assert entered.entered_columns() == {"consent": {"kind", "given", "member_id", "starts_at"}}
