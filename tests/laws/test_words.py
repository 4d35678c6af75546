"""A word that is new in the code opens nothing: whatever the types are labelled with, a policy of before shows as before.

A new category and a new kind of identifier are added to a catalog, each alone, together, or beside words that the policy
knows, and to fields of every type. Its lists do not name them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import app
from schema.catalog import Catalog, Column, Entity, Scalar
from schema.labels import Category, Form, Identifier, Identifiers, Label, OwnCategories
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Categories, Purposes, Roles
from schema.policy.grants import Policy, Rule, Words
from schema.policy.policy_file import load_policy, parse_policy_in_force
from schema.treatments import Treatment
from schema.visibility import Visibility

FILES = (MARKETPLACE.first_policy, Path(__file__).parents[1] / "policies" / "2013-01-01.toml")


class NewCategories(Category):
    COORDINATES = "COORDINATES", "coordinates"


class NewIdentifiers(Identifier):
    VAT_NUMBER = "VAT_NUMBER", Form.ACCOUNT_NUMBER, "VAT numbers"


NEW_CATEGORY = NewCategories.COORDINATES
NEW_IDENTIFIER = NewIdentifiers.VAT_NUMBER

KNOWN = st.one_of(st.none(), st.sampled_from(Identifiers))
NEW_LABELS = st.one_of(
    st.builds(lambda one, two: Label(category=NEW_CATEGORY, identifier=one, also=two), KNOWN, KNOWN),
    st.builds(lambda kind: Label(category=NEW_CATEGORY, identifier=kind), st.just(NEW_IDENTIFIER)),
    st.builds(
        lambda category, also: Label(category=category, identifier=NEW_IDENTIFIER, also=also),
        st.sampled_from(Categories),
        KNOWN,
    ),
    st.builds(
        lambda category, kind: Label(category=category, identifier=kind, also=NEW_IDENTIFIER),
        st.sampled_from(Categories),
        st.sampled_from(Identifiers),
    ),
)
"""Labels with at least one new word."""


TURNS = 5
TURN = st.integers(0, TURNS - 1)
"""Which of all requesters an example asks as: every fifth, from this one on."""


def asking(policy: Policy, turn: int) -> Iterator[Visibility]:
    everybody = ((role, purpose) for role in Roles for purpose in sorted(policy.purposes_of(role)))
    for role, purpose in islice(everybody, turn, None, TURNS):
        yield Visibility(policy=policy, role=role, purpose=purpose)


def shown(visibility: Visibility, catalog: Catalog, without: frozenset[str] = frozenset()) -> Mapping[str, Any]:
    """All that a requester may ever see, field by field, and what they may filter by."""
    found: dict[str, Any] = {}
    for entity in catalog.entities.values():
        found[entity.name] = visibility.sees(entity)
        for column in entity.columns.values():
            if (place := f"{entity.name}.{column.name}") not in without:
                every = [
                    each for each in Treatment if found[entity.name] and visibility.is_everywhere(entity, column, each)
                ]
                found[place] = (visibility.rules(entity, column), every)
        for relation in entity.relations.values():
            target = catalog.entities[relation.target]
            found[f"{entity.name}→{relation.name}"] = visibility.shows_relation(entity, relation, target)
        found[f"{entity.name} for"] = [(grant.id, grant.row_subjects(entity)) for grant in visibility.grants(entity)]
    return found


def with_entity(catalog: Catalog, entity: Entity) -> Catalog:
    return replace(catalog, entities={**catalog.entities, entity.name: entity})


def with_column(catalog: Catalog, place: str, label: Label) -> tuple[Catalog, Column]:
    entity = catalog.entities[place]
    subjects = entity.owner.subjects
    subject = subjects[0] if len(subjects) > 1 and not entity.owner.subjects_array else None
    column = Column(
        name="added",
        python_name="added",
        column="added",
        scalar=Scalar.TEXT,
        label=label,
        subject=subject,
        coarse=None,
        enum_type=None,
    )
    return with_entity(catalog, replace(entity, columns={**entity.columns, "added": column})), column


@pytest.fixture(scope="module", params=FILES, ids=lambda file: file.stem)
def policy_file(request: pytest.FixtureRequest) -> Path:
    return request.param


@cache
def before(file: Path, turn: int) -> tuple[Catalog, Sequence[Mapping[str, Any]]]:
    catalog = app.catalog()
    return catalog, [shown(each, catalog) for each in asking(load_policy(file, catalog), turn)]


@settings(max_examples=40, deadline=None)
@given(data=st.data(), label=NEW_LABELS, turn=TURN)
def test_a_field_with_a_new_word_is_hidden_from_everybody_and_changes_nothing_else(
    policy_file: Path, data: st.DataObject, label: Label, turn: int
) -> None:
    """Nobody has a rule for it. All other fields, rows and filters are as they were, of what is somebody's."""
    catalog, then = before(policy_file, turn)
    somebodys = [each.name for each in catalog.entities.values() if each.categories != frozenset({OwnCategories.OPEN})]
    place = data.draw(st.sampled_from(somebodys))
    newer_catalog, column = with_column(catalog, place, label)
    policy = load_policy(policy_file, newer_catalog)
    for visibility, earlier in zip(asking(policy, turn), then, strict=True):
        entity = newer_catalog.entities[place]
        assert visibility.rules(entity, column) == ()
        assert not visibility.sees(entity) or not visibility.is_everywhere(entity, column, Treatment.PLAIN)
        assert shown(visibility, newer_catalog, frozenset({f"{place}.added"})) == earlier


