"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

ModelOption = Annotated[
    Path | None,
    typer.Option(
        "--model", metavar="FOLDER", help="The trained model to use. Default: $STANCE_MODEL, the checkout's, the package's."
    ),
]
