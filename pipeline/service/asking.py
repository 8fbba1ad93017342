"""A body to what it asks for. It is read in a worker: two megabytes of faults take seconds, while the event loop has others."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pipeline.passages import printable
from pipeline.service.bodies import MANY, ONE, Asked, ScoreMany, ScoreOne
from pipeline.service.limits import Limits
from pipeline.service.problems import Fault, Refusal, unprocessable

_FAULTS = 20  # that are told

_NO_OBJECT = ("dict_type", "model_type", "model_attributes_type")


@cache
def adapter() -> TypeAdapter[ScoreOne | ScoreMany]:
    """Return what reads and describes a body."""
    return TypeAdapter(Asked)


def read_asked(body: bytes, content_type: str, limits: Limits) -> ScoreOne | ScoreMany:
    """Return what a body asks for.

    Raises
    ------
    Refusal
        If it is of another type, is not JSON, is not what the schema asks for, or is more than `limits` allow.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if not (kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))):
        got = repr(kind)[:80] if kind else "no Content-Type"
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send JSON, as application/json. Got {got}")
    try:
        asked = adapter().validate_python(json.loads(body))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)[:_FAULTS]
        raise unprocessable([Fault(where=_place(one["loc"]), reason=_reason(one)) for one in found]) from None
    except json.JSONDecodeError as error:
        detail = f"the body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise Refusal(HTTPStatus.BAD_REQUEST, detail) from None
    except (ValueError, RecursionError):  # no text in any encoding of JSON, a number too long, objects too deep
        raise Refusal(HTTPStatus.BAD_REQUEST, "the body is not JSON that can be read") from None
    refuse_too_much(asked, limits)
    return asked


def refuse_too_much(asked: ScoreOne | ScoreMany, limits: Limits) -> None:
    """Raise a Refusal where more texts or longer ones are asked for than `limits` allow."""
    texts = [part.text for part in asked.each()]
    if len(texts) > limits.documents:
        raise unprocessable([Fault(where="documents", reason=f"may be {limits.documents:,} at once. Got {len(texts):,}")])
    faults = [
        Fault(where=place, reason=f"may have {limits.article:,} characters. Got {len(text):,}")
        for place, text in zip(asked.places(), texts, strict=True)
        if len(text) > limits.article
    ]
    if faults:
        raise unprocessable(faults[:_FAULTS])


def _place(parts: Sequence[str | int]) -> str:
    """Return where in the body a fault is, in the words of who sent it: without the names of our own models."""
    shown = [printable(str(part)) for part in parts]
    return f"{'.'.join(shown[1:] if shown[:1] in ([ONE], [MANY]) else shown):.200}"


def _reason(problem: Mapping[str, Any]) -> str:
    if problem["type"] in _NO_OBJECT:
        return "must be an object"
    return "unknown key" if problem["type"] == "extra_forbidden" else str(problem["msg"])
