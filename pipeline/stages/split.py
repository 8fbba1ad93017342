"""Stage `split`: the corpus to a table of sentences that carry their gold labels, documents assigned to train and test."""

import csv
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import pandas as pd

from pipeline.alignment import carry_labels, carry_loss_of
from pipeline.clusters import fraction_of, joined_clusters, near_duplicate_clusters
from pipeline.corpus import Article, articles_of, corpus_files, load_corpus, read_places, write_articles
from pipeline.corpus_check import check_copied, read_texts, refuse_errors
from pipeline.errors import InputError
from pipeline.page_noise import with_page_noise
from pipeline.params import NoiseParams, read_params
from pipeline.passages import passage
from pipeline.paths import Paths
from pipeline.progress import track
from pipeline.sentences import split_sentences
from pipeline.stages import run_stage
from pipeline.tables import TEST, TRAIN, WITHHELD, write_sentences
from pipeline.writing import decode

_COMMENT = re.compile(r"(^|\s)#.*")


def read_test_ids(path: Path, known: Collection[str]) -> set[str]:
    """Return the frozen ids of test articles; InputError for one that is not among the `known` ids of the corpus."""
    lines = decode(path).splitlines()
    ids = {number: name for number, line in enumerate(lines, 1) if (name := _COMMENT.sub("", line).strip())}
    for number, name in ids.items():
        if name not in known:
            raise InputError(f"{path}, line {number}: no article of the corpus has the id {name!r}: take the line out")
    return set(ids.values())


def read_groups(path: Path, known: Collection[str]) -> dict[str, str]:
    """Return the group of each article that has one; InputError for a broken line or an id that is not among the `known`."""
    rows = csv.DictReader(decode(path).splitlines())
    if rows.fieldnames != ["id", "group"]:
        raise InputError(f"{path}: the first line must be `id,group`. Got {','.join(rows.fieldnames or [])!r}")
    groups = {}
    for number, row in enumerate(rows, 2):
        if row["id"] not in known or not row["group"]:
            raise InputError(
                f"{path}, line {number}: must be an id of the corpus and a group. Got {row['id']!r}, {row['group']!r}"
            )
        groups[row["id"]] = row["group"]
    return groups


def assign_splits(ids: Sequence[str], clusters: Sequence[int], test_ids: Collection[str], share: float) -> list[str]:
    """Return for each document `train`, `test` or `withheld`.

    Tested are the documents of `test_ids` and a further `share`, drawn by a hash of the id, so that a growing corpus never
    moves a document. What shares a cluster with a test document and is not itself tested is withheld from both.
    """
    tested = [name in test_ids or fraction_of(name) < share for name in ids]
    held = {cluster for cluster, test in zip(clusters, tested, strict=True) if test}
    return [TEST if test else WITHHELD if cluster in held else TRAIN for test, cluster in zip(tested, clusters, strict=True)]


def as_scraped(articles: Sequence[Article], splits: Sequence[str], noise: NoiseParams) -> tuple[list[Article], list[str]]:
    """Return the articles with the noise of scraped pages in some of them, and for each the kinds of it, comma-separated.

    The links that are put in lead to articles of the same split.
    """
    titles = {
        name: [a.title for a, split in zip(articles, splits, strict=True) if split == name and a.title] for name in set(splits)
    }
    noisy = [
        with_page_noise(article, noise.share, noise.seed, noise.label, titles[split])
        for article, split in zip(articles, splits, strict=True)
    ]
    return [article for article, _ in noisy], [",".join(kinds) for _, kinds in noisy]


def sentence_table(
    articles: Iterable[Article], splits: Sequence[str], clusters: Sequence[int], noise: Sequence[str]
) -> pd.DataFrame:
    """Return one row a sentence (see `pipeline.tables`), labels carried over from the gold spans by overlap."""
    parts = []
    for article, split, cluster, kinds in zip(articles, splits, clusters, noise, strict=True):
        spans = split_sentences(article.text)
        page = passage(article.text, spans)
        columns = {
            "document": article.id,
            "domain": article.domain,
            "style": article.style,
            "split": split,
            "cluster": cluster,
            "noise": kinds,
            "sentence": range(len(spans)),
            "start": [span.start for span in spans],
            "end": [span.end for span in spans],
            "starts_line": page.starts_line,
            "label": carry_labels(article.sentences, spans),
            "text": page.sentences,
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def main(paths: Paths) -> str:
    """Split the corpus and return the closing line."""
    params = read_params(paths.params)
    files = corpus_files(paths.root / params.split.corpus)
    articles = list(articles_of(load_corpus(files, params.labels, paths.datasets_cache)))
    forbidden = {name: read_texts(paths.root / name) for name in params.split.forbid}
    refuse_errors(check_copied(list(read_places(files, params.labels)), forbidden))
    ids = [article.id for article in articles]
    clusters = near_duplicate_clusters([article.text for article in articles], params.split.near_duplicate)
    groups = read_groups(paths.groups, set(ids))
    clusters = joined_clusters(clusters, [groups.get(name) for name in ids])
    splits = assign_splits(ids, clusters, read_test_ids(paths.test_ids, set(ids)), params.split.test_share)
    articles, noise = as_scraped(articles, splits, params.split.noise)
    table = sentence_table(track(articles, "splitting"), splits, clusters, noise)
    loss = carry_loss_of(articles, table)
    write_articles(articles, paths.articles)
    write_sentences(table, paths.sentences)
    return (
        f"split: {len(articles)} articles in ({', '.join(f'{splits.count(s)} {s}' for s in (TRAIN, TEST, WITHHELD))}), "
        f"{len(table)} sentences out, {loss.label_lost} of {loss.total} gold labels lost: {paths.shown(paths.sentences)}"
    )


if __name__ == "__main__":
    run_stage(main)
