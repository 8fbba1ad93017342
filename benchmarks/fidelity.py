"""Whether explanations are faithful: what becomes of a score without the words that are said to have moved it.

    python benchmarks/fidelity.py [--articles 12]

For the sentences of some test articles: the mean change of the log-probability of the label when the strongest 1, 2, 3 and 5
words are taken out of the text, beside as many words drawn blindly, and the seconds that explaining took. Run it in the
project's root after `dvc repro`.
"""

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline import Scorer, load_model
from pipeline.corpus import read_articles
from pipeline.explanations import WordEffect
from pipeline.params import read_params
from pipeline.paths import Paths
from pipeline.progress import track
from pipeline.scorer import ScoredSentence
from pipeline.tables import TEST, read_sentences

COUNTS = (1, 2, 3, 5)


def change(model: Scorer, text: str, scored: list[ScoredSentence], number: int, words: Sequence[WordEffect]) -> float | None:
    """Return how much the score of a sentence moves without `words`; None where the text is then split otherwise."""
    for word in sorted(words, key=lambda w: -w.start):
        text = text[: word.start] + text[word.end :]
    after = model.score(text)
    if len(after) != len(scored):
        return None
    label = scored[number].label
    return abs(float(np.log(after[number].probabilities[label]) - np.log(scored[number].probability)))


def main() -> None:
    """Run the benchmark."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--articles", type=int, default=12)
    paths, model, draw = Paths(Path.cwd()), load_model(), random.Random(0)
    table = read_sentences(paths.sentences)
    tested = set(table.loc[table["split"] == TEST, "document"])
    articles = [a for a in read_articles([paths.articles], read_params(paths.params).labels) if a.id in tested]
    chosen = draw.sample(articles, ask.parse_args().articles)
    moved: dict[tuple[str, int], list[float]] = {(kind, n): [] for n in COUNTS for kind in ("strongest", "drawn blindly")}
    seconds, sentences = 0.0, 0
    for article in track(chosen, "articles", len(chosen)):
        started = time.perf_counter()
        scored = model.score(article.text, explain=True)
        seconds, sentences = seconds + time.perf_counter() - started, sentences + len(scored)
        for number in draw.sample(range(len(scored)), min(5, len(scored))):
            why = scored[number].explanation
            assert why is not None
            spoken = why.strongest(len(why.words))
            for n in (n for n in COUNTS if n < len(spoken)):
                for kind, words in (("strongest", spoken[:n]), ("drawn blindly", draw.sample(spoken, n))):
                    if (by := change(model, article.text, scored, number, words)) is not None:
                        moved[kind, n].append(by)
    for (kind, n), found in moved.items():
        print(f"{n} words {kind:14s} {np.mean(found):.3f} ({len(found)} sentences)")
    print(f"{sentences} sentences explained in {seconds:.1f} s")


if __name__ == "__main__":
    main()
