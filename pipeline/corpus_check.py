"""What a corpus must not hold and what its makers should look at: copied text, near-duplicates, templates, shared casts."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.clusters import near_duplicate_clusters
from pipeline.corpus import Article
from pipeline.errors import InputError
from pipeline.writing import decode

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_COPIED_RUN = 8  # words in a row that nobody writes twice by chance
_TEMPLATE_RUN = 7
_TEMPLATE_ARTICLES = 4  # articles that share a run before it looks like a template
_NEAR_SENTENCE = 0.8  # Jaccard similarity of word 5-grams
_SHORTEST_SENTENCE = 8  # words; shorter sentences repeat by chance


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: an `error` has to be repaired, anything else is for the makers to judge."""

    where: str
    message: str
    error: bool = False


def check_corpus(
    articles: Sequence[tuple[str, Article]], forbidden: Mapping[str, Sequence[str]], near_duplicate: float
) -> Iterator[Finding]:
    """Yield what is wrong with, or remarkable about, `articles`; each comes with its place, as `read_places` gives it.

    `forbidden` holds texts by the name of their file that no article may share a run of words with; `near_duplicate` is the
    similarity from which articles form a cluster.
    """
    yield from check_copied(articles, forbidden)
    yield from _shared_people(articles)
    yield from _near_articles(articles, near_duplicate)
    yield from _near_sentences(articles)
    yield from _templates(articles)


def refuse_errors(findings: Iterable[Finding]) -> None:
    """Raise an InputError that tells the first error among `findings`, if there is one, and how many there are."""
    errors = [finding for finding in findings if finding.error]
    if errors:
        more = "" if len(errors) == 1 else f" (and {len(errors) - 1} more: run `stance corpus check`)"
        raise InputError(f"{errors[0].where}: {errors[0].message}{more}")


def read_texts(path: Path) -> list[str]:
    """Return the texts of a file: of *.jsonl the `text` of each row, of any other file the whole.

    Raises
    ------
    InputError
        If the file cannot be read or a row has no text.
    """
    content = decode(path)
    if path.suffix != ".jsonl":
        return [content]
    texts = []
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            try:
                texts.append(str(json.loads(line)["text"]))
            except (ValueError, KeyError, TypeError):
                raise InputError(f"{path}, line {number}: is no JSON object with a `text`") from None
    return texts


def _words(text: str) -> list[str]:
    return [word.replace("\u2019", "'") for word in _WORD.findall(text.lower())]


def _runs(words: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[i : i + length]) for i in range(len(words) - length + 1))


def check_copied(articles: Iterable[tuple[str, Article]], forbidden: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Yield an error for each of `articles` that shares a run of eight words with a text of `forbidden`."""
    known = {run: name for name, texts in forbidden.items() for text in texts for run in _runs(_words(text), _COPIED_RUN)}
    for where, article in articles:
        found = next((run for run in _runs(_words(article.text), _COPIED_RUN) if run in known), None)
        if found is not None:
            yield Finding(where, f"{article.id}: shares {' '.join(found)!r} with {known[found]}: write it anew", error=True)


def _shared_people(articles: Iterable[tuple[str, Article]]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for where, article in articles:
        for name in dict.fromkeys(article.people):
            if name in seen:
                yield Finding(where, f"{article.id}: {name} is in the cast of {seen[name]} too: give one of them another name")
            seen.setdefault(name, article.id)


def _near_articles(articles: Sequence[tuple[str, Article]], threshold: float) -> Iterator[Finding]:
    clusters = near_duplicate_clusters([article.text for _, article in articles], threshold)
    for (where, article), cluster in zip(articles, clusters, strict=True):
        first = articles[cluster][1]
        if first.id != article.id:
            yield Finding(where, f"{article.id}: is a near-duplicate of {first.id}: both stay on one side of every split")


def _near_sentences(articles: Sequence[tuple[str, Article]]) -> Iterator[Finding]:
    rows = [
        (where, article.id, sentence)
        for where, article in articles
        for span in article.sentences
        if len(_words(sentence := article.text[span.start : span.end])) >= _SHORTEST_SENTENCE
    ]
    clusters = near_duplicate_clusters([sentence for _, _, sentence in rows], _NEAR_SENTENCE)
    for (where, name, sentence), cluster in zip(rows, clusters, strict=True):
        first = rows[cluster]
        if first[2] is not sentence and first[1] != name:
            yield Finding(where, f"{name}: {sentence!r:.90} stands in {first[1]} too")


def _templates(articles: Iterable[tuple[str, Article]]) -> Iterator[Finding]:
    """Yield the runs of words that several articles share, overlapping runs told once."""
    using: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for _, article in articles:
        for run in dict.fromkeys(_runs(_words(article.text), _TEMPLATE_RUN)):
            using[run].append(article.id)
    going_on: set[tuple[str, ...]] = set()
    for run, names in using.items():
        if len(names) >= _TEMPLATE_ARTICLES:
            if run[:-1] not in going_on:
                yield Finding(f"{len(names)} articles", f"share {' '.join(run)!r}: {', '.join(names[:_TEMPLATE_ARTICLES])} …")
            going_on.add(run[1:])
