"""What may be changed, and by which fields. Who may is the policy's to say."""

import strawberry

from schema.inputs import InputForm
from schema.marketplace.entities.consents import Consent, ConsentKind
from schema.marketplace.entities.members import Member
from schema.rights import Changed, EditField, EnterField, OnlyWith, Right, changes_by

__all__ = ["Mutation"]


@strawberry.type(description="What may be changed. All of a document is done, in order, or nothing of it.")
class Mutation:
    update_registration: Changed | None = changes_by(
        EditField(
            right=Right.EDIT,
            entity=Member,
            fields=("name", "email", "phone", "fax", "address", "city", "country", "job_title", "kind"),
            required=("name", "email", "kind"),
            forms={"country": InputForm.COUNTRY},
        ),
        description="Changes what a member registered. Null empties a field; what is left out stays.",
    )
    set_consent: Changed | None = changes_by(
        EnterField(
            right=Right.CHOOSE,
            entity=Consent,
            fields=("kind", "organisation", "given"),
            required=("kind", "given"),
            subject="member_id",
            key=("kind", "organisation"),
            # A consent of another kind holds for everybody, whichever organisation it names.
            only_with=(OnlyWith(field="organisation", other="kind", words=(ConsentKind.STATISTICAL_SHARING.value,)),),
            starts="starts_at",
            ends="ends_at",
        ),
        description="Agrees to something or refuses it, from now on. Statistics are shared with the organisations that"
        " are named; without one, a refusal is of all of them, and an agreement takes that back.",
    )
