"""Holds what the gateway did beside what it should have done, to the byte; reports the first difference."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from schema.marketplace.words import Roles
from schema.requester import Requester, Role
from schema.treatments import Treatment
from tests.opinion.answering import Answer
from tests.opinion.executing import Outcome
from tests.opinion.paging import Cursor, Ledger
from tests.opinion.recording import Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where the gateway and the opinion part: in what, what the opinion holds, and what the gateway did."""

    kind: str
    """`data`, `record`, `treatments`, `outcome`, `view`, `key` or `failure`."""
    place: str
    opinion: Any
    gateway: Any

    def __str__(self) -> str:
        return f"{self.kind} at {self.place}\n  the opinion: {self.opinion!r}\n  the gateway: {self.gateway!r}"


# Answers.


def of_data(answer: Answer, outcome: Outcome, ledger: Ledger) -> Difference | None:
    """Compares answers key by key, and then byte by byte; learns the gateway's cursors on the way."""
    assert outcome.answer is not None
    try:
        found = json.loads(outcome.answer)
    except ValueError:
        return Difference(kind="data", place="the whole", opinion=answer.data, gateway=outcome.answer)
    comparing = _Comparing(ledger=ledger)
    if difference := comparing.values("data", answer.data, found):
        return difference
    written = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    if written != outcome.answer and not answer.stated:
        return Difference(kind="data", place="the bytes", opinion=written, gateway=outcome.answer)
    return None


@dataclass(slots=True, kw_only=True)
class _Comparing:
    ledger: Ledger

    def values(self, place: str, opinion: Any, gateway: Any) -> Difference | None:
        match opinion, gateway:
            case Cursor(), str():
                same = self.ledger.learn(opinion, gateway)
                opinion = (opinion.order, opinion.place)
            case dict(), dict():
                return self._objects(place, cast("dict[str, Any]", opinion), cast("dict[str, Any]", gateway))
            case list(), list():
                return self._lists(place, cast("list[Any]", opinion), cast("list[Any]", gateway))
            case _:
                same = opinion == gateway and type(opinion) is type(gateway)
        return None if same else Difference(kind="data", place=place, opinion=opinion, gateway=gateway)

    def _objects(self, place: str, opinion: Mapping[str, Any], gateway: Mapping[str, Any]) -> Difference | None:
        if list(opinion) != list(gateway):
            return Difference(kind="data", place=f"{place} (keys)", opinion=list(opinion), gateway=list(gateway))
        pairs = ((f"{place}.{key}", opinion[key], gateway[key]) for key in opinion)
        return next(filter(None, (self.values(*pair) for pair in pairs)), None)

    def _lists(self, place: str, opinion: Sequence[Any], gateway: Sequence[Any]) -> Difference | None:
        if len(opinion) != len(gateway):
            return Difference(kind="data", place=f"{place} (length)", opinion=opinion, gateway=gateway)
        pairs = ((f"{place}[{n}]", one, other) for n, (one, other) in enumerate(zip(opinion, gateway, strict=True)))
        return next(filter(None, (self.values(*pair) for pair in pairs)), None)


