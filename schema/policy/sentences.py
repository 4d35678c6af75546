"""What a policy says, in sentences. Decides nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from schema.conditions import IsWord
from schema.labels import Category, Form, Identifier
from schema.policy.grants import Grant, Words
from schema.treatments import Treatment

_COINCIDENTAL: Mapping[Form, str] = {
    Form.TIME: "times are",
    Form.AMOUNT: "amounts",
    Form.DETAIL: "details",
}

_SHOWN: Mapping[tuple[Form, Treatment], str] = {
    (Form.TIME, Treatment.PLAIN): "exact",
    (Form.TIME, Treatment.PARTIAL): "shown by their month",
    (Form.TIME, Treatment.HIDDEN): "hidden",
    (Form.AMOUNT, Treatment.PLAIN): "exact",
    (Form.AMOUNT, Treatment.PARTIAL): "by their first two digits",
    (Form.AMOUNT, Treatment.HIDDEN): "hidden",
    (Form.DETAIL, Treatment.PLAIN): "whole",
    (Form.DETAIL, Treatment.HIDDEN): "hidden",
}

_FORMS: Mapping[Form, str] = {
    Form.TIME: "by its month",
    Form.AMOUNT: "by its first two digits",
}
"""What PARTIAL makes of an exact time or amount."""

_TREATMENTS: Mapping[Treatment, str] = {
    Treatment.PLAIN: "shown as they are",
    Treatment.PARTIAL: "shown in part",
    Treatment.TOKEN: "shown as tokens",
    Treatment.HIDDEN: "hidden",
}


def enumeration(parts: Iterable[str]) -> str:
    """The parts as a list in a sentence."""
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def _count(number: int) -> str:
    return _COUNTS[number] if number < len(_COUNTS) else str(number)


def form_in_words(kind: Identifier | None) -> str | None:
    """What PARTIAL makes of a value that has a word of its own for that: an exact time, an exact amount."""
    return _FORMS.get(kind.form) if kind else None


def in_words(name: str) -> str:
    """The name of a purpose, a role or a category, without underscores."""
    return name.replace("_", " ").lower()


def sentence(grant: Grant) -> str:
    """A grant as a sentence, with its clauses."""
    when = f"When {' and when '.join(map(str, grant.conditions))}, " if grant.conditions else ""
    does = " and ".join([*_sees(grant), *_may(grant)])
    how = f" Identifiers are {_identifier_treatments(grant)}.{_coincidental_treatments(grant)}"
    how = how if grant.categories or grant.fields else ""
    purposes = enumeration(map(in_words, sorted(grant.purposes)))
    return f"{when}{enumeration(sorted(grant.roles))} {does}, for {purposes}.{how} ({' '.join(grant.clauses)})"


def gives_something(grant: Grant) -> bool:
    """Whether there is anything in a grant that its policy speaks of."""
    return any(True for _ in (*_sees(grant), *_may(grant)))


def papers_of(grant: Grant) -> frozenset[str]:
    """The kinds of legal instruments that a grant goes by: those that all its conditions ask for."""
    asked = [
        each.words
        for condition in grant.conditions
        if condition.instrument
        for each in condition.instrument.where
        if isinstance(each, IsWord)
    ]
    return frozenset.intersection(*map(frozenset, asked)) if asked else frozenset()


def _sees(grant: Grant) -> Iterator[str]:
    if contents := list(_contents(grant)):
        sees = f"{'see' if len(grant.roles) > 1 else 'sees'} {enumeration(contents)}"
        yield f"{sees} without {enumeration(sorted(grant.without))}" if grant.without else sees


def _may(grant: Grant) -> Iterator[str]:
    for right, scope in grant.rights.items():
        if things := [*(each.words for each in in_order(scope.categories, grant.words)), *sorted(scope.fields)]:
            yield f"{in_words(right)} {enumeration(things)}"


def _contents(grant: Grant) -> Iterator[str]:
    if figures := in_order(grant.aggregates, grant.words):
        yield f"figures about many members, from {enumeration(each.words for each in figures)}"
    elif grant.words.collected and grant.categories.issuperset(grant.words.collected):
        yield f"all {_count(len(grant.words.collected))} categories of collected information"
        yield from (each.words for each in in_order(grant.categories - {*grant.words.collected}, grant.words))
    else:
        yield from (each.words for each in in_order(grant.categories, grant.words))
    yield from sorted(grant.fields)


def in_order(categories: Iterable[Category], words: Words) -> list[Category]:
    """Categories in the order of a policy's words. Of those that it does not speak of nothing is said."""
    named = frozenset(categories)
    return [category for category in words.categories if category in named]


def _identifier_treatments(grant: Grant) -> str:
    usual, others = usual_treatment(grant, [kind for kind in grant.words.identifiers if not kind.is_coincidental])
    exceptions = [f"{enumeration(kind.words for kind in kinds)}, {_TREATMENTS[how]}" for how, kinds in others.items()]
    return f"{_TREATMENTS[usual]}, except {'; and '.join(exceptions)}" if exceptions else _TREATMENTS[usual]


def usual_treatment(
    grant: Grant, kinds: Iterable[Identifier]
) -> tuple[Treatment, Mapping[Treatment, Sequence[Identifier]]]:
    """The treatment of most of these kinds of identifiers, and the kinds that a grant treats otherwise."""
    kinds = list(kinds)
    here = [_treatment(grant, kind) for kind in kinds]
    everywhere = [_treatment(grant, kind) for kind in grant.words.identifiers if not kind.is_coincidental]
    usual = max(Treatment, key=lambda each: (each in here, everywhere.count(each)))
    others: dict[Treatment, list[Identifier]] = {}
    for kind, treatment in zip(kinds, here, strict=True):
        if treatment is not usual:
            others.setdefault(treatment, []).append(kind)
    return usual, others


def _treatment(grant: Grant, kind: Identifier) -> Treatment:
    """The policy's word for a kind of identifier; of what identifies by coincidence, what becomes of it."""
    if kind.is_coincidental:
        return grant.treatment_of_kind(kind)
    return grant.exceptions.get(kind, grant.identifiers)


def _coincidental_treatments(grant: Grant) -> str:
    """What becomes of what identifies by coincidence; nothing where all is shown as it is."""
    order = list(_COINCIDENTAL)
    kinds = sorted(
        (kind for kind in grant.words.identifiers if kind.is_coincidental), key=lambda kind: order.index(kind.form)
    )
    shown = {kind.form: grant.treatment_of_kind(kind) for kind in kinds}
    if not shown or {grant.identifiers, *shown.values()} == {Treatment.PLAIN}:
        return ""
    words = [f"{_COINCIDENTAL[form]} {_SHOWN[form, treatment]}" for form, treatment in shown.items()]
    return f" {', '.join(words).capitalize()}."
