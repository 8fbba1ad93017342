"""The datasheet's figures, counted from the corpus: `python tests/datasheet.py` writes them into it, a test compares."""

import re
from collections import Counter
from collections.abc import Sequence

from conftest import ROOT

from pipeline.agreement import agreement_table
from pipeline.corpus import Article, corpus_files, read_articles
from pipeline.params import read_params

DATASHEET = ROOT / "data" / "README.md"
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


def agreement(articles: Sequence[Article], labels: Sequence[str]) -> str:
    """The table of agreement, batch by batch."""
    table = agreement_table(articles, labels)
    header = [name.removeprefix("kappa_") for name in table.columns]
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    for row in table.itertuples(index=False):
        lines.append("| " + " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row) + " |")
    return "\n".join(lines)


def render(text: str) -> str:
    """The datasheet with every figure between markers written anew."""
    labels = read_params(ROOT / "params.yaml").labels
    articles = list(read_articles(corpus_files(ROOT / "data" / "corpus"), labels))
    sentences = sum(len(a.sentences) for a in articles)
    total = (
        f"{len(articles):,} original English news articles, {sentences:,} sentences, each labelled by its role in the dispute."
    )
    for name, content in {
        "total": total,
        "parts": parts(articles, labels),
        "agreement": agreement(articles, labels),
    }.items():
        between = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
        text = between.sub(lambda _, c=content: c + "\n", text)
    return text


if __name__ == "__main__":
    DATASHEET.write_text(render(DATASHEET.read_text(encoding="utf-8")), encoding="utf-8")
