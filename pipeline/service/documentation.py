"""The service's description of itself in OpenAPI, with the limits that it was started with and an answer of its model."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from importlib import metadata
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from pipeline.service.asking import adapter
from pipeline.service.guard import OPEN
from pipeline.service.limits import Limits
from pipeline.service.problems import MEDIA_TYPE, Problem
from pipeline.service.work import EXAMPLE, Described

EXAMPLES = {
    "one": {"summary": "One text", "value": {"text": EXAMPLE}},
    "many": {
        "summary": "Many texts",
        "value": {"documents": [{"id": "harbour-1", "title": "Mayor under pressure", "text": EXAMPLE}, {"text": "It rained."}]},
    },
}

_ABOUT = (
    "The role of every sentence of a news article in its dispute, with a calibrated probability. It describes what a text "
    "does; it never says what is true. Whatever goes wrong is told as `application/problem+json`."
)
_SCHEMAS = "#/components/schemas/"
_EVERYWHERE = (HTTPStatus.MISDIRECTED_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)
_WITH_BODY = (
    HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)  # fmt: skip
_HEADERS = {
    HTTPStatus.UNAUTHORIZED: ("WWW-Authenticate", "string", "How to show the token."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Retry-After", "integer", "Seconds to wait."),
}


def documentation(routes: Sequence[BaseRoute], described: Described, limits: Limits, *, secured: bool) -> dict[str, Any]:
    """Return the description of the service that /openapi.json shows.

    Parameters
    ----------
    routes : its paths
    described : the model that it serves
    limits : what a request may ask for
    secured : whether a token has to be shown
    """
    found = get_openapi(title="stance", version=metadata.version("stance-signals"), description=_ABOUT, routes=routes)
    schemas = found["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template=_SCHEMAS + "{model}")
    body = adapter().json_schema(ref_template=_SCHEMAS + "{model}")
    schemas |= problem.pop("$defs") | {"Problem": problem} | body.pop("$defs")
    score = found["paths"]["/score"]["post"]
    score["requestBody"] = {"required": True, "content": {"application/json": {"schema": body, "examples": EXAMPLES}}}
    for name in ("ScoreOne", "InputDocument"):
        schemas[name]["properties"]["text"]["maxLength"] = limits.article
    schemas["ScoreMany"]["properties"]["documents"]["maxItems"] = limits.documents
    for path, operations in found["paths"].items():
        for operation in operations.values():
            closed = secured and path != OPEN
            statuses = [*_EVERYWHERE, *(_WITH_BODY if "requestBody" in operation else ())]
            operation["responses"] |= _problems([*statuses, HTTPStatus.UNAUTHORIZED] if closed else statuses)
            if closed:
                operation["security"] = [{"token": []}]
    if secured:
        found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    answered = score["responses"]["200"]["content"]["application/json"]
    answered["example"] = described.example.model_dump(mode="json", by_alias=True, exclude_none=True)
    return found


def _problems(statuses: Iterable[HTTPStatus]) -> dict[str, Any]:
    """Return what OpenAPI says of answers that tell of a problem."""
    found: dict[str, Any] = {}
    for status in statuses:
        found[str(int(status))] = told = {
            "description": status.phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": _SCHEMAS + "Problem"}}},
        }
        if status in _HEADERS:
            name, kind, meaning = _HEADERS[status]
            told["headers"] = {name: {"description": meaning, "schema": {"type": kind}}}
    return found
