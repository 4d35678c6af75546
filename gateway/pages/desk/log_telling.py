"""The log in sentences, for an officer: who asked for what, and the most that was shown of anybody.

Made from records as the API shows them to an officer. Of a record that is about several persons, the API tells an officer
what was shown of any of them, so a sentence says "at most".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.pages.words import Wording
from resolvers.descriptions import name_in_words
from schema.access_record import CHANGE_OUTCOMES, DESCRIBED, NO_REFUSALS
from schema.definition import Marketplace
from schema.policy.grants import Policy
from schema.policy.sentences import in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One record, told."""

    record: Mapping[str, Any]
    who: str
    sentence: str
    shown: Sequence[str]
    """A sentence for each way in which something was shown, the most revealing first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTelling:
    """Puts records into sentences."""

    words: Wording
    policy: Policy
    marketplace: Marketplace

    def entry(self, record: Mapping[str, Any]) -> LogEntry:
        who = self.who(record)
        return LogEntry(
            record=record,
            who=who,
            sentence=f"{who[:1].upper()}{who[1:]} {self._did(record)}",
            shown=self.shown(record.get("fields") or (), _group(record["outcome"])),
        )

    def who(self, record: Mapping[str, Any]) -> str:
        """An organisation and what it is; otherwise what kind of requester it is."""
        described = self._described(record["role"])
        organisation = record.get("organisation")
        return self.words("seen.who", named=organisation["name"], role=described) if organisation else described

    def recipient(self, record: Mapping[str, Any]) -> str:
        """The same for a member's eyes: of the marketplace's own people nobody is told who."""
        role = self.marketplace.role_named(record["role"])
        if role is not None and role.is_own:
            return self._described(self.marketplace.own_role.value)
        if role is not None and role.is_member:
            return self.words("letter.a_member")
        return self.who(record)

    def _described(self, name: str | None) -> str:
        role = self.marketplace.role_named(name or "")
        described = self.policy.role_descriptions.get(role) if role else None
        return described.description if described else in_words(name or "nobody_known")

    def _did(self, record: Mapping[str, Any]) -> str:
        purpose = in_words(record.get("purpose") or "no_purpose")
        if record["outcome"] in CHANGE_OUTCOMES:
            return self.words(f"desk_log.change.{record['outcome']}", purpose=purpose)
        if record["outcome"] == DESCRIBED:
            return self.words("desk_log.was_described", purpose=purpose)
        if record["outcome"] not in NO_REFUSALS:
            return self.words("today.refused", purpose=purpose, code=record["outcome"])
        count = record.get("subjectCount") or 0
        about = self.words("desk_log.about", count=count) if count else self.words("desk_log.about_nobody")
        return self.words("desk_log.asked", purpose=purpose, about=about)

    def shown(self, fields: Sequence[Mapping[str, Any]], group: str = "desk_log.shown") -> Sequence[str]:
        by_treatment: dict[str, list[str]] = {}
        for each in fields:
            by_treatment.setdefault(each["treatment"], []).append(field_in_words(each["field"]))
        return [
            self.words(f"{group}.{treatment}", fields=self.words.list(list(dict.fromkeys(by_treatment[treatment]))))
            for treatment in self.words.find(group)
            if treatment in by_treatment
        ]


def _group(outcome: str) -> str:
    """The sentences of what was shown, or of what was to be changed."""
    return "desk_log.announced" if outcome in CHANGE_OUTCOMES else "desk_log.shown"


def field_in_words(field: str) -> str:
    """A field like `Member.email`, in words."""
    entity, _, name = field.partition(".")
    return f"{name_in_words(name)} ({name_in_words(entity)})"
