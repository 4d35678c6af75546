"""What is wrong with a response: a failure of the gateway's, a code of no table, or an answer outside its view."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from graphql import GraphQLSchema, parse

from schema.refusals import Code
from schema.treatments import Treatment
from tests.fuzz.shapes import shape

JSON = ("application/json", "application/graphql-response+json")
CODES = {code.name: code for code in Code}
TREATMENTS = {treatment.name for treatment in Treatment}
OF_A_REFUSAL = ({"errors"}, {"errors", "extensions"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back; header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


_CODE = re.compile(rb'"code": ?"([A-Z_]+)"')


def outcome(response: Response) -> str:
    """`answered`, or the code it was refused with."""
    if response.body.startswith(b'{"data"'):
        return "answered"
    code = _CODE.search(response.body)
    return code[1].decode() if code else f"status {response.status}"


def problems(response: Response, body: bytes, view: GraphQLSchema | None) -> Iterator[str]:
    """What is wrong, each in one line. Without a view the form of the data is not looked at."""
    if response.status >= 500:
        yield f"status {response.status}: {response.body[:300]!r}"
        return
    media_type = response.headers.get("content-type", "").partition(";")[0]
    if media_type not in JSON:
        yield f"the media type `{media_type}` with status {response.status}"
        return
    try:
        answer = json.loads(response.body)
    except ValueError:
        yield f"no JSON: {response.body[:300]!r}"
        return
    if "errors" in answer:
        yield from _of_refusal(response, answer, media_type)
    else:
        yield from _of_answer(response, answer, body, view)


def _of_refusal(response: Response, answer: Mapping[str, Any], media_type: str) -> Iterator[str]:
    if set(answer) not in OF_A_REFUSAL:
        yield f"a refusal with the keys {list(answer)}"
    codes: set[Code | None] = {CODES.get(_code(error)) for error in answer["errors"]}
    if len(codes) != 1 or None in codes:
        yield f"a refusal with the codes {[_code(error) for error in answer['errors']]}"
        return
    (code,) = (code for code in codes if code)
    legacy = media_type == JSON[0] and code.is_document_error
    if response.status != (200 if legacy else code.status):
        yield f"{code.name} with status {response.status}"
    if not all(isinstance(error["message"], str) and error["extensions"].get("hint") for error in answer["errors"]):
        yield f"{code.name} without a message or a hint"
    yield from _of_record(response, answer)


def _code(error: Mapping[str, Any]) -> str:
    return str(error.get("extensions", {}).get("code"))


def _of_record(response: Response, answer: Mapping[str, Any]) -> Iterator[str]:
    named = response.headers.get("access-record", "")
    try:
        UUID(named)
    except ValueError:
        yield f"no id of a record: `{named}`"
    if answer["extensions"]["privacy"].get("record") != named:
        yield "a record in the headers that is not the body's"


def _of_answer(response: Response, answer: Any, body: bytes, view: GraphQLSchema | None) -> Iterator[str]:
    if not isinstance(answer, dict) or set(cast("dict[str, Any]", answer)) != {"data", "extensions"}:
        yield f"an answer with other keys: {response.body[:300]!r}"
        return
    content = cast("dict[str, Any]", answer)
    if response.status != 200:
        yield f"an answer with status {response.status}"
    yield from _of_record(response, content)
    yield from _of_treatments(content["extensions"]["privacy"]["treatments"])
    if view is not None:
        asked = json.loads(body)
        yield from shape(
            view, parse(asked["query"]), asked.get("operationName"), asked.get("variables") or {}
        ).problems(content["data"])


def _of_treatments(treatments: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for each in treatments:
        if not {"field", "treatment"} <= set(each) <= {"field", "treatment", "clause"}:
            yield f"a treatment with the keys {list(each)}"
        elif each["treatment"] not in TREATMENTS:
            yield f"the treatment `{each['treatment']}`"
