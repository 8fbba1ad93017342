"""How fast sentences are split, beside nupunkt alone, and whether time grows in step with length.

    python benchmarks/splitting.py

Measures characters a second on the corpus, one article at a time, as the ratio to nupunkt's default model in the same run; the
start-up of a new process; and for texts made to hurt the time for a length and for twice that length. Run it in the
project's root.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import nupunkt

from pipeline import split_sentences
from pipeline.corpus import corpus_files, read_articles
from pipeline.params import read_params
from pipeline.paths import Paths

HOSTILE = {
    "a. ": 60_000, "word ": 40_000, '"': 60_000, "?!": 60_000, "x": 200_000, "He left.She stayed.": 6_000, "A fact.\0 ": 20_000,
    ". ": 60_000, "Reuters": 20_000, "a\nb c\n": 20_000, "..[111 111": 10_000, "&rdquo;. ": 20_000,
    "AP" + "-A" * 108 + "?\n": 300, "May 3, " * 30 + "x\n": 300,
}  # fmt: skip
START = """
import time
started = time.perf_counter()
from pipeline import split_sentences
split_sentences("A. B.")
print(time.perf_counter() - started)
"""
_TIMES = 3


def seconds(run: Callable[[], object]) -> float:
    """Return the shortest of a few runs."""
    best = float("inf")
    for _ in range(_TIMES):
        started = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - started)
    return best


def rate(cut: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return characters a second."""
    return sum(map(len, texts)) / seconds(lambda: [cut(text) for text in texts])


def main() -> None:
    """Run the benchmark."""
    params = read_params(Paths(Path.cwd()).params)
    texts = [article.text for article in read_articles(corpus_files(Path.cwd() / params.split.corpus), params.labels)]
    ours, theirs = rate(split_sentences, texts), rate(nupunkt.sentence_spans, texts)
    print(f"{len(texts)} articles: {ours / 1e6:.1f} million characters a second, {ours / theirs:.2f} of nupunkt alone")
    call = [sys.executable, "-c", START]
    started = [float(subprocess.run(call, capture_output=True, check=True).stdout) for _ in range(_TIMES)]
    print(f"import and first call: {min(started):.3f} s")
    for piece, count in HOSTILE.items():
        once, twice = (seconds(lambda p=piece, n=n: split_sentences(p * n)) for n in (count, 2 * count))
        print(f"{piece!r:24} x {count:7,}: {once:.3f} s, twice the length {twice:.3f} s, ratio {twice / once:.1f}")


if __name__ == "__main__":
    main()
