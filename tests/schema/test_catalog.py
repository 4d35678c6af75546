"""The catalog: every type with every field and its label, every column in the tables, and no way to start with less."""

import re
from collections.abc import Mapping
from typing import cast

import pytest
from graphql import GraphQLObjectType

from schema.catalog import Catalog, Column, Scalar
from schema.fields import (
    ByIdField,
    LinkField,
)
from schema.view import View
from tests.conftest import run

OPEN, REGISTRATION, PUBLISHING, BUYER = "OPEN", "REGISTRATION", "PUBLISHING", "BUYER"
PAYMENT, ACTIVITIES, STATISTICAL, MARKETING = "PAYMENT", "ACCOUNT_ACTIVITIES", "STATISTICAL", "MARKETING"
PERSONAL, COMPLAINTS, LOG, CHOICES = "PERSONAL", "COMPLAINTS", "ACCESS_LOG", "CHOICES"
PAPERS = "PAPERS"

# Every field that shows something, by its category; an identifier's kind stands behind its name (of an identifier in two
# ways both kinds), and the data subject of a field that is not its whole row's stands behind that.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "Member": {
        REGISTRATION: "id/MEMBER_ID name/NAME email/EMAIL phone/PHONE fax/PHONE address/POSTAL_ADDRESS city country"
        " jobTitle kind registeredAt/MOMENT"
    },
    "Consent": {CHOICES: "id/ROW_ID kind given startsAt/MOMENT endsAt/MOMENT"},
    "DestructionReceipt": {
        CHOICES: "id/ROW_ID categories carriedOutAt/MOMENT carriedOutBy policy policyDigest backupsUntil/MOMENT"
        " guardianship/FREE_TEXT"
    },
    "DestructionLine": {CHOICES: "category type destroyed held reason heldUntil/MOMENT"},
    "DataRequest": {CHOICES: "id/ROW_ID kind categories startsAt/MOMENT endsAt/MOMENT readyAt/MOMENT heldUntil/MOMENT"},
    "Company": {
        OPEN: "id",
        PUBLISHING: "name website country city yearEstablished employees mainProducts verified description/FREE_TEXT"
        " contactName/NAME contactEmail/EMAIL contactPhone/PHONE withdrawnAt/MOMENT",
    },
    "Product": {
        OPEN: "id",
        PUBLISHING: "title category price currency minimumOrder listedAt description/FREE_TEXT withdrawnAt/MOMENT",
    },
    "BuyingRequest": {OPEN: "id", PUBLISHING: "title quantity country postedAt details/FREE_TEXT withdrawnAt/MOMENT"},
    "ForumPost": {OPEN: "id", PUBLISHING: "topic postedAt body/FREE_TEXT withdrawnAt/MOMENT"},
    "Order": {
        ACTIVITIES: "id/ROW_ID status placedAt/MOMENT total/AMOUNT currency deliveryName/NAME@buyer_id"
        " deliveryAddress/POSTAL_ADDRESS@buyer_id deliveryPhone/PHONE@buyer_id deliveryCity@buyer_id"
        " deliveryCountry@buyer_id trackingNumber/TRACKING_NUMBER@buyer_id"
    },
    "OrderItem": {ACTIVITIES: "quantity/DETAIL unitPrice/DETAIL specification/FREE_TEXT+DETAIL"},
    "Dispute": {ACTIVITIES: "id/ROW_ID reason openedAt/MOMENT outcome statement/FREE_TEXT"},
    "Payment": {
        PAYMENT: "id/ROW_ID method amount/AMOUNT currency status paidAt/MOMENT cardNumber/CARD_NUMBER cardExpiry"
        " bankAccount/BANK_ACCOUNT billingName/NAME billingAddress/POSTAL_ADDRESS chequeTracking/TRACKING_NUMBER"
    },
    "PaymentProfile": {
        PAYMENT: "id/ROW_ID cardNumber/CARD_NUMBER cardExpiry bankAccount/BANK_ACCOUNT billingName/NAME"
        " billingAddress/POSTAL_ADDRESS creditLimit/AMOUNT"
    },
    "BuyerBehaviour": {BUYER: "id/ROW_ID ordersPerYear/AMOUNT averageOrder/AMOUNT topCategories lastActiveAt/MOMENT"},
    "BrowsingEvent": {
        BUYER: "id/ROW_ID at/MOMENT url/DETAIL referrer/DETAIL dwellSeconds/DETAIL ipAddress/IP_ADDRESS cookie/COOKIE"
    },
    "Visit": {
        STATISTICAL: "id/ROW_ID at/MOMENT browser/DETAIL operatingSystem/DETAIL device pagesViewed/DETAIL"
        " ipAddress/IP_ADDRESS"
    },
    "MarketingContact": {MARKETING: "id/ROW_ID event metAt/MOMENT interest name/NAME email/EMAIL phone/PHONE"},
    "Message": {
        PERSONAL: "id/ROW_ID sentAt/MOMENT body/FREE_TEXT senderName/NAME@sender_id senderEmail/EMAIL@sender_id"
        " senderPhone/PHONE@sender_id"
    },
    "Complaint": {COMPLAINTS: "id/ROW_ID summary/FREE_TEXT penalty status publishedAt againstName/NAME@against_id"},
    "Organisation": {OPEN: "id name kind country"},
    "AccessSummary": {OPEN: "id", LOG: "day role purpose outcome requests persons crossBorder"},
    "AccessUse": {LOG: "id month classes answers crossBorder last"},
    "PlannedOperation": {LOG: "id role purpose policy operation fields"},
    "PlannedClass": {LOG: "number treatment fields clauses"},
    "RequesterBreadth": {LOG: "id day role persons"},
    "LogCheckpoint": {LOG: "id at"},
    "PolicyActivation": {LOG: "id version digest content activatedBy activatedAt"},
    "PolicyVersion": {LOG: "id version digest content keptAt"},
    "PolicyProposal": {LOG: "id startsAt endsAt enteredBy approvedBy approvedAt"},
    "AccessRecord": {
        OPEN: "id",
        LOG: "at/MOMENT requester/MEMBER_ID role purpose reference policy operation subjectCount outcome refusals"
        " crossBorder trace announces",
    },
    "Contract": {PAPERS: "id purposes startsAt endsAt"},
    "Campaign": {PAPERS: "id name startsAt endsAt"},
    "SupportCase": {PAPERS: "id/ROW_ID startsAt/MOMENT endsAt/MOMENT"},
    "AffiliateAccount": {PAPERS: "id/ROW_ID startsAt/MOMENT endsAt/MOMENT"},
    "RemovalRequest": {PAPERS: "id minor/FREE_TEXT name/NAME contact/FREE_TEXT relation message/FREE_TEXT receivedAt"},
    "CampaignResponse": {PAPERS: "id/ROW_ID startsAt/MOMENT endsAt/MOMENT"},
    "PartnerArrival": {PAPERS: "id/ROW_ID startsAt/MOMENT endsAt/MOMENT"},
    "CreditAssessment": {PAPERS: "id/ROW_ID startsAt/MOMENT endsAt/MOMENT"},
    "LegalInstrument": {
        PAPERS: "id/ROW_ID kind reference categories namesCards serves/FREE_TEXT startsAt/MOMENT endsAt/MOMENT"
        " toldFrom/MOMENT enteredBy approvedBy approvedAt/MOMENT"
    },
    "NamedMember": {PAPERS: "writtenAs/MEMBER_ID"},
    "BusinessTransfer": {PAPERS: "id undertaking startsAt endsAt enteredBy approvedBy approvedAt"},
    "Suspension": {PAPERS: "id reason startsAt endsAt"},
    "FieldAccess": {LOG: "field treatment clauses"},
}

