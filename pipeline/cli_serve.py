"""The command `stance serve`: the model as a service on this machine, for programs and for a browser."""

import os
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli_options import ModelOption
from pipeline.cores import available_cores
from pipeline.service.limits import Limits

_LIMITS = Limits()
_MOST_WORKERS = 4  # unless asked for: each holds the model
_TOKEN = "STANCE_TOKEN"


def serve(
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Where to listen. 0.0.0.0: for other machines too.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")] = 8000,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Processes that score, half a gigabyte each. Default: one a core, at most 4."),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option("--token-file", metavar="FILE", help=f"Ask for the token that FILE holds. Default: ${_TOKEN}, if set."),
    ] = None,
    waiting: Annotated[
        int, typer.Option("--waiting", min=0, help="Requests that may wait for a worker; to more the answer is 503.")
    ] = _LIMITS.waiting,
    timeout: Annotated[
        float, typer.Option("--timeout", min=1, metavar="SECONDS", help="Until a request is answered, or given up.")
    ] = _LIMITS.seconds,
    max_body: Annotated[int, typer.Option("--max-body", min=1, metavar="BYTES", help="Of a request.")] = _LIMITS.body,
    max_article: Annotated[
        int, typer.Option("--max-article", min=1, metavar="CHARACTERS", help="Of a text.")
    ] = _LIMITS.article,
    max_documents: Annotated[int, typer.Option("--max-documents", min=1, help="Texts in a request.")] = _LIMITS.documents,
    model: ModelOption = None,
) -> None:
    """Serve the model over HTTP, with a page to paste an article into."""
    from pipeline.model_files import find_model
    from pipeline.service import serving

    token: str | None = None
    if token_file is not None:
        token = serving.read_token(token_file)
    elif _TOKEN in os.environ:
        token = serving.check_token(os.environ[_TOKEN], f"${_TOKEN}")
    serving.serve(
        model or find_model(),
        host,
        port,
        workers or min(available_cores(), _MOST_WORKERS),
        Limits(max_body, max_article, max_documents, waiting, timeout),
        token,
        lambda line: typer.echo(line, err=True),
    )
