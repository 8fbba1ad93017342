"""Articles and a pool of workers for tests of runs over many articles."""

from concurrent.futures import Future

from pipeline import Document, ScoredSentence
from pipeline.bulk.manifest import Settings
from pipeline.bulk.pools import WorkerDied
from pipeline.bulk.worker import Described
from pipeline.reading import Unread

SAID = (
    "A clerk accused the mayor of taking money from the harbour fund.",
    "The mayor denied the charge and called the clerk a liar.",
    "The harbour fund was set up for flood repairs and holds two million.",
)
SETTINGS = Settings(rows=2, model="toy", form="jsonl", shard_size=10, explained=False, reading={"force": False})


def articles(count):
    """Articles, each another text; a few cannot be read, and a column is empty but for some."""
    for i in range(count):
        if i % 13 == 7:
            yield Unread(f"a{i}", f"a{i}: holds no text")
        else:
            text = " ".join(SAID[(i + k) % 3] for k in range(1 + i % 3))
            yield Document(f"a{i}", f"{text} It was day {i}.", extra={"outlet": "The Quay", "page": i if 25 < i < 39 else None})


def files(folder):
    """All files in a folder, hidden ones too, by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class Dead(Exception):
    """What a future holds whose worker died."""


class Inline:
    """A pool without processes; the articles in `deadly` end whatever scores them, as often as they say."""

    described = Described("toy", ("charge", "rest"))
    window = 4

    def __init__(self, **deadly):
        self.deadly = deadly
        self.submitted = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def has_room(self):
        return True

    def submit(self, documents):
        self.submitted.append([document.id for document in documents])
        future = Future()
        dying = [document.id for document in documents if self.deadly.get(document.id)]
        for name in dying:
            self.deadly[name] -= 1
        if dying:
            future.set_exception(Dead())
        else:
            future.set_result([self.score(document) for document in documents])
        return future

    def result(self, future):
        try:
            return future.result()
        except Dead:
            raise WorkerDied from None

    def score(self, document):
        return [ScoredSentence(0, len(document.text), document.text, "rest", 0.75, {"charge": 0.25, "rest": 0.75}, ("rest",))]
