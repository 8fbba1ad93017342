"""Where things lie in a checkout: the one place that names files and folders."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Paths:
    """The files of one project folder; `root` is the folder that holds dvc.yaml and params.yaml."""

    root: Path

    @property
    def params(self) -> Path:
        """The parameters of all stages."""
        return self.root / "params.yaml"

    @property
    def test_ids(self) -> Path:
        """The frozen list of test articles: one id a line, `#` begins a comment."""
        return self.root / "data" / "test_ids.txt"

    @property
    def groups(self) -> Path:
        """Articles that stay on one side of every split, beside near-duplicates: CSV with the columns `id` and `group`."""
        return self.root / "data" / "groups.csv"

    @property
    def contrast(self) -> Path:
        """The folder of behavioural cases: pairs, party swaps, perturbations."""
        return self.root / "data" / "contrast"

    @property
    def datasets_cache(self) -> Path:
        """What the datasets library keeps between runs; safe to delete."""
        return self.cache / "datasets"

    @property
    def sentences(self) -> Path:
        """The table of sentences, written by `split`."""
        return self.root / "data" / "sentences" / "sentences.parquet"

    @property
    def articles(self) -> Path:
        """The articles that `sentences` was cut from, some with the noise of scraped pages, written by `split`."""
        return self.root / "data" / "sentences" / "articles.jsonl"

    @property
    def teacher(self) -> Path:
        """The folder of what the teacher says of the training articles, written by `teach`."""
        return self.root / "models" / "teacher"

    @property
    def encoder(self) -> Path:
        """The folder of the fine-tuned encoder, written by `encode`."""
        return self.root / "models" / "encoder"

    @property
    def cache(self) -> Path:
        """What can be made again, and is kept to save the time; safe to delete."""
        return self.root / ".cache"

    @property
    def checkpoints(self) -> Path:
        """The folder of states from which an interrupted `teach` or `encode` goes on; safe to delete."""
        return self.cache / "encode"

    @property
    def features(self) -> Path:
        """The feature matrix, one row for each row of `sentences`, written by `featurize`."""
        return self.root / "data" / "features" / "features.npz"

    @property
    def featurizer(self) -> Path:
        """The fitted featurizer, written by `featurize`."""
        return self.root / "data" / "features" / "featurizer.joblib"

    @property
    def scorer(self) -> Path:
        """The folder of the trained scorer and its manifest, written by `train`."""
        return self.root / "models" / "scorer"

    @property
    def ledger(self) -> Path:
        """The folder of what makes ledgers and its manifest, written by `ledger`."""
        return self.root / "models" / "ledger"

    @property
    def reports(self) -> Path:
        """The folder of metrics, predictions and plots, written by `evaluate`."""
        return self.root / "reports"

    @property
    def metrics(self) -> Path:
        """The headline numbers, written by `evaluate`."""
        return self.reports / "metrics.json"

    @property
    def ledger_measures(self) -> Path:
        """How good ledgers are, field by field, written by `evaluate`."""
        return self.reports / "ledger.json"

    @property
    def gate(self) -> Path:
        """The limits that were kept, written by `gate`."""
        return self.reports / "gate.json"

    @property
    def benchmarks(self) -> Path:
        """The folder of the figures that the benchmarks keep, shown in the report where there are any."""
        return self.root / "benchmarks" / "results"

    def shown(self, path: Path) -> str:
        """Return `path` as it is shown to a person: relative to the root."""
        return path.relative_to(self.root).as_posix()


def checkout() -> Paths:
    """Return the paths of the checkout that this package lies in."""
    return Paths(Path(__file__).resolve().parent.parent)
