"""What was used: plans with their classes, categories of fields, clauses in words."""

import pytest

from gateway.policy import in_force
from gateway.reports import usage
from gateway.reports.usage import RecordedClass, UsedPlan
from schema.catalog import Catalog
from schema.labels import Category, OwnCategories
from schema.marketplace.words import Categories
from tests.conftest import run
from tests.gateway.reports.conftest import STAFF

PLAIN = RecordedClass(fields=("Member.name",), treatment="PLAIN", clauses=("U2",))
PARTIAL = RecordedClass(fields=("Member.email",), treatment="PARTIAL", clauses=())


def test_a_plan_is_looked_up_with_its_classes(logged: str) -> None:
    (plan,) = run(logged, lambda connection: usage.used_plans(connection, [None, STAFF])).values()
    assert (plan.role, plan.purpose, plan.policy) == ("PLATFORM", "account_service", "2012-06-11")
    assert plan.fields == {"Member.name": "PLAIN", "Payment.cardNumber": "PARTIAL"}
    assert plan.classes[1] == RecordedClass(fields=("Payment.cardNumber",), treatment="PARTIAL", clauses=("U2",))


@pytest.mark.parametrize(
    ("classes", "shown"),
    [("0.1", [PLAIN, PARTIAL]), ("1", [PARTIAL]), ("-", []), ("", []), (None, []), ("0.7.x", [PLAIN])],
)
def test_a_record_names_classes_of_its_plan(classes: str | None, shown: list[RecordedClass]) -> None:
    """A number that the plan does not have shows nothing."""
    plan = UsedPlan(role="", purpose="", policy="", fields={}, classes=[PLAIN, PARTIAL])
    assert plan.shown(classes) == shown


@pytest.mark.parametrize(
    ("field", "category"),
    [
        ("Member.email", Categories.REGISTRATION),
        ("Query.orderStatistics", Categories.ACCOUNT_ACTIVITIES),
        ("Product.id", OwnCategories.OPEN),
        ("Member.shoeSize", None),
        ("Query.members", None),
        ("Shoe.size", None),
    ],
)
def test_a_field_has_a_category(catalog: Catalog, field: str, category: Category | None) -> None:
    """One that was removed has none."""
    assert usage.category_of(field, catalog) is category


def test_fields_are_told_by_category_in_words(catalog: Catalog) -> None:
    """What is about nobody is left out."""
    fields = [("Member.email", "PARTIAL"), ("Member.jobTitle", "PLAIN"), ("Order.id", "TOKEN"), ("Product.id", "PLAIN")]
    assert list(usage.in_categories([*fields, ("Member.shoeSize", "PLAIN")], catalog)) == [
        "account activities: order id as a pseudonym",
        "information of another kind: shoe size as stored",
        "registration information: email in part; job title as stored",
    ]


def test_clauses_are_told_in_words_once_and_in_order(logged: str, catalog: Catalog) -> None:
    policies = run(logged, lambda connection: in_force.activated_policies(connection, catalog))
    cited = [("2012-06-11", "U14"), ("2012-06-11", "U2"), ("2012-06-11", "U2"), ("2001-01-01", "A1")]
    assert [row[0] for row in usage.clauses_table(cited, policies).rows] == ["A1", "U2", "U14"]
    assert usage.clauses_table(cited, policies).rows[0] == ("A1", "2001-01-01", "this version is not known here")
    assert "servicing an account" in str(usage.clauses_table(cited, policies).rows[1][2])
