"""Receipts: what was destroyed of a member, how much of it, and what is held until when."""

import strawberry

from schema.fields import HiddenFieldsField, Node, Storage, data, declare, entity, link, parts
from schema.labels import Identifiers
from schema.marketplace.entities.requests import DataRequest
from schema.marketplace.words import Categories
from schema.scalars import DateTime

_CHOICES = Categories.CHOICES


@entity(Storage(table="destruction_line", is_part=True, order="id"))
class DestructionLine:
    """Rows of one type: how many were destroyed, or are held for one reason."""

    category: str | None = data(_CHOICES)
    type: str | None = data(_CHOICES, description="What the rows are.")
    destroyed: int | None = data(_CHOICES, description="How many were removed, or emptied of what is the member's.")
    held: int | None = data(_CHOICES, description="How many are held, and stay as they are.")
    reason: str | None = data(_CHOICES, description="What holds them.")
    held_until: DateTime | None = data(
        _CHOICES, Identifiers.MOMENT, description="Until when; none where nobody knows yet."
    )


@entity(Storage(table="destruction_receipt", subjects=("member_id",), order="carried_out_at"))
class DestructionReceipt(Node):
    """What was done when a request for destruction or for a minor's removal was carried out."""

    id: strawberry.ID = data(_CHOICES, Identifiers.ROW_ID)
    categories: list[str] | None = data(_CHOICES, description="Of which it was carried out.")
    carried_out_at: DateTime | None = data(_CHOICES, Identifiers.MOMENT)
    carried_out_by: str | None = data(_CHOICES, description="The role that carried it out.")
    policy: str | None = data(_CHOICES, description="The version of the policy in force when it was asked.")
    policy_digest: str | None = data(_CHOICES, description="The SHA-256 of that policy.")
    backups_until: DateTime | None = data(
        _CHOICES, Identifiers.MOMENT, description="Until when what was destroyed is left in backups."
    )
    guardianship: str | None = data(
        _CHOICES, Identifiers.FREE_TEXT, column="shown", description="How guardianship of a minor was shown."
    )
    request: DataRequest | None = link("request_id")
    lines: list[DestructionLine] | None = parts("receipt_id")
    hidden_fields: list[str] = declare(HiddenFieldsField())
