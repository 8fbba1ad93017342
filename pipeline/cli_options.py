"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

FilesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE",
        help="Text, pages, PDFs, JSON Lines, CSV, Parquet, feeds; folders of them, saved datasets, - for standard input.",
    ),
]
ModelOption = Annotated[
    Path | None,
    typer.Option(
        "--model", metavar="FOLDER", help="The trained model to use. Default: $STANCE_MODEL, the checkout's, the package's."
    ),
]
TextColumnOption = Annotated[
    str, typer.Option("--text-column", metavar="NAME", help="Of a table: the column that holds the articles.")
]
IdColumnOption = Annotated[
    str | None,
    typer.Option("--id-column", metavar="NAME", help="Of a table: the column that names them. Default: file:line."),
]
TitleColumnOption = Annotated[
    str | None, typer.Option("--title-column", metavar="NAME", help="Of a table: the column that holds headlines.")
]
FetchOption = Annotated[
    bool, typer.Option("--fetch", help="Fetch what is a URL, from public addresses alone; without it nothing is.")
]
