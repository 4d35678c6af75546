"""What staff and officers enter, approve and end: contracts, campaigns, accounts, assessments, cases, instruments."""

from typing import Any

import strawberry

from schema.common.oversight import PolicyProposal
from schema.inputs import InputForm
from schema.marketplace.entities.complaints import Complaint
from schema.marketplace.entities.disputes import Dispute
from schema.marketplace.entities.organisations import OrganisationKind
from schema.marketplace.entities.papers import (
    AffiliateAccount,
    BusinessTransfer,
    Campaign,
    Contract,
    CreditAssessment,
    InstrumentKind,
    LegalInstrument,
    SupportCase,
)
from schema.marketplace.entities.suspensions import Suspension
from schema.marketplace.words import COLLECTED, Purposes
from schema.rights import (
    ApproveField,
    Changed,
    EditField,
    EndField,
    EnterField,
    IsNew,
    NamedMembers,
    Needed,
    OnlyWith,
    Right,
    TargetIs,
    changes_by,
)

_TERM = ("starts_at", "ends_at")

_CONTRACTED = (
    Purposes.ACCOUNT_SERVICE.value,
    Purposes.SITE_OPERATION.value,
    Purposes.STATISTICAL_SHARING.value,
    Purposes.AFFILIATE_SHARING.value,
)
"""The purposes that a contract may name."""

_OF_A_COURT = (
    InstrumentKind.SUBPOENA.value,
    InstrumentKind.COURT_ORDER.value,
    InstrumentKind.LEGAL_REQUIREMENT.value,
)
_OF_AN_AUTHORITY = (*_OF_A_COURT, InstrumentKind.AUTHORITY_REQUEST.value)
_FINDING = (InstrumentKind.BREACH_FINDING.value,)


def _of_kind(*kinds: OrganisationKind, when: OnlyWith | None = None) -> TargetIs:
    """That the organisation of a paper is of one of these kinds."""
    return TargetIs(field="organisation", column="kind", words=tuple(each.value for each in kinds), when=when)


def _enters(entity: type, fields: tuple[str, ...], required: tuple[str, ...], *kinds: OrganisationKind) -> EnterField:
    return EnterField(
        right=Right.ENTER,
        entity=entity,
        fields=("organisation", *fields, *_TERM),
        required=required,
        starts="starts_at",
        ends="ends_at",
        words={"purposes": _CONTRACTED} if "purposes" in fields else {},
        checks=(_of_kind(*kinds),),
    )


def _end(entity: type, description: str) -> Any:
    return changes_by(
        EndField(right=Right.ENTER, entity=entity, starts="starts_at", ends="ends_at"), description=description
    )


_INSTRUMENT = EnterField(
    right=Right.ENTER,
    entity=LegalInstrument,
    fields=("kind", "reference", "organisation", "categories", "names_cards", "serves", *_TERM, "told_from"),
    required=("kind", "reference", "organisation", "categories"),
    named=NamedMembers(field="members", table="legal_instrument_subject", row="instrument_id", member="member_id"),
    starts="starts_at",
    ends="ends_at",
    entered_by="entered_by",
    words={"categories": COLLECTED},
    only_with=(
        OnlyWith(field="names_cards", other="kind", words=_OF_A_COURT),
        OnlyWith(field="serves", other="kind", words=_FINDING),
    ),
    forms={"reference": InputForm.REFERENCE},
    checks=(
        _of_kind(OrganisationKind.AUTHORITY, when=OnlyWith(field="organisation", other="kind", words=_OF_AN_AUTHORITY)),
        _of_kind(
            OrganisationKind.AUTHORITY,
            OrganisationKind.CLAIMANT,
            when=OnlyWith(field="organisation", other="kind", words=_FINDING),
        ),
        IsNew(fields=("kind", "reference")),
    ),
)

_TRANSFER = EnterField(
    right=Right.ENTER,
    entity=BusinessTransfer,
    fields=("organisation", "undertaking", *_TERM),
    required=("organisation",),
    starts="starts_at",
    ends="ends_at",
    entered_by="entered_by",
    forms={"undertaking": InputForm.TEXT},
    checks=(_of_kind(OrganisationKind.ACQUIRER),),
)


def _approve(entity: type, needed: Needed, description: str) -> Any:
    approving = ApproveField(
        right=Right.APPROVE,
        entity=entity,
        approved="approved_at",
        by="approved_by",
        entered_by="entered_by",
        ends="ends_at",
        needs=(needed,),
    )
    return changes_by(approving, description=description)


