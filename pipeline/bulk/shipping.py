"""The model on its way to the workers of a cluster."""

import io
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from distributed import Worker, WorkerPlugin

from pipeline.bulk.worker import ArticleScorer, Recipe

_scorers: dict[str, ArticleScorer] = {}  # of this process, by recipe: runs by the same recipe share one
_loading = Lock()


class ModelPlugin(WorkerPlugin):
    """Brings the model of `recipe` to each worker once, as bytes, and to each that joins or is started again.

    It is small (27 MB), and so no path has to mean the same on every machine. What arrives is checked against its manifest like
    any model.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.file = "" if recipe.model.is_dir() else recipe.model.name
        self.archive = _packed(recipe.model.parent if self.file else recipe.model)

    def setup(self, worker: Worker) -> None:
        """Hear which worker this is; the model is loaded by the first task."""
        self.scratch = worker.local_directory

    def teardown(self, worker: Worker) -> None:
        """Let the model go."""
        _scorers.pop(repr(self.recipe), None)

    def scorer(self) -> ArticleScorer:
        """Return what scores articles, its model loaded."""
        with _loading:
            if (known := _scorers.get(repr(self.recipe))) is None:
                known = _scorers[repr(self.recipe)] = self._loaded()
            return known

    def _loaded(self) -> ArticleScorer:
        with TemporaryDirectory(dir=self.scratch) as folder:
            with tarfile.open(fileobj=io.BytesIO(self.archive)) as archive:
                archive.extractall(folder, filter="data")
            scorer = ArticleScorer(self.recipe.at(Path(folder, self.file)))
            scorer.describe()  # all of it is in memory then
        return scorer


def _packed(folder: Path) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(folder, arcname=".")
    return packed.getvalue()
