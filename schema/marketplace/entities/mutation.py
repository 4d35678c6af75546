"""What may be changed, and by which fields. Who may is the policy's to say."""

from typing import Any

import strawberry

from schema.inputs import InputForm
from schema.marketplace.entities.companies import Company, Product
from schema.marketplace.entities.consents import Consent, ConsentKind
from schema.marketplace.entities.members import Member
from schema.marketplace.entities.paper_mutation import PaperMutation
from schema.marketplace.entities.payments import PaymentProfile
from schema.marketplace.entities.publishing import BuyingRequest, ForumPost
from schema.marketplace.entities.removals import RemovalRequest
from schema.marketplace.entities.requests import DataRequest, DataRequestKind
from schema.marketplace.entities.responses import CampaignResponse
from schema.marketplace.words import COLLECTED
from schema.rights import (
    CarryOutField,
    Changed,
    EditField,
    EndField,
    EnterField,
    OnlyWith,
    ReceiveField,
    ResumeField,
    Right,
    changes_by,
)

__all__ = ["Mutation"]


_ASKED_UNDER = ("policy", "policy_digest")


def _carrying_out(kind: DataRequestKind, description: str, shown: str | None = None) -> Any:
    """A mutation by which what was asked is destroyed."""
    carrying_out = CarryOutField(
        right=Right.CARRY_OUT,
        entity=DataRequest,
        kind=("kind", kind.value),
        categories="categories",
        starts="starts_at",
        ends="ends_at",
        asked_under=_ASKED_UNDER,
        shown=shown,
    )
    return changes_by(carrying_out, description=description)


def _request(kind: DataRequestKind, description: str) -> Any:
    """A mutation by which a member asks for something; it replaces what they asked of this kind before."""
    entering = EnterField(
        right=Right.ENTER,
        entity=DataRequest,
        fields=("categories",),
        required=("categories",),
        subject="member_id",
        key=("kind",),
        starts="starts_at",
        ends="ends_at",
        constants={"kind": kind.value},
        words={"categories": COLLECTED},
        asked_under=_ASKED_UNDER,
    )
    return changes_by(entering, description=description)


def _withdraw(entity: type, description: str) -> Any:
    return changes_by(EndField(right=Right.EDIT, entity=entity, ends="withdrawn_at"), description=description)


def _publish(entity: type, description: str) -> Any:
    return changes_by(ResumeField(right=Right.EDIT, entity=entity, ends="withdrawn_at"), description=description)


