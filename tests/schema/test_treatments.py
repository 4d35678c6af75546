"""The order of treatments: which one reveals more."""

from schema.labels import Identifiers
from schema.treatments import Treatment, possible_treatment


def test_treatments_go_from_the_least_revealing_to_the_most() -> None:
    ordered = [Treatment.HIDDEN, Treatment.TOKEN, Treatment.PARTIAL, Treatment.PLAIN]
    assert sorted(Treatment, key=lambda treatment: treatment.openness) == ordered


def test_a_kind_without_a_form_is_shown_in_the_next_one() -> None:
    """A time is never a token, an id never in part, a detail is neither."""
    shown = {(kind, treatment): possible_treatment(kind, treatment) for kind in Identifiers for treatment in Treatment}
    assert {key: form for key, form in shown.items() if form is not key[1]} == {
        (Identifiers.MEMBER_ID, Treatment.PARTIAL): Treatment.TOKEN,
        (Identifiers.ROW_ID, Treatment.PARTIAL): Treatment.TOKEN,
        (Identifiers.COOKIE, Treatment.PARTIAL): Treatment.TOKEN,
        (Identifiers.MOMENT, Treatment.TOKEN): Treatment.PARTIAL,
        (Identifiers.AMOUNT, Treatment.TOKEN): Treatment.PARTIAL,
        (Identifiers.DETAIL, Treatment.TOKEN): Treatment.HIDDEN,
        (Identifiers.DETAIL, Treatment.PARTIAL): Treatment.HIDDEN,
    }
