"""Who has seen a member's data, as sentences: one of who and for what, and one for each way in which it was shown.

Made from a record as the API shows it to the member. What the API keeps back, such as who asked in an organisation, is
not there to be told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.pages.my_data.own_view import OwnView, entity_in_words
from gateway.pages.words import Wording
from resolvers.descriptions import name_in_words
from schema.access_record import CHANGE_OUTCOMES
from schema.catalog import Column
from schema.labels import Form
from schema.masks import partial_form
from schema.policy.sentences import form_in_words, in_words

_MOST_NAMED: Final = 5
"""Fields that a sentence names. All of them are listed below it."""

_TEXTS: Final = frozenset({Form.EMAIL, Form.NAME, Form.PHONE, Form.POSTAL_ADDRESS})
"""Forms whose mask says something of the value. They are shown as an example."""

_GROUPS: Final = {True: "seen.own", False: "seen.they"}
"""The sentences of one's own looks, and of others'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenField:
    """A field of a record: how it was shown and why."""

    name: str
    words: str
    treatment: str
    shown: str
    example: str | None
    """What of the member's value today would be shown so."""
    clauses: Sequence[tuple[str, str]]
    """Each with what it settles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One record."""

    id: str
    at: str
    who: str
    sentence: str
    is_own: bool
    shown: Sequence[tuple[str, Sequence[str]]]
    """Sentences of what was shown, each with its examples of masks."""
    fields: Sequence[SeenField]
    role: str
    purpose: str
    policy: str | None
    reference: str | None
    choice: str | None
    """What the member may choose that bears on it, by its kind."""
    outcome: str | None
    change: str | None
    """Of a change that was announced: what is known of whether it was done."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Puts records into sentences for one member."""

    words: Wording
    view: OwnView
    own: Mapping[str, Any]
    """The member's own values today, for masks."""

    def sighting(self, record: Mapping[str, Any]) -> Sighting:
        is_announced = record.get("outcome") in CHANGE_OUTCOMES
        fields = [self._field(each, is_announced) for each in record.get("fields") or ()]
        is_own = record["role"] == self.view.role and record["purpose"] == self.view.purpose
        who = self._who(record, is_own)
        did = self.words.or_else("purpose_done", record["purpose"], self._unknown_purpose(record["purpose"]))
        return Sighting(
            id=record["id"],
            at=record["at"],
            who=who,
            sentence=self.words("seen.you") if is_own else f"{who} {did}.",
            is_own=is_own,
            shown=list(self._shown(fields, "seen.announced" if is_announced else _GROUPS[is_own])),
            fields=fields,
            role=record["role"],
            purpose=in_words(record["purpose"]),
            policy=record.get("policy"),
            reference=record.get("reference"),
            choice=None if is_own else self._choice(record["role"], record["purpose"]),
            outcome=record.get("outcome"),
            change=self.words(f"seen.change.{record['outcome']}") if is_announced else None,
        )

    def _unknown_purpose(self, purpose: str) -> str:
        return self.words("seen.asked_for", purpose=in_words(purpose))

    def _who(self, record: Mapping[str, Any], is_own: bool) -> str:
        """An organisation and what it is; of others, what kind of requester they are."""
        if is_own:
            return self.words("seen.who_you")
        role = self.view.catalog.marketplace.role_named(record["role"])
        if role is None or record.get("organisation"):
            named = (record.get("organisation") or {}).get("name") or in_words(record["role"])
            described = self._described(record["role"])
            return self.words("seen.who", named=named, role=described) if described else named
        if role.is_member:
            return self.words("seen.who_member")
        return self.words("seen.who_public" if role.is_public else "seen.who_own")

    def _described(self, name: str) -> str | None:
        role = self.view.catalog.marketplace.role_named(name)
        if role is None or role.is_own:
            return None
        described = self.view.policy.role_descriptions.get(role)
        return described.description if described else None

    def _field(self, told: Mapping[str, Any], is_announced: bool) -> SeenField:
        name, treatment = told["field"], told["treatment"]
        column = self._column(name)
        clauses = self.view.policy.clauses
        shown = self.words.or_else("seen.how", treatment, in_words(treatment))
        if treatment == "PARTIAL" and column and (form := form_in_words(column.label.identifier)):
            shown = form
        return SeenField(
            name=name,
            words=self._named(name),
            treatment=treatment,
            shown=self.words("seen.if_done", how=shown) if is_announced else shown,
            example=self._example(name, column) if treatment == "PARTIAL" else None,
            clauses=[
                (each, clauses[each].settles if each in clauses else self.words("seen.clause_unknown"))
                for each in (told.get("clauses") or "").split()
            ],
        )

    def _column(self, name: str) -> Column | None:
        owner, _, field = name.partition(".")
        entity = self.view.catalog.entities.get(owner)
        return entity.labelled.get(field) if entity else None

    def _named(self, name: str) -> str:
        owner, _, field = name.partition(".")
        words = self.words.or_else("field", name, self.words.or_else("label", field, name_in_words(field)))
        if owner == self.view.me.name:
            return words
        entity = self.view.catalog.entities.get(owner)
        return self.words("seen.field_of", field=words, thing=entity_in_words(entity) if entity else in_words(owner))

    def _example(self, name: str, column: Column | None) -> str | None:
        owner, _, field = name.partition(".")
        value = self.own.get(field) if owner == self.view.me.name else None
        kind = column.label.identifier if column else None
        if kind is None or column is None or kind.form not in _TEXTS or not isinstance(value, str):
            return None
        coarse = self.own.get(column.coarse or "")
        return partial_form(kind, value, coarse=coarse if isinstance(coarse, str) else None)

    def _shown(self, fields: Sequence[SeenField], group: str) -> Sequence[tuple[str, Sequence[str]]]:
        """For each way of showing a sentence, the most revealing first."""
        known = self.words.find(group)
        told: list[tuple[str, Sequence[str]]] = []
        for treatment in known:
            alike = [each for each in fields if each.treatment == treatment]
            if alike:
                sentence = self.words(f"{group}.{treatment}", fields=self._listed(alike))
                told.append((sentence, [each.example for each in alike if each.example][:_MOST_NAMED]))
        return told

    def _listed(self, fields: Sequence[SeenField]) -> str:
        names = list(dict.fromkeys(each.words for each in fields))
        if len(names) <= _MOST_NAMED + 1:
            return self.words.list(names)
        others = self.words("seen.more", count=len(names) - _MOST_NAMED)
        return self.words.list([*names[:_MOST_NAMED], others])

    def _choice(self, role_name: str, purpose_name: str) -> str | None:
        """The kind of choice that some grant for this role and purpose asks for."""
        served = self.view.catalog.marketplace
        role, purpose = served.role_named(role_name), served.purpose_named(purpose_name)
        if role is None or purpose is None:
            return None
        kinds = self.words.find("choice") or {}
        conditions = (each for grant in self.view.policy.grants_for(role, purpose) for each in grant.conditions)
        asked = (word for each in conditions for _, held in each.restrictions for word in getattr(held, "words", ()))
        return next((word for word in asked if word in kinds), None)