@strawberry.type
class PaperMutation:
    """The fields of the mutation type that are about papers."""

    enter_contract: Changed | None = changes_by(
        _enters(
            Contract,
            ("purposes",),
            ("organisation", "purposes"),
            OrganisationKind.SERVICE_PROVIDER,
            OrganisationKind.AFFILIATE,
        ),
        description="Enters a contract with a service provider or an affiliate, for the purposes that it names.",
    )
    end_contract: Changed | None = _end(Contract, "Ends a contract.")
    enter_campaign: Changed | None = changes_by(
        _enters(Campaign, ("name",), ("organisation", "name"), OrganisationKind.ADVERTISER),
        description="Enters a campaign for an advertiser.",
    )
    end_campaign: Changed | None = _end(Campaign, "Ends a campaign: nobody responds to it any more.")
    enter_affiliate_account: Changed | None = changes_by(
        _enters(AffiliateAccount, ("member",), ("organisation", "member"), OrganisationKind.AFFILIATE),
        description="Enters that a member has an account with an affiliate.",
    )
    end_affiliate_account: Changed | None = _end(AffiliateAccount, "Enters that an account has ended.")
    enter_credit_assessment: Changed | None = changes_by(
        _enters(CreditAssessment, ("member",), ("member",), OrganisationKind.BANK, OrganisationKind.CREDIT_AGENCY),
        description="Opens an assessment of a member's credit: with a bank or a credit agency, or the marketplace's own.",
    )
    end_credit_assessment: Changed | None = _end(CreditAssessment, "Ends an assessment.")
    enter_instrument: Changed | None = changes_by(
        _INSTRUMENT, description="Enters a legal instrument. It holds for nobody until another person approves it."
    )
    approve_instrument: Changed | None = _approve(
        LegalInstrument,
        Needed(field="serves", when=OnlyWith(field="serves", other="kind", words=_FINDING)),
        "Approves a legal instrument that somebody else has entered. A finding must say what it serves.",
    )
    end_instrument: Changed | None = _end(LegalInstrument, "Ends a legal instrument.")
    enter_transfer: Changed | None = changes_by(
        _TRANSFER,
        description="Enters a transfer of the business. It holds for nobody until another person approves it.",
    )
    approve_transfer: Changed | None = _approve(
        BusinessTransfer,
        Needed(field="undertaking"),
        "Approves a transfer that somebody else has entered. The acquirer's undertaking must be on record.",
    )
    end_transfer: Changed | None = _end(BusinessTransfer, "Ends a transfer: it was undone.")
    enter_case: Changed | None = changes_by(
        _enters(SupportCase, ("member",), ("organisation", "member"), OrganisationKind.SERVICE_PROVIDER),
        description="Opens a member's case with a service provider.",
    )
    end_case: Changed | None = _end(SupportCase, "Ends a case.")
    record_dispute_outcome: Changed | None = changes_by(
        EditField(right=Right.EDIT, entity=Dispute, fields=("outcome",), required=("outcome",)),
        description="Records how a dispute ended.",
    )
    publish_complaint: Changed | None = changes_by(
        EndField(right=Right.EDIT, entity=Complaint, starts=None, ends="published_at"),
        description="Publishes a complaint and its penalty, from now on. One that is published cannot be published again.",
    )
    suspend_organisation: Changed | None = changes_by(
        EnterField(
            right=Right.ENTER,
            entity=Suspension,
            fields=("organisation", "reason", "ends_at"),
            required=("organisation",),
            key=("organisation",),
            starts="starts_at",
            ends="ends_at",
            checks=(_of_kind(*(each for each in OrganisationKind if each is not OrganisationKind.MARKETPLACE)),),
        ),
        description="Shows an organisation nothing from now on, whatever it asks for. A suspension before it is replaced.",
    )
    resume_organisation: Changed | None = _end(Suspension, "Ends a suspension: the organisation is shown what it was.")
    propose_policy: Changed | None = changes_by(
        EnterField(
            right=Right.ENTER,
            entity=PolicyProposal,
            fields=("version",),
            required=("version",),
            key=("version",),
            starts="starts_at",
            ends="ends_at",
            entered_by="entered_by",
        ),
        description="Proposes a version of the policy that is kept. A proposal of it before is replaced.",
    )
    approve_policy: Changed | None = changes_by(
        ApproveField(
            right=Right.APPROVE,
            entity=PolicyProposal,
            approved="approved_at",
            by="approved_by",
            entered_by="entered_by",
            ends="ends_at",
        ),
        description="Puts a version in force at once, for everybody, that somebody else has proposed.",
    )
    end_policy_proposal: Changed | None = _end(PolicyProposal, "Takes the proposal of a version back.")
