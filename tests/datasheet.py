"""The datasheet's figures, counted from the corpus: `python tests/datasheet.py` writes them into it, a test compares."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from conftest import ROOT

from pipeline.agreement import agreement_table
from pipeline.corpus import Article, corpus_files, read_articles
from pipeline.page_noise import with_page_noise
from pipeline.params import Params, read_params

DATASHEET = ROOT / "data" / "README.md"
DIFFICULTY = ROOT / "benchmarks" / "results" / "difficulty.csv"
PARTS = {"`start-*`": "start-", "`blind-*`": "blind-", "all": ""}


def shares(articles: Sequence[Article]) -> str:
    """How many articles lack a role, and how many are nearly all context."""
    found = [Counter(s.label for s in a.sentences) for a in articles]
    lacking = [sum(not counts[label] for counts in found) for label in ("denial", "evidence-claim")]
    plain = sum(counts["context"] >= 0.9 * counts.total() for counts in found)
    return " | ".join(f"{count / len(articles):.0%}" for count in (*lacking, plain))


def parts(articles: Sequence[Article], labels: Sequence[str]) -> str:
    """The table of what is in the corpus."""
    lines = [f"| part | articles | sentences | {' | '.join(labels)} | no denial | no evidence-claim | nine tenths context |"]
    lines.append("|---|---|---|" + "---|" * (len(labels) + 3))
    for name, prefix in PARTS.items():
        chosen = [a for a in articles if a.id.startswith(prefix)]
        counts = Counter(s.label for a in chosen for s in a.sentences)
        cells = " | ".join(f"{counts[label]:,} ({counts[label] / counts.total():.0%})" for label in labels)
        lines.append(f"| {name} | {len(chosen):,} | {counts.total():,} | {cells} | {shares(chosen)} |")
    return "\n".join(lines)


def form(articles: Sequence[Article], params: Params) -> str:
    """The table of what the pages look like."""
    lengths = np.array([len(a.text[s.start : s.end].split()) for a in articles for s in a.sentences])
    styles = Counter(a.style for a in articles).most_common()
    noise = params.split.noise
    kinds = [with_page_noise(a, noise.share, noise.seed, noise.label, ["A headline"])[1] for a in articles]
    count = len(articles)
    rows = {
        "domains": f"{len({a.domain for a in articles})}",
        "styles": f"{len(styles)}, the commonest ({styles[0][0]}) in {styles[0][1] / count:.1%} of the articles",
        "words a sentence": f"mean {lengths.mean():.1f}; 5 % have at most {np.quantile(lengths, 0.05):.0f}, 1 % at least "
        f"{np.quantile(lengths, 0.99):.0f}; over 35: {(lengths > 35).mean():.1%}",
        "sentences an article": f"mean {len(lengths) / count:.1f}",
        "articles with curly quotation marks": f"{sum(any(m in a.text for m in '“”‘’') for a in articles) / count:.0%}",
        "articles that get the noise of scraped pages": f"{sum(map(bool, kinds)) / count:.0%}, of these with "
        + ", ".join(f"{kind} {n}" for kind, n in Counter(kind for found in kinds for kind in found).most_common()),
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())])


def agreement(articles: Sequence[Article], labels: Sequence[str]) -> str:
    """The table of agreement, batch by batch, with the macro-F1 of a model that saw none of the batch."""
    table = agreement_table(articles, labels)
    difficulty = pd.read_csv(DIFFICULTY).set_index("batch")["macro_f1"]
    table["macro-F1"] = [f"{difficulty[name]:.2f}" if name in difficulty else "" for name in table["batch"]]
    header = [name.removeprefix("kappa_") for name in table.columns]
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    for row in table.itertuples(index=False):
        lines.append("| " + " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row) + " |")
    return "\n".join(lines)


def render(text: str) -> str:
    """The datasheet with every figure between markers written anew."""
    params = read_params(ROOT / "params.yaml")
    labels = params.labels
    articles = list(read_articles(corpus_files(ROOT / "data" / "corpus"), labels))
    sentences = sum(len(a.sentences) for a in articles)
    total = (
        f"{len(articles):,} original English news articles, {sentences:,} sentences, each labelled by its role in the dispute."
    )
    for name, content in {
        "total": total,
        "parts": parts(articles, labels),
        "form": form(articles, params),
        "agreement": agreement(articles, labels),
    }.items():
        between = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
        text = between.sub(lambda _, c=content: c + "\n", text)
    return text


if __name__ == "__main__":
    DATASHEET.write_text(render(DATASHEET.read_text(encoding="utf-8")), encoding="utf-8")
