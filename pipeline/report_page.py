"""The evaluation as one page: figures, charts and sentences from reports/ in a file that opens offline and prints."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.rendering import environment, signs_of, style
from pipeline.report_figures import (
    Content,
    ablation,
    conformal,
    confusions,
    coverage,
    learning_curve,
    precision_recall,
    reliability,
    results,
    slices,
)
from pipeline.report_files import Evaluation, read_evaluation
from pipeline.report_ledger import ledger
from pipeline.report_sentences import behaviour, demonstration, errors, neutrality
from pipeline.writing import replacing

PAGE = "index.html"

# the id of each section, which is the name of its template, its title, and what finds its content, None where there is none
SECTIONS: tuple[tuple[str, str, Callable[[Evaluation], Content | None]], ...] = (
    ("results", "Results", results),
    ("confusion", "Confusion", confusions),
    ("reliability", "Reliability", reliability),
    ("precision-recall", "Precision and recall", precision_recall),
    ("coverage", "Coverage", coverage),
    ("conformal", "Label sets", conformal),
    ("learning-curve", "Learning curve", learning_curve),
    ("ablation", "Ablation", ablation),
    ("slices", "Slices", slices),
    ("behaviour", "Behaviour", behaviour),
    ("neutrality", "Neutrality", neutrality),
    ("ledger", "Ledger", ledger),
    ("errors", "Surest errors", errors),
    ("demonstration", "Seed article", demonstration),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page and what its template shows."""

    id: str
    title: str
    content: Content


def write_report(reports: Path, benchmarks: Path) -> None:
    """Write index.html into the folder `reports`, from the files in it and the benchmarks' results in `benchmarks`.

    A file that is missing leaves its section out.

    Raises
    ------
    InputError
        If a file is missing without which there is no page, or one lacks what it should hold.
    """
    page = render(read_evaluation(reports, benchmarks))
    with replacing(reports / PAGE) as temporary:
        temporary.write_text(page, encoding="utf-8")


def render(evaluation: Evaluation) -> str:
    """Return the page of an evaluation as HTML."""
    found = [(name, title, content_of(evaluation)) for name, title, content_of in SECTIONS]
    sections = [Section(name, title, content) for name, title, content in found if content is not None]
    return (
        environment(html=True)
        .get_template("report.html.j2")
        .render(labels=evaluation.labels, signs=signs_of(evaluation.labels), sections=sections, style=style("base", "report"))
    )
