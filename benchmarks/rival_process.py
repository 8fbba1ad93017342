"""One process of rivals.py: trains a system, or loads it, asks it for labels and prints what that took, as JSON.

    python benchmarks/rival_process.py train|score SYSTEM FOLDER FILE

FILE holds sentences and their labels, or articles: the first is what the start-up ends with, the others are timed.
"""

import json
import re
import sys
import time
from pathlib import Path

from rival_systems import PROJECT, RIVALS, Article, System

from pipeline.errors import StanceError


def peak_memory() -> float:
    """Return the most memory that this process has held, in MB.

    This is what ru_maxrss should say. But on Linux a process inherits the ru_maxrss of the one that started it.
    """
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) / 1024


def score(system: System, folder: Path, articles: list[Article]) -> dict[str, object]:
    """Return the seconds of the start-up, those of all articles but the first, the labels of these, and the peak in MB."""
    started = time.perf_counter()
    ask = system.load(folder)
    ask(articles[:1])
    ready = time.perf_counter()
    labels = ask(articles[1:]) if articles[1:] else []
    ended = time.perf_counter()
    return {"start-up": ready - started, "seconds": ended - ready, "labels": labels, "peak": peak_memory()}


def main() -> None:
    """Do what the arguments say."""
    doing, name, folder, file = sys.argv[1:]
    system = RIVALS.get(name, PROJECT)
    data = json.loads(Path(file).read_text(encoding="utf-8"))
    if doing == "train":
        assert system.train is not None
        system.train(data["texts"], data["labels"], Path(folder))
    else:
        print(json.dumps(score(system, Path(folder), [Article(*row) for row in data])))


if __name__ == "__main__":
    try:
        main()
    except StanceError as error:
        sys.exit(f"error: {error}")