@settings(max_examples=40, deadline=None)
@given(data=st.data(), label=NEW_LABELS, turn=TURN)
def test_a_type_of_new_words_alone_is_seen_by_nobody(
    policy_file: Path, data: st.DataObject, label: Label, turn: int
) -> None:
    """Not even its rows' ids."""
    catalog = app.catalog()
    example = data.draw(st.sampled_from(sorted(catalog.entities)))
    entity = catalog.entities[example]
    columns = {name: replace(column, label=label) for name, column in entity.columns.items()}
    newer_catalog = with_entity(catalog, replace(entity, name="Shipment", columns=columns))
    for visibility in asking(load_policy(policy_file, newer_catalog), turn):
        assert not visibility.sees(newer_catalog.entities["Shipment"])
        assert visibility.grants(newer_catalog.entities["Shipment"]) == ()


@settings(max_examples=40, deadline=None)
@given(
    categories=st.sets(st.sampled_from(Categories), max_size=4),
    kinds=st.sets(st.sampled_from(Identifiers), max_size=6),
    turn=TURN,
)
def test_a_policy_that_lists_fewer_words_shows_nothing_more(
    policy_file: Path, categories: set[Category], kinds: set[Identifier], turn: int
) -> None:
    """Each field at most as openly, and nothing that is labelled with a word that is gone."""
    catalog = app.catalog()
    policy = load_policy(policy_file, catalog)
    narrower = fewer(policy, categories, kinds)
    for now, then in zip(asking(narrower, turn), asking(policy, turn), strict=True):
        for entity in catalog.entities.values():
            assert then.sees(entity) or not now.sees(entity)
            for column in entity.columns.values():
                assert most(now, entity, column) <= most(then, entity, column)
                gone = column.label.category in categories - {OwnCategories.OPEN} or kinds & {*column.label.identifiers}
                if gone and column.label.category is not OwnCategories.OPEN:
                    assert most(now, entity, column) <= (Treatment.TOKEN.openness if column.name == "id" else 0)


WORDS = (
    *(role.value for role in Roles),
    *(purpose.value for purpose in Purposes),
    *(category.value for category in Categories if category is not OwnCategories.OPEN),
    *(kind.value for kind in Identifiers),
    *(condition.phrase for condition in MARKETPLACE.conditions),
    *("Member.name", "Message.senderEmail", "Member.registeredAt", "BuyerBehaviour.averageOrder"),
)


@settings(max_examples=40, deadline=None)
@given(unknown=st.sets(st.sampled_from(WORDS), min_size=1, max_size=4), turn=TURN)
def test_a_policy_in_force_with_words_that_veil_does_not_know_shows_nothing_more(
    policy_file: Path, unknown: set[str], turn: int
) -> None:
    """Whatever the words are of: each rule that is left is one of those there were, or shows less, or under more conditions."""
    catalog = app.catalog()
    policy = load_policy(policy_file, catalog)
    text = policy_file.read_text("utf-8")
    for word in unknown:
        text = re.sub(rf'(?<=["\[. {{]){re.escape(word)}(?=["\]]| = ")', f"{word}X", text)
    understood = parse_policy_in_force(text, "a later policy", catalog)
    for now in asking(understood, turn):
        then = replace(now, policy=policy)
        assert now.purpose in policy.purposes_of(now.role)
        for entity in catalog.entities.values():
            assert then.sees(entity) or not now.sees(entity)
            for column in entity.columns.values():
                earlier = then.rules(entity, column)
                assert all(any(as_open(one, rule) for one in earlier) for rule in now.rules(entity, column))


def as_open(one: Rule, other: Rule) -> bool:
    """Whether one rule shows as much as another, under its conditions or fewer."""
    return one.treatment.openness >= other.treatment.openness and {*one.conditions} <= {*other.conditions}


def most(visibility: Visibility, entity: Entity, column: Column) -> int:
    return max((rule.treatment.openness for rule in visibility.rules(entity, column)), default=0)


def fewer(policy: Policy, categories: set[Category], kinds: set[Identifier]) -> Policy:
    words = Words(
        collected=tuple(each for each in policy.words.collected if each not in categories),
        other_categories=tuple(each for each in policy.words.other_categories if each not in categories),
        identifiers=tuple(each for each in policy.words.identifiers if each not in kinds),
    )
    grants = {key: tuple(replace(grant, words=words) for grant in several) for key, several in policy.grants.items()}
    return replace(policy, words=words, grants=grants)
