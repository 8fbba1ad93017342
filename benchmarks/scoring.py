"""How fast articles are scored, with the encoder, with ledgers, and by words alone, on one core and two; start-up and memory.

    python benchmarks/scoring.py [--articles 120]

Each figure is of a process of its own that scores test articles from raw text: sentences a second without the
start-up, seconds to the first scored sentence, and the peak of its memory. With two processes each scores half of the
articles. Run it in the project's root after `dvc repro`, with nothing else on the machine.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from pipeline.corpus import read_articles
from pipeline.params import read_params
from pipeline.paths import Paths
from pipeline.tables import TEST, read_sentences

SCORE = """
import time
started = time.perf_counter()
import json, resource, sys
from dataclasses import replace
from pipeline import Scorer, load_model
model = load_model()
if sys.argv[2].startswith("none"):
    model = Scorer(model.featurizer, replace(model.classifier, stacked=0), model.id, ledger_folder=model.ledger_folder)
model.score("He denied it. She did not.")
ready = time.perf_counter() - started
texts = json.load(open(sys.argv[1], encoding="utf-8"))
started = time.perf_counter()
if sys.argv[2].endswith("ledgers"):
    sentences = sum(len(scored) for scored, _ in model.ledger_documents(texts))
else:
    sentences = sum(map(len, model.score_documents(texts)))
seconds = time.perf_counter() - started
print(json.dumps([ready, sentences, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def run(parts: list[list[str]], encoder: str, folder: Path) -> dict[str, float]:
    """Score each of `parts` in a process of its own, all at once, and return what they took."""
    started = []
    for number, texts in enumerate(parts):
        path = folder / f"{number}.json"
        path.write_text(json.dumps(texts), encoding="utf-8")
        command = [sys.executable, "-c", SCORE, str(path), encoder]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    found = [json.loads(process.communicate()[0]) for process in started]
    return {
        "sentences a second": sum(sentences for _, sentences, _, _ in found) / max(seconds for _, _, seconds, _ in found),
        "start-up s": max(ready for ready, _, _, _ in found),
        "peak MB a process": max(peak for _, _, _, peak in found),
    }


def main() -> None:
    """Run the benchmark."""
    import tempfile

    import pandas as pd

    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--articles", type=int, default=120)
    count = ask.parse_args().articles
    paths = Paths(Path.cwd())
    table = read_sentences(paths.sentences)
    tested = set(table.loc[table["split"] == TEST, "document"])
    texts = [a.text for a in read_articles([paths.articles], read_params(paths.params).labels) if a.id in tested][:count]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for encoder, times in (("fine-tuned", 1), ("fine-tuned, ledgers", 1), ("none", 10)):
            for processes in (1, 2):
                parts = [texts[i::processes] * times for i in range(processes)]
                rows.append({"encoder": encoder, "processes": processes, **run(parts, encoder, Path(folder))})
    print(pd.DataFrame(rows).round(2).to_string(index=False))


if __name__ == "__main__":
    main()
