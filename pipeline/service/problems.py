"""Whatever goes wrong in a request, told in one form: `application/problem+json` (RFC 9457), never a stack trace."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Fault(BaseModel):
    """One thing that is wrong in a body."""

    model_config = ConfigDict(frozen=True)

    where: str = Field(description="The place in the body, its parts joined by full stops.", examples=["documents.2.text"])
    reason: str = Field(description="What is wrong there.", examples=["Field required"])


class Problem(BaseModel):
    """Why a request was not answered (RFC 9457)."""

    model_config = ConfigDict(frozen=True)

    title: str = Field(description="The meaning of the status.", examples=["Unprocessable Entity"])
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(description="What is wrong and how to repair it.", examples=["documents.2.text: Field required"])
    faults: tuple[Fault, ...] = Field(default=(), description="What is wrong in the body, at most the first twenty things.")


class Refusal(Exception):
    """A request that gets a problem for an answer; `headers` go with it."""

    def __init__(
        self, status: HTTPStatus, detail: str, *, faults: Iterable[Fault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, detail)
        self.problem = Problem(title=status.phrase, status=status, detail=detail, faults=tuple(faults))
        self.headers = dict(headers or {})

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what makes the same refusal in another process."""
        return _remade, (self.problem, self.headers)


def _remade(problem: Problem, headers: Mapping[str, str]) -> Refusal:
    return Refusal(HTTPStatus(problem.status), problem.detail, faults=problem.faults, headers=headers)


def unprocessable(faults: Sequence[Fault]) -> Refusal:
    """Return the refusal of a body for its faults, of which there is one at least."""
    first = faults[0]
    detail = f"{first.where}: {first.reason}" if first.where else first.reason
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, detail, faults=faults)


def told(refusal: Refusal) -> Response:
    """Return the answer that tells a program of a refusal."""
    return Response(
        refusal.problem.model_dump_json(),
        status_code=refusal.problem.status,
        headers=refusal.headers,
        media_type=MEDIA_TYPE,
    )


def refusal_of(error: Exception) -> Refusal:
    """Return what to tell of an error; of one that nobody foresaw, nothing but that it happened."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.status_code)
        return Refusal(status, f"{error.detail}: see /openapi.json", headers=error.headers)
    return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "the service failed at this request; its log says more")
