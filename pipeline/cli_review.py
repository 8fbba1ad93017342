"""The commands `stance review`: ask a human about the sentences most worth it, and bring the answers into the corpus."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli_options import ModelOption
from pipeline.errors import InputError

if TYPE_CHECKING:
    from pipeline.corpus import Article, GoldSentence
    from pipeline.paths import Paths
    from pipeline.review import Draft

review_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Ask a human about doubtful sentences, and learn from the answers."
)


@review_app.command("export")
def export_questions(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="What `stance score` reads, and labelled articles in *.jsonl."),
    ],
    out: Annotated[Path, typer.Option(metavar="NAME.json", help="Tasks for Label Studio; its labelling config is NAME.xml.")],
    table: Annotated[Path | None, typer.Option("--csv", metavar="NAME.csv", help="The same as a table to fill in.")] = None,
    most: Annotated[int, typer.Option(metavar="N", min=1, help="How many sentences to ask about.")] = 200,
    model: ModelOption = None,
) -> None:
    """Pick the sentences most worth a look, for Label Studio and as a table."""
    from pipeline.documents import Document
    from pipeline.label_studio import labelling_config, tasks_of
    from pipeline.progress import track
    from pipeline.review import select
    from pipeline.review_sheet import write_sheet
    from pipeline.scorer import load_model
    from pipeline.writing import replacing

    for path, suffix in ((out, ".json"), (table, ".csv")):
        if path is not None and path.suffix != suffix:
            raise InputError(f"{path}: the name must end in {suffix}")
    scorer = load_model(model)
    drafts, again = tee(track(read_drafts(files, scorer.labels), "scoring"))
    scored = scorer.score_documents(Document(id=draft.id, text=draft.text) for draft in again)
    reviews, seen = select(drafts, scored, scorer.labels, most)
    if not reviews:
        typer.echo(f"none of {seen} sentences needs a look: nothing written")
        return
    texts = {
        out: json.dumps(tasks_of(reviews, scorer.id), ensure_ascii=False, indent=1) + "\n",
        out.with_suffix(".xml"): labelling_config(scorer.labels),
    }
    for path, content in texts.items():
        with replacing(path) as temporary:
            temporary.write_text(content, encoding="utf-8")
    if table is not None:
        with replacing(table) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
            write_sheet(reviews, stream)
    asked = sum(len(review.questions) for review in reviews)
    written = ", ".join(str(path) for path in (*texts, table) if path is not None)
    typer.echo(f"{asked} of {seen} sentences to look at, in {len(reviews)} articles: {written}")


@review_app.command("import")
def import_answers(
    answers: Annotated[Path, typer.Argument(metavar="ANSWERS", help="Label Studio's export `JSON`, or the filled-in .csv.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Corpus file to write, say data/corpus/reviewed.jsonl.")],
    tasks: Annotated[
        Path | None,
        typer.Option(metavar="NAME.json", help="For a .csv: what was exported with it. Default: its name with .json."),
    ] = None,
    params: Annotated[Path, typer.Option(metavar="FILE", help="Where the labels stand.")] = Path("params.yaml"),
) -> None:
    """Write the answered sentences as a corpus file for `dvc repro` to learn from."""
    from pipeline.corpus import write_articles
    from pipeline.params import read_params
    from pipeline.paths import Paths

    wanted = read_params(params)
    if out.suffix != ".jsonl":
        raise InputError(f"{out}: the name must end in .jsonl, or the corpus will not hold it")
    if out.exists():
        raise InputError(f"{out}: is there already: name another --out, or move it away")
    paths = Paths(params.parent)
    found = read_any_answers(answers, tasks or answers.with_suffix(".json"), wanted.labels)
    articles = list(new_articles(found, paths, paths.root / wanted.split.corpus, wanted.labels))
    if not articles:
        raise InputError(f"{answers}: holds no answer: submit tasks in Label Studio, or fill in the column `answer`")
    write_articles(articles, out)
    labelled = sum(len(article.sentences) for article in articles)
    typer.echo(f"{labelled} labelled sentences in {len(articles)} articles: {out}")


def read_drafts(arguments: Sequence[str], labels: Sequence[str]) -> "Iterator[Draft]":
    """Yield the articles that `arguments` name, in order: *.jsonl as a corpus, else what `stance score` takes, in any language.

    Raises
    ------
    InputError
        If one cannot be read, or two have the same id.
    """
    from pipeline.corpus import read_articles
    from pipeline.passages import printable
    from pipeline.reading import Kind, ReadingOptions, documents_of, find_sources, read_sources
    from pipeline.review import Draft

    seen = set()
    for source in find_sources(arguments).sources:
        if source.kind is Kind.JSONL:
            drafts = [Draft.model_validate(article.model_dump()) for article in read_articles([Path(source.name)], labels)]
        else:
            read = documents_of(read_sources([source], ReadingOptions(force=True)))
            drafts = [Draft(id=printable(document.id), text=document.text) for document in read]
        for draft in drafts:
            if draft.id in seen:
                raise InputError(f"{source.name}: an article with the id {draft.id!r} was read before: name it once")
            seen.add(draft.id)
            yield draft


def read_any_answers(path: Path, tasks: Path, labels: Sequence[str]) -> "Iterator[tuple[str, Draft, list[GoldSentence]]]":
    """Yield place, article and answers of each answered article in Label Studio's export or in a CSV.

    A CSV does not hold the articles: they come from `tasks`, the file that was exported with it.
    """
    from pipeline.label_studio import read_answers, read_tasks
    from pipeline.review_sheet import read_sheet

    if path.suffix == ".json":
        return read_answers(path, labels)
    if path.suffix != ".csv":
        raise InputError(f"{path}: the name must end in .json (Label Studio's export) or .csv")
    if not tasks.is_file():
        raise InputError(f"{tasks}: no such file: name what was exported with {path.name} with --tasks")
    return read_sheet(path, {task.data.id: task.data for _, task in read_tasks(tasks)}, labels)


def new_articles(
    answers: "Iterable[tuple[str, Draft, list[GoldSentence]]]", paths: "Paths", corpus: Path, labels: Sequence[str]
) -> "Iterator[Article]":
    """Yield the answered articles.

    Raises
    ------
    InputError
        If one is a test article, is in the folder `corpus` already, or was answered twice.
    """
    from pipeline.corpus import read_places
    from pipeline.stages.split import read_test_ids

    known = {article.id: where for where, article in read_places(sorted(corpus.glob("*.jsonl")), labels)}
    found = list(answers)
    tested = read_test_ids(paths.test_ids, known.keys() | {draft.id for _, draft, _ in found})
    for where, draft, labelled in found:
        if draft.id in tested:
            raise InputError(f"{where}: {draft.id!r} is a test article ({paths.test_ids}): leave its answers out")
        if draft.id in known:
            raise InputError(
                f"{where}: {draft.id!r} stands in {known[draft.id]} already: take that line out (labels that nobody changed "
                "come back with the answers), or leave these answers out"
            )
        known[draft.id] = where
        yield draft.answered(labelled, where)
