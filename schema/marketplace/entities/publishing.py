"""Buying requests and forum posts: what members publish of themselves, for any internet user to read."""

import strawberry

from schema.fields import HiddenFieldsField, Node, Storage, data, declare, entity, link, version
from schema.labels import Identifiers, OwnCategories
from schema.marketplace.entities.members import Member
from schema.marketplace.words import Categories
from schema.scalars import DateTime

PUBLISHING = Categories.PUBLISHING


@entity(
    Storage(
        table="buying_request",
        subjects=("buyer_id",),
        order="posted_at",
        condition_columns={"NOT_WITHDRAWN": ("withdrawn_at",)},
    )
)
class BuyingRequest(Node):
    """Goods a member wishes to buy, for suppliers to offer."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    title: str | None = data(PUBLISHING)
    quantity: int | None = data(PUBLISHING)
    country: str | None = data(PUBLISHING, description="The country it is to be delivered to (ISO 3166-1 alpha-2).")
    posted_at: DateTime | None = data(PUBLISHING)
    details: str | None = data(PUBLISHING, Identifiers.FREE_TEXT, description="What exactly is wanted, in words.")
    buyer: Member | None = link("buyer_id")
    withdrawn_at: DateTime | None = data(
        PUBLISHING, Identifiers.MOMENT, description="When its member withdrew it from the public."
    )
    hidden_fields: list[str] = declare(HiddenFieldsField())
    version: str | None = version()


@entity(
    Storage(
        table="forum_post",
        subjects=("author_id",),
        order="posted_at",
        condition_columns={"NOT_WITHDRAWN": ("withdrawn_at",)},
    )
)
class ForumPost(Node):
    """What a member says in the forum."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    topic: str | None = data(PUBLISHING)
    posted_at: DateTime | None = data(PUBLISHING)
    body: str | None = data(PUBLISHING, Identifiers.FREE_TEXT, description="The text of the post.")
    author: Member | None = link("author_id")
    withdrawn_at: DateTime | None = data(
        PUBLISHING, Identifiers.MOMENT, description="When its member withdrew it from the public."
    )
    hidden_fields: list[str] = declare(HiddenFieldsField())
    version: str | None = version()