# Where each type's other fields lead: to one row, or to many (`*`).
LINKS: Mapping[str, str] = {
    "Member": "company:Company paymentProfiles:PaymentProfile* purchases:Order* sales:Order* behaviour:BuyerBehaviour"
    " browsing:BrowsingEvent* visits:Visit* marketingContacts:MarketingContact* messages:Message* consents:Consent*"
    " requests:DataRequest* receipts:DestructionReceipt* accesses:AccessRecord* assessments:CreditAssessment* affiliateAccounts:AffiliateAccount*"
    " campaignResponses:CampaignResponse* arrivals:PartnerArrival* complaints:Complaint*",
    "Consent": "organisation:Organisation",
    "DestructionReceipt": "request:DataRequest lines:DestructionLine*",
    "DataRequest": "member:Member removalRequest:RemovalRequest receipts:DestructionReceipt*",
    "RemovalRequest": "requests:DataRequest*",
    "Company": "owner:Member products:Product*",
    "Product": "company:Company",
    "BuyingRequest": "buyer:Member",
    "ForumPost": "author:Member",
    "Order": "items:OrderItem* buyer:Member seller:Member payment:Payment dispute:Dispute",
    "OrderItem": "product:Product",
    "Dispute": "order:Order",
    "Payment": "organisation:Organisation order:Order",
    "BrowsingEvent": "product:Product member:Member",
    "Visit": "member:Member",
    "MarketingContact": "member:Member",
    "Message": "sender:Member recipient:Member order:Order",
    "Complaint": "company:Company",
    "AccessRecord": "organisation:Organisation fields:FieldAccess*",
    "AccessSummary": "organisation:Organisation",
    "AccessUse": "plan:PlannedOperation",
    "PlannedOperation": "classes:PlannedClass*",
    "RequesterBreadth": "records:AccessRecord*",
    "PolicyProposal": "version:PolicyVersion",
    "Contract": "organisation:Organisation",
    "Campaign": "organisation:Organisation",
    "SupportCase": "organisation:Organisation member:Member",
    "AffiliateAccount": "organisation:Organisation member:Member",
    "CampaignResponse": "campaign:Campaign organisation:Organisation member:Member",
    "PartnerArrival": "organisation:Organisation member:Member",
    "CreditAssessment": "organisation:Organisation member:Member",
    "LegalInstrument": "organisation:Organisation named:NamedMember*",
    "NamedMember": "member:Member",
    "BusinessTransfer": "organisation:Organisation",
    "Suspension": "organisation:Organisation",
}

