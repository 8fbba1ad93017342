"""The commands `stance export` and `stance trust`: hand a model to strangers, and use one that was changed on purpose."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli_options import ModelOption


class ModelFormat(StrEnum):
    """How an exported model is written."""

    SKOPS = "skops"


def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="New folder to write the model to.")],
    form: Annotated[ModelFormat, typer.Option("--format", help="skops: arrays and text, no pickle.")] = ModelFormat.SKOPS,
    model: ModelOption = None,
) -> None:
    """Write the model as files that cannot hold a program, to share with strangers."""
    from pipeline.model_files import find_model, share_model

    manifest = share_model(model or find_model(), folder)
    typer.echo(f"model {manifest.id}: {folder / manifest.file}")


def trust(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The model that you changed.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Make the manifest of a model that you changed yourself describe its files as they are now."""
    from pipeline.trust import find_changes, trust_changes

    manifest, changes = find_changes(folder)
    if not changes:
        typer.echo(f"{folder}: holds what its manifest describes: nothing to do")
        return
    for change in changes:
        typer.echo(f"{change.file}: sha256 {change.found}, described is {change.described}")
    typer.echo("Opening a model file can run any program that somebody put there. Trust one only if you changed it yourself.")
    if not yes:
        typer.confirm("Make the manifest describe it?", abort=True)
    trusted = trust_changes(folder, manifest, changes)
    typer.echo(f"model {trusted.id}: {folder}")
