"""The form by which a paper is entered."""

from datetime import UTC, datetime

from gateway.pages.desk.paper_forms import Control, EnteringForm, organisation_kinds
from gateway.pages.forms import SentForm
from gateway.pages.words import wording_for
from schema.catalog import Catalog

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
ORGANISATIONS = [
    {"id": "Organisation:1", "name": "A bank", "kind": "BANK"},
    {"id": "Organisation:2", "name": "A court", "kind": "AUTHORITY"},
]


def _form(catalog: Catalog, name: str) -> EnteringForm:
    return EnteringForm(wording_for("en"), catalog.mutations[name], ORGANISATIONS, "Organisation")


def test_each_input_has_the_control_that_fits(catalog: Catalog) -> None:
    controls = {each.name: each.control for each in _form(catalog, "enterInstrument").fields(SentForm())}
    assert controls == {
        "kind": Control.CHOICE,
        "reference": Control.LINE,
        "organisation": Control.CHOICE,
        "categories": Control.TICKS,
        "namesCards": Control.TICK,
        "serves": Control.TEXT,
        "startsAt": Control.DAY,
        "endsAt": Control.DAY,
        "toldFrom": Control.DAY,
        "members": Control.MEMBERS,
    }


def test_only_organisations_of_the_right_kind_are_offered(catalog: Catalog) -> None:
    """A finding is for a claimant too, so that an instrument has two kinds."""
    assert organisation_kinds(catalog.mutations["enterInstrument"]) == {"AUTHORITY", "CLAIMANT"}
    fields = {each.name: each for each in _form(catalog, "enterInstrument").fields(SentForm())}
    assert fields["organisation"].choices == [("Organisation:2", "A court (authority)")]


def test_days_are_whole_and_today_is_now(catalog: Catalog) -> None:
    sent = SentForm(
        fields=(
            ("organisation", "Organisation:2"),
            ("startsAt", "2026-01-01"),
            ("endsAt", "2026-01-31"),
            ("toldFrom", "2026-03-01"),
            ("members", "3, Member:5"),
            ("namesCards", "yes"),
            ("serves", "  "),
        )
    )
    assert _form(catalog, "enterInstrument").values(sent, NOW) == {
        "organisation": "Organisation:2",
        "endsAt": "2026-02-01T00:00:00+00:00",
        "toldFrom": "2026-03-01T00:00:00+00:00",
        "members": ["Member:3", "Member:5"],
        "namesCards": True,
    }