# The links that tell as much as a value.
LABELLED_LINKS = {
    "OrderItem.product": "ACCOUNT_ACTIVITIES/DETAIL",
    "BrowsingEvent.product": "BUYER/DETAIL",
    "CampaignResponse.campaign": "PAPERS/DETAIL",
    "PolicyProposal.version": "ACCESS_LOG/DETAIL",
}

# Whose data a row is: the columns that name the members.
SUBJECTS: Mapping[str, str] = {
    "Member": "id",
    "Consent": "member_id",
    "DataRequest": "member_id",
    "DestructionReceipt": "member_id",
    "DestructionLine": "",
    "Company": "owner_id",
    "Product": "owner_id",
    "BuyingRequest": "buyer_id",
    "ForumPost": "author_id",
    "Order": "buyer_id seller_id",
    "Dispute": "buyer_id seller_id",
    "Payment": "buyer_id",
    "PaymentProfile": "member_id",
    "BuyerBehaviour": "member_id",
    "BrowsingEvent": "member_id",
    "Visit": "member_id",
    "MarketingContact": "member_id",
    "Message": "sender_id recipient_id",
    "Complaint": "against_id",
    "Organisation": "",
    "AccessRecord": "subjects",
    "AccessSummary": "",
    "AccessUse": "",
    "PlannedOperation": "",
    "PlannedClass": "",
    "RequesterBreadth": "",
    "LogCheckpoint": "",
    "PolicyActivation": "",
    "PolicyVersion": "",
    "PolicyProposal": "",
    "OrderItem": "",
    "FieldAccess": "",
    "Contract": "",
    "Campaign": "",
    "SupportCase": "member_id",
    "AffiliateAccount": "member_id",
    "CampaignResponse": "member_id",
    "PartnerArrival": "member_id",
    "CreditAssessment": "member_id",
    "LegalInstrument": "members",
    "NamedMember": "",
    "RemovalRequest": "",
    "BusinessTransfer": "",
    "Suspension": "",
}