# Records.


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a record is to hold."""

    requester: Requester
    policy: str
    operation: str | None
    outcome: str
    subjects: Sequence[int] = ()
    shown: Mapping[int, frozenset[tuple[str, str]]] = field(default_factory=dict[int, "frozenset[tuple[str, str]]"])
    rows: int = 0
    cross_border: bool | None = None
    fields: Sequence[tuple[str, str]] = ()


def of_record(recorded: Recorded, outcome: Outcome) -> Difference | None:
    found = outcome.record
    requester = recorded.requester
    fields = json.loads(found["fields"]) if found["fields"] else []
    is_answer = recorded.outcome in ("ANSWERED", "DESCRIBED")
    compared = {
        "requester": (requester.sub, found["requester"]),
        "role": (requester.role.value, found["role"]),
        "purpose": (requester.purpose.value, found["purpose"]),
        "member_id": (requester.member, found["member_id"]),
        "organisation_id": (requester.organisation, found["organisation_id"]),
        "reference": (requester.reference if is_answer else None, found["reference"]),
        "policy": (recorded.policy, found["policy"]),
        "operation": (recorded.operation, found["operation"]),
        "outcome": (recorded.outcome, found["outcome"]),
        "refusals": (None if is_answer else 1, found["refusals"]),
        "subjects": (sorted(recorded.subjects), sorted(found["subjects"])),
        "subject_count": (len(recorded.subjects), found["subject_count"]),
        "row_count": (recorded.rows, found["row_count"]),
        "cross_border": (recorded.cross_border, found["cross_border"]),
        "shown": (recorded.shown, _shown(found)),
        "fields": (sorted(recorded.fields), sorted((each["field"], each["treatment"]) for each in fields)),
    }
    for place, (opinion, gateway) in compared.items():
        if opinion != gateway:
            return Difference(kind="record", place=place, opinion=opinion, gateway=gateway)
    return None


def _shown(record: Mapping[str, Any]) -> Mapping[int, frozenset[tuple[str, str]]]:
    """What a record says was shown of each: fields, and by which treatment."""
    classes = json.loads(record["classes"]) if record["classes"] else []
    texts = record["shown"].split(" ")
    if len(texts) == 1:
        texts *= len(record["subjects"])
    told: dict[int, frozenset[tuple[str, str]]] = {}
    for member, text in zip(record["subjects"], texts, strict=True):
        numbers = [int(each) for each in text.split(".") if each not in ("", "-")]
        if numbers:
            told[member] = frozenset((name, classes[n]["treatment"]) for n in numbers for name in classes[n]["fields"])
    return told


def of_treatments(fields: Fields, role: Role, outcome: Outcome) -> Difference | None:
    """What the answer says of how fields are shown: an entry for each that is not plain on every row."""
    opinion = {place: treatment.value for place, treatment in fields.least.items() if treatment is not Treatment.PLAIN}
    entries = json.loads(outcome.treatments or b"[]")
    gateway = {entry["field"]: entry["treatment"] for entry in entries}
    if opinion != gateway:
        return Difference(kind="treatments", place="extensions", opinion=opinion, gateway=gateway)
    for entry in entries:
        if ("clause" in entry) is not (role.sees_clauses):
            return Difference(kind="treatments", place="clause", opinion=role.sees_clauses, gateway=entry)
    return None


# Keys.


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Whose tokens are alike: one key for each, and no two alike (POLICY, `TOKEN`)."""

    by_scope: dict[tuple[str, ...], bytes] = field(default_factory=dict[tuple[str, ...], bytes])
    by_key: dict[bytes, tuple[str, ...]] = field(default_factory=dict[bytes, tuple[str, ...]])

    def of(self, requester: Requester) -> Difference | None:
        scope = whose_tokens(requester)
        key = self.by_scope.setdefault(scope, requester.key)
        other = self.by_key.setdefault(requester.key, scope)
        if key != requester.key:
            return Difference(kind="key", place="tokens", opinion="one key", gateway=f"two keys for {scope}")
        if other != scope:
            return Difference(kind="key", place="tokens", opinion=f"a key of {scope}'s own", gateway=f"that of {other}")
        return None


def whose_tokens(requester: Requester) -> tuple[str, ...]:
    """Those for whom a token means the same."""
    match requester.role:
        case Roles.PUBLIC:
            return ("anybody",)
        case Roles.MEMBER:
            return ("member", str(requester.member))
        case Roles.PLATFORM | Roles.PRIVACY_OFFICER:
            return ("the marketplace",)
        case Roles.AUTHORITY:
            return ("authority", str(requester.organisation), str(requester.reference))
        case _:
            return ("organisation", str(requester.organisation))
