"""The service as an ASGI application: what is asked for at which path."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline.service import pages, work
from pipeline.service.bodies import Answer, Health, ModelRecord
from pipeline.service.documentation import documentation
from pipeline.service.guard import OPEN, Guard
from pipeline.service.limits import Limits
from pipeline.service.problems import Refusal, refusal_of, told
from pipeline.service.workers import Workers

# nothing of an article goes to a collector that happens to be set up in the environment
_SILENT = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False)

router = APIRouter(generate_unique_id_function=lambda route: route.name)  # what generated clients call a function


@dataclass(frozen=True, slots=True)
class Service:
    """What the paths work with."""

    workers: Workers
    limits: Limits
    description: dict[str, Any]


def create_app(
    workers: Workers, limits: Limits, *, count: int = 1, token: str | None = None, names: frozenset[str] | None = None
) -> Guard:
    """Return the service.

    Parameters
    ----------
    workers : what scores
    limits : what a request may ask for
    count : requests that are scored at once
    token : what has to be shown, if anything
    names : the host names that it answers to; None for any
    """
    app = FastAPI(openapi_url=None, telemetry=_SILENT)  # without its pages of documentation: they load scripts from elsewhere
    app.include_router(router)
    description = documentation(app.routes, workers.described, limits, secured=token is not None)
    app.state.service = Service(workers, limits, description)
    for error in (Refusal, HTTPException, Exception):
        app.add_exception_handler(error, _tell)
    return Guard(app, limits, count + limits.waiting, token, names)


async def _tell(_: Request, error: Exception) -> Response:
    return told(refusal_of(error))


def _service(request: Request) -> Service:
    return cast(Service, request.app.state.service)


@router.post("/score", response_model=Answer, summary="Label the sentences of one text or of many")
async def score(request: Request) -> Response:
    """Return every sentence of the texts with its role, a calibrated probability, and the roles that cannot be ruled out."""
    service, body = _service(request), await request.body()
    kind = request.headers.get("content-type", "")
    job = partial(work.score, body=body, content_type=kind, limits=service.limits)
    return Response(await service.workers.run(job, request.state.deadline), media_type="application/json")


@router.get(OPEN, summary="Tell whether the service is up")
async def health(request: Request) -> Health:
    """Return that the service is up; needs no token."""
    return Health(status="ok", model=_service(request).workers.described.record.id)


@router.get("/model", summary="Tell which model is served")
async def model(request: Request) -> ModelRecord:
    """Return the model's id, its labels, what it was trained on, and the prior that its probabilities suppose."""
    return _service(request).workers.described.record


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    """Return what the service says of itself."""
    return JSONResponse(_service(request).description)


@router.get(pages.PATH, include_in_schema=False)
async def form() -> Response:
    """Return the page on which an article is pasted."""
    return pages.form_page(pages.Form())


@router.post(pages.PATH, include_in_schema=False)
async def marked(request: Request) -> Response:
    """Return the article that was pasted, marked up, or the form once more with the reason why not."""
    service, body = _service(request), await request.body()
    kind = request.headers.get("content-type", "")
    job = partial(pages.marked_up, body=body, content_type=kind, limits=service.limits)
    try:
        return pages.html(await service.workers.run(job, request.state.deadline))
    except Refusal as refusal:
        return await asyncio.to_thread(pages.refused_page, refusal, body, kind)