FOUND_BY_ID = (
    *("member", "company", "product", "buyingRequest", "forumPost", "order", "payment", "dispute", "browsingEvent"),
    *("visit", "marketingContact", "message", "complaint", "organisation", "contract", "campaign", "supportCase"),
    *("affiliateAccount", "creditAssessment", "legalInstrument", "businessTransfer", "suspension"),
    "policyProposal",
)
PAGED = (
    *("members", "companies", "products", "buyingRequests", "forumPosts", "orders", "payments", "disputes"),
    *("browsingEvents", "visits", "marketingContacts", "messages", "complaints", "organisations", "accessRecords"),
    *("accessSummaries", "contracts", "campaigns", "supportCases", "affiliateAccounts", "creditAssessments"),
    *("legalInstruments", "businessTransfers", "suspensions", "accessUses", "plannedOperations", "requesterBreadths"),
    *("logCheckpoints", "policyActivations", "policyVersions", "policyProposals"),
)


# What there is.


def describe(column: Column) -> str:
    kind = f"/{'+'.join(column.label.identifiers)}" if column.label.identifiers else ""
    return f"{column.name}{kind}{f'@{column.subject}' if column.subject else ''}"


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_there_with_its_label(catalog: Catalog, name: str) -> None:
    found: dict[str, list[str]] = {}
    for column in catalog.entities[name].columns.values():
        found.setdefault(column.label.category, []).append(describe(column))
    assert {category: sorted(fields) for category, fields in found.items()} == {
        category: sorted(fields.split()) for category, fields in FIELDS[name].items()
    }


def test_there_is_no_other_type(catalog: Catalog) -> None:
    assert set(catalog.entities) == set(FIELDS) == set(SUBJECTS)


@pytest.mark.parametrize("name", FIELDS)
def test_every_type_leads_where_it_should(catalog: Catalog, name: str) -> None:
    relations = catalog.entities[name].relations.values()
    found = {f"{each.name}:{each.target}{'' if isinstance(each.declaration, LinkField) else '*'}" for each in relations}
    assert found == set(LINKS.get(name, "").split())


def test_a_link_to_what_was_bought_or_looked_at_has_a_label(catalog: Catalog) -> None:
    found = {
        f"{entity.name}.{relation.name}": f"{relation.column.label.category}/{relation.column.label.identifier}"
        for entity in catalog.entities.values()
        for relation in entity.relations.values()
        if relation.column
    }
    assert found == LABELLED_LINKS


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_row_says_whose_data_it_is(catalog: Catalog, name: str) -> None:
    assert catalog.entities[name].storage.subjects == tuple(SUBJECTS[name].split())


def test_parts_are_of_those_whose_row_they_belong_to(catalog: Catalog) -> None:
    assert catalog.entities["OrderItem"].owner == catalog.entities["Order"].storage
    assert catalog.entities["FieldAccess"].owner == catalog.entities["AccessRecord"].storage


def test_every_type_is_asked_for_at_the_root(catalog: Catalog) -> None:
    assert set(FOUND_BY_ID) | set(PAGED) | {"me", "node"} <= set(catalog.roots)
    for name in FOUND_BY_ID:
        assert isinstance(catalog.roots[name].declaration, ByIdField), name


def test_all_that_has_a_data_subject_can_tell_what_is_hidden_in_it(catalog: Catalog) -> None:
    types = View(catalog).graphql.type_map
    for name, whose in SUBJECTS.items():
        fields = cast("GraphQLObjectType", types[name]).fields
        assert ("hiddenFields" in fields) == bool(whose and name != "AccessRecord"), name


def test_every_row_with_an_identity_can_tell_what_is_masked_in_it(catalog: Catalog) -> None:
    types = View(catalog).graphql.type_map
    names = {name for name, entity in catalog.entities.items() if "id" in entity.columns}
    for name in ("Node", "OrderItem", *names):
        fields = cast("GraphQLObjectType", types[name]).fields
        assert str(fields["maskedFields"].type) == "[MaskedField!]!", name


# How it is stored.