@strawberry.type(description="What may be changed. All of a document is done, in order, or nothing of it.")
class Mutation(PaperMutation):
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
    update_company: Changed | None = changes_by(
        EditField(
            right=Right.EDIT,
            entity=Company,
            fields=(
                *("name", "website", "country", "city", "year_established", "employees", "main_products"),
                *("description", "contact_name", "contact_email", "contact_phone"),
            ),
            required=("name",),
            forms={
                "country": InputForm.COUNTRY,
                "website": InputForm.WEB_ADDRESS,
                "year_established": InputForm.YEAR,
            },
        ),
        description="Changes how a company presents itself. Whether it is verified is not its own to say.",
    )
    update_product: Changed | None = changes_by(
        EditField(
            right=Right.EDIT,
            entity=Product,
            fields=("title", "category", "price", "currency", "minimum_order", "description"),
            required=("title", "category", "price", "currency"),
            forms={"currency": InputForm.CURRENCY},
        ),
        description="Changes an offer.",
    )
    update_buying_request: Changed | None = changes_by(
        EditField(
            right=Right.EDIT,
            entity=BuyingRequest,
            fields=("title", "quantity", "country", "details"),
            required=("title",),
            forms={"country": InputForm.COUNTRY},
        ),
        description="Changes what a member wishes to buy.",
    )
    update_forum_post: Changed | None = changes_by(
        EditField(right=Right.EDIT, entity=ForumPost, fields=("topic", "body"), required=("topic", "body")),
        description="Changes what a member said in the forum.",
    )
    withdraw_company: Changed | None = _withdraw(
        Company, "Withdraws a company's page from the public. Its products stay until they are withdrawn too."
    )
    withdraw_product: Changed | None = _withdraw(Product, "Withdraws an offer from the public.")
    withdraw_buying_request: Changed | None = _withdraw(BuyingRequest, "Withdraws a buying request from the public.")
    withdraw_forum_post: Changed | None = _withdraw(ForumPost, "Withdraws a post from the forum.")
    publish_company: Changed | None = _publish(Company, "Publishes a company's page that was withdrawn.")
    publish_product: Changed | None = _publish(Product, "Publishes an offer that was withdrawn.")
    publish_buying_request: Changed | None = _publish(BuyingRequest, "Publishes a buying request that was withdrawn.")
    publish_forum_post: Changed | None = _publish(ForumPost, "Publishes a post that was withdrawn.")
    update_payment_profile: Changed | None = changes_by(
        EditField(
            right=Right.EDIT,
            entity=PaymentProfile,
            fields=("card_number", "card_expiry", "bank_account", "billing_name", "billing_address"),
            forms={"card_expiry": InputForm.CARD_EXPIRY},
        ),
        description="Changes a means of payment. What was paid with it stays as it was.",
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
    respond_to_campaign: Changed | None = changes_by(
        EnterField(
            right=Right.ENTER,
            entity=CampaignResponse,
            fields=("campaign",),
            required=("campaign",),
            subject="member_id",
            key=("campaign",),
            copied={"organisation_id": ("campaign", "organisation_id")},
            starts="starts_at",
            ends="ends_at",
        ),
        description="Responds to a campaign in force. From now on its advertiser is told what `campaignDisclosures` says.",
    )
    withdraw_response: Changed | None = changes_by(
        EndField(right=Right.ENTER, entity=CampaignResponse, starts="starts_at", ends="ends_at"),
        description="Withdraws a response. From the next read on its advertiser is told nothing more.",
    )
    request_copy: Changed | None = _request(
        DataRequestKind.ACCESS, "Asks for a copy of one's data of these categories. What was asked before is replaced."
    )
    request_return: Changed | None = _request(
        DataRequestKind.RETURN,
        "Asks for the return of one's data of these categories. What was asked before is replaced.",
    )
    request_destruction: Changed | None = _request(
        DataRequestKind.DESTRUCTION,
        "Asks for the destruction of one's data of these categories. What was asked before is replaced.",
    )
    withdraw_request: Changed | None = changes_by(
        EndField(right=Right.ENTER, entity=DataRequest, starts="starts_at", ends="ends_at"),
        description="Takes back what was asked, if it is open.",
    )
    request_minor_removal: Changed | None = changes_by(
        ReceiveField(
            right=Right.ENTER,
            entity=RemovalRequest,
            fields=("minor", "name", "contact", "relation", "message"),
            required=("minor", "name", "contact", "relation"),
            forms={"minor": InputForm.LINE, "name": InputForm.LINE, "contact": InputForm.LINE},
            received="received_at",
            most=1000,
        ),
        description="Asks, as a parent or guardian, for the removal of a minor's data. The answer is the same whoever is"
        " meant, and whether or not they are a member.",
    )
    enter_removal: Changed | None = changes_by(
        EnterField(
            right=Right.ENTER,
            entity=DataRequest,
            fields=("member", "removal_request"),
            required=("member",),
            # Until it is entered nobody sees the member for this purpose. Whom a parent means is found out before.
            unseen=("member",),
            key=("member", "kind"),
            starts="starts_at",
            ends="ends_at",
            constants={"kind": DataRequestKind.MINOR_REMOVAL.value, "categories": f"{{{','.join(COLLECTED)}}}"},
            asked_under=_ASKED_UNDER,
        ),
        description="Enters whom a parent or guardian means: a request to remove all there is of that member. What was"
        " entered of the same member before is replaced.",
    )
    end_removal: Changed | None = changes_by(
        EndField(right=Right.EDIT, entity=DataRequest, starts="starts_at", ends="ends_at"),
        description="Ends the request to remove a minor's data, such as one that was entered of the wrong member.",
    )
    send_copy: Changed | None = changes_by(
        EndField(right=Right.EDIT, entity=DataRequest, starts="starts_at", ends="ready_at"),
        description="Lets a member fetch the copy that they asked for, once, at `/copies/` and the request's id.",
    )
    fetch_copy: Changed | None = changes_by(
        EndField(right=Right.ENTER, entity=DataRequest, starts="starts_at", ends="ends_at", after="ready_at"),
        description="Ends a request whose copy is fetched. `/copies/` does so, with the copy as its answer.",
    )
    carry_out_destruction: Changed | None = _carrying_out(
        DataRequestKind.DESTRUCTION,
        "Destroys what a request names, or some categories of that, but for what is held, and writes a receipt. The request"
        " ends once all is carried out and nothing is held.",
    )
    carry_out_removal: Changed | None = _carrying_out(
        DataRequestKind.MINOR_REMOVAL,
        "Destroys what there is of a minor whose removal was asked, as `carryOutDestruction` does, once it was shown who"
        " the guardian is.",
        shown="guardianship",
    )
