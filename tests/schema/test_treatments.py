"""The order of treatments: which one reveals more."""

from schema.treatments import Treatment


def test_treatments_go_from_the_least_revealing_to_the_most() -> None:
    ordered = [Treatment.HIDDEN, Treatment.TOKEN, Treatment.PARTIAL, Treatment.PLAIN]
    assert sorted(Treatment, key=lambda treatment: treatment.openness) == ordered