COLUMNS = """
    select case table_schema when 'veil' then 'veil.' else '' end || table_name as name, column_name, udt_name
    from information_schema.columns
    where table_schema in ('marketplace', 'veil')"""

STORED_AS = {
    Scalar.TEXT: {"text", "uuid"},
    Scalar.INTEGER: {"int2", "int4"},
    Scalar.DECIMAL: {"numeric"},
    Scalar.BOOLEAN: {"bool"},
    Scalar.TIMESTAMP: {"timestamptz"},
    Scalar.ENUM: {"text"},
    Scalar.TEXT_LIST: {"_text"},
    Scalar.ID: {"int8", "uuid"},
}


@pytest.fixture(scope="module")
def columns(market_url: str) -> Mapping[tuple[str, str], str]:
    """Every column of the migrated tables and views, with its type."""
    rows = run(market_url, lambda connection: connection.fetch(COLUMNS))
    return {(row["name"], row["column_name"]): row["udt_name"] for row in rows}


def test_every_column_that_may_be_read_exists(catalog: Catalog, columns: Mapping[tuple[str, str], str]) -> None:
    wanted = {(table, column) for table, read_of_it in catalog.readable_columns().items() for column in read_of_it}
    assert wanted - set(columns) == set()


def test_every_column_is_of_its_fields_type(catalog: Catalog, columns: Mapping[tuple[str, str], str]) -> None:
    for each in catalog.entities.values():
        for column in each.columns.values():
            found = columns[each.storage.table, column.column]
            assert found in STORED_AS[column.scalar], f"{each.name}.{column.name}"


def test_every_choice_is_what_its_column_may_hold(catalog: Catalog, market_url: str) -> None:
    query = """
        select conrelid::regclass::text as table, attname as column, pg_get_constraintdef(pg_constraint.oid) as checks
        from pg_constraint join pg_attribute on attrelid = conrelid and conkey = array[attnum]
        where contype = 'c' and connamespace = 'marketplace'::regnamespace"""
    rows = run(market_url, lambda connection: connection.fetch(query))
    allowed = {(row["table"], row["column"]): set(re.findall(r"'(\w+)'", row["checks"])) for row in rows}
    of_views = {"legal_paper": "legal_instrument"}
    for each in catalog.entities.values():
        table = of_views.get(each.storage.table, each.storage.table)
        for column in each.columns.values():
            if column.enum_type:
                choices = {choice.value for choice in column.enum_type}
                assert choices == allowed[table, column.column], f"{each.name}.{column.name}"


def test_rows_are_listed_by_columns_that_are_never_null(catalog: Catalog, market_url: str) -> None:
    query = """
        select attrelid::regclass::text || '.' || attname from pg_attribute
        where attnotnull and attrelid::regclass::text !~ '^pg_'"""
    rows = run(market_url, lambda connection: connection.fetch(query))
    never_null = {row[0] for row in rows}
    for each in catalog.entities.values():
        if each.storage.order and not each.storage.is_part:
            assert f"{each.storage.table.removeprefix('veil.')}.{each.storage.order}" in never_null, each.name


# What nobody is shown.


def test_no_type_has_a_password(catalog: Catalog) -> None:
    for each in catalog.entities.values():
        assert not any("password" in name.lower() for name in (*each.columns, *each.relations, *each.needed_columns()))
    assert not any("password" in column for read_of_it in catalog.readable_columns().values() for column in read_of_it)


def test_the_gateway_may_read_no_password_and_no_whole_table(market_url: str) -> None:
    query = """
        select attrelid::regclass::text as table, attname as column,
               has_column_privilege('veil_gateway', attrelid, attnum, 'select') as readable
        from pg_attribute join pg_class on pg_class.oid = attrelid
        where relnamespace = 'marketplace'::regnamespace and relkind in ('r', 'v') and attnum > 0"""
    rows = run(market_url, lambda connection: connection.fetch(query))
    readable = {(row["table"], row["column"]): row["readable"] for row in rows}
    assert [place for place, may in readable.items() if "password" in place[1] and may] == []
    assert readable["member", "password_hash"] is False
    assert readable["member", "email"] is True
