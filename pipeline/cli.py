"""The command `stance`: score articles, and measure the model on labelled ones."""

import re
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli_export import export, trust
from pipeline.cli_ledger import compare, ledger, verify
from pipeline.cli_options import ModelOption
from pipeline.cli_review import review_app
from pipeline.cli_score import score
from pipeline.cli_serve import serve
from pipeline.errors import InputError, StanceError
from pipeline.outputs import PAGE_WIDTH

if TYPE_CHECKING:
    from rich.table import Table

_RESAMPLES, _BINS = 1000, 10

app = typer.Typer(
    name="stance",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Label every sentence of a news article by its role in the dispute: allegation, denial, evidence-claim, context.\n\n"
    "It describes what a text does; it never says what is true. Exit codes: 0 well, 1 the model cannot be used, "
    "2 the input or the call is wrong.",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"stance {metadata.version('stance-signals')}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    pass


app.command("score")(score)
app.command("ledger")(ledger)
app.command("compare")(compare)
app.command("verify")(verify)


@app.command()
def evaluate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Labelled articles: *.jsonl, one corpus row a line.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print all measures as JSON instead of a table.")] = False,
    model: ModelOption = None,
) -> None:
    """Measure the model on labelled articles of your own."""
    import json

    from pipeline.corpus import read_articles
    from pipeline.evaluation import measure, predict_articles, rounded
    from pipeline.scorer import load_model
    from pipeline.uncertainty import measure_sets

    scorer = load_model(model)
    articles = list(read_articles(files, scorer.labels))
    if not articles:
        raise InputError(f"{files[0]}: holds no article")
    predictions = predict_articles(scorer, articles)
    measured = measure(predictions, scorer.labels, resamples=_RESAMPLES, bins=_BINS, seed=0)
    sets = rounded(measure_sets(predictions, scorer.labels, scorer.classifier.label_sets))
    if as_json:
        counts = {"articles": len(articles), "sentences": len(predictions)}
        typer.echo(json.dumps({**counts, **measured, "conformal": sets}, indent=2))
    else:
        from rich.console import Console

        console = Console(width=None if sys.stdout.isatty() else PAGE_WIDTH)
        console.print(_measures_table(measured, scorer.labels), "", _sets_table(sets, scorer.labels), sep="\n")


corpus_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look after a corpus of labelled articles.")
app.add_typer(corpus_app, name="corpus")
app.add_typer(review_app, name="review")
app.command("export")(export)
app.command("trust")(trust)
app.command("serve")(serve)


@corpus_app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(metavar="FOLDER", help="Folder of *.jsonl. Default: split.corpus.")] = None,
    forbid: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Text or *.jsonl that nothing may be copied from; may be repeated."),
    ] = None,
    params: Annotated[Path, typer.Option(metavar="FILE", help="Where the labels stand.")] = Path("params.yaml"),
) -> None:
    """Check rows, and report copied text, near-duplicates and templates."""
    from pipeline.corpus import corpus_files, read_places
    from pipeline.corpus_check import check_corpus, read_texts
    from pipeline.params import read_params

    wanted = read_params(params)
    articles = list(read_places(corpus_files(folder or params.parent / wanted.split.corpus), wanted.labels))
    forbidden = {str(path): read_texts(path) for path in forbid or ()}
    findings = list(check_corpus(articles, forbidden, wanted.split.near_duplicate))
    for finding in findings:
        typer.echo(f"{'error' if finding.error else 'note'}: {finding.where}: {finding.message}")
    errors = sum(finding.error for finding in findings)
    sentences = sum(len(article.sentences) for _, article in articles)
    typer.echo(f"{len(articles)} articles, {sentences} sentences: {errors} errors, {len(findings) - errors} notes")
    if errors:
        raise typer.Exit(InputError.exit_code)


@corpus_app.command()
def agreement(
    folder: Annotated[Path | None, typer.Argument(metavar="FOLDER", help="Folder of *.jsonl. Default: split.corpus.")] = None,
    params: Annotated[Path, typer.Option(metavar="FILE", help="Where the labels stand.")] = Path("params.yaml"),
) -> None:
    """Print how far two readings agree, batch by batch."""
    from pipeline.agreement import agreement_table
    from pipeline.corpus import corpus_files, read_articles
    from pipeline.params import read_params

    wanted = read_params(params)
    articles = read_articles(corpus_files(folder or params.parent / wanted.split.corpus), wanted.labels)
    table = agreement_table(articles, wanted.labels)
    if table.empty:
        raise InputError("no sentence of the corpus has both a `first` and a `second` reading")
    typer.echo(table.to_string(index=False, float_format=lambda value: f"{value:.3f}", na_rep="-"))


def _measures_table(measured: Mapping[str, Mapping[str, Any]], labels: Sequence[str]) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("system", "macro-F1", "95 %", "accuracy", *(f"F1 {label}" for label in labels), "calibration error"):
        table.add_column(column, justify="left" if column == "system" else "right")
    for system, found in measured.items():
        interval = f"{found['macro_f1_low']:.3f} to {found['macro_f1_high']:.3f}" if "macro_f1_low" in found else "-"
        by_label = ["-" if (f1 := found["f1"][label]) is None else f"{f1:.3f}" for label in labels]
        error = f"{found['calibration_error']:.3f}" if "calibration_error" in found else "-"
        table.add_row(system, f"{found['macro_f1']:.3f}", interval, f"{found['accuracy']:.3f}", *by_label, error)
    return table


def _sets_table(sets: Mapping[str, Any], labels: Sequence[str]) -> "Table":
    from rich.table import Table

    def shown(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}"

    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("label sets", "all", *labels):
        table.add_column(column, justify="left" if column == "label sets" else "right")
    for name, overall, by_label in (
        (f"hold the label ({sets['target']:g} promised)", "coverage", "coverage_by_label"),
        ("labels in a set", "mean_size", "size_by_label"),
    ):
        table.add_row(name, shown(sets[overall]), *(shown(sets[by_label][label]) for label in labels))
    table.add_row("more than one: needs review", shown(sets["needs_review"]), *("" for _ in labels))
    return table


def _extra_of(module: str | None) -> str:
    """Return the extra of the distribution that brings a module that is missing; `pipeline` where no other does."""
    for requirement in metadata.requires("stance-signals") or ():
        found = re.match(r"([\w.-]+).*;.*extra == ['\"]([\w-]+)['\"]", requirement)
        if found and module is not None and found[1].replace("-", "_").lower() == module.partition(".")[0]:
            return found[2]
    return "pipeline"


def run() -> None:
    """Run the command; a user's mistake is one line on stderr and an exit code."""
    if isinstance(sys.stdout, TextIOWrapper):  # whatever the locale says
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        app()
    except StanceError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except ModuleNotFoundError as error:
        typer.echo(f"error: this needs {error.name}: run `pip install 'stance-signals[{_extra_of(error.name)}]'`", err=True)
        sys.exit(1)
    except OSError as error:
        typer.echo(f"error: {error.filename or 'output'}: {error.strerror}", err=True)
        sys.exit(2)
